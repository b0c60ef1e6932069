//! One node: its kind and what is common to all kinds.

use super::process::{Level, bare_node};
use super::{Lowering, id_or_place};
use crate::graph::{CallActivity, Node, NodeIx, NodeKind, ProcessGraph, SubProcess, Task, Timer};
use crate::model::{
    AdHocOrdering, AdHocSubProcess, Container, EventBasedGatewayType, FlowElement, FlowElementIx, Script,
    TimerEventDefinition,
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
            if let NodeKind::BoundaryEvent { host, .. } = node.kind
                && host != row
            {
                graph.nodes[host.index()].attached.push(row);
            } else if let NodeKind::SubProcess(SubProcess::Event, _) = node.kind
                && let Some(scope) = node.scope
            {
                graph.nodes[scope.index()].event_sub_processes.push(row);
            }
        }
    }

    fn node(&mut self, row: FlowElementIx, level: &Level) -> Node {
        let element = &self.definitions[row];
        let base = element.base();
        let position = base.markup.position;
        let id = id_or_place(base.id.as_deref(), position);
        self.dialect.owner.clone_from(&base.id);
        let kind = self.kind(row, level).expect("only flow nodes have rows");
        let properties = self.node_properties(element);
        let mut node = bare_node(&id, position, kind, self.kept(properties));
        node.name.clone_from(&element.flow_element().name);
        node.scope = match self.definitions.container(row) {
            Container::Root(_) => None,
            Container::FlowElement(outer) => level.rows.get(&outer).copied(),
        };
        node.lanes = level.lanes.get(&row).cloned().unwrap_or_default();
        self.node_data(row, &mut node);
        if let Some(activity) = element.activity() {
            node.roles = self.roles(&activity.resource_roles);
        }
        node
    }

    /// What a flow element is as a node; none for flows, data and choreography activities, which have no rows.
    fn kind(&mut self, row: FlowElementIx, level: &Level) -> Option<NodeKind> {
        let element = &self.definitions[row];
        Some(match element {
            FlowElement::Task(it) => NodeKind::Task(Task::Abstract, self.activity(&it.activity, level)),
            FlowElement::ManualTask(it) => NodeKind::Task(Task::Manual, self.activity(&it.activity, level)),
            FlowElement::ServiceTask(it) => {
                let operation = it.operation_ref.as_ref().and_then(|operation| self.operation(operation));
                let task = Task::Service { implementation: it.implementation.clone(), operation };
                NodeKind::Task(task, self.activity(&it.activity, level))
            }
            FlowElement::SendTask(it) => {
                let message = it.message_ref.as_ref().map(|message| self.message(message));
                let task = Task::Send { message, implementation: it.implementation.clone() };
                NodeKind::Task(task, self.activity(&it.activity, level))
            }
            FlowElement::ReceiveTask(it) => {
                let message = it.message_ref.as_ref().map(|message| self.message(message));
                let task = Task::Receive { message, instantiate: it.instantiate.unwrap_or(false) };
                NodeKind::Task(task, self.activity(&it.activity, level))
            }
            FlowElement::UserTask(it) => {
                let task = Task::User { implementation: it.implementation.clone() };
                NodeKind::Task(task, self.activity(&it.activity, level))
            }
            FlowElement::BusinessRuleTask(it) => {
                let task = Task::BusinessRule { implementation: it.implementation.clone() };
                NodeKind::Task(task, self.activity(&it.activity, level))
            }
            FlowElement::ScriptTask(it) => {
                let task = self.script(it.script_format.as_deref(), it.script.as_ref());
                NodeKind::Task(task, self.activity(&it.activity, level))
            }
            FlowElement::CallActivity(call) => {
                let called = call.called_element.as_ref();
                let called_element = called.filter(|it| !self.dialect.is_expression(&it.text));
                let called_element = called_element.map(|called| called.local().to_owned());
                NodeKind::CallActivity(CallActivity { called_element }, self.activity(&call.activity, level))
            }
            FlowElement::SubProcess(it) => {
                let is_event = it.triggered_by_event == Some(true);
                let kind = if is_event { SubProcess::Event } else { SubProcess::Embedded };
                NodeKind::SubProcess(kind, self.activity(&it.activity, level))
            }
            FlowElement::Transaction(it) => {
                let kind = SubProcess::Transaction { method: it.method.clone() };
                NodeKind::SubProcess(kind, self.activity(&it.sub_process.activity, level))
            }
            FlowElement::AdHocSubProcess(it) => {
                let kind = self.ad_hoc(it);
                NodeKind::SubProcess(kind, self.activity(&it.sub_process.activity, level))
            }
            FlowElement::ExclusiveGateway(_) => NodeKind::ExclusiveGateway,
            FlowElement::ParallelGateway(_) => NodeKind::ParallelGateway,
            FlowElement::InclusiveGateway(_) => NodeKind::InclusiveGateway,
            FlowElement::ComplexGateway(it) => {
                let condition = it.activation_condition.as_ref();
                NodeKind::ComplexGateway {
                    activation_condition: condition.map(|it| self.dialect.condition(it)),
                }
            }
            FlowElement::EventBasedGateway(it) => NodeKind::EventBasedGateway {
                instantiate: it.instantiate.unwrap_or(false),
                parallel: it.event_gateway_type == Some(EventBasedGatewayType::Parallel),
            },
            FlowElement::StartEvent(it) => NodeKind::StartEvent {
                is_interrupting: it.is_interrupting.unwrap_or(true),
                trigger: self.catch_trigger(&it.catch, level),
            },
            FlowElement::IntermediateCatchEvent(it) => {
                NodeKind::IntermediateCatchEvent(self.catch_trigger(&it.catch, level))
            }
            FlowElement::BoundaryEvent(it) => {
                // Without a host the file has an error and its graph is not run; the event stands for it.
                let host = self.host(it, level).or_else(|| level.rows.get(&row).copied())?;
                NodeKind::BoundaryEvent {
                    host,
                    cancel_activity: it.cancel_activity.unwrap_or(true),
                    trigger: self.catch_trigger(&it.catch, level),
                    compensation: self.compensation_activity(it, level),
                }
            }
            FlowElement::IntermediateThrowEvent(it) => {
                NodeKind::IntermediateThrowEvent(self.throw_trigger(&it.throw, level))
            }
            // The schema lets it stand here, the rules do not.
            FlowElement::ImplicitThrowEvent(it) => {
                NodeKind::IntermediateThrowEvent(self.throw_trigger(&it.throw, level))
            }
            FlowElement::EndEvent(it) => NodeKind::EndEvent(self.throw_trigger(&it.throw, level)),
            FlowElement::SequenceFlow(_)
            | FlowElement::DataObject(_)
            | FlowElement::DataObjectReference(_)
            | FlowElement::DataStoreReference(_)
            | FlowElement::ChoreographyTask(_)
            | FlowElement::SubChoreography(_)
            | FlowElement::CallChoreography(_) => return None,
        })
    }

    fn ad_hoc(&mut self, ad_hoc: &AdHocSubProcess) -> SubProcess {
        let condition = ad_hoc.completion_condition.as_ref();
        SubProcess::AdHoc {
            sequential: ad_hoc.ordering == Some(AdHocOrdering::Sequential),
            cancel_remaining_instances: ad_hoc.cancel_remaining_instances.unwrap_or(true),
            completion_condition: condition.map(|condition| self.dialect.condition(condition)),
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
