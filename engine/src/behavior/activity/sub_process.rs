//! Embedded sub-process (10.3.5, 13.3.4): a level of its own, complete when no token is left in it.

use crate::event::Stage;
use crate::executor::{Failure, Step};
use crate::instance::{Role, Slot};

/// Arms the event sub-processes inside and starts the content; an empty sub-process completes at once.
pub(crate) fn start(step: &mut Step<'_>, slot: Slot) {
    if let Err(failure) = open_level(step, slot) {
        return step.raise_as(slot, Stage::Work, failure);
    }
    step.start_level(slot);
    if step.instance.elements[slot].tokens == 0 {
        let key = step.key(slot);
        step.instance.changes.emptied.push(key);
    }
}

/// Arms the event sub-processes inside, where it is not too deep.
pub(super) fn open_level(step: &mut Step<'_>, slot: Slot) -> Result<(), Failure> {
    if depth(step, slot) > step.limits().scopes_depth {
        return Err(Failure::limit("scopes_depth"));
    }
    step.arm_handlers(slot)
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
