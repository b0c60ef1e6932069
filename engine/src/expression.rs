//! The seam between the engine and the languages of its expressions.
//!
//! FEEL is built in (feature `feel`); other languages are plugged in through [`Evaluator`]. Everything is compiled
//! at deployment; nothing is ever parsed while a process runs.

use crate::id::Timestamp;
use crate::limits::Limits;
use bpmn_parser::property::{Expression, Language};
use chrono_tz::Tz;
use std::fmt;
use std::sync::Arc;
use tokenflow_feel::Value;

/// Compiles expressions of languages that the engine does not know.
pub trait Evaluator: Send + Sync {
    /// The compiled form of `text`; none where the language is not one of this evaluator's.
    ///
    /// # Errors
    /// A message for people where the language is known and the text is not well formed in it.
    fn compile(&self, language: &str, text: &str) -> Option<Result<Arc<dyn HostExpression>, String>>;
}

/// An expression compiled by an [`Evaluator`]: a pure function of the variables it reads.
pub trait HostExpression: Send + Sync {
    /// The names of the variables it reads.
    fn names(&self) -> &[Arc<str>];

    /// Its value; `values` are those of [`names`](HostExpression::names), null where a name is undefined.
    ///
    /// # Errors
    /// A message for people; it becomes an incident.
    fn eval(&self, values: &[Value]) -> Result<Value, String>;
}

/// An expression that can run.
#[derive(Clone)]
pub(crate) struct Compiled {
    text: Arc<str>,
    code: Code,
}

#[derive(Clone)]
enum Code {
    Constant(Value),
    #[cfg(feature = "feel")]
    Feel(Arc<tokenflow_feel::Program>),
    Host(Arc<dyn HostExpression>),
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.text)
    }
}

/// What evaluation needs besides the variables.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "feel"), expect(dead_code, reason = "only FEEL asks for more than the variables"))]
pub(crate) struct Surroundings<'a> {
    pub(crate) now: Timestamp,
    pub(crate) zone: Tz,
    pub(crate) limits: &'a Limits,
}

impl Compiled {
    /// A value that needs no evaluation.
    pub(crate) fn constant(value: Value) -> Compiled {
        Compiled { text: Arc::from(""), code: Code::Constant(value) }
    }

    /// The value, where it is known without evaluation.
    pub(crate) fn as_constant(&self) -> Option<&Value> {
        match &self.code {
            Code::Constant(value) => Some(value),
            #[cfg(feature = "feel")]
            Code::Feel(_) => None,
            Code::Host(_) => None,
        }
    }

    /// The source, for messages.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The names it reads, one slot each.
    pub(crate) fn names(&self) -> &[Arc<str>] {
        match &self.code {
            Code::Constant(_) => &[],
            #[cfg(feature = "feel")]
            Code::Feel(program) => program.names(),
            Code::Host(host) => host.names(),
        }
    }

    /// Its value in a frame that holds the values of [`names`](Compiled::names).
    #[cfg_attr(
        not(feature = "feel"),
        expect(unused_variables, reason = "only FEEL asks for more than the variables")
    )]
    pub(crate) fn eval(&self, frame: &[Value], around: Surroundings<'_>) -> Result<Value, String> {
        match &self.code {
            Code::Constant(value) => Ok(value.clone()),
            #[cfg(feature = "feel")]
            Code::Feel(program) => {
                program.eval(frame, &environment(around)).map_err(|error| error.to_string())
            }
            Code::Host(host) => host.eval(frame),
        }
    }
}

#[cfg(feature = "feel")]
fn environment(around: Surroundings<'_>) -> tokenflow_feel::Env {
    let mut env =
        tokenflow_feel::Env { now: around.now.0, zone: around.zone, ..tokenflow_feel::Env::default() };
    env.limits.fuel = around.limits.fuel;
    env.limits.memory = around.limits.expression_memory;
    env
}

/// Compiles expressions with the names that a process declares.
pub(crate) struct Compiler<'a> {
    #[cfg_attr(not(feature = "feel"), expect(dead_code, reason = "only FEEL knows names with spaces"))]
    pub(crate) names: Vec<&'a str>,
    pub(crate) evaluator: Option<&'a dyn Evaluator>,
}

impl Compiler<'_> {
    /// The compiled form, or what is wrong with the text.
    pub(crate) fn compile(&self, expression: &Expression) -> Result<Compiled, String> {
        let text: Arc<str> = Arc::from(expression.text.trim());
        if text.is_empty() {
            return Err("the expression is empty".to_owned());
        }
        let language = match &expression.language {
            Language::Feel | Language::Unnamed => return self.feel(text),
            Language::Juel => "juel",
            Language::Other(name) => name,
        };
        let compiled = self.evaluator.and_then(|evaluator| evaluator.compile(language, &text));
        match compiled {
            Some(Ok(host)) => Ok(Compiled { text, code: Code::Host(host) }),
            Some(Err(message)) => Err(message),
            None if expression.language == Language::Juel => {
                Err(format!("`{text}` is outside the part of JUEL that can be translated to FEEL"))
            }
            None => Err(format!("expressions in the language `{language}` are not supported")),
        }
    }

    #[cfg(feature = "feel")]
    fn feel(&self, text: Arc<str>) -> Result<Compiled, String> {
        match tokenflow_feel::compile(&text, &self.names) {
            Ok(program) => Ok(Compiled { text, code: Code::Feel(Arc::new(program)) }),
            Err(error) => Err(error.to_string()),
        }
    }

    #[cfg(not(feature = "feel"))]
    fn feel(&self, text: Arc<str>) -> Result<Compiled, String> {
        match self.evaluator.and_then(|evaluator| evaluator.compile("feel", &text)) {
            Some(Ok(host)) => Ok(Compiled { text, code: Code::Host(host) }),
            Some(Err(message)) => Err(message),
            None => Err("FEEL is not built in (feature `feel`)".to_owned()),
        }
    }
}
