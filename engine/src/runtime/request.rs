//! Commands to open work, incidents and whole instances, each built up and ended in `send`.

use super::engine::{Engine, Request as Step, Target};
use super::handler::variables;
use super::identity::JobKey;
use super::record::Answer;
use super::remember::{Content, Remember, first_answer};
use super::work::LeaseId;
use super::{CommandError, Runtime};
use crate::command::{Command, RejectionCode};
use crate::id::{ElementKey, InstanceId};
use sealed::Ask;
use serde::Serialize;
use std::time::Duration;
use tokenflow_feel::Context;

/// A command to one element or instance; ends in [`send`](Request::send).
#[must_use = "nothing happens before `send`"]
pub struct Request<'r, I> {
    runtime: &'r Runtime,
    target: JobKey,
    intent: I,
    by: Option<String>,
    key: Option<String>,
    expected: Option<u64>,
    lease: Option<LeaseId>,
}

/// A command that carries variables: complete, error, escalate, set.
#[derive(Clone, Debug)]
pub struct Carrying {
    kind: CarryingKind,
    variables: Context,
}

#[derive(Clone, Debug)]
enum CarryingKind {
    Complete,
    Error { code: String, message: Option<String> },
    Escalate { code: String },
    Set,
}

/// A failed job.
#[derive(Clone, Debug)]
pub struct Failing {
    message: String,
    retries: Option<u32>,
    backoff: Option<Duration>,
}

/// A command without anything to add.
#[derive(Clone, Debug)]
pub struct Plain(PlainKind);

#[derive(Clone, Debug)]
enum PlainKind {
    Claim { user: String },
    Release,
    Assign { user: String },
    Delegate { user: String },
    Activate { element: String },
    Finish,
    Begin { element: String, after: bool },
    Move { to: String },
    CancelElement,
    Resolve,
    Cancel,
    Suspend,
    Resume,
    Raw(Box<Command>),
}

/// What a [`Request`] asks for.
pub trait Intent: sealed::Intent {}

impl Intent for Carrying {}
impl Intent for Failing {}
impl Intent for Plain {}

mod sealed {
    use super::{Carrying, Failing, Plain};

    pub trait Intent {
        fn ask(self) -> Ask;
    }

    pub enum Ask {
        Carrying(Carrying),
        Failing(Failing),
        Plain(Plain),
    }
}

impl Runtime {
    /// A job or user task is done.
    pub fn complete(&self, work: JobKey) -> Request<'_, Carrying> {
        self.carrying(work, CarryingKind::Complete)
    }

    /// A job failed; it is tried again while it has tries left.
    pub fn fail(&self, job: JobKey, message: impl Into<String>) -> Request<'_, Failing> {
        self.request(job, Failing { message: message.into(), retries: None, backoff: None })
    }

    /// The work threw a BPMN error.
    pub fn error(&self, work: JobKey, code: impl Into<String>) -> Request<'_, Carrying> {
        self.carrying(work, CarryingKind::Error { code: code.into(), message: None })
    }

    /// The work raised an escalation and goes on.
    pub fn escalate(&self, work: JobKey, code: impl Into<String>) -> Request<'_, Carrying> {
        self.carrying(work, CarryingKind::Escalate { code: code.into() })
    }

    /// Sets variables in the scope of an element; `ElementKey::ROOT` is the process instance.
    pub fn set(&self, scope: JobKey) -> Request<'_, Carrying> {
        self.carrying(scope, CarryingKind::Set)
    }

    /// A person takes a user task.
    pub fn claim(&self, task: JobKey, user: impl Into<String>) -> Request<'_, Plain> {
        self.plain(task, PlainKind::Claim { user: user.into() })
    }

    /// A person gives a user task back.
    pub fn release(&self, task: JobKey) -> Request<'_, Plain> {
        self.plain(task, PlainKind::Release)
    }

    /// Gives a user task to a person.
    pub fn assign(&self, task: JobKey, user: impl Into<String>) -> Request<'_, Plain> {
        self.plain(task, PlainKind::Assign { user: user.into() })
    }

    /// The owner of a user task, named by [`by`](Request::by), gives it to somebody else.
    pub fn delegate(&self, task: JobKey, user: impl Into<String>) -> Request<'_, Plain> {
        self.plain(task, PlainKind::Delegate { user: user.into() })
    }

    /// Starts an activity, by its id, of an ad-hoc sub-process.
    pub fn activate(&self, ad_hoc: JobKey, element: impl Into<String>) -> Request<'_, Plain> {
        self.plain(ad_hoc, PlainKind::Activate { element: element.into() })
    }

    /// An ad-hoc sub-process has nothing more to do.
    pub fn finish(&self, ad_hoc: JobKey) -> Request<'_, Plain> {
        self.plain(ad_hoc, PlainKind::Finish)
    }

    /// Puts a token before an element, by its id; `within` is the process instance, the root or a called one. Scopes
    /// around the element that are not active are entered without their start events.
    pub fn begin_before(&self, within: JobKey, element: impl Into<String>) -> Request<'_, Plain> {
        self.plain(within, PlainKind::Begin { element: element.into(), after: false })
    }

    /// Takes the outgoing flows of an element without the element itself.
    pub fn begin_after(&self, within: JobKey, element: impl Into<String>) -> Request<'_, Plain> {
        self.plain(within, PlainKind::Begin { element: element.into(), after: true })
    }

    /// Ends an activation without its outgoing flows and begins another element instead.
    pub fn move_to(&self, from: JobKey, to: impl Into<String>) -> Request<'_, Plain> {
        self.plain(from, PlainKind::Move { to: to.into() })
    }

    /// Ends an activation without its outgoing flows.
    pub fn cancel_element(&self, element: JobKey) -> Request<'_, Plain> {
        self.plain(element, PlainKind::CancelElement)
    }

    /// An incident's cause is gone: the element tries again. An instance that was set aside as a whole takes it at
    /// any key and goes on from the state before the failure.
    pub fn resolve(&self, element: JobKey) -> Request<'_, Plain> {
        self.plain(element, PlainKind::Resolve)
    }

    /// Ends an instance, with everything it has called, as canceled.
    pub fn cancel(&self, instance: InstanceId) -> Request<'_, Plain> {
        self.plain(root(instance), PlainKind::Cancel)
    }

    /// An instance takes no answers, messages and timers until it is resumed.
    pub fn suspend(&self, instance: InstanceId) -> Request<'_, Plain> {
        self.plain(root(instance), PlainKind::Suspend)
    }

    /// It does again; timers that came due meanwhile fire now, once each.
    pub fn resume(&self, instance: InstanceId) -> Request<'_, Plain> {
        self.plain(root(instance), PlainKind::Resume)
    }

    /// Any command of the core but `Start`.
    ///
    /// # Errors
    /// What the engine refuses, or a failure of the store.
    pub fn command(&self, instance: InstanceId, command: Command) -> Result<(), CommandError> {
        self.plain(root(instance), PlainKind::Raw(Box::new(command))).send()
    }

    fn carrying(&self, target: JobKey, kind: CarryingKind) -> Request<'_, Carrying> {
        self.request(target, Carrying { kind, variables: Context::new() })
    }

    fn plain(&self, target: JobKey, kind: PlainKind) -> Request<'_, Plain> {
        self.request(target, Plain(kind))
    }

    fn request<I>(&self, target: JobKey, intent: I) -> Request<'_, I> {
        Request { runtime: self, target, intent, by: None, key: None, expected: None, lease: None }
    }
}

fn root(instance: InstanceId) -> JobKey {
    JobKey { instance, key: ElementKey::ROOT }
}

impl Request<'_, Carrying> {
    /// The variables that it carries: anything that serialises to an object.
    ///
    /// # Errors
    /// `InvalidPayload` where it is no object or holds a value that the engine does not have.
    pub fn with<T: Serialize + ?Sized>(self, values: &T) -> Result<Self, CommandError> {
        let values = variables(values)
            .map_err(|reason| CommandError::rejected(RejectionCode::InvalidPayload, reason))?;
        Ok(self.context(values))
    }

    /// As [`with`](Request::with), by value.
    ///
    /// # Errors
    /// As [`with`](Request::with).
    pub fn variables(self, values: impl Serialize) -> Result<Self, CommandError> {
        self.with(&values)
    }

    /// The variables that it carries, as the engine holds them.
    pub fn context(mut self, values: Context) -> Self {
        self.intent.variables = values;
        self
    }

    /// Says why, for people; only an error has room for it.
    pub fn message(mut self, text: impl Into<String>) -> Self {
        if let CarryingKind::Error { message, .. } = &mut self.intent.kind {
            *message = Some(text.into());
        }
        self
    }
}

impl Request<'_, Failing> {
    /// Sets the tries that are left, instead of taking one off.
    pub fn retries(mut self, left: u32) -> Self {
        self.intent.retries = Some(left);
        self
    }

    /// How long to wait before the next try.
    pub fn backoff(mut self, wait: Duration) -> Self {
        self.intent.backoff = Some(wait);
        self
    }
}

impl<I: Intent> Request<'_, I> {
    /// Names the actor; a person needs the right to what is asked.
    pub fn by(mut self, actor: impl Into<String>) -> Self {
        self.by = Some(actor.into());
        self
    }

    /// Makes the command idempotent: the same key and content have no second effect.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Only where the instance is at this version.
    pub fn at_version(mut self, version: u64) -> Self {
        self.expected = Some(version);
        self
    }

    /// Only while this lease on the job holds, so that an answer which comes too late is refused.
    pub fn lease(mut self, lease: LeaseId) -> Self {
        self.lease = Some(lease);
        self
    }

    /// Carries it out and returns when it is durable.
    ///
    /// # Errors
    /// What the engine refuses, `KeyConflict`, `JobNotActive` where the lease is over, a version conflict, or a
    /// failure of the store.
    pub fn send(self) -> Result<(), CommandError> {
        let ask = self.intent.ask();
        let mut engine = self.runtime.lock();
        let remember = self.key.map(|key| {
            let mut content = ask.content();
            content.text(&self.target.to_string()).maybe(self.by.as_deref());
            content.under(key, engine.now())
        });
        if let Some(command) = &remember
            && command.answered(&*engine.store)?.is_some()
        {
            return Ok(());
        }
        if let Some(lease) = self.lease {
            engine.check_lease(self.target, lease)?;
        }
        let id = self.target.instance;
        let is_answer = ask.is_answer();
        if ask.is_resolve() && engine.view(id)?.head.quarantine.is_some() {
            engine.readmit(id)?;
        } else {
            let command = ask.command(&mut engine, self.target, self.by.clone())?;
            let mut step = Step::new(Target::Existing(id), command);
            step.by = self.by;
            step.expected = self.expected;
            step.remember = remember.clone().map(|command| Remember { command, answer: |_| Answer::Done });
            let result = engine.command(step);
            if first_answer(&result, remember.as_ref(), &*engine.store)?.is_none() {
                result?;
            }
        }
        if is_answer {
            engine.leases.remove(&self.target);
        }
        drop(engine);
        self.runtime.notify();
        Ok(())
    }
}

impl sealed::Intent for Carrying {
    fn ask(self) -> Ask {
        Ask::Carrying(self)
    }
}

impl sealed::Intent for Failing {
    fn ask(self) -> Ask {
        Ask::Failing(self)
    }
}

impl sealed::Intent for Plain {
    fn ask(self) -> Ask {
        Ask::Plain(self)
    }
}

impl Ask {
    /// What tells two requests under one key apart.
    fn content(&self) -> Content {
        match self {
            Ask::Carrying(carrying) => carrying.content(),
            Ask::Failing(failing) => failing.content(),
            Ask::Plain(plain) => plain.content(),
        }
    }

    /// The command for the core.
    fn command(
        self,
        engine: &mut Engine,
        target: JobKey,
        by: Option<String>,
    ) -> Result<Command, CommandError> {
        match self {
            Ask::Carrying(carrying) => Ok(carrying.command(target.key, by)),
            Ask::Failing(failing) => Ok(failing.command(target.key)),
            Ask::Plain(plain) => plain.command(engine, target, by),
        }
    }

    /// It answers a job, so that the lease on it is over.
    fn is_answer(&self) -> bool {
        match self {
            Ask::Carrying(Carrying { kind, .. }) => match kind {
                CarryingKind::Complete | CarryingKind::Error { .. } => true,
                CarryingKind::Escalate { .. } | CarryingKind::Set => false,
            },
            Ask::Failing(_) => true,
            Ask::Plain(_) => false,
        }
    }

    /// It is the one command that an instance which was set aside takes.
    fn is_resolve(&self) -> bool {
        match self {
            Ask::Plain(Plain(PlainKind::Resolve)) => true,
            Ask::Plain(Plain(PlainKind::Raw(command))) => matches!(**command, Command::Resolve { .. }),
            Ask::Plain(_) | Ask::Carrying(_) | Ask::Failing(_) => false,
        }
    }
}

impl Carrying {
    fn content(&self) -> Content {
        let mut content = match &self.kind {
            CarryingKind::Complete => Content::new("complete"),
            CarryingKind::Error { code, message } => {
                let mut content = Content::new("error");
                content.text(code).maybe(message.as_deref());
                content
            }
            CarryingKind::Escalate { code } => {
                let mut content = Content::new("escalate");
                content.text(code);
                content
            }
            CarryingKind::Set => Content::new("set"),
        };
        content.variables(&self.variables);
        content
    }

    fn command(self, key: ElementKey, by: Option<String>) -> Command {
        let variables = self.variables;
        match self.kind {
            CarryingKind::Complete => Command::Complete { key, by, variables },
            CarryingKind::Error { code, message } => Command::Error { key, code, message, variables },
            CarryingKind::Escalate { code } => Command::Escalate { key, code, variables },
            CarryingKind::Set => Command::Set { scope: key, variables },
        }
    }
}

impl Failing {
    fn content(&self) -> Content {
        let mut content = Content::new("fail");
        content.text(&self.message);
        content.maybe(self.retries.map(|retries| retries.to_string()).as_deref());
        content.maybe(self.backoff.map(|backoff| backoff.as_micros().to_string()).as_deref());
        content
    }

    fn command(self, key: ElementKey) -> Command {
        let backoff = self.backoff.map(|wait| i64::try_from(wait.as_micros()).unwrap_or(i64::MAX));
        Command::Fail { key, message: self.message, retries: self.retries, backoff }
    }
}

impl Plain {
    fn content(&self) -> Content {
        let mut content = Content::new("plain");
        match &self.0 {
            PlainKind::Claim { user } => content.text("claim").text(user),
            PlainKind::Release => content.text("release"),
            PlainKind::Assign { user } => content.text("assign").text(user),
            PlainKind::Delegate { user } => content.text("delegate").text(user),
            PlainKind::Activate { element } => content.text("activate").text(element),
            PlainKind::Finish => content.text("finish"),
            PlainKind::Begin { element, after: false } => content.text("begin-before").text(element),
            PlainKind::Begin { element, after: true } => content.text("begin-after").text(element),
            PlainKind::Move { to } => content.text("move").text(to),
            PlainKind::CancelElement => content.text("cancel-element"),
            PlainKind::Resolve => content.text("resolve"),
            PlainKind::Cancel => content.text("cancel"),
            PlainKind::Suspend => content.text("suspend"),
            PlainKind::Resume => content.text("resume"),
            PlainKind::Raw(_) => content.text("raw"),
        };
        content
    }

    fn command(
        self,
        engine: &mut Engine,
        target: JobKey,
        by: Option<String>,
    ) -> Result<Command, CommandError> {
        let key = target.key;
        Ok(match self.0 {
            PlainKind::Claim { user } => Command::Claim { key, user },
            PlainKind::Release => Command::Release { key, by },
            PlainKind::Assign { user } => Command::Assign { key, user, by },
            PlainKind::Delegate { user } => Command::Delegate { key, user, by },
            PlainKind::Activate { element } => {
                Command::Activate { key, node: engine.node_of(target, &element)? }
            }
            PlainKind::Finish => Command::Finish { key },
            PlainKind::Begin { element, after } => Command::Begin { within: key, element, after },
            PlainKind::Move { to } => Command::Move { key, to },
            PlainKind::CancelElement => Command::CancelElement { key },
            PlainKind::Resolve => Command::Resolve { key },
            PlainKind::Cancel => Command::Cancel,
            PlainKind::Suspend => Command::Suspend,
            PlainKind::Resume => Command::Resume,
            PlainKind::Raw(command) => match *command {
                Command::Start { .. } => {
                    let message = format!("instance {} has been started", target.instance);
                    return Err(CommandError::rejected(RejectionCode::InvalidTarget, message));
                }
                other => other,
            },
        })
    }
}
