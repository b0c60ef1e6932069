//! Named values in the order of their insertion, shared until they are changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Value;
use super::dismantle::dismantle;

/// A map from names to values that keeps the order of insertion; equality ignores it.
///
/// Like a [`super::List`] it knows its depth and size. One that never had an entry takes no memory of its own.
#[derive(Clone, Default)]
pub struct Context(Option<Arc<Entries>>);

#[derive(Default)]
struct Entries {
    values: Vec<(Arc<str>, Value)>,
    /// The places of the names, once there were more than a scan is good for; empty before.
    places: BTreeMap<Arc<str>, usize>,
    heap_bytes: usize,
    depth: u8,
    unstorable: bool,
}

/// Up to this many entries a scan is faster than a search.
const SCAN_MAX: usize = 8;

impl Context {
    /// A context without entries.
    pub fn new() -> Context {
        Context::default()
    }

    fn entries(&self) -> &Entries {
        static NONE: Entries = Entries {
            values: Vec::new(),
            places: BTreeMap::new(),
            heap_bytes: 0,
            depth: 0,
            unstorable: false,
        };
        self.0.as_deref().unwrap_or(&NONE)
    }

    /// The value of an entry.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let entries = self.entries();
        entries.place(name).map(|place| &entries.values[place].1)
    }

    /// Whether it has an entry of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.entries().place(name).is_some()
    }

    /// Sets an entry, in its old place when there was one; answers the old value.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: impl Into<Value>) -> Option<Value> {
        let name = name.into();
        let value = super::within_depth(value.into());
        let entries = Arc::make_mut(self.0.get_or_insert_default());
        entries.depth = entries.depth.max(value.depth() as u8 + 1);
        entries.unstorable |= !value.is_storable();
        entries.heap_bytes = entries.heap_bytes.saturating_add(entry_bytes(&name, &value));
        match entries.place(&name) {
            Some(place) => {
                let old = std::mem::replace(&mut entries.values[place].1, value);
                entries.heap_bytes = entries.heap_bytes.saturating_sub(entry_bytes(&name, &old));
                Some(old)
            }
            None => {
                entries.add(name, value);
                None
            }
        }
    }

    /// Removes an entry and answers its value; the order of the others stays.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.entries().place(name)?;
        let entries = Arc::make_mut(self.0.get_or_insert_default());
        let (name, value) = entries.values.remove(place);
        entries.places.remove(&name);
        for later in entries.places.values_mut().filter(|later| **later > place) {
            *later -= 1;
        }
        entries.heap_bytes = entries.heap_bytes.saturating_sub(entry_bytes(&name, &value));
        if entries.unstorable {
            entries.unstorable = entries.values.iter().any(|(_, value)| !value.is_storable());
        }
        Some(value)
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries().values.len()
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.entries().values.is_empty()
    }

    /// The entries in the order of insertion.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> + DoubleEndedIterator {
        self.entries().values.iter().map(|(name, value)| (name, value))
    }

    /// The names in the order of insertion.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.entries().values.iter().map(|(name, _)| name)
    }

    /// The entry at a place in the order of insertion.
    pub fn entry_at(&self, index: usize) -> Option<(&Arc<str>, &Value)> {
        self.entries().values.get(index).map(|(name, value)| (name, value))
    }

    pub(crate) fn depth(&self) -> usize {
        usize::from(self.entries().depth).max(1)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.entries().heap_bytes.saturating_add(128)
    }

    pub(crate) fn is_storable(&self) -> bool {
        !self.entries().unstorable
    }

    pub(crate) fn is_same(&self, other: &Context) -> bool {
        std::ptr::eq(self.entries(), other.entries())
    }

    /// Takes the values out when nobody else holds them.
    pub(super) fn take_unshared(&mut self) -> Vec<Value> {
        match self.0.as_mut().and_then(Arc::get_mut) {
            Some(entries) => values_of(std::mem::take(&mut entries.values)),
            None => Vec::new(),
        }
    }
}

fn entry_bytes(name: &str, value: &Value) -> usize {
    value.bytes().saturating_add(name.len() + 40)
}

fn values_of(entries: Vec<(Arc<str>, Value)>) -> Vec<Value> {
    entries.into_iter().map(|(_, value)| value).collect()
}

impl Entries {
    fn place(&self, name: &str) -> Option<usize> {
        if self.places.is_empty() {
            return self.values.iter().position(|(known, _)| **known == *name);
        }
        self.places.get(name).copied()
    }

    fn add(&mut self, name: Arc<str>, value: Value) {
        let place = self.values.len();
        if !self.places.is_empty() || place >= SCAN_MAX {
            if self.places.is_empty() {
                let known = self.values.iter().enumerate();
                self.places = known.map(|(place, (name, _))| (name.clone(), place)).collect();
            }
            self.places.insert(name.clone(), place);
        }
        self.values.push((name, value));
    }
}

impl Clone for Entries {
    fn clone(&self) -> Entries {
        Entries {
            values: self.values.clone(),
            places: self.places.clone(),
            heap_bytes: self.heap_bytes,
            depth: self.depth,
            unstorable: self.unstorable,
        }
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        if self.depth > 8 {
            dismantle(values_of(std::mem::take(&mut self.values)));
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
