//! Numeric functions, Table 76.

use rust_decimal::{MathematicalOps, RoundingStrategy};

use super::{Answer, Call};
use crate::trace::Fault;
use crate::value::{Number, Value};

const TOO_LARGE: &str = "the number is too large";

pub(super) fn decimal(call: &mut Call<'_>) -> Result<Answer, Fault> {
    round(call, RoundingStrategy::MidpointNearestEven)
}

pub(super) fn floor(call: &mut Call<'_>) -> Result<Answer, Fault> {
    round(call, RoundingStrategy::ToNegativeInfinity)
}

pub(super) fn ceiling(call: &mut Call<'_>) -> Result<Answer, Fault> {
    round(call, RoundingStrategy::ToPositiveInfinity)
}

pub(super) fn round_up(call: &mut Call<'_>) -> Result<Answer, Fault> {
    round(call, RoundingStrategy::AwayFromZero)
}

pub(super) fn round_down(call: &mut Call<'_>) -> Result<Answer, Fault> {
    round(call, RoundingStrategy::ToZero)
}

pub(super) fn round_half_up(call: &mut Call<'_>) -> Result<Answer, Fault> {
    round(call, RoundingStrategy::MidpointAwayFromZero)
}

pub(super) fn round_half_down(call: &mut Call<'_>) -> Result<Answer, Fault> {
    round(call, RoundingStrategy::MidpointTowardZero)
}

fn round(call: &mut Call<'_>, strategy: RoundingStrategy) -> Result<Answer, Fault> {
    let number = call.number(0)?;
    let scale = if call.count() > 1 { call.integer(1)? } else { 0 };
    if !(-6_111..=6_176).contains(&scale) {
        return Err(Fault::text("the scale is outside of -6111 to 6176"));
    }
    answer(number.rounded(scale, strategy))
}

fn answer(number: Option<Number>) -> Result<Answer, Fault> {
    number.map(|number| Value::Number(number).into()).ok_or(Fault::text(TOO_LARGE))
}

pub(super) fn abs(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let value = match call.value(0) {
        Value::YearMonthDuration(duration) => {
            Value::from(if duration.months() < 0 { duration.negated() } else { *duration })
        }
        Value::DayTimeDuration(duration) => {
            Value::from(if duration.nanos() < 0 { duration.negated() } else { **duration })
        }
        _ => Value::Number(call.number(0)?.abs()),
    };
    Ok(value.into())
}

pub(super) fn modulo(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let (dividend, divisor) = (call.number(0)?, call.number(1)?);
    if divisor.is_zero() {
        return Err(Fault::text("division by zero"));
    }
    answer(dividend.checked_modulo(divisor))
}

pub(super) fn sqrt(call: &mut Call<'_>) -> Result<Answer, Fault> {
    call.meter.steps(50)?;
    let root = call.number(0)?.to_decimal().sqrt();
    root.map(|root| Value::from(root).into()).ok_or(Fault::text("a negative number has no square root"))
}

pub(super) fn log(call: &mut Call<'_>) -> Result<Answer, Fault> {
    call.meter.steps(50)?;
    let logarithm = call.number(0)?.to_decimal().checked_ln();
    logarithm.map(|it| Value::from(it).into()).ok_or(Fault::text("only positive numbers have a logarithm"))
}

pub(super) fn exp(call: &mut Call<'_>) -> Result<Answer, Fault> {
    call.meter.steps(50)?;
    let number = call.number(0)?.to_decimal();
    // Below this the power is less than the smallest number.
    if number < rust_decimal::Decimal::from(-65) {
        return Ok(Value::Number(Number::ZERO).into());
    }
    let power = number.checked_exp_with_tolerance(rust_decimal::Decimal::new(1, 20));
    power.map(|it| Value::from(it).into()).ok_or(Fault::text(TOO_LARGE))
}

pub(super) fn odd(call: &mut Call<'_>) -> Result<Answer, Fault> {
    parity(call, Number::ONE)
}

pub(super) fn even(call: &mut Call<'_>) -> Result<Answer, Fault> {
    parity(call, Number::ZERO)
}

fn parity(call: &mut Call<'_>, wanted: Number) -> Result<Answer, Fault> {
    let rest = call.number(0)?.checked_modulo(&Number::from(2)).ok_or(Fault::text(TOO_LARGE))?;
    Ok(Value::Boolean(rest == wanted).into())
}
