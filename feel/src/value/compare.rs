//! Structural equality of values, without recursion.

use std::sync::Arc;

use super::Value;

/// Structural equality: numbers by value, contexts without order, nulls without their reasons;
/// dates and times by their fields. FEEL's own `=` is another, three-valued relation.
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        let mut pending = Vec::new();
        if !is_equal(self, other, &mut pending) {
            return false;
        }
        while let Some((left, right)) = pending.pop() {
            if !is_equal(left, right, &mut pending) {
                return false;
            }
        }
        true
    }
}

impl Eq for Value {}

/// Compares two values, leaving what is inside of lists and contexts to the queue.
fn is_equal<'v>(left: &'v Value, right: &'v Value, pending: &mut Vec<(&'v Value, &'v Value)>) -> bool {
    match (left, right) {
        (Value::Null(_), Value::Null(_)) => true,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Date(left), Value::Date(right)) => left == right,
        (Value::Time(left), Value::Time(right)) => left == right,
        (Value::DateTime(left), Value::DateTime(right)) => left == right,
        (Value::YearMonthDuration(left), Value::YearMonthDuration(right)) => left == right,
        (Value::DayTimeDuration(left), Value::DayTimeDuration(right)) => left == right,
        (Value::List(left), Value::List(right)) => {
            if left.is_same(right) {
                return true;
            }
            pending.extend(left.iter().zip(right.iter()));
            left.len() == right.len()
        }
        (Value::Context(left), Value::Context(right)) => {
            if left.is_same(right) {
                return true;
            }
            for (name, value) in left.iter() {
                let Some(other) = right.get(name) else { return false };
                pending.push((value, other));
            }
            left.len() == right.len()
        }
        (Value::Range(left), Value::Range(right)) => {
            let ends = [(&left.low, &right.low), (&left.high, &right.high)];
            for (left, right) in ends {
                match (left, right) {
                    (Some(left), Some(right)) => pending.push((left, right)),
                    (None, None) => {}
                    (Some(_), None) | (None, Some(_)) => return false,
                }
            }
            left.low_included == right.low_included && left.high_included == right.high_included
        }
        (Value::Function(left), Value::Function(right)) => Arc::ptr_eq(left, right),
        (
            Value::Null(_)
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::YearMonthDuration(_)
            | Value::DayTimeDuration(_)
            | Value::List(_)
            | Value::Context(_)
            | Value::Range(_)
            | Value::Function(_),
            _,
        ) => false,
    }
}

impl PartialEq for super::List {
    fn eq(&self, other: &super::List) -> bool {
        Value::List(self.clone()) == Value::List(other.clone())
    }
}

impl PartialEq for super::Context {
    fn eq(&self, other: &super::Context) -> bool {
        Value::Context(self.clone()) == Value::Context(other.clone())
    }
}
