//! What activities share (10.3, 13.3.1, 13.3.2): several flows in and out, quantities, loops around them.

pub(crate) mod ad_hoc;
pub(crate) mod call;
pub(crate) mod expression;
pub(crate) mod job;
pub(crate) mod sub_process;
pub(crate) mod user;

use crate::behavior::repeat;
use crate::event::{Event, IncidentKind, Stage, Via};
use crate::executor::{Failure, Step};
use crate::instance::{Role, Slot};
use crate::process::{Kind, Row};
use bpmn_parser::graph::{FlowIx, NodeIx};

/// Each token starts an activation; `startQuantity` of them start one (Table 10.3).
pub(crate) fn enter(step: &mut Step<'_>, row: &Row, node: NodeIx, scope: Slot, via: Via) {
    if let Some(flow) = via.get()
        && row.scope.is_some()
        && ad_hoc::waits_for_selection(step.process(scope), node)
    {
        let scope = step.key(scope);
        return step.emit(Event::Arrived { flow, scope });
    }
    let via = match via.get() {
        Some(flow) if row.start_quantity > 1 => {
            if !gather(step, row, node, scope, flow) {
                return;
            }
            if let Some(limit) = step.reached_limit(0) {
                let slot = step.open_whole(node, scope, Via::NONE);
                return step.raise_as(slot, Stage::Enter, Failure::limit(limit));
            }
            Via::NONE
        }
        Some(_) | None => via,
    };
    if row.repeat.is_some() {
        return repeat::enter_body(step, node, scope, via);
    }
    open(step, row, node, scope, via);
}

/// Opens one activation; a task that nothing can stop passes without a row.
fn open(step: &mut Step<'_>, row: &Row, node: NodeIx, scope: Slot, via: Via) {
    if row.is_plain {
        match row.kind {
            Kind::PassingTask => return step.pass(row, node, scope, via),
            Kind::JobTask if job::answer_inline(step, row, node, scope, via) => return,
            Kind::JobTask
            | Kind::UserTask
            | Kind::ReceiveTask
            | Kind::SendTask
            | Kind::ExpressionTask
            | Kind::SubProcess
            | Kind::EventSubProcess
            | Kind::Transaction
            | Kind::AdHocSubProcess
            | Kind::CallActivity
            | Kind::ExclusiveGateway
            | Kind::ParallelGateway
            | Kind::InclusiveGateway
            | Kind::ComplexGateway
            | Kind::EventBasedGateway
            | Kind::StartEvent
            | Kind::CatchEvent
            | Kind::LinkCatchEvent
            | Kind::NoneThrowEvent
            | Kind::ThrowEvent
            | Kind::JobThrowEvent
            | Kind::BoundaryEvent => {}
        }
    }
    let slot = step.open(node, scope, via);
    step.begin(slot);
}

/// Adds a token to those that wait for the start quantity; true where there are now enough, which are taken.
fn gather(step: &mut Step<'_>, row: &Row, node: NodeIx, scope: Slot, flow: FlowIx) -> bool {
    let key = step.key(scope);
    step.emit(Event::Arrived { flow, scope: key });
    let waiting: u32 = row.incoming.iter().map(|flow| step.instance.tokens_on(scope, *flow)).sum();
    if waiting < row.start_quantity {
        return false;
    }
    step.emit(Event::Joined { node, scope: key });
    true
}

/// All unconditional flows and all true conditional ones; the default only if no *conditional* one is true.
pub(crate) fn choose(step: &mut Step<'_>, row: &Row, slot: Slot) -> Result<Vec<FlowIx>, Failure> {
    let process = step.process(slot);
    let scope = scope_of_conditions(step, slot);
    let by = (step.key(slot), step.instance.elements[slot].node);
    let mut chosen = Vec::with_capacity(row.outgoing.len());
    let mut has_conditional = false;
    let mut conditional_is_true = false;
    for flow in &row.outgoing {
        match &process.flow(*flow).condition {
            Some(condition) => {
                has_conditional = true;
                if step.decide(by, condition, scope, &[])? {
                    conditional_is_true = true;
                    chosen.push(*flow);
                }
            }
            None if row.default == Some(*flow) => {}
            None => chosen.push(*flow),
        }
    }
    match row.default {
        Some(default) if !conditional_is_true => {
            // In the order of the flows, as the others.
            let place = row.outgoing.iter().position(|flow| *flow == default).unwrap_or(row.outgoing.len());
            let before = row.outgoing[..place].iter().filter(|flow| chosen.contains(flow)).count();
            chosen.insert(before, default);
        }
        _ if chosen.is_empty() && has_conditional => {
            let message = format!(
                "no condition of a flow out of `{}` is true, and it has no default flow",
                name(step, slot)
            );
            return Err(Failure::new(IncidentKind::NoOutgoingFlow, message));
        }
        _ => {}
    }
    Ok(chosen)
}

/// Conditions of outgoing flows see what the scope of the activity sees.
fn scope_of_conditions(step: &Step<'_>, slot: Slot) -> Slot {
    let element = &step.instance.elements[slot];
    debug_assert!(element.role != Role::Process, "a process instance has no outgoing flows");
    element.parent
}

/// The id of an element's node.
pub(crate) fn name(step: &Step<'_>, slot: Slot) -> String {
    step.node(slot).map(|node| step.process(slot).node_id(node).to_owned()).unwrap_or_default()
}
