//! The rows that the executor walks: one for each node, with everything about it compiled.

use crate::event::{Exit, TriggerKind};
use crate::expression::Compiled;
use crate::timer::{TimerForm, TimerSpec};
use bpmn_parser::graph::{FlowIx, NodeIx};
use std::sync::Arc;
use tokenflow_feel::Text;

/// What a node does: one behavior each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Abstract and manual tasks complete at once.
    PassingTask,
    JobTask,
    UserTask,
    ReceiveTask,
    /// A send task without job type: the engine delivers the message.
    SendTask,
    /// A script or service expression in the engine's own language.
    ExpressionTask,
    SubProcess,
    EventSubProcess,
    Transaction,
    AdHocSubProcess,
    CallActivity,
    ExclusiveGateway,
    ParallelGateway,
    InclusiveGateway,
    ComplexGateway,
    EventBasedGateway,
    StartEvent,
    CatchEvent,
    LinkCatchEvent,
    /// An intermediate throw or end event without definition.
    NoneThrowEvent,
    ThrowEvent,
    /// A message throw or end event with a job type.
    JobThrowEvent,
    BoundaryEvent,
}

/// One node. Its first cache line is all that most moves read.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Row {
    pub(crate) kind: Kind,
    /// A token can pass it without leaving a row: it has one exit, no data of its own, and nothing can stop it.
    pub(crate) is_plain: bool,
    /// It has no mappings and no data of its own.
    pub(crate) is_without_data: bool,
    pub(crate) is_end_event: bool,
    pub(crate) is_activity: bool,
    pub(crate) is_for_compensation: bool,
    /// 0 for events and receive tasks, whose own triggers come first; 1 for activities, whose work has number 0.
    pub(crate) first_catch: u16,
    /// The only outgoing flow, where there is exactly one and it has no condition that counts.
    pub(crate) exit: Exit,
    pub(crate) start_quantity: u32,
    pub(crate) completion_quantity: u32,
    pub(crate) scope: Option<NodeIx>,
    pub(crate) default: Option<FlowIx>,
    /// The compensation activity of a compensation boundary event; of an activity, its handler.
    pub(crate) compensation: Option<NodeIx>,
    pub(crate) work: Option<Box<Work>>,
    pub(crate) repeat: Option<Box<Repeat>>,
    pub(crate) incoming: Box<[FlowIx]>,
    pub(crate) outgoing: Box<[FlowIx]>,
    /// Everything it keeps armed, in the order of [`Which`](crate::id::Which) from `first_catch` on.
    pub(crate) catches: Box<[Catch]>,
    pub(crate) throws: Box<[Throw]>,
    pub(crate) level: Option<Box<Level>>,
    pub(crate) call: Option<Box<Call>>,
    pub(crate) ad_hoc: Option<Box<AdHoc>>,
    /// The condition of a complex gateway.
    pub(crate) activation: Option<Compiled>,
    pub(crate) inputs: Box<[Mapping]>,
    pub(crate) outputs: Box<[Mapping]>,
    pub(crate) data: Option<Box<Data>>,
}

/// The data of a node by the standard (10.4).
#[derive(Debug, Default)]
pub(crate) struct Data {
    /// Data objects and properties that live with it.
    pub(crate) declared: Vec<Arc<str>>,
    pub(crate) io: Option<Io>,
    pub(crate) inputs: Vec<Association>,
    pub(crate) outputs: Vec<Association>,
}

impl Data {
    /// True where a result goes through outputs rather than by the names of variables.
    pub(crate) fn has_outputs(&self) -> bool {
        !self.outputs.is_empty() || self.io.as_ref().is_some_and(|io| !io.outputs.is_empty())
    }
}

/// An input and output specification; sets hold the names that must be available.
#[derive(Debug, Default)]
pub(crate) struct Io {
    pub(crate) inputs: Vec<Arc<str>>,
    pub(crate) outputs: Vec<Arc<str>>,
    pub(crate) input_sets: Vec<Vec<Arc<str>>>,
    pub(crate) output_sets: Vec<Vec<Arc<str>>>,
}

/// A data association (10.4.2).
#[derive(Debug)]
pub(crate) struct Association {
    pub(crate) sources: Vec<Arc<str>>,
    pub(crate) target: Arc<str>,
    pub(crate) transformation: Option<Compiled>,
    /// What is assigned, and the path inside the target.
    pub(crate) assignments: Vec<(Compiled, Vec<Arc<str>>)>,
}

/// One sequence flow.
#[derive(Debug)]
pub(crate) struct FlowRow {
    pub(crate) source: NodeIx,
    pub(crate) target: NodeIx,
    /// Its target is an inclusive or complex gateway.
    pub(crate) leads_to_join: bool,
    /// Its condition, where the source may have one and it is not the default.
    pub(crate) condition: Option<Compiled>,
}

/// A level: a sub-process or the process itself.
#[derive(Debug, Default)]
pub(crate) struct Level {
    pub(crate) none_starts: Vec<NodeIx>,
    /// Nodes without incoming flow, where the level has no start event at all (10.5.2).
    pub(crate) implicit_starts: Vec<NodeIx>,
    /// The starts of its event sub-processes; armed by the element that is the scope.
    pub(crate) handlers: Vec<Catch>,
    /// The inclusive and complex gateways directly in it.
    pub(crate) joins: Vec<NodeIx>,
    /// The event sub-process that compensates the level.
    pub(crate) compensation_handler: Option<NodeIx>,
}

/// Where a catch stands relative to the element that keeps it armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The element itself: a catch event or receive task.
    Own,
    /// A boundary event on it.
    Boundary,
    /// The start of this event sub-process inside it.
    Handler(NodeIx),
    /// A start event of the process itself, for the conversation that the instance is in.
    Start,
}

/// One event definition that something waits for.
#[derive(Debug)]
pub(crate) struct Catch {
    /// The catching event (or receive task).
    pub(crate) node: NodeIx,
    pub(crate) place: Place,
    pub(crate) interrupting: bool,
    /// All definitions of `node` are needed.
    pub(crate) parallel_multiple: bool,
    pub(crate) on: On,
    /// The variables that take the code and the message of what is caught, where the dialect names them.
    pub(crate) code_variable: Option<Arc<str>>,
    pub(crate) message_variable: Option<Arc<str>>,
}

/// What a catch waits for.
#[derive(Debug)]
pub(crate) enum On {
    Message { name: Compiled, key: Option<Compiled> },
    Timer(TimerPlan),
    Signal { name: Compiled },
    Condition(Compiled),
    Error { code: Option<Arc<str>> },
    Escalation { code: Option<Arc<str>> },
    Compensation,
    Cancel,
}

impl On {
    pub(crate) fn kind(&self) -> TriggerKind {
        match self {
            On::Message { .. } => TriggerKind::Message,
            On::Timer(_) => TriggerKind::Timer,
            On::Signal { .. } => TriggerKind::Signal,
            On::Condition(_) => TriggerKind::Condition,
            On::Error { .. } => TriggerKind::Error,
            On::Escalation { .. } => TriggerKind::Escalation,
            On::Compensation => TriggerKind::Compensation,
            On::Cancel => TriggerKind::Cancel,
        }
    }
}

/// A timer, parsed at deployment where it is a literal.
#[derive(Debug)]
pub(crate) struct TimerPlan {
    pub(crate) form: TimerForm,
    pub(crate) value: TimerValue,
}

#[derive(Debug)]
pub(crate) enum TimerValue {
    Literal(TimerSpec),
    Expression(Compiled),
}

/// The work of a job, user or expression task.
#[derive(Debug, Default)]
pub(crate) struct Work {
    pub(crate) job_type: Option<Compiled>,
    pub(crate) retries: Option<Compiled>,
    pub(crate) retry_cycle: Vec<crate::timer::Period>,
    pub(crate) expression: Option<Compiled>,
    pub(crate) result_variable: Option<Arc<str>>,
    pub(crate) people: Option<Box<People>>,
}

/// The people of a user task, each evaluated on entry.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub(crate) assignee: Option<Compiled>,
    pub(crate) candidate_users: Option<Compiled>,
    pub(crate) candidate_groups: Option<Compiled>,
    pub(crate) due_date: Option<Compiled>,
    pub(crate) follow_up_date: Option<Compiled>,
    pub(crate) priority: Option<Compiled>,
    pub(crate) form: Option<Compiled>,
    pub(crate) lane: Option<Arc<str>>,
    /// Who is asked by the standard's resource roles (10.3.1).
    pub(crate) roles: Vec<Role>,
}

/// A human performer or potential owner.
#[derive(Debug)]
pub(crate) struct Role {
    /// One person that performs is assigned directly; owners may claim.
    pub(crate) performs: bool,
    /// Gives the users.
    pub(crate) users: Option<Compiled>,
    /// The resource, as a group that the host knows.
    pub(crate) group: Option<Arc<str>>,
}

/// One event definition that is thrown.
#[derive(Debug)]
pub(crate) enum Throw {
    Message { name: Compiled, key: Option<Compiled> },
    Signal { name: Compiled },
    Error { code: Arc<str> },
    Escalation { code: Arc<str> },
    Cancel,
    Compensation { activity: Option<NodeIx>, wait: bool },
    Link { name: Arc<str>, target: NodeIx },
    Terminate,
}

impl Throw {
    pub(crate) fn kind(&self) -> TriggerKind {
        match self {
            Throw::Message { .. } => TriggerKind::Message,
            Throw::Signal { .. } => TriggerKind::Signal,
            Throw::Error { .. } => TriggerKind::Error,
            Throw::Escalation { .. } => TriggerKind::Escalation,
            Throw::Cancel => TriggerKind::Cancel,
            Throw::Compensation { .. } => TriggerKind::Compensation,
            Throw::Link { .. } => TriggerKind::Link,
            Throw::Terminate => TriggerKind::Terminate,
        }
    }

    /// Errors, cancel and terminate act at once; the others are delivered when nothing else can move.
    pub(crate) fn is_critical(&self) -> bool {
        matches!(self, Throw::Error { .. } | Throw::Cancel | Throw::Terminate)
    }
}

/// An input or output mapping: the value of `source` becomes the variable `target`.
#[derive(Debug)]
pub(crate) struct Mapping {
    pub(crate) source: Compiled,
    /// The variable, then the path into it.
    pub(crate) target: Box<[Arc<str>]>,
}

/// Loop characteristics.
#[derive(Debug)]
pub(crate) enum Repeat {
    Standard { test_before: bool, maximum: Option<u32>, condition: Option<Compiled> },
    MultiInstance(Box<MultiInstance>),
}

#[derive(Debug)]
pub(crate) struct MultiInstance {
    pub(crate) is_sequential: bool,
    pub(crate) cardinality: Option<Compiled>,
    pub(crate) collection: Option<Compiled>,
    pub(crate) input_element: Option<Text>,
    pub(crate) output_collection: Option<Arc<str>>,
    pub(crate) output_element: Option<Compiled>,
    /// The variable that the output element names, which is declared null in each run.
    pub(crate) output_variable: Option<Text>,
    pub(crate) completion_condition: Option<Compiled>,
    pub(crate) behavior: Behavior,
}

/// What a multi-instance activity throws as its runs complete (Table 10.29).
#[derive(Debug)]
pub(crate) enum Behavior {
    All,
    None(Option<Throw>),
    One(Option<Throw>),
    Complex(Vec<(Compiled, Vec<Throw>)>),
}

/// What a call activity calls and which variables pass.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) element: Compiled,
    pub(crate) binding: CallBinding,
    pub(crate) all_in: bool,
    pub(crate) all_out: bool,
    pub(crate) inputs: Box<[Mapping]>,
    pub(crate) outputs: Box<[Mapping]>,
    /// They replace those of a called global task (10.3.6).
    pub(crate) roles: Vec<Role>,
}

#[derive(Debug)]
pub(crate) enum CallBinding {
    Latest,
    Deployment,
    Version(Compiled),
    VersionTag(Compiled),
}

#[derive(Debug)]
pub(crate) struct AdHoc {
    pub(crate) sequential: bool,
    pub(crate) cancel_remaining: bool,
    pub(crate) completion_condition: Option<Compiled>,
    /// Gives the ids of the activities that start by themselves.
    pub(crate) active: Option<Compiled>,
    /// Catch events without incoming flow: armed as long as it is active.
    pub(crate) events: Vec<NodeIx>,
}

/// Where a process keeps its data by the standard.
#[derive(Debug, Default)]
pub(crate) struct ProcessData {
    /// The specification of the process as a callable element.
    pub(crate) io: Option<Io>,
    /// Zeebe keeps a result local where there are output mappings; the others propagate it first.
    pub(crate) results_stay_local: bool,
}

/// What creates an instance from outside.
#[derive(Clone, Debug)]
pub struct StartCatch {
    /// The start event, instantiating receive task, or target of an instantiating event-based gateway.
    pub node: NodeIx,
    /// The same, or that gateway.
    pub entry: NodeIx,
    /// What triggers it.
    pub kind: StartKind,
    /// The name of the message or signal.
    pub name: Option<String>,
    /// When a timer start is due.
    pub timer: Option<TimerSpec>,
}

/// The triggers that create instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartKind {
    /// A message.
    Message,
    /// A moment.
    Timer,
    /// A signal.
    Signal,
}
