//! The scenarios beside the models are tests: all of them pass, and together they walk every path.

use std::path::Path;
use tokenflow::scenario::{Settings, run_dir};

#[test]
fn the_processes_do_what_their_scenarios_say_on_every_path() {
    let processes = Path::new(env!("CARGO_MANIFEST_DIR")).join("processes");
    let report = run_dir(processes, Settings::from_env()).unwrap();
    assert!(report.is_passed(), "\n{report}");
    let coverage = report.coverage();
    let missing: Vec<_> = coverage
        .models()
        .flat_map(|(file, _, model)| model.missing().map(move |id| format!("{file}: {id}")))
        .collect();
    assert_eq!(coverage.models().count(), 3);
    assert_eq!(missing, Vec::<String>::new());
}
