//! What the runtime itself writes: journal records, effects that are on their way, kept messages, remembered answers.

use super::store::{EffectId, Position, WaitAddress};
use crate::command::Occurrence;
use crate::event::Transition;
use crate::id::{ElementKey, InstanceId, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokenflow_feel::value::json;
use tokenflow_feel::{Context, Value};

/// One record of the journal, in the order of commits.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// Where it stands.
    pub position: Position,
    /// The root instance; the zero id where a message reached no instance.
    pub instance: InstanceId,
    /// The actor that the command named.
    pub by: Option<String>,
    /// What happened in the instance; without events where the record is about a message or the instance as a whole.
    pub transition: Arc<Transition>,
    /// What happened to a message.
    pub message: Option<MessageNote>,
    /// Why the instance was set aside.
    pub quarantine: Option<String>,
}

/// What became of a message outside of the instances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageNote {
    /// Whether it is kept, was taken, or was dropped.
    pub kind: MessageNoteKind,
    /// Its name.
    pub name: String,
    /// Its correlation key.
    pub key: Value,
}

/// See [`MessageNote`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageNoteKind {
    /// Nobody waited for it; it is kept.
    Buffered,
    /// A kept message reached its receiver.
    Correlated,
    /// Its time-to-live is over.
    Expired,
}

impl MessageNoteKind {
    /// The word used in text and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            MessageNoteKind::Buffered => "buffered",
            MessageNoteKind::Correlated => "correlated",
            MessageNoteKind::Expired => "expired",
        }
    }
}

/// A [`Committed`] as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct JournalRecord {
    pub(super) by: Option<String>,
    pub(super) transition: Transition,
    pub(super) message: Option<MessageNote>,
    pub(super) quarantine: Option<String>,
}

/// Who threw a message or signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Thrower {
    pub(super) instance: InstanceId,
    pub(super) key: ElementKey,
    pub(super) process: String,
    pub(super) node: String,
}

/// A message or signal on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Posted {
    pub(super) name: String,
    pub(super) key: Value,
    pub(super) payload: Value,
    /// None where it was published from outside.
    pub(super) from: Option<Thrower>,
    /// The one instance that may receive it.
    pub(super) to: Option<InstanceId>,
    /// How long it is kept where nobody waits for it; none where it is not.
    pub(super) expires: Option<Timestamp>,
    /// How many throws led to it without the clock moving.
    pub(super) depth: u32,
}

impl Posted {
    pub(super) fn occurrence(&self) -> Occurrence {
        let payload = self.payload.as_context().cloned().unwrap_or_else(Context::new);
        Occurrence { name: self.name.clone(), key: self.key.clone(), payload }
    }

    pub(super) fn key_text(&self) -> Option<String> {
        key_text(&self.key)
    }

    pub(super) fn note(&self, kind: MessageNoteKind) -> MessageNote {
        MessageNote { kind, name: self.name.clone(), key: self.key.clone() }
    }
}

/// Who receives an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Receiver {
    /// An open message subscription.
    Wait(WaitAddress),
    /// All catchers of an instance.
    Instance(InstanceId),
    /// A start event, which creates an instance.
    Start { process: String, version: u32, node: String },
    /// The host, for a black-box pool.
    Host { participant: String },
}

/// An effect that is durable and not delivered yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Dispatch {
    /// A long command goes on.
    Continue(InstanceId),
    /// A subscription was opened while messages of its name were kept.
    Opened(WaitAddress),
    /// Start events for messages of this name were deployed while some were kept.
    Offered(String),
    /// A message looks for its receivers.
    Message(Posted),
    /// A signal looks for its receivers.
    Signal(Posted),
    /// One receiver of a message or signal that has several.
    Deliver(Receiver, Posted),
}

/// A message that was thrown to a black-box pool: the host passes it on.
#[derive(Clone, Debug, PartialEq)]
pub struct HostMessage {
    /// Its identity, stable over retries.
    pub id: EffectId,
    /// The pool it is addressed to, by the id of the participant.
    pub participant: String,
    /// The instance that threw it.
    pub instance: Option<InstanceId>,
    /// The id of the node that threw it.
    pub element: Option<String>,
    /// Its name.
    pub name: String,
    /// Its correlation key, or null.
    pub key: Value,
    /// The variables that it carries.
    pub payload: Context,
}

/// How a command was answered, as it is remembered by its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Answer {
    Done,
    Started(InstanceId),
    Published(Receipt),
}

/// Where a published message or signal went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The instances that it reached or created, in the order of delivery.
    pub instances: Vec<InstanceId>,
    /// Nobody waited for it; it is kept for its time-to-live.
    pub is_buffered: bool,
}

/// The text of a correlation key: a number and its string form are the same key, null is none.
pub(super) fn key_text(key: &Value) -> Option<String> {
    match key {
        Value::Null(_) => None,
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        // A key of several properties.
        Value::List(parts) => {
            let texts = parts.iter().map(|part| Value::from(key_text(part).unwrap_or_default()));
            Some(json::write(&Value::List(texts.collect())))
        }
        Value::Boolean(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::DateTime(_)
        | Value::YearMonthDuration(_)
        | Value::DayTimeDuration(_)
        | Value::Context(_)
        | Value::Range(_)
        | Value::Function(_) => Some(json::write(key).trim_matches('"').to_owned()),
    }
}
