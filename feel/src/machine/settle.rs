//! Putting outcomes into the accumulator, and reasons beside the nulls.

use super::{Here, Machine};
use crate::error::EvalError;
use crate::program::{Operand, Place};
use crate::trace::{Cause, Fault, Trace};
use crate::value::Value;

impl Machine<'_> {
    /// Puts the outcome of a comparison into the accumulator.
    #[inline]
    pub(super) fn settle_truth(
        &mut self,
        result: Result<bool, Fault>,
        here: Here<'_>,
        pc: usize,
        sides: [Option<Operand>; 2],
    ) -> Result<(), EvalError> {
        match result {
            Ok(value) => self.acc = Value::Boolean(value),
            Err(fault) => self.fail(fault, here, pc, sides)?,
        }
        Ok(())
    }

    /// Puts the outcome of an operation into the accumulator.
    pub(super) fn settle(
        &mut self,
        result: Result<Value, Fault>,
        here: Here<'_>,
        pc: usize,
        sides: [Option<Operand>; 2],
    ) -> Result<(), EvalError> {
        match result {
            Ok(value) => self.acc = value,
            Err(fault) => self.fail(fault, here, pc, sides)?,
        }
        Ok(())
    }

    /// The same when the left side came from the stack.
    pub(super) fn settle_sides(
        &mut self,
        result: Result<Value, Fault>,
        here: Here<'_>,
        pc: usize,
        left: Value,
    ) -> Result<(), EvalError> {
        let result = match result {
            Err(Fault::LeftIsNull) if left.null_reason().is_some() => Err(Fault::From(left)),
            other => other,
        };
        self.settle(result, here, pc, [None, None])
    }

    /// Puts null with its reason into the accumulator; a null that came in keeps its own.
    pub(super) fn fail(
        &mut self,
        fault: Fault,
        here: Here<'_>,
        pc: usize,
        [left, right]: [Option<Operand>; 2],
    ) -> Result<(), EvalError> {
        let (side, text) = match fault {
            Fault::Limit(error) => return Err(error),
            Fault::Because(cause) => {
                self.acc = self.trace_cause(here, pc, cause);
                return Ok(());
            }
            Fault::From(value) => {
                self.acc = value.into_null(|| self.trace(here, pc, "a part is null"));
                return Ok(());
            }
            Fault::LeftIsNull => (left, "the left side is null"),
            Fault::RightIsNull => (right, "the right side is null"),
        };
        let value = side.map_or(&self.acc, |operand| self.data.get(operand, here.code));
        if value.null_reason().is_some() {
            self.acc = value.clone();
            return Ok(());
        }
        let name = match side.map(Operand::place) {
            Some(Place::Slot(index)) => here.code.names.get(index),
            _ => None,
        };
        let cause = name.map_or(Cause::Text(text), |name| Cause::NameIsNull(name.clone()));
        self.acc = self.trace_cause(here, pc, cause);
        Ok(())
    }

    pub(super) fn trace(&self, here: Here<'_>, pc: usize, text: &'static str) -> Value {
        self.trace_cause(here, pc, Cause::Text(text))
    }

    pub(super) fn trace_cause(&self, here: Here<'_>, pc: usize, cause: Cause) -> Value {
        // The operation is the one before, because the loop has stepped over it.
        let span = here.chunk.spans.get(pc.wrapping_sub(1)).copied().unwrap_or_default();
        Trace { source: here.code.source.clone(), span, cause }.null()
    }
}

impl Value {
    /// This null when it tells its reason, otherwise another one.
    pub(super) fn into_null(self, other: impl FnOnce() -> Value) -> Value {
        if self.null_reason().is_some() { self } else { other() }
    }
}
