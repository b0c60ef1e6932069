//! Iterations and filters.

use super::{Here, Machine};
use crate::error::EvalError;
use crate::program::Operand;
use crate::trace::Fault;
use crate::value::{DEPTH_MAX, Date, List, Number, Range, Value};

/// An iteration that is under way.
pub(super) enum Iter {
    /// The list, and the place of the next item.
    List(List, usize),
    /// The same for a filter, with the items that it kept.
    Filter { list: List, next: usize, kept: Vec<Value> },
    /// The next number, how many follow, and the way: 1 or -1. Nothing is made in advance.
    Numbers { next: i64, left: u64, step: i64 },
    /// The same with days since the epoch.
    Dates { next: i64, left: u64, step: i64 },
}

impl Machine<'_> {
    /// Begins to iterate over the accumulator; false when it cannot.
    pub(super) fn iter_start(&mut self, here: Here<'_>, pc: usize, open: u32) -> Result<bool, EvalError> {
        let iter = match std::mem::take(&mut self.acc) {
            Value::List(list) => Ok(Iter::List(list, 0)),
            Value::Range(range) => over_range(&range),
            null @ Value::Null(_) => Err(Fault::From(null)),
            single => Ok(Iter::List(List::from(vec![single]), 0)),
        };
        self.iterate(iter, here, pc, open)
    }

    /// Begins to iterate from the stack's value to the accumulator's; false when that is impossible.
    pub(super) fn iter_range(&mut self, here: Here<'_>, pc: usize, open: u32) -> Result<bool, EvalError> {
        let low = self.pop();
        let high = std::mem::take(&mut self.acc);
        let iter = match (low, high) {
            (null @ Value::Null(_), _) | (_, null @ Value::Null(_)) => Err(Fault::From(null)),
            (low, high) => between(&low, &high),
        };
        self.iterate(iter, here, pc, open)
    }

    fn iterate(
        &mut self,
        iter: Result<Iter, Fault>,
        here: Here<'_>,
        pc: usize,
        open: u32,
    ) -> Result<bool, EvalError> {
        match iter {
            Ok(iter) => {
                self.iters.push(iter);
                Ok(true)
            }
            Err(fault) => {
                self.iters.truncate(self.iters.len().saturating_sub(open as usize));
                self.fail(fault, here, pc, [None, None])?;
                Ok(false)
            }
        }
    }

    /// Puts the next item into the local; false, with the iteration dropped, when there is none.
    pub(super) fn iter_next(&mut self, local: u32) -> bool {
        let item = match self.iters.last_mut() {
            Some(Iter::List(list, at)) => {
                *at += 1;
                list.get(*at - 1).cloned()
            }
            Some(Iter::Numbers { next, left, step }) => {
                advance(next, left, *step).map(|number| Value::Number(Number::from(number)))
            }
            Some(Iter::Dates { next, left, step }) => {
                advance(next, left, *step).map(|days| Date::from_days(days).map_or(Value::NULL, Value::Date))
            }
            Some(Iter::Filter { .. }) | None => None,
        };
        match item {
            Some(item) => {
                *self.data.local(local) = item;
                true
            }
            None => {
                self.iters.pop();
                false
            }
        }
    }

    /// Appends the accumulator to the list in the local.
    pub(super) fn collect(&mut self, local: u32) -> Result<(), EvalError> {
        let item = std::mem::take(&mut self.acc);
        if item.depth() >= DEPTH_MAX {
            return Err(EvalError::Depth(DEPTH_MAX));
        }
        let limits = self.meter.limits;
        let Value::List(list) = self.data.local(local) else { return Ok(()) };
        if list.len() >= limits.list_max {
            return Err(EvalError::List(limits.list_max));
        }
        // Somebody kept `partial`, so that the list is copied before it grows.
        let copied = if list.is_shared() { list.len() } else { 0 };
        list.push(item);
        let too_large = list.heap_bytes() > limits.memory.saturating_mul(2);
        if too_large {
            return Err(EvalError::Memory(limits.memory));
        }
        self.meter.steps(copied)?;
        self.meter.allocate((copied + 1) * size_of::<Value>())
    }

    /// `base[number]`
    pub(super) fn filter_at(&mut self, index: Operand, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let base = std::mem::take(&mut self.acc);
        let Value::Number(number) = self.data.get(index, here.code) else { return Ok(()) };
        let result = at(&base, number);
        self.settle(result, here, pc, [None, None])
    }

    /// Begins to filter the accumulator; false when there is nothing to filter.
    pub(super) fn filter_start(&mut self, item: u32, here: Here<'_>, pc: usize) -> Result<bool, EvalError> {
        let list = match std::mem::take(&mut self.acc) {
            Value::List(list) => list,
            null @ Value::Null(_) => {
                self.fail(Fault::From(null), here, pc, [None, None])?;
                return Ok(false);
            }
            single => List::from(vec![single]),
        };
        // The condition of an empty list is asked once all the same: a number makes it an index.
        *self.data.local(item) = list.first().cloned().unwrap_or(Value::NULL);
        self.iters.push(Iter::Filter { list, next: 1, kept: Vec::new() });
        Ok(true)
    }

    /// Judges the item by the accumulator; true when there is another one.
    pub(super) fn filter_step(&mut self, item: u32, here: Here<'_>, pc: usize) -> Result<bool, EvalError> {
        let Some(Iter::Filter { list, next, kept }) = self.iters.last_mut() else { return Ok(false) };
        let judged = *next - 1;
        let condition = std::mem::take(&mut self.acc);
        if judged == 0 && !matches!(condition, Value::Boolean(_) | Value::Null(_)) {
            let result = match &condition {
                Value::Number(number) => at(&Value::List(list.clone()), number),
                other => Err(Fault::message(format!("a {} is no filter", other.type_name()))),
            };
            self.iters.pop();
            self.settle(result, here, pc, [None, None])?;
            return Ok(false);
        }
        let accepted = matches!(condition, Value::Boolean(true)) && judged < list.len();
        if accepted {
            kept.push(std::mem::take(self.data.local(item)));
        }
        if let Some(following) = list.get(*next) {
            *self.data.local(item) = following.clone();
            *next += 1;
            return Ok(true);
        }
        let kept = std::mem::take(kept);
        self.iters.pop();
        self.acc = self.meter.list(kept)?;
        Ok(false)
    }

    /// Appends the accumulator to the list that is being made.
    pub(super) fn build_item(&mut self) -> Result<(), EvalError> {
        let item = std::mem::take(&mut self.acc);
        if item.depth() >= DEPTH_MAX {
            return Err(EvalError::Depth(DEPTH_MAX));
        }
        self.meter.allocate(size_of::<Value>())?;
        let list_max = self.meter.limits.list_max;
        let Some(builder) = self.builders.last_mut() else { return Ok(()) };
        if builder.len() >= list_max {
            return Err(EvalError::List(list_max));
        }
        builder.push(item);
        Ok(())
    }
}

fn advance(next: &mut i64, left: &mut u64, step: i64) -> Option<i64> {
    *left = left.checked_sub(1)?;
    let current = *next;
    *next = next.saturating_add(step);
    Some(current)
}

/// The item at a number, from 1 or from the end; anything else is a list of one item.
fn at(base: &Value, number: &Number) -> Result<Value, Fault> {
    let single;
    let items = match base {
        Value::List(list) => list.as_slice(),
        Value::Null(_) => return Err(Fault::From(base.clone())),
        _ => {
            single = [base.clone()];
            &single
        }
    };
    let Some(number) = number.to_i64() else { return Err(Fault::text("the index is no integer")) };
    let index = if number > 0 {
        usize::try_from(number - 1).ok()
    } else {
        usize::try_from(number.unsigned_abs())
            .ok()
            .filter(|back| *back > 0)
            .and_then(|back| items.len().checked_sub(back))
    };
    index
        .and_then(|index| items.get(index))
        .cloned()
        .ok_or_else(|| Fault::message(format!("there is no item {number} among {}", items.len())))
}

fn over_range(range: &Range) -> Result<Iter, Fault> {
    let (Some(low), Some(high)) = (&range.low, &range.high) else {
        return Err(Fault::text("the range has no end"));
    };
    let mut iter = between(low, high)?;
    if let Iter::Numbers { next, left, step } | Iter::Dates { next, left, step } = &mut iter {
        if !range.low_included {
            advance(next, left, *step);
        }
        if !range.high_included {
            *left = left.saturating_sub(1);
        }
    }
    Ok(iter)
}

fn between(low: &Value, high: &Value) -> Result<Iter, Fault> {
    let span = |low: i64, high: i64| {
        let left = low.abs_diff(high).saturating_add(1);
        (left, if low <= high { 1 } else { -1 })
    };
    match (low, high) {
        (Value::Number(low), Value::Number(high)) => {
            let (Some(next), Some(high)) = (low.to_i64(), high.to_i64()) else {
                return Err(Fault::text("the ends of the iteration are no integers"));
            };
            let (left, step) = span(next, high);
            Ok(Iter::Numbers { next, left, step })
        }
        (Value::Date(low), Value::Date(high)) => {
            let (left, step) = span(low.to_days(), high.to_days());
            Ok(Iter::Dates { next: low.to_days(), left, step })
        }
        _ => Err(Fault::message(format!(
            "nothing can be counted from {} to {}",
            low.type_name(),
            high.type_name()
        ))),
    }
}
