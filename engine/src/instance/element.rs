//! The rows of an instance: a row exists only for what outlives its move.

use super::slab::Slot;
use crate::event::{IncidentKind, Stage, TriggerKind, Via, WaitKind};
use crate::id::{BoundIx, ElementKey, Timestamp, Which};
use bpmn_parser::graph::{FlowIx, NodeIx};
use serde::{Deserialize, Serialize};
use tokenflow_feel::{Text, Value};

/// The node of a process instance, which is no node.
pub(crate) const NO_NODE: NodeIx = NodeIx(u32::MAX);

/// What an element is an activation of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Role {
    /// A process instance: the root, or a called one.
    Process,
    /// A node; inside a body, one of its runs.
    Node,
    /// The body of a loop or multi-instance activity.
    Body,
}

/// One open activation.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) key: ElementKey,
    pub(crate) node: NodeIx,
    pub(crate) process: BoundIx,
    pub(crate) role: Role,
    /// An interrupting handler has started: no other may.
    pub(crate) is_interrupted: bool,
    /// A called instance that an error has left; it goes when its last child has gone.
    pub(crate) is_left: bool,
    pub(crate) parent: Slot,
    pub(crate) prev: Slot,
    pub(crate) next: Slot,
    pub(crate) first_child: Slot,
    pub(crate) last_child: Slot,
    /// Tokens inside: queued, waiting at joins, and open children.
    pub(crate) tokens: u32,
    /// Of them, running event sub-processes.
    pub(crate) handlers: u32,
    pub(crate) waits: Slot,
    pub(crate) variables: Slot,
    pub(crate) cells: Slot,
    pub(crate) multi: Slot,
    pub(crate) incident: Slot,
    /// The alternatives behind an event-based gateway share the key of the first of them.
    pub(crate) race: ElementKey,
    /// The record that it undoes: a compensation handler, or a completed scope that is there again.
    pub(crate) undoes: ElementKey,
    /// The number of this run in its body, from 1; 0 outside bodies.
    pub(crate) run: u32,
}

impl Element {
    pub(crate) fn new(key: ElementKey, node: NodeIx, process: BoundIx, role: Role) -> Element {
        Element {
            key,
            node,
            process,
            role,
            is_interrupted: false,
            is_left: false,
            parent: Slot::NONE,
            prev: Slot::NONE,
            next: Slot::NONE,
            first_child: Slot::NONE,
            last_child: Slot::NONE,
            tokens: 0,
            handlers: 0,
            waits: Slot::NONE,
            variables: Slot::NONE,
            cells: Slot::NONE,
            multi: Slot::NONE,
            incident: Slot::NONE,
            race: ElementKey::NONE,
            undoes: ElementKey::NONE,
            run: 0,
        }
    }
}

/// One open wait of an element.
#[derive(Clone, Debug)]
pub(crate) struct Wait {
    pub(crate) next: Slot,
    pub(crate) state: WaitState,
}

/// The durable part of a wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WaitState {
    pub(crate) which: Which,
    pub(crate) kind: WaitKind,
    /// A condition that holds.
    pub(crate) holds: bool,
    /// When a timer is due, or a failed job may be tried again.
    pub(crate) due: Timestamp,
    /// When a timer was armed.
    pub(crate) anchor: Timestamp,
    /// Tries left of a job; repetitions so far of a timer.
    pub(crate) count: u32,
    /// Failed tries of a job.
    pub(crate) attempts: u32,
    /// A job's type, `[name, key]` of a message, a signal's name, the people of a user task, a timer's text.
    pub(crate) data: Value,
}

/// One variable of a scope.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) next: Slot,
    pub(crate) name: Text,
    pub(crate) value: Value,
    pub(crate) bytes: usize,
}

/// Tokens that wait on one incoming flow of a join.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) next: Slot,
    pub(crate) flow: FlowIx,
    pub(crate) count: u32,
}

/// The progress of a loop or multi-instance body.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Multi {
    /// How many runs there will be; unknown for a standard loop.
    pub(crate) total: u32,
    pub(crate) started: u32,
    pub(crate) completed: u32,
    pub(crate) terminated: u32,
    pub(crate) items: Value,
    /// Collected results by position.
    pub(crate) results: Vec<Value>,
}

/// A problem at an element, with what its retry needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Incident {
    pub(crate) kind: IncidentKind,
    pub(crate) stage: Stage,
    /// It was resolved; the retry is queued.
    pub(crate) is_resolved: bool,
    pub(crate) message: Value,
    pub(crate) kept: Value,
}

/// A token in the queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) via: Via,
    /// The node to start, for a token without a flow; [`NO_NODE`] for the next run of a body.
    pub(crate) node: NodeIx,
    /// The scope it moves in; for a retry, the element.
    pub(crate) scope: Slot,
}

/// Something thrown that is delivered when nothing else can move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Thrown {
    pub(crate) thrower: ElementKey,
    /// The scopes around the thrower, inside out, each with whether it is an event sub-process: an escalation starts
    /// its way out at the first that is still there.
    pub(crate) scopes: Vec<(ElementKey, bool)>,
    pub(crate) process: BoundIx,
    pub(crate) node: NodeIx,
    pub(crate) kind: TriggerKind,
    /// `[name or code, key, payload]`.
    pub(crate) data: Value,
}

/// A completed activity that can be compensated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The key that the activity had.
    pub(crate) key: ElementKey,
    /// The scope in which it completed, or the record of that scope.
    pub(crate) owner: ElementKey,
    pub(crate) node: NodeIx,
    pub(crate) process: BoundIx,
    pub(crate) role: Role,
    /// The parallel multi-instance body whose runs are compensated together, if it was a run of one.
    pub(crate) group: ElementKey,
    /// The variables of a scope when it completed.
    pub(crate) variables: Value,
}

/// A compensation under way: groups of records, the last one next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Undo {
    /// Who goes on afterwards: a throw that waits, a transaction, a revived scope; or nobody any more.
    pub(crate) owner: ElementKey,
    /// Where the handlers run.
    pub(crate) scope: ElementKey,
    pub(crate) groups: Vec<Vec<ElementKey>>,
    pub(crate) running: Vec<ElementKey>,
}

/// A complex gateway between its start and its reset (10.6.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Gate {
    pub(crate) scope: ElementKey,
    pub(crate) node: NodeIx,
    /// The incoming flows that gave a token at its start.
    pub(crate) used: Vec<FlowIx>,
}
