//! Script tasks and service expressions in the engine's own language (10.3.3): evaluated inside the step.

use crate::event::Stage;
use crate::executor::Step;
use crate::instance::Slot;
use tokenflow_feel::{Context, Value};

/// Evaluates the expression; its value becomes the result variable, or, where it is a context and no variable is
/// named, a result like that of a job.
pub(crate) fn run(step: &mut Step<'_>, slot: Slot) {
    let work = step.row(slot).work.as_deref().expect("an expression task has work");
    let expression = work.expression.as_ref().expect("an expression task has an expression");
    let name = work.result_variable.as_deref();
    let value = step.eval(expression, slot);
    match value.and_then(|value| step.keepable(name.unwrap_or("the result"), value)) {
        Ok(value) => step.complete_work(slot, result(name, value)),
        Err(failure) => step.raise_as(slot, Stage::Work, failure),
    }
}

fn result(name: Option<&str>, value: Value) -> Context {
    match name {
        Some(name) => [(name.to_owned(), value)].into_iter().collect(),
        None => value.as_context().cloned().unwrap_or_default(),
    }
}
