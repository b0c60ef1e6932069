//! The seam between the runtime and what keeps its data: batches of groups go in, records come out.
//!
//! A [`Store`] receives the whole set of writes of many commands at once and makes the best of it. The groups of a
//! batch are independent of each other; each is written whole or not at all and has an outcome of its own. The
//! indexes (timers, subscriptions, jobs, outbox) live in the store, so that a runtime which opens it has nothing
//! to rebuild, and so that several runtimes may share one.

mod frame;
pub mod memory;
mod row;

pub use frame::CorruptRecord;
pub(crate) use frame::{decode, encode};
pub use memory::MemoryStore;
pub use row::{
    BufferRow, Consumed, DefinitionRow, Due, EffectId, Head, JobRow, JobRowKind, JournalRow, Opened,
    OutboxRow, Reference, RowChange, StartTimerRow, SubscriptionKind, SubscriptionRow, TimerRow, WaitAddress,
};

use crate::event::Status;
use crate::id::{InstanceId, Timestamp};
use serde::{Deserialize, Serialize};

/// The place of a group in the order of commits, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Position(pub u64);

impl Position {
    /// In the rows of a group: the position that the group itself gets.
    pub const THIS: Position = Position(u64::MAX);
}

/// Who wrote a group and which of the writer's groups it was: what tells a lost answer from a lost write.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct WriteId {
    /// The runtime, drawn anew each time one opens a store; 0 under a virtual clock.
    pub writer: u64,
    /// Its groups, from 1.
    pub count: u64,
}

/// Everything that must become durable together.
#[derive(Clone, Debug)]
pub struct Group {
    /// The write's own identity.
    pub write: WriteId,
    /// The logical time.
    pub at: Timestamp,
    /// The one instance it changes, if any.
    pub instance: Option<InstanceChange>,
    /// What changes in the indexes, in order.
    pub rows: Vec<RowChange>,
    /// What happened, framed; of the changed instance where there is one.
    pub journal: Option<Vec<u8>>,
    /// The commands that it consumes.
    pub consumed: Vec<Consumed>,
}

/// The change of one instance, by compare-and-set.
#[derive(Clone, Debug)]
pub struct InstanceChange {
    /// Which one.
    pub id: InstanceId,
    /// The version that must be stored; none where the instance must not be there yet.
    pub expected: Option<u64>,
    /// The version after it. The same as expected where only the head changes.
    pub version: u64,
    /// The state after it, framed by the core; none where only the head changes.
    pub state: Option<Vec<u8>>,
    /// What queries see of it.
    pub head: Head,
}

/// What became of one group.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It is durable, at that position.
    Committed(Position),
    /// Nothing was written: the instance has another version, or is not there.
    Conflict {
        /// The version that is stored.
        actual: Option<u64>,
    },
    /// Nothing was written: one of its commands was consumed before.
    Duplicate(Consumed),
    /// Nothing was written: an outbox row that it takes is not there any more.
    Taken(EffectId),
}

/// Why a store could not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Nothing was written.
    #[error("the store refused the write: {0}")]
    Rejected(String),
    /// It is not known whether the batch was written; re-read by the id of the write before trying again.
    #[error("the outcome of the commit is not known: {0}")]
    Ambiguous(String),
    /// Another writer owns the store now; this one must stop.
    #[error("another writer has taken over: {0}")]
    Fenced(String),
    /// Reading or writing failed; nothing was acknowledged.
    #[error("input or output failed: {0}")]
    Io(String),
    /// What was read is not what was written.
    #[error(transparent)]
    Corrupt(#[from] CorruptRecord),
}

/// What a store can do beyond the required methods; the router asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Capabilities {
    /// Acknowledged groups survive the process.
    pub is_durable: bool,
    /// Several runtimes write to it at the same time, so that what one has in memory may be out of date.
    pub is_shared: bool,
    /// The subscription index covers all instances, not only those of a partition.
    pub has_global_subscriptions: bool,
}

/// An instance as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredInstance {
    /// The number of committed steps.
    pub version: u64,
    /// The state, framed by the core.
    pub state: Vec<u8>,
    /// What queries see of it.
    pub head: Head,
}

/// Which keys a search for subscriptions accepts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyFilter<'a> {
    /// Every subscription of the name.
    Any,
    /// Those with exactly that key, or without one.
    Exactly(Option<&'a str>),
}

/// Which instances a query wants; absent fields match all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeadFilter {
    /// The id of the root process.
    pub process: Option<String>,
    /// The status.
    pub status: Option<Status>,
    /// The business reference.
    pub reference: Option<Reference>,
    /// Only those with (true) or without (false) open incidents.
    pub has_incidents: Option<bool>,
}

/// Keeps instances, their indexes and their journal.
///
/// Every method may be called from several threads. Ids and rows come back in their own order. A `Put` or `Set`
/// on an address that has a row replaces it but keeps the moment when it was opened.
pub trait Store: Send + Sync + 'static {
    /// What this store can do.
    fn capabilities(&self) -> Capabilities;

    /// Writes the groups, each whole or not at all, and returns when the written ones are durable.
    ///
    /// # Errors
    /// Where no group has an outcome of its own. Only [`StoreError::Ambiguous`] leaves open what was written.
    fn commit(&self, groups: Vec<Group>) -> Result<Vec<Outcome>, StoreError>;

    /// The stored form of each of the instances, in the order asked.
    ///
    /// # Errors
    /// Reading failed.
    fn load(&self, ids: &[InstanceId]) -> Result<Vec<Option<StoredInstance>>, StoreError>;

    /// The stored version of an instance.
    ///
    /// # Errors
    /// Reading failed.
    fn version(&self, id: InstanceId) -> Result<Option<u64>, StoreError>;

    /// The write that made that version of an instance.
    ///
    /// # Errors
    /// Reading failed.
    fn written(&self, instance: InstanceId, version: u64) -> Result<Option<(WriteId, Position)>, StoreError>;

    /// The greatest instance id that was ever stored.
    ///
    /// # Errors
    /// Reading failed.
    fn last_instance(&self) -> Result<Option<InstanceId>, StoreError>;

    /// Heads of instances after `after` in the order of their ids, at most `max`.
    ///
    /// # Errors
    /// Reading failed.
    fn heads(
        &self,
        filter: &HeadFilter,
        after: Option<InstanceId>,
        max: usize,
    ) -> Result<Vec<Head>, StoreError>;

    /// All definitions in the order of their deployment.
    ///
    /// # Errors
    /// Reading failed.
    fn definitions(&self) -> Result<Vec<DefinitionRow>, StoreError>;

    /// What is due at `until`, earliest first, at most `max`; what is held back is left out.
    ///
    /// # Errors
    /// Reading failed.
    fn due(&self, until: Timestamp, max: usize) -> Result<Vec<Due>, StoreError>;

    /// The earliest moment at which something is due.
    ///
    /// # Errors
    /// Reading failed.
    fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Open subscriptions, oldest first, after `after`, at most `max`; those held back are among them.
    ///
    /// # Errors
    /// Reading failed.
    fn subscribers(
        &self,
        kind: SubscriptionKind,
        name: &str,
        key: KeyFilter<'_>,
        after: Option<Opened>,
        max: usize,
    ) -> Result<Vec<SubscriptionRow>, StoreError>;

    /// The subscription at that address.
    ///
    /// # Errors
    /// Reading failed.
    fn subscription(&self, at: WaitAddress) -> Result<Option<SubscriptionRow>, StoreError>;

    /// Jobs of a type that can be handed out, oldest first, after `after`, at most `max`.
    ///
    /// # Errors
    /// Reading failed.
    fn jobs(&self, job_type: &str, after: Option<Opened>, max: usize) -> Result<Vec<JobRow>, StoreError>;

    /// User tasks, oldest first, after `after`, at most `max`; those held back are among them.
    ///
    /// # Errors
    /// Reading failed.
    fn tasks(&self, after: Option<Opened>, max: usize) -> Result<Vec<JobRow>, StoreError>;

    /// Effects that have not been delivered, in order, after `after`, at most `max`.
    ///
    /// # Errors
    /// Reading failed.
    fn outbox(&self, after: Option<EffectId>, max: usize) -> Result<Vec<OutboxRow>, StoreError>;

    /// Kept messages, oldest first, after `after`, at most `max`; of one name, or of all.
    ///
    /// # Errors
    /// Reading failed.
    fn buffered(
        &self,
        name: Option<&str>,
        after: Option<EffectId>,
        max: usize,
    ) -> Result<Vec<BufferRow>, StoreError>;

    /// How many messages are kept for that name and key.
    ///
    /// # Errors
    /// Reading failed.
    fn buffered_count(&self, name: &str, key: Option<&str>) -> Result<usize, StoreError>;

    /// The journal from `from` on, at most `max` records; of one instance, or of all.
    ///
    /// # Errors
    /// Reading failed.
    fn journal(
        &self,
        instance: Option<InstanceId>,
        from: Position,
        max: usize,
    ) -> Result<Vec<JournalRow>, StoreError>;

    /// The command with that key, if it was consumed and is still remembered.
    ///
    /// # Errors
    /// Reading failed.
    fn command(&self, key: &str) -> Result<Option<Consumed>, StoreError>;

    /// Forgets commands that were consumed before `before`.
    ///
    /// # Errors
    /// Writing failed.
    fn forget_commands(&self, before: Timestamp) -> Result<(), StoreError>;
}
