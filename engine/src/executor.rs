//! The step: one command runs one instance to quiescence, with no I/O.
//!
//! Admit the command or reject it, then take tokens off the queue one by one until none is left; then fire the
//! inclusive joins that may; then deliver what was thrown, oldest first. Every change is an [`Event`] that is
//! recorded and applied at once.

mod admit;
mod association;
mod catch;
mod conditions;
mod conversation;
mod data;
mod incident;
mod modify;
mod propagate;
mod scope;
mod start;
mod token;

use crate::behavior;
use crate::command::{Answer, Command, JobView, Refusal, Rejection};
use crate::event::{Data, Event, Outgoing, Transition};
use crate::id::{ElementKey, ProcessIx, Timestamp};
use crate::instance::{Instance, Slot, Token};
use crate::limits::Limits;
use crate::process::{Library, Process, Row};
use std::cell::Cell;
use tokenflow_feel::{Context, Value};

pub(crate) use data::{Failure, read};

/// Answers jobs inside the step: pure code, which may run again after a crash.
pub trait Host {
    /// The answer, or none to leave the job open.
    fn job(&mut self, job: &JobView<'_>, variables: &dyn Variables) -> Option<Answer>;

    /// Whether what was thrown may leave the instance.
    ///
    /// # Errors
    /// The incident that stops the thrower instead.
    fn publish(&mut self, _outgoing: &Outgoing) -> Result<(), Refusal> {
        Ok(())
    }
}

/// The variables that a job sees.
pub trait Variables {
    /// The variable of that name, as the activity sees it.
    fn get(&self, name: &str) -> Option<Value>;

    /// All of them, the nearest of each name.
    fn all(&self) -> Context;
}

/// A host that leaves every job open.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHost;

impl Host for NoHost {
    fn job(&mut self, _job: &JobView<'_>, _variables: &dyn Variables) -> Option<Answer> {
        None
    }
}

/// Steps instances. It holds no state of theirs, so one serves any number of them.
#[derive(Clone, Debug, Default)]
pub struct Executor {
    /// The limits that every step obeys.
    pub limits: Limits,
    /// Starts and calls processes with `isExecutable="false"` too.
    pub allow_non_executable: bool,
}

impl Executor {
    /// An executor with these limits.
    pub fn new(limits: Limits) -> Executor {
        Executor { limits, allow_non_executable: false }
    }

    /// Carries out one command at logical time `max(now, the instance's own)`.
    ///
    /// # Errors
    /// A [`Rejection`]: the command cannot be carried out, and nothing has changed.
    pub fn step(
        &self,
        library: &Library,
        instance: &mut Instance,
        command: Command,
        now: Timestamp,
        host: &mut dyn Host,
    ) -> Result<Transition, Rejection> {
        let mut out = Transition::default();
        self.step_into(library, instance, command, now, host, &mut out)?;
        Ok(out)
    }

    /// The same, into the memory of a transition that is not needed any more.
    ///
    /// # Errors
    /// A [`Rejection`], which leaves `out` as it was.
    pub fn step_into(
        &self,
        library: &Library,
        instance: &mut Instance,
        command: Command,
        now: Timestamp,
        host: &mut dyn Host,
        out: &mut Transition,
    ) -> Result<(), Rejection> {
        let admitted = admit::admit(self, library, instance, command, now)?;
        instance.advance_clock(now);
        out.clear(instance.now());
        let process = Cell::new(None);
        let mut step = Step { executor: self, library, instance, host, out, fired: 0, process };
        admitted.begin(&mut step);
        step.run();
        step.finish();
        Ok(())
    }
}

/// One running step.
pub(crate) struct Step<'a> {
    pub(crate) executor: &'a Executor,
    pub(crate) library: &'a Library,
    pub(crate) instance: &'a mut Instance,
    pub(crate) host: &'a mut dyn Host,
    pub(crate) out: &'a mut Transition,
    /// Conditions that have fired since a token last moved.
    fired: u32,
    /// The process that was looked up last.
    process: Cell<Option<(ProcessIx, &'a Process)>>,
}

impl<'a> Step<'a> {
    /// Records an event and applies it.
    #[inline(always)]
    pub(crate) fn emit(&mut self, event: Event) {
        self.out.events.push(event);
        self.instance.apply(self.library, event, &self.out.values);
    }

    /// Puts a value into the table that events refer to.
    pub(crate) fn data(&mut self, value: Value) -> Data {
        self.out.values.push(value);
        Data(self.out.values.len() as u32 - 1)
    }

    pub(crate) fn limits(&self) -> &'a Limits {
        &self.executor.limits
    }

    #[inline]
    pub(crate) fn process(&self, slot: Slot) -> &'a Process {
        let ix = self.instance.process_ix(self.instance.elements[slot].process);
        match self.process.get() {
            Some((known, process)) if known == ix => process,
            Some(_) | None => {
                let process = self.library.process(ix);
                self.process.set(Some((ix, process)));
                process
            }
        }
    }

    /// The row of an element's node; process instances have none.
    pub(crate) fn row(&self, slot: Slot) -> &'a Row {
        self.process(slot).row(self.instance.elements[slot].node)
    }

    pub(crate) fn is_revived(&self, slot: Slot) -> bool {
        self.instance.is_revived(self.library, slot)
    }

    pub(crate) fn key(&self, slot: Slot) -> ElementKey {
        self.instance.elements[slot].key
    }

    /// Runs to quiescence, or until the share of moves of one step is used up.
    fn run(&mut self) {
        let mut moves = 0;
        loop {
            self.after_move();
            // Field by field: a token that was just written in parts stalls where it is read whole.
            if let Some(&Token { via, node, scope }) = self.instance.queue.front() {
                if moves >= self.limits().moves_per_step {
                    self.out.more = true;
                    return;
                }
                moves += 1;
                self.fired = 0;
                match self.reached_limit(0) {
                    Some(limit) => self.stop_at_limit(Token { via, node, scope }, limit),
                    None => self.advance(via, node, scope),
                }
            } else if !(behavior::gateway::fire_waiting(self) || self.deliver()) {
                return behavior::gateway::stop_deadlock(self);
            }
        }
    }

    /// What follows from a move before the next one: scopes that are empty complete, conditions that turned true
    /// fire.
    fn after_move(&mut self) {
        loop {
            if let Some(key) = self.instance.changes.emptied.pop() {
                self.settle(key);
            } else if self.instance.changes.variables {
                self.instance.changes.variables = false;
                self.evaluate_conditions();
                self.follow_data();
            } else if self.instance.changes.undos {
                self.instance.changes.undos = false;
                behavior::compensate::go_on(self);
            } else {
                return;
            }
        }
    }

    fn finish(self) {
        self.instance.take_changed(&mut self.out.changed);
        self.instance.count_transition();
    }

    /// Hands something to the other instances, with the commit.
    pub(crate) fn send(&mut self, outgoing: Outgoing) {
        self.out.outbox.push(outgoing);
    }
}
