//! What a played scenario leaves behind: failures, refusals, instances, the trace, findings, coverage.

use crate::command::RejectionCode;
use crate::scenario::coverage::Coverage;
use crate::scenario::view::InstanceView;
use crate::scenario::world::FileDiagnostics;
use crate::trace::{Journal, JsonObject, Line, json_array};
use std::fmt;

/// The outcome of one scenario.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Run {
    /// What does not hold, in the order of the file; empty where all is as expected.
    pub failures: Vec<Failure>,
    /// Commands that were refused, expected ones too.
    pub refusals: Vec<Refusal>,
    /// A deployment was refused, expected or not.
    pub is_refused: bool,
    /// All process instances as they stand at the end.
    pub instances: Vec<InstanceView>,
    /// What happened.
    pub trace: Journal,
    /// The findings about each deployed file.
    pub diagnostics: Vec<FileDiagnostics>,
    /// What was run through.
    pub coverage: Coverage,
    /// The scenario with its traces rewritten; none where nothing differs.
    pub rewritten: Option<String>,
}

/// Something that a scenario expects and that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line of the scenario, from 1.
    pub line: u32,
    /// What was found instead; may have several lines.
    pub message: String,
    /// What it is about.
    pub cause: Cause,
}

/// What a failure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A trace differs; a rewrite resolves it.
    Trace,
    /// A command was refused and nothing expected it.
    Rejection,
    /// An expectation or a check does not hold, or the scenario cannot go on.
    Other,
}

impl Failure {
    pub(super) fn new(line: u32, message: impl Into<String>) -> Failure {
        Failure { line, message: message.into(), cause: Cause::Other }
    }
}

/// A command that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The line of the scenario, from 1.
    pub line: u32,
    /// The command as it is written.
    pub command: String,
    /// How it was refused.
    pub code: RejectionCode,
    /// What was wrong.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.message.trim_end())
    }
}

impl Refusal {
    /// The refusal as an object of the JSON output.
    pub fn to_json(&self) -> String {
        let mut object = JsonObject::new();
        object.put("line", self.line);
        object.put("command", self.command.as_str());
        object.put("code", self.code.as_str());
        object.put("message", self.message.as_str());
        object.finish()
    }
}

impl Run {
    /// True where everything is as the scenario expects.
    pub fn is_passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// Instances, trace and refusals as the object that `tokenflow run --format json` prints; `diagnostics` is the
    /// JSON text of its last entry.
    pub fn to_json(&self, diagnostics: &str) -> String {
        let mut object = JsonObject::new();
        object.put_json("instances", &json_array(self.instances.iter().map(InstanceView::to_json)));
        object.put_json("trace", &json_array(self.trace.iter().map(Line::to_json)));
        if self.trace.omitted() > 0 {
            object.put("traceOmitted", i64::try_from(self.trace.omitted()).unwrap_or(i64::MAX));
        }
        object.put_json("rejections", &json_array(self.refusals.iter().map(Refusal::to_json)));
        object.put_json("diagnostics", diagnostics);
        object.finish()
    }
}
