//! Waits and what is thrown: opened, changed, closed.

use super::super::{Element, Instance, NO_NODE, Slot, Thrown, Wait, WaitState};
use crate::event::{TriggerKind, WaitKind};
use crate::id::{ElementKey, Timestamp, Which};
use crate::process::{Kind, Library};
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::Value;

impl Instance {
    pub(super) fn open(
        &mut self,
        key: ElementKey,
        which: Which,
        kind: WaitKind,
        data: Value,
        due: Timestamp,
    ) {
        let slot = self.known(key);
        let count = match kind {
            WaitKind::Job => {
                data.as_list().and_then(|parts| parts.get(1)?.as_number()?.to_i64()).unwrap_or(3)
            }
            _ => 0,
        };
        let state = WaitState {
            which,
            kind,
            holds: false,
            due,
            anchor: self.now,
            count: u32::try_from(count).unwrap_or(0),
            attempts: 0,
            data,
        };
        if reads_data(kind) {
            self.conditions += 1;
        }
        self.insert_wait(slot, state);
        self.changes.waits.push((key, which));
    }

    /// Waits stand in the order of their numbers, however they came about.
    pub(in crate::instance) fn insert_wait(&mut self, slot: Slot, state: WaitState) {
        let mut before = Slot::NONE;
        let mut next = self.elements[slot].waits;
        while let Some(wait) = next.get()
            && self.waits[wait].state.which < state.which
        {
            before = wait;
            next = self.waits[wait].next;
        }
        let wait = self.waits.insert(Wait { next, state });
        match before.get() {
            Some(before) => self.waits[before].next = wait,
            None => self.elements[slot].waits = wait,
        }
    }

    pub(super) fn close(&mut self, slot: Slot, which: Which) {
        let mut before = Slot::NONE;
        let mut next = self.elements[slot].waits;
        while let Some(wait) = next.get() {
            next = self.waits[wait].next;
            if self.waits[wait].state.which == which {
                match before.get() {
                    Some(before) => self.waits[before].next = next,
                    None => self.elements[slot].waits = next,
                }
                let removed = self.waits.remove(wait);
                if reads_data(removed.state.kind) {
                    self.conditions -= 1;
                }
                self.changes.waits.push((self.elements[slot].key, which));
                return;
            }
            before = wait;
        }
    }

    pub(super) fn change_wait(&mut self, key: ElementKey, which: Which, change: impl FnOnce(&mut WaitState)) {
        let slot = self.known(key);
        let found = self.wait_slots(slot).find(|wait| self.waits[*wait].state.which == which);
        let wait = found.expect("an event names waits that are open");
        change(&mut self.waits[wait].state);
        self.changes.waits.push((key, which));
    }

    pub(super) fn fail(&mut self, job: ElementKey, retries: u32, due: Timestamp) {
        self.change_wait(job, Which(0), |wait| {
            wait.count = retries;
            wait.attempts = wait.attempts.saturating_add(1);
            wait.due = due;
        });
    }

    pub(super) fn rearm(&mut self, key: ElementKey, which: Which, data: Option<&Value>, due: Timestamp) {
        self.change_wait(key, which, |wait| {
            match (wait.kind, data) {
                // The number of a cycle's next repetition travels as data.
                (WaitKind::Timer, Some(next)) => {
                    wait.count = next.as_number().and_then(|next| next.to_i64()).unwrap_or(0) as u32;
                }
                (_, Some(data)) => wait.data = data.clone(),
                (_, None) => {}
            }
            wait.due = due;
        });
    }

    pub(super) fn set_assignee(&mut self, key: ElementKey, user: Value) {
        self.change_wait(key, Which(0), |wait| {
            let mut people = wait.data.as_context().cloned().unwrap_or_default();
            people.insert("assignee", user);
            wait.data = Value::from(people);
        });
    }

    /// What is not critical is kept until nothing else can move. An escalation of an activity starts its way out
    /// at the activity itself, everything else at the scope of the thrower.
    pub(super) fn throw(
        &mut self,
        library: &Library,
        key: ElementKey,
        node: NodeIx,
        kind: TriggerKind,
        data: Value,
    ) {
        match kind {
            TriggerKind::Message
            | TriggerKind::Signal
            | TriggerKind::Escalation
            | TriggerKind::Compensation => {}
            TriggerKind::Timer
            | TriggerKind::Condition
            | TriggerKind::Error
            | TriggerKind::Cancel
            | TriggerKind::Link
            | TriggerKind::Terminate => return,
        }
        let slot = self.known(key);
        let Element { parent, process, .. } = self.elements[slot];
        let is_activity = self.process_of(library, slot).row(node).is_activity;
        let first = if is_activity { slot } else { parent };
        let outward = std::iter::successors(first.get(), |scope| self.elements[*scope].parent.get());
        let scopes = outward
            .map(|scope| {
                let Element { key, node, .. } = self.elements[scope];
                let is_handler = node != NO_NODE
                    && self.process_of(library, scope).row(node).kind == Kind::EventSubProcess;
                (key, is_handler)
            })
            .collect();
        self.thrown.push_back(Thrown { thrower: key, scopes, process, node, kind, data });
    }
}

/// Waits that are looked at again whenever a variable was set.
pub(in crate::instance) fn reads_data(kind: WaitKind) -> bool {
    matches!(kind, WaitKind::Condition | WaitKind::Data)
}
