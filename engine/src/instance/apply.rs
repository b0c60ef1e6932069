//! The one place where an instance changes: each event, applied.

mod elements;
mod tokens;
mod variables;
mod waits;

use super::{Changes, Instance, NO_NODE, Role, Slot, Token};
use crate::event::{Data, Event, Transition, Via};
use crate::id::{ElementKey, Timestamp};
use crate::process::Library;
use tokenflow_feel::Value;

pub(super) use waits::reads_data;

impl Instance {
    /// Replays a transition on the state before it; gives the state after it.
    pub fn apply_transition(&mut self, library: &Library, transition: &Transition) {
        self.advance_clock(transition.at);
        for event in &transition.events {
            self.apply(library, *event, &transition.values);
        }
        self.version += 1;
        self.changes = Changes::default();
    }

    /// Logical time never goes back; when it moves, the moves are counted anew.
    pub(crate) fn advance_clock(&mut self, now: Timestamp) {
        if now > self.now {
            self.now = now;
            self.moves = 0;
        }
    }

    pub(crate) fn count_transition(&mut self) {
        self.version += 1;
    }

    /// Changes the state as the event says. `values` is the table that the event's data refer to.
    ///
    /// It is inlined where an event is made, so that of the match only one arm is left there; what an arm does is
    /// out of line but for the moves of tokens.
    #[inline(always)]
    pub(crate) fn apply(&mut self, library: &Library, event: Event, values: &[Value]) {
        let value = |data: Data| values.get(data.0 as usize).cloned().unwrap_or(Value::NULL);
        match event {
            Event::Passed { key, node, scope, via, exit } => self.pass(library, key, node, scope, via, exit),
            Event::Taken { flow, scope } => {
                let scope = self.known(scope);
                self.push(Token { via: Via::flow(flow), node: NO_NODE, scope });
            }
            Event::Entered { key, node, scope, via } => {
                self.enter(library, key, node, scope, via, Role::Node)
            }
            Event::BodyEntered { key, node, scope, via } => {
                self.enter(library, key, node, scope, via, Role::Body)
            }
            Event::Completed { key, exit } | Event::BodyCompleted { key, exit } => {
                self.complete(library, key, exit);
            }
            Event::Canceled { key } | Event::BodyCanceled { key } => self.cancel(library, key),
            Event::VariableSet { scope, name, value: set } => {
                self.set_variable(scope, values.get(name.0 as usize), value(set))
            }
            Event::Waiting { key, which, kind, data, due } | Event::Armed { key, which, kind, data, due } => {
                self.open(key, which, kind, value(data), due);
            }
            Event::Arrived { flow, scope } => self.arrive(library, flow, scope),
            Event::Joined { node, scope } => self.join(library, node, scope),
            Event::StartQueued { node, scope } => {
                let scope = self.known(scope);
                self.push(Token { via: Via::START, node, scope });
            }
            Event::RunQueued { key } => {
                let scope = self.known(key);
                self.push(Token { via: Via::START, node: NO_NODE, scope });
            }
            Event::Consumed { via, scope } => self.consume(via, scope),
            Event::Bound { process, data } => self.bind(library, process, &value(data)),
            Event::Started { key, parent, process } => self.start(key, parent, process),
            Event::Ended { key, status, code } => self.end(library, key, status, &value(code)),
            Event::Suspended => self.is_suspended = true,
            Event::Resumed => self.is_suspended = false,
            Event::BodyCounted { key, total, items } => {
                let multi = self.multi(key);
                (multi.total, multi.items) = (total, value(items));
            }
            Event::RunCollected { key, run, value: result } => self.collect(key, run, value(result)),
            Event::Rearmed { key, which, data, due } => {
                self.rearm(key, which, values.get(data.0 as usize), due)
            }
            Event::Edge { key, which, holds } => {
                // Conditions that set each other off are bounded as tokens that go round are.
                self.moves += u64::from(holds);
                self.change_wait(key, which, |wait| wait.holds = holds);
            }
            Event::Disarmed { key, which } | Event::Occurred { key, which } => {
                let slot = self.known(key);
                self.close(slot, which);
            }
            Event::Thrown { key, node, kind, data } => self.throw(library, key, node, kind, value(data)),
            Event::Delivered => {
                self.thrown.pop_front();
            }
            Event::JobFailed { key, retries, due, .. } => self.fail(key, retries, due),
            Event::Claimed { key, data } | Event::Assigned { key, data } => {
                self.set_assignee(key, value(data))
            }
            Event::Released { key } => self.set_assignee(key, Value::NULL),
            Event::IncidentRaised { key, kind, stage, data } => self.stop(key, kind, stage, &value(data)),
            Event::IncidentResolved { key } => self.resolve(key),
            Event::Grouped { key, race } => {
                let slot = self.known(key);
                self.elements[slot].race = race;
            }
            Event::KeySet { key, which, data } => self.conversations.push((key, which, value(data))),
            Event::Interrupted { key } => {
                let slot = self.known(key);
                self.elements[slot].is_interrupted = true;
            }
            Event::Cleared { scope } => self.clear(library, scope),
            Event::Recorded { key } => self.record(library, key),
            Event::UndoBegun { owner, scope, data } => self.begin_undo(owner, scope, &value(data)),
            Event::Compensated { key, .. } => self.take_record(key),
            Event::Revived { key, record, scope } => self.revive(key, record, scope),
            Event::Undoing { key, record } => self.undo_with(key, record),
            Event::Forgotten { key } => {
                let slot = self.known(key);
                self.remove(library, slot);
            }
            Event::UndoEnded { owner } => self.undos.retain(|undo| undo.owner != owner || !undo.is_over()),
            Event::Crossed { .. } | Event::Triggered { .. } | Event::Decided { .. } => {}
        }
    }

    pub(super) fn known(&self, key: ElementKey) -> Slot {
        self.keys.find(key).expect("an event names elements that are open")
    }
}
