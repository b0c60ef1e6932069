//! Where a level begins and ends, and what of it is never reached (R052 to R057, R060, R061, R064, R065).

use super::context::{Checker, Place};
use super::sequence_flows::nodes;
use super::topology::{Level, LevelKind};
use crate::model::{FlowElement, FlowElementIx, ProcessType, RootElement};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for level in checker.levels() {
        let nodes = nodes(checker, &level);
        let is = |row: &FlowElementIx, start: bool| match checker.definitions[*row] {
            FlowElement::StartEvent(_) => start,
            FlowElement::EndEvent(_) => !start,
            _ => false,
        };
        let starts: Vec<FlowElementIx> = nodes.iter().copied().filter(|row| is(row, true)).collect();
        let has_end = nodes.iter().any(|row| is(row, false));
        if level.kind == LevelKind::AdHoc {
            continue;
        }
        begins_and_ends(checker, &level, &nodes, !starts.is_empty(), has_end);
        start_events(checker, &level, &starts);
        for row in nodes {
            connected(checker, row, !starts.is_empty(), has_end);
        }
    }
    public_processes(checker);
    called_processes(checker);
}

/// The place of a level: its sub-process or process.
pub(super) fn level_place<'d>(checker: &Checker<'d, '_>, level: &Level<'d>) -> Place<'d> {
    match level.owner {
        Some(owner) => checker.at(owner),
        None => {
            let root = &checker.definitions.root_elements[level.root as usize];
            Place { element: root.id(), position: root.position() }
        }
    }
}

/// R052 and R053.
fn begins_and_ends<'d>(
    checker: &mut Checker<'d, '_>,
    level: &Level<'d>,
    nodes: &[FlowElementIx],
    has_start: bool,
    has_end: bool,
) {
    let instantiates = nodes.iter().any(|row| instantiates(&checker.definitions[*row]));
    let place = level_place(checker, level);
    if has_end && !has_start && !instantiates && level.kind != LevelKind::Event {
        checker.warning(
            52,
            place,
            "there is an end event but no start event: every node without incoming flow starts",
        );
    }
    if has_start && !has_end {
        checker.warning(
            53,
            place,
            "there is a start event but no end event: every path ends where no flow goes on",
        );
    }
}

/// A receive task or event-based gateway that creates instances.
pub(super) fn instantiates(element: &FlowElement) -> bool {
    match element {
        FlowElement::ReceiveTask(task) => task.instantiate == Some(true),
        FlowElement::EventBasedGateway(gateway) => gateway.instantiate == Some(true),
        _ => false,
    }
}

/// R064 and R065.
fn start_events(checker: &mut Checker<'_, '_>, level: &Level<'_>, starts: &[FlowElementIx]) {
    match level.kind {
        LevelKind::Process | LevelKind::AdHoc => {}
        LevelKind::Embedded | LevelKind::Transaction => {
            for row in starts {
                if has_trigger(&checker.definitions[*row]) {
                    let message =
                        "the start event of an embedded sub-process has no trigger: a token starts it";
                    checker.error(64, checker.at(*row), message);
                }
            }
            for row in starts.iter().skip(1) {
                checker.error(64, checker.at(*row), "an embedded sub-process has only one start event");
            }
        }
        LevelKind::Event => {
            let Some(owner) = level.owner else { return };
            let place = checker.at(owner);
            match starts {
                [only] if has_trigger(&checker.definitions[*only]) => {}
                [_] => checker.error(
                    65,
                    place,
                    "the start event of an event sub-process has an event definition",
                ),
                _ => {
                    let count = starts.len();
                    let message =
                        format!("an event sub-process has exactly one start event, this one has {count}");
                    checker.error(65, place, message);
                }
            }
        }
    }
}

/// Whether an event has a definition, contained or referenced.
pub(super) fn has_trigger(element: &FlowElement) -> bool {
    let catch = element.catch_event().map(|it| (&it.event_definitions, &it.event_definition_refs));
    let throw = element.throw_event().map(|it| (&it.event_definitions, &it.event_definition_refs));
    let found = catch.or(throw);
    found.is_some_and(|(definitions, references)| !definitions.is_empty() || !references.is_empty())
}

/// R054 to R057; gateways and intermediate events have rules of their own.
fn connected(checker: &mut Checker<'_, '_>, row: FlowElementIx, has_start: bool, has_end: bool) {
    let element = &checker.definitions[row];
    let place = checker.at(row);
    let no_incoming = checker.incoming(row).is_empty();
    let no_outgoing = checker.outgoing(row).is_empty();
    match element {
        FlowElement::StartEvent(_) if no_outgoing => {
            checker.error(56, place, "a start event has an outgoing flow");
        }
        FlowElement::EndEvent(_) if no_incoming => {
            checker.warning(57, place, "an end event has an incoming flow; nothing leads to this one");
        }
        _ if checker.is_event_sub_process(row) || checker.is_compensation_activity(row) => {}
        _ if element.activity().is_some() || element.gateway().is_some() => {
            let unreached =
                no_incoming && has_start && element.activity().is_some() && !instantiates(element);
            if unreached {
                checker.warning(
                    54,
                    place,
                    "no flow leads here, and the level has a start event: it is never reached",
                );
            }
            if no_outgoing && has_end {
                checker.warning(55, place, "no flow leads on from here, though the level has an end event");
            }
        }
        _ => {}
    }
}

/// R060.
fn public_processes(checker: &mut Checker<'_, '_>) {
    for root in &checker.definitions.root_elements {
        let RootElement::Process(process) = root else { continue };
        if process.process_type == Some(ProcessType::Public) && process.is_executable == Some(true) {
            let message = "a public process shows only what others see of it; it is not executable";
            checker.error(60, Place::of(&process.callable.base), message);
        }
    }
}

/// R061: what is called can start without a trigger.
fn called_processes(checker: &mut Checker<'_, '_>) {
    let mut triggered_only = vec![false; checker.definitions.root_elements.len()];
    for level in checker.levels().iter().filter(|level| level.kind == LevelKind::Process) {
        let starts = level.content.iter().filter(|row| {
            matches!(checker.definitions[**row], FlowElement::StartEvent(_))
                || instantiates(&checker.definitions[**row])
        });
        let mut any = false;
        let mut plain = false;
        for row in starts {
            any = true;
            let element = &checker.definitions[*row];
            plain |= matches!(element, FlowElement::StartEvent(_)) && !has_trigger(element);
        }
        triggered_only[level.root as usize] = any && !plain;
    }
    for row in checker.rows() {
        let FlowElement::CallActivity(call) = &checker.definitions[row] else { continue };
        let called = call.called_element.as_ref().and_then(|it| checker.resolve(it));
        let Some(called) = called.filter(|it| it.name == "process") else { continue };
        if called.root.is_some_and(|root| triggered_only[root as usize]) {
            let id = called.element.id().unwrap_or_default();
            let message = format!("the called process `{id}` has no start event without a trigger");
            checker.error(61, checker.at(row), message);
        }
    }
}
