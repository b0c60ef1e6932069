//! A store that passes everything on to memory, and misbehaves at one commit where told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use tokenflow::id::{InstanceId, Timestamp};
use tokenflow::limits::Limits;
use tokenflow::runtime::store::{
    BufferRow, Capabilities, Consumed, DefinitionRow, Due, EffectId, Group, Head, HeadFilter, InstanceChange,
    JobRow, JournalRow, KeyFilter, MemoryStore, Opened, OutboxRow, Outcome, Position, Store, StoreError,
    StoredInstance, SubscriptionKind, SubscriptionRow, WaitAddress, WriteId,
};
use tokenflow::runtime::{Clock, Runtime, VirtualClock};

const FINE: u8 = 0;
pub(super) const FAIL_BEFORE: u8 = 1;
pub(super) const LOSE_ANSWER: u8 = 2;
pub(super) const AMBIGUOUS_BEFORE: u8 = 3;

/// Passes everything on, and misbehaves at one commit where told to.
pub(super) struct Faulty {
    inner: MemoryStore,
    fault: AtomicU8,
    /// Commits that succeed before.
    skip: AtomicU32,
    commits: AtomicU32,
}

impl Faulty {
    pub(super) fn runtime(models: &[&str]) -> (Arc<Faulty>, Runtime) {
        Faulty::limited(models, Limits::default())
    }

    pub(super) fn limited(models: &[&str], limits: Limits) -> (Arc<Faulty>, Runtime) {
        let store = Arc::new(Faulty {
            inner: MemoryStore::new(),
            fault: AtomicU8::new(FINE),
            skip: AtomicU32::new(0),
            commits: AtomicU32::new(0),
        });
        let clock = Clock::Virtual(VirtualClock::default());
        let rt = Runtime::over(store.clone()).clock(clock).limits(limits).build().unwrap();
        for model in models {
            rt.deploy(model).unwrap();
        }
        (store, rt)
    }

    pub(super) fn next(&self, fault: u8) {
        self.after(0, fault);
    }

    /// How many commits were asked for.
    pub(super) fn commits(&self) -> u32 {
        self.commits.load(Ordering::SeqCst)
    }

    /// True where the fault has not come up.
    pub(super) fn is_armed(&self) -> bool {
        self.fault.load(Ordering::SeqCst) != FINE
    }

    /// Cuts the stored state of an instance short.
    pub(super) fn spoil(&self, id: InstanceId) {
        let stored = self.inner.load(&[id]).unwrap().remove(0).unwrap();
        let half = stored.state[..stored.state.len() / 2].to_vec();
        let change = InstanceChange {
            id,
            expected: Some(stored.version),
            version: stored.version,
            state: Some(half),
            head: stored.head,
        };
        let group = Group {
            write: WriteId::default(),
            at: Timestamp::default(),
            instance: Some(change),
            rows: Vec::new(),
            journal: None,
            consumed: Vec::new(),
        };
        assert!(matches!(self.inner.commit(vec![group]).unwrap()[0], Outcome::Committed(_)));
    }

    pub(super) fn after(&self, skip: u32, fault: u8) {
        self.skip.store(skip, Ordering::SeqCst);
        self.fault.store(fault, Ordering::SeqCst);
    }
}

impl Store for Faulty {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn commit(&self, groups: Vec<Group>) -> Result<Vec<Outcome>, StoreError> {
        self.commits.fetch_add(1, Ordering::SeqCst);
        if self.skip.load(Ordering::SeqCst) > 0 {
            self.skip.fetch_sub(1, Ordering::SeqCst);
            return self.inner.commit(groups);
        }
        match self.fault.swap(FINE, Ordering::SeqCst) {
            FAIL_BEFORE => Err(StoreError::Io("no space left".into())),
            AMBIGUOUS_BEFORE => Err(StoreError::Ambiguous("connection lost".into())),
            LOSE_ANSWER => {
                self.inner.commit(groups)?;
                Err(StoreError::Ambiguous("connection lost".into()))
            }
            _ => self.inner.commit(groups),
        }
    }

    fn load(&self, ids: &[InstanceId]) -> Result<Vec<Option<StoredInstance>>, StoreError> {
        self.inner.load(ids)
    }

    fn version(&self, id: InstanceId) -> Result<Option<u64>, StoreError> {
        self.inner.version(id)
    }

    fn written(&self, instance: InstanceId, version: u64) -> Result<Option<(WriteId, Position)>, StoreError> {
        self.inner.written(instance, version)
    }

    fn last_instance(&self) -> Result<Option<InstanceId>, StoreError> {
        self.inner.last_instance()
    }

    fn heads(
        &self,
        filter: &HeadFilter,
        after: Option<InstanceId>,
        max: usize,
    ) -> Result<Vec<Head>, StoreError> {
        self.inner.heads(filter, after, max)
    }

    fn definitions(&self) -> Result<Vec<DefinitionRow>, StoreError> {
        self.inner.definitions()
    }

    fn due(&self, until: Timestamp, max: usize) -> Result<Vec<Due>, StoreError> {
        self.inner.due(until, max)
    }

    fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due()
    }

    fn subscribers(
        &self,
        kind: SubscriptionKind,
        name: &str,
        key: KeyFilter<'_>,
        after: Option<Opened>,
        max: usize,
    ) -> Result<Vec<SubscriptionRow>, StoreError> {
        self.inner.subscribers(kind, name, key, after, max)
    }

    fn subscription(&self, at: WaitAddress) -> Result<Option<SubscriptionRow>, StoreError> {
        self.inner.subscription(at)
    }

    fn jobs(&self, job_type: &str, after: Option<Opened>, max: usize) -> Result<Vec<JobRow>, StoreError> {
        self.inner.jobs(job_type, after, max)
    }

    fn tasks(&self, after: Option<Opened>, max: usize) -> Result<Vec<JobRow>, StoreError> {
        self.inner.tasks(after, max)
    }

    fn outbox(&self, after: Option<EffectId>, max: usize) -> Result<Vec<OutboxRow>, StoreError> {
        self.inner.outbox(after, max)
    }

    fn buffered(
        &self,
        name: Option<&str>,
        after: Option<EffectId>,
        max: usize,
    ) -> Result<Vec<BufferRow>, StoreError> {
        self.inner.buffered(name, after, max)
    }

    fn buffered_count(&self, name: &str, key: Option<&str>) -> Result<usize, StoreError> {
        self.inner.buffered_count(name, key)
    }

    fn journal(
        &self,
        instance: Option<InstanceId>,
        from: Position,
        max: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        self.inner.journal(instance, from, max)
    }

    fn command(&self, key: &str) -> Result<Option<Consumed>, StoreError> {
        self.inner.command(key)
    }

    fn forget_commands(&self, before: Timestamp) -> Result<(), StoreError> {
        self.inner.forget_commands(before)
    }
}
