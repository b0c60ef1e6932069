//! Conditions as host functions: the language `peer`, in which a comparison of one variable becomes a closure.

use std::sync::Arc;
use tokenflow::expression::{Evaluator, HostExpression};
use tokenflow_feel::Value;

/// Compiles `name < 10` and the like; the comparisons are `<`, `<=`, `>`, `>=`, `=`, `==` and `!=`.
pub struct PeerLanguage;

struct Comparison {
    names: [Arc<str>; 1],
    holds: Box<dyn Fn(i64) -> bool + Send + Sync>,
}

impl HostExpression for Comparison {
    fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    fn eval(&self, values: &[Value]) -> Result<Value, String> {
        let number = values.first().and_then(Value::as_number).and_then(|number| number.to_i64());
        match number {
            Some(number) => Ok(Value::from((self.holds)(number))),
            None => Err(format!("`{}` is no whole number", self.names[0])),
        }
    }
}

impl Evaluator for PeerLanguage {
    fn compile(&self, language: &str, text: &str) -> Option<Result<Arc<dyn HostExpression>, String>> {
        if language != "peer" {
            return None;
        }
        let compiled = comparison(text).ok_or_else(|| format!("`{text}` is no comparison with a number"));
        Some(compiled.map(|comparison| Arc::new(comparison) as Arc<dyn HostExpression>))
    }
}

fn comparison(text: &str) -> Option<Comparison> {
    let operator = text.find(['<', '>', '=', '!'])?;
    let (name, rest) = text.split_at(operator);
    let length = rest.len() - rest.trim_start_matches(['<', '>', '=', '!']).len();
    let (operator, bound) = rest.split_at(length);
    let bound: i64 = bound.trim().parse().ok()?;
    let holds: Box<dyn Fn(i64) -> bool + Send + Sync> = match operator {
        "<" => Box::new(move |value| value < bound),
        "<=" => Box::new(move |value| value <= bound),
        ">" => Box::new(move |value| value > bound),
        ">=" => Box::new(move |value| value >= bound),
        "=" | "==" => Box::new(move |value| value == bound),
        "!=" => Box::new(move |value| value != bound),
        _ => return None,
    };
    Some(Comparison { names: [Arc::from(name.trim())], holds })
}
