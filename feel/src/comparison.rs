//! FEEL's equality and order, Tables 52 to 54: three-valued, without recursion.

use std::cmp::Ordering;

use crate::error::EvalError;
use crate::meter::Meter;
use crate::syntax::Comparison;
use crate::trace::{Cause, Fault};
use crate::value::{Date, DateTime, Range, Time, Value};

/// The result of a comparison, or why there is none.
#[inline]
pub(crate) fn compare(
    operator: Comparison,
    left: &Value,
    right: &Value,
    meter: &mut Meter,
) -> Result<bool, Fault> {
    if let (Value::Number(left), Value::Number(right)) = (left, right) {
        return Ok(match operator {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterEqual => left >= right,
        });
    }
    compare_any(operator, left, right, meter)
}

fn compare_any(operator: Comparison, left: &Value, right: &Value, meter: &mut Meter) -> Result<bool, Fault> {
    if let Comparison::Equal | Comparison::NotEqual = operator {
        return match equal(left, right, meter)? {
            Some(result) => Ok(result == (operator == Comparison::Equal)),
            None => Err(Cause::Types("=", left.type_name(), right.type_name()).into()),
        };
    }
    let Some(ordering) = order(left, right) else { return Err(no_order(operator, left, right)) };
    Ok(match operator {
        Comparison::Less => ordering == Ordering::Less,
        Comparison::LessEqual => ordering != Ordering::Greater,
        Comparison::Greater => ordering == Ordering::Greater,
        Comparison::GreaterEqual => ordering != Ordering::Less,
        Comparison::Equal | Comparison::NotEqual => false,
    })
}

fn no_order(operator: Comparison, left: &Value, right: &Value) -> Fault {
    if left.is_null() {
        return Fault::LeftIsNull;
    }
    if right.is_null() {
        return Fault::RightIsNull;
    }
    let symbol = match operator {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
    };
    Cause::Types(symbol, left.type_name(), right.type_name()).into()
}

/// The order of two values, when their type has one and it is the same.
pub(crate) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::String(left), Value::String(right)) => Some(left.as_str().cmp(right.as_str())),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => Some(order_times(left, right)),
        (Value::DateTime(left), Value::DateTime(right)) => Some(order_date_times(left, right)),
        (Value::Date(left), Value::DateTime(right)) => Some(order_date_times(&midnight(*left), right)),
        (Value::DateTime(left), Value::Date(right)) => Some(order_date_times(left, &midnight(*right))),
        (Value::YearMonthDuration(left), Value::YearMonthDuration(right)) => Some(left.cmp(right)),
        (Value::DayTimeDuration(left), Value::DayTimeDuration(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// A date stands for midnight in UTC where a date and time is needed (10.3.2.3.5).
pub(crate) fn midnight(date: Date) -> DateTime {
    DateTime::new(date, Time::from_nanos(0, Some(crate::value::Zone::UTC)))
}

/// Values of time are compared by the millisecond, as the values of XML Schema are.
const UNIT: i128 = 1_000_000;

/// A time without an offset takes that of the other one (Table 54).
fn order_times(left: &Time, right: &Time) -> Ordering {
    let (left_offset, right_offset) = match (left.offset(), right.offset()) {
        (Some(left), Some(right)) => (left, right),
        (None, _) | (_, None) => (0, 0),
    };
    let utc = |time: &Time, offset: i32| {
        (i128::from(time.nanos()) - i128::from(offset) * 1_000_000_000).div_euclid(UNIT)
    };
    utc(left, left_offset).cmp(&utc(right, right_offset))
}

fn order_date_times(left: &DateTime, right: &DateTime) -> Ordering {
    let (left, right) = match (left.epoch_nanos(), right.epoch_nanos()) {
        (Some(left), Some(right)) => (left, right),
        (None, _) | (_, None) => (left.local_nanos(), right.local_nanos()),
    };
    left.div_euclid(UNIT).cmp(&right.div_euclid(UNIT))
}

/// Whether two values are equal; none when they are of different types.
pub(crate) fn equal(left: &Value, right: &Value, meter: &mut Meter) -> Result<Option<bool>, EvalError> {
    let mut pending = Vec::new();
    let mut known = true;
    match equal_step(left, right, &mut pending) {
        Some(true) => {}
        other => return Ok(other),
    }
    while let Some((left, right)) = pending.pop() {
        meter.step()?;
        match equal_step(left, right, &mut pending) {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => known = false,
        }
    }
    Ok(known.then_some(true))
}

/// Compares two values, leaving what is inside of lists and contexts to the queue.
fn equal_step<'v>(
    left: &'v Value,
    right: &'v Value,
    pending: &mut Vec<(&'v Value, &'v Value)>,
) -> Option<bool> {
    match (left, right) {
        (Value::Null(_), _) | (_, Value::Null(_)) => Some(left.is_null() && right.is_null()),
        (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
        (Value::Number(left), Value::Number(right)) => Some(left == right),
        (Value::String(left), Value::String(right)) => Some(left == right),
        (Value::Date(left), Value::Date(right)) => Some(left == right),
        (Value::Time(left), Value::Time(right)) => {
            let alike = left.zone().is_some() == right.zone().is_some();
            Some(alike && order_times(left, right).is_eq())
        }
        (Value::DateTime(left), Value::DateTime(right)) => {
            let alike = left.time.zone().is_some() == right.time.zone().is_some();
            Some(alike && order_date_times(left, right).is_eq())
        }
        (Value::YearMonthDuration(left), Value::YearMonthDuration(right)) => Some(left == right),
        (Value::DayTimeDuration(left), Value::DayTimeDuration(right)) => Some(left == right),
        (Value::List(left), Value::List(right)) => {
            pending.extend(left.iter().zip(right.iter()));
            Some(left.len() == right.len())
        }
        (Value::Context(left), Value::Context(right)) => {
            for (name, value) in left.iter() {
                let Some(other) = right.get(name) else { return Some(false) };
                pending.push((value, other));
            }
            Some(left.len() == right.len())
        }
        (Value::Range(left), Value::Range(right)) => equal_ranges(left, right, pending),
        (Value::Function(left), Value::Function(right)) => Some(left.is_same(right)),
        _ => None,
    }
}

fn equal_ranges<'v>(
    left: &'v Range,
    right: &'v Range,
    pending: &mut Vec<(&'v Value, &'v Value)>,
) -> Option<bool> {
    for (left, right) in [(&left.low, &right.low), (&left.high, &right.high)] {
        match (left, right) {
            (Some(left), Some(right)) => pending.push((left, right)),
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => return Some(false),
        }
    }
    Some(left.low_included == right.low_included && left.high_included == right.high_included)
}

/// Whether a range includes a value; none when they cannot be compared.
pub(crate) fn includes(range: &Range, value: &Value) -> Option<bool> {
    let above = match &range.low {
        Some(low) => {
            let ordering = order(low, value)?;
            ordering == Ordering::Less || range.low_included && ordering == Ordering::Equal
        }
        None => true,
    };
    let below = match &range.high {
        Some(high) => {
            let ordering = order(value, high)?;
            ordering == Ordering::Less || range.high_included && ordering == Ordering::Equal
        }
        None => true,
    };
    Some(above && below)
}

/// `value in tests` for a test that is a value: a range includes it, a list has it or a test that
/// it satisfies, anything else equals it.
pub(crate) fn member(value: &Value, test: &Value, meter: &mut Meter) -> Result<Option<bool>, EvalError> {
    match test {
        Value::Range(range) => Ok(if matches!(value, Value::Range(_)) {
            equal(value, test, meter)?
        } else {
            includes(range, value)
        }),
        Value::List(list) => {
            if let Value::List(_) = value
                && equal(value, test, meter)? == Some(true)
            {
                return Ok(Some(true));
            }
            for item in list {
                meter.step()?;
                let found = match item {
                    Value::Range(range) if !matches!(value, Value::Range(_)) => includes(range, value),
                    _ => equal(value, item, meter)?,
                };
                if found == Some(true) {
                    return Ok(Some(true));
                }
            }
            Ok(Some(false))
        }
        Value::Null(_)
        | Value::Boolean(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::DateTime(_)
        | Value::YearMonthDuration(_)
        | Value::DayTimeDuration(_)
        | Value::Context(_)
        | Value::Function(_) => equal(value, test, meter),
    }
}
