//! What happens by time: timers of instances, timer start events, back-off of failed jobs, expiry of messages.

use super::step::{Request, Target};
use super::{Engine, not_found};
use crate::command::{Command, Occurrence};
use crate::id::Timestamp;
use crate::process::Process;
use crate::runtime::clock::Clock;
use crate::runtime::error::CommandError;
use crate::runtime::store::{Due, RowChange, StartTimerRow, StoreError, TimerRow};
use crate::timer::TimerSpec;
use tokenflow_feel::Context;

impl Engine {
    /// Tells everybody whose time has come, earliest first; what that makes due at once is told as well.
    pub(in crate::runtime) fn fire_due(&mut self) -> Result<usize, CommandError> {
        let mut fired = 0;
        loop {
            let Some(due) = self.store.due(self.now(), 1)?.pop() else { return Ok(fired) };
            match due {
                Due::Timer(row) => self.fire(&row)?,
                Due::Start(row) => self.start_by_timer(&row)?,
                Due::Expiry(row) => self.expire(&row)?,
            }
            self.drain()?;
            fired += 1;
        }
    }

    /// Moves a virtual clock from due time to due time.
    pub(in crate::runtime) fn advance(&mut self, to: Timestamp) -> Result<(), CommandError> {
        self.ready()?;
        let Clock::Virtual(clock) = self.clock.clone() else {
            return self.fire_due().map(drop);
        };
        while let Some(next) = self.store.next_due()?.filter(|next| *next <= to) {
            clock.move_to(next);
            self.fire_due()?;
        }
        clock.move_to(to);
        Ok(())
    }

    /// Moves a virtual clock at once, as a machine that slept.
    pub(in crate::runtime) fn jump(&mut self, to: Timestamp) -> Result<(), CommandError> {
        self.ready()?;
        if let Clock::Virtual(clock) = &self.clock {
            clock.move_to(to);
        }
        self.fire_due().map(drop)
    }

    fn fire(&mut self, row: &TimerRow) -> Result<(), CommandError> {
        let command = Command::Due { key: row.at.key, which: row.at.which };
        match self.carry_out(Request::new(Target::Existing(row.at.instance), command)) {
            Ok(_) => Ok(()),
            // The instance does not wait for it any more, or was set aside and holds it back now.
            Err(error) if error.is_final() => match self.store.load(&[row.at.instance])?.pop().flatten() {
                Some(stored) if stored.head.quarantine.is_some() => Ok(()),
                Some(_) | None => self.write_plain(vec![RowChange::TimerClear(row.at)]),
            },
            Err(error) => Err(error),
        }
    }

    /// A timer start event creates an instance and is armed for its next repetition in the same commit.
    fn start_by_timer(&mut self, row: &StartTimerRow) -> Result<(), CommandError> {
        let next = self.next_start(row);
        let found = self.library.version(&row.process, row.version);
        let node = found.and_then(|ix| self.library.process(ix).find(&row.element));
        let (Some(process), Some(node)) = (found, node) else {
            return self.write_plain(vec![next]);
        };
        let command = Command::Start {
            process,
            at: Some(node),
            trigger: Some(Occurrence::default()),
            variables: Context::new(),
        };
        let mut request = Request::new(Target::New { process, reference: None }, command);
        request.rows.push(next.clone());
        match self.carry_out(request) {
            Ok(_) => Ok(()),
            Err(CommandError::Rejected(_)) => self.write_plain(vec![next]),
            Err(error) => Err(error),
        }
    }

    /// The first repetition after now; a runtime that slept has skipped those between, and they count.
    fn next_start(&self, row: &StartTimerRow) -> RowChange {
        let clear = RowChange::StartTimerClear { process: row.process.clone(), element: row.element.clone() };
        let Some(ix) = self.library.version(&row.process, row.version) else { return clear };
        let process = self.library.process(ix);
        let Some(timer) = start_timer(process, &row.element) else { return clear };
        let next = row.repetition.checked_add(1);
        match next.and_then(|next| timer.first_after(row.anchor, next, self.now(), process.zone())) {
            Some((repetition, due)) => {
                RowChange::StartTimerSet(StartTimerRow { repetition, due, ..row.clone() })
            }
            None => clear,
        }
    }

    /// When something is due next.
    pub(in crate::runtime) fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.store.next_due()
    }

    /// True where the instance exists in the store.
    pub(in crate::runtime) fn knows(&self, id: crate::id::InstanceId) -> Result<(), CommandError> {
        match self.store.load(&[id])?.pop().flatten() {
            Some(_) => Ok(()),
            None => Err(not_found(id)),
        }
    }
}

/// The timer of a start event.
pub(super) fn start_timer(process: &Process, element: &str) -> Option<TimerSpec> {
    let start = process.starts().iter().find(|start| process.node_id(start.node) == element)?;
    start.timer.clone()
}
