//! How a scenario's clock moves, and what happens by itself meanwhile: due timers and standing answers.

use super::{Play, Played, Stop};
use crate::id::Timestamp;
use crate::runtime::JobKey;
use crate::scenario::ask::Failed;
use crate::scenario::statement::{Clock, Statement, StatementKind};
use crate::scenario::world::World;
use std::collections::BTreeSet;

impl Play {
    /// Timers that are due, then standing answers, one at a time, until nothing is due at this moment.
    pub(super) fn settle(&mut self, line: u32) -> Played {
        let mut rounds: u64 = 0;
        let mut refused: BTreeSet<JobKey> = BTreeSet::new();
        loop {
            let now = self.world().now();
            self.with_world(line, |world| world.advance(now))?;
            let Some((work, index)) = self.world.as_ref().and_then(|world| {
                let open = world.open_work().filter(|work| !refused.contains(&work.at));
                self.answers.due(open, now)
            }) else {
                return Ok(());
            };
            rounds += 1;
            self.restart_between(line, rounds)?;
            if rounds > self.world().limits().moves_at_one_time {
                self.fail(line, "standing answers go on without end: moves_at_one_time is passed");
                return Err(Stop);
            }
            self.answers.spend(index);
            let standing = self.answers.get(index).clone();
            let answered = self.world().reply(None, work.at, None, &standing.answer.reply);
            if matches!(answered, Err(Failed::Rejected(_))) {
                refused.insert(work.at);
            }
            let statement = Statement {
                line: standing.line,
                text: standing.text,
                kind: StatementKind::On(standing.answer),
            };
            self.asked(&statement, answered)?;
        }
    }

    pub(super) fn clock(&mut self, line: u32, clock: &Clock) -> Played {
        let to = match clock {
            Clock::After(duration) | Clock::Jump(duration) => {
                self.with_world(line, |world| world.later(duration))?
            }
            Clock::At(time) => Timestamp::from(*time),
        };
        if to < self.world().now() {
            self.fail(line, "the clock does not go back");
            return Err(Stop);
        }
        match clock {
            Clock::Jump(_) => {
                self.with_world(line, |world| world.jump(to))?;
                self.settle(line)
            }
            Clock::After(_) | Clock::At(_) => self.advance(line, to),
        }
    }

    /// From due time to due time, of timers and of answers.
    pub(super) fn advance(&mut self, line: u32, to: Timestamp) -> Played {
        for step in 1.. {
            self.settle(line)?;
            let now = self.world().now();
            if now >= to {
                return Ok(());
            }
            let timer = self.with_world(line, |world| world.next_due())?;
            let answer = self.world.as_ref().and_then(|world| self.answers.next_due(world.open_work(), now));
            // A timer that stays due at a moment gone by, of a suspended instance, must not hold the clock.
            let timer = timer.filter(|due| *due > now);
            let next = timer.into_iter().chain(answer).min().unwrap_or(to).min(to);
            self.restart_between(line, step)?;
            self.with_world(line, |world| world.advance(next))?;
        }
        Ok(())
    }

    /// Opens the store anew between two commands of one statement too, unless there are very many.
    pub(super) fn restart_between(&mut self, line: u32, round: u64) -> Played {
        const RESTARTS_MAX: u64 = 32;
        if self.manner.restarts && round <= RESTARTS_MAX { self.restart(line) } else { Ok(()) }
    }

    pub(super) fn restart(&mut self, line: u32) -> Played {
        self.with_world(line, World::restart)?;
        if self.manner.faults.store_differs && self.manner.restarts {
            self.act_unasked();
        }
        Ok(())
    }
}
