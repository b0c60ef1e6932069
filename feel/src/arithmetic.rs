//! FEEL's arithmetic, Tables 56 to 62: exact decimals, and the time line.

use rust_decimal::{Decimal, MathematicalOps};

use crate::comparison::midnight;
use crate::meter::Meter;
use crate::syntax::Arithmetic;
use crate::trace::{Cause, Fault};
use crate::value::{Date, DateTime, DayTimeDuration, Number, Time, Value, YearMonthDuration};

/// The result of an operation, or why there is none.
#[inline]
pub(crate) fn arithmetic(
    operator: Arithmetic,
    left: &Value,
    right: &Value,
    meter: &mut Meter,
) -> Result<Value, Fault> {
    if let (Value::Number(left), Value::Number(right)) = (left, right) {
        if operator == Arithmetic::Power {
            meter.steps(50)?;
        }
        return numbers(operator, left, right);
    }
    if left.is_null() {
        return Err(Fault::LeftIsNull);
    }
    if right.is_null() {
        return Err(Fault::RightIsNull);
    }
    let result = match operator {
        Arithmetic::Add => add(left, right, meter)?,
        Arithmetic::Subtract => subtract(left, right)?,
        Arithmetic::Multiply => multiply(left, right)?,
        Arithmetic::Divide => divide(left, right)?,
        Arithmetic::Power => None,
    };
    result.ok_or_else(|| {
        let symbol = match operator {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Power => "**",
        };
        Cause::Types(symbol, left.type_name(), right.type_name()).into()
    })
}

fn numbers(operator: Arithmetic, left: &Number, right: &Number) -> Result<Value, Fault> {
    let result = match operator {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide if right.is_zero() => return Err(Fault::text("division by zero")),
        Arithmetic::Divide => left.checked_div(right),
        Arithmetic::Power if left.is_negative() && !right.is_integer() => {
            return Err(Fault::text("a negative number has no fractional power"));
        }
        Arithmetic::Power => power(left, right),
    };
    result.map(Value::Number).ok_or(Fault::text("the number is too large"))
}

/// Whole exponents exactly as far as the digits go, others through the logarithm.
fn power(base: &Number, exponent: &Number) -> Option<Number> {
    let Some(whole) = exponent.to_i64() else {
        if *exponent == Number::HALF {
            return base.to_decimal().sqrt().map(Number::from);
        }
        let power = base.to_decimal().checked_powd(exponent.to_decimal()).map(Number::from);
        // What is smaller than every number rounds to zero.
        let shrinks = (*base < Number::ONE) != exponent.is_negative();
        return power.or(shrinks.then_some(Number::ZERO));
    };
    if whole < 0 {
        let inverse = match whole_power(base, whole.unsigned_abs()) {
            Some(power) => Number::ONE.checked_div(&power)?,
            // What is larger than every number has an inverse that rounds to zero.
            None => Number::ZERO,
        };
        return Some(inverse);
    }
    whole_power(base, whole.unsigned_abs())
}

fn whole_power(base: &Number, mut exponent: u64) -> Option<Number> {
    let mut result = Number::ONE;
    let mut square = base.clone();
    loop {
        if exponent & 1 == 1 {
            result = result.checked_mul(&square)?;
        }
        exponent >>= 1;
        if exponent == 0 {
            return Some(result);
        }
        square = square.checked_mul(&square)?;
    }
}

/// The value with the other sign.
pub(crate) fn negate(value: &Value) -> Result<Value, Fault> {
    match value {
        Value::Number(number) => Ok(Value::Number(number.negated())),
        Value::YearMonthDuration(duration) => Ok(Value::from(duration.negated())),
        Value::DayTimeDuration(duration) => Ok(Value::from(duration.negated())),
        Value::Null(_) => Err(Fault::LeftIsNull),
        Value::Boolean(_)
        | Value::String(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::DateTime(_)
        | Value::List(_)
        | Value::Context(_)
        | Value::Range(_)
        | Value::Function(_) => Err(Fault::message(format!("a {} has no negative", value.type_name()))),
    }
}

fn add(left: &Value, right: &Value, meter: &mut Meter) -> Result<Option<Value>, Fault> {
    let sum = match (left, right) {
        (Value::String(left), Value::String(right)) => {
            let mut text = String::with_capacity(left.len() + right.len());
            text.push_str(left);
            text.push_str(right);
            return Ok(Some(meter.text(text)?));
        }
        (Value::YearMonthDuration(left), Value::YearMonthDuration(right)) => {
            months(left.months().checked_add(right.months()))
        }
        (Value::DayTimeDuration(left), Value::DayTimeDuration(right)) => {
            nanos(left.nanos().checked_add(right.nanos()))
        }
        (point, Value::YearMonthDuration(by)) | (Value::YearMonthDuration(by), point) => {
            return move_months(point, *by);
        }
        (point, Value::DayTimeDuration(by)) | (Value::DayTimeDuration(by), point) => {
            return move_nanos(point, **by);
        }
        _ => return Ok(None),
    };
    sum.map(Some)
}

fn subtract(left: &Value, right: &Value) -> Result<Option<Value>, Fault> {
    let difference = match (left, right) {
        (Value::YearMonthDuration(left), Value::YearMonthDuration(right)) => {
            months(left.months().checked_sub(right.months()))
        }
        (Value::DayTimeDuration(left), Value::DayTimeDuration(right)) => {
            nanos(left.nanos().checked_sub(right.nanos()))
        }
        (point, Value::YearMonthDuration(by)) => return move_months(point, by.negated()),
        (point, Value::DayTimeDuration(by)) => return move_nanos(point, by.negated()),
        (Value::Time(left), Value::Time(right)) => between_times(left, right),
        _ => match (date_time_of(left), date_time_of(right)) {
            (Some(left), Some(right)) => between_date_times(&left, &right),
            _ => return Ok(None),
        },
    };
    difference.map(Some)
}

fn date_time_of(value: &Value) -> Option<DateTime> {
    match value {
        Value::Date(date) => Some(midnight(*date)),
        Value::DateTime(at) => Some(**at),
        _ => None,
    }
}

fn between_times(left: &Time, right: &Time) -> Result<Value, Fault> {
    let (left_offset, right_offset) = match (left.offset(), right.offset()) {
        (Some(left), Some(right)) => (left, right),
        (None, None) => (0, 0),
        _ => return Err(Fault::text("only one of the two has a time zone")),
    };
    let utc = |time: &Time, offset: i32| i128::from(time.nanos()) - i128::from(offset) * 1_000_000_000;
    nanos(Some(utc(left, left_offset) - utc(right, right_offset)))
}

fn between_date_times(left: &DateTime, right: &DateTime) -> Result<Value, Fault> {
    match (left.epoch_nanos(), right.epoch_nanos()) {
        (Some(left), Some(right)) => nanos(left.checked_sub(right)),
        (None, None) => nanos(left.local_nanos().checked_sub(right.local_nanos())),
        _ => Err(Fault::text("only one of the two has a time zone")),
    }
}

fn move_months(point: &Value, by: YearMonthDuration) -> Result<Option<Value>, Fault> {
    let moved = match point {
        Value::Date(date) => date.checked_add_months(by).map(Value::from),
        Value::DateTime(at) => at.checked_add_months(by).map(Value::from),
        _ => return Ok(None),
    };
    moved.map(Some).ok_or(Fault::text("the date is out of range"))
}

fn move_nanos(point: &Value, by: DayTimeDuration) -> Result<Option<Value>, Fault> {
    let moved = match point {
        Value::Date(date) => move_date(*date, by).map(Value::from),
        Value::DateTime(at) => at.checked_add(by).map(Value::from),
        Value::Time(time) => {
            let day = i128::from(86_400_000_000_000_i64);
            let nanos = (i128::from(time.nanos()) + by.nanos().rem_euclid(day)).rem_euclid(day);
            Some(Value::from(Time::from_nanos(nanos as i64, time.zone())))
        }
        _ => return Ok(None),
    };
    moved.map(Some).ok_or(Fault::text("the date is out of range"))
}

fn move_date(date: Date, by: DayTimeDuration) -> Option<Date> {
    let moved = midnight(date).local_nanos().checked_add(by.nanos())?;
    DateTime::from_local_nanos(moved, None).map(|at| at.date)
}

fn multiply(left: &Value, right: &Value) -> Result<Option<Value>, Fault> {
    match (left, right) {
        (Value::YearMonthDuration(duration), Value::Number(by))
        | (Value::Number(by), Value::YearMonthDuration(duration)) => {
            let product = Number::from(duration.months()).checked_mul(by);
            months(product.and_then(|product| product.truncated_i64())).map(Some)
        }
        (Value::DayTimeDuration(duration), Value::Number(by))
        | (Value::Number(by), Value::DayTimeDuration(duration)) => {
            scaled(duration, |seconds| seconds.checked_mul(by.to_decimal())).map(Some)
        }
        _ => Ok(None),
    }
}

fn divide(left: &Value, right: &Value) -> Result<Option<Value>, Fault> {
    let zero = || Fault::text("division by zero");
    match (left, right) {
        (Value::YearMonthDuration(_) | Value::DayTimeDuration(_), Value::Number(by)) if by.is_zero() => {
            Err(zero())
        }
        (Value::YearMonthDuration(duration), Value::Number(by)) => {
            let quotient = Number::from(duration.months()).checked_div(by);
            months(quotient.and_then(|quotient| quotient.truncated_i64())).map(Some)
        }
        (Value::DayTimeDuration(duration), Value::Number(by)) => {
            scaled(duration, |seconds| seconds.checked_div(by.to_decimal())).map(Some)
        }
        (Value::YearMonthDuration(left), Value::YearMonthDuration(right)) => {
            if right.months() == 0 {
                return Err(zero());
            }
            let quotient = Number::from(left.months()).checked_div(&Number::from(right.months()));
            Ok(quotient.map(Value::Number))
        }
        (Value::DayTimeDuration(left), Value::DayTimeDuration(right)) => {
            if right.nanos() == 0 {
                return Err(zero());
            }
            let quotient =
                seconds(left).zip(seconds(right)).and_then(|(left, right)| left.checked_div(right));
            quotient.map(|quotient| Some(Value::from(quotient))).ok_or(Fault::text("the number is too large"))
        }
        _ => Ok(None),
    }
}

fn seconds(duration: &DayTimeDuration) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(duration.nanos(), 9).ok()
}

fn scaled(duration: &DayTimeDuration, by: impl FnOnce(Decimal) -> Option<Decimal>) -> Result<Value, Fault> {
    let scaled = seconds(duration).and_then(by).and_then(|seconds| {
        let mut seconds = seconds.round_dp(9);
        seconds.rescale(9);
        (seconds.scale() == 9).then(|| seconds.mantissa())
    });
    nanos(scaled)
}

fn months(months: Option<i64>) -> Result<Value, Fault> {
    let duration = months.and_then(YearMonthDuration::from_months);
    duration.map(Value::from).ok_or(Fault::text("the duration is out of range"))
}

fn nanos(nanos: Option<i128>) -> Result<Value, Fault> {
    let duration = nanos.and_then(DayTimeDuration::from_nanos);
    duration.map(Value::from).ok_or(Fault::text("the duration is out of range"))
}
