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
use crate::runtime::record::{Dispatch, MessageNote};
use crate::runtime::remember::Remember;
use crate::runtime::router::Router;
use crate::runtime::store::{CorruptRecord, EffectId, Head, InstanceChange, Reference, RowChange};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How often a command is tried again when another runtime has changed its instance meanwhile.
const CONFLICTS_MAX: usize = 16;

/// Which instance a request is about.
#[derive(Clone)]
pub(in crate::runtime) enum Target {
    Existing(InstanceId),
    New { process: ProcessIx, reference: Option<Reference> },
}

/// A command with everything that becomes durable in the same commit.
#[derive(Clone)]
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
    /// Carries out one command, without the effects that it has on other instances. Where another runtime has changed
    /// the instance since it was read, it is read again and the command decided anew.
    pub(super) fn carry_out(&mut self, request: Request) -> Result<InstanceId, CommandError> {
        if request.expected.is_some() || !self.is_shared {
            return self.carry_out_once(request);
        }
        for _ in 0..CONFLICTS_MAX {
            match self.carry_out_once(request.clone()) {
                Err(CommandError::VersionConflict { instance, .. }) => {
                    if let Target::New { .. } = request.target {
                        self.ids.used(instance);
                    }
                }
                decided => return decided,
            }
        }
        self.carry_out_once(request)
    }

    fn carry_out_once(&mut self, request: Request) -> Result<InstanceId, CommandError> {
        let mut live = self.take(request.target)?;
        let id = live.head.id;
        if let Some(error) = refused_as_a_whole(&live, request.expected) {
            self.keep(live);
            return Err(error);
        }
        let consumed = request.remember.map(|remember| remember.consumed(id));
        let note = Note {
            by: request.by,
            consumed: consumed.into_iter().collect(),
            rows: request.rows,
            message: request.message,
            depth: request.depth,
        };
        let (by, depth) = (note.by.clone(), note.depth);
        let continuation = match self.step(&mut live, request.command, depth) {
            Stepped::Done(transition) => self.commit(&mut live, transition, note)?,
            Stepped::Rejected(rejection) => {
                if live.version.is_some() {
                    self.keep(live);
                }
                return Err(CommandError::Rejected(rejection));
            }
            Stepped::Panicked(reason) => return Err(self.set_aside(live, &reason)),
        };
        self.go_on(live, continuation, by, depth)?;
        Ok(id)
    }

    /// A long command goes on, commit by commit. Its first part is durable, so that a failure of the store leaves the
    /// rest for the time before the next command.
    fn go_on(
        &mut self,
        mut live: Live,
        mut continuation: Option<EffectId>,
        by: Option<String>,
        depth: u32,
    ) -> Result<(), CommandError> {
        while let Some(effect) = continuation {
            let rows = vec![RowChange::OutboxTake(effect)];
            let note = Note { by: by.clone(), depth, rows, ..Note::default() };
            let id = live.head.id;
            continuation = match self.step(&mut live, Command::Continue, depth) {
                Stepped::Done(transition) => match self.commit(&mut live, transition, note) {
                    Ok(continuation) => continuation,
                    Err(_) => {
                        self.expect(effect, Dispatch::Continue(id));
                        return Ok(());
                    }
                },
                Stepped::Rejected(rejection) => {
                    return Err(self.set_aside(live, &format!("a long command could not go on: {rejection}")));
                }
                Stepped::Panicked(reason) => return Err(self.set_aside(live, &reason)),
            };
        }
        if live.head.status == Status::Active {
            self.keep(live);
        }
        Ok(())
    }

    fn take(&mut self, target: Target) -> Result<Live, CommandError> {
        match target {
            Target::Existing(id) => {
                self.drop_stale(id)?;
                match self.live.swap_remove(&id) {
                    Some(live) => Ok(live),
                    None => self.load_or_set_aside(id),
                }
            }
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

    /// Sets an instance aside without its state: all that is known of it but its head leaves the indexes.
    pub(super) fn set_aside_unread(
        &mut self,
        id: InstanceId,
        corrupt: &CorruptRecord,
    ) -> Result<(), CommandError> {
        let Some(stored) = self.store.load(&[id])?.pop().flatten() else { return Err(not_found(id)) };
        if stored.head.quarantine.is_some() {
            return Ok(());
        }
        let reason = corrupt.to_string();
        let change = InstanceChange {
            id,
            expected: Some(stored.version),
            version: stored.version,
            state: None,
            head: Head { quarantine: Some(reason.clone()), ..stored.head },
        };
        self.write_head(change, vec![RowChange::CloseAll(id)], Some(reason))
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
        let has_moves = !live.instance.queue.is_empty();
        self.change_head(live, None)?;
        if has_moves {
            // The failure came in the middle of a long command.
            self.carry_out(Request::new(Target::Existing(id), Command::Continue))?;
        }
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

/// An instance that was set aside takes nothing, one that has moved on nothing that relies on what it was.
fn refused_as_a_whole(live: &Live, expected: Option<u64>) -> Option<CommandError> {
    let id = live.head.id;
    if let Some(reason) = &live.head.quarantine {
        return Some(set_aside(id, reason));
    }
    let (expected, actual) = (expected?, live.version?);
    (expected != actual).then_some(CommandError::VersionConflict { instance: id, expected, actual })
}

fn set_aside(id: InstanceId, reason: &str) -> CommandError {
    CommandError::rejected(RejectionCode::Suspended, format!("instance {id} is set aside: {reason}"))
}
