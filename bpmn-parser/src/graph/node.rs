//! What stands in the rows of the graph: nodes with their kinds, flows, and the data they carry.

use super::{FlowIx, NodeIx};
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

/// What all activities share (10.3).
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// `isForCompensation`.
    pub is_for_compensation: bool,
    /// `startQuantity`, at least 1.
    pub start_quantity: u32,
    /// `completionQuantity`, at least 1.
    pub completion_quantity: u32,
    /// Loop characteristics.
    pub repeat: Option<Repeat>,
}

impl Default for Activity {
    fn default() -> Self {
        Activity { is_for_compensation: false, start_quantity: 1, completion_quantity: 1, repeat: None }
    }
}

/// Loop characteristics (10.3.8).
#[derive(Clone, Debug, PartialEq)]
pub enum Repeat {
    /// `standardLoopCharacteristics`.
    Standard {
        /// The condition is evaluated before each run rather than after.
        test_before: bool,
        /// The cap on the runs.
        maximum: Option<u32>,
        /// Loops while true.
        condition: Option<Expression>,
    },
    /// `multiInstanceLoopCharacteristics`.
    MultiInstance(Box<MultiInstance>),
}

/// `multiInstanceLoopCharacteristics` (Table 10.29).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MultiInstance {
    /// One after another rather than side by side.
    pub is_sequential: bool,
    /// The number of runs.
    pub cardinality: Option<Expression>,
    /// The name of the data element that holds the items.
    pub data_input: Option<String>,
    /// The name of the data element that collects the results.
    pub data_output: Option<String>,
    /// The name of the data input that holds the item of a run.
    pub input_item: Option<String>,
    /// The name of the data output that holds the result of a run.
    pub output_item: Option<String>,
    /// Evaluated after each run; true cancels the rest.
    pub completion_condition: Option<Expression>,
    /// What is thrown as runs complete.
    pub behavior: MultiBehavior,
}

/// `behavior` of a multi-instance activity.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum MultiBehavior {
    /// Nothing is thrown.
    #[default]
    All,
    /// At every completion: the event, or a default signal.
    None(Option<EventDefinition>),
    /// At the first completion: the event, or a default signal.
    One(Option<EventDefinition>),
    /// At every completion, each whose condition is true.
    Complex(Vec<(Expression, Trigger)>),
}

/// The kind of a task (10.3.3).
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// A task without type: completes at once.
    Abstract,
    /// `serviceTask`.
    Service {
        /// `implementation`, as written.
        implementation: Option<String>,
        /// The name of the operation.
        operation: Option<String>,
    },
    /// `sendTask`.
    Send {
        /// The message.
        message: Option<Message>,
        /// `implementation`, as written.
        implementation: Option<String>,
    },
    /// `receiveTask`.
    Receive {
        /// The message.
        message: Option<Message>,
        /// It creates the instance.
        instantiate: bool,
    },
    /// `userTask`.
    User {
        /// `implementation`, as written.
        implementation: Option<String>,
    },
    /// `manualTask`: completes at once.
    Manual,
    /// `businessRuleTask`.
    BusinessRule {
        /// `implementation`, as written.
        implementation: Option<String>,
    },
    /// `scriptTask`.
    Script {
        /// `scriptFormat`, as written.
        format: Option<String>,
        /// The script.
        script: Option<Expression>,
    },
}

/// The kind of a sub-process (10.3.5).
#[derive(Clone, Debug, PartialEq)]
pub enum SubProcess {
    /// In the normal flow.
    Embedded,
    /// `triggeredByEvent`.
    Event,
    /// `transaction`.
    Transaction {
        /// `method`, as written.
        method: Option<String>,
    },
    /// `adHocSubProcess`.
    AdHoc {
        /// One inner activity at a time.
        sequential: bool,
        /// `cancelRemainingInstances`.
        cancel_remaining_instances: bool,
        /// Evaluated after each inner completion.
        completion_condition: Option<Expression>,
    },
}

/// `callActivity` (10.3.6).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CallActivity {
    /// The local name of `calledElement`; a dialect may say it in `properties.called` instead.
    pub called_element: Option<String>,
}

/// The event definitions of an event, inline and by reference, in document order. Empty is a none event.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Trigger {
    /// All of them are needed rather than any.
    pub parallel_multiple: bool,
    /// What it catches or throws.
    pub definitions: Vec<EventDefinition>,
}

/// One event definition, its references resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum EventDefinition {
    /// A message.
    Message(Message),
    /// A timer.
    Timer(Timer),
    /// A signal, by its name; none where `signalRef` is absent.
    Signal {
        /// The name, else the id, of the signal; an expression in some dialects.
        name: Option<crate::property::Text>,
    },
    /// An error.
    Error(Code),
    /// An escalation.
    Escalation(Code),
    /// Cancel of a transaction.
    Cancel,
    /// Compensation.
    Compensation {
        /// The one activity that is compensated.
        activity: Option<NodeIx>,
        /// The throw waits for the handlers.
        wait_for_completion: bool,
    },
    /// A condition over data.
    Conditional(Expression),
    /// A link.
    Link {
        /// Pairs a throw with its catch on the same level.
        name: String,
    },
    /// Terminate.
    Terminate,
}

/// A message as far as one catch or throw needs it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Message {
    /// The name, else the id, of the message; none where `messageRef` is absent. An expression in some dialects.
    pub name: Option<crate::property::Text>,
    /// The id of the message element, by which message flows and correlation refer to it.
    pub id: Option<String>,
    /// The correlation key by the dialect (`zeebe:subscription`).
    pub correlation_key: Option<Expression>,
}

/// An error or escalation: what a handler matches by.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Code {
    /// `errorCode` or `escalationCode`; a catcher without one catches all.
    pub code: Option<String>,
    /// The name, for people and messages.
    pub name: Option<String>,
}

/// A timer: exactly one of its three forms (Table 10.101).
#[derive(Clone, Debug, PartialEq)]
pub enum Timer {
    /// `timeDate`.
    Date(Expression),
    /// `timeDuration`.
    Duration(Expression),
    /// `timeCycle`.
    Cycle(Expression),
}

impl Timer {
    /// The expression, whatever the form.
    pub fn expression(&self) -> &Expression {
        match self {
            Timer::Date(expression) | Timer::Duration(expression) | Timer::Cycle(expression) => expression,
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

/// A data object, property, data input or output, or a reference to a data store.
#[derive(Clone, Debug, PartialEq)]
pub struct DataElement {
    /// The id in the file.
    pub id: String,
    /// The variable's name: `name`, else the id.
    pub name: String,
    /// What it is.
    pub kind: DataKind,
    /// `isCollection`.
    pub is_collection: bool,
    /// The data state it names, if any; non-operational.
    pub state: Option<String>,
    /// Where it stands.
    pub position: Position,
}

/// What kind of item-aware element this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataKind {
    /// `dataObject`.
    Object,
    /// `property`.
    Property,
    /// `dataInput`.
    Input,
    /// `dataOutput`.
    Output,
    /// `dataStoreReference`: the name of the store.
    Store(String),
}

/// `ioSpecification`, or the direct inputs, outputs and set of an event. References are indices.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IoSpecification {
    /// In document order.
    pub inputs: Vec<DataElement>,
    /// In document order.
    pub outputs: Vec<DataElement>,
    /// In document order.
    pub input_sets: Vec<DataSet>,
    /// In document order.
    pub output_sets: Vec<DataSet>,
}

/// An input or output set: rows of `inputs` or `outputs`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DataSet {
    /// All members.
    pub members: Vec<u32>,
    /// Those that may be unavailable.
    pub optional: Vec<u32>,
    /// The sets of the other side it is paired with.
    pub paired: Vec<u32>,
}

/// `dataInputAssociation` or `dataOutputAssociation`; elements are named by their variables.
#[derive(Clone, Debug, PartialEq)]
pub struct DataAssociation {
    /// The variables of the sources.
    pub sources: Vec<String>,
    /// The variable of the target.
    pub target: String,
    /// Replaces the whole target.
    pub transformation: Option<Expression>,
    /// `from` and `to`, in order.
    pub assignments: Vec<(Expression, Expression)>,
    /// Where it stands.
    pub position: Position,
}

/// `resourceRole` and its kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceRole {
    /// `resourceRole`, `performer`, `humanPerformer` or `potentialOwner`.
    pub kind: ResourceRoleKind,
    /// The role's own name.
    pub name: Option<String>,
    /// The name of the resource, with the bound parameters.
    pub resource: Option<(String, Vec<(String, Expression)>)>,
    /// Yields users or groups itself.
    pub assignment: Option<Expression>,
}

/// Which element a resource role is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceRoleKind {
    /// `resourceRole`.
    ResourceRole,
    /// `performer`.
    Performer,
    /// `humanPerformer`.
    HumanPerformer,
    /// `potentialOwner`.
    PotentialOwner,
}

/// A correlation key of a conversation that the process takes part in (8.4.2).
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelationKey {
    /// The id of the key.
    pub id: String,
    /// Its properties, in order.
    pub properties: Vec<CorrelationProperty>,
}

/// One property of a key: how to read it from each message.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelationProperty {
    /// The id of the property.
    pub id: String,
    /// By the id of the message: the path into its payload.
    pub retrievals: Vec<(String, Expression)>,
}

/// A context-based subscription of the process (8.4.2).
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelationSubscription {
    /// The id of the key.
    pub key: String,
    /// By the id of the property: the path into the data of the process.
    pub bindings: Vec<(String, Expression)>,
}
