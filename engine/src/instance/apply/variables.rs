//! Variables: set in a scope, and gone with it.

use super::super::{Instance, Slot, Variable};
use crate::id::ElementKey;
use std::sync::Arc;
use tokenflow_feel::Value;

impl Instance {
    pub(super) fn set_variable(&mut self, scope: ElementKey, name: &Value, value: Value) {
        let slot = self.known(scope);
        let name = name.as_str().expect("a variable's name is a string");
        self.changes.variables = true;
        self.write_variable(slot, name, value);
    }

    pub(in crate::instance) fn write_variable(&mut self, slot: Slot, name: &str, value: Value) {
        let bytes = value.bytes();
        self.variables_bytes += bytes;
        let mut last = Slot::NONE;
        let mut next = self.elements[slot].variables;
        while let Some(variable) = next.get() {
            let row = &mut self.variables[variable];
            if &*row.name == name {
                self.variables_bytes -= row.bytes;
                row.value = value;
                row.bytes = bytes;
                return;
            }
            last = variable;
            next = row.next;
        }
        let row = Variable { next: Slot::NONE, name: Arc::from(name), value, bytes };
        let added = self.variables.insert(row);
        match last.get() {
            Some(last) => self.variables[last].next = added,
            None => self.elements[slot].variables = added,
        }
    }

    pub(super) fn drop_variables(&mut self, slot: Slot) {
        while let Some(variable) = self.elements[slot].variables.get() {
            let removed = self.variables.remove(variable);
            self.variables_bytes -= removed.bytes;
            self.elements[slot].variables = removed.next;
        }
    }
}
