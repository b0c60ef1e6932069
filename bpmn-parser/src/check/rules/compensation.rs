//! Compensation: which activity undoes which, and what a throw may name (R125 to R130).

use super::context::{Checker, Place};
use super::topology::LevelKind;
use crate::model::{CompensateEventDefinition, EventDefinition, FlowElement, FlowElementIx};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for row in checker.rows() {
        if checker.process_of(row).is_none() {
            continue;
        }
        if matches!(checker.definitions[row], FlowElement::BoundaryEvent(_))
            && checker.is_compensation_event(row)
        {
            handler_of(checker, row);
        }
        if checker.is_compensation_activity(row) {
            compensation_activity(checker, row);
        }
        several_handlers(checker, row);
        if checker.definitions[row].throw_event().is_some() {
            for definition in checker.definitions_of(row) {
                if let EventDefinition::Compensate(definition) = definition {
                    thrown_at(checker, row, definition);
                }
            }
        }
    }
    handlers_of_levels(checker);
}

/// R125: an association, whichever way it points, leads to one compensation activity.
fn handler_of(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let joined = &checker.topology.associated[row.0 as usize];
    let activities: Vec<FlowElementIx> =
        joined.iter().copied().filter(|it| checker.definitions[*it].activity().is_some()).collect();
    let handlers = activities.iter().filter(|it| checker.is_compensation_activity(**it)).count();
    let place = checker.at(row);
    match (handlers, activities.first()) {
        (1, _) => {}
        (0, None) => {
            checker.error(
                125,
                place,
                "no association leads from the compensation event to a compensation activity",
            );
        }
        (0, Some(other)) => {
            let message = format!(
                "{} is not a compensation activity: `isForCompensation` is not true",
                checker.name(*other)
            );
            checker.error(125, place, message);
        }
        (count, _) => {
            let message =
                format!("associations lead from the compensation event to {count} activities, not one");
            checker.error(125, place, message);
        }
    }
}

/// R126.
fn compensation_activity(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let place = checker.at(row);
    if !checker.incoming(row).is_empty() || !checker.outgoing(row).is_empty() {
        checker.error(126, place, "a compensation activity has no incoming and no outgoing flows");
    }
    let joined = checker.topology.associated[row.0 as usize].iter();
    let from_event = joined
        .filter(|it| matches!(checker.definitions[**it], FlowElement::BoundaryEvent(_)))
        .any(|it| checker.is_compensation_event(*it));
    if !from_event {
        checker.error(126, place, "no compensation event is associated with this compensation activity");
    }
}

/// R127.
fn several_handlers(checker: &mut Checker<'_, '_>, host: FlowElementIx) {
    let attached = checker.topology.attached[host.0 as usize].iter().copied();
    let handlers: Vec<FlowElementIx> = attached.filter(|it| checker.is_compensation_event(*it)).collect();
    for again in handlers.iter().skip(1) {
        let message = format!("{} has a compensation event already", checker.name(host));
        checker.warning(127, checker.at(*again), message);
    }
}

/// R128: one compensation event sub-process for a level.
fn handlers_of_levels(checker: &mut Checker<'_, '_>) {
    let levels = checker.levels();
    let mut has_handler = vec![false; levels.len()];
    for level in levels.iter().filter(|level| level.kind == LevelKind::Event) {
        let Some(owner) = level.owner else { continue };
        let compensates = level.content.iter().any(|row| {
            matches!(checker.definitions[*row], FlowElement::StartEvent(_))
                && checker.is_compensation_event(*row)
        });
        let Some(around) = checker.topology.level_of[owner.0 as usize].filter(|_| compensates) else {
            continue;
        };
        if std::mem::replace(&mut has_handler[around], true) {
            checker.warning(128, checker.at(owner), "the level has a compensation event sub-process already");
        }
    }
}

/// R129 and R130.
fn thrown_at(checker: &mut Checker<'_, '_>, row: FlowElementIx, definition: &CompensateEventDefinition) {
    let target = definition.activity_ref.as_ref().and_then(|it| checker.flow_element(it));
    let Some(target) = target.filter(|it| checker.definitions[*it].activity().is_some()) else { return };
    let place = Place { element: checker.at(row).element, position: definition.base.markup.position };
    if !is_seen_from(checker, row, target) {
        let message =
            format!("{} cannot be compensated from here: it lies in another scope", checker.name(target));
        return checker.error(129, place, message);
    }
    let element = &checker.definitions[target];
    let implicit = element.sub_process().is_some() || matches!(element, FlowElement::CallActivity(_));
    if !implicit && !checker.topology.is_compensated[target.0 as usize] {
        let message = format!("{} has no compensation handler", checker.name(target));
        checker.error(130, place, message);
    }
}

/// The level of the throw, and from an event sub-process the level that it watches over; what a compensation
/// activity throws is left to it.
fn is_seen_from(checker: &Checker<'_, '_>, throw: FlowElementIx, target: FlowElementIx) -> bool {
    let wanted = checker.topology.level_of[target.0 as usize];
    let here = checker.topology.level_of[throw.0 as usize];
    if here == wanted {
        return true;
    }
    let Some(owner) = checker.level_of(throw).and_then(|level| level.owner) else { return false };
    let around = checker.topology.level_of[owner.0 as usize];
    checker.is_compensation_activity(owner) || (checker.is_event_sub_process(owner) && around == wanted)
}
