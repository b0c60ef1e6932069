//! Intermediate throw and end events (10.5.3, 10.5.4), and the send task that sends by itself.
//!
//! Messages, signals, escalations and compensation are thrown in order and delivered last; until then the token
//! waits at the throw. Errors, cancel and terminate act at once. A link sends the token on to its catch.

use crate::event::{Data, Event, Exit, Stage, Via};
use crate::executor::{Failure, Step};
use crate::instance::Slot;
use crate::process::Throw;
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::{Context, Value};

/// A token arrives.
pub(crate) fn enter(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let slot = step.open(node, scope, via);
    step.begin(slot);
}

/// Throws all that the event throws, in document order with what is critical last.
pub(crate) fn throw(step: &mut Step<'_>, slot: Slot) {
    let throws = &step.row(slot).throws;
    let mut prepared = Vec::with_capacity(throws.len());
    for (place, throw) in throws.iter().enumerate() {
        match data(step, slot, throw, place) {
            Ok(data) => prepared.push(data),
            Err(failure) => return step.raise_as(slot, Stage::Work, failure),
        }
    }
    let (key, node) = (step.key(slot), step.instance.elements[slot].node);
    let mut waits = false;
    for (throw, data) in throws.iter().zip(prepared) {
        let data = match data {
            Some(data) => step.data(data),
            None => Data::NONE,
        };
        if let Throw::Message { .. } = throw {
            note_sent(step, slot, data);
        }
        step.emit(Event::Thrown { key, node, kind: throw.kind(), data });
        waits |= !throw.is_critical();
        match throw {
            Throw::Error { code } => return error(step, slot, code),
            Throw::Terminate => return terminate(step, slot),
            Throw::Cancel => return cancel(step, slot),
            Throw::Link { target, .. } => return link(step, slot, *target),
            Throw::Message { .. }
            | Throw::Signal { .. }
            | Throw::Escalation { .. }
            | Throw::Compensation { .. } => {}
        }
    }
    if !waits {
        step.complete_work(slot, Context::default());
    }
}

/// `[name or code, key, payload]` of what is thrown, as far as they apply.
fn data(step: &Step<'_>, slot: Slot, throw: &Throw, place: usize) -> Result<Option<Value>, Failure> {
    let parts = match throw {
        Throw::Message { name, key } => {
            let key = match key {
                Some(key) => step.correlation_key(key, slot)?,
                None => Value::NULL,
            };
            vec![step.name(name, slot)?, key, payload(step, slot)]
        }
        Throw::Signal { name } => {
            vec![step.name(name, slot)?, Value::NULL, payload(step, slot)]
        }
        Throw::Escalation { code } => {
            vec![Value::string(&**code), Value::NULL, payload(step, slot)]
        }
        Throw::Error { code } => vec![Value::string(&**code)],
        Throw::Link { name, .. } => vec![Value::string(&**name)],
        // The name is the activity's, where one is named; the place finds the definition again on delivery.
        Throw::Compensation { activity, .. } => {
            let name =
                activity.map_or(Value::NULL, |activity| Value::string(step.process(slot).node_id(activity)));
            vec![name, Value::from(place as i64)]
        }
        Throw::Cancel | Throw::Terminate => return Ok(None),
    };
    Ok(Some(parts.into_iter().collect()))
}

/// What is thrown carries the data inputs, or what is local by the input mappings. A single input that is a context
/// is the message itself, as a single output takes the whole of it.
fn payload(step: &Step<'_>, slot: Slot) -> Value {
    let io = step.row(slot).data.as_deref().and_then(|data| data.io.as_ref());
    if let Some([only]) = io.map(|io| io.inputs.as_slice())
        && let Some(item) = step.instance.own_variable(slot, only).filter(|item| item.as_context().is_some())
    {
        return item.clone();
    }
    Value::from(step.instance.variables_of(slot))
}

/// An error end event: its path ends, then the error goes outward from its scope.
fn error(step: &mut Step<'_>, slot: Slot, code: &str) {
    let (scope, key) = (step.instance.elements[slot].parent, step.key(slot));
    let payload = step.instance.variables_of(slot);
    step.emit(Event::Completed { key, exit: Exit::NONE });
    step.throw_error(scope, code, "", payload);
}

/// A terminate end event: its path ends, then everything else in its scope.
fn terminate(step: &mut Step<'_>, slot: Slot) {
    let (scope, key) = (step.instance.elements[slot].parent, step.key(slot));
    step.emit(Event::Completed { key, exit: Exit::NONE });
    step.terminate(scope);
}

/// A cancel end event: its path ends, then the transaction around it is canceled.
fn cancel(step: &mut Step<'_>, slot: Slot) {
    let (scope, key) = (step.instance.elements[slot].parent, step.key(slot));
    step.emit(Event::Completed { key, exit: Exit::NONE });
    step.cancel_transaction(scope);
}

/// A throw link: the token goes on at the catch of the same name.
fn link(step: &mut Step<'_>, slot: Slot, target: NodeIx) {
    let (scope, key) = (step.instance.elements[slot].parent, step.key(slot));
    let scope = step.key(scope);
    step.emit(Event::Completed { key, exit: Exit::NONE });
    step.emit(Event::StartQueued { node: target, scope });
}

/// A message that is sent may be the first of its conversation.
fn note_sent(step: &mut Step<'_>, slot: Slot, data: Data) {
    let parts = step.out.value(data).clone();
    let part = |place: usize| parts.as_list().and_then(|list| list.get(place));
    let (Some(name), Some(payload)) = (part(0).and_then(Value::as_str), part(2).and_then(Value::as_context))
    else {
        return;
    };
    step.note_message(slot, name, payload);
}
