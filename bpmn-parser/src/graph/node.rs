//! What stands in the rows of the graph: nodes with their kinds, and flows.

use super::{
    Activity, CallActivity, DataAssociation, DataElement, FlowIx, IoSpecification, NodeIx, ResourceRole,
    SubProcess, Task, Trigger,
};
use crate::Position;
use crate::property::{Expression, Properties};
use std::sync::Arc;

/// One flow node: an activity, event or gateway.
#[derive(Clone, Debug)]
pub struct Node {
    /// The id in the file; a node without one gets `unnamed-LINE-COLUMN`, with a diagnostic.
    pub id: Arc<str>,
    /// The name, for people.
    pub name: Option<String>,
    /// Where it stands.
    pub position: Position,
    /// The sub-process that contains it; none at the level of the process.
    pub scope: Option<NodeIx>,
    /// What it is.
    pub kind: NodeKind,
    /// Flows that lead here, in document order.
    pub incoming: Vec<FlowIx>,
    /// Flows that leave: the order of the `outgoing` children where all are present, else document order.
    pub outgoing: Vec<FlowIx>,
    /// The default flow (activities, exclusive, inclusive and complex gateways).
    pub default: Option<FlowIx>,
    /// The boundary events attached to this activity, in document order.
    pub attached: Vec<NodeIx>,
    /// The event sub-processes directly inside this sub-process, in document order.
    pub event_sub_processes: Vec<NodeIx>,
    /// What the dialect says of it; nodes of which it says nothing share one.
    pub properties: Arc<Properties>,
    /// Data objects (sub-processes) and properties that live with it.
    pub data: Vec<DataElement>,
    /// Its input and output specification; for events, their direct inputs, outputs and sets.
    pub io: Option<IoSpecification>,
    /// Data associations into it, in document order.
    pub data_inputs: Vec<DataAssociation>,
    /// Data associations out of it, in document order.
    pub data_outputs: Vec<DataAssociation>,
    /// Resource roles (10.3.1).
    pub roles: Vec<ResourceRole>,
    /// The names of the lanes that hold it, outermost first; nodes of one lane share them.
    pub lanes: Arc<[String]>,
}

/// The kind of a flow node. Closed: an executor matches it without a catch-all.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// 10.3.3 Tasks.
    Task(Task, Activity),
    /// 10.3.5 Sub-processes of every kind.
    SubProcess(SubProcess, Activity),
    /// 10.3.6 Call activity.
    CallActivity(CallActivity, Activity),
    /// 10.6.2.
    ExclusiveGateway,
    /// 10.6.4.
    ParallelGateway,
    /// 10.6.3.
    InclusiveGateway,
    /// 10.6.5.
    ComplexGateway {
        /// Over data, `activationCount` and the token count of each incoming flow.
        activation_condition: Option<Expression>,
    },
    /// 10.6.6.
    EventBasedGateway {
        /// Its events create the instance.
        instantiate: bool,
        /// `eventGatewayType="Parallel"`.
        parallel: bool,
    },
    /// 10.5.2.
    StartEvent {
        /// Read only at the start of an event sub-process.
        is_interrupting: bool,
        /// What it catches; empty for a none start.
        trigger: Trigger,
    },
    /// 10.5.4.
    IntermediateCatchEvent(Trigger),
    /// 10.5.4, with or without definitions.
    IntermediateThrowEvent(Trigger),
    /// 10.5.4, attached to an activity.
    BoundaryEvent {
        /// The activity.
        host: NodeIx,
        /// `cancelActivity`.
        cancel_activity: bool,
        /// What it catches.
        trigger: Trigger,
        /// The compensation activity that a compensation boundary event is joined to.
        compensation: Option<NodeIx>,
    },
    /// 10.5.3.
    EndEvent(Trigger),
}

impl NodeKind {
    /// What is common to activities, where this is one.
    pub fn activity(&self) -> Option<&Activity> {
        match self {
            NodeKind::Task(_, activity)
            | NodeKind::SubProcess(_, activity)
            | NodeKind::CallActivity(_, activity) => Some(activity),
            NodeKind::ExclusiveGateway
            | NodeKind::ParallelGateway
            | NodeKind::InclusiveGateway
            | NodeKind::ComplexGateway { .. }
            | NodeKind::EventBasedGateway { .. }
            | NodeKind::StartEvent { .. }
            | NodeKind::IntermediateCatchEvent(_)
            | NodeKind::IntermediateThrowEvent(_)
            | NodeKind::BoundaryEvent { .. }
            | NodeKind::EndEvent(_) => None,
        }
    }

    /// The event definitions, where this is an event.
    pub fn trigger(&self) -> Option<&Trigger> {
        match self {
            NodeKind::StartEvent { trigger, .. }
            | NodeKind::IntermediateCatchEvent(trigger)
            | NodeKind::IntermediateThrowEvent(trigger)
            | NodeKind::BoundaryEvent { trigger, .. }
            | NodeKind::EndEvent(trigger) => Some(trigger),
            NodeKind::Task(..)
            | NodeKind::SubProcess(..)
            | NodeKind::CallActivity(..)
            | NodeKind::ExclusiveGateway
            | NodeKind::ParallelGateway
            | NodeKind::InclusiveGateway
            | NodeKind::ComplexGateway { .. }
            | NodeKind::EventBasedGateway { .. } => None,
        }
    }

    /// The element's name in the schema, as a person would look it up.
    pub fn element_name(&self) -> &'static str {
        match self {
            NodeKind::Task(task, _) => match task {
                Task::Abstract => "task",
                Task::Service { .. } => "serviceTask",
                Task::Send { .. } => "sendTask",
                Task::Receive { .. } => "receiveTask",
                Task::User { .. } => "userTask",
                Task::Manual => "manualTask",
                Task::BusinessRule { .. } => "businessRuleTask",
                Task::Script { .. } => "scriptTask",
            },
            NodeKind::SubProcess(sub_process, _) => match sub_process {
                SubProcess::Embedded | SubProcess::Event => "subProcess",
                SubProcess::Transaction { .. } => "transaction",
                SubProcess::AdHoc { .. } => "adHocSubProcess",
            },
            NodeKind::CallActivity(..) => "callActivity",
            NodeKind::ExclusiveGateway => "exclusiveGateway",
            NodeKind::ParallelGateway => "parallelGateway",
            NodeKind::InclusiveGateway => "inclusiveGateway",
            NodeKind::ComplexGateway { .. } => "complexGateway",
            NodeKind::EventBasedGateway { .. } => "eventBasedGateway",
            NodeKind::StartEvent { .. } => "startEvent",
            NodeKind::IntermediateCatchEvent(_) => "intermediateCatchEvent",
            NodeKind::IntermediateThrowEvent(_) => "intermediateThrowEvent",
            NodeKind::BoundaryEvent { .. } => "boundaryEvent",
            NodeKind::EndEvent(_) => "endEvent",
        }
    }
}

/// One sequence flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The id in the file; a flow without one gets `unnamed-LINE-COLUMN`.
    pub id: Arc<str>,
    /// The name, for people.
    pub name: Option<String>,
    /// Where it stands.
    pub position: Position,
    /// Where it comes from.
    pub source: NodeIx,
    /// Where it leads.
    pub target: NodeIx,
    /// Its condition; ignored where rule R041 forbids one.
    pub condition: Option<Expression>,
}
