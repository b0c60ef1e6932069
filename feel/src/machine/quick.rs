//! The short way for conditions: no stack, no locals, and the full machine for all that is unusual.
//!
//! It gives up by answering none, before anything was observable; then the machine starts afresh.

use crate::builtin::{Answer, Builtin, Call};
use crate::env::Env;
use crate::meter::Meter;
use crate::program::{Code, Op, Operand, Place};
use crate::syntax::{Arithmetic, Comparison};
use crate::value::{Number, Value};

/// The accumulator: what it holds is borrowed as long as possible.
enum Acc<'v> {
    Boolean(bool),
    Number(Number),
    Value(&'v Value),
    Owned(Value),
}

/// Whether all operations are among those of the short way.
pub(crate) fn is_quick(ops: &[Op]) -> bool {
    ops.iter().all(|op| {
        matches!(
            op,
            Op::Load(_)
                | Op::CompareOf(..)
                | Op::CompareWith(..)
                | Op::ArithmeticOf(..)
                | Op::ArithmeticWith(..)
                | Op::PathOf(..)
                | Op::TestIntervalOf(..)
                | Op::CallOf(..)
                | Op::AndLeft(_)
                | Op::AndRight
                | Op::OrLeft(_)
                | Op::OrRight
                | Op::Jump(_)
                | Op::JumpUnlessTrue(_)
                | Op::Not
                | Op::Return
        )
    })
}

/// The value of the expression, unless it takes something unusual to find it.
pub(super) fn quick(code: &Code, frame: &[Value], env: &Env) -> Option<Value> {
    let ops = &code.chunks.last()?.ops;
    // Without jumps backwards, no more steps are taken than there are operations.
    if env.limits.fuel < ops.len() as u64 {
        return None;
    }
    let get = |operand: Operand| match operand.place() {
        Place::Constant(index) => code.constants.get(index),
        Place::Slot(index) => frame.get(index),
        Place::Local(_) | Place::Captured(_) => None,
    };
    let mut acc = Acc::Boolean(false);
    let mut pc = 0;
    loop {
        let op = ops.get(pc)?;
        pc += 1;
        match *op {
            Op::CompareOf(operator, left, right) => {
                acc = Acc::Boolean(compare(operator, get(left)?, get(right)?)?);
            }
            Op::CompareWith(operator, right) => {
                let right = get(right)?;
                acc = Acc::Boolean(match (&acc, right) {
                    (Acc::Value(left), _) => compare(operator, left, right)?,
                    (Acc::Owned(left), _) => compare(operator, left, right)?,
                    (Acc::Number(left), Value::Number(right)) => numbers(operator, left, right),
                    _ => return None,
                });
            }
            Op::Load(operand) => acc = Acc::Value(get(operand)?),
            Op::PathOf(base, name) => {
                let context = get(base)?.as_context()?;
                acc = Acc::Value(context.get(code.texts.get(name as usize)?)?);
            }
            Op::AndLeft(target) => {
                if !acc.truth()? {
                    acc = Acc::Boolean(false);
                    pc = target as usize;
                }
            }
            Op::OrLeft(target) => {
                if acc.truth()? {
                    acc = Acc::Boolean(true);
                    pc = target as usize;
                }
            }
            Op::AndRight | Op::OrRight => acc = Acc::Boolean(acc.truth()?),
            Op::Not => acc = Acc::Boolean(!acc.truth()?),
            Op::Jump(target) => pc = target as usize,
            Op::JumpUnlessTrue(target) => {
                if !acc.truth()? {
                    pc = target as usize;
                }
            }
            Op::ArithmeticOf(operator, left, right) => {
                acc = Acc::Number(arithmetic(operator, get(left)?.as_number()?, get(right)?.as_number()?)?);
            }
            Op::ArithmeticWith(operator, right) => {
                let right = get(right)?.as_number()?;
                acc = Acc::Number(match &acc {
                    Acc::Number(left) => arithmetic(operator, left, right)?,
                    Acc::Value(left) => arithmetic(operator, left.as_number()?, right)?,
                    Acc::Owned(left) => arithmetic(operator, left.as_number()?, right)?,
                    Acc::Boolean(_) => return None,
                });
            }
            Op::TestIntervalOf(ends, value, low, high) => {
                let value = get(value)?.as_number()?;
                let (low, high) = (get(low)?.as_number()?, get(high)?.as_number()?);
                let above = if ends.low_included { value >= low } else { value > low };
                let below = if ends.high_included { value <= high } else { value < high };
                acc = Acc::Boolean(above && below);
            }
            Op::CallOf(builtin, count, first, second) => {
                acc = Acc::Owned(invoke(builtin, count, [get(first)?, get(second)?], env)?);
            }
            Op::Return => {
                return match acc {
                    Acc::Owned(value) => Some(value),
                    Acc::Boolean(value) => Some(Value::Boolean(value)),
                    Acc::Number(number) => Some(Value::Number(number)),
                    Acc::Value(value) => Some(value.clone()),
                };
            }
            _ => return None,
        }
    }
}

impl Acc<'_> {
    fn truth(&self) -> Option<bool> {
        match self {
            Acc::Boolean(value) => Some(*value),
            Acc::Value(value) => value.as_bool(),
            Acc::Owned(value) => value.as_bool(),
            Acc::Number(_) => None,
        }
    }
}

/// The answer of a built-in function, when it has one.
fn invoke(builtin: Builtin, count: u8, [first, second]: [&Value; 2], env: &Env) -> Option<Value> {
    let mut meter = Meter::new(env.limits);
    let answer = if count == 1 {
        builtin.invoke(&mut Call::new(std::slice::from_ref(first), &mut meter, env))
    } else {
        builtin.invoke(&mut Call::new(&[first.clone(), second.clone()], &mut meter, env))
    };
    match answer {
        Ok(Answer::Value(value)) => Some(value),
        Ok(Answer::Native(_)) | Err(_) => None,
    }
}

#[inline]
fn compare(operator: Comparison, left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(numbers(operator, left, right)),
        (Value::String(left), Value::String(right)) => match operator {
            Comparison::Equal => Some(left == right),
            Comparison::NotEqual => Some(left != right),
            Comparison::Less | Comparison::LessEqual | Comparison::Greater | Comparison::GreaterEqual => None,
        },
        (Value::Boolean(left), Value::Boolean(right)) => match operator {
            Comparison::Equal => Some(left == right),
            Comparison::NotEqual => Some(left != right),
            Comparison::Less | Comparison::LessEqual | Comparison::Greater | Comparison::GreaterEqual => None,
        },
        _ => None,
    }
}

#[inline]
fn numbers(operator: Comparison, left: &Number, right: &Number) -> bool {
    match operator {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterEqual => left >= right,
    }
}

#[inline]
fn arithmetic(operator: Arithmetic, left: &Number, right: &Number) -> Option<Number> {
    match operator {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide | Arithmetic::Power => None,
    }
}
