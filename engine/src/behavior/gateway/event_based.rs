//! Event-based gateway (10.6.6, 13.4.4): its targets wait together, the first that occurs wins, the others are
//! withdrawn in the same step.

use crate::event::{Event, Exit, Via};
use crate::executor::Step;
use crate::id::ElementKey;
use crate::instance::Slot;
use bpmn_parser::graph::{NodeIx, NodeKind};

/// A token arrives: the gateway passes it, and all targets are activated with that one token.
pub(crate) fn enter(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let process = step.process(scope);
    let (key, scope_key) = (step.instance.next_key(), step.key(scope));
    step.emit(Event::Passed { key, node, scope: scope_key, via, exit: Exit::NONE });
    let mut race = ElementKey::NONE;
    let mut opened = Vec::new();
    for flow in &process.row(node).outgoing {
        let slot = step.open(process.flow(*flow).target, scope, Via::NONE);
        if !race.is_some() {
            race = step.key(slot);
        }
        let key = step.key(slot);
        step.emit(Event::Grouped { key, race });
        opened.push(key);
    }
    for key in opened {
        if let Some(slot) = step.instance.slot(key) {
            step.begin(slot);
        }
    }
}

/// One of the events behind an instantiating gateway has created the instance: the token is past the gateway.
pub(crate) fn instantiate(step: &mut Step<'_>, gateway: NodeIx, target: NodeIx, scope: Slot) {
    let (key, scope_key) = (step.instance.next_key(), step.key(scope));
    let via = Via::NONE;
    step.emit(Event::Passed { key, node: gateway, scope: scope_key, via, exit: Exit::NONE });
    if let [flow] = *step.process(scope).row(target).incoming {
        step.emit(Event::Crossed { flow, scope: scope_key });
    }
}

/// With `eventGatewayType="Parallel"` all events are needed: the others wait in the instance that the first created,
/// which completes only when all have occurred.
pub(crate) fn arm_others(step: &mut Step<'_>, gateway: NodeIx, target: NodeIx, scope: Slot) {
    let process = step.process(scope);
    let is_parallel =
        matches!(process.graph().node(gateway).kind, NodeKind::EventBasedGateway { parallel: true, .. });
    if !is_parallel {
        return;
    }
    for flow in &process.row(gateway).outgoing {
        let other = process.flow(*flow).target;
        if other != target {
            let slot = step.open(other, scope, Via::NONE);
            step.begin(slot);
        }
    }
}
