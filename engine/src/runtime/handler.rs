//! Job handlers: plain closures over typed input and output, called after the job is durable or inside the step.

mod fields;
mod job_error;

use fields::{Shape, shape_of};
pub use job_error::JobError;
pub(super) use job_error::JobFailure;

use super::Runtime;
use super::identity::JobKey;
use super::record::HostMessage;
use crate::command::{Answer, JobView};
use crate::executor::Variables;
use crate::id::{InstanceId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokenflow_feel::value::typed;
use tokenflow_feel::{Context, Value};

/// A job as its handler sees it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Job<T> {
    /// The job's identity: the same on every try, so that it serves as the handler's idempotency key.
    pub key: JobKey,
    /// The job's type.
    pub job_type: String,
    /// The id of the activity.
    pub element: String,
    /// The id of the process that the activity stands in.
    pub process: String,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// The time at which it was handed out.
    pub now: Timestamp,
    /// The variables that the activity sees, as the handler's type.
    pub input: T,
}

/// What a handler may use besides its job.
#[derive(Clone)]
pub struct Ctx {
    runtime: Runtime,
}

impl Ctx {
    pub(super) fn new(runtime: Runtime) -> Ctx {
        Ctx { runtime }
    }

    /// The runtime that called the handler; it may be given commands.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// The current time of the runtime's clock.
    pub fn now(&self) -> Timestamp {
        self.runtime.now()
    }
}

type Queued = Box<dyn Fn(Job<Context>, &Ctx) -> Result<Context, JobError> + Send + Sync>;
type HostMessages = Box<dyn Fn(&HostMessage) -> Result<(), JobError> + Send + Sync>;
type Inline = Box<dyn Fn(Job<()>, &dyn Variables) -> Result<Context, JobError> + Send + Sync>;

/// All handlers of a runtime by job type.
#[derive(Default)]
pub(super) struct Handlers {
    queued: BTreeMap<String, Queued>,
    inline: BTreeMap<String, Inline>,
    host_messages: Option<HostMessages>,
}

impl Handlers {
    /// False where the type has a handler already.
    pub(super) fn add<In, Out, F>(&mut self, job_type: &str, handler: F) -> bool
    where
        In: DeserializeOwned,
        Out: Serialize,
        F: Fn(Job<In>, &Ctx) -> Result<Out, JobError> + Send + Sync + 'static,
    {
        let shape = shape_of::<In>();
        let erased: Queued = Box::new(move |job, ctx| output(handler(typed_job(job, shape)?, ctx)?));
        !self.knows(job_type) && self.queued.insert(job_type.to_owned(), erased).is_none()
    }

    /// False where the type has a handler already.
    pub(super) fn add_inline<In, Out, F>(&mut self, job_type: &str, handler: F) -> bool
    where
        In: DeserializeOwned,
        Out: Serialize,
        F: Fn(Job<In>) -> Result<Out, JobError> + Send + Sync + 'static,
    {
        let shape = shape_of::<In>();
        let erased: Inline = Box::new(move |job, variables| {
            let input = match shape {
                Shape::Nothing => Context::new(),
                Shape::Fields(names) => seen(names, variables),
                Shape::Anything => variables.all(),
            };
            output(handler(typed_job(job.with(input), shape)?)?)
        });
        !self.knows(job_type) && self.inline.insert(job_type.to_owned(), erased).is_none()
    }

    /// Passes on messages to black-box pools.
    pub(super) fn pass_on<F>(&mut self, handler: F)
    where
        F: Fn(&HostMessage) -> Result<(), JobError> + Send + Sync + 'static,
    {
        self.host_messages = Some(Box::new(handler));
    }

    /// True where there is a handler for messages to black-box pools.
    pub(super) fn is_passing_on(&self) -> bool {
        self.host_messages.is_some()
    }

    /// True where the handler has passed the message on; a panic is a failure.
    pub(super) fn passes_on(&self, message: &HostMessage) -> bool {
        let call = |handler: &HostMessages| catch_unwind(AssertUnwindSafe(|| handler(message)));
        self.host_messages.as_ref().is_some_and(|handler| matches!(call(handler), Ok(Ok(()))))
    }

    pub(super) fn knows(&self, job_type: &str) -> bool {
        self.queued.contains_key(job_type) || self.inline.contains_key(job_type)
    }

    /// The types that are answered inside the step.
    pub(super) fn is_inline(&self, job_type: &str) -> bool {
        self.inline.contains_key(job_type)
    }

    /// The types that are called after the commit.
    pub(super) fn queued_types(&self) -> impl Iterator<Item = &str> {
        self.queued.keys().map(String::as_str)
    }

    /// Calls the handler; a panic is a failure of the job.
    pub(super) fn call(&self, job: Job<Context>, ctx: &Ctx) -> Result<Context, JobError> {
        let Some(handler) = self.queued.get(&job.job_type) else {
            return Err(JobError::fail(format!("no handler for job type `{}`", job.job_type)));
        };
        catch_unwind(AssertUnwindSafe(|| handler(job, ctx))).unwrap_or_else(|panic| Err(panicked(&*panic)))
    }

    /// Calls the pure handler of a type; none where it has none.
    pub(super) fn answer(&self, job: Job<()>, variables: &dyn Variables) -> Option<Answer> {
        let handler = self.inline.get(&job.job_type)?;
        let result = catch_unwind(AssertUnwindSafe(|| handler(job, variables)))
            .unwrap_or_else(|panic| Err(panicked(&*panic)));
        Some(match result.map_err(JobError::into_failure) {
            Ok(output) => Answer::Complete(output),
            Err(JobFailure::Bpmn { code, message, variables }) => Answer::Error(code, message, variables),
            Err(JobFailure::Failed { message, .. }) => Answer::Fail(message),
            Err(JobFailure::Escalated { code, .. }) => {
                Answer::Fail(format!("an inline handler cannot raise the escalation `{code}`"))
            }
        })
    }
}

/// The job of a step, before its input is read.
pub(super) fn inline_job(instance: InstanceId, process: &str, job: &JobView<'_>) -> Job<()> {
    Job {
        key: JobKey { instance, key: job.key },
        job_type: job.job_type.to_owned(),
        element: job.element.to_owned(),
        process: process.to_owned(),
        attempt: 1,
        now: job.now,
        input: (),
    }
}

impl<T> Job<T> {
    fn with<U>(self, input: U) -> Job<U> {
        Job {
            key: self.key,
            job_type: self.job_type,
            element: self.element,
            process: self.process,
            attempt: self.attempt,
            now: self.now,
            input,
        }
    }
}

fn seen(names: &[&str], variables: &dyn Variables) -> Context {
    let read = |name: &&str| variables.get(name).map(|value| ((*name).to_owned(), value));
    names.iter().filter_map(read).collect()
}

fn typed_job<In: DeserializeOwned>(mut job: Job<Context>, shape: Shape) -> Result<Job<In>, JobError> {
    let seen = match shape {
        Shape::Nothing => Value::NULL,
        Shape::Fields(_) | Shape::Anything => Value::Context(std::mem::take(&mut job.input)),
    };
    match typed::from_value(&seen) {
        Ok(input) => Ok(job.with(input)),
        Err(error) => {
            Err(JobError::fail(format!("the variables do not fit job type `{}`: {error}", job.job_type)))
        }
    }
}

fn output<Out: Serialize>(output: Out) -> Result<Context, JobError> {
    variables(&output)
        .map_err(|reason| JobError::fail(format!("the result is no set of variables: {reason}")))
}

/// What a host hands in as variables: an object by its fields; nothing for unit and none.
pub(super) fn variables<T: Serialize + ?Sized>(value: &T) -> Result<Context, String> {
    match typed::to_value(value).map_err(|error| error.to_string())? {
        Value::Context(context) => Ok(context),
        Value::Null(_) => Ok(Context::new()),
        other => Err(format!("a {} has no names for its parts", other.type_name())),
    }
}

pub(super) fn panicked(panic: &(dyn Any + Send)) -> JobError {
    JobError::fail(format!("the handler panicked: {}", panic_text(panic)))
}

/// The text of a panic, where it has one.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}
