//! Modification from outside: a token begins somewhere else, an activation ends, or both at once.

use super::Step;
use super::admit::refuse;
use crate::command::{Rejection, RejectionCode as Code};
use crate::event::{Event, Stage, Via};
use crate::instance::{Instance, Role, Slot};
use crate::process::{Kind, Library, Process};
use bpmn_parser::graph::NodeIx;

/// Where a token begins.
pub(super) struct Beginning {
    /// The innermost scope around the element that is active.
    scope: Slot,
    /// The scopes inside it that have to be entered, outermost first.
    missing: Vec<NodeIx>,
    node: NodeIx,
    after: bool,
}

impl Beginning {
    /// True where the token would begin inside that element.
    pub(super) fn is_inside(&self, instance: &Instance, slot: Slot) -> bool {
        let outward = |scope: &Slot| instance.elements[*scope].parent.get();
        std::iter::successors(Some(self.scope), outward).any(|scope| scope == slot)
    }
}

/// Finds where an element of a process instance can begin; changes nothing.
pub(super) fn find(
    library: &Library,
    instance: &Instance,
    within: Slot,
    element: &str,
    after: bool,
) -> Result<Beginning, Rejection> {
    let process = instance.process_of(library, within);
    let Some(node) = process.find(element) else {
        return refuse(Code::NotFound, format!("process `{}` has no element `{element}`", process.id()));
    };
    if !can_begin(process, node) {
        return refuse(Code::InvalidTarget, format!("a token cannot begin at `{element}`"));
    }
    if after && process.row(node).outgoing.is_empty() {
        return refuse(Code::InvalidTarget, format!("no flow leaves `{element}`"));
    }
    let mut missing = Vec::new();
    let mut around = process.row(node).scope;
    while let Some(scope) = around {
        let active: Vec<Slot> = instance
            .elements()
            .filter(|view| view.node == Some(scope) && !view.is_body)
            .filter_map(|view| instance.slot(view.key))
            .filter(|slot| instance.process_instance(*slot) == within && !instance.is_revived(library, *slot))
            .collect();
        match active.as_slice() {
            [only] => return Ok(Beginning { scope: *only, missing, node, after }),
            [] if process.row(scope).repeat.is_some() => {
                let id = process.node_id(scope);
                return refuse(
                    Code::InvalidTarget,
                    format!("`{id}` is not active and has loop characteristics"),
                );
            }
            [] => missing.insert(0, scope),
            _ => {
                let id = process.node_id(scope);
                return refuse(Code::AmbiguousTarget, format!("`{id}` is active {} times", active.len()));
            }
        }
        around = process.row(scope).scope;
    }
    Ok(Beginning { scope: within, missing, node, after })
}

/// Boundary events and event sub-processes begin by their triggers, compensation activities by compensation.
fn can_begin(process: &Process, node: NodeIx) -> bool {
    let row = process.row(node);
    let inside_handler = row.scope.is_some_and(|scope| process.row(scope).kind == Kind::EventSubProcess);
    let is_triggered_start = row.kind == Kind::StartEvent && inside_handler;
    !matches!(row.kind, Kind::BoundaryEvent | Kind::EventSubProcess)
        && !row.is_for_compensation
        && !is_triggered_start
}

impl Step<'_> {
    /// Enters the missing scopes without their start events, then puts the token.
    pub(super) fn begin_at(&mut self, beginning: Beginning) {
        let Beginning { mut scope, missing, node, after } = beginning;
        for inner in missing {
            scope = self.open(inner, scope, Via::NONE);
            if let Err(failure) = self.arm_boundary(scope).and_then(|()| self.arm_handlers(scope)) {
                self.raise_as(scope, Stage::Arm(crate::id::Which(u16::MAX)), failure);
            }
        }
        let scope_key = self.key(scope);
        if !after {
            return self.emit(Event::StartQueued { node, scope: scope_key });
        }
        for flow in &self.process(scope).row(node).outgoing {
            self.emit(Event::Taken { flow: *flow, scope: scope_key });
        }
    }

    /// Ends an activation without its flows. A scope that this leaves empty ends too, unless a token is about to
    /// begin in it.
    pub(super) fn cancel_element(&mut self, slot: Slot, beginning: Option<&Beginning>) {
        let mut kept = Vec::new();
        let mut around = beginning.map(|beginning| beginning.scope);
        while let Some(scope) = around {
            kept.push(scope);
            around = self.instance.elements[scope].parent.get();
        }
        let mut parent = self.instance.elements[slot].parent;
        self.cancel(slot);
        while !kept.contains(&parent)
            && self.instance.elements[parent].tokens == 0
            && self.instance.elements[parent].role != Role::Process
        {
            let empty = parent;
            parent = self.instance.elements[empty].parent;
            self.cancel(empty);
        }
    }
}
