//! The workloads: their names, their flow-node executions, and the variables an instance starts with.

use std::fmt;
use std::str::FromStr;
use tokenflow_feel::{Context, Value};

/// One shape of process that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// Start, ten tasks, end.
    Seq10,
    /// A loop of ten rounds over an integer.
    Xor,
    /// A fork of eight and its join.
    Par,
    /// An inclusive fork that takes three of four branches.
    Or,
    /// A task inside five sub-processes.
    Nested,
    /// Parallel multi-instance over 100 items.
    Multi,
    /// A catch event that waits for one message by key.
    Message,
    /// A user task that completes before its boundary timer.
    Timer,
    /// The same where the boundary timer fires.
    TimerFire,
    /// A chain of that many tasks.
    Chain(u32),
}

/// The workloads that have a file of their own, with the stem of that file.
pub const FILES: [(&str, Workload); 11] = [
    ("seq10", Workload::Seq10),
    ("xor", Workload::Xor),
    ("xor-feel", Workload::Xor),
    ("par", Workload::Par),
    ("or", Workload::Or),
    ("or-feel", Workload::Or),
    ("nested", Workload::Nested),
    ("mi", Workload::Multi),
    ("msg", Workload::Message),
    ("timer", Workload::Timer),
    ("timer-fire", Workload::TimerFire),
];

/// The number of items of the multi-instance workload.
pub const ITEMS: i64 = 100;

impl Workload {
    /// How many flow nodes one instance executes.
    pub fn nodes(self) -> u32 {
        match self {
            Workload::Seq10 | Workload::Par => 12,
            Workload::Xor => 32,
            Workload::Or => 7,
            Workload::Nested => 18,
            Workload::Multi => 102,
            Workload::Message | Workload::Timer => 3,
            Workload::TimerFire => 4,
            Workload::Chain(tasks) => tasks + 2,
        }
    }

    /// How many jobs the host answers for one instance.
    pub fn jobs(self) -> u32 {
        match self {
            Workload::Seq10 | Workload::Xor => 10,
            Workload::Par => 8,
            Workload::Or => 3,
            Workload::Nested => 1,
            Workload::Multi => ITEMS as u32,
            Workload::Message | Workload::Timer | Workload::TimerFire => 0,
            Workload::Chain(tasks) => tasks,
        }
    }

    /// The variables that the `number`-th instance starts with.
    pub fn variables(self, number: u64) -> Context {
        let mut variables = Context::new();
        match self {
            Workload::Xor => drop(variables.insert("i", 0)),
            Workload::Or => drop(variables.insert("x", 3)),
            Workload::Multi => {
                let items: Vec<Value> = (1..=ITEMS).map(Value::from).collect();
                variables.insert("items", items);
            }
            Workload::Message => drop(variables.insert("key", format!("key-{number}"))),
            Workload::Seq10
            | Workload::Par
            | Workload::Nested
            | Workload::Timer
            | Workload::TimerFire
            | Workload::Chain(_) => {}
        }
        variables
    }

    /// True where every instance starts with the same variables, so that they can be shared.
    pub fn has_equal_starts(self) -> bool {
        self != Workload::Message
    }
}

/// No workload has that name.
#[derive(Debug)]
pub struct UnknownWorkload(String);

impl fmt::Display for UnknownWorkload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown workload `{}`", self.0)
    }
}

impl FromStr for Workload {
    type Err = UnknownWorkload;

    fn from_str(name: &str) -> Result<Workload, UnknownWorkload> {
        if let Some((_, workload)) = FILES.iter().find(|(stem, _)| *stem == name) {
            return Ok(*workload);
        }
        let tasks = name.strip_prefix("chain").and_then(|tasks| match tasks.strip_suffix('k') {
            Some(thousands) => thousands.parse::<u32>().ok()?.checked_mul(1_000),
            None => tasks.parse().ok(),
        });
        match tasks {
            Some(tasks) if (1..=100_000).contains(&tasks) => Ok(Workload::Chain(tasks)),
            _ => Err(UnknownWorkload(name.to_owned())),
        }
    }
}
