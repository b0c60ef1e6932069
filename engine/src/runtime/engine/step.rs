//! One command on one instance: step, commit, and again while moves are left over.

use super::commit::Note;
use super::host::StepHost;
use super::{Engine, Live, not_found};
use crate::command::{Command, Rejection, RejectionCode};
use crate::event::{Status, Transition};
use crate::id::{InstanceId, ProcessIx};
use crate::instance::Instance;
use crate::runtime::error::CommandError;
use crate::runtime::handler::panic_text;
use crate::runtime::record::MessageNote;
use crate::runtime::remember::Remember;
use crate::runtime::router::Router;
use crate::runtime::store::{Head, InstanceChange, Reference, RowChange};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Which instance a request is about.
pub(in crate::runtime) enum Target {
    Existing(InstanceId),
    New { process: ProcessIx, reference: Option<Reference> },
}

/// A command with everything that becomes durable in the same commit.
pub(in crate::runtime) struct Request {
    pub(in crate::runtime) target: Target,
    pub(in crate::runtime) command: Command,
    pub(in crate::runtime) by: Option<String>,
    /// Remembered under the caller's key, with the answer that the instance's id gives.
    pub(in crate::runtime) remember: Option<Remember>,
    pub(in crate::runtime) rows: Vec<RowChange>,
    pub(in crate::runtime) message: Option<MessageNote>,
    /// How many throws led to it.
    pub(in crate::runtime) depth: u32,
    pub(in crate::runtime) expected: Option<u64>,
}

impl Request {
    pub(in crate::runtime) fn new(target: Target, command: Command) -> Request {
        Request {
            target,
            command,
            by: None,
            remember: None,
            rows: Vec::new(),
            message: None,
            depth: 0,
            expected: None,
        }
    }
}

enum Stepped {
    Done(Transition),
    Rejected(Rejection),
    Panicked(String),
}

impl Engine {
    /// Carries out one command, without the effects that it has on other instances.
    pub(super) fn carry_out(&mut self, request: Request) -> Result<InstanceId, CommandError> {
        let mut live = self.take(request.target)?;
        let id = live.head.id;
        let quarantine = live.head.quarantine.clone();
        if let Some(reason) = quarantine {
            self.keep(live);
            return Err(set_aside(id, &reason));
        }
        if let (Some(expected), Some(actual)) = (request.expected, live.version)
            && expected != actual
        {
            self.keep(live);
            return Err(CommandError::VersionConflict { instance: id, expected, actual });
        }
        let consumed = request.remember.map(|remember| remember.consumed(id));
        let mut note = Note {
            by: request.by,
            consumed: consumed.into_iter().collect(),
            rows: request.rows,
            message: request.message,
            depth: request.depth,
        };
        let mut command = request.command;
        let mut is_first = true;
        loop {
            match self.step(&mut live, command, note.depth) {
                Stepped::Done(transition) => {
                    let more = transition.more;
                    let depth = note.depth;
                    let by = note.by.clone();
                    let continuation = self.commit(&mut live, transition, note)?;
                    if !more {
                        break;
                    }
                    note = Note { by, depth, rows: continuation, ..Note::default() };
                    command = Command::Continue;
                    is_first = false;
                }
                Stepped::Rejected(rejection) if is_first => {
                    if live.version.is_some() {
                        self.keep(live);
                    }
                    return Err(CommandError::Rejected(rejection));
                }
                Stepped::Rejected(rejection) => {
                    return Err(self.set_aside(live, &format!("a long command could not go on: {rejection}")));
                }
                Stepped::Panicked(reason) => return Err(self.set_aside(live, &reason)),
            }
        }
        if live.head.status == Status::Active {
            self.keep(live);
        }
        Ok(id)
    }

    fn take(&mut self, target: Target) -> Result<Live, CommandError> {
        match target {
            Target::Existing(id) => match self.live.swap_remove(&id) {
                Some(live) => Ok(live),
                None => self.load(id),
            },
            Target::New { process, reference } => {
                let now = self.now();
                let id = self.ids.instance(now);
                let process = self.library.process(process);
                let head = Head {
                    id,
                    process: process.id().to_owned(),
                    process_version: process.version(),
                    status: Status::Active,
                    is_suspended: false,
                    started_at: now,
                    ended_at: None,
                    reference,
                    incidents: 0,
                    quarantine: None,
                };
                Ok(Live { instance: Instance::new(id), head, version: None })
            }
        }
    }

    fn step(&mut self, live: &mut Live, command: Command, depth: u32) -> Stepped {
        let now = self.now();
        let instance = live.head.id;
        let executor = &mut self.executor;
        let library = &self.library;
        let mut host = StepHost {
            router: Router { store: &*self.store, library, routes: &self.routes },
            handlers: &self.handlers,
            limits: &self.options.limits,
            instance,
            process: live.head.process.clone(),
            depth,
            thrown: BTreeMap::new(),
        };
        let stepped = catch_unwind(AssertUnwindSafe(|| {
            executor.step(library, &mut live.instance, command, now, &mut host)
        }));
        match stepped {
            Ok(Ok(transition)) => Stepped::Done(transition),
            Ok(Err(rejection)) => Stepped::Rejected(rejection),
            Err(panic) => {
                self.executor = super::executor(&self.options);
                Stepped::Panicked(format!(
                    "the step of instance {instance} failed inside: {}",
                    panic_text(&*panic)
                ))
            }
        }
    }

    /// Sets an instance aside after a failure inside its step: what is stored of it stays as it was, nothing of it
    /// is handed out or told any more, and others go on.
    fn set_aside(&mut self, live: Live, reason: &str) -> CommandError {
        let id = live.head.id;
        if live.version.is_none() {
            return CommandError::rejected(
                RejectionCode::InvalidTarget,
                format!("the process cannot start: {reason}"),
            );
        }
        let result = self.load(id).and_then(|mut stored| {
            stored.head.quarantine = Some(reason.to_owned());
            self.change_head(stored, Some(reason.to_owned()))
        });
        match result {
            Ok(()) => set_aside(id, reason),
            Err(error) => error,
        }
    }

    /// Lets an instance that was set aside go on, from the state before the failure.
    pub(in crate::runtime) fn readmit(&mut self, id: InstanceId) -> Result<(), CommandError> {
        let mut live = self.take(Target::Existing(id))?;
        if live.head.quarantine.take().is_none() {
            let error =
                CommandError::rejected(RejectionCode::NotWaiting, format!("instance {id} was not set aside"));
            self.keep(live);
            return Err(error);
        }
        self.change_head(live, None)?;
        self.settle();
        Ok(())
    }

    fn change_head(&mut self, live: Live, quarantine: Option<String>) -> Result<(), CommandError> {
        let Some(version) = live.version else { return Err(not_found(live.head.id)) };
        let change = InstanceChange {
            id: live.head.id,
            expected: Some(version),
            version,
            state: None,
            head: live.head.clone(),
        };
        let rows = self.all_rows(&live);
        self.write_head(change, rows, quarantine)?;
        self.keep(live);
        Ok(())
    }
}

fn set_aside(id: InstanceId, reason: &str) -> CommandError {
    CommandError::rejected(RejectionCode::Suspended, format!("instance {id} is set aside: {reason}"))
}
