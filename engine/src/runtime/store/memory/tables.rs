//! The tables of the memory store and how a group changes them.

use super::names::Names;
use crate::id::{InstanceId, Timestamp};
use crate::runtime::store::{
    BufferRow, Consumed, DefinitionRow, Due, EffectId, Group, InstanceChange, JobRow, JobRowKind, JournalRow,
    KeyFilter, Opened, Outcome, Position, Reference, RowChange, StartTimerRow, StoredInstance,
    SubscriptionKind, SubscriptionRow, TimerRow, WaitAddress, WriteId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Rows that are looked up and never walked, so that their order cannot show.
#[allow(clippy::disallowed_types, reason = "see above")]
pub(super) type Lookup<K, V> = std::collections::HashMap<K, V>;

#[derive(Default)]
pub(super) struct Tables {
    last: Position,
    pub(super) instances: BTreeMap<InstanceId, StoredInstance>,
    pub(super) writes: BTreeMap<(InstanceId, u64), (WriteId, Position)>,
    pub(super) by_reference: BTreeMap<Reference, BTreeSet<InstanceId>>,
    pub(super) definitions: Vec<DefinitionRow>,
    timers: BTreeMap<WaitAddress, TimerRow>,
    timers_due: BTreeSet<(Timestamp, WaitAddress)>,
    start_timers: BTreeMap<(String, String), StartTimerRow>,
    starts_due: BTreeSet<(Timestamp, String, String)>,
    pub(super) subscriptions: BTreeMap<WaitAddress, SubscriptionRow>,
    messages: Names,
    signals: Names,
    pub(super) jobs: BTreeMap<WaitAddress, JobRow>,
    pub(super) ready_jobs: Lookup<String, BTreeMap<Opened, WaitAddress>>,
    pub(super) tasks: BTreeMap<Opened, WaitAddress>,
    pub(super) outbox: BTreeMap<EffectId, Vec<u8>>,
    pub(super) buffer: BTreeMap<EffectId, BufferRow>,
    pub(super) buffer_by_name: Lookup<String, BTreeSet<EffectId>>,
    pub(super) buffer_count: Lookup<String, Lookup<Option<String>, usize>>,
    expiries: BTreeSet<(Timestamp, EffectId)>,
    pub(super) journal: BTreeMap<Position, JournalRow>,
    pub(super) journal_of: Lookup<InstanceId, Vec<Position>>,
    pub(super) commands: Lookup<String, Consumed>,
    commands_at: BTreeSet<(Timestamp, String)>,
}

impl Tables {
    /// Checks the whole group, then applies it; nothing after the checks can fail.
    pub(super) fn commit(&mut self, group: Group) -> Outcome {
        if let Some(first) = group.consumed.iter().find_map(|command| self.commands.get(&command.key)) {
            return Outcome::Duplicate(first.clone());
        }
        if let Some(change) = &group.instance {
            let actual = self.instances.get(&change.id).map(|stored| stored.version);
            if actual != change.expected {
                return Outcome::Conflict { actual };
            }
        }
        if let Some(taken) = self.taken(&group.rows) {
            return Outcome::Taken(taken);
        }
        self.last = Position(self.last.0 + 1);
        let position = self.last;
        let instance = group.instance.as_ref().map(|change| change.id);
        if let Some(change) = group.instance {
            self.change_instance(change, group.write, position);
        }
        for change in group.rows {
            self.change_row(change, position);
        }
        if let Some(record) = group.journal {
            self.journal.insert(position, JournalRow { position, instance, record });
            if let Some(instance) = instance {
                self.journal_of.entry(instance).or_default().push(position);
            }
        }
        for command in group.consumed {
            self.commands_at.insert((command.at, command.key.clone()));
            self.commands.insert(command.key.clone(), command);
        }
        Outcome::Committed(position)
    }

    fn taken(&self, rows: &[RowChange]) -> Option<EffectId> {
        rows.iter().find_map(|change| match change {
            RowChange::OutboxTake(id) => (!self.outbox.contains_key(id)).then_some(*id),
            RowChange::BufferTake(id) => (!self.buffer.contains_key(id)).then_some(*id),
            RowChange::TimerSet(_)
            | RowChange::TimerClear(_)
            | RowChange::SubscriptionPut(_)
            | RowChange::JobPut(_)
            | RowChange::Close(_)
            | RowChange::CloseAll(_)
            | RowChange::OutboxPut(_)
            | RowChange::BufferPut(_)
            | RowChange::StartTimerSet(_)
            | RowChange::StartTimerClear { .. }
            | RowChange::DefinitionPut(_) => None,
        })
    }

    fn change_instance(&mut self, change: InstanceChange, write: WriteId, position: Position) {
        if let Some(reference) = &change.head.reference {
            self.by_reference.entry(reference.clone()).or_default().insert(change.id);
        }
        if change.expected != Some(change.version) {
            self.writes.insert((change.id, change.version), (write, position));
        }
        let kept = self.instances.remove(&change.id);
        let state = change.state.or(kept.map(|stored| stored.state)).unwrap_or_default();
        self.instances
            .insert(change.id, StoredInstance { version: change.version, state, head: change.head });
    }

    fn change_row(&mut self, change: RowChange, position: Position) {
        match change {
            RowChange::TimerSet(row) => self.set_timer(row),
            RowChange::TimerClear(at) => self.clear_timer(at),
            RowChange::SubscriptionPut(row) => self.put_subscription(row, position),
            RowChange::JobPut(row) => self.put_job(row, position),
            RowChange::Close(at) => self.close(at),
            RowChange::CloseAll(instance) => self.close_all(instance),
            RowChange::OutboxPut(row) => {
                self.outbox.insert(row.id.at(position), row.dispatch);
            }
            RowChange::OutboxTake(id) => {
                self.outbox.remove(&id);
            }
            RowChange::BufferPut(row) => self.put_buffer(row, position),
            RowChange::BufferTake(id) => self.take_buffer(id),
            RowChange::StartTimerSet(row) => {
                self.clear_start_timer(&row.process, &row.element);
                self.starts_due.insert((row.due, row.process.clone(), row.element.clone()));
                self.start_timers.insert((row.process.clone(), row.element.clone()), row);
            }
            RowChange::StartTimerClear { process, element } => self.clear_start_timer(&process, &element),
            RowChange::DefinitionPut(row) => self.definitions.push(row),
        }
    }

    fn set_timer(&mut self, row: TimerRow) {
        self.clear_timer(row.at);
        if !row.is_held {
            self.timers_due.insert((row.due, row.at));
        }
        self.timers.insert(row.at, row);
    }

    fn clear_timer(&mut self, at: WaitAddress) {
        if let Some(row) = self.timers.remove(&at) {
            self.timers_due.remove(&(row.due, at));
        }
    }

    fn put_subscription(&mut self, mut row: SubscriptionRow, position: Position) {
        row.opened = row.opened.at(position);
        if let Some(kept) = self.close_subscription(row.at) {
            row.opened = kept.opened;
        }
        self.names(row.kind).insert(&row);
        self.subscriptions.insert(row.at, row);
    }

    fn names(&mut self, kind: SubscriptionKind) -> &mut Names {
        match kind {
            SubscriptionKind::Message => &mut self.messages,
            SubscriptionKind::Signal => &mut self.signals,
        }
    }

    fn close_subscription(&mut self, at: WaitAddress) -> Option<SubscriptionRow> {
        let row = self.subscriptions.remove(&at)?;
        self.names(row.kind).remove(&row);
        Some(row)
    }

    fn put_job(&mut self, mut row: JobRow, position: Position) {
        row.opened = row.opened.at(position);
        if let Some(kept) = self.close_job(row.at) {
            (row.opened, row.created_at) = (kept.opened, kept.created_at);
        }
        match row.kind {
            JobRowKind::Job if row.is_ready && !row.is_held => {
                self.ready_jobs.entry(row.job_type.clone()).or_default().insert(row.opened, row.at);
            }
            JobRowKind::Job => {}
            JobRowKind::UserTask => {
                self.tasks.insert(row.opened, row.at);
            }
        }
        self.jobs.insert(row.at, row);
    }

    fn close_job(&mut self, at: WaitAddress) -> Option<JobRow> {
        let row = self.jobs.remove(&at)?;
        self.tasks.remove(&row.opened);
        if let Some(ready) = self.ready_jobs.get_mut(&row.job_type) {
            ready.remove(&row.opened);
            if ready.is_empty() {
                self.ready_jobs.remove(&row.job_type);
            }
        }
        Some(row)
    }

    fn close(&mut self, at: WaitAddress) {
        self.clear_timer(at);
        self.close_subscription(at);
        self.close_job(at);
    }

    fn close_all(&mut self, instance: InstanceId) {
        let mut open: Vec<WaitAddress> = of_instance(&self.timers, instance).collect();
        open.extend(of_instance(&self.subscriptions, instance));
        open.extend(of_instance(&self.jobs, instance));
        open.into_iter().for_each(|at| self.close(at));
    }

    fn put_buffer(&mut self, mut row: BufferRow, position: Position) {
        row.id = row.id.at(position);
        if row.expires != Timestamp::NEVER {
            self.expiries.insert((row.expires, row.id));
        }
        self.buffer_by_name.entry(row.name.clone()).or_default().insert(row.id);
        *self.buffer_count.entry(row.name.clone()).or_default().entry(row.key.clone()).or_default() += 1;
        self.buffer.insert(row.id, row);
    }

    fn take_buffer(&mut self, id: EffectId) {
        let Some(row) = self.buffer.remove(&id) else { return };
        self.expiries.remove(&(row.expires, id));
        if let Some(ids) = self.buffer_by_name.get_mut(&row.name) {
            ids.remove(&id);
            if ids.is_empty() {
                self.buffer_by_name.remove(&row.name);
            }
        }
        if let Some(keys) = self.buffer_count.get_mut(&row.name) {
            if let Some(count) = keys.get_mut(&row.key) {
                *count -= 1;
                if *count == 0 {
                    keys.remove(&row.key);
                }
            }
            if keys.is_empty() {
                self.buffer_count.remove(&row.name);
            }
        }
    }

    fn clear_start_timer(&mut self, process: &str, element: &str) {
        if let Some(row) = self.start_timers.remove(&(process.to_owned(), element.to_owned())) {
            self.starts_due.remove(&(row.due, row.process, row.element));
        }
    }

    pub(super) fn due(&self, until: Timestamp, max: usize) -> Vec<Due> {
        let mut found: Vec<(Timestamp, u8, Due)> = Vec::new();
        let expired = self.expiries.iter().take_while(|(due, _)| *due <= until).take(max);
        found.extend(
            expired.filter_map(|(due, id)| Some((*due, 0, Due::Expiry(self.buffer.get(id)?.clone())))),
        );
        let starts = self.starts_due.iter().take_while(|(due, ..)| *due <= until).take(max);
        found.extend(starts.filter_map(|(due, process, element)| {
            let row = self.start_timers.get(&(process.clone(), element.clone()))?;
            Some((*due, 1, Due::Start(row.clone())))
        }));
        let timers = self.timers_due.iter().take_while(|(due, _)| *due <= until).take(max);
        found
            .extend(timers.filter_map(|(due, at)| Some((*due, 2, Due::Timer(self.timers.get(at)?.clone())))));
        found.sort_by_key(|(due, rank, _)| (*due, *rank));
        found.truncate(max);
        found.into_iter().map(|(_, _, due)| due).collect()
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let expiry = self.expiries.first().map(|(due, _)| *due);
        let start = self.starts_due.first().map(|(due, ..)| *due);
        let timer = self.timers_due.first().map(|(due, _)| *due);
        [expiry, start, timer].into_iter().flatten().min()
    }

    pub(super) fn subscribers(
        &self,
        kind: SubscriptionKind,
        name: &str,
        key: KeyFilter<'_>,
        from: Option<Opened>,
        max: usize,
    ) -> Vec<SubscriptionRow> {
        let names = match kind {
            SubscriptionKind::Message => &self.messages,
            SubscriptionKind::Signal => &self.signals,
        };
        let Some(open) = names.find(name, key) else { return Vec::new() };
        let range = (from.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
        open.range(range).filter_map(|(_, at)| self.subscriptions.get(at)).take(max).cloned().collect()
    }

    pub(super) fn forget_commands(&mut self, before: Timestamp) {
        while let Some((at, key)) = self.commands_at.first().cloned() {
            if at >= before {
                return;
            }
            self.commands.remove(&key);
            self.commands_at.remove(&(at, key));
        }
    }
}

fn of_instance<T>(
    rows: &BTreeMap<WaitAddress, T>,
    instance: InstanceId,
) -> impl Iterator<Item = WaitAddress> {
    use crate::id::{ElementKey, Which};
    let first = WaitAddress { instance, key: ElementKey(0), which: Which(0) };
    rows.range(first..).map(|(at, _)| *at).take_while(move |at| at.instance == instance)
}

impl Position {
    fn or(self, position: Position) -> Position {
        if self == Position::THIS { position } else { self }
    }
}

impl Opened {
    fn at(self, position: Position) -> Opened {
        Opened { position: self.position.or(position), ..self }
    }
}

impl EffectId {
    fn at(self, position: Position) -> EffectId {
        EffectId { position: self.position.or(position), ..self }
    }
}
