//! Compensation (10.7, 13.5.5): completed activities are undone in the reverse of the order in which they began.
//!
//! An activity with a compensation boundary event is undone by the activity that the event is joined to, which sees
//! current data. A sub-process is undone by its compensation event sub-process, which sees the data that it had when
//! it completed, or else by undoing its content; for both the completed scope is revived. The runs of a parallel
//! multi-instance sub-process are undone together, everything else one after another.

use crate::behavior::repeat;
use crate::command::Occurrence;
use crate::event::{Event, TriggerKind, Via, WaitKind};
use crate::executor::Step;
use crate::id::{ElementKey, Timestamp, Which};
use crate::instance::{NO_NODE, Record, Role, Slot, Thrown};
use crate::process::{Kind, Throw};
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::{Context, Value};

/// An activity is about to complete: where it can be compensated later, that is recorded.
pub(crate) fn record(step: &mut Step<'_>, slot: Slot) {
    if step.instance.can_be_compensated(step.library, slot) {
        let key = step.key(slot);
        step.emit(Event::Recorded { key });
    }
}

/// A throw of compensation is delivered. True where the thrower waits for handlers.
pub(crate) fn deliver(step: &mut Step<'_>, thrown: &Thrown) -> bool {
    let process = step.library.process(step.instance.process_ix(thrown.process));
    let place = thrown.data.as_list().and_then(|parts| parts.get(1)?.as_number()?.to_i64()).unwrap_or(0);
    let Some(Throw::Compensation { activity, wait }) = process.row(thrown.node).throws.get(place as usize)
    else {
        return false;
    };
    let scope = thrown.scopes.first().and_then(|(scope, _)| step.instance.slot(*scope));
    let Some(scope) = scope.map(|scope| target_scope(step, scope)) else {
        return false;
    };
    let waits = *wait && step.instance.slot(thrown.thrower).is_some();
    let owner = if waits { thrown.thrower } else { ElementKey::NONE };
    let begun = begin(step, scope, owner, *activity);
    if begun && waits {
        let data = crate::event::Data::NONE;
        let kind = WaitKind::Compensation;
        step.emit(Event::Waiting { key: owner, which: Which(0), kind, data, due: Timestamp::NEVER });
    }
    begun && waits
}

/// From an event sub-process the scope that it belongs to is compensated.
fn target_scope(step: &Step<'_>, mut scope: Slot) -> Slot {
    while let Some(node) = step.node(scope)
        && step.process(scope).row(node).kind == Kind::EventSubProcess
    {
        scope = step.instance.elements[scope].parent;
    }
    scope
}

/// Begins to compensate what has completed in a scope: one activity, or all. False where there is nothing.
pub(crate) fn begin(step: &mut Step<'_>, scope: Slot, owner: ElementKey, activity: Option<NodeIx>) -> bool {
    let records_under = step.instance.record_owner(scope);
    let busy: Vec<ElementKey> = step.instance.undos.iter().flat_map(|undo| undo.groups.concat()).collect();
    let mut groups: Vec<(ElementKey, Vec<ElementKey>)> = Vec::new();
    for record in &step.instance.records {
        let is_meant = activity.is_none_or(|activity| record.node == activity);
        if record.owner != records_under || !is_meant || busy.contains(&record.key) {
            continue;
        }
        match groups.iter_mut().find(|(group, _)| group.is_some() && *group == record.group) {
            Some((_, records)) => records.push(record.key),
            None => groups.push((record.group, vec![record.key])),
        }
    }
    if groups.is_empty() {
        return false;
    }
    // What depends on something else began after it: by flow, by data, by ad-hoc order, and along a boundary event,
    // where the activity that it led to may well have completed first.
    groups.sort_by_key(|(group, records)| if group.is_some() { *group } else { records[0] });
    let keys = |records: Vec<ElementKey>| -> Value {
        records.into_iter().map(|key| Value::from(i64::from(key.0))).collect()
    };
    let data = step.data(groups.into_iter().map(|(_, records)| keys(records)).collect());
    let scope = step.key(scope);
    step.emit(Event::UndoBegun { owner, scope, data });
    true
}

/// Goes on with every compensation whose handlers have ended.
pub(crate) fn go_on(step: &mut Step<'_>) {
    while let Some(undo) = step.instance.undos.iter().find(|undo| undo.running.is_empty()).cloned() {
        let scope = step.instance.slot(undo.scope);
        match (scope, undo.groups.last()) {
            (Some(scope), Some(group)) => {
                for key in group.clone() {
                    undo_record(step, scope, key);
                }
            }
            (None, Some(group)) => {
                // The scope is gone, and with it what was to be compensated in it.
                for key in group.clone() {
                    step.emit(Event::Compensated { key, node: NO_NODE });
                }
            }
            (_, None) => {
                step.emit(Event::UndoEnded { owner: undo.owner });
                owner_goes_on(step, undo.owner);
            }
        }
    }
}

fn owner_goes_on(step: &mut Step<'_>, owner: ElementKey) {
    let Some(slot) = step.instance.slot(owner) else {
        return;
    };
    if step.instance.elements[slot].undoes.is_some() {
        return step.emit(Event::Forgotten { key: owner });
    }
    match step.row(slot).kind {
        Kind::Transaction => step.leave_canceled(slot),
        _ => step.complete_work(slot, Context::default()),
    }
}

fn undo_record(step: &mut Step<'_>, scope: Slot, key: ElementKey) {
    let Some(record) = step.instance.records.iter().find(|record| record.key == key).cloned() else {
        return step.emit(Event::Compensated { key, node: NO_NODE });
    };
    step.emit(Event::Compensated { key, node: record.node });
    let process = step.library.process(step.instance.process_ix(record.process));
    let handler = (record.node != NO_NODE).then(|| process.row(record.node).compensation).flatten();
    match handler {
        Some(activity) => run_activity(step, scope, activity, key),
        None => run_content(step, scope, &record),
    }
}

/// The compensation activity runs in the scope of the activity that it compensates.
fn run_activity(step: &mut Step<'_>, scope: Slot, node: NodeIx, record: ElementKey) {
    let slot = step.open_whole(node, scope, Via::NONE);
    let key = step.key(slot);
    step.emit(Event::Undoing { key, record });
    match step.instance.elements[slot].role {
        Role::Body => repeat::begin(step, slot),
        Role::Node | Role::Process => step.begin(slot),
    }
}

/// A completed scope is revived: its compensation event sub-process runs in it, or its content is undone in it.
fn run_content(step: &mut Step<'_>, scope: Slot, record: &Record) {
    let (key, scope) = (step.instance.next_key(), step.key(scope));
    step.emit(Event::Revived { key, record: record.key, scope });
    step.emit(Event::Undoing { key, record: record.key });
    let slot = step.instance.slot(key).expect("the scope was just revived");
    let process = step.process(slot);
    // A call activity has no level of its own: its content is the called process.
    let is_call = record.node != NO_NODE && process.row(record.node).kind == Kind::CallActivity;
    let handler = if is_call { None } else { process.level(step.node(slot)).compensation_handler };
    if let Some(handler) = handler {
        run_handler(step, slot, handler);
    } else if !begin(step, slot, key, None) {
        step.emit(Event::Forgotten { key });
    }
}

fn run_handler(step: &mut Step<'_>, scope: Slot, handler: NodeIx) {
    let process = step.process(scope);
    let start =
        process.graph().children(Some(handler)).find(|node| process.row(*node).kind == Kind::StartEvent);
    let start = start.expect("an event sub-process has a start event (rule R065)");
    step.trigger(scope, start, TriggerKind::Compensation, &Occurrence::default());
    let slot = step.open(handler, scope, Via::NONE);
    step.arm_handlers_or_stop(slot);
    step.pass_event(start, slot, Via::NONE, &Context::default());
}
