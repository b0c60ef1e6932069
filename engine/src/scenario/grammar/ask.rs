//! The commands: what a scenario may ask of the engine.

use super::words::Words;
use crate::scenario::ParseError;
use crate::scenario::cursor::{Token, shorten};
use crate::scenario::payload::Expression;
use crate::scenario::statement::{Ask, Message, Reply, Start};
use crate::trace::Word;
use tokenflow_feel::Value;

/// The command that begins with that word.
pub(super) fn ask(verb: &Token, words: &mut Words<'_, '_>) -> Result<Ask, ParseError> {
    if verb.is_quoted {
        return Err(unknown(verb));
    }
    let ask = match verb.text.as_str() {
        "start" => Ask::Start(start(words)?),
        "complete" | "fail" | "error" | "escalate" => answer(verb, words)?,
        "claim" => Ask::Claim { target: words.target()?, user: user(words)? },
        "release" => Ask::Release { target: words.target()?, user: user(words)? },
        "assign" => {
            let (target, user) = (words.target()?, user(words)?);
            Ask::Assign { target, user, by: by(words)? }
        }
        "delegate" => {
            let (target, user) = (words.target()?, user(words)?);
            Ask::Delegate { target, user, by: by(words)? }
        }
        "activate" => Ask::Activate { target: words.target()?, task: words.expect("a task")?.text },
        "finish" => Ask::Finish { target: words.target()? },
        "set" => {
            let target = if words.next_is_payload() { None } else { Some(words.target()?) };
            Ask::Set { target, payload: words.expect_payload()? }
        }
        "message" => Ask::Message(message(words)?),
        "signal" => {
            Ask::Signal { name: words.expect("the name of a signal")?.text, payload: words.payload()? }
        }
        "cancel" => Ask::Cancel { label: label(words)? },
        "suspend" => Ask::Suspend { label: label(words)? },
        "resume" => Ask::Resume { label: label(words)? },
        "resolve" => Ask::Resolve { target: words.target()? },
        "move" => {
            let target = words.target()?;
            words.keyword("to")?;
            Ask::Move { target, to: words.expect("an element")?.text }
        }
        "begin" => begin(words)?,
        "migrate" => migrate(words)?,
        _ => return Err(unknown(verb)),
    };
    Ok(ask)
}

/// The reply that begins with that word; none where the word begins none.
pub(super) fn reply(verb: &Token, words: &mut Words<'_, '_>) -> Result<Option<Reply>, ParseError> {
    let reply = match verb.text.as_str() {
        "complete" => Reply::Complete(words.payload()?),
        "fail" => {
            let message = words.expect("why it failed")?.text;
            let retries = if words.take("retries")? { Some(words.number("the tries left")?) } else { None };
            let backoff = if words.take("backoff")? { Some(words.duration()?) } else { None };
            Reply::Fail { message, retries, backoff }
        }
        "error" => {
            let code = words.expect("the code of the error")?.text;
            let message = words.next()?.map(|word| word.text);
            Reply::Error { code, message, payload: words.payload()? }
        }
        "escalate" => {
            let code = words.expect("the code of the escalation")?.text;
            Reply::Escalate { code, payload: words.payload()? }
        }
        _ => return Ok(None),
    };
    Ok(Some(reply))
}

fn answer(verb: &Token, words: &mut Words<'_, '_>) -> Result<Ask, ParseError> {
    let target = words.target()?;
    let by = if verb.text == "complete" { by(words)? } else { None };
    match reply(verb, words)? {
        Some(reply) => Ok(Ask::Answer { target, by, reply }),
        None => Err(unknown(verb)),
    }
}

/// `start [PROCESS] [as LABEL] [at EVENT] [version N] [ref KIND ID] [{…}]`.
fn start(words: &mut Words<'_, '_>) -> Result<Start, ParseError> {
    let mut start = Start::default();
    let options = ["as", "at", "version", "ref"];
    let mut names_process = !words.is_done() && !words.next_is_payload();
    for option in options {
        names_process &= !words.peek_is(option)?;
    }
    if names_process {
        start.process = Some(words.expect("a process")?.text);
    }
    loop {
        if words.take("as")? {
            start.label = Some(new_label(words)?);
        } else if words.take("at")? {
            start.at = Some(words.expect("a start event")?.text);
        } else if words.take("version")? {
            start.version = Some(words.number("a version")?);
        } else if words.take("ref")? {
            let kind = words.expect("the kind of a reference")?.text;
            start.reference = Some((kind, words.expect("the id of a reference")?.text));
        } else {
            break;
        }
    }
    start.payload = words.payload()?;
    Ok(start)
}

/// A label must not read as the beginning of a line of the trace.
fn new_label(words: &mut Words<'_, '_>) -> Result<String, ParseError> {
    let word = words.expect("a label")?;
    let is_event_word = word.text == "passed" || word.text.parse::<Word>().is_ok();
    let is_ordinal = word.text.chars().all(|letter| letter.is_ascii_digit());
    if is_event_word {
        return Err(word.error(format!("the event word `{}` cannot be a label", word.text)));
    }
    if is_ordinal || word.text.contains(['/', '#', ',']) {
        return Err(word.error(format!("`{}` cannot be a label", shorten(&word.text))));
    }
    Ok(word.text)
}

/// `message NAME [key LITERAL | key (EXPR)] [to LABEL] [id X] [ttl DURATION] [{…}]`.
fn message(words: &mut Words<'_, '_>) -> Result<Message, ParseError> {
    let mut message = Message { name: words.expect("the name of a message")?.text, ..Message::default() };
    loop {
        if words.take("key")? {
            message.key = Some(key(words)?);
        } else if words.take("to")? {
            message.to = Some(words.expect("a label")?.text);
        } else if words.take("id")? {
            message.id = Some(words.expect("the id of the message")?.text);
        } else if words.take("ttl")? {
            message.ttl = Some(words.duration()?);
        } else {
            break;
        }
    }
    message.payload = words.payload()?;
    Ok(message)
}

/// A word that is no number or other literal is a text.
fn key(words: &mut Words<'_, '_>) -> Result<Expression, ParseError> {
    if words.cursor.peek() == Some('(') {
        return Expression::parse(&words.bracketed()?);
    }
    let word = words.expect("a correlation key")?;
    let text = Expression::value(Value::string(word.text.as_str()));
    if word.is_quoted {
        return Ok(text);
    }
    let is_number = word.text.starts_with(|letter: char| letter == '-' || letter.is_ascii_digit());
    let is_word = matches!(word.text.as_str(), "true" | "false" | "null");
    if !is_number && !is_word {
        return Ok(text);
    }
    // A word such as `2026-7` begins like a number and is none.
    Ok(Expression::json(&word.text).unwrap_or(text))
}

/// `begin before|after ELEMENT [in LABEL]`.
fn begin(words: &mut Words<'_, '_>) -> Result<Ask, ParseError> {
    let side = words.expect("`before` or `after`")?;
    let before = match side.text.as_str() {
        "before" => true,
        "after" => false,
        _ => return Err(unknown(&side)),
    };
    let element = words.expect("an element")?.text;
    Ok(Ask::Begin { before, element, scope: words.option("in", "a label")? })
}

/// `migrate LABEL|all to FILE [plan FILE]`.
fn migrate(words: &mut Words<'_, '_>) -> Result<Ask, ParseError> {
    let which = words.expect("a label or `all`")?;
    words.keyword("to")?;
    let file = words.expect("a file")?.text;
    let label = if which.text == "all" { None } else { Some(which.text) };
    Ok(Ask::Migrate { label, file, plan: words.option("plan", "a file")? })
}

fn label(words: &mut Words<'_, '_>) -> Result<Option<String>, ParseError> {
    Ok(words.next()?.map(|word| word.text))
}

fn user(words: &mut Words<'_, '_>) -> Result<String, ParseError> {
    Ok(words.expect("a user")?.text)
}

fn by(words: &mut Words<'_, '_>) -> Result<Option<String>, ParseError> {
    words.option("by", "a user")
}

fn unknown(word: &Token) -> ParseError {
    word.error(format!("unknown word `{}`", shorten(&word.text)))
}
