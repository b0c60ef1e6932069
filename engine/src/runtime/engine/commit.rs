//! From a transition to a durable group: rows, journal, head; and what the outcome of the write means.

use super::{Engine, Live};
use crate::command::RejectionCode;
use crate::event::{Event, Outgoing, Status, Transition};
use crate::id::{ElementKey, InstanceId, Timestamp};
use crate::runtime::error::CommandError;
use crate::runtime::record::{Dispatch, JournalRecord, MessageNote, Posted, Thrower};
use crate::runtime::store::{
    Consumed, EffectId, Group, InstanceChange, OutboxRow, Outcome, Position, RowChange, StoreError,
    SubscriptionKind, SubscriptionRow, encode,
};

/// Commands between two sweeps of the remembered keys.
const SWEEP: u64 = 256;

/// What a commit carries besides the transition.
#[derive(Default)]
pub(super) struct Note {
    pub(super) by: Option<String>,
    pub(super) consumed: Vec<Consumed>,
    pub(super) rows: Vec<RowChange>,
    pub(super) message: Option<MessageNote>,
    pub(super) depth: u32,
}

/// What became of a write, where it is not an error of the store.
pub(super) enum Written {
    At(Position),
    /// Its effect was taken, or its command consumed, by an earlier write.
    Before,
}

impl Engine {
    /// Makes a transition durable and notes its effects. Gives the effect by which a long command goes on.
    pub(super) fn commit(
        &mut self,
        live: &mut Live,
        transition: Transition,
        note: Note,
    ) -> Result<Option<EffectId>, CommandError> {
        let at = transition.at;
        self.update_head(live, &transition);
        let mut rows = note.rows;
        let changed = self.changed_rows(live, &transition);
        let mut dispatches = self.openings(&changed)?;
        rows.extend(changed);
        if transition.more {
            dispatches.insert(0, (effect(0), Dispatch::Continue(live.head.id)));
        }
        dispatches.extend(self.dispatches(live, &transition, note.depth));
        rows.extend(dispatches.iter().map(|(id, dispatch)| outbox_put(*id, dispatch)));
        let version = live.instance.version();
        let change = InstanceChange {
            id: live.head.id,
            expected: live.version,
            version,
            state: Some(live.instance.to_bytes()),
            head: live.head.clone(),
        };
        let record = JournalRecord { by: note.by, transition, message: note.message, quarantine: None };
        let group = Group {
            write: self.ids.write(),
            at,
            instance: Some(change),
            rows,
            journal: Some(encode("journal", &record)),
            consumed: note.consumed,
        };
        let written = self.write(group);
        if matches!(written, Ok(_) | Err(CommandError::Unknown(_))) {
            self.ids.used(live.head.id);
        }
        let position = match written? {
            Written::At(position) => position,
            Written::Before => {
                let message = "another runtime has carried it out already";
                return Err(CommandError::rejected(RejectionCode::Duplicate, message));
            }
        };
        live.version = Some(version);
        let mut continuation = None;
        for (id, dispatch) in dispatches {
            let id = EffectId { position, ..id };
            match dispatch {
                Dispatch::Continue(_) => continuation = Some(id),
                dispatch => self.expect(id, dispatch),
            }
        }
        Ok(continuation)
    }

    fn update_head(&self, live: &mut Live, transition: &Transition) {
        let instance = &live.instance;
        let raised = transition.events.iter().any(|event| matches!(event, Event::IncidentRaised { .. }));
        if raised || live.head.incidents > 0 {
            live.head.incidents = u32::try_from(instance.incidents().count()).unwrap_or(u32::MAX);
        }
        live.head.is_suspended = instance.is_suspended();
        live.head.status = instance.status();
        if instance.status() != Status::Active {
            live.head.ended_at = Some(transition.at);
        }
    }

    /// Effects on others, numbered from 1 in the order in which they were thrown.
    fn dispatches(&self, live: &Live, transition: &Transition, depth: u32) -> Vec<(EffectId, Dispatch)> {
        let outbox = (1u32..).zip(&transition.outbox);
        outbox
            .map(|(ordinal, outgoing)| (effect(ordinal), self.dispatch_of(live, outgoing, depth + 1)))
            .collect()
    }

    fn dispatch_of(&self, live: &Live, outgoing: &Outgoing, depth: u32) -> Dispatch {
        let from = |thrower: ElementKey, node: &str| {
            Some(Thrower {
                instance: live.head.id,
                key: thrower,
                process: self.process_of(live, thrower, node),
                node: node.to_owned(),
            })
        };
        match outgoing {
            Outgoing::Message { thrower, node, name, key, payload } => Dispatch::Message(Posted {
                name: name.clone(),
                key: key.clone(),
                payload: payload.clone(),
                from: from(*thrower, node),
                to: None,
                expires: Some(Timestamp::NEVER),
                depth,
            }),
            Outgoing::Signal { thrower, name, payload } => Dispatch::Signal(Posted {
                name: name.clone(),
                key: tokenflow_feel::Value::NULL,
                payload: payload.clone(),
                from: from(*thrower, ""),
                to: None,
                expires: None,
                depth,
            }),
        }
    }

    /// The process that a throwing node stands in; its element may have ended with the step that threw.
    pub(super) fn process_of(&self, live: &Live, thrower: ElementKey, node: &str) -> String {
        if let Some(element) = live.instance.element(thrower) {
            return self.library.process(element.process).id().to_owned();
        }
        let bound =
            live.instance.elements().map(|element| element.process).chain(live.instance.root_process());
        let mut holding =
            bound.filter(|ix| node.is_empty() || self.library.process(*ix).find(node).is_some());
        match holding.next() {
            Some(ix) => self.library.process(ix).id().to_owned(),
            None => live.head.process.clone(),
        }
    }

    /// Message subscriptions that this commit opens while messages of their name are kept. They look into those
    /// before what the commit throws is delivered.
    fn openings(&self, rows: &[RowChange]) -> Result<Vec<(EffectId, Dispatch)>, StoreError> {
        let mut opened = Vec::new();
        for row in rows {
            if let RowChange::SubscriptionPut(row) = row
                && is_open_message(row)
                && !self.store.buffered(Some(&row.name), None, 1)?.is_empty()
            {
                let part = opened.len() as u32 + 1;
                opened.push((EffectId { part, ..effect(0) }, Dispatch::Opened(row.at)));
            }
        }
        Ok(opened)
    }

    /// Writes a change of what is known of an instance, without a step of it.
    pub(super) fn write_head(
        &mut self,
        change: InstanceChange,
        rows: Vec<RowChange>,
        quarantine: Option<String>,
    ) -> Result<(), CommandError> {
        let at = self.now();
        let transition = Transition { at, ..Transition::default() };
        let record = JournalRecord { by: None, transition, message: None, quarantine };
        let group = Group {
            write: self.ids.write(),
            at,
            instance: Some(change),
            rows,
            journal: Some(encode("journal", &record)),
            consumed: Vec::new(),
        };
        self.write(group)?;
        Ok(())
    }

    /// Writes what concerns no instance.
    pub(super) fn write_rows(
        &mut self,
        rows: Vec<RowChange>,
        message: Option<MessageNote>,
        consumed: Vec<Consumed>,
    ) -> Result<Written, CommandError> {
        let at = self.now();
        let journal = message.map(|message| {
            let transition = Transition { at, ..Transition::default() };
            encode(
                "journal",
                &JournalRecord { by: None, transition, message: Some(message), quarantine: None },
            )
        });
        let write = self.ids.write();
        self.write(Group { write, at, instance: None, rows, journal, consumed })
    }

    /// Writes index rows alone.
    pub(in crate::runtime) fn write_plain(&mut self, rows: Vec<RowChange>) -> Result<(), CommandError> {
        self.write_rows(rows, None, Vec::new()).map(drop)
    }

    /// Commits one group. Where its outcome is lost, the write's own id tells whether it happened.
    fn write(&mut self, group: Group) -> Result<Written, CommandError> {
        self.commits += 1;
        if self.commits.is_multiple_of(SWEEP) {
            let before = Timestamp(group.at.0.saturating_sub(self.options.command_keys));
            self.store.forget_commands(before)?;
        }
        let write = group.write;
        let instance = group.instance.as_ref().map(|change| (change.id, change.version, change.expected));
        let outcome = match self.store.commit(vec![group]) {
            Ok(mut outcomes) => outcomes.pop(),
            Err(StoreError::Ambiguous(reason)) => {
                let Some((id, version, _)) = instance else { return Err(CommandError::Unknown(reason)) };
                match self.store.written(id, version) {
                    Ok(Some((found, position))) if found == write => return Ok(Written::At(position)),
                    Ok(_) => return Err(StoreError::Rejected(reason).into()),
                    Err(_) => return Err(CommandError::Unknown(reason)),
                }
            }
            Err(error) => return Err(error.into()),
        };
        match outcome {
            Some(Outcome::Committed(position)) => Ok(Written::At(position)),
            Some(Outcome::Conflict { actual }) => {
                let (instance, _, expected) = instance.unwrap_or((InstanceId(0), 0, None));
                Err(CommandError::VersionConflict {
                    instance,
                    expected: expected.unwrap_or(0),
                    actual: actual.unwrap_or(0),
                })
            }
            Some(Outcome::Duplicate(_) | Outcome::Taken(_)) => Ok(Written::Before),
            None => Err(StoreError::Io("the store gave no outcome for a group".into()).into()),
        }
    }
}

/// An effect of the group that is being written.
pub(super) fn effect(ordinal: u32) -> EffectId {
    EffectId { position: Position::THIS, ordinal, part: 0 }
}

pub(super) fn outbox_put(id: EffectId, dispatch: &Dispatch) -> RowChange {
    RowChange::OutboxPut(OutboxRow { id, dispatch: encode("outbox", dispatch) })
}

fn is_open_message(row: &SubscriptionRow) -> bool {
    row.kind == SubscriptionKind::Message && !row.is_held
}
