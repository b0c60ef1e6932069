//! Sums and averages, Table 75.

use rust_decimal::MathematicalOps;

use super::{Answer, Call};
use crate::trace::Fault;
use crate::value::{Number, Value};

const EMPTY: &str = "the list is empty";
const TOO_LARGE: &str = "the number is too large";

pub(super) fn sum(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let numbers = call.numbers()?;
    if numbers.is_empty() {
        return Err(Fault::text(EMPTY));
    }
    Ok(Value::Number(total(&numbers)?).into())
}

pub(super) fn product(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let numbers = call.numbers()?;
    if numbers.is_empty() {
        return Err(Fault::text(EMPTY));
    }
    let product = numbers.iter().try_fold(Number::ONE, |product, number| product.checked_mul(number));
    product.map(|product| Value::Number(product).into()).ok_or(Fault::text(TOO_LARGE))
}

pub(super) fn mean(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let numbers = call.numbers()?;
    Ok(Value::Number(average(&numbers)?).into())
}

pub(super) fn median(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let mut numbers = call.numbers()?;
    numbers.sort_unstable();
    let middle = numbers.len() / 2;
    let around = if numbers.len() % 2 == 1 {
        &numbers[middle..=middle]
    } else {
        &numbers[middle.saturating_sub(1)..numbers.len().min(middle + 1)]
    };
    Ok(Value::Number(average(around)?).into())
}

/// The sample standard deviation.
pub(super) fn stddev(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let numbers = call.numbers()?;
    if numbers.len() < 2 {
        return Err(Fault::text("the list has less than two numbers"));
    }
    let mean = average(&numbers)?;
    let square = |number: &&Number| {
        let difference = number.checked_sub(&mean)?;
        difference.checked_mul(&difference)
    };
    let squares: Option<Vec<Number>> = numbers.iter().map(square).collect();
    let squares = squares.ok_or(Fault::text(TOO_LARGE))?;
    let sum = total(&squares.iter().collect::<Vec<_>>())?;
    let variance = sum.checked_div(&Number::from(numbers.len() - 1)).ok_or(Fault::text(TOO_LARGE))?;
    let deviation = variance.to_decimal().sqrt().ok_or(Fault::text(TOO_LARGE))?;
    Ok(Value::from(deviation).into())
}

pub(super) fn mode(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let mut numbers = call.numbers()?;
    numbers.sort_unstable();
    let runs: Vec<&[&Number]> = numbers.chunk_by(|left, right| left == right).collect();
    let longest = runs.iter().map(|run| run.len()).max().unwrap_or(0);
    let modes = runs.iter().filter(|run| run.len() == longest);
    let modes = modes.filter_map(|run| run.first()).map(|number| Value::Number((*number).clone())).collect();
    Ok(call.meter.list(modes)?.into())
}

fn total(numbers: &[&Number]) -> Result<Number, Fault> {
    let sum = numbers.iter().try_fold(Number::ZERO, |sum, number| sum.checked_add(number));
    sum.ok_or(Fault::text(TOO_LARGE))
}

fn average(numbers: &[&Number]) -> Result<Number, Fault> {
    if numbers.is_empty() {
        return Err(Fault::text(EMPTY));
    }
    total(numbers)?.checked_div(&Number::from(numbers.len())).ok_or(Fault::text(TOO_LARGE))
}
