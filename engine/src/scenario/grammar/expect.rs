//! `expect`: what must hold, or with `not` must not.

use super::words::{Words, target};
use crate::command::RejectionCode;
use crate::event::{IncidentKind, Status};
use crate::scenario::ParseError;
use crate::scenario::cursor::{Token, shorten};
use crate::scenario::payload::Expression;
use crate::scenario::statement::{Expect, Expectation, Target};

/// What follows the word `expect`.
pub(super) fn expect(words: &mut Words<'_, '_>) -> Result<Expect, ParseError> {
    let negated = words.take("not")?;
    let first = words.expect("what is expected")?;
    let expectation = if first.is_quoted { None } else { unlabelled(&first, words)? };
    let expectation = match expectation {
        Some(expectation) => expectation,
        None => {
            let word = words.expect("a status or `exactly`")?;
            match of_instance(Some(first.text.clone()), &word, words)? {
                Some(expectation) => expectation,
                None => return Err(unknown(&word)),
            }
        }
    };
    Ok(Expect { negated, expectation })
}

/// The expectation that begins with that word; none where the word must be a label.
fn unlabelled(first: &Token, words: &mut Words<'_, '_>) -> Result<Option<Expectation>, ParseError> {
    let expectation = match first.text.as_str() {
        "waiting" => Expectation::Waiting(targets(words)?),
        "no" => {
            let what = words.expect("`waiting` or `incidents`")?;
            match what.text.as_str() {
                "waiting" => Expectation::NoWaiting,
                "incidents" => Expectation::NoIncidents,
                _ => return Err(unknown(&what)),
            }
        }
        "variable" => variable(words)?,
        "incident" => Expectation::Incident { target: words.target()?, kind: incident_kind(words)? },
        "rejected" => Expectation::Rejected { code: rejection_code(words)? },
        "refused" => refused(words)?,
        "count" => Expectation::Count { target: words.target()?, count: words.number("a count")? },
        _ => return of_instance(None, first, words),
    };
    Ok(Some(expectation))
}

fn of_instance(
    label: Option<String>,
    word: &Token,
    words: &mut Words<'_, '_>,
) -> Result<Option<Expectation>, ParseError> {
    let status = match word.text.as_str() {
        "exactly" => return Ok(Some(Expectation::Exactly { label, payload: words.expect_payload()? })),
        "suspended" => return Ok(Some(Expectation::Suspended { label })),
        "active" => Status::Active,
        "completed" => Status::Completed,
        "terminated" => Status::Terminated,
        "failed" => Status::Failed,
        "canceled" => Status::Canceled,
        _ => return Ok(None),
    };
    let code = match status {
        Status::Failed => words.next()?.map(|word| word.text),
        Status::Active | Status::Completed | Status::Terminated | Status::Canceled => None,
    };
    Ok(Some(Expectation::Status { label, status, code, subset: words.payload()? }))
}

/// `A, B#2`: separated by commas.
fn targets(words: &mut Words<'_, '_>) -> Result<Vec<Target>, ParseError> {
    let mut targets = Vec::new();
    loop {
        let token = words.cursor.until(',');
        let quoted = token.text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let token = Token { text: quoted.unwrap_or(&token.text).to_owned(), ..token };
        if token.text.is_empty() {
            return Err(token.error("expected an element"));
        }
        let (text, is_body) = match token.text.strip_prefix("body ") {
            Some(rest) => (rest.trim_start().to_owned(), true),
            None => (token.text.clone(), false),
        };
        if quoted.is_none() && text.contains(char::is_whitespace) {
            return Err(token.error(format!("expected a comma in `{}`", shorten(&text))));
        }
        targets.push(target(&Token { text, ..token }, is_body)?);
        if !words.cursor.take(',') {
            return Ok(targets);
        }
    }
}

/// `TARGET.x = EXPR`: the last dot before the equals sign splits.
fn variable(words: &mut Words<'_, '_>) -> Result<Expectation, ParseError> {
    let left = words.cursor.until('=');
    if !words.cursor.take('=') {
        return Err(left.error("expected `TARGET.variable = EXPRESSION`"));
    }
    let Some((target_text, name)) = left.text.rsplit_once('.') else {
        return Err(left.error("expected `TARGET.variable`"));
    };
    let (target_text, is_body) = match target_text.strip_prefix("body ") {
        Some(rest) => (rest.trim(), true),
        None => (target_text, false),
    };
    let target = target(&Token { text: target_text.to_owned(), ..left.clone() }, is_body)?;
    let value = Expression::parse(&words.cursor.expression()?)?;
    Ok(Expectation::Variable { target, name: name.trim().to_owned(), value })
}

fn incident_kind(words: &mut Words<'_, '_>) -> Result<IncidentKind, ParseError> {
    let word = words.expect("the kind of an incident")?;
    IncidentKind::ALL
        .iter()
        .copied()
        .find(|kind| kind.as_str() == word.text)
        .ok_or_else(|| word.error(format!("`{}` is not a kind of incident", shorten(&word.text))))
}

fn rejection_code(words: &mut Words<'_, '_>) -> Result<RejectionCode, ParseError> {
    let word = words.expect("the code of a rejection")?;
    RejectionCode::ALL
        .iter()
        .copied()
        .find(|code| code.as_str() == word.text)
        .ok_or_else(|| word.error(format!("`{}` is not the code of a rejection", shorten(&word.text))))
}

/// `refused CODE ELEMENT [LINE:COL]`; `-` where the finding is about no element.
fn refused(words: &mut Words<'_, '_>) -> Result<Expectation, ParseError> {
    let code = words.expect("the code of a finding")?;
    let is_code = code.text.len() == 5
        && code.text.starts_with('E')
        && code.text[1..].chars().all(|letter| letter.is_ascii_digit());
    if !is_code {
        return Err(code.error(format!("`{}` is not the code of a finding", shorten(&code.text))));
    }
    let element = words.next()?;
    let position = words.next()?;
    let position = match position {
        Some(word) => Some(place(&word)?),
        None => None,
    };
    let element = element.map(|word| word.text).filter(|element| element != "-");
    Ok(Expectation::Refused { code: code.text, element, position })
}

fn place(word: &Token) -> Result<(u32, u32), ParseError> {
    let place = word.text.split_once(':').and_then(|(line, column)| {
        let place: (u32, u32) = (line.parse().ok()?, column.parse().ok()?);
        Some(place)
    });
    place.ok_or_else(|| word.error(format!("`{}` is not a place such as 12:7", shorten(&word.text))))
}

fn unknown(word: &Token) -> ParseError {
    word.error(format!("unknown word `{}`", shorten(&word.text)))
}
