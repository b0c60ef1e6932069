//! Reads, checks and lowers a file in one call, with all findings in one pass.

pub(crate) mod rules;

use crate::diagnostic::Findings;
use crate::graph::{Model, lower};
use crate::xml::Limits;
use crate::{Diagnostic, Severity};

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Everything executable of it; none unless the outcome is [`Outcome::Accept`].
    pub model: Option<Model>,
    /// All findings, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    outcome: Outcome,
}

/// How far a file got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It can be deployed; there may be warnings.
    Accept,
    /// It is not well-formed XML, not BPMN, or beyond a limit.
    RejectParse,
    /// It was read, but has findings with severity error.
    RejectModel,
}

impl Outcome {
    /// The word in JSON: `accept`, `reject-parse` or `reject-model`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Accept => "accept",
            Outcome::RejectParse => "reject-parse",
            Outcome::RejectModel => "reject-model",
        }
    }
}

impl Checked {
    /// How far the file got.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// Reads, checks and lowers a file with the default limits.
pub fn check(bytes: &[u8]) -> Checked {
    check_with(bytes, &Limits::default())
}

/// Reads, checks and lowers a file with other limits.
pub fn check_with(bytes: &[u8], limits: &Limits) -> Checked {
    let (definitions, mut findings): (_, Findings) = match crate::read::read(bytes, limits) {
        Ok(read) => read,
        Err(error) => {
            return Checked { model: None, diagnostics: vec![error.into()], outcome: Outcome::RejectParse };
        }
    };
    let model = lower(&definitions, &mut findings);
    let diagnostics = findings.finish();
    let refused = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let outcome = if refused { Outcome::RejectModel } else { Outcome::Accept };
    Checked { model: (!refused).then_some(model), diagnostics, outcome }
}
