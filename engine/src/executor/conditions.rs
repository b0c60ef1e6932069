//! Conditional events (10.5.5, Table 10.84): they occur when their condition becomes true.
//!
//! All armed conditions, and the activities that wait for data, are looked at after each move that set a variable, in
//! the order of keys. True on arming fires; after that a condition must become false before it occurs again. A
//! condition that is null is not true yet: the data it waits for are still missing.

use super::{Failure, Step};
use crate::command::Occurrence;
use crate::event::{Event, Stage, WaitKind};
use crate::expression::Compiled;
use crate::id::{ElementKey, Which};
use crate::instance::Slot;
use crate::process::{On, Place};

impl Step<'_> {
    pub(super) fn evaluate_conditions(&mut self) {
        if self.instance.conditions == 0 {
            return;
        }
        let library = self.library;
        let armed: Vec<(ElementKey, Which, WaitKind)> = self
            .instance
            .waits(library)
            .filter(|wait| matches!(wait.kind, WaitKind::Condition | WaitKind::Data))
            .map(|wait| (wait.key, wait.which, wait.kind))
            .collect();
        for (key, which, kind) in armed {
            match (kind, self.instance.slot(key)) {
                (WaitKind::Data, Some(slot)) if self.instance.find_wait(slot, which).is_some() => {
                    self.look_again(slot)
                }
                _ => self.evaluate_condition(key, which),
            }
        }
    }

    fn evaluate_condition(&mut self, key: ElementKey, which: Which) {
        let Some(slot) = self.instance.slot(key) else {
            return;
        };
        let Some(held) = self.instance.find_wait(slot, which).map(|wait| wait.holds) else {
            return;
        };
        let (catches, first) = self.instance.catches(self.library, slot);
        let catch = &catches[(which.0 - first) as usize];
        let On::Condition(condition) = &catch.on else {
            return;
        };
        // A boundary event stands beside its activity and does not see the data inside it.
        let scope = match catch.place {
            Place::Boundary => self.instance.elements[slot].parent,
            Place::Own | Place::Handler(_) | Place::Start => slot,
        };
        let holds = match self.eval(condition, scope) {
            Ok(value) if value.is_null() => false,
            Ok(value) => match value.as_bool() {
                Some(holds) => holds,
                None => return self.stop_condition(slot, which, condition, scope),
            },
            Err(_) => return self.stop_condition(slot, which, condition, scope),
        };
        if holds == held {
            return;
        }
        // An occurrence is a move, and one of a cascade where conditions set each other off: both limits hold.
        let cascades = self.fired >= self.limits().cascade_depth;
        let limit = self.reached_limit(0).or(cascades.then_some("cascade_depth"));
        if let Some(limit) = limit.filter(|_| holds) {
            return self.raise_as(slot, Stage::Arm(which), Failure::limit(limit));
        }
        self.emit(Event::Edge { key, which, holds });
        if holds {
            self.fired += 1;
            self.occur(slot, which, &Occurrence::default());
        }
    }

    /// A condition that is neither true, false nor null stops its element until it is resolved.
    fn stop_condition(&mut self, slot: Slot, which: Which, condition: &Compiled, scope: Slot) {
        if let Err(failure) = self.holds(condition, scope) {
            self.raise_as(slot, Stage::Arm(which), failure);
        }
    }
}
