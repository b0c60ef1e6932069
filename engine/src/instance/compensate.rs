//! What is kept of completed activities so that they can be compensated (10.7, 13.5.5).
//!
//! A record outlives its element: it stands under the scope in which the activity completed, or under the record of
//! that scope once it has completed too. It goes with that scope.

use super::{Element, Instance, NO_NODE, Record, Role, Slot, Undo};
use crate::id::ElementKey;
use crate::process::{Kind, Library, Repeat};
use tokenflow_feel::{Text, Value};

impl Undo {
    /// Nothing is left to compensate, and no handler runs.
    pub(crate) fn is_over(&self) -> bool {
        self.groups.is_empty() && self.running.is_empty()
    }
}

impl Instance {
    /// The key under which the records of a scope stand: its own, or that of the record which it revives.
    pub(crate) fn record_owner(&self, scope: Slot) -> ElementKey {
        let element = &self.elements[scope];
        if element.undoes.is_some() { element.undoes } else { element.key }
    }

    /// True for a completed scope that is there again to be compensated, rather than a handler that compensates.
    pub(crate) fn is_revived(&self, library: &Library, slot: Slot) -> bool {
        let element = &self.elements[slot];
        let process = self.process_of(library, slot);
        let is_handler = element.node != NO_NODE && process.row(element.node).is_for_compensation;
        element.undoes.is_some() && element.role != Role::Body && !is_handler
    }

    /// True where a compensation runs on behalf of that element.
    pub(crate) fn is_undoing_for(&self, owner: ElementKey) -> bool {
        self.undos.iter().any(|undo| undo.owner == owner)
    }

    /// The variables of a scope in the order of their names: the order in which they were set is not kept.
    fn variables_by_name(&self, slot: Slot) -> Value {
        let mut names: Vec<(String, Value)> =
            self.variables_of(slot).iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        names.sort_by(|one, other| one.0.cmp(&other.0));
        Value::from(names.into_iter().collect::<tokenflow_feel::Context>())
    }

    pub(super) fn record(&mut self, library: &Library, key: ElementKey) {
        let slot = self.known(key);
        let Element { parent, node, process, role, .. } = self.elements[slot];
        let is_scope = role == Role::Process || self.elements[slot].multi == Slot::NONE;
        let variables = if is_scope { self.variables_by_name(slot) } else { Value::NULL };
        // Runs of a body stand where the body stands, so that the order of completion is one list.
        let (scope, group) = if self.is_run(slot) {
            let row = self.process_of(library, slot).row(node);
            let is_parallel =
                matches!(row.repeat.as_deref(), Some(Repeat::MultiInstance(multi)) if !multi.is_sequential);
            let group = if is_parallel { self.elements[parent].key } else { ElementKey::NONE };
            (self.elements[parent].parent, group)
        } else {
            (parent, ElementKey::NONE)
        };
        let owner = self.record_owner(scope);
        self.records.push(Record { key, owner, node, process, role, group, variables });
    }

    pub(super) fn begin_undo(&mut self, owner: ElementKey, scope: ElementKey, groups: &Value) {
        let keys = |list: &Value| -> Vec<ElementKey> {
            let numbers = list.as_list().into_iter().flat_map(|list| list.iter());
            numbers
                .filter_map(|key| Some(ElementKey(u32::try_from(key.as_number()?.to_i64()?).ok()?)))
                .collect()
        };
        let groups = groups.as_list().into_iter().flat_map(|list| list.iter()).map(keys).collect();
        self.undos.push(Undo { owner, scope, groups, running: Vec::new() });
        self.changes.undos = true;
    }

    /// The record is taken out of its group: it is being compensated, and can be only once.
    pub(super) fn take_record(&mut self, key: ElementKey) {
        for undo in &mut self.undos {
            for group in &mut undo.groups {
                group.retain(|record| *record != key);
            }
            undo.groups.retain(|group| !group.is_empty());
        }
    }

    pub(super) fn revive(&mut self, key: ElementKey, record: ElementKey, scope: ElementKey) {
        let found = self.records.iter().find(|known| known.key == record).cloned();
        let found = found.expect("only what was recorded is revived");
        let parent = self.known(scope);
        let slot = self.add(parent, Element::new(key, found.node, found.process, found.role));
        self.elements[slot].undoes = record;
        for (name, value) in found.variables.as_context().into_iter().flat_map(|variables| variables.iter()) {
            self.write_variable(slot, &Text::from(&**name), value.clone());
        }
    }

    pub(super) fn undo_with(&mut self, key: ElementKey, record: ElementKey) {
        let slot = self.known(key);
        let scope = self.elements[self.elements[slot].parent].key;
        let is_revived = self.elements[slot].undoes == record;
        self.elements[slot].undoes = record;
        if let Some(undo) = self.undos.iter_mut().find(|undo| undo.scope == scope) {
            undo.running.push(key);
        }
        if !is_revived {
            self.records.retain(|known| known.key != record);
        }
    }

    /// An element goes: what it undid is undone, and the records under it go, unless it has just been recorded.
    pub(super) fn drop_records(&mut self, slot: Slot) {
        let Element { key, undoes, .. } = self.elements[slot];
        if undoes.is_some() {
            for undo in &mut self.undos {
                undo.running.retain(|running| *running != key);
            }
            self.changes.undos = true;
            self.records.retain(|record| record.key != undoes);
        }
        if self.records.is_empty() || self.records.iter().any(|record| record.key == key) {
            return;
        }
        let mut gone = vec![if undoes.is_some() { undoes } else { key }];
        while let Some(owner) = gone.pop() {
            gone.extend(self.records.iter().filter(|record| record.owner == owner).map(|record| record.key));
            self.records.retain(|record| record.owner != owner);
        }
    }

    /// True where a completed activity could be compensated: by a handler of its own, or by what is in it.
    pub(crate) fn can_be_compensated(&self, library: &Library, slot: Slot) -> bool {
        let element = &self.elements[slot];
        if element.is_interrupted || element.undoes.is_some() {
            return false;
        }
        let process = self.process_of(library, slot);
        let has_content = self.records.iter().any(|record| record.owner == element.key);
        if element.node == NO_NODE {
            return has_content || process.level.compensation_handler.is_some();
        }
        let row = process.row(element.node);
        if row.kind == Kind::EventSubProcess {
            return false;
        }
        let own_handler = row.level.as_ref().is_some_and(|level| level.compensation_handler.is_some());
        // A looped task or call activity is compensated as a whole, a sub-process run by run.
        let counts = match (row.repeat.is_some(), row.level.is_some()) {
            (false, _) => true,
            (true, true) => element.role == Role::Node,
            (true, false) => element.role == Role::Body,
        };
        counts && (row.compensation.is_some() || own_handler || has_content)
    }
}
