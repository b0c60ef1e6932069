//! `tokenflow check FILE…`: everything that is wrong with a file, in one pass.

use crate::{Exit, Format, finding, output};
use bpmn_parser::{Diagnostic, Outcome};
use clap::Args;
use std::path::{Path, PathBuf};
use tokenflow::process::{DeployOptions, deploy};
use tokenflow::trace::{JsonObject, json_array};

/// What `check` is told.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The BPMN files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How the findings are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What was found in one file.
struct Checked {
    file: String,
    source: String,
    outcome: &'static str,
    findings: Vec<Diagnostic>,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let mut checked = Vec::new();
    let mut exit = Exit::Done;
    for file in &arguments.files {
        match std::fs::File::open(file).and_then(|source| bpmn_parser::Limits::default().read(source)) {
            Ok(bytes) => checked.push(check(file, &bytes)),
            Err(error) => {
                output::note(format_args!("tokenflow: {}: {error}", file.display()));
                exit = Exit::Usage;
            }
        }
    }
    match arguments.format {
        Format::Text => checked.iter().for_each(print),
        Format::Json => output::line(json_array(checked.iter().map(json))),
    }
    let has_errors = checked.iter().any(|checked| checked.outcome != "accept");
    if has_errors && exit == Exit::Done { Exit::Found } else { exit }
}

/// The parser's findings, and where the file can be read those of the engine too.
fn check(file: &Path, bytes: &[u8]) -> Checked {
    let parsed = bpmn_parser::check(bytes);
    let is_read = parsed.outcome() != Outcome::RejectParse;
    let findings = match deploy(bytes, &DeployOptions::default()) {
        _ if !is_read => parsed.diagnostics,
        Ok(deployment) => deployment.diagnostics,
        Err(refused) => refused.diagnostics,
    };
    let outcome = match (is_read, finding::has_errors(&findings)) {
        (false, _) => "reject-parse",
        (true, true) => "reject-model",
        (true, false) => "accept",
    };
    let source = String::from_utf8_lossy(bytes).into_owned();
    Checked { file: file.display().to_string(), source, outcome, findings }
}

fn print(checked: &Checked) {
    for finding in finding::shown(&checked.findings) {
        output::line(format_args!("{}\n", finding::text(&checked.file, &checked.source, &finding)));
    }
    output::note(format_args!(
        "{}: {}, {}",
        checked.file,
        checked.outcome,
        finding::counted(&checked.findings)
    ));
}

fn json(checked: &Checked) -> String {
    let findings = finding::shown(&checked.findings);
    let mut object = JsonObject::new();
    object.put("file", checked.file.as_str());
    object.put("outcome", checked.outcome);
    object.put_json("diagnostics", &json_array(findings.iter().map(|one| finding::json(None, one))));
    object.finish()
}
