//! What can stand where an operand is needed.

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::Arc;

use super::{Frame, Loop, Parser};
use crate::builtin::Builtin;
use crate::error::CompileError;
use crate::lexer::{Kind, unescape};
use crate::names::is_keyword;
use crate::syntax::{Comparison, Id, Node};
use crate::value::{Date, DateTime, DayTimeDuration, Number, Text, Time, Value, YearMonthDuration};

impl Parser<'_, '_> {
    /// Reads an operand; none when something was opened that needs an operand itself.
    pub(super) fn operand(&mut self) -> Result<Option<Id>, CompileError> {
        let start = self.token().start;
        match self.kind() {
            Kind::Number => self.number().map(Some),
            Kind::String => {
                let text = self.string()?;
                Ok(Some(self.literal(Value::from(text), start)))
            }
            Kind::At => self.at_literal().map(Some),
            Kind::Word => self.word_operand(),
            Kind::Minus => {
                self.at += 1;
                self.open(Frame::Negate { start })
            }
            Kind::LeftParen => {
                self.at += 1;
                self.open(Frame::Paren { start, interval: false })
            }
            Kind::RightBracket => {
                self.at += 1;
                self.open(Frame::Paren { start, interval: true })
            }
            Kind::LeftBracket => {
                self.at += 1;
                if self.eat(Kind::RightBracket) {
                    let span = self.span_from(start);
                    return Ok(Some(self.add(Node::List(Vec::new()), span)));
                }
                self.open(Frame::List { start, items: Vec::new() })
            }
            Kind::LeftBrace => self.context(),
            Kind::Less => self.test(Comparison::Less),
            Kind::LessEqual => self.test(Comparison::LessEqual),
            Kind::Greater => self.test(Comparison::Greater),
            Kind::GreaterEqual => self.test(Comparison::GreaterEqual),
            Kind::Equal => self.test(Comparison::Equal),
            Kind::NotEqual => self.test(Comparison::NotEqual),
            Kind::RightParen
            | Kind::RightBrace
            | Kind::Comma
            | Kind::Colon
            | Kind::Dot
            | Kind::DotDot
            | Kind::Plus
            | Kind::Star
            | Kind::StarStar
            | Kind::Slash
            | Kind::Arrow
            | Kind::Apostrophe
            | Kind::End => self.expected("an expression"),
        }
    }

    fn open(&mut self, frame: Frame) -> Result<Option<Id>, CompileError> {
        self.push(frame)?;
        Ok(None)
    }

    fn test(&mut self, operator: Comparison) -> Result<Option<Id>, CompileError> {
        let start = self.token().start;
        self.at += 1;
        self.open(Frame::Test { start, operator })
    }

    fn literal(&mut self, value: Value, start: u32) -> Id {
        let span = self.span_from(start);
        self.add(Node::Literal(value), span)
    }

    fn number(&mut self) -> Result<Id, CompileError> {
        let token = self.token();
        match Number::parse_rounded(self.text(token)) {
            Ok(number) => {
                self.at += 1;
                Ok(self.literal(Value::Number(number), token.start))
            }
            Err(error) => self.fail(error.to_string()),
        }
    }

    /// The text of the string literal here.
    pub(super) fn string(&mut self) -> Result<String, CompileError> {
        let token = self.token();
        if token.kind != Kind::String {
            return self.expected("a string");
        }
        self.at += 1;
        let error = |message: String, offset: usize| self.error(token.start as usize + offset, message);
        let text =
            unescape(self.text(token)).map_err(|(message, offset)| error(message.to_owned(), offset))?;
        match Text::check(&text) {
            Ok(()) => Ok(text),
            Err(forbidden) => Err(error(forbidden.to_string(), 0)),
        }
    }

    fn at_literal(&mut self) -> Result<Id, CompileError> {
        let start = self.token().start;
        self.at += 1;
        let text = self.string()?;
        match temporal(&text) {
            Some(value) => Ok(self.literal(value, start)),
            None => {
                let message = format!("{text:?} is no date, time, date and time or duration");
                Err(self.error(start as usize, message))
            }
        }
    }

    fn word_operand(&mut self) -> Result<Option<Id>, CompileError> {
        let start = self.token().start;
        match self.word() {
            "true" => self.word_literal(Value::from(true)),
            "false" => self.word_literal(Value::from(false)),
            "null" => self.word_literal(Value::NULL),
            "if" => {
                self.at += 1;
                self.open(Frame::IfCondition { start })
            }
            "for" => self.iteration(Loop::For),
            "some" => self.iteration(Loop::Some),
            "every" => self.iteration(Loop::Every),
            "function" => self.function(),
            word if is_keyword(word) => self.expected("an expression"),
            _ => {
                let name = self.name()?;
                let span = self.span_from(start);
                Ok(Some(self.add(Node::Name(name), span)))
            }
        }
    }

    fn word_literal(&mut self, value: Value) -> Result<Option<Id>, CompileError> {
        let start = self.token().start;
        self.at += 1;
        Ok(Some(self.literal(value, start)))
    }

    /// The longest name in scope here; otherwise the word, or inside a filter all the words.
    fn name(&mut self) -> Result<Arc<str>, CompileError> {
        let rest = &self.tokens[self.at..];
        let declared = self.pool.names.longest(self.source, rest, false);
        let builtin = Builtin::longest(self.source, rest);
        if let Some((length, name)) = builtin {
            let longer = declared.as_ref().is_none_or(|(declared, _)| length > *declared);
            // `date and time` is also a conjunction of two variables.
            let invoked = self.kind_at(length) == Kind::LeftParen;
            if longer && (invoked || declared.is_none()) {
                self.at += length;
                return Ok(Arc::from(name));
            }
        }
        if let Some((length, name)) = declared {
            self.at += length;
            return Ok(name);
        }
        if self.pool.filters > 0 {
            return self.plain_name("a name");
        }
        let name = Arc::from(self.word());
        self.at += 1;
        Ok(name)
    }

    /// The name behind a point.
    pub(super) fn path_name(&mut self) -> Result<Arc<str>, CompileError> {
        if self.kind() != Kind::Word {
            return self.expected("a name");
        }
        let declared = self.pool.names.longest(self.source, &self.tokens[self.at..], true);
        let start = self.at;
        let plain = self.plain_name("a name")?;
        match declared {
            Some((length, name)) if start + length >= self.at => {
                self.at = start + length;
                Ok(name)
            }
            Some(_) | None => Ok(plain),
        }
    }

    fn context(&mut self) -> Result<Option<Id>, CompileError> {
        let start = self.token().start;
        self.at += 1;
        if self.eat(Kind::RightBrace) {
            let span = self.span_from(start);
            return Ok(Some(self.add(Node::Context(Vec::new()), span)));
        }
        let mut known = HashSet::new();
        let name = self.entry_name(&mut known)?;
        self.open(Frame::Context { start, entries: Vec::new(), known, name })
    }

    /// The key of the next entry and its colon.
    pub(super) fn entry_name(&mut self, known: &mut HashSet<Arc<str>>) -> Result<Arc<str>, CompileError> {
        let key = self.at;
        let name = match self.kind() {
            Kind::String => Arc::from(self.string()?),
            _ => self.name_until(&[Kind::Colon], "the name of an entry")?,
        };
        if !known.insert(name.clone()) {
            self.at = key;
            return self.fail(format!("the entry {name:?} occurs twice"));
        }
        self.expect(Kind::Colon, "`:`")?;
        Ok(name)
    }

    fn iteration(&mut self, kind: Loop) -> Result<Option<Id>, CompileError> {
        let start = self.token().start;
        self.at += 1;
        let name = self.loop_name()?;
        if kind == Loop::For {
            self.pool.names.declare(&Arc::from("partial"));
        }
        self.open(Frame::Domain { start, kind, iterations: Vec::new(), name })
    }

    /// The name of an iteration and its `in`.
    pub(super) fn loop_name(&mut self) -> Result<Arc<str>, CompileError> {
        if self.kind() != Kind::Word || is_keyword(self.word()) {
            return self.expected("a name");
        }
        let name = self.plain_name("a name")?;
        self.expect_word("in")?;
        Ok(name)
    }

    fn function(&mut self) -> Result<Option<Id>, CompileError> {
        let start = self.token().start;
        self.at += 1;
        self.expect(Kind::LeftParen, "`(`")?;
        let mut parameters = Vec::new();
        if !self.eat(Kind::RightParen) {
            loop {
                let name = self
                    .name_until(&[Kind::Colon, Kind::Comma, Kind::RightParen], "the name of a parameter")?;
                if parameters.iter().any(|(known, _)| *known == name) {
                    return self.fail(format!("the parameter {name:?} occurs twice"));
                }
                let declared = if self.eat(Kind::Colon) { Some(self.written_type()?) } else { None };
                parameters.push((name, declared));
                if self.eat(Kind::RightParen) {
                    break;
                }
                self.expect(Kind::Comma, "`,` or `)`")?;
            }
        }
        let external = self.eat_word("external");
        for (name, _) in &parameters {
            self.pool.names.declare(name);
        }
        self.open(Frame::Function { start, parameters, external })
    }
}

/// The value of the text of an at literal, grammar rule 65.
pub(crate) fn temporal(text: &str) -> Option<Value> {
    if text.starts_with('P') || text.starts_with("-P") {
        return DayTimeDuration::from_str(text)
            .map(Value::from)
            .or_else(|_| YearMonthDuration::from_str(text).map(Value::from))
            .ok();
    }
    if text.contains('T') && text.get(..3).is_none_or(|front| !front.ends_with(':')) {
        return DateTime::from_str(text).map(Value::from).ok();
    }
    Time::from_str(text).map(Value::from).or_else(|_| Date::from_str(text).map(Value::from)).ok()
}
