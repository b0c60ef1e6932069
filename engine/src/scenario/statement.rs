//! What a scenario file says, as a tree: blocks of statements and the traces expected of them.

use crate::command::RejectionCode;
use crate::event::{IncidentKind, Status};
use crate::scenario::payload::{Expression, Payload};
use crate::trace::{TextWord, Topic};
use std::ops::Range;

/// Statements, and the trace they must give.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) statements: Vec<Statement>,
    pub(super) trace: Option<ExpectedTrace>,
}

/// One statement with its place.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Where it begins, from 1.
    pub(super) line: u32,
    /// As it is written, for reports.
    pub(super) text: String,
    /// What it says.
    pub(super) kind: StatementKind,
}

/// What one statement says.
#[derive(Clone, Debug)]
pub(super) enum StatementKind {
    Setup(Setup),
    /// A standing answer.
    On(Answer),
    /// Something asked of the engine, with its idempotency key.
    Ask {
        idem: Option<String>,
        ask: Ask,
    },
    Clock(Clock),
    Restart,
    Expect(Expect),
}

/// What holds for the whole run.
#[derive(Clone, Debug)]
pub(super) enum Setup {
    Deploy(Vec<String>),
    Clock(chrono::DateTime<chrono::Utc>),
    Zone(chrono_tz::Tz),
    Limit { name: String, value: u64 },
    Trace(Topic),
}

/// How the clock moves. Durations stay texts, because calendar days depend on the zone.
#[derive(Clone, Debug)]
pub(super) enum Clock {
    After(String),
    At(chrono::DateTime<chrono::Utc>),
    Jump(String),
}

/// `[LABEL/]ELEMENT[#n]`, with `body` before it where a body is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The label and the call activities on the way, `#n` included.
    pub(super) path: Vec<String>,
    pub(super) element: String,
    pub(super) n: Option<u32>,
    pub(super) is_body: bool,
}

/// A standing answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// An element id, a job type or `*`.
    pub(super) pattern: String,
    /// Only this activation of the element.
    pub(super) n: Option<u32>,
    /// How often it may be used; none is without end.
    pub(super) times: Option<u64>,
    /// It answers that long after the work has opened.
    pub(super) after: Option<String>,
    pub(super) reply: Reply,
}

/// How work is answered.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    Complete(Option<Payload>),
    Fail { message: String, retries: Option<u32>, backoff: Option<String> },
    Error { code: String, message: Option<String>, payload: Option<Payload> },
    Escalate { code: String, payload: Option<Payload> },
    Ignore,
}

/// Something asked of the engine.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    Start(Start),
    /// `complete`, `fail`, `error`, `escalate`.
    Answer {
        target: Target,
        by: Option<String>,
        reply: Reply,
    },
    Claim {
        target: Target,
        user: String,
    },
    Release {
        target: Target,
        user: String,
    },
    Assign {
        target: Target,
        user: String,
        by: Option<String>,
    },
    Delegate {
        target: Target,
        user: String,
        by: Option<String>,
    },
    Activate {
        target: Target,
        task: String,
    },
    Finish {
        target: Target,
    },
    Set {
        target: Option<Target>,
        payload: Payload,
    },
    Message(Message),
    Signal {
        name: String,
        payload: Option<Payload>,
    },
    Cancel {
        label: Option<String>,
    },
    Suspend {
        label: Option<String>,
    },
    Resume {
        label: Option<String>,
    },
    Resolve {
        target: Target,
    },
    Move {
        target: Target,
        to: String,
    },
    Begin {
        before: bool,
        element: String,
        scope: Option<String>,
    },
    Migrate {
        label: Option<String>,
        file: String,
        plan: Option<String>,
    },
}

/// `start`.
#[derive(Clone, Debug, Default)]
pub(super) struct Start {
    pub(super) process: Option<String>,
    pub(super) label: Option<String>,
    pub(super) at: Option<String>,
    pub(super) version: Option<u32>,
    pub(super) reference: Option<(String, String)>,
    pub(super) payload: Option<Payload>,
}

/// `message`.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) name: String,
    pub(super) key: Option<Expression>,
    pub(super) to: Option<String>,
    pub(super) id: Option<String>,
    pub(super) ttl: Option<String>,
    pub(super) payload: Option<Payload>,
}

/// Something that must hold, or with `not` must not.
#[derive(Clone, Debug)]
pub(super) struct Expect {
    pub(super) negated: bool,
    pub(super) expectation: Expectation,
}

/// What is expected.
#[derive(Clone, Debug)]
pub(super) enum Expectation {
    Status { label: Option<String>, status: Status, code: Option<String>, subset: Option<Payload> },
    Suspended { label: Option<String> },
    Exactly { label: Option<String>, payload: Payload },
    Waiting(Vec<Target>),
    NoWaiting,
    Variable { target: Target, name: String, value: Expression },
    Incident { target: Target, kind: IncidentKind },
    NoIncidents,
    Rejected { code: RejectionCode },
    Refused { code: String, element: Option<String>, position: Option<(u32, u32)> },
    Count { target: Target, count: u64 },
}

/// The lines below `----`.
#[derive(Clone, Debug)]
pub(super) struct ExpectedTrace {
    /// The line of the dashes.
    pub(super) line: u32,
    pub(super) lines: Vec<ExpectedLine>,
    /// The place in the source that a rewrite replaces: the lines after the dashes, up to the blank line.
    pub(super) span: Range<usize>,
}

/// One line below `----`.
#[derive(Clone, Debug)]
pub(super) struct ExpectedLine {
    /// As it is written.
    pub(super) text: String,
    pub(super) kind: ExpectedKind,
}

/// What a line of an expected trace says.
#[derive(Clone, Debug)]
pub(super) enum ExpectedKind {
    /// `...`: any number of lines.
    Any,
    /// A comment among the lines.
    Comment,
    Line {
        label: Option<String>,
        word: TextWord,
        is_body: bool,
        element: String,
        n: u32,
        details: Vec<ExpectedDetail>,
    },
}

/// One detail of an expected line.
#[derive(Clone, Debug)]
pub(super) enum ExpectedDetail {
    Word(String),
    /// In brackets: compared as a value.
    Value(Expression),
}
