//! What the engine does not run: refused at deployment by name, with element id, line and column.

use bpmn_parser::Diagnostic;
use bpmn_parser::graph::{EventDefinition, Node, NodeIx, NodeKind, ProcessGraph, SubProcess};

/// Codes of what is refused; documented with the others by `bpmn_parser::explain`.
pub(super) const NOT_SUPPORTED: u16 = 401;
/// A vendor's word that is read and has no effect.
const NO_EFFECT: u16 = 506;
/// A cancel end event whose transaction has no cancel boundary event.
const NO_WAY_OUT: u16 = 601;

/// Adds a finding for each construct of the graph that does not run.
pub(super) fn check(graph: &ProcessGraph, diagnostics: &mut Vec<Diagnostic>) {
    for node in &graph.nodes {
        check_cancel(graph, node, diagnostics);
        check_dialect(node, diagnostics);
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

/// What a dialect says and the engine does not honour is said, never passed over.
fn check_dialect(node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let properties = &node.properties;
    let ignored = [
        ("the priority of a job", properties.job_priority.is_some()),
        ("the time to live of a message", properties.message_ttl.is_some()),
        ("the id of a message", properties.message_id.is_some()),
        ("the variable for who started the instance", properties.initiator.is_some()),
        ("the filter of a condition", properties.condition_filter.is_some()),
    ];
    for (what, _) in ignored.iter().filter(|(_, is_there)| *is_there) {
        let message = format!("{what} at `{}` is kept and has no effect", node.id);
        diagnostics.push(Diagnostic::warning(NO_EFFECT, node.position, message).on(&*node.id));
    }
}

/// A cancel end event leaves its transaction by the cancel boundary event: without one control has no way out (6.39).
fn check_cancel(graph: &ProcessGraph, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let NodeKind::EndEvent(trigger) = &node.kind else {
        return;
    };
    if !trigger.definitions.contains(&EventDefinition::Cancel) {
        return;
    }
    let mut around = node.scope;
    while let Some(scope) = around.map(|scope| graph.node(scope)) {
        if matches!(scope.kind, NodeKind::SubProcess(SubProcess::Transaction { .. }, _)) {
            let catches = |event: &NodeIx| {
                let trigger = graph.node(*event).kind.trigger();
                trigger.is_some_and(|trigger| trigger.definitions.contains(&EventDefinition::Cancel))
            };
            if scope.attached.iter().any(catches) {
                return;
            }
            break;
        }
        around = scope.scope;
    }
    let message = format!("the cancel end event `{}` has no cancel boundary event to leave by", node.id);
    let help = "attach a cancel boundary event to the transaction around it";
    diagnostics.push(Diagnostic::error(NO_WAY_OUT, node.position, message).on(&*node.id).help(help));
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
