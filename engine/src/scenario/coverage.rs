//! Which flow nodes and sequence flows of each deployed process were run through.

use crate::process::Process;
use bpmn_parser::graph::{FlowIx, NodeIx};
use std::collections::{BTreeMap, BTreeSet};

/// What was run through, by file and process.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    models: BTreeMap<(String, String), ModelCoverage>,
}

/// What was run through of one process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelCoverage {
    nodes: BTreeMap<String, bool>,
    flows: BTreeMap<String, bool>,
}

impl Coverage {
    /// The processes by file and id.
    pub fn models(&self) -> impl Iterator<Item = (&str, &str, &ModelCoverage)> {
        self.models.iter().map(|((file, process), model)| (file.as_str(), process.as_str(), model))
    }

    /// Adds what another run has covered.
    pub fn merge(&mut self, other: Coverage) {
        for (key, model) in other.models {
            let known = self.models.entry(key).or_default();
            merge(&mut known.nodes, model.nodes);
            merge(&mut known.flows, model.flows);
        }
    }

    /// A process of a file, with what was seen of it.
    pub(super) fn add(&mut self, file: &str, process: &Process, seen: Option<&Seen>) {
        let model = self.models.entry((file.to_owned(), process.id().to_owned())).or_default();
        for row in process.graph().node_rows() {
            let is_seen = seen.is_some_and(|seen| seen.nodes.contains(&row));
            *model.nodes.entry(process.node_id(row).to_owned()).or_default() |= is_seen;
        }
        for row in (0..process.graph().flows.len() as u32).map(FlowIx) {
            let is_seen = seen.is_some_and(|seen| seen.flows.contains(&row));
            *model.flows.entry(process.flow_id(row).to_owned()).or_default() |= is_seen;
        }
    }
}

fn merge(known: &mut BTreeMap<String, bool>, other: BTreeMap<String, bool>) {
    for (id, is_covered) in other {
        *known.entry(id).or_default() |= is_covered;
    }
}

impl ModelCoverage {
    /// Covered flow nodes, and all of them.
    pub fn nodes(&self) -> (usize, usize) {
        share(&self.nodes)
    }

    /// Covered sequence flows, and all of them.
    pub fn flows(&self) -> (usize, usize) {
        share(&self.flows)
    }

    /// The ids of the flow nodes and sequence flows that were not covered.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.nodes
            .iter()
            .chain(&self.flows)
            .filter(|(_, is_covered)| !**is_covered)
            .map(|(id, _)| id.as_str())
    }
}

fn share(ids: &BTreeMap<String, bool>) -> (usize, usize) {
    (ids.values().filter(|is_covered| **is_covered).count(), ids.len())
}

/// The rows of one process that a run went through.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    nodes: BTreeSet<NodeIx>,
    flows: BTreeSet<FlowIx>,
}

impl Seen {
    pub(super) fn node(&mut self, node: Option<NodeIx>) {
        self.nodes.extend(node);
    }

    pub(super) fn flow(&mut self, flow: Option<FlowIx>) {
        self.flows.extend(flow);
    }
}
