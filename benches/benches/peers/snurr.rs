//! The workloads in the crate snurr 0.15, which has neither variables nor waits nor records.

use super::Run;
use benches::model::model;
use benches::workload::Workload;
use snurr::{Process, ProcessBuilder};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[derive(Debug, Default)]
struct Counter(AtomicU64);

/// The process of a workload; none where snurr does not run it.
pub(crate) fn run(stem: &str, workload: Workload) -> Option<Run> {
    if stem.ends_with("-feel") {
        return None;
    }
    // snurr refuses flows with conditions: its gateways ask functions of the host instead.
    let lines = model(workload, false);
    let lines: Vec<&str> =
        lines.lines().map(str::trim).filter(|line| !line.starts_with("<conditionExpression")).collect();
    let text = lines.join("\n").replace(">\n</sequenceFlow>", "/>");
    let builder: ProcessBuilder<Counter> = text.parse().expect("snurr reads the model");
    let builder = match workload {
        Workload::Seq10 => (1..=10).fold(builder, |builder, task| count(builder, format!("Task{task}"))),
        Workload::Par => (1..=8).fold(builder, |builder, task| count(builder, format!("Task{task}"))),
        Workload::Nested => count(builder, "Task".to_owned()),
        Workload::Or => (1..=4)
            .fold(builder, |builder, task| count(builder, format!("Task{task}")))
            .inclusive("Fork", |_| vec!["Fork-Task1", "Fork-Task2", "Fork-Task3"].into()),
        Workload::Xor => count(builder, "Count".to_owned()).exclusive("Again", |counter| {
            let again = counter.0.load(Relaxed) < 10;
            (if again { "Again-Merge" } else { "Again-End" }).into()
        }),
        Workload::Multi | Workload::Message | Workload::Timer | Workload::TimerFire | Workload::Chain(_) => {
            return None;
        }
    };
    let process: Process<Counter> = builder.build().unwrap_or_else(|error| panic!("{stem}: {error}"));
    Some(Box::new(move || {
        let done = process.run(Counter::default()).unwrap_or_else(|error| panic!("snurr runs: {error}"));
        done.0.into_inner()
    }))
}

fn count(builder: ProcessBuilder<Counter>, task: String) -> ProcessBuilder<Counter> {
    builder.task(task, |counter| {
        counter.0.fetch_add(1, Relaxed);
        Default::default()
    })
}
