//! The built-in functions of clause 10.3.4, and the few that other engines agree on.

mod boolean;
mod call;
mod context;
mod conversion;
mod list;
mod number;
mod pattern;
mod range;
mod statistics;
mod string;
mod table;
mod temporal;

use std::sync::{Arc, OnceLock};

use crate::lexer::Token;
use crate::machine::native::Native;
use crate::trace::Fault;
use crate::value::{Body, Function, Parameter, Value};

pub(crate) use call::Call;
pub(crate) use range::interval;

/// A built-in function: its place in the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Builtin(u8);

/// A row of the table.
struct Entry {
    name: &'static str,
    /// The names of the parameters of each signature; `?` behind one makes it optional, `...` repeats it.
    signatures: &'static [&'static [&'static str]],
    run: fn(&mut Call<'_>) -> Result<Answer, Fault>,
}

/// What a built-in function answers: a value, or how it goes on by invoking a function.
pub(crate) enum Answer {
    Value(Value),
    Native(Native),
}

impl From<Value> for Answer {
    fn from(value: Value) -> Answer {
        Answer::Value(value)
    }
}

impl Builtin {
    fn entry(self) -> &'static Entry {
        &table::TABLE[usize::from(self.0)]
    }

    /// The function of this name.
    pub(crate) fn named(name: &str) -> Option<Builtin> {
        let index = table::TABLE.iter().position(|entry| entry.name == name)?;
        u8::try_from(index).ok().map(Builtin)
    }

    /// The longest name of several words at the front of the tokens, with the count of its tokens.
    pub(crate) fn longest(source: &str, tokens: &[Token]) -> Option<(usize, &'static str)> {
        let text = |token: &Token| source.get(token.start as usize..token.end as usize).unwrap_or_default();
        let first = text(tokens.first()?);
        let mut best: Option<(usize, &'static str)> = None;
        for entry in table::TABLE {
            let Some(rest) = entry.name.strip_prefix(first).and_then(|rest| rest.strip_prefix(' ')) else {
                continue;
            };
            let words = rest.split(' ').count() + 1;
            let matches = rest.split(' ').eq(tokens.iter().skip(1).take(words - 1).map(text));
            if matches && best.is_none_or(|(length, _)| words > length) {
                best = Some((words, entry.name));
            }
        }
        best
    }

    /// The function as a value.
    pub(crate) fn value(self) -> Value {
        static VALUES: OnceLock<Vec<Arc<Function>>> = OnceLock::new();
        let values = VALUES.get_or_init(|| {
            let make = |(index, entry): (usize, &Entry)| {
                let names = entry.signatures.first().copied().unwrap_or_default();
                let parameter = |name: &&str| Parameter {
                    name: Arc::from(name.trim_end_matches(['?', '.'])),
                    type_text: None,
                };
                Arc::new(Function {
                    parameters: names.iter().map(parameter).collect(),
                    body: Body::Builtin(Builtin(index as u8)),
                    captured: Vec::new(),
                })
            };
            table::TABLE.iter().enumerate().map(make).collect()
        });
        Value::Function(values[usize::from(self.0)].clone())
    }

    /// Runs the function over its arguments.
    pub(crate) fn invoke(self, call: &mut Call<'_>) -> Result<Answer, Fault> {
        let entry = self.entry();
        let count = call.count();
        if !entry.signatures.iter().any(|signature| takes(signature, count)) {
            return Err(Fault::message(format!("{} does not take {count} arguments", entry.name)));
        }
        (entry.run)(call)
    }

    /// Named arguments in the order of the signature that has all these names; a missing one is null.
    pub(crate) fn arrange(self, names: &[Arc<str>], given: Vec<Value>) -> Result<Vec<Value>, Fault> {
        let entry = self.entry();
        let place = |signature: &[&str], name: &str| {
            signature.iter().position(|parameter| parameter.trim_end_matches(['?', '.']) == name)
        };
        let signature = entry
            .signatures
            .iter()
            .find(|signature| names.iter().all(|name| place(signature, name).is_some()))
            .ok_or_else(|| Fault::message(format!("{} has no parameters of these names", entry.name)))?;
        let required = signature.iter().filter(|name| !name.ends_with('?')).count();
        let mut arguments = vec![Value::NULL; required];
        for (name, value) in names.iter().zip(given) {
            let Some(index) = place(signature, name) else { continue };
            if index >= arguments.len() {
                arguments.resize(index + 1, Value::NULL);
            }
            arguments[index] = value;
        }
        Ok(arguments)
    }
}

fn takes(signature: &[&str], count: usize) -> bool {
    let required = signature.iter().filter(|name| !name.ends_with('?')).count();
    let repeats = signature.last().is_some_and(|name| name.ends_with("..."));
    count >= required && (repeats || count <= signature.len())
}
