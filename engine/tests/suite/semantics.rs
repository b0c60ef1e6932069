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
    boundary => "boundary",
    dialect_camunda => "dialect-camunda",
    dialect_zeebe => "dialect-zeebe",
    exclusive => "exclusive",
    flows => "flows",
    harness => "harness",
    incidents => "incidents",
    messages => "messages",
    parallel => "parallel",
    refused => "refused",
    rejections => "rejections",
    start_end => "start-end",
    sub_process => "sub-process",
    tasks => "tasks",
    timers => "timers",
    variables => "variables",
}

fn folders() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("fixtures/semantics")).expect("the folder can be read");
    entries
        .map(|entry| entry.expect("the entry can be read"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
