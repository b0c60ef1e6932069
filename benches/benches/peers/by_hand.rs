//! The workloads as somebody would type them: a state, a loop, a match. They record nothing and forget everything.

use super::Run;
use benches::workload::{ITEMS, Workload};
use std::collections::HashMap;
use std::hint::black_box;

/// The state machine of a workload; none where nobody would write one.
pub(crate) fn run(workload: Workload) -> Option<Run> {
    match workload {
        Workload::Seq10 => Some(Box::new(sequence)),
        Workload::Xor => Some(Box::new(exclusive)),
        Workload::Par => Some(Box::new(parallel)),
        Workload::Or => Some(Box::new(inclusive)),
        Workload::Nested => Some(Box::new(nested)),
        Workload::Multi => Some(Box::new(multi)),
        Workload::Message => {
            let mut waiting = HashMap::new();
            let mut number = 0;
            Some(Box::new(move || message(&mut waiting, &mut number)))
        }
        Workload::Timer | Workload::TimerFire | Workload::Chain(_) => None,
    }
}

/// The body of a task: it only counts.
#[inline(never)]
fn work(jobs: &mut u64) {
    *jobs = black_box(*jobs + 1);
}

fn sequence() -> u64 {
    enum State {
        Start,
        Task(u8),
        End,
    }
    let mut jobs = 0;
    let mut state = State::Start;
    loop {
        state = black_box(match state {
            State::Start => State::Task(1),
            State::Task(number) => {
                work(&mut jobs);
                if number < 10 { State::Task(number + 1) } else { State::End }
            }
            State::End => return jobs,
        });
    }
}

fn exclusive() -> u64 {
    enum State {
        Start,
        Merge,
        Count,
        Again,
        End,
    }
    let (mut jobs, mut i) = (0, 0_i64);
    let mut state = State::Start;
    loop {
        state = black_box(match state {
            State::Start => State::Merge,
            State::Merge => State::Count,
            State::Count => {
                work(&mut jobs);
                i += 1;
                State::Again
            }
            State::Again if i < 10 => State::Merge,
            State::Again => State::End,
            State::End => return jobs,
        });
    }
}

fn parallel() -> u64 {
    enum State {
        Start,
        Fork,
        Task { number: u8, arrived: u8 },
        Join { arrived: u8 },
        End,
    }
    let mut jobs = 0;
    let mut state = State::Start;
    loop {
        state = black_box(match state {
            State::Start => State::Fork,
            State::Fork => State::Task { number: 0, arrived: 0 },
            State::Task { number, arrived } => {
                work(&mut jobs);
                let arrived = arrived | 1 << number;
                if number < 7 { State::Task { number: number + 1, arrived } } else { State::Join { arrived } }
            }
            State::Join { arrived } if arrived == u8::MAX => State::End,
            State::Join { arrived } => State::Task { number: arrived.trailing_ones() as u8, arrived },
            State::End => return jobs,
        });
    }
}

fn inclusive() -> u64 {
    enum State {
        Start,
        Fork,
        Task { open: u8 },
        Join,
        End,
    }
    let (mut jobs, x) = (0, black_box(3_i64));
    let mut state = State::Start;
    loop {
        state = black_box(match state {
            State::Start => State::Fork,
            State::Fork => {
                let mut open = 0;
                for branch in 1..=3 {
                    open |= u8::from(x >= branch) << branch;
                }
                State::Task { open: if open == 0 { 1 << 4 } else { open } }
            }
            State::Task { open } => {
                work(&mut jobs);
                let open = open & (open - 1);
                if open == 0 { State::Join } else { State::Task { open } }
            }
            State::Join => State::End,
            State::End => return jobs,
        });
    }
}

fn nested() -> u64 {
    enum State {
        Start { depth: u8 },
        Task,
        End { depth: u8 },
        Done,
    }
    let mut jobs = 0;
    let mut state = State::Start { depth: 0 };
    loop {
        state = black_box(match state {
            State::Start { depth } if depth < 5 => State::Start { depth: depth + 1 },
            State::Start { .. } => State::Task,
            State::Task => {
                work(&mut jobs);
                State::End { depth: 5 }
            }
            State::End { depth } if depth > 0 => State::End { depth: depth - 1 },
            State::End { .. } => State::Done,
            State::Done => return jobs,
        });
    }
}

fn multi() -> u64 {
    let items: Vec<i64> = black_box((1..=ITEMS).collect());
    let mut jobs = 0;
    let mut completed = 0;
    for item in &items {
        black_box(item);
        work(&mut jobs);
        completed = black_box(completed + 1);
    }
    if completed == items.len() { jobs } else { 0 }
}

fn message(waiting: &mut HashMap<String, u64>, number: &mut u64) -> u64 {
    *number += 1;
    waiting.insert(format!("key-{number}"), *number);
    let key = black_box(format!("key-{number}"));
    match waiting.remove(&key) {
        Some(_) => 0,
        None => u64::MAX,
    }
}
