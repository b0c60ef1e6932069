//! Loops and multi-instance activities (10.3.8, 13.3.6, 13.3.7).
//!
//! The activity as a whole is the *body*: boundary events are armed on it, the token leaves from it, once. Its runs
//! are activations of their own inside it. The number of multi-instance runs is fixed on entry.

use crate::event::{Data, Event, IncidentKind, Stage, TriggerKind, Via};
use crate::executor::{Failure, Step};
use crate::instance::Slot;
use crate::process::{Behavior, MultiInstance, Repeat, Throw};
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::{Context, Value};

/// A token arrives.
pub(crate) fn enter_body(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let slot = open_body(step, node, scope, via);
    begin(step, slot);
}

/// Opens the activity as a whole.
pub(crate) fn open_body(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) -> Slot {
    let (key, scope) = (step.instance.next_key(), step.key(scope));
    step.emit(Event::BodyEntered { key, node, scope, via });
    step.instance.slot(key).expect("the body was just entered")
}

/// Arms the boundary events and decides how many runs there are.
pub(crate) fn begin(step: &mut Step<'_>, body: Slot) {
    if let Err(failure) = step.arm_boundary(body) {
        return step.raise_as(body, Stage::Enter, failure);
    }
    // The collection of a task is one of its own inputs, which are therefore read for the whole.
    if let Some(data) = step.row(body).data.as_deref()
        && let Err(failure) = step.read_inputs(body, data)
    {
        return step.raise(body, IncidentKind::InputOutput, Stage::Enter, failure, None);
    }
    let begun = match plan(step, body) {
        Repeat::Standard { test_before, maximum, condition } => {
            begin_loop(step, body, *test_before, *maximum, condition.as_ref())
        }
        Repeat::MultiInstance(multi) => begin_multi(step, body, multi),
    };
    if let Err(failure) = begun {
        step.raise_as(body, Stage::Enter, failure);
    }
}

fn plan<'p>(step: &Step<'p>, body: Slot) -> &'p Repeat {
    step.row(body).repeat.as_deref().expect("a body has loop characteristics")
}

fn begin_loop(
    step: &mut Step<'_>,
    body: Slot,
    test_before: bool,
    maximum: Option<u32>,
    condition: Option<&crate::expression::Compiled>,
) -> Result<(), Failure> {
    let runs = maximum != Some(0)
        && match condition {
            Some(condition) if test_before => step.holds(condition, body)?,
            Some(_) | None => true,
        };
    if runs {
        queue_run(step, body)
    } else {
        finish(step, body)
    }
    Ok(())
}

fn begin_multi(step: &mut Step<'_>, body: Slot, multi: &MultiInstance) -> Result<(), Failure> {
    let (total, items) = count(step, body, multi)?;
    if total > step.limits().cardinality_max {
        return Err(Failure::limit("cardinality_max"));
    }
    let at_once = if multi.is_sequential { total.min(1) } else { total };
    if let Some(limit) = step.reached_limit(at_once) {
        return Err(Failure::limit(limit));
    }
    let key = step.key(body);
    let items = match items {
        Some(items) => step.data(items),
        None => Data::NONE,
    };
    step.emit(Event::BodyCounted { key, total, items });
    if total == 0 {
        finish(step, body);
    } else if multi.is_sequential {
        queue_run(step, body);
    } else {
        for _ in 0..total {
            queue_run(step, body);
        }
    }
    Ok(())
}

/// The number of runs: the cardinality, or the number of items of the collection.
fn count(step: &Step<'_>, body: Slot, multi: &MultiInstance) -> Result<(u32, Option<Value>), Failure> {
    let fail = |message: String| Err(Failure::new(IncidentKind::Expression, message));
    if let Some(collection) = &multi.collection {
        let items = step.eval(collection, body)?;
        let Some(list) = items.as_list() else {
            let text = collection.text();
            return fail(format!(
                "the collection `{text}` is {items} ({}) and not a list",
                items.type_name()
            ));
        };
        let total = u32::try_from(list.len()).unwrap_or(u32::MAX);
        let items = step.keepable("the collection", items.clone())?;
        return Ok((total, Some(items)));
    }
    let Some(cardinality) = &multi.cardinality else {
        return fail("the activity has neither a cardinality nor a collection".to_owned());
    };
    let value = step.eval(cardinality, body)?;
    let number = value.as_number().and_then(|number| number.to_i64());
    match number {
        Some(total) if total >= 0 => Ok((u32::try_from(total).unwrap_or(u32::MAX), None)),
        _ => {
            fail(format!("the cardinality `{}` is {value} and not a whole number from 0", cardinality.text()))
        }
    }
}

fn queue_run(step: &mut Step<'_>, body: Slot) {
    let key = step.key(body);
    step.emit(Event::RunQueued { key });
}

/// The next run begins, with its item in its own scope.
pub(crate) fn enter_run(step: &mut Step<'_>, body: Slot) {
    let slot = open_run(step, body);
    step.begin(slot);
}

/// Opens the next run with its item.
pub(crate) fn open_run(step: &mut Step<'_>, body: Slot) -> Slot {
    let node = step.instance.elements[body].node;
    let slot = step.open(node, body, Via::START);
    if let Repeat::MultiInstance(multi) = plan(step, body) {
        let run = step.instance.elements[slot].run as usize;
        let state = &step.instance.multis[step.instance.elements[body].multi];
        let item = state.items.as_list().and_then(|items| items.get(run - 1).cloned());
        if let (Some(name), Some(item)) = (&multi.input_element, item) {
            step.set_named(slot, name.clone(), item);
        }
        if let Some(name) = &multi.output_variable {
            step.set_named(slot, name.clone(), Value::NULL);
        }
    }
    slot
}

/// A run has done its work: its result is collected, then the activity goes on or completes.
pub(crate) fn run_done(step: &mut Step<'_>, run: Slot) {
    let body = step.instance.elements[run].parent;
    let outcome = match plan(step, body) {
        Repeat::Standard { maximum, condition, .. } => {
            loops_on(step, body, run, *maximum, condition.as_ref())
        }
        Repeat::MultiInstance(multi) => multi_goes_on(step, body, run, multi),
    };
    let next = match outcome {
        Ok(next) => next,
        Err(failure) => return step.raise_as(run, Stage::Leave, failure),
    };
    let thrown = match &next {
        Next::Loop(_) => Ok(Vec::new()),
        Next::Run | Next::Wait | Next::Finish => thrown_by(step, body, run),
    };
    let thrown = match thrown {
        Ok(thrown) => thrown,
        Err(failure) => return step.raise_as(run, Stage::Leave, failure),
    };
    crate::behavior::compensate::record(step, run);
    let key = step.key(run);
    step.emit(Event::Completed { key, exit: crate::event::Exit::NONE });
    let throws = !thrown.is_empty();
    for (kind, parts) in thrown {
        let (key, node) = (step.key(body), step.instance.elements[body].node);
        let data = step.data(parts.into_iter().collect());
        step.emit(Event::Thrown { key, node, kind, data });
    }
    match next {
        Next::Run | Next::Loop(true) => queue_run(step, body),
        Next::Wait => {}
        Next::Finish | Next::Loop(false) => {
            step.cancel_inside(body);
            // What it has thrown is delivered while its boundary events are still armed.
            if !throws && !is_throwing(step, body) {
                finish(step, body);
            }
        }
    }
}

/// All that the body threw is delivered: it completes where no run is left.
pub(crate) fn delivered(step: &mut Step<'_>, body: Slot) {
    if step.instance.elements[body].tokens == 0 && !is_throwing(step, body) {
        finish(step, body);
    }
}

fn is_throwing(step: &Step<'_>, body: Slot) -> bool {
    let key = step.key(body);
    step.instance.thrown.iter().any(|thrown| thrown.thrower == key)
}

/// What the activity throws as one of its runs completes (`behavior`, Table 10.29): the kind and its data.
fn thrown_by(step: &Step<'_>, body: Slot, run: Slot) -> Result<Vec<(TriggerKind, Vec<Value>)>, Failure> {
    let Repeat::MultiInstance(multi) = plan(step, body) else {
        return Ok(Vec::new());
    };
    let state = &step.instance.multis[step.instance.elements[body].multi];
    let is_first = state.completed == 0;
    match &multi.behavior {
        Behavior::All => Ok(Vec::new()),
        Behavior::None(throw) => Ok(vec![prepare(step, body, run, throw.as_ref())?]),
        Behavior::One(throw) if is_first => Ok(vec![prepare(step, body, run, throw.as_ref())?]),
        Behavior::One(_) => Ok(Vec::new()),
        Behavior::Complex(cases) => {
            let mut thrown = Vec::new();
            for (condition, throws) in cases {
                if holds_after(step, body, run, condition)? {
                    for throw in throws {
                        thrown.push(prepare(step, body, run, Some(throw))?);
                    }
                }
            }
            Ok(thrown)
        }
    }
}

/// Without an event of its own it is a default signal, which has the name of the activity and carries its counters.
fn prepare(
    step: &Step<'_>,
    body: Slot,
    run: Slot,
    throw: Option<&Throw>,
) -> Result<(TriggerKind, Vec<Value>), Failure> {
    let counters = counters_after(step, body);
    let payload: Context = counters.into_iter().filter(|(name, _)| name.starts_with("number")).collect();
    let parts = |name: Value| vec![name, Value::NULL, Value::from(payload.clone())];
    Ok(match throw {
        Some(Throw::Signal { name }) => (TriggerKind::Signal, parts(step.name(name, run)?)),
        Some(Throw::Escalation { code }) => (TriggerKind::Escalation, parts(Value::string(&**code))),
        Some(Throw::Message { name, key }) => {
            let key = key.as_ref().map(|key| step.correlation_key(key, run)).transpose()?;
            let mut parts = parts(step.name(name, run)?);
            parts[1] = key.unwrap_or(Value::NULL);
            (TriggerKind::Message, parts)
        }
        Some(
            Throw::Error { .. }
            | Throw::Cancel
            | Throw::Compensation { .. }
            | Throw::Link { .. }
            | Throw::Terminate,
        )
        | None => {
            let id = step.process(body).node_id(step.instance.elements[body].node);
            (TriggerKind::Signal, parts(Value::string(id)))
        }
    })
}

/// How a body goes on after a run: a loop with another run or not, a multi-instance body in one of three ways.
enum Next {
    Loop(bool),
    Run,
    Wait,
    Finish,
}

/// Loops while the condition is true; `loopMaximum` caps the runs, and reaching it is a normal completion.
fn loops_on(
    step: &Step<'_>,
    body: Slot,
    run: Slot,
    maximum: Option<u32>,
    condition: Option<&crate::expression::Compiled>,
) -> Result<Next, Failure> {
    let started = step.instance.multis[step.instance.elements[body].multi].started;
    if maximum.is_some_and(|maximum| started >= maximum) {
        return Ok(Next::Loop(false));
    }
    // Without a condition it loops to its cap; without a cap either, it runs once (6.33).
    let goes_on = match condition {
        Some(condition) => step.holds(condition, run)?,
        None => maximum.is_some(),
    };
    Ok(Next::Loop(goes_on))
}

fn multi_goes_on(step: &mut Step<'_>, body: Slot, run: Slot, multi: &MultiInstance) -> Result<Next, Failure> {
    if let Some(output) = &multi.output_element {
        let value = step.eval(output, run)?;
        let value = step.keepable("the output element", value)?;
        let (key, run) = (step.key(body), step.instance.elements[run].run);
        let value = step.data(value);
        step.emit(Event::RunCollected { key, run, value });
    }
    let state = &step.instance.multis[step.instance.elements[body].multi];
    let (total, started) = (state.total, state.started);
    let ended = state.completed + state.terminated + 1;
    if let Some(condition) = &multi.completion_condition
        && holds_after(step, body, run, condition)?
    {
        return Ok(Next::Finish);
    }
    Ok(match () {
        () if ended >= total => Next::Finish,
        () if multi.is_sequential && started < total => Next::Run,
        () => Next::Wait,
    })
}

/// The completion condition sees the counters with this completion counted, and the scope of the finished run.
fn holds_after(
    step: &Step<'_>,
    body: Slot,
    run: Slot,
    condition: &crate::expression::Compiled,
) -> Result<bool, Failure> {
    let counted = counters_after(step, body);
    let counted: Vec<(&str, Value)> =
        counted.iter().map(|(name, count)| (name.as_str(), count.clone())).collect();
    step.holds_with(condition, run, &counted)
}

/// The attributes of Table 10.30 as they are once the run that completes is counted.
fn counters_after(step: &Step<'_>, body: Slot) -> Vec<(String, Value)> {
    let state = &step.instance.multis[step.instance.elements[body].multi];
    let completed = state.completed + 1;
    [
        ("numberOfInstances", state.total),
        ("numberOfActiveInstances", state.started - completed - state.terminated),
        ("numberOfCompletedInstances", completed),
        ("numberOfTerminatedInstances", state.terminated),
        // The names of Camunda 7 for the same.
        ("nrOfActiveInstances", state.started - completed - state.terminated),
        ("nrOfCompletedInstances", completed),
    ]
    .map(|(name, count)| (name.to_owned(), Value::from(i64::from(count))))
    .into()
}

/// The activity as a whole completes: the collected results pass out, then the token leaves.
fn finish(step: &mut Step<'_>, body: Slot) {
    if let Repeat::MultiInstance(multi) = plan(step, body)
        && let Some(name) = &multi.output_collection
    {
        let state = &step.instance.multis[step.instance.elements[body].multi];
        let mut results = state.results.clone();
        results.resize(state.total as usize, Value::NULL);
        let outer = step.instance.elements[body].parent;
        step.propagate(outer, name, results.into_iter().collect());
    }
    step.complete_work(body, Context::default());
}
