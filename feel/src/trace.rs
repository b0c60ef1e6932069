//! Where in a text a value became null, and why; put into words only when somebody asks.

use std::fmt;
use std::sync::Arc;

use crate::error::EvalError;
use crate::syntax::Span;
use crate::value::{Reason, Value};

/// The part of a text that is null, with the cause.
#[derive(Clone)]
pub(crate) struct Trace {
    pub(crate) source: Arc<str>,
    pub(crate) span: Span,
    pub(crate) cause: Cause,
}

/// Why an operation has no result.
#[derive(Clone)]
pub(crate) enum Cause {
    Text(&'static str),
    Message(Box<str>),
    /// A variable or an entry of this name is null.
    NameIsNull(Arc<str>),
    /// Something of this type has no entry or property of this name.
    NoEntry(&'static str, Arc<str>),
    /// The operation is not defined for these types.
    Types(&'static str, &'static str, &'static str),
}

/// Why an operation does not answer a value.
pub(crate) enum Fault {
    /// The result is null for this cause.
    Because(Cause),
    /// The result is null because this null went in.
    From(Value),
    /// The left or the right side is null, and nobody said why.
    LeftIsNull,
    RightIsNull,
    /// The evaluation ends.
    Limit(EvalError),
}

impl Fault {
    pub(crate) fn text(text: &'static str) -> Fault {
        Fault::Because(Cause::Text(text))
    }

    pub(crate) fn message(text: impl Into<Box<str>>) -> Fault {
        Fault::Because(Cause::Message(text.into()))
    }
}

impl From<EvalError> for Fault {
    fn from(error: EvalError) -> Fault {
        Fault::Limit(error)
    }
}

impl From<Cause> for Fault {
    fn from(cause: Cause) -> Fault {
        Fault::Because(cause)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Text(text) => f.write_str(text),
            Cause::Message(text) => f.write_str(text),
            Cause::NameIsNull(name) => write!(f, "`{name}` is null"),
            Cause::NoEntry(kind, name) => write!(f, "the {kind} has no entry {name:?}"),
            Cause::Types(operation, left, right) => {
                write!(f, "{operation} is not defined for {left} and {right}")
            }
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 120;
        let text = self.span.text(&self.source);
        let shown: String = text.chars().take(SHOWN).collect();
        let more = if shown.len() < text.len() { "…" } else { "" };
        write!(f, "`{shown}{more}` is null: {}", self.cause)
    }
}

impl Trace {
    /// Null with this trace as its reason.
    pub(crate) fn null(self) -> Value {
        Value::null_because(Reason::from(self))
    }
}
