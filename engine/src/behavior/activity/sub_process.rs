//! Embedded sub-process (10.3.5, 13.3.4): a level of its own, complete when no token is left in it.

use crate::event::{IncidentKind, Stage};
use crate::executor::{Failure, Step};
use crate::instance::{Role, Slot};

/// Arms the event sub-processes inside and starts the content; an empty sub-process completes at once.
pub(crate) fn start(step: &mut Step<'_>, slot: Slot) {
    if depth(step, slot) > step.limits().scopes_depth {
        return step.raise(slot, IncidentKind::Limit, Stage::Work, Failure::limit("scopes_depth"), None);
    }
    if let Err(failure) = step.arm_handlers(slot) {
        return step.raise_as(slot, Stage::Work, failure);
    }
    step.start_level(slot);
    if step.instance.elements[slot].tokens == 0 {
        let key = step.key(slot);
        step.instance.changes.emptied.push(key);
    }
}

/// How many sub-processes of this process instance are around and including this one.
fn depth(step: &Step<'_>, mut slot: Slot) -> u32 {
    let mut depth = 0;
    while step.instance.elements[slot].role != Role::Process {
        depth += u32::from(step.instance.elements[slot].role == Role::Node);
        slot = step.instance.elements[slot].parent;
    }
    depth
}
