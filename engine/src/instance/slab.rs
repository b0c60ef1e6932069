//! A table with a free list: rows keep their slot for as long as they live.

use std::ops::{Index, IndexMut};

/// A row of a slab. Slots are reused, so they never leave the instance; keys do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Slot(pub(crate) u32);

impl Slot {
    pub(crate) const NONE: Slot = Slot(u32::MAX);

    pub(crate) fn is_some(self) -> bool {
        self != Slot::NONE
    }

    pub(crate) fn get(self) -> Option<Slot> {
        self.is_some().then_some(self)
    }
}

/// Rows of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Slab<T> {
    rows: Vec<Option<T>>,
    free: Vec<Slot>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab { rows: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    pub(crate) fn insert(&mut self, row: T) -> Slot {
        if let Some(slot) = self.free.pop() {
            self.rows[slot.0 as usize] = Some(row);
            return slot;
        }
        let slot = Slot(self.rows.len() as u32);
        self.rows.push(Some(row));
        slot
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> T {
        self.free.push(slot);
        self.rows[slot.0 as usize].take().expect("a slot in use is removed once")
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len() - self.free.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        self.rows.iter().enumerate().filter_map(|(row, value)| Some((Slot(row as u32), value.as_ref()?)))
    }

    /// Drops all rows and keeps their memory.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.free.clear();
    }
}

impl<T> Index<Slot> for Slab<T> {
    type Output = T;

    fn index(&self, slot: Slot) -> &T {
        self.rows[slot.0 as usize].as_ref().expect("a slot names a row in use")
    }
}

impl<T> IndexMut<Slot> for Slab<T> {
    fn index_mut(&mut self, slot: Slot) -> &mut T {
        self.rows[slot.0 as usize].as_mut().expect("a slot names a row in use")
    }
}
