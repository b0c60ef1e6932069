//! Variables by scope: process instance, sub-process, body, run, and activity.

use super::{Instance, Role, Slot};
use crate::id::ElementKey;
use std::sync::Arc;
use tokenflow_feel::{Context, Text, Value};

impl Instance {
    /// The variables that live in exactly this scope, in the order in which they were first set.
    pub fn variables(&self, scope: ElementKey) -> Context {
        self.slot(scope).map(|slot| self.variables_of(slot)).unwrap_or_default()
    }

    /// The variable as the scope sees it: the nearest one on the way out to its process instance.
    pub fn variable(&self, scope: ElementKey, name: &str) -> Option<&Value> {
        self.lookup(self.slot(scope)?, name)
    }

    pub(crate) fn variables_of(&self, slot: Slot) -> Context {
        self.variable_slots(slot)
            .map(|variable| {
                (Arc::from(self.variables[variable].name.as_str()), self.variables[variable].value.clone())
            })
            .collect()
    }

    pub(crate) fn variable_slots(&self, slot: Slot) -> impl Iterator<Item = Slot> + '_ {
        std::iter::successors(self.elements[slot].variables.get(), |variable| {
            self.variables[*variable].next.get()
        })
    }

    fn find_variable(&self, slot: Slot, name: &str) -> Option<Slot> {
        self.variable_slots(slot).find(|variable| &*self.variables[*variable].name == name)
    }

    pub(crate) fn own_variable(&self, slot: Slot, name: &str) -> Option<&Value> {
        Some(&self.variables[self.find_variable(slot, name)?].value)
    }

    pub(crate) fn lookup(&self, slot: Slot, name: &str) -> Option<&Value> {
        let (_, variable) = self.nearest(slot, name)?;
        Some(&self.variables[variable].value)
    }

    /// The name of a variable of exactly this scope, as all its values share it.
    pub(crate) fn shared_name(&self, slot: Slot, name: &str) -> Option<Text> {
        Some(self.variables[self.find_variable(slot, name)?].name.clone())
    }

    /// The nearest scope that has the variable, and the variable; scopes end at the process instance.
    fn nearest(&self, mut slot: Slot, name: &str) -> Option<(Slot, Slot)> {
        loop {
            if let Some(variable) = self.find_variable(slot, name) {
                return Some((slot, variable));
            }
            if self.elements[slot].role == Role::Process {
                return None;
            }
            slot = self.elements[slot].parent;
        }
    }

    /// The attributes of loops (Tables 10.27 and 10.30) that an expression in `slot` can read.
    pub(crate) fn loop_attribute(&self, mut slot: Slot, name: &str) -> Option<Value> {
        let is_counter = name == "loopCounter";
        if !is_counter && !name.starts_with("numberOf") && !name.starts_with("nrOf") {
            return None;
        }
        loop {
            let element = &self.elements[slot];
            if is_counter && element.run > 0 {
                return Some(Value::from(i64::from(element.run)));
            }
            if element.role == Role::Body {
                let multi = &self.multis[element.multi];
                let active = multi.started - multi.completed - multi.terminated;
                let count = match name {
                    "loopCounter" => multi.started,
                    // The second names are those of Camunda 7.
                    "numberOfInstances" | "nrOfInstances" => multi.total,
                    "numberOfActiveInstances" | "nrOfActiveInstances" => active,
                    "numberOfCompletedInstances" | "nrOfCompletedInstances" => multi.completed,
                    "numberOfTerminatedInstances" => multi.terminated,
                    _ => return None,
                };
                return Some(Value::from(i64::from(count)));
            }
            if element.role == Role::Process {
                return None;
            }
            slot = element.parent;
        }
    }
}

impl Instance {
    /// All variables that a scope sees, the nearest of each name.
    pub(crate) fn visible(&self, mut slot: Slot) -> Context {
        let mut seen = self.variables_of(slot);
        while self.elements[slot].role != Role::Process {
            slot = self.elements[slot].parent;
            for variable in self.variable_slots(slot) {
                let variable = &self.variables[variable];
                if seen.get(&variable.name).is_none() {
                    seen.insert(variable.name.as_str(), variable.value.clone());
                }
            }
        }
        seen
    }

    /// All variables that an element sees, the nearest of each name; empty where no such element is open.
    pub fn variables_visible_to(&self, key: ElementKey) -> Context {
        self.slot(key).map(|slot| self.visible(slot)).unwrap_or_default()
    }
}
