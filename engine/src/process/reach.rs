//! For each inclusive or complex gateway: which of its incoming flows a token elsewhere can still reach (Table 13.3).
//!
//! The sets are found by searching backwards from each incoming flow, without passing the gateway itself, inside
//! one level. Link pairs count as flows, and an activity leads to its boundary events. A gateway's sets are made
//! when it is first evaluated, so that a file pays only for the joins it uses.

use super::{Kind, Process, Throw};
use bpmn_parser::graph::{FlowIx, NodeIx};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The lazily made sets of all joins of a process.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    joins: BTreeMap<NodeIx, OnceLock<JoinReach>>,
}

/// A set of the incoming flows of one join, by their place among them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Flows(Vec<u64>);

/// The sets of one join.
#[derive(Debug)]
pub(crate) struct JoinReach {
    flows: BTreeMap<FlowIx, Flows>,
    empty: Flows,
}

impl Flows {
    pub(crate) fn none(count: usize) -> Flows {
        Flows(vec![0; count.div_ceil(64)])
    }

    pub(crate) fn insert(&mut self, place: usize) -> bool {
        let (word, bit) = (&mut self.0[place / 64], 1 << (place % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    pub(crate) fn union(&mut self, other: &Flows) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    /// True where some flow is in `self` and in `full`.
    pub(crate) fn meets(&self, full: &Flows) -> bool {
        self.0.iter().zip(&full.0).any(|(word, full)| word & full != 0)
    }

    /// True where some flow is in `self` and not in `full`.
    pub(crate) fn misses(&self, full: &Flows) -> bool {
        self.0.iter().zip(&full.0).any(|(word, full)| word & !full != 0)
    }
}

impl JoinReach {
    /// What a token on that flow can still reach.
    pub(crate) fn of_flow(&self, flow: FlowIx) -> &Flows {
        self.flows.get(&flow).unwrap_or(&self.empty)
    }

    /// What a token can still reach that is in an activity or event: by its flows, link and boundary events.
    pub(crate) fn of_node(&self, process: &Process, node: NodeIx) -> Flows {
        let mut reached = self.empty.clone();
        for flow in exits(process, node) {
            reached.union(self.of_flow(flow));
        }
        reached
    }
}

impl Reach {
    pub(crate) fn of_joins(rows: &[super::Row]) -> Reach {
        let joins = rows.iter().enumerate();
        let joins =
            joins.filter(|(_, row)| matches!(row.kind, Kind::InclusiveGateway | Kind::ComplexGateway));
        Reach { joins: joins.map(|(row, _)| (NodeIx(row as u32), OnceLock::new())).collect() }
    }

    /// The sets of that join.
    pub(crate) fn join(&self, process: &Process, join: NodeIx) -> &JoinReach {
        self.joins[&join].get_or_init(|| search(process, join))
    }
}

/// All flows by which a token can leave a node: its own, those of its boundary events, those of its link's catch.
fn exits(process: &Process, node: NodeIx) -> impl Iterator<Item = FlowIx> {
    let row = process.row(node);
    let attached = process.graph().node(node).attached.iter();
    let linked = row.throws.iter().filter_map(|throw| match throw {
        Throw::Link { target, .. } => Some(target),
        Throw::Message { .. }
        | Throw::Signal { .. }
        | Throw::Error { .. }
        | Throw::Escalation { .. }
        | Throw::Cancel
        | Throw::Compensation { .. }
        | Throw::Terminate => None,
    });
    let others = attached.chain(linked).flat_map(|other| process.row(*other).outgoing.iter());
    row.outgoing.iter().chain(others).copied()
}

fn search(process: &Process, join: NodeIx) -> JoinReach {
    let entries = &process.row(join).incoming;
    let mut flows: BTreeMap<FlowIx, Flows> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate() {
        let mut open = vec![*entry];
        while let Some(flow) = open.pop() {
            let reached = flows.entry(flow).or_insert_with(|| Flows::none(entries.len()));
            if !reached.insert(place) {
                continue;
            }
            let source = process.flow(flow).source;
            if source != join {
                open.extend(entries_of(process, source));
            }
        }
    }
    JoinReach { flows, empty: Flows::none(entries.len()) }
}

/// All flows by which a token can come to leave `node`: into it, into its host, into the throws of its link.
fn entries_of(process: &Process, node: NodeIx) -> Vec<FlowIx> {
    let mut entries = process.row(node).incoming.to_vec();
    match process.row(node).kind {
        Kind::BoundaryEvent => {
            let host = process.host_of(node).expect("a boundary event has a host");
            entries.extend(process.row(host).incoming.iter());
        }
        Kind::LinkCatchEvent => {
            let level = process.row(node).scope;
            for other in process.graph().children(level) {
                let row = process.row(other);
                if row
                    .throws
                    .iter()
                    .any(|throw| matches!(throw, Throw::Link { target, .. } if *target == node))
                {
                    entries.extend(row.incoming.iter());
                }
            }
        }
        Kind::PassingTask
        | Kind::JobTask
        | Kind::UserTask
        | Kind::ReceiveTask
        | Kind::SendTask
        | Kind::ExpressionTask
        | Kind::SubProcess
        | Kind::EventSubProcess
        | Kind::Transaction
        | Kind::AdHocSubProcess
        | Kind::CallActivity
        | Kind::ExclusiveGateway
        | Kind::ParallelGateway
        | Kind::InclusiveGateway
        | Kind::ComplexGateway
        | Kind::EventBasedGateway
        | Kind::StartEvent
        | Kind::CatchEvent
        | Kind::NoneThrowEvent
        | Kind::ThrowEvent
        | Kind::JobThrowEvent => {}
    }
    entries
}
