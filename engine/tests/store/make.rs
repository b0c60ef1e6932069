//! Groups and rows, short to write.

use tokenflow::event::Status;
use tokenflow::id::{ElementKey, InstanceId, Timestamp, Which};
use tokenflow::runtime::store::{
    Consumed, EffectId, Group, Head, InstanceChange, JobRow, JobRowKind, Opened, Outcome, Position,
    RowChange, Store, SubscriptionKind, SubscriptionRow, WaitAddress, WriteId,
};

pub(super) fn head(id: u128) -> Head {
    Head {
        id: InstanceId(id),
        process: "P".into(),
        process_version: 1,
        status: Status::Active,
        is_suspended: false,
        started_at: Timestamp(id as i64),
        ended_at: None,
        reference: None,
        incidents: 0,
        quarantine: None,
    }
}

pub(super) fn group(rows: Vec<RowChange>) -> Group {
    Group {
        write: WriteId::default(),
        at: Timestamp(0),
        instance: None,
        rows,
        journal: None,
        consumed: Vec::new(),
    }
}

/// A group that brings an instance from one version to the next.
pub(super) fn step(id: u128, expected: Option<u64>, state: &[u8]) -> Group {
    let version = expected.unwrap_or(0) + 1;
    let change =
        InstanceChange { id: InstanceId(id), expected, version, state: Some(state.to_vec()), head: head(id) };
    Group { instance: Some(change), journal: Some(state.to_vec()), ..group(Vec::new()) }
}

pub(super) fn at(instance: u128, key: u32) -> WaitAddress {
    WaitAddress { instance: InstanceId(instance), key: ElementKey(key), which: Which(0) }
}

pub(super) fn opened(ordinal: u32) -> Opened {
    Opened { position: Position::THIS, ordinal }
}

pub(super) fn effect(ordinal: u32) -> EffectId {
    EffectId { position: Position::THIS, ordinal, part: 0 }
}

pub(super) fn subscription(at: WaitAddress, name: &str, key: Option<&str>) -> SubscriptionRow {
    SubscriptionRow {
        at,
        kind: SubscriptionKind::Message,
        name: name.into(),
        key: key.map(str::to_owned),
        process: "P".into(),
        version: 1,
        process_instance: ElementKey::ROOT,
        element: "Catch".into(),
        opened: opened(at.key.0),
        is_held: false,
    }
}

pub(super) fn job(at: WaitAddress, kind: JobRowKind, job_type: &str) -> JobRow {
    JobRow {
        at,
        kind,
        job_type: job_type.into(),
        process: "P".into(),
        element: "Work".into(),
        name: None,
        opened: opened(at.key.0),
        created_at: Timestamp(0),
        is_ready: true,
        assignee: None,
        groups: Vec::new(),
        users: Vec::new(),
        due_date: None,
        is_held: false,
    }
}

pub(super) fn consumed(key: &str, answer: &[u8]) -> Consumed {
    Consumed { key: key.into(), digest: [7; 32], answer: answer.to_vec(), at: Timestamp(0) }
}

/// Commits one group and gives its outcome.
pub(super) fn commit(store: &dyn Store, group: Group) -> Outcome {
    let mut outcomes = store.commit(vec![group]).unwrap();
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

/// Commits one group that must succeed.
pub(super) fn write(store: &dyn Store, group: Group) -> Position {
    match commit(store, group) {
        Outcome::Committed(position) => position,
        other => panic!("not committed: {other:?}"),
    }
}
