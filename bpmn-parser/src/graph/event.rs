//! What events catch and throw, with all references resolved.

use super::NodeIx;
use crate::property::{Expression, Text};

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
        name: Option<Text>,
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
    pub name: Option<Text>,
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
