//! A list of values, shared until it is changed.

use std::ops::Deref;
use std::sync::Arc;

use super::dismantle::dismantle;
use super::{DEPTH_MAX, Value};

/// A sequence of values; reads like a slice.
///
/// It knows its depth and size, so that limits cost nothing. A value that would nest
/// deeper than [`DEPTH_MAX`] is replaced by null with that reason; whoever must refuse
/// instead asks [`Value::depth`] first.
#[derive(Clone, Default)]
pub struct List(Arc<Items>);

#[derive(Default)]
struct Items {
    values: Vec<Value>,
    heap_bytes: usize,
    depth: u8,
    unstorable: bool,
}

impl List {
    /// A list without items.
    pub fn new() -> List {
        List::default()
    }

    /// The items.
    pub fn as_slice(&self) -> &[Value] {
        &self.0.values
    }

    /// Adds an item at the end; copies the list first when it is shared.
    pub fn push(&mut self, value: Value) {
        let items = Arc::make_mut(&mut self.0);
        let value = items.admit(value);
        items.values.push(value);
    }

    /// The items as an own vector; copies them when the list is shared.
    pub fn into_vec(mut self) -> Vec<Value> {
        match Arc::get_mut(&mut self.0) {
            Some(items) => std::mem::take(&mut items.values),
            None => self.0.values.clone(),
        }
    }

    pub(crate) fn depth(&self) -> usize {
        usize::from(self.0.depth).max(1)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.0.heap_bytes.saturating_add(64)
    }

    pub(crate) fn is_storable(&self) -> bool {
        !self.0.unstorable
    }

    #[cfg(feature = "language")]
    pub(crate) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    pub(crate) fn is_same(&self, other: &List) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Takes the items out when nobody else holds them.
    pub(super) fn take_unshared(&mut self) -> Vec<Value> {
        Arc::get_mut(&mut self.0).map(|items| std::mem::take(&mut items.values)).unwrap_or_default()
    }
}

impl Items {
    fn admit(&mut self, value: Value) -> Value {
        let value = super::within_depth(value);
        self.depth = self.depth.max(value.depth() as u8 + 1);
        self.heap_bytes = self.heap_bytes.saturating_add(value.bytes());
        self.unstorable |= !value.is_storable();
        value
    }
}

impl Clone for Items {
    fn clone(&self) -> Items {
        Items {
            values: self.values.clone(),
            heap_bytes: self.heap_bytes,
            depth: self.depth,
            unstorable: self.unstorable,
        }
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        if self.depth > 8 {
            dismantle(std::mem::take(&mut self.values));
        }
    }
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.values
    }
}

impl From<Vec<Value>> for List {
    fn from(mut values: Vec<Value>) -> List {
        let mut items = Items::default();
        for value in &mut values {
            if value.depth() >= DEPTH_MAX {
                *value = super::within_depth(std::mem::take(value));
            }
            items.depth = items.depth.max(value.depth() as u8 + 1);
            items.heap_bytes = items.heap_bytes.saturating_add(value.bytes());
            items.unstorable |= !value.is_storable();
        }
        items.values = values;
        List(Arc::new(items))
    }
}

impl<V: Into<Value>> FromIterator<V> for List {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> List {
        List::from(values.into_iter().map(Into::into).collect::<Vec<Value>>())
    }
}

impl<V: Into<Value>> FromIterator<V> for Value {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Value {
        Value::List(values.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a List {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.values.iter()
    }
}
