//! What a caller asks of one instance, and how it is refused.

use crate::event::IncidentKind;
use crate::id::{ElementKey, ProcessIx, Timestamp, Which};
use bpmn_parser::graph::NodeIx;
use std::fmt;
use tokenflow_feel::{Context, Value};

/// One request. A command that cannot be carried out is a [`Rejection`] and changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Creates the instance.
    Start {
        /// What runs.
        process: ProcessIx,
        /// The start event; none takes the only none start, or starts implicitly.
        at: Option<NodeIx>,
        /// What triggered that start event, where it is not a none start.
        trigger: Option<Occurrence>,
        /// The variables of the process scope.
        variables: Context,
    },
    /// Goes on with the moves that the step before left over.
    Continue,
    /// A job or user task is done.
    Complete {
        /// The activity.
        key: ElementKey,
        /// Who says so; a person needs the right to.
        by: Option<String>,
        /// Its result.
        variables: Context,
    },
    /// A job failed and may be tried again.
    Fail {
        /// The activity.
        key: ElementKey,
        /// Why, for people.
        message: String,
        /// Tries left; none takes one off.
        retries: Option<u32>,
        /// How long to wait before the next try, in microseconds.
        backoff: Option<i64>,
    },
    /// The work threw a BPMN error.
    Error {
        /// The activity.
        key: ElementKey,
        /// The error's code.
        code: String,
        /// Why, for people.
        message: Option<String>,
        /// What it carries.
        variables: Context,
    },
    /// The work raised an escalation and goes on.
    Escalate {
        /// The activity.
        key: ElementKey,
        /// The escalation's code.
        code: String,
        /// What it carries.
        variables: Context,
    },
    /// A person takes a user task.
    Claim {
        /// The user task.
        key: ElementKey,
        /// Who.
        user: String,
    },
    /// A person gives a user task back.
    Release {
        /// The user task.
        key: ElementKey,
        /// Who; must have it.
        by: Option<String>,
    },
    /// A user task is given to a person.
    Assign {
        /// The user task.
        key: ElementKey,
        /// To whom.
        user: String,
        /// By whom.
        by: Option<String>,
    },
    /// The owner of a user task gives it to somebody else.
    Delegate {
        /// The user task.
        key: ElementKey,
        /// To whom.
        user: String,
        /// By whom; must have it.
        by: Option<String>,
    },
    /// Starts an activity of an ad-hoc sub-process.
    Activate {
        /// The ad-hoc sub-process.
        key: ElementKey,
        /// The activity.
        node: NodeIx,
    },
    /// An ad-hoc sub-process has nothing more to do.
    Finish {
        /// The ad-hoc sub-process.
        key: ElementKey,
    },
    /// Sets variables in a scope, the root by default.
    Set {
        /// The scope.
        scope: ElementKey,
        /// The variables.
        variables: Context,
    },
    /// A message arrives at an open subscription.
    Message {
        /// The element that holds it.
        key: ElementKey,
        /// Which of its subscriptions.
        which: Which,
        /// The message.
        message: Occurrence,
    },
    /// A signal arrives at every catcher of this instance.
    Signal(Occurrence),
    /// A timer, or the back-off of a failed job, is due.
    Due {
        /// The element that holds it.
        key: ElementKey,
        /// Which of its waits.
        which: Which,
    },
    /// An incident's cause is gone; the element tries again.
    Resolve {
        /// The element.
        key: ElementKey,
    },
    /// Puts a token before an element, or takes the outgoing flows of one without it.
    Begin {
        /// The process instance, the root or a called one.
        within: ElementKey,
        /// The id of the element. Scopes around it that are not active are entered without their start events.
        element: String,
        /// Its outgoing flows are taken rather than the element entered.
        after: bool,
    },
    /// Ends an activation without its outgoing flows and begins another element instead. Scopes that this leaves
    /// empty are ended too.
    Move {
        /// The activation.
        key: ElementKey,
        /// The id of the element to begin.
        to: String,
    },
    /// Ends an activation without its outgoing flows.
    CancelElement {
        /// The activation.
        key: ElementKey,
    },
    /// Ends the instance as canceled.
    Cancel,
    /// Stops taking answers.
    Suspend,
    /// Takes them again.
    Resume,
}

/// What occurred, from the outside.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Occurrence {
    /// The name of the message or signal.
    pub name: String,
    /// The correlation key, or null.
    pub key: Value,
    /// The variables that it carries.
    pub payload: Context,
}

/// Why a command was refused; a closed list, stable in JSON and scenarios.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RejectionCode {
    /// Nothing has that name or key.
    NotFound,
    /// The element does not wait for this.
    NotWaiting,
    /// The job is not open any more, or was answered already.
    JobNotActive,
    /// The instance is suspended.
    Suspended,
    /// The instance has ended.
    Ended,
    /// The process is not executable.
    NotExecutable,
    /// Several things fit.
    AmbiguousTarget,
    /// The same command key with other content.
    KeyConflict,
    /// The same command key again: the first answer holds.
    Duplicate,
    /// The person has no right to it.
    Forbidden,
    /// The payload is not what the command takes.
    InvalidPayload,
    /// The target cannot be the target of this command.
    InvalidTarget,
    /// A named limit.
    Limit,
}

impl RejectionCode {
    /// All codes, in the order of their declaration.
    pub const ALL: &[RejectionCode] = &[
        RejectionCode::NotFound,
        RejectionCode::NotWaiting,
        RejectionCode::JobNotActive,
        RejectionCode::Suspended,
        RejectionCode::Ended,
        RejectionCode::NotExecutable,
        RejectionCode::AmbiguousTarget,
        RejectionCode::KeyConflict,
        RejectionCode::Duplicate,
        RejectionCode::Forbidden,
        RejectionCode::InvalidPayload,
        RejectionCode::InvalidTarget,
        RejectionCode::Limit,
    ];

    /// The code as it stands in JSON and scenarios.
    pub const fn as_str(self) -> &'static str {
        match self {
            RejectionCode::NotFound => "NotFound",
            RejectionCode::NotWaiting => "NotWaiting",
            RejectionCode::JobNotActive => "JobNotActive",
            RejectionCode::Suspended => "Suspended",
            RejectionCode::Ended => "Ended",
            RejectionCode::NotExecutable => "NotExecutable",
            RejectionCode::AmbiguousTarget => "AmbiguousTarget",
            RejectionCode::KeyConflict => "KeyConflict",
            RejectionCode::Duplicate => "Duplicate",
            RejectionCode::Forbidden => "Forbidden",
            RejectionCode::InvalidPayload => "InvalidPayload",
            RejectionCode::InvalidTarget => "InvalidTarget",
            RejectionCode::Limit => "Limit",
        }
    }
}

/// A refused command: nothing has changed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}: {message}", code.as_str())]
#[non_exhaustive]
pub struct Rejection {
    /// Which kind of refusal.
    pub code: RejectionCode,
    /// What was wrong, naming the thing.
    pub message: String,
}

impl Rejection {
    /// A refusal with its message.
    pub fn new(code: RejectionCode, message: impl fmt::Display) -> Self {
        Rejection { code, message: message.to_string() }
    }
}

/// Why a throw cannot be delivered: it becomes an incident at the thrower.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The kind of the incident.
    pub kind: IncidentKind,
    /// What was wrong, for people.
    pub message: String,
}

/// What a host answers to a job inside the step.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Done, with its result.
    Complete(Context),
    /// Failed, why; one try is taken off.
    Fail(String),
    /// A BPMN error: code, message, what it carries.
    Error(String, Option<String>, Context),
}

/// A job as a host sees it inside a step.
#[derive(Clone, Copy, Debug)]
pub struct JobView<'a> {
    /// The activity.
    pub key: ElementKey,
    /// The id of its node.
    pub element: &'a str,
    /// The job's type.
    pub job_type: &'a str,
    /// The logical time.
    pub now: Timestamp,
}
