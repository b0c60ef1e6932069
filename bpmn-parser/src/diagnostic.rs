//! What is wrong with a file, where, and how severe it is.

mod codes;

pub use codes::{Explanation, explain, explanations};

use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in a source file; both count from 1, the column in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// The line, from 1; 0 where a thing has no place in a file.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// How much a finding weighs: an error refuses a deployment, the others do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The meaning is clear, the file is not what the standard asks for.
    Warning,
    /// The file cannot be executed as written.
    Error,
}

impl Severity {
    /// The word used in text and JSON: `error`, `warning` or `note`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A public code: `E` and four digits.
///
/// `E0001`-`E0184` are the rules of the standard, `E02xx` XML and limits, `E03xx` expressions, `E04xx` what the
/// engine does not run, `E05xx` dialects, `E06xx` rules of the engine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E{:04}", self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One finding about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable public code.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, naming the thing; one line.
    pub message: String,
    /// The id of the element it is about, where that has one.
    pub element: Option<String>,
    /// Where it stands in the file.
    pub position: Position,
    /// What to do about it, where that is known.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding with severity error.
    pub fn error(code: u16, position: Position, message: impl Into<String>) -> Self {
        Diagnostic::new(code, Severity::Error, position, message)
    }

    /// A finding with severity warning.
    pub fn warning(code: u16, position: Position, message: impl Into<String>) -> Self {
        Diagnostic::new(code, Severity::Warning, position, message)
    }

    /// A finding with severity note.
    pub fn note(code: u16, position: Position, message: impl Into<String>) -> Self {
        Diagnostic::new(code, Severity::Note, position, message)
    }

    fn new(code: u16, severity: Severity, position: Position, message: impl Into<String>) -> Self {
        Diagnostic {
            code: Code(code),
            severity,
            message: on_one_line(message.into()),
            element: None,
            position,
            help: None,
        }
    }

    /// Names the element that the finding is about.
    #[must_use]
    pub fn on(mut self, element: impl Into<String>) -> Self {
        self.element = Some(on_one_line(element.into()));
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The most that a finding quotes of a file, in bytes.
pub(crate) const ERROR_BYTES: usize = 4 << 10;

/// A text with control characters escaped, cut where it is too long for people.
pub(crate) fn on_one_line(mut text: String) -> String {
    if text.len() > ERROR_BYTES {
        let end = (0..=ERROR_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        text.truncate(end);
        text.push('…');
    }
    let misleading =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if !text.contains(misleading) {
        return text;
    }
    let mut line = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if misleading(c) { line.extend(c.escape_unicode()) } else { line.push(c) }
    }
    line
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}[{}]: {}", self.position, self.severity.as_str(), self.code, self.message)
    }
}

/// Collects findings within a limit: the heaviest and earliest are kept, all are counted.
#[cfg(feature = "xml")]
#[derive(Clone, Debug)]
pub(crate) struct Findings {
    kept: Vec<Diagnostic>,
    kept_max: usize,
    errors: usize,
    others: usize,
}

#[cfg(feature = "xml")]
impl Findings {
    pub(crate) fn new(kept_max: usize) -> Self {
        Findings { kept: Vec::new(), kept_max, errors: 0, others: 0 }
    }

    pub(crate) fn add(&mut self, diagnostic: Diagnostic) {
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning | Severity::Note => self.others += 1,
        }
        self.kept.push(diagnostic);
        if self.kept.len() > 2 * self.kept_max + 64 {
            self.prune();
        }
    }

    /// The findings in document order; where some are left out, a last one says how many there were.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        let total = self.errors + self.others;
        self.prune();
        self.kept.sort_by_key(|diagnostic| diagnostic.position);
        if total > self.kept_max {
            let kept_errors = self.kept.iter().filter(|it| it.severity == Severity::Error).count();
            let severity = if self.errors > kept_errors { Severity::Error } else { Severity::Note };
            let position = self.kept.last().map(|it| it.position).unwrap_or_default();
            let message = format!(
                "{total} findings, {} of them errors; the limit diagnostics_max is {}",
                self.errors, self.kept_max
            );
            self.kept.push(Diagnostic::new(217, severity, position, message));
        }
        self.kept
    }

    fn prune(&mut self) {
        self.kept.sort_by_key(|diagnostic| (std::cmp::Reverse(diagnostic.severity), diagnostic.position));
        self.kept.truncate(self.kept_max);
    }
}
