//! Printing values as FEEL writes them.

use std::fmt::{self, Write};

use super::walk::{Step, Walk};
use super::{Range, Value};

/// The literal of the value; reading it gives an equal value, except for functions.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut open_ranges: Vec<&Range> = Vec::new();
        let mut separator = "";
        for step in Walk::new(self) {
            match step {
                Step::Scalar(value) => {
                    f.write_str(separator)?;
                    write_scalar(value, f)?;
                    separator = ", ";
                }
                Step::List(_) => {
                    write!(f, "{separator}[")?;
                    separator = "";
                }
                Step::Context(_) => {
                    write!(f, "{separator}{{")?;
                    separator = "";
                }
                Step::Range(range) => {
                    write!(f, "{separator}{}", opening(range))?;
                    open_ranges.push(range);
                    separator = "";
                }
                Step::Name(name) => {
                    f.write_str(separator)?;
                    write_name(name, f)?;
                    separator = ": ";
                }
                Step::Close(value) => {
                    close(value, f)?;
                    if matches!(value, Value::Range(_)) {
                        open_ranges.pop();
                    }
                    separator = ", ";
                    continue;
                }
            }
            if separator == ", " && open_ranges.last().is_some() {
                separator = "..";
            }
        }
        Ok(())
    }
}

/// A range without one of its ends is written with an operator, as in `< 10`.
fn opening(range: &Range) -> &'static str {
    match (&range.low, &range.high, range.low_included, range.high_included) {
        (None, Some(_), _, false) => "<",
        (None, Some(_), _, true) => "<=",
        (Some(_), None, false, _) => ">",
        (Some(_), None, true, _) => ">=",
        (Some(_), Some(_), true, _) => "[",
        (Some(_), Some(_), false, _) => "(",
        (None, None, ..) => "(null..null",
    }
}

fn close(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Range(range) => match (&range.low, &range.high) {
            (Some(_), Some(_)) | (None, None) => f.write_char(if range.high_included { ']' } else { ')' }),
            (Some(_), None) | (None, Some(_)) => Ok(()),
        },
        Value::Context(_) => f.write_char('}'),
        Value::List(_) => f.write_char(']'),
        Value::Null(_)
        | Value::Boolean(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::DateTime(_)
        | Value::YearMonthDuration(_)
        | Value::DayTimeDuration(_)
        | Value::Function(_) => Ok(()),
    }
}

fn write_scalar(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null(_) => f.write_str("null"),
        Value::Boolean(value) => write!(f, "{value}"),
        Value::Number(value) => write!(f, "{value}"),
        Value::String(value) => write_string(value, f),
        Value::Date(value) => write!(f, "@\"{value}\""),
        Value::Time(value) => write!(f, "@\"{value}\""),
        Value::DateTime(value) => write!(f, "@\"{value}\""),
        Value::YearMonthDuration(value) => write!(f, "@\"{value}\""),
        Value::DayTimeDuration(value) => write!(f, "@\"{value}\""),
        Value::Function(value) => write!(f, "{value:?}"),
        Value::List(_) | Value::Context(_) | Value::Range(_) => Ok(()),
    }
}

/// A string literal with FEEL's escapes.
pub(crate) fn write_string(text: &str, f: &mut impl Write) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

/// The key of a context entry: plain when it is one word, quoted otherwise.
fn write_name(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut characters = name.chars();
    let plain = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|next| next.is_ascii_alphanumeric() || next == '_');
    if plain { f.write_str(name) } else { write_string(name, f) }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for super::List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Value::List(self.clone()), f)
    }
}

impl fmt::Debug for super::Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Value::Context(self.clone()), f)
    }
}
