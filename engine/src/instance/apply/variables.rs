//! Variables: set in a scope, and gone with it.

use super::super::{Instance, Slot, Variable};
use crate::id::ElementKey;
use tokenflow_feel::{Text, Value};

impl Instance {
    #[inline(never)]
    pub(super) fn set_variable(&mut self, scope: ElementKey, name: Option<&Value>, value: Value) {
        let slot = self.known(scope);
        let Some(Value::String(name)) = name else { unreachable!("a variable's name is a string") };
        self.changes.variables = true;
        self.write_variable(slot, name, value);
    }

    pub(in crate::instance) fn write_variable(&mut self, slot: Slot, name: &Text, value: Value) {
        let bytes = value.bytes();
        self.variables_bytes += bytes;
        let mut last = Slot::NONE;
        let mut next = self.elements[slot].variables;
        while let Some(variable) = next.get() {
            let row = &mut self.variables[variable];
            if row.name == *name {
                self.variables_bytes -= row.bytes;
                row.value = value;
                row.bytes = bytes;
                return;
            }
            last = variable;
            next = row.next;
        }
        let row = Variable { next: Slot::NONE, name: name.clone(), value, bytes };
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
