//! Expressions that can be executed: formal, and with a body (R175, R176).

use super::context::Checker;
use crate::Severity;
use crate::model::{AttributeValue, Entry};

/// Expressions whose informality no other rule speaks of.
const MAY_BE_INFORMAL: &[&str] =
    &["completionCondition", "activationCondition", "timeDate", "timeDuration", "timeCycle", "expression"];
/// Expressions that are formal by the schema.
const ALWAYS_FORMAL: &[&str] = &["messagePath", "dataPath", "transformation", "formalExpression"];
const OTHERS: &[&str] =
    &["conditionExpression", "condition", "loopCondition", "loopCardinality", "from", "to"];

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let definitions = checker.definitions;
    let mut expressions = Vec::new();
    definitions.walk(&mut |entry| {
        let lists = [MAY_BE_INFORMAL, ALWAYS_FORMAL, OTHERS];
        if entry.element.body().is_some() && lists.iter().any(|list| list.contains(&entry.name)) {
            expressions.push(entry);
        }
    });
    for entry in expressions {
        expression(checker, &entry);
    }
}

fn expression(checker: &mut Checker<'_, '_>, entry: &Entry<'_>) {
    let executable = checker.executed(entry.root, Severity::Error) == Severity::Error;
    let formal = ALWAYS_FORMAL.contains(&entry.name) || is_declared_formal(entry);
    let empty = entry.element.body().is_none_or(|body| body.text.trim().is_empty());
    let place = checker.entry_place(entry);
    if empty && !lies_elsewhere(entry) && (formal || executable) {
        let severity = if executable { Severity::Error } else { Severity::Warning };
        checker.find(severity, 176, place, format!("the expression of `{}` is empty", entry.name));
    } else if !formal && executable && !empty && MAY_BE_INFORMAL.contains(&entry.name) {
        let message = format!("`{}` is not declared as `tFormalExpression`; it is read as one", entry.name);
        checker.warning(175, place, message);
    }
}

fn is_declared_formal(entry: &Entry<'_>) -> bool {
    let mut formal = false;
    entry.element.attributes(&mut |name, value| {
        if let ("xsi:type", AttributeValue::Reference(kind)) = (name, value) {
            formal = kind.local() == "tFormalExpression";
        }
    });
    formal
}

/// A dialect may keep a script in a file of its own.
fn lies_elsewhere(entry: &Entry<'_>) -> bool {
    let attributes = &entry.element.markup().attributes;
    attributes.iter().any(|it| it.namespace.is_some() && it.local == "resource")
}
