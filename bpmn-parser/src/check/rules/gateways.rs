//! Gateways (R131 to R139).

use super::context::Checker;
use super::kinds::Kinds;
use super::levels::instantiates;
use super::sequence_flows::nodes;
use super::topology::{Level, LevelKind};
use crate::Severity;
use crate::model::{EventBasedGateway, EventBasedGatewayType, FlowElement, FlowElementIx, GatewayDirection};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for level in checker.levels() {
        let nodes = nodes(checker, &level);
        let is_start = |row: &FlowElementIx| matches!(checker.definitions[*row], FlowElement::StartEvent(_));
        let has_start = nodes.iter().any(is_start);
        for row in nodes {
            if checker.definitions[row].gateway().is_some() {
                flows(checker, row, &level, has_start);
                direction(checker, row);
            }
            let sources =
                checker.incoming(row).iter().filter_map(|it| checker.topology.ends[it.0 as usize].0);
            let awaited =
                |it: FlowElementIx| matches!(checker.definitions[it], FlowElement::EventBasedGateway(_));
            if sources.into_iter().any(awaited) {
                waiting_target(checker, row);
            }
            match &checker.definitions[row] {
                FlowElement::EventBasedGateway(gateway) => event_based(checker, row, gateway),
                FlowElement::ComplexGateway(gateway)
                    if gateway.activation_condition.is_none() && checker.incoming(row).len() > 1 =>
                {
                    let message = "a complex gateway that joins has an `activationCondition`; without it one token is enough";
                    checker.find(checker.executed_at(row, Severity::Warning), 139, checker.at(row), message);
                }
                _ => {}
            }
        }
    }
}

/// R131, R133 and R138.
fn flows(checker: &mut Checker<'_, '_>, row: FlowElementIx, level: &Level<'_>, has_start: bool) {
    let (incoming, outgoing) = (checker.incoming(row).len(), checker.outgoing(row).len());
    let element = &checker.definitions[row];
    let place = checker.at(row);
    if incoming == 0 && has_start && !instantiates(element) && level.kind != LevelKind::AdHoc {
        return checker.error(138, place, "no flow leads into the gateway, and the level has a start event");
    }
    if let FlowElement::EventBasedGateway(_) = element {
        if outgoing < 2 {
            let message =
                format!("an event-based gateway has several outgoing flows; this one has {outgoing}");
            checker.warning(133, place, message);
        }
    } else if incoming < 2 && outgoing < 2 {
        let message =
            "a gateway has several incoming or several outgoing flows; this one decides and joins nothing";
        checker.warning(131, place, message);
    }
}

/// R132.
fn direction(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let Some(direction) = checker.definitions[row].gateway().and_then(|it| it.gateway_direction) else {
        return;
    };
    let (incoming, outgoing) = (checker.incoming(row).len(), checker.outgoing(row).len());
    let fits = match direction {
        GatewayDirection::Unspecified => true,
        GatewayDirection::Converging => outgoing <= 1,
        GatewayDirection::Diverging => incoming <= 1,
        GatewayDirection::Mixed => incoming > 1 && outgoing > 1,
    };
    if !fits {
        let message = format!(
            "`gatewayDirection` is {}, but the gateway has {incoming} incoming and {outgoing} outgoing flows",
            direction.as_str()
        );
        checker.warning(132, checker.at(row), message);
    }
}

/// R135 and R137.
fn event_based(checker: &mut Checker<'_, '_>, row: FlowElementIx, gateway: &EventBasedGateway) {
    let place = checker.at(row);
    let flows = checker.outgoing(row).iter();
    let mut targets: Vec<FlowElementIx> =
        flows.filter_map(|flow| checker.topology.ends[flow.0 as usize].1).collect();
    targets.sort_unstable();
    targets.dedup();
    let receives = targets.iter().any(|it| matches!(checker.definitions[*it], FlowElement::ReceiveTask(_)));
    if receives && targets.iter().any(|it| checker.kinds(*it).has(Kinds::MESSAGE)) {
        checker.warning(
            135,
            place,
            "message events and receive tasks are mixed behind one event-based gateway",
        );
    }
    let instantiate = gateway.instantiate == Some(true);
    if instantiate && !checker.incoming(row).is_empty() {
        checker.error(137, place, "an event-based gateway that creates instances has no incoming flow");
    }
    if gateway.event_gateway_type == Some(EventBasedGatewayType::Parallel) {
        if !instantiate {
            checker.error(
                137,
                place,
                "a parallel event-based gateway creates instances: `instantiate` is true",
            );
        }
        let only_messages = |it: &FlowElementIx| match &checker.definitions[*it] {
            FlowElement::IntermediateCatchEvent(_) => checker.kinds(*it).is_within(Kinds::MESSAGE),
            _ => true,
        };
        if !targets.iter().all(only_messages) {
            checker.error(137, place, "a parallel event-based gateway waits for messages only");
        }
    }
}

/// R134 and R136: what an event-based gateway can wait for.
fn waiting_target(checker: &mut Checker<'_, '_>, target: FlowElementIx) {
    let place = checker.at(target);
    let waits = match &checker.definitions[target] {
        FlowElement::IntermediateCatchEvent(_) => checker.kinds(target).is_within(Kinds::AWAITED),
        FlowElement::ReceiveTask(_) => {
            if !checker.topology.attached[target.0 as usize].is_empty() {
                let message = "a receive task behind an event-based gateway has no boundary events";
                checker.error(136, place, message);
            }
            true
        }
        _ => false,
    };
    if !waits {
        let message = "behind an event-based gateway stands a receive task, or an intermediate event that catches a \
                       message, signal, timer or condition";
        return checker.error(134, place, message);
    }
    if checker.incoming(target).len() > 1 {
        checker.error(136, place, "what stands behind an event-based gateway has no other incoming flow");
    }
}
