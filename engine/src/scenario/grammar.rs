//! The grammar of scenario files: blocks of statements, and below `----` the lines of the trace.

mod ask;
mod expect;
mod expected;
mod words;

use crate::scenario::ParseError;
use crate::scenario::cursor::{Cursor, shorten};
use crate::scenario::statement::{Answer, Block, Clock, Reply, Setup, Statement, StatementKind};
use crate::trace::Topic;
use words::Words;

const DASHES: &str = "----";

/// Reads a whole file.
pub(super) fn parse(text: &str) -> Result<Vec<Block>, ParseError> {
    let mut cursor = Cursor::new(text);
    let mut blocks = Vec::new();
    let mut block = Block { statements: Vec::new(), trace: None };
    while !cursor.is_at_end() {
        let line = cursor.rest_of_line().trim();
        if line.is_empty() {
            cursor.skip_line();
            close(&mut block, &mut blocks);
        } else if line.starts_with('#') {
            cursor.skip_line();
        } else if line == DASHES {
            block.trace = Some(expected::trace(&mut cursor)?);
            close(&mut block, &mut blocks);
        } else {
            block.statements.push(statement(&mut cursor)?);
        }
    }
    close(&mut block, &mut blocks);
    Ok(blocks)
}

fn close(block: &mut Block, blocks: &mut Vec<Block>) {
    if !block.statements.is_empty() || block.trace.is_some() {
        blocks.push(std::mem::replace(block, Block { statements: Vec::new(), trace: None }));
    }
}

fn statement(cursor: &mut Cursor<'_>) -> Result<Statement, ParseError> {
    let (line, offset) = (cursor.line(), cursor.offset());
    let mut words = Words::new(cursor);
    let kind = statement_kind(&mut words)?;
    let text = cursor.since(offset).trim().to_owned();
    cursor.end_line()?;
    Ok(Statement { line, text, kind })
}

fn statement_kind(words: &mut Words<'_, '_>) -> Result<StatementKind, ParseError> {
    let verb = words.expect("a command")?;
    let kind = match verb.text.as_str() {
        "deploy" => StatementKind::Setup(Setup::Deploy(files(words)?)),
        "clock" => StatementKind::Setup(Setup::Clock(words.time()?)),
        "zone" => StatementKind::Setup(Setup::Zone(words.zone()?)),
        "limit" => StatementKind::Setup(Setup::Limit {
            name: words.expect("the name of a limit")?.text,
            value: words.number("the value of the limit")?,
        }),
        "trace" => StatementKind::Setup(Setup::Trace(topic(words)?)),
        "on" => StatementKind::On(answer(words)?),
        "after" => StatementKind::Clock(Clock::After(words.duration()?)),
        "at" => StatementKind::Clock(Clock::At(words.time()?)),
        "jump" => StatementKind::Clock(Clock::Jump(words.duration()?)),
        "restart" => StatementKind::Restart,
        "expect" => StatementKind::Expect(expect::expect(words)?),
        "idem" => {
            let key = words.expect("an idempotency key")?.text;
            let verb = words.expect("a command")?;
            StatementKind::Ask { idem: Some(key), ask: ask::ask(&verb, words)? }
        }
        _ => StatementKind::Ask { idem: None, ask: ask::ask(&verb, words)? },
    };
    Ok(kind)
}

fn files(words: &mut Words<'_, '_>) -> Result<Vec<String>, ParseError> {
    let mut files = vec![words.expect("a file")?.text];
    while let Some(file) = words.next()? {
        files.push(file.text);
    }
    Ok(files)
}

fn topic(words: &mut Words<'_, '_>) -> Result<Topic, ParseError> {
    let word = words.expect("`flows`, `variables`, `decisions` or `messages`")?;
    let topic = Topic::ALL.iter().find(|topic| topic.as_str() == word.text);
    topic.copied().ok_or_else(|| {
        word.error(format!(
            "unknown word `{}`: expected `flows`, `variables`, `decisions` or `messages`",
            shorten(&word.text)
        ))
    })
}

/// `on PATTERN [#n | once | times N] [after DURATION] REPLY`.
fn answer(words: &mut Words<'_, '_>) -> Result<Answer, ParseError> {
    let pattern = words.expect("an element, a job type or `*`")?;
    let (mut name, mut n) = words::numbered(&pattern)?;
    if pattern.is_quoted {
        (name, n) = (pattern.text.clone(), None);
    }
    let mut answer = Answer { pattern: name, n, times: None, after: None, reply: Reply::Ignore };
    if let Some(number) = words.take_number_sign()? {
        answer.n = Some(number);
    }
    if words.take("once")? {
        answer.times = Some(1);
    } else if words.take("times")? {
        answer.times = Some(words.number("how often")?);
    }
    if words.take("after")? {
        answer.after = Some(words.duration()?);
    }
    let verb = words.expect("`complete`, `fail`, `error`, `escalate` or `ignore`")?;
    answer.reply = match ask::reply(&verb, words)? {
        Some(reply) => reply,
        None if verb.text == "ignore" => Reply::Ignore,
        None => return Err(verb.error(format!("unknown word `{}`", shorten(&verb.text)))),
    };
    Ok(answer)
}

#[cfg(test)]
mod tests;
