//! Link events (10.5.4, 10.5.5): a pair counts as a sequence flow on the same level.

use crate::command::Occurrence;
use crate::event::{TriggerKind, Via};
use crate::executor::Step;
use crate::instance::Slot;
use crate::process::Throw;
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::Value;

/// The token that a throw link sent arrives at its catch.
pub(crate) fn arrive(step: &mut Step<'_>, node: NodeIx, scope: Slot, via: Via) {
    let process = step.process(scope);
    let name = process.graph().children(process.row(node).scope).find_map(|other| {
        process.row(other).throws.iter().find_map(|throw| match throw {
            Throw::Link { name, target } if *target == node => Some(name.to_string()),
            Throw::Link { .. }
            | Throw::Message { .. }
            | Throw::Signal { .. }
            | Throw::Error { .. }
            | Throw::Escalation { .. }
            | Throw::Cancel
            | Throw::Compensation { .. }
            | Throw::Terminate => None,
        })
    });
    let occurrence = Occurrence { name: name.unwrap_or_default(), key: Value::NULL, ..Occurrence::default() };
    step.trigger(scope, node, TriggerKind::Link, &occurrence);
    step.pass(process.row(node), node, scope, via);
}
