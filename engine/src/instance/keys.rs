//! From a key to its row. Keys grow, so the table stays sorted by appending; what is gone leaves a gap until the
//! gaps outnumber the rows.

use super::slab::Slot;
use crate::id::ElementKey;
use std::cell::Cell;

#[derive(Clone, Debug)]
pub(super) struct Keys {
    rows: Vec<(ElementKey, Slot)>,
    gaps: usize,
    /// The pair that was found last; the slot is none where there is no such pair.
    last: Cell<(ElementKey, Slot)>,
}

/// Up to this many rows a scan is faster than a search.
const SCAN_MAX: usize = 12;

impl Default for Keys {
    fn default() -> Keys {
        Keys { rows: Vec::new(), gaps: 0, last: Cell::new((ElementKey::NONE, Slot::NONE)) }
    }
}

impl Keys {
    pub(super) fn insert(&mut self, key: ElementKey, slot: Slot) {
        debug_assert!(self.rows.last().is_none_or(|(last, _)| *last < key), "keys grow");
        self.rows.push((key, slot));
        self.last.set((key, slot));
    }

    pub(super) fn find(&self, key: ElementKey) -> Option<Slot> {
        let (last, slot) = self.last.get();
        if last == key && slot.is_some() {
            return Some(slot);
        }
        let slot = self.rows[self.row(key)?].1.get()?;
        self.last.set((key, slot));
        Some(slot)
    }

    pub(super) fn remove(&mut self, key: ElementKey) {
        if self.last.get().0 == key {
            self.last.set((key, Slot::NONE));
        }
        if self.rows.last().is_some_and(|(last, _)| *last == key) {
            self.rows.pop();
            return;
        }
        if let Some(row) = self.row(key) {
            self.rows[row].1 = Slot::NONE;
            self.gaps += 1;
        }
        if self.gaps > 16 && self.gaps * 2 > self.rows.len() {
            self.rows.retain(|(_, slot)| slot.is_some());
            self.gaps = 0;
        }
    }

    fn row(&self, key: ElementKey) -> Option<usize> {
        if self.rows.len() <= SCAN_MAX {
            return self.rows.iter().rposition(|(known, _)| *known == key);
        }
        self.rows.binary_search_by_key(&key, |(key, _)| *key).ok()
    }

    /// Forgets all keys and keeps their memory.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.gaps = 0;
        self.last.set((ElementKey::NONE, Slot::NONE));
    }

    /// All keys with their rows, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = (ElementKey, Slot)> + '_ {
        self.rows.iter().filter(|(_, slot)| slot.is_some()).copied()
    }
}
