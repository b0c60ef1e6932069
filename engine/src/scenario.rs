//! Scenario files: commands for a process on a virtual clock, and what they must lead to.
//!
//! A scenario stands beside its model. One format serves the engine's own tests, the tests of its users (see
//! [`crate::test`]) and the command line.
//!
//! ```text
//! on send-invoice complete { invoiceId: "FV/2026/11/" + string(number) }
//!
//! start Process_Sales { amount: 12000 }
//! ----
//! started Process_Sales
//! passed  Start
//! entered Task_Approve
//! waiting Task_Approve user-task
//!
//! complete Task_Approve { approved: true }
//! expect completed
//! ```
//!
//! Every scenario is also checked without being asked: replaying its events gives the same state, saving and loading
//! between any two commands changes nothing, a refused command changes nothing, and two runs are equal.
#![doc = include_str!("scenario/format.md")]

mod answers;
mod ask;
mod checks;
mod chronicle;
mod compare;
mod coverage;
mod cursor;
mod grammar;
mod judge;
mod outcome;
mod payload;
mod play;
mod report;
mod statement;
mod target;
mod test_runtime;
mod update;
mod view;
mod world;

pub use coverage::{Coverage, ModelCoverage};
pub use outcome::{Cause, Failure, Refusal, Run};
pub use report::{FileReport, Report, Settings, find, run_dir, run_file};
pub use test_runtime::TestRuntime;
pub use view::{Incident, InstanceView, Waiting};
pub use world::FileDiagnostics;

use crate::id::Timestamp;
use crate::limits::Limits;
use checks::Faults;
use payload::Payload;
use play::{Manner, Play};
use statement::{Ask, Block, Start, Statement, StatementKind};
use std::path::PathBuf;
use world::Setting;

/// 2026-01-01T00:00:00Z, where a scenario sets no clock.
const CLOCK: Timestamp = Timestamp(1_767_225_600_000_000);

/// A scenario that was read and can be played.
#[derive(Clone, Debug)]
pub struct Scenario {
    source: String,
    blocks: Vec<Block>,
}

/// A text that is not a scenario, with the place where that shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct ParseError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

/// How a scenario is played.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RunOptions {
    /// What is deployed before the scenario begins.
    pub files: Vec<PathBuf>,
    /// What is deployed besides where the scenario names no files.
    pub default_files: Vec<PathBuf>,
    /// The folder in which the files are that it names.
    pub base: PathBuf,
    /// Processes with `isExecutable="false"` may start.
    pub allow_non_executable: bool,
    /// Replay, save and load, refusals and equal runs are checked too.
    pub with_checks: bool,
}

impl RunOptions {
    /// Nothing deployed, files beside the working directory, no checks.
    pub fn new() -> RunOptions {
        RunOptions::default()
    }

    /// What is deployed before the scenario begins.
    #[must_use]
    pub fn files(mut self, files: Vec<PathBuf>) -> RunOptions {
        self.files = files;
        self
    }

    /// What is deployed besides where the scenario names no files.
    #[must_use]
    pub fn default_files(mut self, files: Vec<PathBuf>) -> RunOptions {
        self.default_files = files;
        self
    }

    /// The folder in which the files are that it names.
    #[must_use]
    pub fn base(mut self, folder: PathBuf) -> RunOptions {
        self.base = folder;
        self
    }

    /// Whether processes with `isExecutable="false"` may start.
    #[must_use]
    pub fn allow_non_executable(mut self, allow: bool) -> RunOptions {
        self.allow_non_executable = allow;
        self
    }

    /// Whether replay, save and load, refusals and equal runs are checked too.
    #[must_use]
    pub fn with_checks(mut self, with_checks: bool) -> RunOptions {
        self.with_checks = with_checks;
        self
    }
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// The first word that does not belong where it stands.
    pub fn parse(text: &str) -> Result<Scenario, ParseError> {
        Ok(Scenario { source: text.to_owned(), blocks: grammar::parse(text)? })
    }

    /// A scenario that starts these processes with the same variables: JSON, or a FEEL context.
    ///
    /// # Errors
    /// Where the variables are neither.
    pub fn starting(
        processes: impl IntoIterator<Item = String>,
        variables: Option<&str>,
    ) -> Result<Scenario, ParseError> {
        let payload = variables.map(Payload::from_text).transpose()?;
        let start = |process: String| {
            let text = format!("start {process}");
            let start = Start { process: Some(process), payload: payload.clone(), ..Start::default() };
            Statement { line: 1, text, kind: StatementKind::Ask { idem: None, ask: Ask::Start(start) } }
        };
        let statements = processes.into_iter().map(start).collect();
        Ok(Scenario { source: String::new(), blocks: vec![Block { statements, trace: None }] })
    }

    /// True where it expects anything; one that does not is a run and no test.
    pub fn is_test(&self) -> bool {
        let expects = |statement: &Statement| matches!(statement.kind, StatementKind::Expect(_));
        self.blocks.iter().any(|block| block.trace.is_some() || block.statements.iter().any(expects))
    }

    /// Plays the scenario in a runtime of its own.
    pub fn run(&self, options: &RunOptions) -> Run {
        self.run_with(options, Faults::default())
    }

    fn run_with(&self, options: &RunOptions, faults: Faults) -> Run {
        let manner = Manner { faults, ..manner(options) };
        let mut first = Play::new(manner.clone());
        first.play(&self.blocks);
        if options.with_checks && first.failures.iter().all(|failure| failure.cause == Cause::Trace) {
            first.failures.extend(self.run_again(&first, &manner));
        }
        self.outcome(first)
    }

    /// The same once more with forged commands between the others, and with the store reopened between them.
    fn run_again(&self, first: &Play, manner: &Manner) -> Option<Failure> {
        let mut second = Manner { checks: false, probes: true, ..manner.clone() };
        if manner.faults.runs_differ {
            second.setting.clock.0 += 1_000_000;
        }
        let third = Manner { checks: false, restarts: true, ..manner.clone() };
        let claims = [
            (second, "a second run is not equal to the first"),
            (third, "closing and opening the store between commands changes the run"),
        ];
        claims.into_iter().find_map(|(manner, claim)| {
            let mut again = Play::new(manner);
            again.play(&self.blocks);
            first.difference(&again).map(|(line, what)| Failure::new(line, format!("{claim}: {what}")))
        })
    }

    fn outcome(&self, play: Play) -> Run {
        let rewritten = update::rewrite(&self.source, &self.blocks, &play.traces);
        let mut run = Run { failures: play.failures, refusals: play.refusals, rewritten, ..Run::default() };
        if let Some(world) = play.world {
            run.instances = world.views();
            run.coverage = world.coverage();
            run.is_refused = world.diagnostics.iter().any(FileDiagnostics::is_refused);
            run.diagnostics = world.diagnostics;
            run.trace = world.chronicle.journal;
        }
        run
    }
}

/// The plain manner: once, without commands in between.
fn manner(options: &RunOptions) -> Manner {
    Manner {
        files: options.files.clone(),
        default_files: options.default_files.clone(),
        base: options.base.clone(),
        setting: Setting {
            clock: CLOCK,
            zone: chrono_tz::Tz::UTC,
            limits: Limits::default(),
            allow_non_executable: options.allow_non_executable,
            records_decisions: false,
        },
        restarts: false,
        probes: false,
        checks: options.with_checks,
        faults: Faults::default(),
    }
}

#[cfg(test)]
mod tests;
