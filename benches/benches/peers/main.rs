//! The same workloads in this engine, typed by hand, and in other engines, alternating in one run.
//!
//! `cargo bench -p benches --bench peers` prints the median CPU time of an instance and how many times longer or
//! shorter the peer takes.

#![expect(clippy::print_stdout, reason = "the table is the result")]

mod by_hand;
mod outside;
mod snurr;

use benches::clock::thread_cpu;
use benches::drive::{Driver, deployed};
use benches::model::model;
use benches::workload::{FILES, Workload};
use std::time::Duration;

/// Rounds of which the median counts.
const ROUNDS: usize = 7;
/// CPU time of one measurement, long against the tick by which it is accounted.
const SPAN: Duration = Duration::from_millis(120);

/// Runs one instance; the number of jobs that it did.
type Run = Box<dyn FnMut() -> u64>;

fn main() {
    println!("{:<11} {:>12} {:>9} {:>24} {:>22}", "", "tokenflow", "ns/node", "by hand", "snurr 0.15");
    let mut over_snurr = Vec::new();
    let mut of_hand = Vec::new();
    for (stem, workload) in FILES {
        let mut runs =
            vec![Some(tokenflow(stem, workload)), by_hand::run(workload), snurr::run(stem, workload)];
        for run in runs.iter_mut().flatten() {
            assert_eq!(run(), u64::from(workload.jobs()), "{stem} does all its jobs");
        }
        let medians = medians(&mut runs);
        let ours = medians[0].unwrap_or(f64::NAN);
        let row = |peer: Option<f64>| match peer {
            Some(peer) => format!("{peer:.0} ns ({:.2}x)", peer / ours),
            None => "-".to_owned(),
        };
        let node = ours / f64::from(workload.nodes());
        println!("{stem:<11} {ours:>9.0} ns {node:>9.1} {:>24} {:>22}", row(medians[1]), row(medians[2]));
        of_hand.extend(medians[1].filter(|_| !stem.ends_with("-feel")).map(|hand| hand / ours));
        over_snurr.extend(medians[2].filter(|_| !stem.ends_with("-feel")).map(|snurr| snurr / ours));
        outside::compare(stem, workload, ours);
    }
    println!("geometric mean: {:.2} of the code by hand, {:.2}x snurr", mean(&of_hand), mean(&over_snurr));
}

fn tokenflow(stem: &str, workload: Workload) -> Run {
    let text = model(workload, stem.ends_with("-feel"));
    let deployed = deployed(text.as_bytes()).unwrap_or_else(|error| panic!("{stem}: {error}"));
    let mut driver = Driver::new(deployed, workload);
    if let Err(error) = driver.run_checked() {
        panic!("{stem}: {error}");
    }
    Box::new(move || {
        let before = driver.jobs();
        driver.run().expect("the workload was checked");
        driver.jobs() - before
    })
}

/// Nanoseconds of CPU of one instance, each run in turn, the median of all rounds.
fn medians(runs: &mut [Option<Run>]) -> Vec<Option<f64>> {
    let mut samples: Vec<Vec<f64>> = vec![Vec::new(); runs.len()];
    for _ in 0..ROUNDS {
        for (run, samples) in runs.iter_mut().zip(&mut samples) {
            if let Some(run) = run {
                samples.push(sample(run));
            }
        }
    }
    samples.into_iter().map(median).collect()
}

fn sample(run: &mut Run) -> f64 {
    let (mut instances, mut batch) = (0_u64, 1_u64);
    let begun = thread_cpu();
    loop {
        for _ in 0..batch {
            std::hint::black_box(run());
        }
        instances += batch;
        let used = thread_cpu().saturating_sub(begun);
        if used >= SPAN {
            return used.as_nanos() as f64 / instances as f64;
        }
        if used < SPAN / 4 {
            batch *= 2;
        }
    }
}

fn median(mut samples: Vec<f64>) -> Option<f64> {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied()
}

fn mean(ratios: &[f64]) -> f64 {
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp()
}
