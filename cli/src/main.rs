//! The command line of Tokenflow: check a model, run it, test it, explain a finding.

mod check;
mod explain;
mod finding;
mod output;
mod run;
mod support;
mod test;

use clap::{Parser, Subcommand, ValueEnum};
use std::process::ExitCode;

/// A BPMN 2.0 process engine.
#[derive(Parser)]
#[command(name = "tokenflow", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks BPMN files and shows all findings at once.
    Check(check::Arguments),
    /// Runs the processes of BPMN files on a virtual clock.
    Run(run::Arguments),
    /// Runs scenario files and shows what differs.
    Test(test::Arguments),
    /// Explains the code of a finding.
    Explain(explain::Arguments),
    /// Says what the engine runs, or what of a file it will not run.
    Support(support::Arguments),
}

/// How the result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON document on standard output and nothing else there.
    Json,
}

/// How a command ended; the numbers are promised to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done, nothing found.
    Done = 0,
    /// Refused, failed, or found something.
    Found = 1,
    /// The command was not understood, or a file could not be read.
    Usage = 2,
}

fn main() -> ExitCode {
    let exit = match Cli::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Support(arguments) => support::run(&arguments),
    };
    ExitCode::from(exit as u8)
}
