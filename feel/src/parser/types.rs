//! Types as they are written.

use std::sync::Arc;

use super::Parser;
use crate::error::CompileError;
use crate::lexer::Kind;
use crate::types::{NAMED_TYPES, TYPE_DEPTH, Type};

impl Parser<'_, '_> {
    /// Reads a type, grammar rule 52; answers its text too.
    pub(super) fn written_type(&mut self) -> Result<(Type, Arc<str>), CompileError> {
        let start = self.token().start;
        let found = self.nested_type(0)?;
        let text = self.span_from(start).text(self.source);
        Ok((found, Arc::from(text)))
    }

    pub(super) fn nested_type(&mut self, depth: usize) -> Result<Type, CompileError> {
        if depth >= TYPE_DEPTH {
            return self.fail(format!("type_depth {TYPE_DEPTH} exceeded"));
        }
        let generic = self.kind_at(1) == Kind::Less;
        match self.word() {
            "list" if generic => Ok(Type::List(Box::new(self.only_parameter(depth)?))),
            "range" if generic => Ok(Type::Range(Box::new(self.only_parameter(depth)?))),
            "context" if generic => self.context_type(depth),
            "function" if generic => self.function_type(depth),
            "function" => {
                self.at += 1;
                Ok(Type::Unknown)
            }
            _ => self.named_type(depth),
        }
    }

    fn only_parameter(&mut self, depth: usize) -> Result<Type, CompileError> {
        self.at += 2;
        let inner = self.nested_type(depth + 1)?;
        self.expect(Kind::Greater, "`>`")?;
        Ok(inner)
    }

    fn context_type(&mut self, depth: usize) -> Result<Type, CompileError> {
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            let name = match self.kind() {
                Kind::String => Arc::from(self.string()?),
                _ => self.name_until(&[Kind::Colon], "the name of an entry")?,
            };
            self.expect(Kind::Colon, "`:`")?;
            entries.push((name, self.nested_type(depth + 1)?));
            if self.eat(Kind::Greater) {
                return Ok(Type::Context(entries));
            }
            self.expect(Kind::Comma, "`,` or `>`")?;
        }
    }

    fn function_type(&mut self, depth: usize) -> Result<Type, CompileError> {
        self.at += 2;
        let mut parameters = Vec::new();
        if !self.eat(Kind::Greater) {
            loop {
                parameters.push(self.nested_type(depth + 1)?);
                if self.eat(Kind::Greater) {
                    break;
                }
                self.expect(Kind::Comma, "`,` or `>`")?;
            }
        }
        self.expect(Kind::Arrow, "`->`")?;
        let result = self.nested_type(depth + 1)?;
        Ok(Type::Function(parameters, Box::new(result)))
    }

    fn named_type(&mut self, depth: usize) -> Result<Type, CompileError> {
        for (words, named) in NAMED_TYPES {
            let rest = self.tokens[self.at..].iter().map(|token| self.text(*token));
            if words.iter().copied().eq(rest.take(words.len())) {
                self.at += words.len();
                return Ok(named.clone());
            }
        }
        let mut name = self.plain_name("a type")?.to_string();
        while self.kind() == Kind::Dot && self.kind_at(1) == Kind::Word {
            self.at += 1;
            name.push('.');
            name.push_str(&self.plain_name("a type")?);
        }
        let Some((_, known)) = self.types.iter().find(|(known, _)| **known == *name) else {
            return Ok(Type::Unknown);
        };
        if depth + known.depth() > TYPE_DEPTH {
            return self.fail(format!("type_depth {TYPE_DEPTH} exceeded"));
        }
        Ok(known.clone())
    }
}
