//! How a runtime is put together: clock, zone, limits, handlers.

use super::engine::Engine;
use super::handler::{Ctx, Handlers, Job, JobError};
use super::options::Options;
use super::record::HostMessage;
use super::store::Store;
use super::{BuildError, Clock, Runtime};
use crate::expression::Evaluator;
use crate::limits::Limits;
use chrono_tz::Tz;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Collects what a runtime is made of; [`build`](RuntimeBuilder::build) opens the store.
#[must_use]
pub struct RuntimeBuilder {
    store: Arc<dyn Store>,
    clock: Clock,
    options: Options,
    handlers: Handlers,
    handled_twice: Option<String>,
}

impl RuntimeBuilder {
    pub(super) fn new(store: Arc<dyn Store>) -> RuntimeBuilder {
        RuntimeBuilder {
            store,
            clock: Clock::default(),
            options: Options::default(),
            handlers: Handlers::default(),
            handled_twice: None,
        }
    }

    /// Where the time comes from; the system's clock by default.
    pub fn clock(mut self, clock: Clock) -> RuntimeBuilder {
        self.clock = clock;
        self
    }

    /// The zone in which deployed files mean local dates and calendar days; UTC by default.
    pub fn zone(mut self, zone: Tz) -> RuntimeBuilder {
        self.options.zone = zone;
        self
    }

    /// The limits of a run.
    pub fn limits(mut self, limits: Limits) -> RuntimeBuilder {
        self.options.limits = limits;
        self
    }

    /// Compiles expressions of languages that the engine does not know.
    pub fn evaluator(mut self, evaluator: Arc<dyn Evaluator>) -> RuntimeBuilder {
        self.options.evaluator = Some(evaluator);
        self
    }

    /// Records each decision of a gateway with the values it saw, in processes that are deployed from now on.
    pub fn record_decisions(mut self, record: bool) -> RuntimeBuilder {
        self.options.records_decisions = record;
        self
    }

    /// Lets processes with `isExecutable="false"` start, and arms their start events.
    pub fn allow_non_executable(mut self, allow: bool) -> RuntimeBuilder {
        self.options.allow_non_executable = allow;
        self
    }

    /// How many instances stay in memory between commands; the others are loaded when they are needed.
    pub fn live_max(mut self, instances: usize) -> RuntimeBuilder {
        self.options.live_max = instances;
        self
    }

    /// Does the jobs of a type. The handler is called after the job is durable, at least once; the job's key is its
    /// idempotency key. A panic is a failed job.
    pub fn handle<In, Out, F>(self, job_type: &str, handler: F) -> RuntimeBuilder
    where
        In: DeserializeOwned,
        Out: Serialize,
        F: Fn(Job<In>) -> Result<Out, JobError> + Send + Sync + 'static,
    {
        self.handle_with(job_type, move |job, _: &Ctx| handler(job))
    }

    /// As [`handle`](RuntimeBuilder::handle), for a handler that also uses the runtime.
    pub fn handle_with<In, Out, F>(mut self, job_type: &str, handler: F) -> RuntimeBuilder
    where
        In: DeserializeOwned,
        Out: Serialize,
        F: Fn(Job<In>, &Ctx) -> Result<Out, JobError> + Send + Sync + 'static,
    {
        if !self.handlers.add(job_type, handler) {
            self.handled_twice.get_or_insert_with(|| job_type.to_owned());
        }
        self
    }

    /// Answers the jobs of a type inside the step: for pure code that does no input or output and may run again
    /// after a crash. A job answered so never waits.
    pub fn handle_inline<In, Out, F>(mut self, job_type: &str, handler: F) -> RuntimeBuilder
    where
        In: DeserializeOwned,
        Out: Serialize,
        F: Fn(Job<In>) -> Result<Out, JobError> + Send + Sync + 'static,
    {
        if !self.handlers.add_inline(job_type, handler) {
            self.handled_twice.get_or_insert_with(|| job_type.to_owned());
        }
        self
    }

    /// Passes on messages that are thrown to black-box pools. It is called at least once for each, when handlers of
    /// jobs are; one that fails is tried again then. Without it they wait in
    /// [`host_messages`](Runtime::host_messages).
    pub fn on_host_message<F>(mut self, handler: F) -> RuntimeBuilder
    where
        F: Fn(&HostMessage) -> Result<(), JobError> + Send + Sync + 'static,
    {
        self.handlers.pass_on(handler);
        self
    }

    /// Opens the store and goes on with what it holds.
    ///
    /// # Errors
    /// Two handlers of one type, a failure of the store, or a stored definition that this build refuses.
    pub fn build(self) -> Result<Runtime, BuildError> {
        if let Some(job_type) = self.handled_twice {
            return Err(BuildError::HandlerTwice(job_type));
        }
        let engine = Engine::open(self.store, self.clock, self.options, Arc::new(self.handlers))?;
        Ok(Runtime::new(engine))
    }
}
