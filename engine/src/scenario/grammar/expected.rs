//! The lines below `----`: the trace that a block must give.

use super::words::{Words, numbered};
use crate::scenario::ParseError;
use crate::scenario::cursor::{Cursor, shorten};
use crate::scenario::payload::Expression;
use crate::scenario::statement::{ExpectedDetail, ExpectedKind, ExpectedLine, ExpectedTrace};
use crate::trace::TextWord;

/// Reads from the line of dashes up to the blank line that ends the block.
pub(super) fn trace(cursor: &mut Cursor<'_>) -> Result<ExpectedTrace, ParseError> {
    let line = cursor.line();
    cursor.skip_line();
    let start = cursor.offset();
    let mut lines = Vec::new();
    while !cursor.is_at_end() && !cursor.rest_of_line().trim().is_empty() {
        lines.push(expected_line(cursor)?);
    }
    Ok(ExpectedTrace { line, lines, span: start..cursor.offset() })
}

fn expected_line(cursor: &mut Cursor<'_>) -> Result<ExpectedLine, ParseError> {
    let text = cursor.rest_of_line().trim().to_owned();
    let kind = match text.as_str() {
        "..." => {
            cursor.skip_line();
            ExpectedKind::Any
        }
        comment if comment.starts_with('#') => {
            cursor.skip_line();
            ExpectedKind::Comment
        }
        _ => {
            let kind = event_line(&mut Words::new(cursor))?;
            cursor.end_line()?;
            kind
        }
    };
    Ok(ExpectedLine { text, kind })
}

/// `[LABEL] EVENT [body] ELEMENT[#n] [detail …]`.
fn event_line(words: &mut Words<'_, '_>) -> Result<ExpectedKind, ParseError> {
    let first = words.expect("an event word or a label")?;
    let (label, word) = match first.text.parse::<TextWord>() {
        Ok(word) if !first.is_quoted => (None, word),
        Ok(_) | Err(_) => {
            let word = words.expect("an event word")?;
            let Ok(event) = word.text.parse() else {
                let shown = if words.is_done() { &first } else { &word };
                return Err(shown.error(format!("`{}` is not an event word", shorten(&shown.text))));
            };
            (Some(first.text), event)
        }
    };
    let mut element = words.expect("an element")?;
    let is_body = element.text == "body" && !element.is_quoted && !words.is_done();
    if is_body {
        element = words.expect("an element")?;
    }
    let (element, n) = numbered(&element)?;
    let mut details = Vec::new();
    while !words.is_done() {
        details.push(detail(words)?);
    }
    Ok(ExpectedKind::Line { label, word, is_body, element, n: n.unwrap_or(1), details })
}

fn detail(words: &mut Words<'_, '_>) -> Result<ExpectedDetail, ParseError> {
    if matches!(words.cursor.peek(), Some('{' | '[')) {
        let token = words.bracketed()?;
        return Ok(match Expression::parse(&token) {
            Ok(expression) => ExpectedDetail::Value(expression),
            Err(_) => ExpectedDetail::Word(token.text),
        });
    }
    Ok(ExpectedDetail::Word(words.expect("a detail")?.text))
}
