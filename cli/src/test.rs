//! `tokenflow test PATH…`: runs scenario files, shows what differs, and how much of each model they cover.

use crate::{Exit, output};
use clap::Args;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tokenflow::scenario::{Coverage, FileReport, Settings, find, run_file};

/// How many uncovered elements are named.
const NAMED_MAX: usize = 5;

/// What `test` is told.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Scenario files, or folders that are searched for them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Rewrites the traces that differ, and nothing else.
    #[arg(long)]
    update: bool,
    /// Lets processes start that say isExecutable="false".
    #[arg(long)]
    allow_non_executable: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let mut files = BTreeSet::new();
    for path in &arguments.paths {
        match find(path) {
            Ok(found) => files.extend(found),
            Err(error) => {
                output::note(format_args!("tokenflow: {}: {error}", path.display()));
                return Exit::Usage;
            }
        }
    }
    if files.is_empty() {
        output::note("tokenflow: there is no scenario file to run");
        return Exit::Usage;
    }
    let settings = Settings::from_env().allow_non_executable(arguments.allow_non_executable);
    let settings = if arguments.update { settings.update(true) } else { settings };
    let mut coverage = Coverage::default();
    let (mut passed, mut failed) = (0, 0);
    for file in files {
        let report = run_file(file, settings);
        print(&report);
        match report.is_passed() {
            true => passed += 1,
            false => failed += 1,
        }
        coverage.merge(report.coverage);
    }
    print_coverage(&coverage);
    output::line(format_args!("\n{passed} passed, {failed} failed"));
    if failed == 0 { Exit::Done } else { Exit::Found }
}

fn print(report: &FileReport) {
    let updated = if report.is_updated { " (traces rewritten)" } else { "" };
    match report.is_passed() {
        true => output::line(format_args!("ok   {}{updated}", report.path.display())),
        false => output::line(format_args!("FAIL {}{updated}\n{report}", report.path.display())),
    }
}

fn print_coverage(coverage: &Coverage) {
    output::line("\ncoverage");
    for (file, process, model) in coverage.models() {
        let (nodes, flows) = (model.nodes(), model.flows());
        let missing: Vec<&str> = model.missing().take(NAMED_MAX + 1).collect();
        let listed = match missing.len() {
            0 => String::new(),
            count if count > NAMED_MAX => format!(" (not {}, …)", missing[..NAMED_MAX].join(", ")),
            _ => format!(" (not {})", missing.join(", ")),
        };
        output::line(format_args!(
            "  {file} {process}: elements {}, sequence flows {}{listed}",
            share(nodes),
            share(flows)
        ));
    }
}

fn share((covered, all): (usize, usize)) -> String {
    let percent = (covered * 100).checked_div(all).unwrap_or(100);
    format!("{covered}/{all} {percent} %")
}
