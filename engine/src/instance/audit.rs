//! What must hold of every instance between two commands, looked at from outside the code that keeps it.

use super::{Instance, NO_NODE, Role, Slot};
use crate::event::Status;
use crate::process::{Kind, Library};

impl Instance {
    /// Counts everything that is derived once more and looks for what cannot be: for tests and for suspicion.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn audit(&self, library: &Library) -> Result<(), String> {
        if !self.is_started() {
            return Ok(());
        }
        for (key, slot) in self.keys.iter() {
            self.audit_element(library, slot).map_err(|wrong| format!("element {key}: {wrong}"))?;
        }
        if self.keys.iter().count() != self.elements.len() {
            return Err("a row has no key".to_owned());
        }
        let open = self.keys.iter().map(|(_, slot)| self.wait_slots(slot).count()).sum::<usize>();
        if open != self.waits.len() {
            return Err(format!("{} waits are open, {open} of them belong to an element", self.waits.len()));
        }
        self.audit_tables()?;
        if self.status != Status::Active && (self.elements.len() > 1 || !self.queue.is_empty() || open > 0) {
            return Err("an ended instance still holds something".to_owned());
        }
        Ok(())
    }

    fn audit_tables(&self) -> Result<(), String> {
        let slots = || self.keys.iter().map(|(_, slot)| slot);
        let rows = |count: &dyn Fn(Slot) -> usize| slots().map(count).sum::<usize>();
        let variables = rows(&|slot| self.variable_slots(slot).count());
        let cells = rows(&|slot| self.cell_slots(slot).count());
        let multis = rows(&|slot| usize::from(self.elements[slot].multi.is_some()));
        let incidents = rows(&|slot| usize::from(self.elements[slot].incident.is_some()));
        let tables = [
            ("variables", self.variables.len(), variables),
            ("cells", self.cells.len(), cells),
            ("bodies", self.multis.len(), multis),
            ("incidents", self.incidents.len(), incidents),
        ];
        for (name, kept, owned) in tables {
            if kept != owned {
                return Err(format!("{kept} {name} are kept, {owned} of them belong to an element"));
            }
        }
        let bytes: usize = self.variables.iter().map(|(_, variable)| variable.value.bytes()).sum();
        if bytes != self.variables_bytes {
            return Err(format!("variables are {bytes} bytes, counted as {}", self.variables_bytes));
        }
        for undo in &self.undos {
            if let Some(gone) = undo.running.iter().find(|key| self.slot(**key).is_none()) {
                return Err(format!("the compensation handler {gone} is gone"));
            }
        }
        Ok(())
    }

    fn audit_element(&self, library: &Library, slot: Slot) -> Result<(), String> {
        let element = &self.elements[slot];
        let queued =
            self.queue.iter().filter(|token| token.scope == slot && token.via != crate::event::Via::RETRY);
        let at_joins: u32 = self.cell_slots(slot).map(|cell| self.cells[cell].count).sum();
        let tokens = queued.count() as u32 + at_joins + self.children(slot).count() as u32;
        if tokens != element.tokens {
            return Err(format!("it holds {tokens} tokens, counted as {}", element.tokens));
        }
        let process = self.process_of(library, slot);
        let is_handler = |child: &Slot| {
            let node = self.elements[*child].node;
            node != NO_NODE && process.row(node).kind == Kind::EventSubProcess
        };
        let handlers = self.children(slot).filter(is_handler).count() as u32;
        if handlers != element.handlers {
            return Err(format!("{handlers} handlers run in it, counted as {}", element.handlers));
        }
        if self.children(slot).any(|child| self.elements[child].parent != slot) {
            return Err("a child does not know it".to_owned());
        }
        let is_idle = self.wait_slots(slot).next().is_none() && tokens == 0 && !element.incident.is_some();
        let is_thrower = self.thrown.iter().any(|thrown| thrown.thrower == element.key);
        let is_kept = self.status != Status::Active
            || self.is_undoing_for(element.key)
            || is_thrower
            || element.is_left;
        if is_idle
            && !is_kept
            && self.queue.is_empty()
            && !(element.role == Role::Process && slot == self.root)
        {
            return Err("nothing will ever happen to it".to_owned());
        }
        Ok(())
    }
}
