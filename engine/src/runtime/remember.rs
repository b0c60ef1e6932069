//! Idempotency: a command under a key is carried out once; the same key gives the same answer.

use super::error::CommandError;
use super::record::Answer;
use super::store::{Consumed, Store, StoreError, decode, encode};
use crate::command::RejectionCode;
use crate::id::{InstanceId, Timestamp};
use sha2::{Digest, Sha256};
use tokenflow_feel::{Context, Value};

/// A command's key and what tells it from another command under the same key.
#[derive(Clone, Debug)]
pub(super) struct CommandId {
    key: String,
    digest: [u8; 32],
    at: Timestamp,
}

impl CommandId {
    pub(super) fn consumed(&self, answer: &Answer) -> Consumed {
        Consumed { key: self.key.clone(), digest: self.digest, answer: encode("answer", answer), at: self.at }
    }

    /// The first answer, where the command was carried out before.
    pub(super) fn answered(&self, store: &dyn Store) -> Result<Option<Answer>, CommandError> {
        let Some(consumed) = store.command(&self.key)? else { return Ok(None) };
        if consumed.digest != self.digest {
            let message = format!("the key `{}` belongs to another command", self.key);
            return Err(CommandError::rejected(RejectionCode::KeyConflict, message));
        }
        Ok(Some(decode("answer", &consumed.answer).map_err(StoreError::from)?))
    }
}

/// The first answer, where another runtime carried out the same command in the same moment.
pub(super) fn first_answer(
    result: &Result<impl Sized, CommandError>,
    command: Option<&CommandId>,
    store: &dyn Store,
) -> Result<Option<Answer>, CommandError> {
    match (result, command) {
        (Err(CommandError::Rejected(rejection)), Some(command))
            if rejection.code == RejectionCode::Duplicate =>
        {
            command.answered(store)
        }
        _ => Ok(None),
    }
}

/// A command's id with the answer that the instance which carries it out gives.
#[derive(Clone)]
pub(super) struct Remember {
    pub(super) command: CommandId,
    pub(super) answer: fn(InstanceId) -> Answer,
}

impl Remember {
    pub(super) fn consumed(&self, instance: InstanceId) -> Consumed {
        self.command.consumed(&(self.answer)(instance))
    }
}

/// Digests the content of a command, part by part; every part is marked with its length.
pub(super) struct Content(Sha256);

impl Content {
    /// `word` names the command.
    pub(super) fn new(word: &str) -> Content {
        let mut content = Content(Sha256::new());
        content.text(word);
        content
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
        self
    }

    pub(super) fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text("some").text(text),
            None => self.text("none"),
        }
    }

    /// Names are sorted: two contexts that are equal have one digest.
    pub(super) fn variables(&mut self, context: &Context) -> &mut Self {
        let mut entries: Vec<_> = context.iter().collect();
        entries.sort_by_key(|(name, _)| *name);
        self.text(&entries.len().to_string());
        for (name, value) in entries {
            self.text(name).value(value);
        }
        self
    }

    /// Values are at most `json_depth` deep.
    pub(super) fn value(&mut self, value: &Value) -> &mut Self {
        self.text(value.type_name());
        match value {
            Value::Context(context) => self.variables(context),
            Value::List(list) => {
                self.text(&list.len().to_string());
                list.iter().for_each(|item| {
                    self.value(item);
                });
                self
            }
            Value::Null(_)
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::YearMonthDuration(_)
            | Value::DayTimeDuration(_)
            | Value::Range(_)
            | Value::Function(_) => self.text(&value.to_string()),
        }
    }

    pub(super) fn under(self, key: String, at: Timestamp) -> CommandId {
        CommandId { key, digest: self.0.finalize().into(), at }
    }
}
