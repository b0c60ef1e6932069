//! Loops and multi-instance activities (R120, R121, R123, R124).

use super::context::Checker;
use super::data::is_visible;
use crate::Severity;
use crate::model::{
    BaseElement, Expression, FlowElementIx, LoopCharacteristics, MultiInstanceFlowCondition,
    MultiInstanceLoopCharacteristics, Reference, StandardLoopCharacteristics,
};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for row in checker.rows() {
        if checker.process_of(row).is_none() {
            continue;
        }
        let activity = checker.definitions[row].activity();
        match activity.and_then(|activity| activity.loop_characteristics.as_ref()) {
            Some(LoopCharacteristics::Standard(standard)) => standard_loop(checker, row, standard),
            Some(LoopCharacteristics::MultiInstance(multi)) => multi_instance(checker, row, multi),
            None => {}
        }
    }
}

fn standard_loop(checker: &mut Checker<'_, '_>, row: FlowElementIx, standard: &StandardLoopCharacteristics) {
    if let Some(maximum) = standard.loop_maximum.filter(|maximum| *maximum < 0) {
        let message = format!("`loopMaximum` is {maximum}; it is not negative");
        checker.error(1, checker.part(row, standard), message);
    }
    formal(checker, row, "loopCondition", standard.loop_condition.as_ref());
}

fn multi_instance(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    multi: &MultiInstanceLoopCharacteristics,
) {
    if multi.loop_cardinality.is_none() && multi.loop_data_input_ref.is_none() {
        let by_dialect = dialect_names_a_collection(checker, &multi.base);
        let severity = if by_dialect { Severity::Note } else { checker.executed_at(row, Severity::Error) };
        let message = "a multi-instance activity has a `loopCardinality` or a `loopDataInputRef`";
        checker.find(severity, 120, checker.part(row, multi), message);
    }
    let collections = [
        ("loopDataInputRef", "dataInput", &multi.loop_data_input_ref),
        ("loopDataOutputRef", "dataOutput", &multi.loop_data_output_ref),
    ];
    for (name, kind, reference) in collections {
        if let Some(reference) = reference {
            collection(checker, row, name, kind, reference);
        }
    }
    behavior(checker, row, multi);
    formal(checker, row, "loopCardinality", multi.loop_cardinality.as_ref());
}

fn dialect_names_a_collection(checker: &Checker<'_, '_>, base: &BaseElement) -> bool {
    let properties = checker.properties("multiInstanceLoopCharacteristics", base);
    properties.loop_data.input_collection.is_some()
}

/// R121: the collection is an input or output of the task itself, or a data object that the sub-process sees.
fn collection(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    name: &str,
    kind: &str,
    reference: &Reference,
) {
    let Some(found) = checker.resolve(reference) else { return };
    let is_data = matches!(
        found.name,
        "dataObject"
            | "dataObjectReference"
            | "dataStoreReference"
            | "dataStore"
            | "property"
            | "dataInput"
            | "dataOutput"
    );
    let own = found.name == kind && found.inside == Some(row);
    if !is_data || own {
        return;
    }
    let visible = is_visible(checker, &found, row);
    let is_object = matches!(found.name, "dataObject" | "dataObjectReference");
    if checker.definitions[row].sub_process().is_some() && visible && is_object {
        return;
    }
    let severity = if visible { Severity::Warning } else { Severity::Error };
    let message = match checker.definitions[row].sub_process() {
        Some(_) => format!(
            "`{name}` refers to `{}`, which is no data object that the sub-process sees",
            reference.text
        ),
        None => format!("`{name}` refers to `{}`, which is no `{kind}` of this activity", reference.text),
    };
    checker.find(severity, 121, checker.at(row), message);
}

/// R123: what belongs to another behavior has no effect.
fn behavior(checker: &mut Checker<'_, '_>, row: FlowElementIx, multi: &MultiInstanceLoopCharacteristics) {
    let behavior = multi.behavior.unwrap_or(MultiInstanceFlowCondition::All);
    let is = |other: MultiInstanceFlowCondition| behavior == other;
    let given = [
        (
            "noneBehaviorEventRef",
            multi.none_behavior_event_ref.is_some(),
            is(MultiInstanceFlowCondition::None),
        ),
        ("oneBehaviorEventRef", multi.one_behavior_event_ref.is_some(), is(MultiInstanceFlowCondition::One)),
        (
            "complexBehaviorDefinition",
            !multi.complex_behavior_definitions.is_empty(),
            is(MultiInstanceFlowCondition::Complex),
        ),
    ];
    for (name, there, fits) in given {
        if there && !fits {
            let message = format!("`{name}` has no effect: `behavior` is {}", behavior.as_str());
            checker.warning(123, checker.part(row, multi), message);
        }
    }
    if is(MultiInstanceFlowCondition::Complex) && multi.complex_behavior_definitions.is_empty() {
        let message = "`behavior` is Complex, but there is no `complexBehaviorDefinition`: nothing is thrown";
        checker.warning(123, checker.part(row, multi), message);
    }
}

/// R124.
fn formal(checker: &mut Checker<'_, '_>, row: FlowElementIx, name: &str, expression: Option<&Expression>) {
    let Some(expression) = expression else { return };
    let vague = !expression.is_declared_formal() && !expression.body.text.trim().is_empty();
    if vague && checker.executed_at(row, Severity::Warning) == Severity::Warning {
        let message = format!("`{name}` is not declared as `tFormalExpression`; it is read as one");
        checker.warning(124, checker.part(row, expression), message);
    }
}
