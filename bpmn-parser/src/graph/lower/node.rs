//! One node: its kind and what is common to all kinds.

use super::process::{Level, bare_node};
use super::{Lowering, id_or_place};
use crate::graph::{Node, NodeIx, NodeKind, ProcessGraph, SubProcess, Timer};
use crate::model::{Container, EventBasedGatewayType, FlowElement, FlowElementIx, TimerEventDefinition};

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
            FlowElement::Task(_)
            | FlowElement::ManualTask(_)
            | FlowElement::ServiceTask(_)
            | FlowElement::SendTask(_)
            | FlowElement::ReceiveTask(_)
            | FlowElement::UserTask(_)
            | FlowElement::BusinessRuleTask(_)
            | FlowElement::ScriptTask(_)
            | FlowElement::CallActivity(_)
            | FlowElement::SubProcess(_)
            | FlowElement::Transaction(_)
            | FlowElement::AdHocSubProcess(_) => return self.activity_kind(element, level),
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
