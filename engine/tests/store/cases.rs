//! The promises of the seam, one by one.

use super::backends;
use super::make::{at, commit, consumed, effect, group, job, step, subscription, write};
use tokenflow::id::{InstanceId, Timestamp};
use tokenflow::runtime::store::{
    BufferRow, Due, EffectId, HeadFilter, JobRowKind, KeyFilter, Opened, OutboxRow, Outcome, Position,
    Reference, RowChange, StartTimerRow, Store, SubscriptionKind, TimerRow, WriteId,
};

fn each(case: fn(&dyn Store)) {
    for (_, make) in backends() {
        case(&*make());
    }
}

fn outbox(store: &dyn Store) -> Vec<EffectId> {
    store.outbox(None, usize::MAX).unwrap().into_iter().map(|row| row.id).collect()
}

fn put(ordinal: u32) -> RowChange {
    RowChange::OutboxPut(OutboxRow { id: effect(ordinal), dispatch: vec![1] })
}

#[test]
fn a_version_is_compared_and_set() {
    each(|store| {
        write(store, step(1, None, b"one"));
        assert!(matches!(commit(store, step(1, None, b"again")), Outcome::Conflict { actual: Some(1) }));
        assert!(matches!(commit(store, step(1, Some(4), b"four")), Outcome::Conflict { actual: Some(1) }));
        assert!(matches!(commit(store, step(2, Some(1), b"two")), Outcome::Conflict { actual: None }));
        write(store, step(1, Some(1), b"two"));
        let stored = store.load(&[InstanceId(2), InstanceId(1)]).unwrap();
        assert!(stored[0].is_none());
        assert_eq!(
            stored[1].as_ref().map(|stored| (stored.version, &stored.state[..])),
            Some((2, &b"two"[..]))
        );
        assert_eq!(store.version(InstanceId(1)).unwrap(), Some(2));
    });
}

#[test]
fn a_refused_group_writes_nothing_and_its_neighbours_everything() {
    each(|store| {
        write(store, step(1, None, b"one"));
        let mut refused = step(1, Some(9), b"nine");
        refused.rows = vec![put(1)];
        refused.consumed = vec![consumed("refused", b"")];
        let mut first = step(2, None, b"two");
        first.rows = vec![put(1)];
        let outcomes = store.commit(vec![first, refused, step(3, None, b"three")]).unwrap();
        assert!(matches!(
            outcomes[..],
            [Outcome::Committed(_), Outcome::Conflict { .. }, Outcome::Committed(_)]
        ));
        assert_eq!(outbox(store).len(), 1);
        assert_eq!(store.command("refused").unwrap(), None);
        assert_eq!(store.journal(None, Position::default(), usize::MAX).unwrap().len(), 3);
        assert_eq!(store.last_instance().unwrap(), Some(InstanceId(3)));
    });
}

#[test]
fn a_command_is_consumed_once_and_its_answer_remembered_until_it_is_forgotten() {
    each(|store| {
        let once = || step_with("order", b"first");
        write(store, once());
        let mut again = step(2, None, b"two");
        again.consumed = vec![consumed("order", b"second")];
        match commit(store, again) {
            Outcome::Duplicate(first) => assert_eq!(first.answer, b"first"),
            other => panic!("{other:?}"),
        }
        assert_eq!(store.load(&[InstanceId(2)]).unwrap(), [None]);
        store.forget_commands(Timestamp(0)).unwrap();
        assert!(store.command("order").unwrap().is_some(), "it was consumed at that moment, not before");
        store.forget_commands(Timestamp(1)).unwrap();
        assert_eq!(store.command("order").unwrap(), None);
    });
}

fn step_with(key: &str, answer: &[u8]) -> tokenflow::runtime::store::Group {
    let mut group = step(1, None, b"one");
    group.consumed = vec![consumed(key, answer)];
    group
}

#[test]
fn an_effect_is_taken_once() {
    each(|store| {
        let position = write(store, group(vec![put(1), put(2)]));
        let id = |ordinal| EffectId { position, ordinal, part: 0 };
        assert_eq!(outbox(store), [id(1), id(2)]);
        let mut take = step(1, None, b"one");
        take.rows = vec![RowChange::OutboxTake(id(1))];
        write(store, take.clone());
        take.instance = step(1, Some(1), b"two").instance;
        assert!(matches!(commit(store, take), Outcome::Taken(taken) if taken == id(1)));
        assert_eq!(store.version(InstanceId(1)).unwrap(), Some(1));
        assert_eq!(outbox(store), [id(2)]);
    });
}

#[test]
fn parts_of_an_effect_stand_in_its_place() {
    each(|store| {
        let position = write(store, group(vec![put(1), put(2)]));
        let part = |part| EffectId { position, ordinal: 1, part };
        let parts =
            [1, 2].map(|number| RowChange::OutboxPut(OutboxRow { id: part(number), dispatch: vec![2] }));
        let mut rows = vec![RowChange::OutboxTake(part(0))];
        rows.extend(parts);
        write(store, group(rows));
        assert_eq!(outbox(store), [part(1), part(2), EffectId { position, ordinal: 2, part: 0 }]);
    });
}

#[test]
fn a_row_that_is_put_again_keeps_the_moment_of_its_opening() {
    each(|store| {
        let keys = |key: Option<&str>| {
            let rows = store
                .subscribers(SubscriptionKind::Message, "Paid", KeyFilter::Exactly(key), None, 9)
                .unwrap();
            rows.into_iter().map(|row| row.at.instance.0).collect::<Vec<_>>()
        };
        for instance in [1, 2] {
            write(
                store,
                group(vec![RowChange::SubscriptionPut(subscription(at(instance, 1), "Paid", None))]),
            );
        }
        write(store, group(vec![RowChange::SubscriptionPut(subscription(at(1, 1), "Paid", Some("7")))]));
        assert_eq!((keys(None), keys(Some("7")), keys(Some("8"))), (vec![2], vec![1], vec![]));
        write(store, group(vec![RowChange::SubscriptionPut(subscription(at(1, 1), "Paid", None))]));
        assert_eq!(keys(None), [1, 2], "the first is still the older one");
        let row = store.subscription(at(1, 1)).unwrap().unwrap();
        assert_eq!(row.opened, Opened { position: Position(1), ordinal: 1 });
    });
}

#[test]
fn what_is_held_back_is_not_due_and_not_handed_out() {
    each(|store| {
        let timer = |is_held| RowChange::TimerSet(TimerRow { at: at(1, 1), due: Timestamp(5), is_held });
        let work = |is_held| {
            RowChange::JobPut(tokenflow::runtime::store::JobRow {
                is_held,
                ..job(at(1, 2), JobRowKind::Job, "work")
            })
        };
        write(store, group(vec![timer(true), work(true)]));
        assert_eq!((store.next_due().unwrap(), store.due(Timestamp(9), 9).unwrap()), (None, vec![]));
        assert_eq!(store.jobs("work", None, 9).unwrap(), []);
        write(store, group(vec![timer(false), work(false)]));
        assert_eq!(store.next_due().unwrap(), Some(Timestamp(5)));
        assert_eq!(store.due(Timestamp(4), 9).unwrap(), []);
        assert_eq!(store.due(Timestamp(5), 9).unwrap().len(), 1);
        assert_eq!(store.jobs("work", None, 9).unwrap().len(), 1);
        write(store, group(vec![RowChange::CloseAll(InstanceId(1))]));
        assert_eq!((store.next_due().unwrap(), store.jobs("work", None, 9).unwrap()), (None, vec![]));
    });
}

#[test]
fn what_is_due_comes_in_the_order_of_its_times() {
    each(|store| {
        let start = StartTimerRow {
            process: "P".into(),
            version: 1,
            element: "Start".into(),
            anchor: Timestamp(0),
            repetition: 0,
            due: Timestamp(5),
        };
        let kept = BufferRow {
            id: effect(1),
            name: "Paid".into(),
            key: None,
            expires: Timestamp(7),
            message: vec![1],
        };
        let timer = |instance, due| {
            RowChange::TimerSet(TimerRow { at: at(instance, 1), due: Timestamp(due), is_held: false })
        };
        let rows = vec![
            timer(2, 7),
            timer(1, 7),
            timer(3, 6),
            RowChange::StartTimerSet(start),
            RowChange::BufferPut(kept),
        ];
        write(store, group(rows));
        let order: Vec<String> = store.due(Timestamp(7), 9).unwrap().into_iter().map(name).collect();
        assert_eq!(order, ["start", "timer 3", "expiry", "timer 1", "timer 2"]);
        assert_eq!(store.due(Timestamp(7), 2).unwrap().into_iter().map(name).collect::<Vec<_>>(), order[..2]);
        let clear = RowChange::StartTimerClear { process: "P".into(), element: "Start".into() };
        write(store, group(vec![clear]));
        assert_eq!(store.next_due().unwrap(), Some(Timestamp(6)));
    });
}

fn name(due: Due) -> String {
    match due {
        Due::Expiry(_) => "expiry".into(),
        Due::Start(_) => "start".into(),
        Due::Timer(row) => format!("timer {}", row.at.instance.0),
    }
}

#[test]
fn the_write_of_a_version_is_known_by_its_id() {
    each(|store| {
        let write_id = WriteId { writer: 3, count: 8 };
        let position =
            write(store, tokenflow::runtime::store::Group { write: write_id, ..step(1, None, b"one") });
        assert_eq!(store.written(InstanceId(1), 1).unwrap(), Some((write_id, position)));
        assert_eq!(store.written(InstanceId(1), 2).unwrap(), None);
    });
}

#[test]
fn a_head_changes_without_the_state_and_is_found_by_its_reference() {
    each(|store| {
        write(store, step(1, None, b"one"));
        let reference = Reference { kind: "deal".into(), id: "7".into() };
        let mut head_only = step(1, Some(1), b"");
        let change = head_only.instance.as_mut().unwrap();
        (change.version, change.state, change.head.reference) = (1, None, Some(reference.clone()));
        write(store, head_only);
        let filter = HeadFilter { reference: Some(reference), ..HeadFilter::default() };
        assert_eq!(store.heads(&filter, None, 9).unwrap().len(), 1);
        assert_eq!(store.heads(&filter, Some(InstanceId(1)), 9).unwrap().len(), 0);
        let stored = store.load(&[InstanceId(1)]).unwrap().remove(0).unwrap();
        assert_eq!((stored.version, &stored.state[..]), (1, &b"one"[..]));
    });
}
