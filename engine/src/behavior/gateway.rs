//! Gateways (10.6, 13.4).

pub(crate) mod complex;
pub(crate) mod event_based;
pub(crate) mod exclusive;
pub(crate) mod inclusive;
pub(crate) mod parallel;

use crate::event::{Event, Exit, Stage, Via};
use crate::executor::{Failure, Step};
use crate::instance::Slot;
use bpmn_parser::graph::{FlowIx, NodeIx};

pub(crate) use inclusive::{fire_waiting, stop_deadlock};

/// A gateway passes its token on to the chosen flows; where none could be chosen, it stays and says why.
fn pass_to(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via, chosen: Result<Vec<FlowIx>, Failure>) {
    let (key, scope_key) = (step.instance.next_key(), step.key(scope));
    match chosen.as_deref() {
        Ok([only]) => {
            step.emit(Event::Passed { key, node, scope: scope_key, via, exit: Exit::flow(*only) });
        }
        Ok(flows) => {
            step.emit(Event::Passed { key, node, scope: scope_key, via, exit: Exit::NONE });
            for flow in flows {
                step.emit(Event::Taken { flow: *flow, scope: scope_key });
            }
        }
        Err(failure) => {
            let slot = step.open(node, scope, via);
            step.raise_as(slot, Stage::Work, failure.clone());
        }
    }
}
