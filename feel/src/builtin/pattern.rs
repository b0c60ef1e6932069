//! Functions over regular expressions, Table 74: XPath's syntax, run in linear time.

use regex::{Regex, RegexBuilder};

use super::{Answer, Call};
use crate::trace::Fault;
use crate::value::Value;

pub(super) fn matches(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let input = call.text(0)?;
    let pattern = pattern(call, 1, 2)?;
    call.meter.read(input.len().saturating_mul(10))?;
    Ok(Value::Boolean(pattern.is_match(input)).into())
}

pub(super) fn replace(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let input = call.text(0)?;
    let pattern = pattern(call, 1, 3)?;
    not_empty(&pattern)?;
    let template = template(call.text(2)?, pattern.captures_len())?;
    call.meter.read(input.len().saturating_mul(10))?;
    let mut replaced = String::new();
    let mut end = 0;
    for captures in pattern.captures_iter(input) {
        let Some(whole) = captures.get(0) else { continue };
        let start = replaced.len();
        replaced.push_str(&input[end..whole.start()]);
        captures.expand(&template, &mut replaced);
        end = whole.end();
        // A long group in a template multiplies with every match.
        call.meter.step()?;
        call.meter.allocate(replaced.len() - start)?;
    }
    replaced.push_str(&input[end..]);
    Ok(call.meter.text(replaced)?.into())
}

pub(super) fn split(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let input = call.text(0)?;
    let pattern = pattern(call, 1, 2)?;
    not_empty(&pattern)?;
    call.meter.read(input.len().saturating_mul(10))?;
    let mut parts = Vec::new();
    for part in pattern.split(input) {
        call.meter.step()?;
        parts.push(call.meter.text(part.to_owned())?);
    }
    Ok(call.meter.list(parts)?.into())
}

pub(super) fn extract(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let input = call.text(0)?;
    let pattern = pattern(call, 1, 2)?;
    call.meter.read(input.len().saturating_mul(10))?;
    let mut found = Vec::new();
    for part in pattern.find_iter(input) {
        call.meter.step()?;
        found.push(call.meter.text(part.as_str().to_owned())?);
    }
    Ok(call.meter.list(found)?.into())
}

/// Replacing and splitting are not defined for a pattern that matches nothing (XPath's FORX0003).
fn not_empty(pattern: &Regex) -> Result<(), Fault> {
    if pattern.is_match("") { Err(Fault::text("the pattern matches the empty string")) } else { Ok(()) }
}

/// The compiled pattern; compiling costs as many steps as the pattern has characters.
fn pattern(call: &mut Call<'_>, index: usize, flags: usize) -> Result<Regex, Fault> {
    let source = call.text(index)?;
    let flags = if call.has(flags) { call.text(flags)?.as_str() } else { "" };
    call.meter.steps(source.len().saturating_add(10))?;
    let mut ignore_space = false;
    let translated =
        translate(source).ok_or_else(|| Fault::message(format!("{:?} is no pattern", source.as_str())))?;
    let mut builder = RegexBuilder::new(&translated);
    builder.size_limit(call.meter.limits.regex_bytes).dfa_size_limit(call.meter.limits.regex_bytes);
    builder.nest_limit(100);
    for flag in flags.chars() {
        match flag {
            's' => builder.dot_matches_new_line(true),
            'm' => builder.multi_line(true),
            'i' => builder.case_insensitive(true),
            'x' => {
                ignore_space = true;
                &mut builder
            }
            _ => return Err(Fault::message(format!("{flag:?} is no flag"))),
        };
    }
    builder.ignore_whitespace(ignore_space);
    builder.build().map_err(|error| match error {
        regex::Error::CompiledTooBig(limit) => Fault::message(format!("regex_bytes {limit} exceeded")),
        _ => Fault::message(format!("{:?} is no pattern", source.as_str())),
    })
}

/// XPath's syntax in that of the regex crate: what differs is the subtraction of classes and
/// what other languages have beyond both.
fn translate(source: &str) -> Option<String> {
    let mut translated = String::with_capacity(source.len());
    let mut characters = source.chars().peekable();
    let mut class_depth = 0_usize;
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let escaped = characters.next()?;
                match escaped {
                    // The name characters of XML.
                    'i' => translated.push_str("[_:\\p{L}]"),
                    'I' => translated.push_str("[^_:\\p{L}]"),
                    'c' => translated.push_str("[-._:\\p{L}\\p{N}]"),
                    'C' => translated.push_str("[^-._:\\p{L}\\p{N}]"),
                    _ => translated.extend(['\\', escaped]),
                }
            }
            '[' if class_depth > 0 => {
                // `[a-z-[aeiou]]` subtracts a class.
                let subtracts = translated.ends_with('-');
                if !subtracts {
                    return None;
                }
                translated.push_str("-[");
                class_depth += 1;
            }
            '[' => {
                translated.push('[');
                class_depth = 1;
            }
            ']' if class_depth > 0 => {
                translated.push(']');
                class_depth -= 1;
            }
            '(' if class_depth == 0 && characters.peek() == Some(&'?') => {
                let mut ahead = characters.clone();
                ahead.next();
                if ahead.next() != Some(':') {
                    return None;
                }
                translated.push('(');
            }
            '&' | '~' if class_depth > 0 => translated.extend(['\\', character]),
            other => translated.push(other),
        }
    }
    Some(translated)
}

/// The replacement in the form of the regex crate: `$1` is a group, `\$` and `\\` are themselves.
fn template(replacement: &str, groups: usize) -> Result<String, Fault> {
    let wrong = || Fault::message(format!("{replacement:?} is no replacement"));
    let mut template = String::with_capacity(replacement.len());
    let mut characters = replacement.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('$') => template.push_str("$$"),
                Some('\\') => template.push('\\'),
                _ => return Err(wrong()),
            },
            '$' => {
                let mut group =
                    characters.next().and_then(|digit| digit.to_digit(10)).ok_or_else(wrong)? as usize;
                // As many digits belong to the number as there are groups.
                while let Some(digit) = characters.peek().and_then(|next| next.to_digit(10)) {
                    let longer = group * 10 + digit as usize;
                    if longer >= groups {
                        break;
                    }
                    group = longer;
                    characters.next();
                }
                template.push_str(&format!("${{{group}}}"));
            }
            other => template.push(other),
        }
    }
    Ok(template)
}
