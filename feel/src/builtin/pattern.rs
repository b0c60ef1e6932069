//! Functions over regular expressions, Table 74: XPath's syntax, run in linear time.

use std::cell::RefCell;

use regex::{Regex, RegexBuilder};

use super::{Answer, Call};
use crate::trace::Fault;
use crate::value::{Text, Value};

pub(super) fn matches(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let input = call.text(0)?;
    let pattern = pattern(call, 1, 2)?;
    pattern.pay(call, input)?;
    Ok(Value::Boolean(pattern.regex.is_match(input)).into())
}

pub(super) fn replace(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let input = call.text(0)?;
    let pattern = pattern(call, 1, 3)?;
    not_empty(&pattern.regex)?;
    let template = template(call.text(2)?, pattern.regex.captures_len())?;
    pattern.pay(call, input)?;
    let mut replaced = String::new();
    let mut end = 0;
    for captures in pattern.regex.captures_iter(input) {
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
    not_empty(&pattern.regex)?;
    pattern.pay(call, input)?;
    let mut parts = Vec::new();
    for part in pattern.regex.split(input) {
        call.meter.step()?;
        parts.push(call.meter.text(part.to_owned())?);
    }
    Ok(call.meter.list(parts)?.into())
}

pub(super) fn extract(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let input = call.text(0)?;
    let pattern = pattern(call, 1, 2)?;
    pattern.pay(call, input)?;
    let mut found = Vec::new();
    for part in pattern.regex.find_iter(input) {
        call.meter.step()?;
        found.push(call.meter.text(part.as_str().to_owned())?);
    }
    Ok(call.meter.list(found)?.into())
}

/// Replacing and splitting are not defined for a pattern that matches nothing (XPath's FORX0003).
fn not_empty(pattern: &Regex) -> Result<(), Fault> {
    if pattern.is_match("") { Err(Fault::text("the pattern matches the empty string")) } else { Ok(()) }
}

/// A compiled pattern, with the price of running it.
#[derive(Clone)]
struct Pattern {
    regex: Regex,
    tier: &'static Tier,
}

/// The larger a pattern is, the more compiling it and running it over a byte can cost: linear time
/// means linear in the text, times the pattern. The prices keep an evaluation within seconds at worst.
struct Tier {
    bytes: usize,
    compile_steps: usize,
    /// How many bytes of text a step pays for, or how many steps a byte costs.
    bytes_per_step: usize,
    steps_per_byte: usize,
}

static TIERS: [Tier; 3] = [
    Tier { bytes: 16 << 10, compile_steps: 200, bytes_per_step: 10, steps_per_byte: 1 },
    Tier { bytes: 64 << 10, compile_steps: 1_000, bytes_per_step: 2, steps_per_byte: 1 },
    Tier { bytes: usize::MAX, compile_steps: 50_000, bytes_per_step: 1, steps_per_byte: 10 },
];

/// How many patterns a thread remembers; the memory of each is bounded by `regex_bytes`.
const REMEMBERED: usize = 8;

/// What a pattern was compiled from: its text, its flags and the limit.
type Origin = (Text, String, usize);

thread_local! {
    static PATTERNS: RefCell<Vec<(Origin, Pattern)>> = const { RefCell::new(Vec::new()) };
}

impl Pattern {
    /// Pays for running over a text.
    fn pay(&self, call: &mut Call<'_>, input: &str) -> Result<(), Fault> {
        let steps = input.len().saturating_mul(self.tier.steps_per_byte) / self.tier.bytes_per_step;
        Ok(call.meter.steps(steps)?)
    }
}

/// The compiled pattern. An evaluation pays for compiling it once, whether the thread remembers it
/// or not, so that its fuel depends on nothing but its input.
fn pattern(call: &mut Call<'_>, index: usize, flags: usize) -> Result<Pattern, Fault> {
    let source = call.text(index)?;
    let flags = if call.has(flags) { call.text(flags)?.as_str() } else { "" };
    let origin = (source.clone(), flags.to_owned(), call.meter.limits.regex_bytes);
    call.meter.steps(source.len() / 10)?;
    let remembered = PATTERNS.with_borrow(|patterns| {
        patterns.iter().find(|(known, _)| *known == origin).map(|(_, pattern)| pattern.clone())
    });
    let pattern = match remembered {
        Some(pattern) => pattern,
        None => {
            let compiled = compile(&origin);
            if compiled.is_err() {
                // A failure is not remembered, and finding that a pattern is too large is most expensive.
                call.meter.steps(TIERS[2].compile_steps)?;
            }
            let pattern = compiled?;
            PATTERNS.with_borrow_mut(|patterns| {
                patterns.truncate(REMEMBERED - 1);
                patterns.insert(0, (origin, pattern.clone()));
            });
            pattern
        }
    };
    if call.meter.is_new_pattern(source, flags) {
        call.meter.steps(pattern.tier.compile_steps)?;
    }
    Ok(pattern)
}

fn compile((source, flags, limit): &Origin) -> Result<Pattern, Fault> {
    let no_pattern = || Fault::message(format!("{:?} is no pattern", source.as_str()));
    let translated = translate(source).ok_or_else(no_pattern)?;
    let mut builder = RegexBuilder::new(&translated);
    builder.nest_limit(100);
    for flag in flags.chars() {
        match flag {
            's' => builder.dot_matches_new_line(true),
            'm' => builder.multi_line(true),
            'i' => builder.case_insensitive(true),
            'x' => builder.ignore_whitespace(true),
            _ => return Err(Fault::message(format!("{flag:?} is no flag"))),
        };
    }
    for tier in &TIERS {
        let bytes = tier.bytes.min(*limit);
        match builder.size_limit(bytes).dfa_size_limit(bytes).build() {
            Ok(regex) => return Ok(Pattern { regex, tier }),
            Err(regex::Error::CompiledTooBig(_)) if bytes < *limit => {}
            Err(regex::Error::CompiledTooBig(_)) => {
                return Err(Fault::message(format!("regex_bytes {limit} exceeded")));
            }
            Err(_) => return Err(no_pattern()),
        }
    }
    Err(no_pattern())
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
