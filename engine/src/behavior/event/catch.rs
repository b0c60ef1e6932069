//! Intermediate catch events and receive tasks (10.5.4, 10.3.3): they wait from the moment a token arrives.

use crate::event::{Stage, Via};
use crate::executor::Step;
use crate::instance::Slot;
use bpmn_parser::graph::NodeIx;

/// A token arrives.
pub(crate) fn enter(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let slot = step.open(node, scope, via);
    step.begin(slot);
}

/// Arms all definitions; any of them, or for a parallel multiple event all, let it complete.
pub(crate) fn wait(step: &mut Step<'_>, slot: Slot) {
    if let Err(failure) = step.arm_own(slot) {
        step.raise_as(slot, Stage::Work, failure);
    }
}
