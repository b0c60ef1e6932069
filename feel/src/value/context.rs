//! Named values in the order of their insertion, shared until they are changed.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Value;
use super::dismantle::dismantle;

/// A map from names to values that keeps the order of insertion; equality ignores it.
///
/// Like a [`super::List`] it knows its depth and size.
#[derive(Clone, Default)]
pub struct Context(Arc<Entries>);

#[derive(Default)]
struct Entries {
    values: IndexMap<Arc<str>, Value>,
    heap_bytes: usize,
    depth: u8,
    unstorable: bool,
}

/// Up to this many entries a scan is faster than a hash.
const SCAN_MAX: usize = 8;

impl Context {
    /// A context without entries.
    pub fn new() -> Context {
        Context::default()
    }

    /// The value of an entry.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let values = &self.0.values;
        if values.len() <= SCAN_MAX {
            return values.iter().find(|(known, _)| ***known == *name).map(|(_, value)| value);
        }
        values.get(name)
    }

    /// Whether it has an entry of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets an entry, in its old place when there was one; answers the old value.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: impl Into<Value>) -> Option<Value> {
        let name = name.into();
        let value = super::within_depth(value.into());
        let entries = Arc::make_mut(&mut self.0);
        entries.depth = entries.depth.max(value.depth() as u8 + 1);
        entries.unstorable |= !value.is_storable();
        let added = value.bytes().saturating_add(entry_bytes(&name));
        let old = entries.values.insert(name.clone(), value);
        let removed = old.as_ref().map_or(0, |old| old.bytes().saturating_add(entry_bytes(&name)));
        entries.heap_bytes = entries.heap_bytes.saturating_sub(removed).saturating_add(added);
        old
    }

    /// Removes an entry and answers its value; the order of the others stays.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        if !self.contains(name) {
            return None;
        }
        let entries = Arc::make_mut(&mut self.0);
        let (name, value) = entries.values.shift_remove_entry(name)?;
        entries.heap_bytes =
            entries.heap_bytes.saturating_sub(value.bytes().saturating_add(entry_bytes(&name)));
        if entries.unstorable {
            entries.unstorable = entries.values.values().any(|value| !value.is_storable());
        }
        Some(value)
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.0.values.len()
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.0.values.is_empty()
    }

    /// The entries in the order of insertion.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> + DoubleEndedIterator {
        self.0.values.iter()
    }

    /// The names in the order of insertion.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.0.values.keys()
    }

    /// The entry at a place in the order of insertion.
    pub fn entry_at(&self, index: usize) -> Option<(&Arc<str>, &Value)> {
        self.0.values.get_index(index)
    }

    pub(crate) fn depth(&self) -> usize {
        usize::from(self.0.depth).max(1)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.0.heap_bytes.saturating_add(128)
    }

    pub(crate) fn is_storable(&self) -> bool {
        !self.0.unstorable
    }

    pub(crate) fn is_same(&self, other: &Context) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Takes the values out when nobody else holds them.
    pub(super) fn take_unshared(&mut self) -> Vec<Value> {
        match Arc::get_mut(&mut self.0) {
            Some(entries) => std::mem::take(&mut entries.values).into_values().collect(),
            None => Vec::new(),
        }
    }
}

fn entry_bytes(name: &str) -> usize {
    name.len() + 40
}

impl Clone for Entries {
    fn clone(&self) -> Entries {
        Entries {
            values: self.values.clone(),
            heap_bytes: self.heap_bytes,
            depth: self.depth,
            unstorable: self.unstorable,
        }
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        if self.depth > 8 {
            dismantle(std::mem::take(&mut self.values).into_values().collect());
        }
    }
}

impl<N: Into<Arc<str>>, V: Into<Value>> FromIterator<(N, V)> for Context {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Context {
        let mut context = Context::new();
        for (name, value) in entries {
            context.insert(name, value);
        }
        context
    }
}

impl<N: Into<Arc<str>>, V: Into<Value>> Extend<(N, V)> for Context {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, entries: I) {
        for (name, value) in entries {
            self.insert(name, value);
        }
    }
}
