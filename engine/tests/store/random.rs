//! Ten thousand random batches: the store answers every question as the model does.

use super::backends;
use super::make::{at, consumed, effect, group, job, step, subscription};
use super::model::Model;
use tokenflow::id::{InstanceId, Timestamp};
use tokenflow::runtime::store::{
    BufferRow, EffectId, Group, JobRow, JobRowKind, OutboxRow, RowChange, StartTimerRow, SubscriptionRow,
    TimerRow,
};

const NAMES: [&str; 2] = ["A", "B"];
const KEYS: [Option<&str>; 3] = [None, Some("1"), Some("2")];

/// A generator of its own, so that a seed gives the same batches on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

fn random_group(random: &mut Random, model: &Model) -> Group {
    let instance = 1 + u128::from(random.below(4));
    let mut made = if random.one_in(3) { group(Vec::new()) } else { random_step(random, model, instance) };
    made.at = Timestamp(random.below(10) as i64);
    let rows = random.below(4);
    // An address stands at most once in a group, as the runtime writes it.
    for key in 1..=rows as u32 {
        made.rows.push(random_row(random, model, instance, key));
    }
    if random.one_in(6) {
        made.consumed.push(consumed(&format!("key-{}", random.below(40)), &[random.below(9) as u8]));
    }
    made
}

fn random_step(random: &mut Random, model: &Model, instance: u128) -> Group {
    let actual = model.version(InstanceId(instance));
    let expected =
        if random.one_in(5) { Some(random.below(3)).filter(|version| *version > 0) } else { actual };
    step(instance, expected, &[random.below(256) as u8])
}

fn random_row(random: &mut Random, model: &Model, instance: u128, key: u32) -> RowChange {
    let address = at(instance, key);
    let (name, is_held) = (random.of(&NAMES), random.one_in(4));
    match random.below(13) {
        0 => RowChange::TimerSet(TimerRow { at: address, due: Timestamp(random.below(9) as i64), is_held }),
        1 => RowChange::TimerClear(address),
        2 | 3 => {
            let row = subscription(address, name, random.of(&KEYS));
            RowChange::SubscriptionPut(SubscriptionRow { is_held, ..row })
        }
        4 => RowChange::JobPut(JobRow {
            is_held,
            is_ready: random.one_in(2),
            ..job(address, JobRowKind::Job, name)
        }),
        5 => RowChange::JobPut(JobRow { is_held, ..job(address, JobRowKind::UserTask, name) }),
        6 => RowChange::Close(address),
        7 if random.one_in(3) => RowChange::CloseAll(InstanceId(instance)),
        7 | 8 => RowChange::OutboxPut(OutboxRow { id: effect(key), dispatch: vec![key as u8] }),
        9 => RowChange::OutboxTake(some(random, model.outbox.iter().map(|row| row.id))),
        10 => RowChange::BufferPut(BufferRow {
            id: effect(key),
            name: name.into(),
            key: random.of(&KEYS).map(str::to_owned),
            expires: random.of(&[Timestamp(3), Timestamp(6), Timestamp::NEVER]),
            message: vec![key as u8],
        }),
        11 => RowChange::BufferTake(some(random, model.buffer.iter().map(|row| row.id))),
        _ if random.one_in(3) => RowChange::StartTimerClear { process: name.into(), element: "Start".into() },
        _ => RowChange::StartTimerSet(StartTimerRow {
            process: name.into(),
            version: 1,
            element: "Start".into(),
            anchor: Timestamp(0),
            repetition: key,
            due: Timestamp(random.below(9) as i64),
        }),
    }
}

/// One of the ids, or one that is not there.
fn some(random: &mut Random, ids: impl Iterator<Item = EffectId>) -> EffectId {
    let ids: Vec<EffectId> = ids.collect();
    if ids.is_empty() || random.one_in(8) { effect(99) } else { random.of(&ids) }
}

#[test]
fn ten_thousand_random_batches_leave_what_the_model_says() {
    for (backend, make) in backends() {
        let mut committed = 0;
        for seed in 1..=20u64 {
            let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let (store, mut model) = (make(), Model::default());
            for batch in 0..500 {
                let groups: Vec<Group> =
                    (0..1 + random.below(3)).map(|_| random_group(&mut random, &model)).collect();
                let expected: Vec<String> =
                    groups.iter().cloned().map(|group| format!("{:?}", model.commit(group))).collect();
                let actual: Vec<String> =
                    store.commit(groups).unwrap().iter().map(|outcome| format!("{outcome:?}")).collect();
                assert_eq!(actual, expected, "{backend}, seed {seed}, batch {batch}");
                committed += actual.iter().filter(|outcome| outcome.starts_with("Committed")).count();
                model.compare(&*store, &NAMES, &KEYS);
            }
        }
        assert!(committed > 10_000, "{backend}: {committed} groups were written");
    }
}
