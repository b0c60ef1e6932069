//! `tokenflow run FILE…`: deploys files, plays a scenario or starts what can start, and shows where it all stands.

use crate::{Exit, Format, finding, output};
use clap::Args;
use std::path::{Path, PathBuf};
use tokenflow::process::{DeployOptions, deploy};
use tokenflow::scenario::{Cause, InstanceView, Run, RunOptions, Scenario};
use tokenflow::trace::{Show, fold, json_array};
use tokenflow_feel::value::json::write;

/// What `run` is told.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The BPMN files; all their processes are deployed.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Starts only this process; by default every executable one that has a none or implicit start.
    #[arg(long, value_name = "ID", conflicts_with = "scenario")]
    process: Option<String>,
    /// The variables of each instance that is started: JSON, or a FEEL context.
    #[arg(long, value_name = "JSON", conflicts_with = "scenario")]
    vars: Option<String>,
    /// The commands that drive the processes, on a virtual clock.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Lets processes start that say isExecutable="false".
    #[arg(long)]
    allow_non_executable: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let scenario = match scenario(arguments) {
        Ok(scenario) => scenario,
        Err(message) => {
            output::note(format_args!("tokenflow: {message}"));
            return Exit::Usage;
        }
    };
    let base = arguments.scenario.as_deref().and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
    let options = RunOptions::new()
        .files(arguments.files.clone())
        .base(base)
        .allow_non_executable(arguments.allow_non_executable);
    let run = scenario.run(&options);
    match arguments.format {
        Format::Text => print(&run),
        Format::Json => output::line(json(&run)),
    }
    complain(arguments, &run);
    exit(arguments, &run)
}

/// The scenario of the command line, else one that starts the processes.
fn scenario(arguments: &Arguments) -> Result<Scenario, String> {
    for file in &arguments.files {
        std::fs::File::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let Some(file) = &arguments.scenario else {
        let processes = match &arguments.process {
            Some(process) => vec![process.clone()],
            None => startable(arguments)?,
        };
        let vars = arguments.vars.as_deref();
        return Scenario::starting(processes, vars).map_err(|error| format!("--vars: {error}"));
    };
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Scenario::parse(&text).map_err(|error| format!("{}:{error}", file.display()))
}

/// The processes that can be started by name, in the order of the files; none of a file that will be refused.
fn startable(arguments: &Arguments) -> Result<Vec<String>, String> {
    let mut ids: Vec<String> = Vec::new();
    for file in &arguments.files {
        let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let Ok(deployment) = deploy(&bytes, &DeployOptions::default()) else { continue };
        for process in &deployment.processes {
            let can_start = process.is_executable() || arguments.allow_non_executable;
            let is_started = can_start && process.starts_by_name() && !process.graph().is_global_task;
            if is_started && !ids.iter().any(|id| id == process.id()) {
                ids.push(process.id().to_owned());
            }
        }
    }
    Ok(ids)
}

fn exit(arguments: &Arguments, run: &Run) -> Exit {
    let has_failed = match arguments.scenario {
        // A rejection is an answer like others; only what the scenario expects can fail.
        Some(_) => run.failures.iter().any(|failure| failure.cause != Cause::Rejection),
        None => !run.failures.is_empty(),
    };
    if run.is_refused || has_failed { Exit::Found } else { Exit::Done }
}

/// What people should know beside the result.
fn complain(arguments: &Arguments, run: &Run) {
    let file = arguments.scenario.as_deref().unwrap_or(Path::new("run")).display();
    let is_told = |message: &str| !run.is_refused || !message.contains("was refused:");
    for failure in run.failures.iter().filter(|failure| is_told(&failure.message)) {
        output::note(format_args!("{file}:{failure}"));
    }
}

fn print(run: &Run) {
    for file in &run.diagnostics {
        let name = file.file.display().to_string();
        for finding in finding::shown(&file.findings) {
            output::note(format_args!("{}\n", finding::text(&name, &file.source, &finding)));
        }
    }
    let with_label = run.instances.iter().filter(|instance| !instance.instance.contains('/')).count() > 1;
    for line in fold(run.trace.iter(), Show::default()) {
        output::line(line.to_text(with_label));
    }
    if run.trace.omitted() > 0 {
        output::note(format_args!("{} lines in the middle are left out", run.trace.omitted()));
    }
    for instance in &run.instances {
        output::line("");
        print_instance(instance);
    }
}

fn print_instance(instance: &InstanceView) {
    let suspended = if instance.is_suspended { ", suspended" } else { "" };
    let status = instance.status.as_str();
    output::line(format_args!(
        "{} {} (version {}): {status}{suspended}",
        instance.instance, instance.process, instance.version
    ));
    if let Some(outcome) = &instance.outcome {
        output::line(format_args!("  outcome   {outcome}"));
    }
    if let Some((code, message)) = &instance.error {
        output::line(format_args!("  error     {code} {message}"));
    }
    for waiting in &instance.waiting {
        let what: Vec<String> = [
            Some(waiting.kind.to_owned()),
            waiting.name.clone(),
            (!waiting.key.is_null()).then(|| write(&waiting.key)),
            waiting.job_type.clone(),
            waiting.assignee.clone(),
            waiting.due.map(|due| format!("due {due}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        output::line(format_args!("  waiting   {}{} {}", waiting.element, number(waiting.n), what.join(" ")));
    }
    for incident in &instance.incidents {
        let kind = incident.kind.as_str();
        output::line(format_args!(
            "  incident  {}{} {kind}: {}",
            incident.element,
            number(incident.n),
            incident.message
        ));
    }
    for (name, value) in instance.variables.iter() {
        output::line(format_args!("  variable  {name} = {}", write(value)));
    }
}

fn number(n: u32) -> String {
    if n == 1 { String::new() } else { format!("#{n}") }
}

fn json(run: &Run) -> String {
    let mut findings = Vec::new();
    for file in &run.diagnostics {
        let name = file.file.display().to_string();
        findings.extend(finding::shown(&file.findings).iter().map(|one| finding::json(Some(&name), one)));
    }
    run.to_json(&json_array(findings))
}
