//! Open subscriptions by name and key, oldest first.

use super::tables::Lookup;
use crate::runtime::store::{KeyFilter, Opened, SubscriptionRow, WaitAddress};
use std::collections::BTreeMap;

/// Addresses in the order in which they were opened.
pub(super) type Queue = BTreeMap<Opened, WaitAddress>;

/// The subscriptions of one kind.
#[derive(Default)]
pub(super) struct Names {
    names: Lookup<String, Named>,
}

#[derive(Default)]
struct Named {
    all: Queue,
    keyed: Lookup<String, Queue>,
    keyless: Queue,
}

impl Names {
    pub(super) fn insert(&mut self, row: &SubscriptionRow) {
        let named = self.names.entry(row.name.clone()).or_default();
        named.all.insert(row.opened, row.at);
        match &row.key {
            Some(key) => named.keyed.entry(key.clone()).or_default().insert(row.opened, row.at),
            None => named.keyless.insert(row.opened, row.at),
        };
    }

    pub(super) fn remove(&mut self, row: &SubscriptionRow) {
        let Some(named) = self.names.get_mut(&row.name) else { return };
        named.all.remove(&row.opened);
        named.keyless.remove(&row.opened);
        if let Some(key) = &row.key
            && let Some(queue) = named.keyed.get_mut(key)
        {
            queue.remove(&row.opened);
            if queue.is_empty() {
                named.keyed.remove(key);
            }
        }
        if named.all.is_empty() {
            self.names.remove(&row.name);
        }
    }

    pub(super) fn find(&self, name: &str, key: KeyFilter<'_>) -> Option<&Queue> {
        let named = self.names.get(name)?;
        match key {
            KeyFilter::Any => Some(&named.all),
            KeyFilter::Exactly(None) => Some(&named.keyless),
            KeyFilter::Exactly(Some(key)) => named.keyed.get(key),
        }
    }
}
