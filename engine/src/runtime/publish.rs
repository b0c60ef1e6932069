//! Publishing messages and signals from outside.

use super::handler::variables;
use super::record::{Answer, HostMessage, Posted, Receipt};
use super::remember::{CommandId, Content, first_answer};
use super::store::{EffectId, RowChange};
use super::{CommandError, Runtime};
use crate::command::RejectionCode;
use crate::id::{InstanceId, Timestamp};
use serde::Serialize;
use std::time::Duration;
use tokenflow_feel::{Context, Value};

/// Publishes a message; ends in [`send`](Publish::send).
#[must_use = "nothing happens before `send`"]
pub struct Publish<'r> {
    runtime: &'r Runtime,
    name: String,
    correlation_key: Value,
    id: Option<String>,
    ttl: Option<Duration>,
    to: Option<InstanceId>,
    variables: Context,
    key: Option<String>,
    by: Option<String>,
}

/// Broadcasts a signal; ends in [`send`](Signal::send).
#[must_use = "nothing happens before `send`"]
pub struct Signal<'r> {
    runtime: &'r Runtime,
    name: String,
    variables: Context,
    key: Option<String>,
    by: Option<String>,
}

impl Runtime {
    /// Publishes a message from outside. It reaches at most one instance of each process: by its correlation key, the
    /// oldest open subscription first; or it starts one.
    pub fn message(&self, name: impl Into<String>) -> Publish<'_> {
        Publish {
            runtime: self,
            name: name.into(),
            correlation_key: Value::NULL,
            id: None,
            ttl: None,
            to: None,
            variables: Context::new(),
            key: None,
            by: None,
        }
    }

    /// Broadcasts a signal from outside to everybody who catches it at this moment, start events included.
    pub fn signal(&self, name: impl Into<String>) -> Signal<'_> {
        Signal { runtime: self, name: name.into(), variables: Context::new(), key: None, by: None }
    }

    /// Messages that were thrown to black-box pools and wait for the host, in the order of their throwing.
    pub fn host_messages(&self) -> Vec<HostMessage> {
        self.lock().host_messages.values().cloned().collect()
    }

    /// Says that the host has passed a message on, so that it is not listed again.
    ///
    /// # Errors
    /// `NotFound` where no such message waits; or a failure of the store.
    pub fn acknowledge(&self, message: EffectId) -> Result<(), CommandError> {
        let mut engine = self.lock();
        if !engine.host_messages.contains_key(&message) {
            let text = format!("no message {message} waits for the host");
            return Err(CommandError::rejected(RejectionCode::NotFound, text));
        }
        engine.write_plain(vec![RowChange::OutboxTake(message)])?;
        engine.host_messages.remove(&message);
        Ok(())
    }
}

impl Publish<'_> {
    /// The correlation key; a number and its string form are the same key.
    pub fn correlation_key(mut self, key: impl Into<Value>) -> Self {
        self.correlation_key = key.into();
        self
    }

    /// The message's identity: a second one with the same name, correlation key and id is not delivered again.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Keeps the message that long where nobody waits for it yet. Without it such a message is refused.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Only this instance may receive it.
    pub fn to(mut self, instance: InstanceId) -> Self {
        self.to = Some(instance);
        self
    }

    /// The variables that it carries: anything that serialises to an object.
    ///
    /// # Errors
    /// `InvalidPayload` where it is no object or holds a value that the engine does not have.
    pub fn variables(self, values: impl Serialize) -> Result<Self, CommandError> {
        let values = variables(&values)
            .map_err(|reason| CommandError::rejected(RejectionCode::InvalidPayload, reason))?;
        Ok(self.context(values))
    }

    /// The variables that it carries, as the engine holds them.
    pub fn context(mut self, values: Context) -> Self {
        self.variables = values;
        self
    }

    /// Makes the command idempotent.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Names the actor, for the history.
    pub fn by(mut self, actor: impl Into<String>) -> Self {
        self.by = Some(actor.into());
        self
    }

    /// Publishes it and returns when its effect is durable.
    ///
    /// # Errors
    /// `NotFound` where nobody waits and it has no time-to-live, `Suspended` where only a suspended instance does,
    /// `AmbiguousTarget` where it has no key and several instances of one process fit, `KeyConflict`, and what the
    /// receiver refuses; or a failure of the store.
    pub fn send(self) -> Result<Receipt, CommandError> {
        let mut engine = self.runtime.lock();
        let now = engine.now();
        let command = self.command(now);
        if let Some(command) = &command
            && let Some(Answer::Published(receipt)) = command.answered(&*engine.store)?
        {
            return Ok(receipt);
        }
        if let Some(to) = self.to {
            engine.knows(to)?;
        }
        let expires = self.ttl.map(|ttl| after(now, ttl));
        let posted = Posted {
            name: self.name,
            key: self.correlation_key,
            payload: Value::Context(self.variables),
            from: None,
            to: self.to,
            expires,
            depth: 0,
        };
        let result = engine.publish(posted, command.as_ref(), self.by);
        if let Some(Answer::Published(receipt)) = first_answer(&result, command.as_ref(), &*engine.store)? {
            return Ok(receipt);
        }
        let receipt = result?;
        drop(engine);
        self.runtime.notify();
        Ok(receipt)
    }

    /// A message's id does the work of a command key; where both are given, the command key does.
    fn command(&self, now: Timestamp) -> Option<CommandId> {
        let correlation = super::record::key_text(&self.correlation_key);
        let key = self.key.clone().or_else(|| {
            let id = self.id.as_ref()?;
            Some(format!("message {} {} {id}", self.name, correlation.as_deref().unwrap_or_default()))
        })?;
        let mut content = Content::new("message");
        content.text(&self.name).maybe(correlation.as_deref()).maybe(self.id.as_deref());
        content.maybe(self.to.map(|to| to.to_string()).as_deref()).variables(&self.variables);
        Some(content.under(key, now))
    }
}

impl Signal<'_> {
    /// The variables that it carries: anything that serialises to an object.
    ///
    /// # Errors
    /// `InvalidPayload` where it is no object or holds a value that the engine does not have.
    pub fn variables(self, values: impl Serialize) -> Result<Self, CommandError> {
        let values = variables(&values)
            .map_err(|reason| CommandError::rejected(RejectionCode::InvalidPayload, reason))?;
        Ok(self.context(values))
    }

    /// The variables that it carries, as the engine holds them.
    pub fn context(mut self, values: Context) -> Self {
        self.variables = values;
        self
    }

    /// Makes the command idempotent.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Names the actor, for the history.
    pub fn by(mut self, actor: impl Into<String>) -> Self {
        self.by = Some(actor.into());
        self
    }

    /// Broadcasts it and returns when everybody has it. A signal that nobody catches is lost, which is no error.
    ///
    /// # Errors
    /// `KeyConflict`, or a failure of the store.
    pub fn send(self) -> Result<Receipt, CommandError> {
        let mut engine = self.runtime.lock();
        let command = self.key.as_ref().map(|key| {
            let mut content = Content::new("signal");
            content.text(&self.name).variables(&self.variables);
            content.under(key.clone(), engine.now())
        });
        if let Some(command) = &command
            && let Some(Answer::Published(receipt)) = command.answered(&*engine.store)?
        {
            return Ok(receipt);
        }
        let posted = Posted {
            name: self.name,
            key: Value::NULL,
            payload: Value::Context(self.variables),
            from: None,
            to: None,
            expires: None,
            depth: 0,
        };
        let result = engine.broadcast(posted, command.as_ref(), self.by);
        if let Some(Answer::Published(receipt)) = first_answer(&result, command.as_ref(), &*engine.store)? {
            return Ok(receipt);
        }
        let receipt = result?;
        drop(engine);
        self.runtime.notify();
        Ok(receipt)
    }
}

/// A moment that long after another; a time past the last moment never comes.
pub(super) fn after(now: Timestamp, wait: Duration) -> Timestamp {
    let micros = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_add(micros))
}
