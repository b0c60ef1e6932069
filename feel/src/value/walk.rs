//! Visiting a nested value step by step, without recursion.

use std::sync::Arc;

use super::{Context, List, Range, Value};

/// One step of the way through a value, in the order in which it is written.
pub(crate) enum Step<'v> {
    /// A value without inner values.
    Scalar(&'v Value),
    /// A list begins; so many items follow, then `Close`.
    List(&'v List),
    /// A context begins; its entries follow, each a `Name` and a value, then `Close`.
    Context(&'v Context),
    /// A range begins; the ends that it has follow, then `Close`.
    Range(&'v Range),
    /// The name of the entry whose value follows.
    Name(&'v Arc<str>),
    /// The innermost open value ends.
    Close(&'v Value),
}

/// Yields the steps of a value.
pub(crate) struct Walk<'v> {
    next: Option<&'v Value>,
    open: Vec<Open<'v>>,
}

struct Open<'v> {
    value: &'v Value,
    index: usize,
}

impl<'v> Walk<'v> {
    pub(crate) fn new(value: &'v Value) -> Walk<'v> {
        Walk { next: Some(value), open: Vec::new() }
    }

    fn enter(&mut self, value: &'v Value) -> Step<'v> {
        let step = match value {
            Value::List(list) => Step::List(list),
            Value::Context(context) => Step::Context(context),
            Value::Range(range) => Step::Range(range),
            Value::Null(_)
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::YearMonthDuration(_)
            | Value::DayTimeDuration(_)
            | Value::Function(_) => return Step::Scalar(value),
        };
        self.open.push(Open { value, index: 0 });
        step
    }
}

impl<'v> Iterator for Walk<'v> {
    type Item = Step<'v>;

    fn next(&mut self) -> Option<Step<'v>> {
        if let Some(value) = self.next.take() {
            return Some(self.enter(value));
        }
        let open = self.open.last_mut()?;
        let index = open.index;
        open.index += 1;
        let inner = match open.value {
            Value::List(list) => list.as_slice().get(index),
            Value::Context(context) => {
                if let Some((name, value)) = context.entry_at(index) {
                    self.next = Some(value);
                    return Some(Step::Name(name));
                }
                None
            }
            Value::Range(range) => range.low.iter().chain(&range.high).nth(index),
            Value::Null(_)
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::YearMonthDuration(_)
            | Value::DayTimeDuration(_)
            | Value::Function(_) => None,
        };
        match inner {
            Some(value) => Some(self.enter(value)),
            None => self.open.pop().map(|open| Step::Close(open.value)),
        }
    }
}
