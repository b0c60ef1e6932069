//! What the engine does not run: refused at deployment by name, with element id, line and column.

use bpmn_parser::Diagnostic;
use bpmn_parser::graph::{Node, NodeKind, ProcessGraph};

/// Codes of what is refused; documented with the others by `bpmn_parser::explain`.
pub(super) const NOT_SUPPORTED: u16 = 401;

/// Adds a finding for each construct of the graph that does not run.
pub(super) fn check(graph: &ProcessGraph, diagnostics: &mut Vec<Diagnostic>) {
    for node in &graph.nodes {
        if let Some(what) = unsupported(node) {
            diagnostics.push(
                Diagnostic::error(
                    NOT_SUPPORTED,
                    node.position,
                    format!("{what} `{}` is not supported yet", node.id),
                )
                .on(&*node.id),
            );
        }
    }
}

/// The construct's name, where it does not run.
fn unsupported(node: &Node) -> Option<String> {
    if let Some(trigger) = node.kind.trigger() {
        let is_start = matches!(node.kind, NodeKind::StartEvent { .. }) && node.scope.is_none();
        if is_start && trigger.parallel_multiple {
            return Some("a parallel multiple startEvent".to_owned());
        }
    }
    None
}
