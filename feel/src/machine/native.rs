//! Built-in functions that invoke a function: what they have done so far between two invocations.

use std::sync::Arc;

use crate::meter::Meter;
use crate::trace::Fault;
use crate::value::{Function, List, Value};

/// A built-in function that waits for the result of a call.
pub(crate) enum Native {
    Sort(Sort),
    Replace(Replace),
}

/// What a built-in function wants next.
pub(super) enum Next {
    Call(Arc<Function>, [Value; 2]),
    Done(Value),
}

impl Native {
    /// Goes on with the result of the last call; the first time there was none.
    pub(super) fn next(&mut self, result: Value, meter: &mut Meter) -> Result<Next, Fault> {
        match self {
            Native::Sort(sort) => sort.next(result, meter),
            Native::Replace(replace) => replace.next(result, meter),
        }
    }
}

/// A merge sort that can be left and entered between any two comparisons; it is stable.
pub(crate) struct Sort {
    precedes: Arc<Function>,
    items: Vec<Value>,
    merged: Vec<Value>,
    /// How long the sorted runs are that are merged now.
    width: usize,
    /// The next item of the left run and of the right one, and where these end.
    left: usize,
    right: usize,
    left_end: usize,
    right_end: usize,
    waiting: bool,
}

impl Sort {
    pub(crate) fn start(items: Vec<Value>, precedes: Arc<Function>) -> Native {
        let mut sort = Sort {
            precedes,
            merged: Vec::with_capacity(items.len()),
            items,
            width: 1,
            left: 0,
            right: 0,
            left_end: 0,
            right_end: 0,
            waiting: false,
        };
        sort.runs_from(0);
        Native::Sort(sort)
    }

    fn runs_from(&mut self, start: usize) {
        let end = self.items.len();
        self.left = start;
        self.left_end = start.saturating_add(self.width).min(end);
        self.right = self.left_end;
        self.right_end = self.left_end.saturating_add(self.width).min(end);
    }

    fn next(&mut self, result: Value, meter: &mut Meter) -> Result<Next, Fault> {
        if self.waiting {
            let Value::Boolean(precedes) = result else {
                return Err(match result {
                    Value::Null(Some(_)) => Fault::From(result),
                    _ => Fault::text("the ordering function answered no boolean"),
                });
            };
            self.waiting = false;
            self.move_item(precedes);
        }
        loop {
            meter.step()?;
            if self.left < self.left_end && self.right < self.right_end {
                self.waiting = true;
                let pair = [self.items[self.right].clone(), self.items[self.left].clone()];
                return Ok(Next::Call(self.precedes.clone(), pair));
            }
            if self.left < self.left_end || self.right < self.right_end {
                self.move_item(self.right < self.right_end);
                continue;
            }
            if self.right_end < self.items.len() {
                self.runs_from(self.right_end);
                continue;
            }
            std::mem::swap(&mut self.items, &mut self.merged);
            self.merged.clear();
            self.width = self.width.saturating_mul(2);
            if self.width >= self.items.len() {
                return Ok(Next::Done(meter.list(std::mem::take(&mut self.items))?));
            }
            self.runs_from(0);
        }
    }

    fn move_item(&mut self, from_right: bool) {
        let index = if from_right { &mut self.right } else { &mut self.left };
        self.merged.push(std::mem::take(&mut self.items[*index]));
        *index += 1;
    }
}

/// `list replace` with a function that says which items are replaced.
pub(crate) struct Replace {
    matches: Arc<Function>,
    list: List,
    replaced: Vec<Value>,
    item: Value,
    waiting: bool,
}

impl Replace {
    pub(crate) fn start(list: List, matches: Arc<Function>, item: Value) -> Native {
        Native::Replace(Replace { matches, list, replaced: Vec::new(), item, waiting: false })
    }

    fn next(&mut self, result: Value, meter: &mut Meter) -> Result<Next, Fault> {
        if self.waiting {
            let Value::Boolean(matches) = result else {
                return Err(match result {
                    Value::Null(Some(_)) => Fault::From(result),
                    _ => Fault::text("the match function answered no boolean"),
                });
            };
            let old = self.list.get(self.replaced.len()).cloned().unwrap_or(Value::NULL);
            self.replaced.push(if matches { self.item.clone() } else { old });
        }
        meter.step()?;
        match self.list.get(self.replaced.len()) {
            Some(item) => {
                self.waiting = true;
                Ok(Next::Call(self.matches.clone(), [item.clone(), self.item.clone()]))
            }
            None => Ok(Next::Done(meter.list(std::mem::take(&mut self.replaced))?)),
        }
    }
}
