//! Sequence flows: their ends alone decide what is connected; `outgoing` children decide only the order.

use super::process::Level;
use super::{Lowering, id_or_place};
use crate::graph::{Flow, FlowIx, NodeIx, ProcessGraph};
use crate::model::{FlowElement, Reference, SequenceFlow};
use petgraph::graph::NodeIndex;
use std::collections::HashMap;
use std::sync::Arc;

impl<'d> Lowering<'d, '_> {
    /// Lowers the flows of all levels in document order.
    pub(super) fn flows(&mut self, level: &Level, graph: &mut ProcessGraph) {
        let definitions = self.definitions;
        for row in &level.flows {
            let FlowElement::SequenceFlow(flow) = &definitions[*row] else { continue };
            self.flow(flow, level, graph);
        }
    }

    fn flow(&mut self, flow: &'d SequenceFlow, level: &Level, graph: &mut ProcessGraph) {
        let base = &flow.element.base;
        let position = base.markup.position;
        let id = id_or_place(base.id.as_deref(), position);
        let source = self.flow_end(flow.source_ref.as_ref(), level);
        let target = self.flow_end(flow.target_ref.as_ref(), level);
        self.dialect.owner.clone_from(&base.id);
        let condition = flow.condition_expression.as_ref().map(|condition| self.dialect.condition(condition));
        let (Some(source), Some(target)) = (source, target) else { return };
        // A flow over the border of a scope has been refused; a graph never has one.
        if graph.node(source).scope != graph.node(target).scope {
            return;
        }
        let row = FlowIx(graph.flows.len() as u32);
        graph.flows.push(Flow {
            id: Arc::from(id),
            name: flow.element.name.clone(),
            position,
            source,
            target,
            condition,
        });
        graph.graph.add_edge(NodeIndex::new(source.index()), NodeIndex::new(target.index()), row);
    }

    fn flow_end(&self, reference: Option<&Reference>, level: &Level) -> Option<NodeIx> {
        let row = self.resolve(reference?)?.flow_element?;
        level.rows.get(&row).copied()
    }

    /// Gives each node its flows and its default flow.
    pub(super) fn connect(&mut self, level: &Level, graph: &mut ProcessGraph) {
        for (row, flow) in graph.flows.iter().enumerate() {
            graph.nodes[flow.source.index()].outgoing.push(FlowIx(row as u32));
            graph.nodes[flow.target.index()].incoming.push(FlowIx(row as u32));
        }
        let definitions = self.definitions;
        for node in graph.node_rows() {
            let element = &definitions[level.nodes[node.index()]];
            if let Some(model) = element.flow_node() {
                order_outgoing(&model.outgoing, node, graph);
            }
            if let Some(reference) = element.default_flow() {
                graph.nodes[node.index()].default = self.default(reference, node, graph);
            }
        }
    }

    fn default(&self, reference: &Reference, node: NodeIx, graph: &ProcessGraph) -> Option<FlowIx> {
        let entry = self.resolve(reference).filter(|entry| entry.name == "sequenceFlow")?;
        let id = entry.element.id();
        graph.node(node).outgoing.iter().copied().find(|flow| Some(&*graph.flow(*flow).id) == id)
    }
}

/// Puts the outgoing flows into the order of the `outgoing` children, if these name each of them once.
fn order_outgoing(references: &[Reference], node: NodeIx, graph: &mut ProcessGraph) {
    let flows = &graph.nodes[node.index()].outgoing;
    if flows.len() < 2 || references.len() != flows.len() {
        return;
    }
    let by_id: HashMap<&str, FlowIx> =
        flows.iter().map(|flow| (&*graph.flows[flow.index()].id, *flow)).collect();
    let find =
        |reference: &Reference| by_id.get(reference.local()).or_else(|| by_id.get(reference.text.as_str()));
    let mut ordered: Vec<FlowIx> = references.iter().filter_map(find).copied().collect();
    let mut distinct = ordered.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() == flows.len() {
        std::mem::swap(&mut graph.nodes[node.index()].outgoing, &mut ordered);
    }
}
