//! The operations that make values and never jump.

use std::sync::Arc;

use super::{Here, Machine};
use crate::arithmetic::negate;
use crate::comparison::{compare, member, order};
use crate::error::EvalError;
use crate::program::{Capture, Closure, Code, Ends, Op, Operand};
use crate::syntax::Comparison;
use crate::trace::{Cause, Fault};
use crate::value::{Body, Context, Function, Range, Value};

impl Machine<'_> {
    /// The operations that make values and never jump; apart from the loop, so that the loop stays small.
    pub(super) fn build(&mut self, op: Op, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let code: &Code = here.code;
        match op {
            Op::LoadOr(operand, builtin) => {
                let value = self.data.get(operand, code);
                self.acc = if value.is_null() { builtin.value() } else { value.clone() };
            }
            Op::LoadFunction(operand, builtin) => {
                let value = self.data.get(operand, code);
                self.acc = match value {
                    Value::Function(_) => value.clone(),
                    _ => builtin.value(),
                };
            }
            Op::LoadSelf => {
                self.acc = self.data.function.clone().map_or(Value::NULL, Value::Function);
            }
            Op::Negate => {
                let result = negate(&self.acc);
                self.settle(result, here, pc, [None, None])?;
            }
            Op::Not => match self.acc {
                Value::Boolean(value) => self.acc = Value::Boolean(!value),
                _ => {
                    self.acc = std::mem::take(&mut self.acc).into_null(|| self.trace(here, pc, "no boolean"))
                }
            },
            Op::Between => self.between(here, pc)?,
            Op::TestCompare(operator, value) => {
                let result = compare(operator, self.data.get(value, code), &self.acc, &mut self.meter);
                self.settle_truth(result, here, pc, [Some(value), None])?;
            }
            Op::TestMember(value) => self.test_member(value, here, pc)?,
            Op::TestTruth(_) if matches!(self.acc, Value::Boolean(_)) => {}
            Op::TestTruth(value) => self.test_member(value, here, pc)?,
            Op::TestIntervalOf(ends, value, low, high) => {
                let value = self.data.get(value, code);
                let (low, high) = (self.data.get(low, code), self.data.get(high, code));
                let result = within(value, low, high, ends);
                self.settle(result, here, pc, [None, None])?;
            }
            Op::TestInterval(value, ends) => {
                let low = self.pop();
                let high = std::mem::take(&mut self.acc);
                let result = within(self.data.get(value, code), &low, &high, ends);
                self.settle(result, here, pc, [None, None])?;
            }
            Op::MakeTest(operator) => self.make_test(operator, here, pc)?,
            Op::MakeInterval(ends) => self.make_interval(ends, here, pc)?,
            Op::InstanceOf(index) => {
                let named = &code.types[index as usize];
                self.meter.steps(self.acc.as_list().map_or(0, |list| list.len()))?;
                let result = if named.is_unknown() {
                    Err(Fault::text("the type is not known"))
                } else {
                    Ok(Value::Boolean(named.has_instance(&self.acc)))
                };
                self.settle(result, here, pc, [None, None])?;
            }
            Op::MakeList(count) => {
                let items = self.stack.split_off(self.stack.len() - count as usize);
                self.acc = self.meter.list(items)?;
            }
            Op::MakeContext(names, first) => self.make_context(&code.name_lists[names as usize], first)?,
            Op::MakeFunction(chunk) => self.make_function(here.code, chunk)?,
            Op::Convert(index) => {
                let value = std::mem::take(&mut self.acc);
                self.meter.steps(value.as_list().map_or(0, |list| list.len()))?;
                self.acc = code.types[index as usize].convert(value);
            }
            _ => debug_assert!(false, "{op:?} belongs to another group"),
        }
        Ok(())
    }

    fn between(&mut self, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let low = self.pop();
        let value = self.pop();
        let above = compare(Comparison::GreaterEqual, &value, &low, &mut self.meter);
        let below = compare(Comparison::LessEqual, &value, &self.acc, &mut self.meter);
        let result = match (above, below) {
            (Ok(false), Ok(_) | Err(_)) | (Err(_), Ok(false)) => Ok(Value::Boolean(false)),
            (Ok(true), Ok(below)) => Ok(Value::Boolean(below)),
            (Err(Fault::LeftIsNull), _) | (Ok(true), Err(Fault::LeftIsNull)) => Err(Fault::From(value)),
            (Err(Fault::RightIsNull), _) => Err(Fault::From(low)),
            (Err(fault), _) | (Ok(true), Err(fault)) => Err(fault),
        };
        self.settle(result, here, pc, [None, None])
    }

    fn test_member(&mut self, value: Operand, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let tested = self.data.get(value, here.code);
        let result = match member(tested, &self.acc, &mut self.meter)? {
            Some(result) => Ok(Value::Boolean(result)),
            None => Err(Fault::from(Cause::Types("in", tested.type_name(), self.acc.type_name()))),
        };
        self.settle(result, here, pc, [None, None])
    }

    fn make_test(&mut self, operator: Comparison, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let end = std::mem::take(&mut self.acc);
        let comparable = order(&end, &end).is_some();
        let range = match operator {
            Comparison::Less => {
                Range { low: None, low_included: false, high: Some(end), high_included: false }
            }
            Comparison::LessEqual => {
                Range { low: None, low_included: false, high: Some(end), high_included: true }
            }
            Comparison::Greater => {
                Range { low: Some(end), low_included: false, high: None, high_included: false }
            }
            Comparison::GreaterEqual => {
                Range { low: Some(end), low_included: true, high: None, high_included: false }
            }
            Comparison::Equal => {
                Range { low: Some(end.clone()), low_included: true, high: Some(end), high_included: true }
            }
            Comparison::NotEqual => {
                self.acc = self.trace(here, pc, "`!=` is a test, not a value");
                return Ok(());
            }
        };
        let result = if comparable {
            Ok(Value::from(range))
        } else {
            Err(Fault::text("the end of the range has no order"))
        };
        self.settle(result, here, pc, [None, None])
    }

    fn make_interval(&mut self, ends: Ends, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let low = self.pop();
        let high = std::mem::take(&mut self.acc);
        let result = crate::builtin::interval(low, ends, high);
        self.settle(result, here, pc, [None, None])
    }

    fn make_context(&mut self, names: &[Arc<str>], first: u32) -> Result<(), EvalError> {
        let mut context = Context::new();
        self.meter.items(names.len())?;
        for (index, name) in names.iter().enumerate() {
            let value = std::mem::take(self.data.local(first + index as u32));
            self.meter.allocate(name.len() + 40)?;
            self.meter.admit_inside([&value])?;
            context.insert(name.clone(), value);
        }
        self.acc = self.meter.admit(Value::Context(context))?;
        Ok(())
    }

    fn make_function(&mut self, code: &Arc<Code>, index: u32) -> Result<(), EvalError> {
        let chunk = &code.chunks[index as usize];
        let mut captured = Vec::with_capacity(chunk.captures.len());
        for capture in &chunk.captures {
            captured.push(match capture {
                Capture::Value(operand) => self.data.get(*operand, code).clone(),
                Capture::SelfFunction => self.data.function.clone().map_or(Value::NULL, Value::Function),
            });
        }
        self.meter.items(captured.len())?;
        self.meter.admit_inside(captured.iter())?;
        let body = Body::Defined(Closure { code: code.clone(), chunk: index });
        let function = Function { parameters: chunk.parameters.clone(), body, captured };
        self.acc = self.meter.admit(Value::from(function))?;
        Ok(())
    }
}

/// Whether a value lies between two ends, three-valued.
fn within(value: &Value, low: &Value, high: &Value, ends: Ends) -> Result<Value, Fault> {
    if let (Value::Null(Some(_)), ..) | (_, Value::Null(Some(_)), _) | (.., Value::Null(Some(_))) =
        (value, low, high)
    {
        let null = [value, low, high].into_iter().find(|part| part.is_null());
        return Err(null.map_or(Fault::LeftIsNull, |null| Fault::From(null.clone())));
    }
    let compared = |left: &Value, right: &Value, included: bool| match order(left, right) {
        Some(ordering) => Ok(ordering.is_lt() || included && ordering.is_eq()),
        None => Err(Fault::from(Cause::Types("in", value.type_name(), low.type_name()))),
    };
    let above = compared(low, value, ends.low_included)?;
    Ok(Value::Boolean(compared(value, high, ends.high_included)? && above))
}
