//! Small files made in the tests, checked and looked into.

use bpmn_parser::graph::{Model, Node, ProcessGraph};
use bpmn_parser::property::{Expression, Language, Text};
use bpmn_parser::{Checked, check};

/// A file with all the usual namespaces around its root elements.
pub(crate) fn definitions(root: &str) -> String {
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" targetNamespace=\"t\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\" \
         xmlns:flowable=\"http://flowable.org/bpmn\" xmlns:activiti=\"http://activiti.org/bpmn\">{root}</definitions>"
    )
}

/// A file with one executable process.
pub(crate) fn process(content: &str) -> String {
    definitions(&format!("<process id=\"P\" isExecutable=\"true\">{content}</process>"))
}

/// The model of a file without errors.
pub(crate) fn model(text: &str) -> Model {
    let checked = check(text.as_bytes());
    checked.model.unwrap_or_else(|| panic!("{text}\n{:#?}", checked.diagnostics))
}

/// The one process of a file without errors.
pub(crate) fn graph(text: &str) -> ProcessGraph {
    model(text).processes.swap_remove(0)
}

/// The node with an id.
pub(crate) fn node<'g>(graph: &'g ProcessGraph, id: &str) -> &'g Node {
    graph.node(graph.find(id).unwrap_or_else(|| panic!("a node {id}")))
}

/// The codes of all findings, in order, as `E0010 error F1`.
pub(crate) fn findings(text: &str) -> Vec<String> {
    let Checked { diagnostics, .. } = check(text.as_bytes());
    let line = |it: &bpmn_parser::Diagnostic| {
        format!("{} {} {}", it.code, it.severity.as_str(), it.element.as_deref().unwrap_or("-"))
    };
    diagnostics.iter().map(line).collect()
}

/// The text of a FEEL expression.
pub(crate) fn feel(text: &Option<Text>) -> &str {
    match text {
        Some(Text::Expression(Expression { text, language: Language::Feel, .. })) => text,
        other => panic!("a FEEL expression, not {other:?}"),
    }
}

/// A static text.
pub(crate) fn literal(text: &Option<Text>) -> &str {
    match text {
        Some(Text::Literal(text)) => text,
        other => panic!("a literal, not {other:?}"),
    }
}
