//! From a key to its row. Keys grow, so the table stays sorted by appending; what is gone leaves a gap until the
//! gaps outnumber the rows.

use super::slab::Slot;
use crate::id::ElementKey;
use std::cell::Cell;

#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    rows: Vec<(ElementKey, Slot)>,
    gaps: usize,
    last: Cell<Option<(ElementKey, Slot)>>,
}

impl Keys {
    pub(super) fn insert(&mut self, key: ElementKey, slot: Slot) {
        debug_assert!(self.rows.last().is_none_or(|(last, _)| *last < key), "keys grow");
        self.rows.push((key, slot));
        self.last.set(Some((key, slot)));
    }

    pub(super) fn find(&self, key: ElementKey) -> Option<Slot> {
        if let Some((last, slot)) = self.last.get()
            && last == key
        {
            return Some(slot);
        }
        let row = self.rows.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        let slot = self.rows[row].1.get()?;
        self.last.set(Some((key, slot)));
        Some(slot)
    }

    pub(super) fn remove(&mut self, key: ElementKey) {
        if self.last.get().is_some_and(|(last, _)| last == key) {
            self.last.set(None);
        }
        if self.rows.last().is_some_and(|(last, _)| *last == key) {
            self.rows.pop();
            return;
        }
        if let Ok(row) = self.rows.binary_search_by_key(&key, |(key, _)| *key) {
            self.rows[row].1 = Slot::NONE;
            self.gaps += 1;
        }
        if self.gaps > 16 && self.gaps * 2 > self.rows.len() {
            self.rows.retain(|(_, slot)| slot.is_some());
            self.gaps = 0;
        }
    }

    /// All keys with their rows, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = (ElementKey, Slot)> + '_ {
        self.rows.iter().filter(|(_, slot)| slot.is_some()).copied()
    }
}
