//! The scenarios of `fixtures/semantics`, one test for each family.

use crate::{in_small_stack, root};
use std::collections::BTreeSet;
use tokenflow::scenario::{Settings, run_dir};

fn run_family(family: &'static str) {
    let folder = root().join("fixtures/semantics").join(family);
    let report =
        in_small_stack(move || run_dir(folder, Settings::from_env())).expect("the folder can be read");
    assert!(!report.files.is_empty(), "no scenario in {family}");
    assert!(report.is_passed(), "\n{report}");
}

macro_rules! families {
    ($($test:ident => $family:literal,)*) => {
        $(#[test]
        fn $test() {
            run_family($family);
        })*

        #[test]
        fn each_folder_is_tested() {
            let listed: BTreeSet<String> = [$($family),*].into_iter().map(str::to_owned).collect();
            assert_eq!(folders(), listed);
        }
    };
}

families! {
    ad_hoc => "ad-hoc",
    boundary => "boundary",
    call => "call",
    collaboration => "collaboration",
    compensation => "compensation",
    complex => "complex",
    conditional => "conditional",
    control => "control",
    data => "data",
    dialect_camunda => "dialect-camunda",
    dialect_zeebe => "dialect-zeebe",
    error => "error",
    escalation => "escalation",
    event_based => "event-based",
    event_sub_process => "event-sub-process",
    exclusive => "exclusive",
    files => "files",
    flows => "flows",
    harness => "harness",
    incidents => "incidents",
    inclusive => "inclusive",
    link => "link",
    loops => "loop",
    messages => "messages",
    multi_instance => "multi-instance",
    multiple => "multiple",
    parallel => "parallel",
    people => "people",
    quantity => "quantity",
    refused => "refused",
    rejections => "rejections",
    signal => "signal",
    start_end => "start-end",
    sub_process => "sub-process",
    tasks => "tasks",
    timers => "timers",
    transaction => "transaction",
    variables => "variables",
    warned => "warned",
}

/// What waits for a feature is not forgotten: a scenario that passes belongs with the others.
#[test]
fn what_is_pending_still_fails() {
    let folder = root().join("fixtures/pending");
    let report =
        in_small_stack(move || run_dir(folder, Settings::default())).expect("the folder can be read");
    assert!(!report.files.is_empty(), "nothing is pending: remove this test");
    let passed: Vec<_> =
        report.files.iter().filter(|file| file.failures.is_empty()).map(|file| &file.path).collect();
    assert!(passed.is_empty(), "move to fixtures/semantics: {passed:#?}");
}

fn folders() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("fixtures/semantics")).expect("the folder can be read");
    entries
        .map(|entry| entry.expect("the entry can be read"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
