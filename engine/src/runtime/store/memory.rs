//! The store that lives in memory: the model that every other backend must equal.

mod names;
mod tables;

use super::{
    BufferRow, Capabilities, Consumed, DefinitionRow, Due, EffectId, Group, Head, HeadFilter, JobRow,
    JournalRow, KeyFilter, Opened, OutboxRow, Outcome, Position, Store, StoreError, StoredInstance,
    SubscriptionKind, SubscriptionRow, WaitAddress, WriteId,
};
use crate::id::{InstanceId, Timestamp};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tables::Tables;

/// Keeps everything in memory, behind one lock; a group is published at once.
#[derive(Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
    is_shared: bool,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    /// An empty store over which several runtimes may work at the same time.
    pub fn shared() -> MemoryStore {
        MemoryStore { is_shared: true, ..MemoryStore::default() }
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        // A group is checked before it changes anything, and applying it does not panic.
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn after<T>(cursor: Option<T>) -> (Bound<T>, Bound<T>) {
    (cursor.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)
}

impl Store for MemoryStore {
    fn capabilities(&self) -> Capabilities {
        Capabilities { is_durable: false, is_shared: self.is_shared, has_global_subscriptions: true }
    }

    fn commit(&self, groups: Vec<Group>) -> Result<Vec<Outcome>, StoreError> {
        let mut tables = self.tables();
        Ok(groups.into_iter().map(|group| tables.commit(group)).collect())
    }

    fn load(&self, ids: &[InstanceId]) -> Result<Vec<Option<StoredInstance>>, StoreError> {
        let tables = self.tables();
        Ok(ids.iter().map(|id| tables.instances.get(id).cloned()).collect())
    }

    fn version(&self, id: InstanceId) -> Result<Option<u64>, StoreError> {
        Ok(self.tables().instances.get(&id).map(|stored| stored.version))
    }

    fn written(&self, instance: InstanceId, version: u64) -> Result<Option<(WriteId, Position)>, StoreError> {
        Ok(self.tables().writes.get(&(instance, version)).copied())
    }

    fn last_instance(&self) -> Result<Option<InstanceId>, StoreError> {
        Ok(self.tables().instances.last_key_value().map(|(id, _)| *id))
    }

    fn heads(
        &self,
        filter: &HeadFilter,
        from: Option<InstanceId>,
        max: usize,
    ) -> Result<Vec<Head>, StoreError> {
        let tables = self.tables();
        if let Some(reference) = &filter.reference {
            let ids = tables.by_reference.get(reference).into_iter().flatten();
            let ids = ids.filter(|id| from.is_none_or(|from| **id > from));
            let heads = ids.filter_map(|id| tables.instances.get(id)).map(|stored| &stored.head);
            return Ok(heads.filter(|head| filter.accepts(head)).take(max).cloned().collect());
        }
        let heads = tables.instances.range(after(from)).map(|(_, stored)| &stored.head);
        Ok(heads.filter(|head| filter.accepts(head)).take(max).cloned().collect())
    }

    fn definitions(&self) -> Result<Vec<DefinitionRow>, StoreError> {
        Ok(self.tables().definitions.clone())
    }

    fn due(&self, until: Timestamp, max: usize) -> Result<Vec<Due>, StoreError> {
        Ok(self.tables().due(until, max))
    }

    fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.tables().next_due())
    }

    fn subscribers(
        &self,
        kind: SubscriptionKind,
        name: &str,
        key: KeyFilter<'_>,
        from: Option<Opened>,
        max: usize,
    ) -> Result<Vec<SubscriptionRow>, StoreError> {
        Ok(self.tables().subscribers(kind, name, key, from, max))
    }

    fn subscription(&self, at: WaitAddress) -> Result<Option<SubscriptionRow>, StoreError> {
        Ok(self.tables().subscriptions.get(&at).cloned())
    }

    fn jobs(&self, job_type: &str, from: Option<Opened>, max: usize) -> Result<Vec<JobRow>, StoreError> {
        let tables = self.tables();
        let Some(ready) = tables.ready_jobs.get(job_type) else { return Ok(Vec::new()) };
        let rows = ready.range(after(from)).filter_map(|(_, at)| tables.jobs.get(at));
        Ok(rows.take(max).cloned().collect())
    }

    fn tasks(&self, from: Option<Opened>, max: usize) -> Result<Vec<JobRow>, StoreError> {
        let tables = self.tables();
        let rows = tables.tasks.range(after(from)).filter_map(|(_, at)| tables.jobs.get(at));
        Ok(rows.take(max).cloned().collect())
    }

    fn outbox(&self, from: Option<EffectId>, max: usize) -> Result<Vec<OutboxRow>, StoreError> {
        let tables = self.tables();
        let rows = tables.outbox.range(after(from));
        Ok(rows.take(max).map(|(id, dispatch)| OutboxRow { id: *id, dispatch: dispatch.clone() }).collect())
    }

    fn buffered(
        &self,
        name: Option<&str>,
        from: Option<EffectId>,
        max: usize,
    ) -> Result<Vec<BufferRow>, StoreError> {
        let tables = self.tables();
        let Some(name) = name else {
            return Ok(tables.buffer.range(after(from)).take(max).map(|(_, row)| row.clone()).collect());
        };
        let Some(ids) = tables.buffer_by_name.get(name) else { return Ok(Vec::new()) };
        let rows = ids.range(after(from)).filter_map(|id| tables.buffer.get(id));
        Ok(rows.take(max).cloned().collect())
    }

    fn buffered_count(&self, name: &str, key: Option<&str>) -> Result<usize, StoreError> {
        let tables = self.tables();
        Ok(tables
            .buffer_count
            .get(name)
            .and_then(|keys| keys.get(&key.map(str::to_owned)))
            .copied()
            .unwrap_or(0))
    }

    fn journal(
        &self,
        instance: Option<InstanceId>,
        from: Position,
        max: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let tables = self.tables();
        let Some(instance) = instance else {
            return Ok(tables.journal.range(from..).take(max).map(|(_, row)| row.clone()).collect());
        };
        let Some(positions) = tables.journal_of.get(&instance) else { return Ok(Vec::new()) };
        let start = positions.partition_point(|position| *position < from);
        let rows = positions[start..].iter().filter_map(|position| tables.journal.get(position));
        Ok(rows.take(max).cloned().collect())
    }

    fn command(&self, key: &str) -> Result<Option<Consumed>, StoreError> {
        Ok(self.tables().commands.get(key).cloned())
    }

    fn forget_commands(&self, before: Timestamp) -> Result<(), StoreError> {
        self.tables().forget_commands(before);
        Ok(())
    }
}

impl HeadFilter {
    /// True where the head has everything that is asked for.
    pub fn accepts(&self, head: &Head) -> bool {
        self.process.as_ref().is_none_or(|process| *process == head.process)
            && self.status.is_none_or(|status| status == head.status)
            && self.reference.as_ref().is_none_or(|reference| head.reference.as_ref() == Some(reference))
            && self
                .has_incidents
                .is_none_or(|wanted| wanted == (head.incidents > 0 || head.quarantine.is_some()))
    }
}
