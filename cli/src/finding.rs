//! Findings about a file: as text with an excerpt of the source, and as JSON.

use bpmn_parser::{Diagnostic, Severity};
use tokenflow::trace::JsonObject;

/// How many findings of one file are shown.
const SHOWN_MAX: usize = 100;
/// How many characters of a source line are shown.
const EXCERPT_MAX: usize = 120;

/// The findings that are shown, the errors before all others where there are too many; then one with the total.
pub(crate) fn shown(findings: &[Diagnostic]) -> Vec<Diagnostic> {
    if findings.len() <= SHOWN_MAX + 1 {
        return findings.to_vec();
    }
    let mut shown: Vec<Diagnostic> = findings.iter().take(SHOWN_MAX).cloned().collect();
    let worst = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Note);
    let last = findings[SHOWN_MAX].clone();
    let message = format!("{} findings in all, {SHOWN_MAX} are shown (diagnostics_max)", findings.len());
    shown.push(Diagnostic { severity: worst, message, element: None, help: None, ..last });
    shown
}

/// A finding as `file:line:column: severity[code]: message`, with the line of the source and a caret below it.
pub(crate) fn text(file: &str, source: &str, finding: &Diagnostic) -> String {
    let place = finding.position;
    let mut text = String::new();
    let severity = finding.severity.as_str();
    match place.line {
        0 => {
            push(&mut text, format_args!("{file}: {severity}[{}]: {}", finding.code, plain(&finding.message)))
        }
        _ => push(
            &mut text,
            format_args!("{file}:{place}: {severity}[{}]: {}", finding.code, plain(&finding.message)),
        ),
    }
    let line = (place.line as usize).checked_sub(1).and_then(|index| source.lines().nth(index));
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    if let Some(line) = line {
        let (excerpt, caret) = excerpt(line, place.column as usize);
        push(&mut text, format_args!("{margin} |"));
        push(&mut text, format_args!("{number} | {excerpt}"));
        push(&mut text, format_args!("{margin} | {}^", " ".repeat(caret)));
    }
    if let Some(help) = &finding.help {
        push(&mut text, format_args!("{margin} = help: {}", plain(help)));
    }
    text.truncate(text.trim_end().len());
    text
}

/// A finding as an object of the JSON output.
pub(crate) fn json(file: Option<&str>, finding: &Diagnostic) -> String {
    let mut object = JsonObject::new();
    if let Some(file) = file {
        object.put("file", file);
    }
    object.put("code", finding.code.to_string());
    object.put("severity", finding.severity.as_str());
    object.put("message", finding.message.as_str());
    object.put("element", finding.element.as_deref());
    object.put("line", finding.position.line);
    object.put("column", finding.position.column);
    object.put("help", finding.help.as_deref());
    object.finish()
}

/// True where one of the findings refuses the file.
pub(crate) fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// `2 errors, 1 warning`.
pub(crate) fn counted(findings: &[Diagnostic]) -> String {
    let count = |severity: Severity, word: &str| match findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .count()
    {
        0 => None,
        1 => Some(format!("1 {word}")),
        several => Some(format!("{several} {word}s")),
    };
    let counts =
        [count(Severity::Error, "error"), count(Severity::Warning, "warning"), count(Severity::Note, "note")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") }
}

fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.push_str(&line.to_string());
    text.push('\n');
}

/// A part of the line around the column (from 1), and how many characters stand before the caret.
fn excerpt(line: &str, column: usize) -> (String, usize) {
    let letters: Vec<char> = line.chars().map(visible).collect();
    let at = column.saturating_sub(1).min(letters.len());
    let indent = letters.iter().take_while(|letter| **letter == ' ').count();
    if letters.len() <= EXCERPT_MAX {
        return (letters.into_iter().collect(), at);
    }
    let start = if at < EXCERPT_MAX { indent.min(at) } else { at - EXCERPT_MAX / 2 };
    let end = (start + EXCERPT_MAX).min(letters.len());
    let mut excerpt: String = letters[start..end].iter().collect();
    let mut caret = at - start;
    if start > indent {
        excerpt.insert(0, '…');
        caret += 1;
    }
    if end < letters.len() {
        excerpt.push('…');
    }
    (excerpt, caret)
}

/// Text from a file must not steer the terminal.
fn plain(text: &str) -> String {
    text.chars().map(visible).collect()
}

fn visible(letter: char) -> char {
    match letter {
        '\t' => ' ',
        control if control.is_control() => '\u{FFFD}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bpmn_parser::Position;

    #[test]
    fn the_caret_stands_below_the_column() {
        let finding = Diagnostic::error(2, Position { line: 2, column: 5 }, "id `A` occurs twice")
            .on("A")
            .help("give one of them another id");
        let expected = "m.bpmn:2:5: error[E0002]: id `A` occurs twice\n  |\n2 | \u{20}\u{20}\u{20}\u{20}<task id=\"A\"/>\n  |     ^\n  = help: give one of them another id";
        assert_eq!(
            text("m.bpmn", "<process>\n\u{20}\u{20}\u{20}\u{20}<task id=\"A\"/>\n", &finding),
            expected
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_column() {
        let line = format!("{}<task/>{}", "a".repeat(500), "b".repeat(500));
        let (excerpt, caret) = excerpt(&line, 501);
        assert_eq!(excerpt.chars().nth(caret), Some('<'));
        assert!(excerpt.chars().count() <= EXCERPT_MAX + 2);
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let finding = Diagnostic::error(2, Position { line: 1, column: 1 }, "bad \u{1b}[31m");
        assert!(!text("m.bpmn", "\u{1b}[2J", &finding).contains('\u{1b}'));
    }

    #[test]
    fn many_findings_end_with_their_total() {
        let findings: Vec<Diagnostic> =
            (0..250).map(|line| Diagnostic::warning(38, Position { line, column: 1 }, "odd")).collect();
        let shown = shown(&findings);
        assert_eq!(shown.len(), 101);
        assert!(shown[100].message.starts_with("250 findings"));
    }
}
