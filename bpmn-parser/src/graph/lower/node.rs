//! One node: its kind and what is common to all kinds.

use super::process::{Level, bare_node};
use super::{Lowering, id_or_place};
use crate::graph::{CallActivity, Node, NodeIx, NodeKind, ProcessGraph, SubProcess, Task, Timer};
use crate::model::{
    AdHocOrdering, Container, EventBasedGatewayType, FlowElement, FlowElementIx, Script, TimerEventDefinition,
};
use crate::property::{Expression, Language};

impl<'d> Lowering<'d, '_> {
    /// Lowers the nodes in order and joins boundary events and event sub-processes to their places.
    pub(super) fn nodes(&mut self, level: &Level, graph: &mut ProcessGraph) {
        for row in &level.nodes {
            let node = self.node(*row, level);
            graph.graph.add_node(NodeIx(graph.nodes.len() as u32));
            graph.nodes.push(node);
        }
        for row in graph.node_rows() {
            let node = graph.node(row);
            match node.kind {
                NodeKind::BoundaryEvent { host, .. } if host != row => {
                    graph.nodes[host.index()].attached.push(row)
                }
                NodeKind::SubProcess(SubProcess::Event, _) => {
                    if let Some(scope) = node.scope {
                        graph.nodes[scope.index()].event_sub_processes.push(row);
                    }
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, row: FlowElementIx, level: &Level) -> Node {
        let element = &self.definitions[row];
        let base = element.base();
        let position = base.markup.position;
        let id = id_or_place(base.id.as_deref(), position);
        self.dialect.owner.clone_from(&base.id);
        let kind = self.kind(row, level);
        let mut node = bare_node(&id, position, kind);
        node.name.clone_from(&element.flow_element().name);
        node.scope = match self.definitions.container(row) {
            Container::Root(_) => None,
            Container::FlowElement(outer) => level.rows.get(&outer).copied(),
        };
        node.properties = self.node_properties(element);
        node.lanes = level.lanes.get(&row).cloned().unwrap_or_default();
        self.node_data(row, &mut node);
        if let Some(activity) = element.activity() {
            node.roles = self.roles(&activity.resource_roles);
        }
        node
    }

    fn kind(&mut self, row: FlowElementIx, level: &Level) -> NodeKind {
        let element = &self.definitions[row];
        match element {
            FlowElement::CallActivity(call) => {
                let called_element = call.called_element.as_ref().map(|called| called.local().to_owned());
                NodeKind::CallActivity(CallActivity { called_element }, self.activity(&call.activity, level))
            }
            FlowElement::ExclusiveGateway(_) => NodeKind::ExclusiveGateway,
            FlowElement::ParallelGateway(_) => NodeKind::ParallelGateway,
            FlowElement::InclusiveGateway(_) => NodeKind::InclusiveGateway,
            FlowElement::ComplexGateway(gateway) => {
                let condition = gateway.activation_condition.as_ref();
                NodeKind::ComplexGateway {
                    activation_condition: condition.map(|condition| self.dialect.condition(condition)),
                }
            }
            FlowElement::EventBasedGateway(gateway) => NodeKind::EventBasedGateway {
                instantiate: gateway.instantiate.unwrap_or(false),
                parallel: gateway.event_gateway_type == Some(EventBasedGatewayType::Parallel),
            },
            FlowElement::StartEvent(event) => NodeKind::StartEvent {
                is_interrupting: event.is_interrupting.unwrap_or(true),
                trigger: self.catch_trigger(&event.catch, level),
            },
            FlowElement::IntermediateCatchEvent(event) => {
                NodeKind::IntermediateCatchEvent(self.catch_trigger(&event.catch, level))
            }
            FlowElement::BoundaryEvent(event) => {
                let host = self.host(event, level).or_else(|| level.rows.get(&row).copied());
                NodeKind::BoundaryEvent {
                    host: host.unwrap_or(NodeIx(0)),
                    cancel_activity: event.cancel_activity.unwrap_or(true),
                    trigger: self.catch_trigger(&event.catch, level),
                    compensation: self.compensation_activity(event, level),
                }
            }
            FlowElement::IntermediateThrowEvent(event) => {
                NodeKind::IntermediateThrowEvent(self.throw_trigger(&event.throw, level))
            }
            FlowElement::EndEvent(event) => NodeKind::EndEvent(self.throw_trigger(&event.throw, level)),
            FlowElement::ImplicitThrowEvent(event) => {
                NodeKind::IntermediateThrowEvent(self.throw_trigger(&event.throw, level))
            }
            _ => self.task_or_sub_process(row, level),
        }
    }

    fn task_or_sub_process(&mut self, row: FlowElementIx, level: &Level) -> NodeKind {
        let element = &self.definitions[row];
        let task = match element {
            FlowElement::ServiceTask(task) => Task::Service {
                implementation: task.implementation.clone(),
                operation: task.operation_ref.as_ref().and_then(|it| self.operation(it)),
            },
            FlowElement::SendTask(task) => Task::Send {
                message: task.message_ref.as_ref().map(|it| self.message(it)),
                implementation: task.implementation.clone(),
            },
            FlowElement::ReceiveTask(task) => Task::Receive {
                message: task.message_ref.as_ref().map(|it| self.message(it)),
                instantiate: task.instantiate.unwrap_or(false),
            },
            FlowElement::UserTask(task) => Task::User { implementation: task.implementation.clone() },
            FlowElement::ManualTask(_) => Task::Manual,
            FlowElement::BusinessRuleTask(task) => {
                Task::BusinessRule { implementation: task.implementation.clone() }
            }
            FlowElement::ScriptTask(task) => self.script(task.script_format.as_deref(), task.script.as_ref()),
            _ => Task::Abstract,
        };
        let Some(activity) = element.activity() else {
            return NodeKind::Task(Task::Abstract, crate::graph::Activity::default());
        };
        let activity = self.activity(activity, level);
        match element {
            FlowElement::SubProcess(sub_process) if sub_process.triggered_by_event == Some(true) => {
                NodeKind::SubProcess(SubProcess::Event, activity)
            }
            FlowElement::SubProcess(_) => NodeKind::SubProcess(SubProcess::Embedded, activity),
            FlowElement::Transaction(transaction) => {
                NodeKind::SubProcess(SubProcess::Transaction { method: transaction.method.clone() }, activity)
            }
            FlowElement::AdHocSubProcess(ad_hoc) => {
                let condition = ad_hoc.completion_condition.as_ref();
                let ad_hoc = SubProcess::AdHoc {
                    sequential: ad_hoc.ordering == Some(AdHocOrdering::Sequential),
                    cancel_remaining_instances: ad_hoc.cancel_remaining_instances.unwrap_or(true),
                    completion_condition: condition.map(|condition| self.dialect.condition(condition)),
                };
                NodeKind::SubProcess(ad_hoc, activity)
            }
            _ => NodeKind::Task(task, activity),
        }
    }

    /// A script in the language that its format names.
    pub(super) fn script(&mut self, format: Option<&str>, script: Option<&Script>) -> Task {
        let language = match format {
            None | Some("") => Language::Unnamed,
            Some(format) => crate::dialect::language(format),
        };
        let script = script.map(|script| Expression {
            text: script.content.joined_text(),
            language,
            position: script.markup.position,
        });
        Task::Script { format: format.map(str::to_owned), script }
    }

    /// The timer of a definition: the first of its forms that is there.
    pub(super) fn timer(&mut self, definition: &TimerEventDefinition) -> Option<Timer> {
        if let Some(date) = &definition.time_date {
            return Some(Timer::Date(self.dialect.expression(date)));
        }
        if let Some(duration) = &definition.time_duration {
            return Some(Timer::Duration(self.dialect.expression(duration)));
        }
        definition.time_cycle.as_ref().map(|cycle| Timer::Cycle(self.dialect.expression(cycle)))
    }
}
