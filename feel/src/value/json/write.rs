//! Writing values as JSON.

use crate::value::Value;
use crate::value::walk::{Step, Walk};

/// The value as compact JSON. Dates, times and durations are ISO 8601 strings; a range or a
/// function, which no variable can hold, is the string that FEEL would print.
pub fn write(value: &Value) -> String {
    Writer { text: String::new(), indent: None, depth: 0, state: State::Start }.run(value)
}

/// The value as JSON with one entry or item a line, indented by two spaces.
pub fn write_pretty(value: &Value) -> String {
    Writer { text: String::new(), indent: Some(2), depth: 0, state: State::Start }.run(value)
}

struct Writer {
    text: String,
    indent: Option<usize>,
    depth: usize,
    state: State,
}

/// What stands in front of the place where the next step is written.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Opened,
    AfterName,
    AfterItem,
}

impl Writer {
    fn run(mut self, value: &Value) -> String {
        let mut inside_range = 0_usize;
        for step in Walk::new(value) {
            if inside_range > 0 {
                inside_range = match step {
                    Step::Range(_) | Step::List(_) | Step::Context(_) => inside_range + 1,
                    Step::Close(_) => inside_range - 1,
                    Step::Scalar(_) | Step::Name(_) => inside_range,
                };
                continue;
            }
            match step {
                Step::Scalar(value) => {
                    self.separate();
                    self.scalar(value);
                    self.state = State::AfterItem;
                }
                Step::Range(range) => {
                    self.separate();
                    write_string(&Value::from(range.clone()).to_string(), &mut self.text);
                    self.state = State::AfterItem;
                    inside_range = 1;
                }
                Step::List(_) => self.open('['),
                Step::Context(_) => self.open('{'),
                Step::Name(name) => {
                    self.separate();
                    write_string(name, &mut self.text);
                    self.text.push_str(if self.indent.is_some() { ": " } else { ":" });
                    self.state = State::AfterName;
                }
                Step::Close(value) => self.close(if value.as_list().is_some() { ']' } else { '}' }),
            }
        }
        self.text
    }

    fn separate(&mut self) {
        match self.state {
            State::Start | State::AfterName => return,
            State::Opened => {}
            State::AfterItem => self.text.push(','),
        }
        self.line();
    }

    fn line(&mut self) {
        if let Some(width) = self.indent {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n(' ', width * self.depth));
        }
    }

    fn open(&mut self, bracket: char) {
        self.separate();
        self.text.push(bracket);
        self.depth += 1;
        self.state = State::Opened;
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if self.state == State::AfterItem {
            self.line();
        }
        self.text.push(bracket);
        self.state = State::AfterItem;
    }

    fn scalar(&mut self, value: &Value) {
        match value {
            Value::Null(_) => self.text.push_str("null"),
            Value::Boolean(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(&number.to_string()),
            Value::String(text) => write_string(text, &mut self.text),
            Value::Date(date) => write_string(&date.to_string(), &mut self.text),
            Value::Time(time) => write_string(&time.to_string(), &mut self.text),
            Value::DateTime(at) => write_string(&at.to_string(), &mut self.text),
            Value::YearMonthDuration(duration) => write_string(&duration.to_string(), &mut self.text),
            Value::DayTimeDuration(duration) => write_string(&duration.to_string(), &mut self.text),
            Value::Function(_) | Value::List(_) | Value::Context(_) | Value::Range(_) => {
                write_string(&value.to_string(), &mut self.text);
            }
        }
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}
