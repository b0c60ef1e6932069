//! Ad-hoc sub-process (10.3.5, 13.3.5): the host selects which of the enabled activities runs next.
//!
//! Inner activities without incoming flow are enabled from the start and may run again and again; one with incoming
//! flow is enabled while tokens for it are there. With sequential ordering one runs at a time. The completion
//! condition is evaluated after each inner completion; without one it completes when nothing runs and the host says
//! so. Inner catch events without incoming flow are armed while the sub-process is active, and may occur repeatedly.

use super::{name, sub_process};
use crate::command::{Rejection, RejectionCode};
use crate::event::{Event, IncidentKind, Stage, WaitKind};
use crate::executor::{Failure, Step};
use crate::id::{Timestamp, Which};
use crate::instance::{Instance, Slot};
use crate::process::{Kind, Library, Process, Row};
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::Context;

/// Opens the sub-process: arms what waits in it, starts what the file says starts by itself.
pub(crate) fn start(step: &mut Step<'_>, slot: Slot) {
    if let Err(failure) = sub_process::open_level(step, slot) {
        return step.raise_as(slot, Stage::Work, failure);
    }
    let plan = step.row(slot).ad_hoc.as_deref().expect("an ad-hoc sub-process has a plan");
    let selected = match plan.active.as_ref().map(|active| selection(step, slot, active)).transpose() {
        Ok(selected) => selected.unwrap_or_default(),
        Err(failure) => return step.raise_as(slot, Stage::Work, failure),
    };
    let key = step.key(slot);
    let data = crate::event::Data::NONE;
    step.emit(Event::Waiting { key, which: Which(0), kind: WaitKind::AdHoc, data, due: Timestamp::NEVER });
    for event in &plan.events {
        step.emit(Event::StartQueued { node: *event, scope: key });
    }
    for node in selected {
        step.emit(Event::StartQueued { node, scope: key });
    }
}

/// The activities that the file lets the sub-process start by itself, by their ids.
fn selection(
    step: &Step<'_>,
    slot: Slot,
    active: &crate::expression::Compiled,
) -> Result<Vec<NodeIx>, Failure> {
    let fail = |message: String| Failure::new(IncidentKind::Expression, message);
    let value = step.eval(active, slot)?;
    let process = step.process(slot);
    let scope = step.node(slot);
    let list = value
        .as_list()
        .ok_or_else(|| fail(format!("`{}` is {value} and not a list of ids", active.text())))?;
    list.iter()
        .map(|id| {
            let node = id.as_str().and_then(|id| process.find(id));
            let inner =
                node.filter(|node| process.row(*node).scope == scope && can_be_selected(process.row(*node)));
            inner.ok_or_else(|| fail(format!("{id} is no activity of `{}`", name(step, slot))))
        })
        .collect()
}

/// A token comes along a flow to an activity of an ad-hoc sub-process: it waits until the host selects it.
pub(crate) fn waits_for_selection(process: &Process, node: NodeIx) -> bool {
    let row = process.row(node);
    row.is_activity && row.scope.is_some_and(|scope| process.row(scope).kind == Kind::AdHocSubProcess)
}

/// May the host select that activity now?
pub(crate) fn may_activate(
    library: &Library,
    instance: &Instance,
    slot: Slot,
    node: NodeIx,
) -> Result<(), Rejection> {
    let refuse = |code, message: String| Err(Rejection::new(code, message));
    let process = instance.process_of(library, slot);
    let id = process.node_id(node);
    if process.row(node).scope != Some(instance.elements[slot].node) || !process.row(node).is_activity {
        return refuse(
            RejectionCode::InvalidTarget,
            format!("`{id}` is no activity of the ad-hoc sub-process"),
        );
    }
    let plan = process
        .row(instance.elements[slot].node)
        .ad_hoc
        .as_deref()
        .expect("an ad-hoc sub-process has a plan");
    if plan.sequential && running(library, instance, slot) {
        return refuse(
            RejectionCode::NotWaiting,
            "another activity runs, and the ordering is sequential".to_owned(),
        );
    }
    let row = process.row(node);
    let tokens: u32 = row.incoming.iter().map(|flow| instance.tokens_on(slot, *flow)).sum();
    if !row.incoming.is_empty() && tokens < row.start_quantity {
        return refuse(RejectionCode::NotWaiting, format!("`{id}` is not enabled: no token has come to it"));
    }
    if !can_be_selected(row) {
        return refuse(RejectionCode::InvalidTarget, format!("`{id}` cannot be selected"));
    }
    Ok(())
}

/// Event sub-processes start by their triggers, compensation activities by compensation.
fn can_be_selected(row: &Row) -> bool {
    row.is_activity && !row.is_for_compensation && row.kind != Kind::EventSubProcess
}

/// True while an inner activity runs; armed events do not count.
pub(crate) fn running(library: &Library, instance: &Instance, slot: Slot) -> bool {
    let process = instance.process_of(library, slot);
    instance.children(slot).any(|child| process.row(instance.elements[child].node).is_activity)
}

/// The host selected an activity.
pub(crate) fn activate(step: &mut Step<'_>, slot: Slot, node: NodeIx) {
    let scope = step.key(slot);
    if !step.process(slot).row(node).incoming.is_empty() {
        step.emit(Event::Joined { node, scope });
    }
    step.emit(Event::StartQueued { node, scope });
}

/// Something inside a scope completed; nothing, where the scope is no ad-hoc sub-process.
pub(crate) fn inner_completed(step: &mut Step<'_>, scope: Slot, node: NodeIx) {
    let Some(plan) = step.node(scope).and_then(|node| step.process(scope).row(node).ad_hoc.as_deref()) else {
        return;
    };
    if step.instance.elements[scope].multi.is_some() || step.is_revived(scope) {
        return;
    }
    if plan.events.contains(&node) {
        let scope = step.key(scope);
        return step.emit(Event::StartQueued { node, scope });
    }
    if step.instance.find_wait(scope, Which(0)).is_none() {
        return settle(step, scope);
    }
    let (true, Some(condition)) = (step.process(scope).row(node).is_activity, &plan.completion_condition)
    else {
        return;
    };
    match step.holds(condition, scope) {
        Ok(false) => {}
        Ok(true) if plan.cancel_remaining || plan.sequential => complete(step, scope),
        Ok(true) => {
            // What runs may finish, nothing new is selected.
            let key = step.key(scope);
            step.emit(Event::Disarmed { key, which: Which(0) });
            settle(step, scope);
        }
        Err(failure) => step.raise_as(scope, Stage::Arm(Which(0)), failure),
    }
}

/// The sub-process completes, with everything that still runs in it canceled.
pub(crate) fn complete(step: &mut Step<'_>, scope: Slot) {
    step.cancel_inside(scope);
    step.complete_work(scope, Context::default());
}

/// Nothing runs in it any more: it completes where nothing can be selected either.
pub(crate) fn settle(step: &mut Step<'_>, scope: Slot) {
    let is_open = step.instance.find_wait(scope, Which(0)).is_some();
    if !is_open && !running(step.library, step.instance, scope) {
        complete(step, scope);
    }
}
