//! Exclusive gateway (10.6.2, 13.4.2): conditions in the order of the flows, the first true one wins and later ones
//! are not evaluated; then the default; else an incident. Each token is routed by itself.

use crate::event::{Event, Exit, IncidentKind, Via};
use crate::executor::{Failure, Step};
use crate::id::ElementKey;
use crate::instance::Slot;
use crate::process::Row;
use bpmn_parser::graph::{FlowIx, NodeIx};

/// A token arrives.
pub(crate) fn enter(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let row = step.process(scope).row(node);
    if row.exit != Exit::NONE || row.outgoing.is_empty() {
        return step.pass(row, node, scope, via);
    }
    let by = (step.instance.next_key(), node);
    match first_true(step, by, row, scope) {
        Ok(flow) => {
            let scope = step.key(scope);
            step.emit(Event::Passed { key: by.0, node, scope, via, exit: Exit::flow(flow) });
        }
        Err(failure) => super::pass_to(step, node, scope, via, Err(failure)),
    }
}

/// The same for a gateway that stopped at an incident.
pub(crate) fn choose(step: &mut Step<'_>, row: &Row, slot: Slot) -> Result<Vec<FlowIx>, Failure> {
    let scope = step.instance.elements[slot].parent;
    let by = (step.key(slot), step.instance.elements[slot].node);
    first_true(step, by, row, scope).map(|flow| vec![flow])
}

fn first_true(
    step: &mut Step<'_>,
    by: (ElementKey, NodeIx),
    row: &Row,
    scope: Slot,
) -> Result<FlowIx, Failure> {
    let process = step.process(scope);
    for flow in row.outgoing.iter().filter(|flow| row.default != Some(**flow)) {
        let is_true = match &process.flow(*flow).condition {
            Some(condition) => step.decide(by, condition, scope, &[])?,
            None => true,
        };
        if is_true {
            return Ok(*flow);
        }
    }
    row.default.ok_or_else(no_flow)
}

/// No condition is true and there is no default.
pub(crate) fn no_flow() -> Failure {
    let message = "no condition of a flow out of the gateway is true, and it has no default flow";
    Failure::new(IncidentKind::NoOutgoingFlow, message)
}
