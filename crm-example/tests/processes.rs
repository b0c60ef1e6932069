//! The scenarios beside the models are tests: all of them pass, and together they walk every path.

use std::path::{Path, PathBuf};
use tokenflow::scenario::{Settings, run_dir};

fn processes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("processes")
}

#[test]
fn the_processes_do_what_their_scenarios_say() {
    tokenflow::test::scenarios(processes());
}

#[test]
fn no_element_and_no_flow_is_left_out() {
    let report = run_dir(processes(), Settings::default()).unwrap();
    let coverage = report.coverage();
    let missing: Vec<_> = coverage
        .models()
        .flat_map(|(file, _, model)| model.missing().map(move |id| format!("{file}: {id}")))
        .collect();
    assert_eq!(coverage.models().count(), 3);
    assert_eq!(missing, Vec::<String>::new());
}
