//! Dropping nested values without using the stack.

use super::Value;

/// Drops values level by level: what is not shared gives its inner values to the same queue.
pub(super) fn dismantle(mut pending: Vec<Value>) {
    while let Some(mut value) = pending.pop() {
        match &mut value {
            Value::List(list) => pending.append(&mut list.take_unshared()),
            Value::Context(context) => pending.append(&mut context.take_unshared()),
            // The ends of a range are scalars, and a function's values are bounded where it is made.
            Value::Null(_)
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::YearMonthDuration(_)
            | Value::DayTimeDuration(_)
            | Value::Range(_)
            | Value::Function(_) => {}
        }
    }
}
