//! Random models under random schedules: invariants after every command, a seed that reproduces any failure.
//!
//! `SIMULATION_RUNS=200000 cargo test -p tokenflow --test simulation` looks further;
//! `SIMULATION_SEED=17 cargo test -p tokenflow --test simulation -- --nocapture` shows one run.

mod invariants;
mod model;
mod naive;
mod random;
mod schedule;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs in the ordinary test; more on request.
const RUNS: u64 = 20_000;

/// The largest size of a model; a failing seed is tried again with smaller ones.
const SIZE: u32 = 9;

#[expect(clippy::disallowed_methods, reason = "a test takes its options from the environment")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// What went wrong with a seed, if anything.
fn failure(seed: u64, size: u32) -> Option<String> {
    match catch_unwind(AssertUnwindSafe(|| schedule::run(seed, size))) {
        Ok(Ok(_)) => None,
        Ok(Err(wrong)) => Some(wrong),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Some(format!("panic: {}", text.unwrap_or_default()))
        }
    }
}

/// The smallest size at which the seed still fails, with its model.
fn report(seed: u64) -> String {
    let size = (1..=SIZE).find(|size| failure(seed, *size).is_some()).unwrap_or(SIZE);
    let wrong = failure(seed, size).unwrap_or_default();
    let files = model::generate(seed, size).files.join("\n");
    format!("SIMULATION_SEED={seed} (size {size}): {wrong}\n{files}")
}

#[test]
fn random_models_keep_every_invariant() {
    if let Some(seed) = number("SIMULATION_SEED") {
        assert!(failure(seed, SIZE).is_none(), "{}", report(seed));
        return;
    }
    let runs = number("SIMULATION_RUNS").unwrap_or(RUNS);
    let threads = std::thread::available_parallelism().map_or(2, |count| count.get() as u64);
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            let seeds = (0..runs).filter(move |seed| seed % threads == worker);
            std::thread::spawn(move || {
                let failing: Vec<u64> = seeds.filter(|seed| failure(*seed, SIZE).is_some()).take(3).collect();
                failing
            })
        })
        .collect();
    let failing: Vec<u64> =
        workers.into_iter().flat_map(|worker| worker.join().expect("failures are caught inside")).collect();
    let reports: Vec<String> = failing.iter().take(3).map(|seed| report(*seed)).collect();
    assert!(reports.is_empty(), "{} of {runs} runs fail\n{}", failing.len(), reports.join("\n\n"));
}

/// The models are worth running: most of them are accepted, and between them they use every construct.
#[test]
fn the_models_are_accepted_and_use_everything() {
    let mut accepted = 0;
    let mut used = std::collections::BTreeSet::new();
    for seed in 0..400 {
        let model = model::generate(seed, SIZE);
        accepted += u32::from(invariants::library(&model).is_ok());
        used.extend(model.constructs);
    }
    assert!(accepted > 360, "only {accepted} of 400 models are accepted");
    let missing: Vec<&&str> =
        model::CONSTRUCTS.iter().filter(|construct| !used.contains(**construct)).collect();
    assert!(missing.is_empty(), "never generated: {missing:?}");
}

/// A canary: an invariant that is broken on purpose must be found.
#[test]
fn a_broken_replay_is_found() {
    let found =
        (0..200).any(|seed| schedule::run_with(seed, SIZE, invariants::Sabotage::LoseLastEvent).is_err());
    assert!(found, "a replay that loses an event went unnoticed");
}
