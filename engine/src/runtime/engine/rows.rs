//! The index rows of an instance, derived from the waits that a transition changed.

use super::{Engine, Live};
use crate::event::{Event, Status, Transition, WaitKind};
use crate::id::{ElementKey, Timestamp, Which};
use crate::instance::WaitView;
use crate::runtime::record::key_text;
use crate::runtime::store::{
    JobRow, JobRowKind, Opened, Position, RowChange, SubscriptionKind, SubscriptionRow, TimerRow, WaitAddress,
};
use tokenflow_feel::Value;

impl Engine {
    /// The rows that a transition changes.
    pub(super) fn changed_rows(&self, live: &Live, transition: &Transition) -> Vec<RowChange> {
        if live.instance.status() != Status::Active {
            return vec![RowChange::CloseAll(live.head.id)];
        }
        let is_flipped = |event: &Event| matches!(event, Event::Suspended | Event::Resumed);
        if transition.events.iter().any(is_flipped) {
            let mut rows = self.closed_rows(live, transition);
            rows.extend(self.all_rows(live));
            return rows;
        }
        let mut changed = transition.changed.clone();
        for event in &transition.events {
            // An incident takes a job out of the hands of workers without touching its wait.
            if let Event::IncidentRaised { key, .. } | Event::IncidentResolved { key } = event
                && !changed.contains(&(*key, Which(0)))
            {
                changed.push((*key, Which(0)));
            }
        }
        let mut rows = Vec::with_capacity(changed.len());
        for ((key, which), ordinal) in changed.into_iter().zip(0u32..) {
            match live.instance.wait(&self.library, key, which) {
                Some(wait) => self.put(live, &wait, ordinal, &mut rows),
                None => rows.push(RowChange::Close(address(live, key, which))),
            }
        }
        rows
    }

    fn closed_rows(&self, live: &Live, transition: &Transition) -> Vec<RowChange> {
        let changed = transition.changed.iter();
        let closed = changed.filter(|(key, which)| live.instance.wait(&self.library, *key, *which).is_none());
        closed.map(|(key, which)| RowChange::Close(address(live, *key, *which))).collect()
    }

    /// All rows of an instance, for when what holds for the whole of it has changed.
    pub(super) fn all_rows(&self, live: &Live) -> Vec<RowChange> {
        let mut rows = Vec::new();
        for (wait, ordinal) in live.instance.waits(&self.library).zip(0u32..) {
            self.put(live, &wait, ordinal, &mut rows);
        }
        rows
    }

    fn put(&self, live: &Live, wait: &WaitView<'_>, ordinal: u32, rows: &mut Vec<RowChange>) {
        let at = address(live, wait.key, wait.which);
        let is_held = live.head.is_suspended || live.head.quarantine.is_some();
        match wait.due() {
            Timestamp::NEVER => rows.push(RowChange::TimerClear(at)),
            due => rows.push(RowChange::TimerSet(TimerRow { at, due, is_held })),
        }
        let opened = Opened { position: Position::THIS, ordinal };
        match wait.kind {
            WaitKind::Message => {
                rows.push(RowChange::SubscriptionPut(self.subscription(
                    wait,
                    SubscriptionKind::Message,
                    at,
                    opened,
                    is_held,
                )));
            }
            WaitKind::Signal => {
                rows.push(RowChange::SubscriptionPut(self.subscription(
                    wait,
                    SubscriptionKind::Signal,
                    at,
                    opened,
                    is_held,
                )));
            }
            WaitKind::Job => {
                rows.push(RowChange::JobPut(self.job(live, wait, JobRowKind::Job, at, opened, is_held)))
            }
            WaitKind::UserTask => {
                rows.push(RowChange::JobPut(self.job(live, wait, JobRowKind::UserTask, at, opened, is_held)));
            }
            WaitKind::Timer
            | WaitKind::Condition
            | WaitKind::AdHoc
            | WaitKind::Data
            | WaitKind::Call
            | WaitKind::Compensation
            | WaitKind::Delivery => {}
        }
    }

    fn subscription(
        &self,
        wait: &WaitView<'_>,
        kind: SubscriptionKind,
        at: WaitAddress,
        opened: Opened,
        is_held: bool,
    ) -> SubscriptionRow {
        let process = self.library.process(wait.process);
        SubscriptionRow {
            at,
            kind,
            name: wait.name().to_owned(),
            key: key_text(wait.correlation_key()),
            process: process.id().to_owned(),
            version: process.version(),
            process_instance: wait.process_instance,
            element: process.node_id(wait.node).to_owned(),
            opened,
            is_held,
        }
    }

    fn job(
        &self,
        live: &Live,
        wait: &WaitView<'_>,
        kind: JobRowKind,
        at: WaitAddress,
        opened: Opened,
        is_held: bool,
    ) -> JobRow {
        let process = self.library.process(wait.process);
        let has_incident = live.instance.element(wait.key).is_some_and(|element| element.has_incident);
        let people = wait.people().as_context();
        let person = |name: &str| people.and_then(|people| people.get(name));
        JobRow {
            at,
            kind,
            job_type: wait.name().to_owned(),
            process: process.id().to_owned(),
            element: process.node_id(wait.node).to_owned(),
            name: process.graph().node(wait.node).name.clone(),
            opened,
            created_at: live.instance.now(),
            is_ready: !has_incident && !wait.is_backing_off() && wait.retries() > 0,
            assignee: wait.assignee().map(str::to_owned),
            groups: texts(person("candidateGroups")),
            users: texts(person("candidateUsers")),
            due_date: person("dueDate").filter(|due| !due.is_null()).map(text),
            is_held,
        }
    }
}

fn address(live: &Live, key: ElementKey, which: Which) -> WaitAddress {
    WaitAddress { instance: live.head.id, key, which }
}

fn texts(list: Option<&Value>) -> Vec<String> {
    list.and_then(Value::as_list).map(|list| list.iter().map(text).collect()).unwrap_or_default()
}

fn text(value: &Value) -> String {
    key_text(value).unwrap_or_default()
}
