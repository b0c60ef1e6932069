//! Values written in a scenario: JSON where the text is JSON, else FEEL that is evaluated where it is used.

use crate::scenario::ParseError;
use crate::scenario::cursor::Token;
use std::sync::Arc;
use tokenflow_feel::value::json::{self, JsonLimits, JsonProblem};
use tokenflow_feel::{Context, Env, Program, Value};

/// A context in braces.
#[derive(Clone, Debug)]
pub(crate) struct Payload(Expression);

/// A value or the program that gives it.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    text: Arc<str>,
    code: Code,
}

#[derive(Clone, Debug)]
enum Code {
    Value(Value),
    /// JSON that cannot be kept, such as a number that has no exact form: an answer for the command, not for the file.
    Refused(Arc<str>),
    Feel(Arc<Program>),
}

/// Where names get their values when an expression is evaluated.
pub(crate) trait Scope {
    /// The value of a variable, if it is there.
    fn variable(&self, name: &str) -> Option<Value>;
}

/// A scope without variables.
pub(crate) struct NoVariables;

impl Scope for NoVariables {
    fn variable(&self, _name: &str) -> Option<Value> {
        None
    }
}

impl Expression {
    /// A value that needs no evaluation.
    pub(super) fn value(value: Value) -> Expression {
        Expression { text: json::write(&value).into(), code: Code::Value(value) }
    }

    /// Reads an expression; the token says where it stands.
    pub(super) fn parse(token: &Token) -> Result<Expression, ParseError> {
        let text: Arc<str> = token.text.as_str().into();
        let code = match json::parse(&text, &JsonLimits::default()) {
            Ok(value) => Code::Value(value),
            Err(error) => match error.problem {
                JsonProblem::Expected(_) | JsonProblem::Trailing => feel(token)?,
                _ => Code::Refused(error.to_string().into()),
            },
        };
        Ok(Expression { text, code })
    }

    /// A JSON text; none where it is not JSON.
    pub(super) fn json(text: &str) -> Option<Expression> {
        let value = json::parse(text, &JsonLimits::default()).ok()?;
        Some(Expression { text: text.into(), code: Code::Value(value) })
    }

    /// The expression as it is written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Its value, with names from that scope.
    pub(super) fn eval(&self, scope: &dyn Scope, env: &Env) -> Result<Value, String> {
        match &self.code {
            Code::Value(value) => Ok(value.clone()),
            Code::Refused(why) => Err(why.to_string()),
            Code::Feel(program) => {
                let frame: Vec<Value> =
                    program.names().iter().map(|name| scope.variable(name).unwrap_or_default()).collect();
                program.eval(&frame, env).map_err(|error| format!("`{}`: {error}", self.text))
            }
        }
    }
}

impl Payload {
    /// Reads a context; the token says where it stands.
    pub(super) fn parse(token: &Token) -> Result<Payload, ParseError> {
        Expression::parse(token).map(Payload)
    }

    /// Reads a context given outside a scenario file, such as by `--vars`.
    pub(crate) fn from_text(text: &str) -> Result<Payload, ParseError> {
        Payload::parse(&Token { text: text.trim().to_owned(), is_quoted: false, line: 1, column: 1 })
    }

    /// Its entries, with names from that scope.
    pub(crate) fn eval(&self, scope: &dyn Scope, env: &Env) -> Result<Context, String> {
        match self.0.eval(scope, env)? {
            Value::Context(context) => Ok(context),
            other => Err(format!("`{}` is no context but {}", self.0.text, other.type_name())),
        }
    }
}

fn feel(token: &Token) -> Result<Code, ParseError> {
    match tokenflow_feel::compile(&token.text, &[]) {
        Ok(program) => Ok(Code::Feel(Arc::new(program))),
        Err(error) => {
            let line = u32::try_from(error.line).unwrap_or(1);
            let column = u32::try_from(error.column).unwrap_or(1);
            let (line, column) = match line {
                0 | 1 => (token.line, token.column + column.saturating_sub(1)),
                later => (token.line + later - 1, column),
            };
            Err(ParseError { line, column, message: error.message })
        }
    }
}
