//! The seam written down naively, and every question that can be asked of it.

use tokenflow::id::{InstanceId, Timestamp};
use tokenflow::runtime::store::{
    BufferRow, Consumed, Due, Group, HeadFilter, JobRow, JobRowKind, JournalRow, KeyFilter, OutboxRow,
    Outcome, Position, RowChange, StartTimerRow, Store, StoredInstance, SubscriptionKind, SubscriptionRow,
    TimerRow, WaitAddress,
};

/// Lists, walked from end to end.
#[derive(Default)]
pub(super) struct Model {
    last: u64,
    instances: Vec<(InstanceId, StoredInstance)>,
    timers: Vec<TimerRow>,
    starts: Vec<StartTimerRow>,
    subscriptions: Vec<SubscriptionRow>,
    jobs: Vec<JobRow>,
    pub(super) outbox: Vec<OutboxRow>,
    pub(super) buffer: Vec<BufferRow>,
    journal: Vec<JournalRow>,
    commands: Vec<Consumed>,
}

impl Model {
    pub(super) fn version(&self, id: InstanceId) -> Option<u64> {
        self.instances.iter().find(|(known, _)| *known == id).map(|(_, stored)| stored.version)
    }

    pub(super) fn commit(&mut self, group: Group) -> Outcome {
        for command in &group.consumed {
            if let Some(first) = self.commands.iter().find(|known| known.key == command.key) {
                return Outcome::Duplicate(first.clone());
            }
        }
        if let Some(change) = &group.instance {
            let actual = self.version(change.id);
            if actual != change.expected {
                return Outcome::Conflict { actual };
            }
        }
        for row in &group.rows {
            match row {
                RowChange::OutboxTake(id) if !self.outbox.iter().any(|row| row.id == *id) => {
                    return Outcome::Taken(*id);
                }
                RowChange::BufferTake(id) if !self.buffer.iter().any(|row| row.id == *id) => {
                    return Outcome::Taken(*id);
                }
                _ => {}
            }
        }
        self.last += 1;
        let position = Position(self.last);
        let instance = group.instance.as_ref().map(|change| change.id);
        if let Some(change) = group.instance {
            let kept = self
                .instances
                .iter()
                .find(|(id, _)| *id == change.id)
                .map(|(_, stored)| stored.state.clone());
            self.instances.retain(|(id, _)| *id != change.id);
            let state = change.state.or(kept).unwrap_or_default();
            let stored = StoredInstance { version: change.version, state, head: change.head };
            self.instances.push((change.id, stored));
            self.instances.sort_by_key(|(id, _)| *id);
        }
        group.rows.into_iter().for_each(|row| self.change(row, position));
        self.journal.extend(group.journal.map(|record| JournalRow { position, instance, record }));
        self.commands.extend(group.consumed);
        Outcome::Committed(position)
    }

    fn change(&mut self, change: RowChange, position: Position) {
        let here = |stands: Position| if stands == Position::THIS { position } else { stands };
        match change {
            RowChange::TimerSet(row) => {
                self.timers.retain(|known| known.at != row.at);
                self.timers.push(row);
            }
            RowChange::TimerClear(at) => self.timers.retain(|row| row.at != at),
            RowChange::SubscriptionPut(mut row) => {
                row.opened.position = here(row.opened.position);
                if let Some(kept) = self.subscriptions.iter().find(|known| known.at == row.at) {
                    row.opened = kept.opened;
                }
                self.subscriptions.retain(|known| known.at != row.at);
                self.subscriptions.push(row);
                self.subscriptions.sort_by_key(|row| row.opened);
            }
            RowChange::JobPut(mut row) => {
                row.opened.position = here(row.opened.position);
                if let Some(kept) = self.jobs.iter().find(|known| known.at == row.at) {
                    (row.opened, row.created_at) = (kept.opened, kept.created_at);
                }
                self.jobs.retain(|known| known.at != row.at);
                self.jobs.push(row);
                self.jobs.sort_by_key(|row| row.opened);
            }
            RowChange::Close(at) => self.close(|known| known == at),
            RowChange::CloseAll(instance) => self.close(|known| known.instance == instance),
            RowChange::OutboxPut(mut row) => {
                row.id.position = here(row.id.position);
                self.outbox.push(row);
                self.outbox.sort_by_key(|row| row.id);
            }
            RowChange::OutboxTake(id) => self.outbox.retain(|row| row.id != id),
            RowChange::BufferPut(mut row) => {
                row.id.position = here(row.id.position);
                self.buffer.push(row);
                self.buffer.sort_by_key(|row| row.id);
            }
            RowChange::BufferTake(id) => self.buffer.retain(|row| row.id != id),
            RowChange::StartTimerSet(row) => {
                self.starts.retain(|known| (&known.process, &known.element) != (&row.process, &row.element));
                self.starts.push(row);
            }
            RowChange::StartTimerClear { process, element } => {
                self.starts.retain(|known| known.process != process || known.element != element);
            }
            RowChange::DefinitionPut(_) => panic!("the random groups define nothing"),
        }
    }

    fn close(&mut self, is_closed: impl Fn(WaitAddress) -> bool) {
        self.timers.retain(|row| !is_closed(row.at));
        self.subscriptions.retain(|row| !is_closed(row.at));
        self.jobs.retain(|row| !is_closed(row.at));
    }

    fn due(&self, until: Timestamp) -> Vec<Due> {
        let mut due: Vec<(Timestamp, u8, String, Due)> = Vec::new();
        let kept = self.buffer.iter().filter(|row| row.expires != Timestamp::NEVER);
        due.extend(kept.map(|row| (row.expires, 0, format!("{:?}", order(row)), Due::Expiry(row.clone()))));
        let starts = self.starts.iter();
        due.extend(
            starts
                .map(|row| (row.due, 1, format!("{} {}", row.process, row.element), Due::Start(row.clone()))),
        );
        let timers = self.timers.iter().filter(|row| !row.is_held);
        due.extend(timers.map(|row| (row.due, 2, format!("{:?}", row.at), Due::Timer(row.clone()))));
        due.sort_by(|one, other| (one.0, one.1, &one.2).cmp(&(other.0, other.1, &other.2)));
        due.into_iter().filter(|(moment, ..)| *moment <= until).map(|(.., due)| due).collect()
    }

    /// Asks the store everything and compares it with what the lists say.
    pub(super) fn compare(&self, store: &dyn Store, names: &[&str], keys: &[Option<&str>]) {
        self.compare_states(store);
        self.compare_due(store);
        for name in names {
            let fits = |row: &&SubscriptionRow| row.kind == SubscriptionKind::Message && row.name == *name;
            let all: Vec<_> = self.subscriptions.iter().filter(fits).cloned().collect();
            let found = store.subscribers(SubscriptionKind::Message, name, KeyFilter::Any, None, 99).unwrap();
            assert_eq!(found, all);
            for key in keys {
                let exact: Vec<_> = all.iter().filter(|row| row.key.as_deref() == *key).cloned().collect();
                let filter = KeyFilter::Exactly(*key);
                assert_eq!(
                    store.subscribers(SubscriptionKind::Message, name, filter, None, 99).unwrap(),
                    exact
                );
                let later: Vec<_> = exact.iter().skip(1).take(1).cloned().collect();
                let after = exact.first().map(|row| row.opened);
                if after.is_some() {
                    assert_eq!(
                        store.subscribers(SubscriptionKind::Message, name, filter, after, 1).unwrap(),
                        later
                    );
                }
                let kept = self.buffer.iter().filter(|row| row.name == *name && row.key.as_deref() == *key);
                assert_eq!(store.buffered_count(name, *key).unwrap(), kept.count());
            }
            let kept: Vec<_> = self.buffer.iter().filter(|row| row.name == *name).cloned().collect();
            assert_eq!(store.buffered(Some(name), None, 99).unwrap(), kept);
            let is_open = |row: &&JobRow| row.kind == JobRowKind::Job && row.is_ready && !row.is_held;
            let jobs: Vec<_> =
                self.jobs.iter().filter(is_open).filter(|row| row.job_type == *name).cloned().collect();
            assert_eq!(store.jobs(name, None, 99).unwrap(), jobs);
        }
        let tasks: Vec<_> =
            self.jobs.iter().filter(|row| row.kind == JobRowKind::UserTask).cloned().collect();
        assert_eq!(store.tasks(None, 99).unwrap(), tasks);
        assert_eq!(store.outbox(None, usize::MAX).unwrap(), self.outbox);
        assert_eq!(store.buffered(None, None, usize::MAX).unwrap(), self.buffer);
    }

    fn compare_states(&self, store: &dyn Store) {
        let ids: Vec<InstanceId> = self.instances.iter().map(|(id, _)| *id).collect();
        let states: Vec<_> = self.instances.iter().map(|(_, stored)| Some(stored.clone())).collect();
        assert_eq!(store.load(&ids).unwrap(), states);
        let heads: Vec<_> = self.instances.iter().map(|(_, stored)| stored.head.clone()).collect();
        assert_eq!(store.heads(&HeadFilter::default(), None, 99).unwrap(), heads);
        let latest = self.journal.len().saturating_sub(5);
        let from = self.journal.get(latest).map_or(Position(self.last + 1), |row| row.position);
        assert_eq!(store.journal(None, from, 99).unwrap(), self.journal[latest..]);
        if let Some(id) = ids.first() {
            let own: Vec<_> =
                self.journal[latest..].iter().filter(|row| row.instance == Some(*id)).cloned().collect();
            assert_eq!(store.journal(Some(*id), from, 99).unwrap(), own);
        }
    }

    fn compare_due(&self, store: &dyn Store) {
        for until in [3, 6, 20] {
            let due = self.due(Timestamp(until));
            assert_eq!(store.due(Timestamp(until), 2).unwrap(), due[..due.len().min(2)]);
            assert_eq!(store.due(Timestamp(until), 99).unwrap(), due);
        }
        let all = self.due(Timestamp(i64::MAX - 1));
        assert_eq!(store.next_due().unwrap(), all.first().map(moment));
    }
}

/// Kept messages that expire at one time are dropped oldest first.
fn order(row: &BufferRow) -> (u64, u32, u32) {
    (row.id.position.0 + 1_000_000, row.id.ordinal, row.id.part)
}

fn moment(due: &Due) -> Timestamp {
    match due {
        Due::Expiry(row) => row.expires,
        Due::Start(row) => row.due,
        Due::Timer(row) => row.due,
    }
}
