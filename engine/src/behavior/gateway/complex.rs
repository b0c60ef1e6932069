//! Complex gateway (10.6.5, 13.4.5, Table 13.5).
//!
//! Start: it waits until its activation condition is true, which sees the data, `activationCount` (the tokens on all
//! its incoming flows) and under the id of each incoming flow the tokens on it. It takes one token from each non-empty
//! flow and sends on every true outgoing flow, else the default, else it stops with an incident. Reset: it waits for
//! the flows that it has not used for as long as the rule of the inclusive join expects a token there, takes those
//! tokens and evaluates the outgoing conditions again with `waitingForStart` false; then it starts over. An
//! unconditional outgoing flow counts as true only at the start. A late token never starts it twice before its reset.

use super::inclusive::{expects_more, flows_with_tokens};
use crate::event::{Event, Exit, Stage, Via};
use crate::executor::{Failure, Step};
use crate::id::ElementKey;
use crate::instance::Slot;
use crate::process::Row;
use bpmn_parser::graph::{FlowIx, NodeIx};
use tokenflow_feel::Value;

/// A token arrives.
pub(crate) fn enter(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let key = step.key(scope);
    let Some(flow) = via.get() else {
        // A token that begins at the gateway itself is past its condition.
        let row = step.process(scope).row(node);
        let by = (step.instance.next_key(), node);
        let chosen = choose(step, by, row, scope, true);
        return super::pass_to(step, node, scope, via, chosen);
    };
    step.emit(Event::Arrived { flow, scope: key });
    if step.reached_limit(0).is_none() {
        start(step, node, scope);
    }
}

/// Starts the gateway where it waits for that and its condition is true; true where something happened.
pub(super) fn start(step: &mut Step<'_>, node: NodeIx, scope: Slot) -> bool {
    let row = step.process(scope).row(node);
    let key = step.key(scope);
    let waiting = step.instance.gate(key, node).is_none()
        && row.incoming.iter().any(|flow| step.instance.tokens_on(scope, *flow) > 0);
    if !waiting {
        return false;
    }
    match is_activated(step, row, scope) {
        Ok(false) => false,
        Ok(true) => {
            step.emit(Event::Joined { node, scope: key });
            let by = (step.instance.next_key(), node);
            let chosen = choose(step, by, row, scope, true).and_then(|flows| match flows.is_empty() {
                false => Ok(flows),
                true => Err(super::exclusive::no_flow()),
            });
            super::pass_to(step, node, scope, Via::NONE, chosen);
            true
        }
        Err(failure) => {
            step.emit(Event::Joined { node, scope: key });
            let slot = step.open(node, scope, Via::NONE);
            step.raise_as(slot, Stage::Work, failure);
            true
        }
    }
}

/// Resets the gateway once no more token is expected on the flows that it has not used.
pub(super) fn reset(step: &mut Step<'_>, node: NodeIx, scope: Slot) -> bool {
    let key = step.key(scope);
    let Some(gate) = step.instance.gate(key, node) else {
        return false;
    };
    let row = step.process(scope).row(node);
    let mut full = flows_with_tokens(step, scope, row);
    for (place, flow) in row.incoming.iter().enumerate() {
        if gate.used.contains(flow) {
            full.insert(place);
        }
    }
    if expects_more(step, scope, node, &full) {
        return false;
    }
    step.emit(Event::Joined { node, scope: key });
    let by = (step.instance.next_key(), node);
    match choose(step, by, row, scope, false) {
        Ok(flows) => super::pass_to(step, node, scope, Via::NONE, Ok(flows)),
        Err(failure) => super::pass_to(step, node, scope, Via::NONE, Err(failure)),
    }
    true
}

/// The flows of a gateway that stopped at an incident in its start.
pub(crate) fn retry(step: &mut Step<'_>, row: &Row, slot: Slot) -> Result<Vec<FlowIx>, Failure> {
    let scope = step.instance.elements[slot].parent;
    let by = (step.key(slot), step.instance.elements[slot].node);
    let flows = choose(step, by, row, scope, true)?;
    if flows.is_empty() { Err(super::exclusive::no_flow()) } else { Ok(flows) }
}

fn is_activated(step: &Step<'_>, row: &Row, scope: Slot) -> Result<bool, Failure> {
    // Without a condition the first token starts it (R139).
    let Some(condition) = &row.activation else {
        return Ok(true);
    };
    let process = step.process(scope);
    let mut total = 0;
    let mut given = Vec::with_capacity(row.incoming.len() + 2);
    for flow in &row.incoming {
        let tokens = i64::from(step.instance.tokens_on(scope, *flow));
        total += tokens;
        given.push((process.flow_id(*flow), Value::from(tokens)));
    }
    given.push(("activationCount", Value::from(total)));
    given.push(("waitingForStart", Value::from(true)));
    step.holds_with(condition, scope, &given)
}

fn choose(
    step: &mut Step<'_>,
    by: (ElementKey, NodeIx),
    row: &Row,
    scope: Slot,
    is_start: bool,
) -> Result<Vec<FlowIx>, Failure> {
    let process = step.process(scope);
    let given = [("waitingForStart", Value::from(is_start))];
    let mut chosen = Vec::with_capacity(row.outgoing.len());
    for flow in row.outgoing.iter().filter(|flow| row.default != Some(**flow)) {
        let is_true = match &process.flow(*flow).condition {
            Some(condition) => step.decide(by, condition, scope, &given)?,
            None => is_start,
        };
        if is_true {
            chosen.push(*flow);
        }
    }
    if chosen.is_empty() {
        chosen.extend(row.default);
    }
    debug_assert!(row.exit == Exit::NONE || row.outgoing.len() == 1, "an exit is the only flow");
    Ok(chosen)
}
