//! Carries out what a scenario asks of the engine, as commands of the runtime.

use crate::command::{Command, Rejection, RejectionCode};
use crate::id::{ElementKey, InstanceId};
use crate::runtime::{CommandError, Intent, JobKey, Request};
use crate::scenario::payload::{NoVariables, Payload};
use crate::scenario::statement::{Ask, Message, Reply, Start};
use crate::scenario::target::Role;
use crate::scenario::world::World;
use tokenflow_feel::{Context, Value};

/// Why a command was not carried out.
pub(super) enum Failed {
    /// It was refused, by the engine or because its target is not there.
    Rejected(Rejection),
    /// The harness, the store or the scenario is at fault.
    Broken(String),
}

impl From<Rejection> for Failed {
    fn from(rejection: Rejection) -> Failed {
        Failed::Rejected(rejection)
    }
}

impl From<CommandError> for Failed {
    fn from(error: CommandError) -> Failed {
        match error {
            CommandError::Rejected(rejection) => Failed::Rejected(rejection),
            other => Failed::Broken(other.to_string()),
        }
    }
}

impl From<String> for Failed {
    fn from(message: String) -> Failed {
        Failed::Broken(message)
    }
}

type Asked = Result<(), Failed>;

impl World {
    /// Carries out one command.
    pub(super) fn ask(&mut self, idem: Option<&str>, ask: &Ask) -> Asked {
        match ask {
            Ask::Start(start) => self.start(idem, start),
            Ask::Answer { target, by, reply } => {
                let work = self.element(target, &Role::Work)?;
                self.reply(idem, work, by.as_deref(), reply)
            }
            Ask::Claim { target, user } => {
                let task = self.element(target, &Role::Work)?;
                send(self.runtime().claim(task, user), idem, Some(user))
            }
            Ask::Release { target, user } => {
                let task = self.element(target, &Role::Work)?;
                send(self.runtime().release(task), idem, Some(user))
            }
            Ask::Assign { target, user, by } => {
                let task = self.element(target, &Role::Work)?;
                send(self.runtime().assign(task, user), idem, by.as_deref())
            }
            Ask::Delegate { target, user, by } => {
                let task = self.element(target, &Role::Work)?;
                send(self.runtime().delegate(task, user), idem, by.as_deref())
            }
            Ask::Activate { target, task } => {
                let ad_hoc = self.element(target, &Role::AdHoc)?;
                send(self.runtime().activate(ad_hoc, task), idem, None)
            }
            Ask::Finish { target } => {
                let ad_hoc = self.element(target, &Role::AdHoc)?;
                send(self.runtime().finish(ad_hoc), idem, None)
            }
            Ask::Set { target, payload } => {
                let scope = self.scope(target.as_ref())?;
                let variables = self.variables(Some(payload), scope)?;
                send(self.runtime().set(scope).context(variables), idem, None)
            }
            Ask::Message(message) => self.message(idem, message),
            Ask::Signal { name, payload } => self.signal(idem, name, payload.as_ref()),
            Ask::Cancel { label } => {
                let root = self.root(label.as_deref())?;
                send(self.runtime().cancel(root), idem, None)
            }
            Ask::Suspend { label } => {
                let root = self.root(label.as_deref())?;
                send(self.runtime().suspend(root), idem, None)
            }
            Ask::Resume { label } => {
                let root = self.root(label.as_deref())?;
                send(self.runtime().resume(root), idem, None)
            }
            Ask::Resolve { target } => {
                let element = self.element(target, &Role::Incident)?;
                send(self.runtime().resolve(element), idem, None)
            }
            Ask::Move { target, to } => {
                let element = self.element(target, &Role::Open)?;
                send(self.runtime().move_to(element, to), idem, None)
            }
            Ask::Begin { before, element, scope } => {
                let within = self.process_instance(scope.as_deref())?;
                let request = match before {
                    true => self.runtime().begin_before(within, element),
                    false => self.runtime().begin_after(within, element),
                };
                send(request, idem, None)
            }
            Ask::Migrate { label, file, plan } => {
                Err(cannot_migrate(label.as_deref(), file, plan.as_deref()))
            }
        }
    }

    /// Answers open work.
    pub(super) fn reply(
        &mut self,
        idem: Option<&str>,
        work: JobKey,
        by: Option<&str>,
        reply: &Reply,
    ) -> Asked {
        match reply {
            Reply::Complete(payload) => {
                let variables = self.variables(payload.as_ref(), work)?;
                send(self.runtime().complete(work).context(variables), idem, by)
            }
            Reply::Fail { message, retries, backoff } => {
                let mut request = self.runtime().fail(work, message);
                if let Some(left) = retries {
                    request = request.retries(*left);
                }
                if let Some(duration) = backoff {
                    request = request.backoff(self.length(duration)?);
                }
                send(request, idem, by)
            }
            Reply::Error { code, message, payload } => {
                let variables = self.variables(payload.as_ref(), work)?;
                let mut request = self.runtime().error(work, code).context(variables);
                if let Some(message) = message {
                    request = request.message(message);
                }
                send(request, idem, by)
            }
            Reply::Escalate { code, payload } => {
                let variables = self.variables(payload.as_ref(), work)?;
                send(self.runtime().escalate(work, code).context(variables), idem, by)
            }
            Reply::Ignore => Ok(()),
        }
    }

    /// Sends a command that no instance can carry out; true where it was refused.
    pub(super) fn probe(&mut self, root: InstanceId, command: Command) -> Result<bool, String> {
        match self.runtime().command(root, command) {
            Ok(()) => Ok(false),
            Err(CommandError::Rejected(_)) => Ok(true),
            Err(other) => Err(other.to_string()),
        }
    }

    fn start(&mut self, idem: Option<&str>, start: &Start) -> Asked {
        let process = match &start.process {
            Some(process) => process.clone(),
            None => self.only_process()?,
        };
        let variables = match &start.payload {
            Some(payload) => payload.eval(&NoVariables, &self.env()).map_err(invalid)?,
            None => Context::new(),
        };
        let mut builder = self.runtime().start(&process).context(variables);
        if let Some(event) = &start.at {
            builder = builder.at(event);
        }
        if let Some(version) = start.version {
            builder = builder.version(version);
        }
        if let Some((kind, id)) = &start.reference {
            builder = builder.reference(kind, id);
        }
        if let Some(key) = idem {
            builder = builder.key(key);
        }
        let root = builder.send()?;
        if let Some(label) = &start.label {
            self.chronicle.tracer.name(root, label);
            self.chronicle.labels.insert(label.clone(), root);
        }
        if let Some((kind, id)) = &start.reference {
            self.refer(root, kind, id);
        }
        Ok(())
    }

    /// The process that is meant where none is named: the only executable one, else the only one.
    fn only_process(&self) -> Result<String, Rejection> {
        let library = self.library();
        let mut ids: Vec<(&str, bool)> = Vec::new();
        for (ix, process) in library.iter() {
            if library.latest(process.id()) == Some(ix) && !process.graph().is_global_task {
                ids.push((process.id(), process.is_executable()));
            }
        }
        let executable: Vec<&str> =
            ids.iter().filter(|(_, is_executable)| *is_executable).map(|(id, _)| *id).collect();
        match (executable.as_slice(), ids.as_slice()) {
            ([only], _) | ([], [(only, _)]) => Ok((*only).to_owned()),
            ([], []) => Err(Rejection::new(RejectionCode::NotFound, "no process is deployed")),
            (several, _) => {
                let message = format!("name one of the processes: {}", several.join(", "));
                Err(Rejection::new(RejectionCode::AmbiguousTarget, message))
            }
        }
    }

    fn message(&mut self, idem: Option<&str>, message: &Message) -> Asked {
        let to = message.to.as_deref().map(|label| self.root(Some(label))).transpose()?;
        let variables = self.variables_of_only(message.payload.as_ref(), to)?;
        let ttl = message.ttl.as_deref().map(|duration| self.length(duration)).transpose()?;
        let key = match &message.key {
            Some(key) => match to.or_else(|| self.root(None).ok()) {
                Some(instance) => {
                    let scope = self.scope_of(JobKey { instance, key: ElementKey::ROOT });
                    key.eval(&scope, &self.env())
                }
                None => key.eval(&NoVariables, &self.env()),
            }
            .map_err(invalid)?,
            None => Value::NULL,
        };
        let mut builder = self.runtime().message(&message.name).context(variables);
        if !key.is_null() {
            builder = builder.correlation_key(key);
        }
        if let Some(root) = to {
            builder = builder.to(root);
        }
        if let Some(id) = &message.id {
            builder = builder.id(id);
        }
        if let Some(ttl) = ttl {
            builder = builder.ttl(ttl);
        }
        if let Some(key) = idem {
            builder = builder.key(key);
        }
        builder.send()?;
        Ok(())
    }

    fn signal(&mut self, idem: Option<&str>, name: &str, payload: Option<&Payload>) -> Asked {
        let variables = self.variables_of_only(payload, None)?;
        let mut builder = self.runtime().signal(name).context(variables);
        if let Some(key) = idem {
            builder = builder.key(key);
        }
        builder.send()?;
        Ok(())
    }

    fn variables(&self, payload: Option<&Payload>, at: JobKey) -> Result<Context, Failed> {
        Ok(self.evaluate(payload, at).map_err(invalid)?)
    }

    /// A payload from outside sees the variables of the instance it is for, where there is only one.
    fn variables_of_only(
        &self,
        payload: Option<&Payload>,
        to: Option<InstanceId>,
    ) -> Result<Context, Failed> {
        match (payload, to.or_else(|| self.root(None).ok())) {
            (None, _) => Ok(Context::new()),
            (payload, Some(root)) => {
                self.variables(payload, JobKey { instance: root, key: ElementKey::ROOT })
            }
            (Some(payload), None) => Ok(payload.eval(&NoVariables, &self.env()).map_err(invalid)?),
        }
    }
}

fn send<I: Intent>(mut request: Request<'_, I>, idem: Option<&str>, by: Option<&str>) -> Asked {
    if let Some(key) = idem {
        request = request.key(key);
    }
    if let Some(user) = by {
        request = request.by(user);
    }
    request.send()?;
    Ok(())
}

fn invalid(why: String) -> Rejection {
    Rejection::new(RejectionCode::InvalidPayload, why)
}

fn cannot_migrate(label: Option<&str>, file: &str, plan: Option<&str>) -> Failed {
    let which = label.map_or("all instances".to_owned(), |label| format!("instance `{label}`"));
    let by = plan.map_or(String::new(), |plan| format!(" by `{plan}`"));
    Failed::Broken(format!("{which} cannot be migrated to `{file}`{by}: this engine has no such command"))
}
