//! Starting an instance by name.

use super::engine::{Request, Target};
use super::handler::variables;
use super::record::Answer;
use super::remember::{Content, Remember, first_answer};
use super::store::Reference;
use super::{CommandError, Runtime};
use crate::command::{Command, RejectionCode};
use crate::id::InstanceId;
use serde::Serialize;
use tokenflow_feel::Context;

/// Starts an instance; ends in [`send`](Start::send).
#[must_use = "nothing happens before `send`"]
pub struct Start<'r> {
    runtime: &'r Runtime,
    process: String,
    version: Option<u32>,
    at: Option<String>,
    variables: Context,
    reference: Option<Reference>,
    key: Option<String>,
    by: Option<String>,
}

impl Runtime {
    /// Starts an instance of the newest version of a process.
    pub fn start(&self, process: impl Into<String>) -> Start<'_> {
        Start {
            runtime: self,
            process: process.into(),
            version: None,
            at: None,
            variables: Context::new(),
            reference: None,
            key: None,
            by: None,
        }
    }
}

impl Start<'_> {
    /// The variables of the process: anything that serialises to an object.
    ///
    /// # Errors
    /// `InvalidPayload` where it is no object or holds a value that the engine does not have.
    pub fn variables(self, values: impl Serialize) -> Result<Self, CommandError> {
        let values = variables(&values)
            .map_err(|reason| CommandError::rejected(RejectionCode::InvalidPayload, reason))?;
        Ok(self.context(values))
    }

    /// The variables of the process, as the engine holds them.
    pub fn context(mut self, values: Context) -> Self {
        self.variables = values;
        self
    }

    /// Starts at that start event rather than at the only none start event.
    pub fn at(mut self, start_event: impl Into<String>) -> Self {
        self.at = Some(start_event.into());
        self
    }

    /// Starts that version rather than the newest.
    pub fn version(mut self, version: u32) -> Self {
        self.version = Some(version);
        self
    }

    /// What the caller knows the instance by, such as `("deal", "42")`.
    pub fn reference(mut self, kind: impl Into<String>, id: impl ToString) -> Self {
        self.reference = Some(Reference { kind: kind.into(), id: id.to_string() });
        self
    }

    /// Makes the command idempotent: the same key and content give the first answer and no second instance.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Names the actor, for the history.
    pub fn by(mut self, actor: impl Into<String>) -> Self {
        self.by = Some(actor.into());
        self
    }

    /// Starts the instance and returns when it is durable.
    ///
    /// # Errors
    /// `NotFound` for an unknown process, version or start event, `NotExecutable`, `KeyConflict`, and what the engine
    /// refuses; or a failure of the store.
    pub fn send(self) -> Result<InstanceId, CommandError> {
        let mut engine = self.runtime.lock();
        let command = self.key.as_ref().map(|key| {
            let mut content = Content::new("start");
            content.text(&self.process).maybe(self.at.as_deref()).maybe(self.by.as_deref());
            content.maybe(self.version.map(|version| version.to_string()).as_deref());
            content.maybe(self.reference.as_ref().map(|reference| reference.to_string()).as_deref());
            content.variables(&self.variables);
            content.under(key.clone(), engine.now())
        });
        if let Some(command) = &command
            && let Some(Answer::Started(id)) = command.answered(&*engine.store)?
        {
            return Ok(id);
        }
        let found = match self.version {
            Some(version) => engine.library.version(&self.process, version),
            None => engine.library.latest(&self.process),
        };
        let Some(ix) = found else {
            let which = self.version.map(|version| format!("version {version} of ")).unwrap_or_default();
            let message = format!("{which}process `{}` is not deployed", self.process);
            return Err(CommandError::rejected(RejectionCode::NotFound, message));
        };
        let process = engine.library.process(ix);
        if !process.is_executable() && !engine.options.allow_non_executable {
            let message = format!("process `{}` has isExecutable=\"false\"", self.process);
            return Err(CommandError::rejected(RejectionCode::NotExecutable, message));
        }
        let at = match &self.at {
            None => None,
            Some(id) => Some(process.find(id).ok_or_else(|| {
                let message = format!("process `{}` has no start event `{id}`", self.process);
                CommandError::rejected(RejectionCode::NotFound, message)
            })?),
        };
        let trigger = at.and_then(|node| engine.trigger_of(ix, node));
        let start = Command::Start { process: ix, at, trigger, variables: self.variables };
        let mut request = Request::new(Target::New { process: ix, reference: self.reference }, start);
        request.by = self.by;
        request.remember = command.clone().map(|command| Remember { command, answer: Answer::Started });
        let result = engine.command(request);
        if let Some(Answer::Started(id)) = first_answer(&result, command.as_ref(), &*engine.store)? {
            return Ok(id);
        }
        let id = result?;
        drop(engine);
        self.runtime.notify();
        Ok(id)
    }
}
