//! `tokenflow explain CODE`: what a finding means and what to do about it.

use crate::{Exit, output};
use bpmn_parser::diagnostic::{Code, explain};
use clap::Args;

/// What `explain` is told.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The code of a finding, such as E0107.
    #[arg(value_name = "CODE", value_parser = code)]
    code: Code,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    match explain(arguments.code.0) {
        Some(explanation) => {
            output::line(format_args!("{}: {}\n\n{}", arguments.code, explanation.title, explanation.text));
            Exit::Done
        }
        None => {
            output::note(format_args!("tokenflow: there is no code {}", arguments.code));
            Exit::Found
        }
    }
}

fn code(text: &str) -> Result<Code, String> {
    let digits = text.strip_prefix(['E', 'e']).unwrap_or(text);
    let is_code = digits.len() == 4 && digits.chars().all(|letter| letter.is_ascii_digit());
    match digits.parse() {
        Ok(number) if is_code => Ok(Code(number)),
        Ok(_) | Err(_) => Err("a code is E and four digits, such as E0107".to_owned()),
    }
}
