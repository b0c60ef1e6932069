//! Sequence flows: their ends, their container, their conditions (R034 to R044).

use super::context::Checker;
use super::topology::Level;
use crate::Severity;
use crate::model::{FlowElement, FlowElementIx, SequenceFlow};
use std::collections::HashSet;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for level in checker.levels() {
        for row in level.content {
            if let FlowElement::SequenceFlow(flow) = &checker.definitions[*row] {
                ends(checker, *row, flow);
                condition(checker, *row, flow);
            }
        }
        for row in level.content {
            if checker.definitions[*row].flow_node().is_some() {
                listed_flows(checker, *row);
                lonely_condition(checker, *row);
            }
        }
        for row in level.content {
            if checker.definitions[*row].choreography_activity().is_some() {
                let message = format!("`{}` is not allowed in a process", checker.definitions[*row].name());
                checker.error(59, checker.at(*row), message);
            }
        }
    }
}

fn ends(checker: &mut Checker<'_, '_>, row: FlowElementIx, flow: &SequenceFlow) {
    for (name, reference) in [("sourceRef", &flow.source_ref), ("targetRef", &flow.target_ref)] {
        if reference.is_none() {
            checker.error(34, checker.at(row), format!("the flow has no `{name}`"));
        }
    }
    let (Some(source), Some(target)) = checker.topology.ends[row.0 as usize] else { return };
    let roots = &checker.topology.roots;
    let root = roots[row.0 as usize];
    let (from, to) = (roots[source.0 as usize], roots[target.0 as usize]);
    if from != to || from != root {
        let outside = if from == root { target } else { source };
        let message = format!("the flow leads to or from {} of another process", checker.name(outside));
        return checker.error(35, checker.at(row), message);
    }
    let level = |row: FlowElementIx| checker.topology.level_of[row.0 as usize];
    if level(source) != level(target) {
        let message = format!(
            "the flow leads from {} to {}, which lie in different scopes",
            checker.name(source),
            checker.name(target)
        );
        return checker.error(36, checker.at(row), message);
    }
    if level(row) != level(source) {
        let message =
            format!("the flow does not lie in the container of its ends, such as {}", checker.name(source));
        checker.warning(37, checker.at(row), message);
    }
    direction(checker, row, source, target);
}

/// R039 and R040; event sub-processes and compensation activities have rules of their own.
fn direction(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    source: FlowElementIx,
    target: FlowElementIx,
) {
    let definitions = checker.definitions;
    if matches!(definitions[target], FlowElement::StartEvent(_) | FlowElement::BoundaryEvent(_)) {
        let kind = definitions[target].name();
        let message =
            format!("the flow leads into {}, a `{kind}`, which has no incoming flows", checker.name(target));
        checker.error(39, checker.at(row), message);
    }
    if let FlowElement::EndEvent(_) = definitions[source] {
        let message = format!("the flow leaves {}, an `endEvent`", checker.name(source));
        checker.error(40, checker.at(row), message);
    }
}

fn condition(checker: &mut Checker<'_, '_>, row: FlowElementIx, flow: &SequenceFlow) {
    if flow.is_immediate == Some(false) {
        let message = "`isImmediate` is false: something would happen on the way that the file does not say";
        checker.find(checker.executed_at(row, Severity::Error), 43, checker.at(row), message);
    }
    let (Some(condition), Some(source)) =
        (&flow.condition_expression, checker.topology.ends[row.0 as usize].0)
    else {
        return;
    };
    let element = &checker.definitions[source];
    let parallel = matches!(element, FlowElement::ParallelGateway(_) | FlowElement::EventBasedGateway(_));
    if element.event().is_some() || parallel {
        let message = format!(
            "the condition is ignored: the flow leaves {}, which is a `{}`",
            checker.name(source),
            element.name()
        );
        return checker.warning(41, checker.at(row), message);
    }
    let vague = !condition.is_declared_formal() && !condition.body.text.trim().is_empty();
    if vague && checker.executed_at(row, Severity::Warning) == Severity::Warning {
        let message = "the condition is not declared as `tFormalExpression`; it is read as one";
        checker.warning(44, checker.part(row, &**condition), message);
    }
}

/// R042: an activity with one conditional flow has another way out.
fn lonely_condition(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    if checker.definitions[row].activity().is_none() {
        return;
    }
    let [only] = checker.outgoing(row) else { return };
    let only = *only;
    if is_conditional(checker, only) {
        let message =
            "the only flow out of the activity has a condition; where it is false there is no way on";
        checker.warning(42, checker.at(row), message);
    }
}

pub(super) fn is_conditional(checker: &Checker<'_, '_>, flow: FlowElementIx) -> bool {
    match &checker.definitions[flow] {
        FlowElement::SequenceFlow(flow) => flow.condition_expression.is_some(),
        _ => false,
    }
}

/// R038: where `incoming` and `outgoing` are given, they are the flows that lead there.
fn listed_flows(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let Some(node) = checker.definitions[row].flow_node() else { return };
    let lists = [("incoming", &node.incoming), ("outgoing", &node.outgoing)];
    for (name, references) in lists {
        if references.is_empty() {
            continue;
        }
        let flows = if name == "incoming" { checker.incoming(row) } else { checker.outgoing(row) };
        let actual: HashSet<FlowElementIx> = flows.iter().copied().collect();
        let found = references.iter().filter_map(|it| checker.flow_element(it));
        let is_flow = |it: &FlowElementIx| matches!(checker.definitions[*it], FlowElement::SequenceFlow(_));
        let listed: HashSet<FlowElementIx> = found.filter(is_flow).collect();
        let Some(wrong) = listed.symmetric_difference(&actual).min() else { continue };
        let message = format!("`{name}` does not agree with the ends of the flow {}", checker.name(*wrong));
        checker.warning(38, checker.at(row), message);
    }
}

/// The flow elements of a level that are nodes.
pub(super) fn nodes<'d>(checker: &Checker<'d, '_>, level: &Level<'d>) -> Vec<FlowElementIx> {
    let rows = level.content.iter().copied();
    rows.filter(|row| checker.definitions[*row].flow_node().is_some()).collect()
}
