//! Small files made in the tests, checked and looked into.

use bpmn_parser::graph::{Model, Node, ProcessGraph};
use bpmn_parser::property::{Expression, Language, Text};
use bpmn_parser::{Diagnostic, Severity, check, parse};

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

/// The codes of reading, dialects and lowering; the rules of the checker have tests of their own.
fn is_of_the_reader(code: u16) -> bool {
    matches!(code, 1..=3 | 10..=12 | 14..=19 | 21..=24 | 26 | 27 | 34..=36 | 47 | 59 | 70 | 81 | 93 | 99 | 125 | 200..)
}

/// The model of a file that the reader has nothing against.
pub(crate) fn model(text: &str) -> Model {
    let parsed = parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let (model, diagnostics) = Model::lower(&parsed.definitions);
    let mut all = parsed.diagnostics.iter().chain(&diagnostics);
    let error = all.find(|it| it.severity == Severity::Error && is_of_the_reader(it.code.0));
    assert!(error.is_none(), "{text}\n{error:?}");
    model
}

/// The one process of a file without errors.
pub(crate) fn graph(text: &str) -> ProcessGraph {
    model(text).processes.swap_remove(0)
}

/// The node with an id.
pub(crate) fn node<'g>(graph: &'g ProcessGraph, id: &str) -> &'g Node {
    graph.node(graph.find(id).unwrap_or_else(|| panic!("a node {id}")))
}

/// The findings of the reader, each once, in order, as `E0010 error F1`.
pub(crate) fn findings(text: &str) -> Vec<String> {
    let line = |it: &Diagnostic| {
        format!("{} {} {}", it.code, it.severity.as_str(), it.element.as_deref().unwrap_or("-"))
    };
    let of_the_reader = |it: &&Diagnostic| is_of_the_reader(it.code.0);
    check(text.as_bytes()).diagnostics.iter().filter(of_the_reader).map(line).collect()
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
