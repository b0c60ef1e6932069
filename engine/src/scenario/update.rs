//! Rewrites the traces of a scenario, and nothing else of it.

use crate::scenario::compare::{self, Actual};
use crate::scenario::play::BlockTrace;
use crate::scenario::statement::Block;

/// The source with the traces that there were in place of those that do not fit; none where all fit.
pub(super) fn rewrite(source: &str, blocks: &[Block], traces: &[Option<BlockTrace>]) -> Option<String> {
    let mut text = String::with_capacity(source.len());
    let mut copied = 0;
    for (block, trace) in blocks.iter().zip(traces) {
        let (Some(expected), Some(trace)) = (&block.trace, trace) else { continue };
        let wanted = compare::without_comments(&expected.lines);
        let actual = Actual { lines: &trace.lines, roots: trace.roots };
        if compare::fits(&wanted, &actual) {
            continue;
        }
        text.push_str(&source[copied..expected.span.start]);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        for line in compare::rewrite(&wanted, &actual) {
            text.push_str(&line);
            text.push('\n');
        }
        copied = expected.span.end;
    }
    if copied == 0 {
        return None;
    }
    text.push_str(&source[copied..]);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::grammar;
    use crate::trace::{TextLine, TextWord};

    fn passed(element: &str) -> TextLine {
        TextLine {
            root: 1,
            instance: "1".into(),
            is_called: false,
            word: TextWord::Passed,
            is_body: false,
            element: element.into(),
            n: 1,
            details: Vec::new(),
        }
    }

    fn rewritten(source: &str, lines: &[&str]) -> Option<String> {
        let blocks = grammar::parse(source).expect("a scenario");
        let lines: Vec<TextLine> = lines.iter().map(|element| passed(element)).collect();
        let traces: Vec<Option<BlockTrace>> = blocks
            .iter()
            .map(|block| block.trace.as_ref().map(|_| BlockTrace { lines: lines.clone(), roots: 1 }))
            .collect();
        rewrite(source, &blocks, &traces)
    }

    #[test]
    fn only_the_trace_changes() {
        let source = "# a fact\nstart P   {x: 1}\n----\npassed  A\npassed B\n\nexpect active\n";
        let text = rewritten(source, &["A", "C"]);
        let expected = "# a fact\nstart P   {x: 1}\n----\npassed  A\npassed C\n\nexpect active\n";
        assert_eq!(text.as_deref(), Some(expected));
    }

    #[test]
    fn a_trace_that_fits_stays() {
        assert_eq!(rewritten("start P\n----\n...\n\nexpect active", &["A"]), None);
    }

    #[test]
    fn dashes_at_the_end_of_the_file_get_their_lines() {
        assert_eq!(rewritten("start P\n----", &["A"]).as_deref(), Some("start P\n----\npassed A\n"));
    }
}
