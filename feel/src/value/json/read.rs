//! Reading JSON without recursion, exactly or not at all.

use std::fmt;
use std::sync::Arc;

use crate::value::text::is_allowed;
use crate::value::{Context, DEPTH_MAX, Number, NumberError, Value};

/// What a JSON text may be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonLimits {
    /// `json_depth`: how many arrays and objects may be nested, at most [`DEPTH_MAX`].
    pub depth: usize,
    /// `variable_bytes`: how long the text may be.
    pub bytes: usize,
}

impl Default for JsonLimits {
    fn default() -> JsonLimits {
        JsonLimits { depth: DEPTH_MAX, bytes: 16 << 20 }
    }
}

/// Why a text is not read as a value, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong.
    pub problem: JsonProblem,
    /// Bytes from the beginning of the text.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// The way to the value, such as `order.items[2].price`; empty at the top.
    pub path: String,
}

/// What is wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonProblem {
    /// The text is not JSON.
    Expected(&'static str),
    /// The text goes on behind its value.
    Trailing,
    /// An object has two entries of this name.
    Duplicate(String),
    /// A number that cannot be kept exactly.
    Number(NumberError),
    /// A character that no text may hold.
    ForbiddenCharacter(u32),
    /// A limit: its name and its value.
    Limit {
        /// The limit's name.
        name: &'static str,
        /// Its value.
        limit: usize,
    },
}

impl fmt::Display for JsonProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonProblem::Expected(what) => write!(f, "expected {what}"),
            JsonProblem::Trailing => f.write_str("text follows after the value"),
            JsonProblem::Duplicate(name) => write!(f, "the entry {name:?} occurs twice"),
            JsonProblem::Number(error) => error.fmt(f),
            JsonProblem::ForbiddenCharacter(code) => write!(f, "forbidden character U+{code:04X}"),
            JsonProblem::Limit { name, limit } => write!(f, "{name} {limit} exceeded"),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, " ({})", self.path)?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for JsonError {}

/// Reads one JSON value.
///
/// Numbers are read exactly, the order of entries is kept, duplicate names are refused.
///
/// # Errors
/// Names what is wrong, the place in the text and the path to the value.
pub fn parse(text: &str, limits: &JsonLimits) -> Result<Value, JsonError> {
    let mut reader = Reader { text, offset: 0, open: Vec::new(), limits };
    let result = reader.run();
    result.map_err(|(problem, offset)| reader.error(problem, offset))
}

type Failure = (JsonProblem, usize);

struct Reader<'t> {
    text: &'t str,
    offset: usize,
    open: Vec<Partial>,
    limits: &'t JsonLimits,
}

enum Partial {
    Array(Vec<Value>),
    Object { name: Arc<str>, entries: Context },
}

impl Reader<'_> {
    fn run(&mut self) -> Result<Value, Failure> {
        if self.text.len() > self.limits.bytes {
            return Err((JsonProblem::Limit { name: "variable_bytes", limit: self.limits.bytes }, 0));
        }
        loop {
            let Some(mut value) = self.begin()? else { continue };
            loop {
                let Some(open) = self.open.last_mut() else {
                    self.skip_space();
                    let rest = self.offset < self.text.len();
                    return if rest { self.fail(JsonProblem::Trailing) } else { Ok(value) };
                };
                match open {
                    Partial::Array(items) => items.push(value),
                    Partial::Object { name, entries } => {
                        entries.insert(name.clone(), value);
                    }
                }
                match self.after_item()? {
                    Some(closed) => value = closed,
                    None => break,
                }
            }
        }
    }

    /// Reads a scalar or an empty container; none when a container with something inside was opened.
    fn begin(&mut self) -> Result<Option<Value>, Failure> {
        self.skip_space();
        match self.peek() {
            Some(b'"') => Ok(Some(Value::from(self.string()?))),
            Some(b'[') => {
                self.enter()?;
                if self.eat_after_space(b']') {
                    return Ok(Some(Value::from(Vec::new())));
                }
                self.open.push(Partial::Array(Vec::new()));
                Ok(None)
            }
            Some(b'{') => {
                self.enter()?;
                if self.eat_after_space(b'}') {
                    return Ok(Some(Value::from(Context::new())));
                }
                self.open.push(Partial::Object { name: Arc::from(""), entries: Context::new() });
                self.name()?;
                Ok(None)
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(Some),
            Some(_) | None => self.word().map(Some),
        }
    }

    /// What follows an item: another one, or the end of its container, which is then the next value.
    fn after_item(&mut self) -> Result<Option<Value>, Failure> {
        self.skip_space();
        let in_array = matches!(self.open.last(), Some(Partial::Array(_)));
        if self.eat(b',') {
            if !in_array {
                self.name()?;
            }
            return Ok(None);
        }
        if !self.eat(if in_array { b']' } else { b'}' }) {
            return self.fail(JsonProblem::Expected(if in_array { "`,` or `]`" } else { "`,` or `}`" }));
        }
        Ok(self.open.pop().map(|closed| match closed {
            Partial::Array(items) => Value::from(items),
            Partial::Object { entries, .. } => Value::from(entries),
        }))
    }

    fn enter(&mut self) -> Result<(), Failure> {
        let limit = self.limits.depth.min(DEPTH_MAX);
        if self.open.len() >= limit {
            return self.fail(JsonProblem::Limit { name: "json_depth", limit });
        }
        self.offset += 1;
        Ok(())
    }

    fn name(&mut self) -> Result<(), Failure> {
        self.skip_space();
        let start = self.offset;
        if self.peek() != Some(b'"') {
            return self.fail(JsonProblem::Expected("the name of an entry"));
        }
        let text = self.string()?;
        if !self.eat_after_space(b':') {
            return self.fail(JsonProblem::Expected("`:`"));
        }
        if let Some(Partial::Object { name, entries }) = self.open.last_mut() {
            if entries.contains(&text) {
                return Err((JsonProblem::Duplicate(text), start));
            }
            *name = Arc::from(text);
        }
        Ok(())
    }

    fn word(&mut self) -> Result<Value, Failure> {
        for (word, value) in
            [("true", Value::from(true)), ("false", Value::from(false)), ("null", Value::NULL)]
        {
            if self.rest().starts_with(word) {
                self.offset += word.len();
                return Ok(value);
            }
        }
        self.fail(JsonProblem::Expected("a value"))
    }

    fn number(&mut self) -> Result<Value, Failure> {
        let start = self.offset;
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = self.rest().bytes().take_while(|byte| is_part(byte)).count();
        let text = &self.rest()[..length];
        let whole = text.strip_prefix('-').unwrap_or(text);
        let digits = whole.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || whole.starts_with('0') && digits > 1 || whole[digits..].starts_with(".e") {
            return self.fail(JsonProblem::Expected("a number"));
        }
        match Number::parse_exact(text) {
            Ok(number) => {
                self.offset += length;
                Ok(Value::Number(number))
            }
            Err(NumberError::Syntax) => self.fail(JsonProblem::Expected("a number")),
            Err(error) => Err((JsonProblem::Number(error), start)),
        }
    }

    fn string(&mut self) -> Result<String, Failure> {
        self.offset += 1;
        let mut text = String::new();
        loop {
            let plain =
                self.rest().bytes().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
            let slice = &self.rest()[..plain];
            if let Some(at) = slice.find(['\u{FFFE}', '\u{FFFF}']) {
                let character = slice[at..].chars().next().map_or(0, |it| it as u32);
                return Err((JsonProblem::ForbiddenCharacter(character), self.offset + at));
            }
            text.push_str(slice);
            self.offset += plain;
            match self.peek() {
                Some(b'"') => {
                    self.offset += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(control) => return self.fail(JsonProblem::ForbiddenCharacter(u32::from(control))),
                None => return self.fail(JsonProblem::Expected("`\"`")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Failure> {
        let start = self.offset;
        self.offset += 1;
        let Some(kind) = self.peek() else { return self.fail(JsonProblem::Expected("an escape")) };
        self.offset += 1;
        let character = match kind {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'u' => self.unicode(start)?,
            _ => return Err((JsonProblem::Expected("an escape"), start)),
        };
        if is_allowed(character) {
            Ok(character)
        } else {
            Err((JsonProblem::ForbiddenCharacter(character as u32), start))
        }
    }

    fn unicode(&mut self, start: usize) -> Result<char, Failure> {
        const LONE: JsonProblem = JsonProblem::Expected("the other half of a surrogate pair");
        let first = self.hexadecimal()?;
        let code = match first {
            0xD800..=0xDBFF => {
                if !(self.eat(b'\\') && self.eat(b'u')) {
                    return Err((LONE, start));
                }
                let second = self.hexadecimal()?;
                if !(0xDC00..=0xDFFF).contains(&second) {
                    return Err((LONE, start));
                }
                0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            other => other,
        };
        char::from_u32(code).ok_or((LONE, start))
    }

    fn hexadecimal(&mut self) -> Result<u32, Failure> {
        let digits =
            self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return self.fail(JsonProblem::Expected("four hexadecimal digits"));
        };
        self.offset += 4;
        Ok(code)
    }

    fn rest(&self) -> &str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.offset += usize::from(found);
        found
    }

    fn eat_after_space(&mut self, byte: u8) -> bool {
        self.skip_space();
        self.eat(byte)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.offset += 1;
        }
    }

    fn fail<T>(&self, problem: JsonProblem) -> Result<T, Failure> {
        Err((problem, self.offset))
    }

    fn error(&self, problem: JsonProblem, offset: usize) -> JsonError {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let mut path = String::new();
        for open in &self.open {
            match open {
                Partial::Array(items) => path.push_str(&format!("[{}]", items.len())),
                Partial::Object { name, .. } if path.is_empty() => path.push_str(name),
                Partial::Object { name, .. } => path.push_str(&format!(".{name}")),
            }
        }
        JsonError {
            problem,
            offset,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            path,
        }
    }
}
