//! Default flows (R047, R048, R050, R051).

use super::context::Checker;
use super::sequence_flows::is_conditional;
use crate::Severity;
use crate::model::{FlowElement, FlowElementIx, Reference};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for row in checker.rows() {
        if checker.process_of(row).is_none() {
            continue;
        }
        let default = default_of(&checker.definitions[row]).and_then(|it| default(checker, row, it));
        unconditional(checker, row, default);
    }
}

/// The default flow, if it is one that leaves the element.
fn default(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    reference: &Reference,
) -> Option<FlowElementIx> {
    let flow = checker.flow_element(reference)?;
    if !matches!(checker.definitions[flow], FlowElement::SequenceFlow(_)) {
        return None;
    }
    if !checker.outgoing(row).contains(&flow) {
        let message = format!("the default flow `{}` does not leave this element", reference.text);
        checker.error(47, checker.at(row), message);
        return None;
    }
    if is_conditional(checker, flow) {
        let message = format!("the default flow of {} has a condition, which is ignored", checker.name(row));
        checker.warning(48, checker.at(flow), message);
    }
    Some(flow)
}

/// R050 and R051: what stands beside a default, or at a gateway that decides, has a condition.
fn unconditional(checker: &mut Checker<'_, '_>, row: FlowElementIx, default: Option<FlowElementIx>) {
    let outgoing = checker.outgoing(row);
    if outgoing.len() < 2 {
        return;
    }
    let others: Vec<FlowElementIx> = outgoing
        .iter()
        .copied()
        .filter(|flow| Some(*flow) != default && !is_conditional(checker, *flow))
        .collect();
    let decides = matches!(
        checker.definitions[row],
        FlowElement::ExclusiveGateway(_) | FlowElement::InclusiveGateway(_)
    );
    if decides {
        let severity = checker.executed_at(row, Severity::Warning);
        for flow in others {
            let message =
                format!("a flow out of {}, which is not its default, has no condition", checker.name(row));
            checker.find(severity, 51, checker.at(flow), message);
        }
    } else if default.is_some() && others.len() + 1 == outgoing.len() {
        let message = "the default flow stands beside flows without condition only, which are always taken";
        checker.warning(50, checker.at(row), message);
    }
}

/// The `default` of an element that may have one.
pub(super) fn default_of(element: &FlowElement) -> Option<&Reference> {
    let gateway = match element {
        FlowElement::ExclusiveGateway(gateway) => gateway.default.as_ref(),
        FlowElement::InclusiveGateway(gateway) => gateway.default.as_ref(),
        FlowElement::ComplexGateway(gateway) => gateway.default.as_ref(),
        _ => None,
    };
    gateway.or_else(|| element.activity().and_then(|activity| activity.default.as_ref()))
}
