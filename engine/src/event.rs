//! What happened: small `Copy` records that name keys and rows, with their values in a table beside them.
//!
//! An event is the only thing that changes an [`Instance`](crate::instance::Instance); applying the events of a
//! [`Transition`] to the state before it gives the state after it. The words users see (`entered`, `taken`, …) are
//! expanded from events by [`crate::trace`].

use crate::id::{BoundIx, ElementKey, Timestamp, Which};
use bpmn_parser::graph::{FlowIx, NodeIx};
use serde::{Deserialize, Serialize};
use tokenflow_feel::Value;

/// A value in the table of the transition, or none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Data(pub u32);

impl Data {
    /// No value.
    pub const NONE: Data = Data(u32::MAX);
}

/// How an activation came about: the token it takes from the head of the queue.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Via(pub u32);

impl Via {
    /// Nothing is taken from the queue: triggered, delivered, or a join that already took its tokens.
    pub const NONE: Via = Via(u32::MAX);
    /// A token without a flow: the start of a scope, or an inner run.
    pub const START: Via = Via(u32::MAX - 1);
    /// The retry of an element whose incident was resolved.
    pub const RETRY: Via = Via(u32::MAX - 2);

    /// Along a sequence flow.
    pub const fn flow(flow: FlowIx) -> Via {
        Via(flow.0)
    }

    /// The flow, where the token came along one.
    pub fn get(self) -> Option<FlowIx> {
        (self.0 < Via::RETRY.0).then_some(FlowIx(self.0))
    }
}

/// The flow that a leaving token takes at once, or none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Exit(pub u32);

impl Exit {
    /// No flow, or several: those follow as [`Event::Taken`].
    pub const NONE: Exit = Exit(u32::MAX);

    /// Along a sequence flow.
    pub const fn flow(flow: FlowIx) -> Exit {
        Exit(flow.0)
    }

    /// The flow, if there is one.
    pub fn get(self) -> Option<FlowIx> {
        (self != Exit::NONE).then_some(FlowIx(self.0))
    }
}

/// How a process instance ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Status {
    /// It runs, or waits.
    Active,
    /// All tokens have arrived.
    Completed,
    /// By a terminate end event at process level.
    Terminated,
    /// By an error that left it.
    Failed,
    /// By command, or because its call activity was canceled.
    Canceled,
}

impl Status {
    /// The word used in text and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Completed => "completed",
            Status::Terminated => "terminated",
            Status::Failed => "failed",
            Status::Canceled => "canceled",
        }
    }
}

/// What an open wait waits for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum WaitKind {
    /// Work for the host.
    Job,
    /// Work for a person.
    UserTask,
    /// A message, by name and key.
    Message,
    /// A moment.
    Timer,
    /// A signal, by name.
    Signal,
    /// A condition over data.
    Condition,
    /// The host selects in an ad-hoc sub-process.
    AdHoc,
    /// An input set.
    Data,
    /// A called process or global task.
    Call,
    /// A throw that waits for compensation handlers.
    Compensation,
    /// A throw that waits for its delivery; prints nothing.
    Delivery,
}

impl WaitKind {
    /// The word used in text and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            WaitKind::Job => "job",
            WaitKind::UserTask => "user-task",
            WaitKind::Message => "message",
            WaitKind::Timer => "timer",
            WaitKind::Signal => "signal",
            WaitKind::Condition => "condition",
            WaitKind::AdHoc => "ad-hoc",
            WaitKind::Data => "data",
            WaitKind::Call => "call",
            WaitKind::Compensation => "compensation",
            WaitKind::Delivery => "delivery",
        }
    }
}

/// What a catch event caught or a throw event threw.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum TriggerKind {
    /// A message: name, key.
    Message,
    /// A timer.
    Timer,
    /// A signal: name.
    Signal,
    /// A condition.
    Condition,
    /// An error: code.
    Error,
    /// An escalation: code.
    Escalation,
    /// Compensation.
    Compensation,
    /// Cancel of a transaction.
    Cancel,
    /// A link: name.
    Link,
    /// Terminate.
    Terminate,
}

impl TriggerKind {
    /// The word used in text and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            TriggerKind::Message => "message",
            TriggerKind::Timer => "timer",
            TriggerKind::Signal => "signal",
            TriggerKind::Condition => "condition",
            TriggerKind::Error => "error",
            TriggerKind::Escalation => "escalation",
            TriggerKind::Compensation => "compensation",
            TriggerKind::Cancel => "cancel",
            TriggerKind::Link => "link",
            TriggerKind::Terminate => "terminate",
        }
    }
}

/// The kind of an incident; a closed list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum IncidentKind {
    /// A condition gave neither true nor false.
    Condition,
    /// Another expression failed.
    Expression,
    /// No conditional flow is true, and there is neither a default nor an unconditional one.
    NoOutgoingFlow,
    /// A job has no tries left.
    JobRetries,
    /// A job threw an error that nothing catches.
    UnhandledError,
    /// A mapping failed, or no set is available.
    InputOutput,
    /// A message matches several receivers.
    Correlation,
    /// What a call activity calls is not there or cannot run.
    CalledElement,
    /// A decision failed.
    Decision,
    /// A timer's value has no meaning.
    Timer,
    /// A named limit was reached.
    Limit,
    /// Joins wait for each other.
    JoinDeadlock,
    /// The step failed inside; the instance is set aside.
    Quarantined,
}

impl IncidentKind {
    /// All kinds, in the order of their declaration.
    pub const ALL: &[IncidentKind] = &[
        IncidentKind::Condition,
        IncidentKind::Expression,
        IncidentKind::NoOutgoingFlow,
        IncidentKind::JobRetries,
        IncidentKind::UnhandledError,
        IncidentKind::InputOutput,
        IncidentKind::Correlation,
        IncidentKind::CalledElement,
        IncidentKind::Decision,
        IncidentKind::Timer,
        IncidentKind::Limit,
        IncidentKind::JoinDeadlock,
        IncidentKind::Quarantined,
    ];

    /// The word used in text and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            IncidentKind::Condition => "condition",
            IncidentKind::Expression => "expression",
            IncidentKind::NoOutgoingFlow => "no-outgoing-flow",
            IncidentKind::JobRetries => "job-retries",
            IncidentKind::UnhandledError => "unhandled-error",
            IncidentKind::InputOutput => "input-output",
            IncidentKind::Correlation => "correlation",
            IncidentKind::CalledElement => "called-element",
            IncidentKind::Decision => "decision",
            IncidentKind::Timer => "timer",
            IncidentKind::Limit => "limit",
            IncidentKind::JoinDeadlock => "join-deadlock",
            IncidentKind::Quarantined => "quarantined",
        }
    }
}

/// Where an element stopped; `resolve` goes on from there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Stage {
    /// Before its inputs: inputs, then the work.
    Enter,
    /// Its inputs are done; the work could not begin or has failed.
    Work,
    /// The work is done, its outputs are not; the incident keeps the result.
    Outputs,
    /// Outputs are done; no flow could be chosen.
    Leave,
    /// A catch could not be armed again.
    Arm(Which),
}

/// One record of the journal.
///
/// `key` is the element it is about, `scope` the element inside which a token moves (a process instance,
/// sub-process, or the body of a loop or multi-instance activity).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields that recur are described once, the others at their event")]
pub enum Event {
    /// A version was bound: `data` is `[id of the process, content hash]` (prints nothing).
    Bound { process: BoundIx, data: Data },
    /// A process instance began: the root, or a called one inside its call activity `parent`.
    Started { key: ElementKey, parent: ElementKey, process: BoundIx },
    /// A process instance ended. `code` is the error's code where it failed.
    Ended { key: ElementKey, status: Status, code: Data },
    /// The instance takes no answers until it is resumed.
    Suspended,
    /// It does again.
    Resumed,

    /// A node entered and completed at once: `entered`, `completed`, and `taken` where `exit` is a flow.
    Passed { key: ElementKey, node: NodeIx, scope: ElementKey, via: Via, exit: Exit },
    /// An activation began that outlives its move. An activity's inner run has its body as `scope`.
    Entered { key: ElementKey, node: NodeIx, scope: ElementKey, via: Via },
    /// It completed: `completed`, and `taken` where `exit` is a flow.
    Completed { key: ElementKey, exit: Exit },
    /// It ended without completing.
    Canceled { key: ElementKey },
    /// The body of a loop or multi-instance activity: as the three above, with the words `body-…`.
    BodyEntered { key: ElementKey, node: NodeIx, scope: ElementKey, via: Via },
    /// See [`Event::BodyEntered`].
    BodyCompleted { key: ElementKey, exit: Exit },
    /// See [`Event::BodyEntered`].
    BodyCanceled { key: ElementKey },
    /// The number of runs of a body became known; `items` is the collection, where there is one.
    BodyCounted { key: ElementKey, total: u32, items: Data },
    /// A body is about to begin its next run (prints nothing).
    RunQueued { key: ElementKey },
    /// The result of the n-th run (from 1) of a body was collected (prints nothing).
    RunCollected { key: ElementKey, run: u32, value: Data },
    /// A token took a sequence flow.
    Taken { flow: FlowIx, scope: ElementKey },
    /// A scope's start node is about to be entered (prints nothing).
    StartQueued { node: NodeIx, scope: ElementKey },
    /// A token waits at a synchronising gateway, or for the start quantity of an activity (that prints nothing).
    Arrived { flow: FlowIx, scope: ElementKey },
    /// A gateway took one token from each of its non-empty incoming flows; an activity its start quantity
    /// (that prints nothing).
    Joined { node: NodeIx, scope: ElementKey },
    /// A queued token was taken off: a retry that begins, or a run that is not needed any more (prints nothing).
    Consumed { via: Via, scope: ElementKey },

    /// A token is past a flow without having been queued: the way behind an event-based gateway (prints `taken`).
    Crossed { flow: FlowIx, scope: ElementKey },
    /// An alternative behind an event-based gateway; those with the same `race` are withdrawn together (prints
    /// nothing).
    Grouped { key: ElementKey, race: ElementKey },
    /// The correlation key `which` of a process instance became known: the first message of its conversation carried
    /// it (prints nothing).
    KeySet { key: ElementKey, which: Which, data: Data },
    /// An interrupting handler starts in a scope: no other may (prints nothing).
    Interrupted { key: ElementKey },
    /// All tokens directly in a scope are gone: those queued and those at joins (prints nothing).
    Cleared { scope: ElementKey },

    /// Work or an occurrence is open: `waiting`. `data` is the job's type, the name and key of a subscription, or
    /// the people of a user task.
    Waiting { key: ElementKey, which: Which, kind: WaitKind, data: Data, due: Timestamp },
    /// The same for a boundary event or the start of an event sub-process (prints nothing).
    Armed { key: ElementKey, which: Which, kind: WaitKind, data: Data, due: Timestamp },
    /// A timer is due again, a failed job will be tried again, a subscription has another key (prints nothing).
    Rearmed { key: ElementKey, which: Which, data: Data, due: Timestamp },
    /// One of the definitions of a parallel multiple catch has occurred and waits no more (prints nothing).
    Occurred { key: ElementKey, which: Which },
    /// A wait was closed without effect (prints nothing).
    Disarmed { key: ElementKey, which: Which },
    /// A condition was evaluated and is now true or false (prints nothing).
    Edge { key: ElementKey, which: Which, holds: bool },

    /// The trigger of a catch event occurred. `data` is `[name or code, key]` as far as they apply.
    Triggered { key: ElementKey, node: NodeIx, kind: TriggerKind, data: Data },
    /// An event was thrown. `data` is `[name or code, key, payload]` as far as they apply.
    Thrown { key: ElementKey, node: NodeIx, kind: TriggerKind, data: Data },
    /// The oldest thrown event was delivered (prints nothing).
    Delivered,
    /// A job failed; `retries` are left. `data` is its message.
    JobFailed { key: ElementKey, retries: u32, data: Data, due: Timestamp },
    /// A person took a user task. `data` is the user.
    Claimed { key: ElementKey, data: Data },
    /// A person gave it back.
    Released { key: ElementKey },
    /// It was given to a person. `data` is the user.
    Assigned { key: ElementKey, data: Data },

    /// A variable of a scope was set.
    VariableSet { scope: ElementKey, name: Data, value: Data },
    /// An activity is about to complete in a way that can be compensated later (prints nothing).
    Recorded { key: ElementKey },
    /// Records are to be compensated inside `scope`, last group first; `owner` goes on afterwards. `data` is a list
    /// of groups, each a list of keys that are compensated together (prints nothing).
    UndoBegun { owner: ElementKey, scope: ElementKey, data: Data },
    /// The handler of a completed activity is about to run.
    Compensated { key: ElementKey, node: NodeIx },
    /// A completed scope is there again, with the data that it had when it completed (prints nothing).
    Revived { key: ElementKey, record: ElementKey, scope: ElementKey },
    /// That element undoes that record (prints nothing).
    Undoing { key: ElementKey, record: ElementKey },
    /// A revived scope has been compensated (prints nothing).
    Forgotten { key: ElementKey },
    /// Everything that was to be compensated for `owner` has been (prints nothing).
    UndoEnded { owner: ElementKey },
    /// Why a decision or gateway chose as it did. `data` is `{expression, values, result}`.
    Decided { key: ElementKey, node: NodeIx, data: Data },

    /// A problem that a person or a command resolves. `data` is `[message, what is kept for the retry]`.
    IncidentRaised { key: ElementKey, kind: IncidentKind, stage: Stage, data: Data },
    /// It was resolved; the element goes on from its stage.
    IncidentResolved { key: ElementKey },
}

/// What one step did: everything that must be durable before anything of it leaves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// The logical time of the step: never earlier than the one before.
    pub at: Timestamp,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What the events' [`Data`] refer to.
    pub values: Vec<Value>,
    /// The waits that were opened, changed or closed, each once, in order of first change.
    pub changed: Vec<(ElementKey, Which)>,
    /// Events for other instances: messages, and signals that reach every catcher there is.
    pub outbox: Vec<Outgoing>,
    /// More moves are pending: commit this one and step again with [`Command::Continue`](crate::command::Command).
    pub more: bool,
}

impl Transition {
    /// Forgets everything but its memory.
    pub(crate) fn clear(&mut self, at: Timestamp) {
        let Transition { at: time, events, values, changed, outbox, more } = self;
        *time = at;
        events.clear();
        values.clear();
        changed.clear();
        outbox.clear();
        *more = false;
    }

    /// The value that an event refers to; null where it refers to none.
    pub fn value(&self, data: Data) -> &Value {
        self.values.get(data.0 as usize).unwrap_or(&Value::NULL)
    }
}

/// Something thrown here that may be caught elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outgoing {
    /// A message reaches at most one instance of each process.
    Message {
        /// Who threw it.
        thrower: ElementKey,
        /// The id of the throwing node, by which message flows route it.
        node: String,
        /// The name of the message.
        name: String,
        /// The correlation key; null where it has none.
        key: Value,
        /// The variables it carries.
        payload: Value,
    },
    /// A signal reaches every catcher that is active at this moment.
    Signal {
        /// Who threw it.
        thrower: ElementKey,
        /// Its name.
        name: String,
        /// The variables it carries.
        payload: Value,
    },
}
