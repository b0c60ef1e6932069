//! Parallel gateway (10.6.4, 13.4.1): takes one token from every incoming flow, gives one to every outgoing flow.
//!
//! It counts flows, not tokens: surplus tokens wait for the next round.

use crate::event::{Event, Stage, Via};
use crate::executor::{Failure, Step};
use crate::instance::Slot;
use bpmn_parser::graph::NodeIx;

/// A token arrives.
pub(crate) fn enter(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let row = step.process(scope).row(node);
    let Some(flow) = via.get().filter(|_| row.incoming.len() > 1) else {
        return step.pass(row, node, scope, via);
    };
    let key = step.key(scope);
    step.emit(Event::Arrived { flow, scope: key });
    // Tokens mostly come in the order of the flows, so that the last flow is the one that is empty longest.
    if row.incoming.iter().rev().all(|flow| step.instance.tokens_on(scope, *flow) > 0) {
        step.emit(Event::Joined { node, scope: key });
        if let Some(limit) = step.reached_limit(0) {
            let slot = step.open(node, scope, Via::NONE);
            return step.raise_as(slot, Stage::Work, Failure::limit(limit));
        }
        step.pass(row, node, scope, Via::NONE);
    }
}
