//! Compares the trace of a block with the lines expected of it, and shows where they part.

use crate::scenario::payload::NoVariables;
use crate::scenario::statement::{ExpectedDetail, ExpectedKind, ExpectedLine};
use crate::trace::TextLine;
use tokenflow_feel::value::json;
use tokenflow_feel::{Env, Value};

/// Past this many comparisons a difference is shown from the first line that does not fit, without alignment.
const ALIGNMENT_MAX: usize = 4_000_000;

/// What a block is compared with.
pub(super) struct Actual<'a> {
    pub(super) lines: &'a [TextLine],
    /// How many root instances there are: a line of the only one needs no label.
    pub(super) roots: usize,
}

/// The expected lines without comments, each with whether it is `...`.
pub(super) fn without_comments(lines: &[ExpectedLine]) -> Vec<&ExpectedLine> {
    lines.iter().filter(|line| !matches!(line.kind, ExpectedKind::Comment)).collect()
}

/// True where the trace is what the lines describe.
pub(super) fn fits(expected: &[&ExpectedLine], actual: &Actual<'_>) -> bool {
    let parts: Vec<&[&ExpectedLine]> = expected.split(|line| is_any(line)).collect();
    let lines = actual.lines;
    let [first, rest @ ..] = parts.as_slice() else { return lines.is_empty() };
    let Some((last, middle)) = rest.split_last() else {
        return first.len() == lines.len() && fits_at(first, actual, 0);
    };
    if !fits_at(first, actual, 0) {
        return false;
    }
    let mut from = first.len();
    for part in middle {
        // The earliest place is always good enough: it leaves the most lines for the parts that follow.
        match (from..=lines.len()).find(|at| fits_at(part, actual, *at)) {
            Some(at) => from = at + part.len(),
            None => return false,
        }
    }
    lines.len() >= from + last.len() && fits_at(last, actual, lines.len() - last.len())
}

/// The two side by side: `-` what was expected and is not there, `+` what is there and was not expected.
pub(super) fn difference(expected: &[&ExpectedLine], actual: &Actual<'_>) -> String {
    let steps = if (expected.len() + 1).saturating_mul(actual.lines.len() + 1) <= ALIGNMENT_MAX {
        align(expected, actual)
    } else {
        from_first_difference(expected, actual)
    };
    render(&steps, expected, actual)
}

/// The expected lines with the actual ones in place of those that do not fit, for a rewrite.
pub(super) fn rewrite(expected: &[&ExpectedLine], actual: &Actual<'_>) -> Vec<String> {
    if fits(expected, actual) {
        return expected.iter().map(|line| line.text.clone()).collect();
    }
    let with_label = actual.roots > 1;
    let has_wildcard = expected.iter().any(|line| is_any(line));
    let is_large = expected.len().saturating_mul(actual.lines.len()) > ALIGNMENT_MAX;
    if has_wildcard || is_large {
        return actual.lines.iter().map(|line| line.to_text(with_label)).collect();
    }
    let mut lines = Vec::new();
    for step in align(expected, actual) {
        match step {
            Step::Same(row, _) => lines.push(expected[row].text.clone()),
            Step::Extra(row) => lines.push(actual.lines[row].to_text(with_label)),
            Step::Missing(_) | Step::Any(..) => {}
        }
    }
    lines
}

fn is_any(line: &ExpectedLine) -> bool {
    matches!(line.kind, ExpectedKind::Any)
}

fn fits_at(part: &[&ExpectedLine], actual: &Actual<'_>, at: usize) -> bool {
    actual.lines.len() >= at + part.len()
        && part
            .iter()
            .zip(&actual.lines[at..])
            .all(|(expected, line)| fits_line(expected, line, actual.roots))
}

fn fits_line(expected: &ExpectedLine, line: &TextLine, roots: usize) -> bool {
    let ExpectedKind::Line { label, word, is_body, element, n, details } = &expected.kind else {
        return false;
    };
    *word == line.word
        && **element == *line.element
        && *n == line.n
        && (!is_body || line.is_body)
        && fits_label(label.as_deref(), line, roots)
        && details.len() <= line.details.len()
        && details.iter().zip(&line.details).all(|(expected, detail)| fits_detail(expected, &detail.value))
}

/// `#1` may be left out on the way to a called instance.
fn fits_label(label: Option<&str>, line: &TextLine, roots: usize) -> bool {
    match label {
        None => !line.is_called && (roots <= 1 || line.instance.is_empty()),
        Some(label) => {
            let mut steps = line.instance.split('/');
            label.split('/').all(|step| {
                steps.next().is_some_and(|actual| actual == step || actual.strip_suffix("#1") == Some(step))
            }) && steps.next().is_none()
        }
    }
}

fn fits_detail(expected: &ExpectedDetail, value: &Value) -> bool {
    match expected {
        ExpectedDetail::Word(word) => match value.as_str() {
            Some(text) => text == word,
            None => json::write(value) == *word,
        },
        ExpectedDetail::Value(expression) => {
            value.as_str() == Some(expression.text())
                || expression.eval(&NoVariables, &Env::default()).is_ok_and(|expected| expected == *value)
        }
    }
}

/// One step through the two lists; the numbers are rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Same(usize, usize),
    Missing(usize),
    Extra(usize),
    /// `...` and how many lines it stands for.
    Any(usize, usize),
}

/// The alignment with the fewest lines that do not fit.
fn align(expected: &[&ExpectedLine], actual: &Actual<'_>) -> Vec<Step> {
    let (rows, columns) = (expected.len(), actual.lines.len());
    let width = columns + 1;
    // cost[i * width + j]: the fewest misfits between expected[i..] and actual[j..].
    let mut cost = vec![0_u32; (rows + 1) * width];
    for column in 0..columns {
        cost[rows * width + column] = (columns - column) as u32;
    }
    for row in (0..rows).rev() {
        for column in (0..=columns).rev() {
            let skip = cost[(row + 1) * width + column];
            let absorb = (column < columns).then(|| cost[row * width + column + 1]);
            let best = if is_any(expected[row]) {
                skip.min(absorb.unwrap_or(u32::MAX))
            } else {
                let mut best = skip + 1;
                if let Some(absorb) = absorb {
                    best = best.min(absorb + 1);
                    if fits_line(expected[row], &actual.lines[column], actual.roots) {
                        best = best.min(cost[(row + 1) * width + column + 1]);
                    }
                }
                best
            };
            cost[row * width + column] = best;
        }
    }
    walk(expected, actual, &cost)
}

fn walk(expected: &[&ExpectedLine], actual: &Actual<'_>, cost: &[u32]) -> Vec<Step> {
    let (rows, columns) = (expected.len(), actual.lines.len());
    let width = columns + 1;
    let (mut row, mut column, mut steps) = (0, 0, Vec::new());
    while row < rows || column < columns {
        if row == rows {
            steps.push(Step::Extra(column));
            column += 1;
            continue;
        }
        let here = cost[row * width + column];
        if is_any(expected[row]) {
            let start = column;
            while column < columns && cost[(row + 1) * width + column] != here {
                column += 1;
            }
            steps.push(Step::Any(row, column - start));
            row += 1;
        } else if column < columns
            && fits_line(expected[row], &actual.lines[column], actual.roots)
            && cost[(row + 1) * width + column + 1] == here
        {
            steps.push(Step::Same(row, column));
            row += 1;
            column += 1;
        } else if cost[(row + 1) * width + column] + 1 == here {
            steps.push(Step::Missing(row));
            row += 1;
        } else {
            steps.push(Step::Extra(column));
            column += 1;
        }
    }
    steps
}

fn from_first_difference(expected: &[&ExpectedLine], actual: &Actual<'_>) -> Vec<Step> {
    const SHOWN: usize = 40;
    let same = expected
        .iter()
        .zip(actual.lines)
        .take_while(|(expected, line)| fits_line(expected, line, actual.roots))
        .count();
    let near = same.saturating_sub(5);
    let mut steps: Vec<Step> = (near..same).map(|row| Step::Same(row, row)).collect();
    steps.extend((same..expected.len()).take(SHOWN).map(Step::Missing));
    steps.extend((same..actual.lines.len()).take(SHOWN).map(Step::Extra));
    steps
}

fn render(steps: &[Step], expected: &[&ExpectedLine], actual: &Actual<'_>) -> String {
    let with_label = actual.roots > 1;
    let mut text = String::new();
    for step in steps {
        let line = match step {
            Step::Same(row, _) => format!("    {}", expected[*row].text),
            Step::Missing(row) => format!("  - {}", expected[*row].text),
            Step::Extra(row) => format!("  + {}", actual.lines[*row].to_text(with_label)),
            Step::Any(_, count) => format!("    ... ({count} lines)"),
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::grammar;
    use crate::trace::TextWord;

    fn expected(text: &str) -> Vec<ExpectedLine> {
        let blocks = grammar::parse(&format!("start P\n----\n{text}")).expect("a scenario");
        blocks.into_iter().next().and_then(|block| block.trace).expect("a trace").lines
    }

    fn actual(text: &str) -> Vec<TextLine> {
        let line = |text: &str| {
            let (word, element) = text.split_once(' ').expect("a word and an element");
            TextLine {
                root: 1,
                instance: "1".into(),
                is_called: false,
                word: word.parse::<TextWord>().expect("a word"),
                is_body: false,
                element: element.into(),
                n: 1,
                details: Vec::new(),
            }
        };
        text.lines().map(line).collect()
    }

    fn fit(expected_text: &str, actual_text: &str) -> bool {
        let (expected, lines) = (expected(expected_text), actual(actual_text));
        fits(&without_comments(&expected), &Actual { lines: &lines, roots: 1 })
    }

    #[test]
    fn dots_stand_for_any_number_of_lines() {
        let lines = "passed A\npassed B\npassed A\npassed C";
        for fitting in
            ["...", "passed A\n...", "...\npassed C", "...\npassed A\npassed C", "...\npassed B\n..."]
        {
            assert!(fit(fitting, lines), "{fitting}");
        }
        assert!(fit("passed A\n...\npassed A\n...\npassed C\n...", lines));
        for wrong in
            ["...\npassed B", "passed B\n...", "...\npassed C\n...\npassed A", "passed A\npassed B\npassed A"]
        {
            assert!(!fit(wrong, lines), "{wrong}");
        }
        assert!(fit("...\n...", ""));
        assert!(!fit("", lines));
    }

    #[test]
    fn the_difference_shows_both_sides() {
        let expected = expected("passed A\n...\npassed B\npassed C");
        let lines = actual("passed A\npassed X\npassed D\npassed C");
        let expected = without_comments(&expected);
        let text = difference(&expected, &Actual { lines: &lines, roots: 1 });
        assert!(text.contains("  - passed B"), "{text}");
        assert!(text.contains("    passed C"), "{text}");
    }

    #[test]
    fn a_rewrite_keeps_the_lines_that_fit() {
        let expected = expected("passed  A\npassed B");
        let lines = actual("passed A\npassed C");
        let expected = without_comments(&expected);
        let rewritten = rewrite(&expected, &Actual { lines: &lines, roots: 1 });
        assert_eq!(rewritten, ["passed  A", "passed C"]);
    }

    #[test]
    fn a_label_may_leave_out_the_first_number() {
        let mut line = actual("passed A").remove(0);
        line.instance = "m/Call_A#1".into();
        line.is_called = true;
        assert!(fits_label(Some("m/Call_A#1"), &line, 1));
        assert!(fits_label(Some("m/Call_A"), &line, 1));
        assert!(!fits_label(Some("m/Call_A#2"), &line, 1));
        assert!(!fits_label(None, &line, 1));
    }
}
