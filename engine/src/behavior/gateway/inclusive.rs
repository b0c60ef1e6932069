//! Inclusive gateway (10.6.3, 13.4.3, Table 13.3).
//!
//! Split: every true condition; the default only if none is true. Join: it fires when some incoming flow holds a
//! token and every token elsewhere in the scope that can still reach an *empty* incoming flow, without passing the
//! gateway, can as well reach a *non-empty* one. It then takes one token from each non-empty flow. It is evaluated
//! when no other move is queued, since an earlier evaluation could fire a join that a later state blocks.

use crate::event::{Event, IncidentKind, Stage, Via};
use crate::executor::{Failure, Step};
use crate::id::ElementKey;
use crate::instance::{Role, Slot};
use crate::process::{Flows, JoinReach, Kind, Process, Row};
use bpmn_parser::graph::{FlowIx, NodeIx};

/// A token arrives.
pub(crate) fn enter(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let row = step.process(scope).row(node);
    if via.get().is_some() && row.incoming.len() > 1 {
        return arrive(step, scope, via);
    }
    split(step, node, scope, via);
}

/// A token waits until the gateway fires.
fn arrive(step: &mut Step<'_>, scope: Slot, via: Via) {
    let flow = via.get().expect("only tokens on flows arrive at a join");
    let scope = step.key(scope);
    step.emit(Event::Arrived { flow, scope });
}

fn split(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let row = step.process(scope).row(node);
    if row.exit != crate::event::Exit::NONE || row.outgoing.is_empty() {
        return step.pass(row, node, scope, via);
    }
    let by = (step.instance.next_key(), node);
    let chosen = all_true(step, by, row, scope);
    super::pass_to(step, node, scope, via, chosen);
}

/// The flows of a gateway that stopped at an incident.
pub(crate) fn choose(step: &mut Step<'_>, row: &Row, slot: Slot) -> Result<Vec<FlowIx>, Failure> {
    let scope = step.instance.elements[slot].parent;
    let by = (step.key(slot), step.instance.elements[slot].node);
    all_true(step, by, row, scope)
}

fn all_true(
    step: &mut Step<'_>,
    by: (ElementKey, NodeIx),
    row: &Row,
    scope: Slot,
) -> Result<Vec<FlowIx>, Failure> {
    let process = step.process(scope);
    let mut chosen = Vec::with_capacity(row.outgoing.len());
    for flow in row.outgoing.iter().filter(|flow| row.default != Some(**flow)) {
        let is_true = match &process.flow(*flow).condition {
            Some(condition) => step.decide(by, condition, scope, &[])?,
            None => true,
        };
        if is_true {
            chosen.push(*flow);
        }
    }
    match row.default {
        Some(default) if chosen.is_empty() => chosen.push(default),
        None if chosen.is_empty() => return Err(super::exclusive::no_flow()),
        Some(_) | None => {}
    }
    Ok(chosen)
}

/// Fires the first join that may, in the order of scopes and nodes; false where none may.
pub(crate) fn fire_waiting(step: &mut Step<'_>) -> bool {
    if step.instance.tokens_at_joins == 0 && step.instance.gates.is_empty() {
        return false;
    }
    waiting(step).into_iter().any(|(scope, node)| fire(step, scope, node))
}

fn fire(step: &mut Step<'_>, scope: Slot, node: NodeIx) -> bool {
    let row = step.process(scope).row(node);
    if row.kind == Kind::ComplexGateway {
        return super::complex::reset(step, node, scope) || super::complex::start(step, node, scope);
    }
    let full = flows_with_tokens(step, scope, row);
    if expects_more(step, scope, node, &full) {
        return false;
    }
    let key = step.key(scope);
    step.emit(Event::Joined { node, scope: key });
    if let Some(limit) = step.reached_limit(0) {
        let slot = step.open(node, scope, Via::NONE);
        step.raise_as(slot, Stage::Work, Failure::limit(limit));
    } else {
        split(step, node, scope, Via::NONE);
    }
    true
}

/// The joins that hold tokens, by the key of their scope and their row.
fn waiting(step: &Step<'_>) -> Vec<(Slot, NodeIx)> {
    let mut found: Vec<(ElementKey, NodeIx, Slot)> = Vec::new();
    for (slot, element) in step.instance.elements.iter() {
        if element.cells.get().is_none() {
            continue;
        }
        let process = step.process(slot);
        for cell in step.instance.cell_slots(slot) {
            let node = process.flow(step.instance.cells[cell].flow).target;
            let is_new = !found.iter().any(|(key, other, _)| (*key, *other) == (element.key, node));
            if is_new && process.level(step.node(slot)).joins.contains(&node) {
                found.push((element.key, node, slot));
            }
        }
    }
    for gate in &step.instance.gates {
        let slot = step.instance.slot(gate.scope).expect("a gate goes with its scope");
        if !found.iter().any(|(key, node, _)| (*key, *node) == (gate.scope, gate.node)) {
            found.push((gate.scope, gate.node, slot));
        }
    }
    found.sort_by_key(|(key, node, _)| (*key, *node));
    found.into_iter().map(|(_, node, slot)| (slot, node)).collect()
}

/// The incoming flows that hold a token, by their places.
pub(super) fn flows_with_tokens(step: &Step<'_>, scope: Slot, row: &Row) -> Flows {
    let mut full = Flows::none(row.incoming.len());
    for (place, flow) in row.incoming.iter().enumerate() {
        if step.instance.tokens_on(scope, *flow) > 0 {
            full.insert(place);
        }
    }
    full
}

/// Table 13.3: some token elsewhere in the scope can still reach an incoming flow that is not `full`, and cannot as
/// well reach one that is.
pub(super) fn expects_more(step: &Step<'_>, scope: Slot, join: NodeIx, full: &Flows) -> bool {
    let process = step.process(scope);
    let reach = process.reach.join(process, join);
    let blocks = |reached: &Flows| reached.misses(full) && !reached.meets(full);
    let at_other_joins = step.instance.cell_slots(scope).any(|cell| {
        let flow = step.instance.cells[cell].flow;
        process.flow(flow).target != join && blocks(reach.of_flow(flow))
    });
    at_other_joins || in_activities(step, process, reach, scope, &blocks)
}

/// An active activity counts as a token at its outgoing flows and its boundary events; the alternatives behind an
/// event-based gateway are one token, which can still go each of their ways.
fn in_activities(
    step: &Step<'_>,
    process: &Process,
    reach: &JoinReach,
    scope: Slot,
    blocks: &dyn Fn(&Flows) -> bool,
) -> bool {
    let mut races: Vec<(ElementKey, Flows)> = Vec::new();
    for child in step.instance.children(scope) {
        let element = &step.instance.elements[child];
        if element.role == Role::Process {
            continue;
        }
        let reached = reach.of_node(process, element.node);
        if !element.race.is_some() {
            if blocks(&reached) {
                return true;
            }
            continue;
        }
        match races.iter_mut().find(|(race, _)| *race == element.race) {
            Some((_, all)) => all.union(&reached),
            None => races.push((element.race, reached)),
        }
    }
    races.iter().any(|(_, reached)| blocks(reached))
}

/// Joins that wait for each other: nothing else in the scope can move or wait. The first of them takes its tokens and
/// stops; to resolve its incident lets it fire.
pub(crate) fn stop_deadlock(step: &mut Step<'_>) {
    if step.instance.tokens_at_joins == 0 {
        return;
    }
    let stuck = waiting(step).into_iter().find(|(scope, node)| {
        let is_inclusive = step.process(*scope).row(*node).kind == Kind::InclusiveGateway;
        is_inclusive && step.instance.children(*scope).next().is_none()
    });
    let Some((scope, node)) = stuck else {
        return;
    };
    let key = step.key(scope);
    step.emit(Event::Joined { node, scope: key });
    let slot = step.open(node, scope, Via::NONE);
    let failure = Failure::new(IncidentKind::JoinDeadlock, "the joins of this scope wait for each other");
    step.raise_as(slot, Stage::Work, failure);
}
