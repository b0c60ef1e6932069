//! `tokenflow support [FILE…]`: what the engine runs at which position, or what of a file it will not run and why.

use crate::{Exit, Format, finding, output};
use bpmn_parser::{Diagnostic, Severity};
use clap::Args;
use std::path::{Path, PathBuf};
use tokenflow::process::{DeployOptions, deploy};
use tokenflow::support::{Cell, Support, matrix, table};
use tokenflow::trace::{JsonObject, json_array};

/// What `support` is told.
#[derive(Args)]
pub(crate) struct Arguments {
    /// BPMN files; without any, the whole matrix.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How the answer is written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    if arguments.files.is_empty() {
        match arguments.format {
            Format::Text => output::line(table().trim_end()),
            Format::Json => output::line(json_array(matrix().iter().map(cell))),
        }
        return Exit::Done;
    }
    let mut exit = Exit::Done;
    let mut answers = Vec::new();
    for file in &arguments.files {
        match std::fs::read(file) {
            Ok(bytes) => {
                let refused = not_run(&bytes);
                if !refused.is_empty() && exit == Exit::Done {
                    exit = Exit::Found;
                }
                answers.push((file, String::from_utf8_lossy(&bytes).into_owned(), refused));
            }
            Err(error) => {
                output::note(format_args!("tokenflow: {}: {error}", file.display()));
                exit = Exit::Usage;
            }
        }
    }
    match arguments.format {
        Format::Text => answers.iter().for_each(|(file, source, refused)| print(file, source, refused)),
        Format::Json => {
            output::line(json_array(answers.iter().map(|(file, _, refused)| {
                let mut object = JsonObject::new();
                object.put("file", file.display().to_string());
                object.put_json(
                    "refused",
                    &json_array(refused.iter().map(|finding| finding::json(None, finding))),
                );
                object.finish()
            })));
        }
    }
    exit
}

/// The findings by which the engine, rather than the standard, refuses a file.
fn not_run(bytes: &[u8]) -> Vec<Diagnostic> {
    let findings = match deploy(bytes, &DeployOptions::default()) {
        Ok(deployment) => deployment.diagnostics,
        Err(refused) => refused.diagnostics,
    };
    let by_engine = |finding: &Diagnostic| (300..700).contains(&finding.code.0);
    findings.into_iter().filter(|finding| finding.severity == Severity::Error && by_engine(finding)).collect()
}

fn print(file: &Path, source: &str, refused: &[Diagnostic]) {
    let name = file.display().to_string();
    if refused.is_empty() {
        return output::line(format_args!("{name}: runs as written"));
    }
    for finding in refused {
        output::line(finding::text(&name, source, finding));
    }
}

fn cell(cell: &Cell) -> String {
    let (support, code) = match cell.support {
        Support::Runs => ("runs", None),
        Support::Forbidden(code) => ("forbidden", Some(code.to_string())),
        Support::NotYet(code) => ("not yet", Some(code.to_string())),
    };
    let mut object = JsonObject::new();
    object.put("construct", cell.construct);
    object.put("position", cell.position);
    object.put("support", support);
    object.put("code", code.as_deref());
    object.finish()
}
