//! Which event definitions stand where: Tables 10.84 to 10.93 (R063, R066 to R068, R071 to R073, R075).

use super::context::Checker;
use super::kinds::Kinds;
use super::levels::has_trigger;
use super::topology::LevelKind;
use crate::model::{EventDefinition, FlowElement, FlowElementIx};

/// Where an event stands, as far as that decides which definitions it may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Start,
    EventSubProcess { interrupting: bool },
    Catch,
    Boundary { interrupting: bool },
    Throw,
    End,
}

impl Position {
    fn name(self) -> &'static str {
        match self {
            Position::Start => "a start event of a process",
            Position::EventSubProcess { interrupting: true } => "the start event of an event sub-process",
            Position::EventSubProcess { interrupting: false } => {
                "the start event of an event sub-process that does not interrupt"
            }
            Position::Catch => "an intermediate catch event",
            Position::Boundary { interrupting: true } => "a boundary event",
            Position::Boundary { interrupting: false } => "a boundary event that does not interrupt",
            Position::Throw => "an intermediate throw event",
            Position::End => "an end event",
        }
    }
}

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for row in checker.rows() {
        if checker.process_of(row).is_none() || checker.definitions[row].event().is_none() {
            continue;
        }
        let Some(position) = position(checker, row) else { continue };
        for definition in checker.definitions_of(row) {
            definition_at(checker, row, position, definition);
        }
        without_definition(checker, row, position);
        host(checker, row);
        parallel(checker, row);
    }
}

/// The position of an event; none where another rule speaks of it.
fn position(checker: &Checker<'_, '_>, row: FlowElementIx) -> Option<Position> {
    match &checker.definitions[row] {
        FlowElement::StartEvent(event) => match checker.level_kind(row)? {
            LevelKind::Process => Some(Position::Start),
            LevelKind::Event => {
                Some(Position::EventSubProcess { interrupting: event.is_interrupting != Some(false) })
            }
            LevelKind::Embedded | LevelKind::Transaction | LevelKind::AdHoc => None,
        },
        FlowElement::IntermediateCatchEvent(_) => Some(Position::Catch),
        FlowElement::BoundaryEvent(event) => {
            Some(Position::Boundary { interrupting: event.cancel_activity != Some(false) })
        }
        FlowElement::IntermediateThrowEvent(_) => Some(Position::Throw),
        FlowElement::EndEvent(_) => Some(Position::End),
        _ => None,
    }
}

/// Whether the table allows the definition there. The flag is without meaning for compensation, so it is allowed
/// with either; whether a cancel event belongs to a transaction is checked apart.
fn is_allowed(definition: &EventDefinition, position: Position) -> bool {
    match definition {
        EventDefinition::Message(_) | EventDefinition::Signal(_) => true,
        EventDefinition::Timer(_) | EventDefinition::Conditional(_) => {
            !matches!(position, Position::Throw | Position::End)
        }
        EventDefinition::Escalation(_) => !matches!(position, Position::Start | Position::Catch),
        EventDefinition::Error(_) => matches!(
            position,
            Position::EventSubProcess { interrupting: true }
                | Position::Boundary { interrupting: true }
                | Position::End
        ),
        EventDefinition::Cancel(_) => {
            matches!(position, Position::Boundary { interrupting: true } | Position::End)
        }
        EventDefinition::Compensate(_) => !matches!(position, Position::Start | Position::Catch),
        EventDefinition::Link(_) => matches!(position, Position::Catch | Position::Throw),
        EventDefinition::Terminate(_) => position == Position::End,
    }
}

fn definition_at(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    position: Position,
    definition: &EventDefinition,
) {
    let name = definition.name();
    let place = checker.at(row);
    if is_allowed(definition, position) {
        let in_transaction = checker.level_kind(row) == Some(LevelKind::Transaction);
        let cancels = matches!(definition, EventDefinition::Cancel(_));
        if cancels && position == Position::End && !in_transaction {
            checker.error(73, place, "a cancel end event lies directly in a transaction");
        }
        return;
    }
    let never_beside = matches!(definition, EventDefinition::Error(_) | EventDefinition::Cancel(_));
    match position {
        Position::EventSubProcess { interrupting: false }
            if matches!(definition, EventDefinition::Error(_)) =>
        {
            checker.error(66, place, "an error always interrupts: `isInterrupting` is not false here");
        }
        Position::Boundary { interrupting: false } if never_beside => {
            let message = format!("`{name}` always interrupts: `cancelActivity` is not false here");
            checker.error(67, place, message);
        }
        _ => checker.error(63, place, format!("{} has no `{name}`", position.name())),
    }
}

/// R063 and R068: an event that waits has something to wait for.
fn without_definition(checker: &mut Checker<'_, '_>, row: FlowElementIx, position: Position) {
    if has_trigger(&checker.definitions[row]) {
        return;
    }
    let place = checker.at(row);
    match position {
        Position::Catch => checker.error(63, place, "an intermediate catch event has an event definition"),
        Position::Boundary { .. } => checker.error(68, place, "a boundary event has an event definition"),
        Position::Start | Position::EventSubProcess { .. } | Position::Throw | Position::End => {}
    }
}

/// R071 and R072: what a boundary event is attached to.
fn host(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let Some(host) = checker.topology.hosts[row.0 as usize] else { return };
    let place = checker.at(row);
    if checker.is_event_sub_process(host) {
        let message = format!("{} is an event sub-process, which has no boundary events", checker.name(host));
        checker.error(71, place, message);
    }
    let cancels = checker.kinds(row).has(Kinds::CANCEL);
    if cancels && !matches!(checker.definitions[host], FlowElement::Transaction(_)) {
        let message =
            format!("a cancel boundary event is attached to a transaction; {} is none", checker.name(host));
        checker.error(72, place, message);
    }
}

/// R075.
fn parallel(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let Some(catch) = checker.definitions[row].catch_event() else { return };
    let count = catch.event_definitions.len() + catch.event_definition_refs.len();
    if catch.parallel_multiple == Some(true) && count < 2 {
        let message =
            format!("`parallelMultiple` is true, but there are not several definitions but {count}");
        checker.warning(75, checker.at(row), message);
    }
}
