//! One process: its nodes in document order over all levels, its flows, data, lanes and roles.

use super::{Lowering, empty_graph, id_or_place};
use crate::Severity;
use crate::graph::{Activity, Node, NodeIx, NodeKind, ProcessGraph, Task};
use crate::model::{CallableElement, Container, FlowElementIx, GlobalTask, LaneSetIx, Process};
use crate::property::Properties;
use std::collections::HashMap;
use std::sync::Arc;

/// What the parts of one process need of each other.
pub(super) struct Level {
    pub(super) root: u32,
    /// The node of each flow element that is one.
    pub(super) rows: HashMap<FlowElementIx, NodeIx>,
    /// The flow elements of the nodes, row by row.
    pub(super) nodes: Vec<FlowElementIx>,
    /// The sequence flows in document order.
    pub(super) flows: Vec<FlowElementIx>,
    /// The names of the lanes around each node.
    pub(super) lanes: HashMap<FlowElementIx, Arc<[String]>>,
}

impl<'d> Lowering<'d, '_> {
    pub(super) fn process(&mut self, root: u32, process: &'d Process) -> ProcessGraph {
        let base = &process.callable.base;
        let mut graph = empty_graph(self.dialect.dialect);
        self.callable(&process.callable, &mut graph);
        graph.is_executable = process.is_executable;
        graph.properties = self.dialect.properties("process", base);
        if process.is_executable.is_none() {
            self.find(
                Severity::Warning,
                602,
                base,
                "`isExecutable` is absent; the process is taken as executable",
            );
        }
        let mut level = self.level(root);
        self.lanes(&process.lane_sets, &mut level);
        graph.data = self.process_data(process, &level);
        graph.roles = self.roles(&process.resource_roles);
        graph.subscriptions = self.subscriptions(process);
        self.nodes(&level, &mut graph);
        self.flows(&level, &mut graph);
        self.connect(&level, &mut graph);
        graph
    }

    fn callable(&mut self, callable: &'d CallableElement, graph: &mut ProcessGraph) {
        graph.position = callable.base.markup.position;
        graph.id = id_or_place(callable.base.id.as_deref(), graph.position);
        graph.name.clone_from(&callable.name);
        graph.io = callable.io_specification.as_ref().map(|io| self.io_specification(io));
    }

    /// Walks the levels of a process and numbers its nodes.
    fn level(&self, root: u32) -> Level {
        let definitions = self.definitions;
        let mut level =
            Level { root, rows: HashMap::new(), nodes: Vec::new(), flows: Vec::new(), lanes: HashMap::new() };
        let mut waiting: Vec<FlowElementIx> =
            definitions.content(Container::Root(root)).iter().rev().copied().collect();
        while let Some(row) = waiting.pop() {
            let element = &definitions[row];
            if let crate::model::FlowElement::SequenceFlow(_) = element {
                level.flows.push(row);
            } else if element.flow_node().is_some() && element.choreography_activity().is_none() {
                level.rows.insert(row, NodeIx(level.nodes.len() as u32));
                level.nodes.push(row);
                waiting.extend(element.flow_elements().iter().rev());
            }
        }
        level
    }

    /// Notes the names of the lanes around each node, outermost first.
    fn lanes(&mut self, lane_sets: &[LaneSetIx], level: &mut Level) {
        let definitions = self.definitions;
        let nested = level.nodes.iter().filter_map(|row| definitions[*row].sub_process());
        let sets = lane_sets.iter().chain(nested.flat_map(|sub_process| &sub_process.lane_sets));
        let mut waiting: Vec<(LaneSetIx, Arc<[String]>)> = sets.map(|set| (*set, Arc::default())).collect();
        waiting.reverse();
        while let Some((set, outer)) = waiting.pop() {
            for lane in &definitions[set].lanes {
                let own = lane.name.as_ref().or(lane.base.id.as_ref());
                if !self.within(own.into_iter().chain(outer.iter()).map(String::len).sum()) {
                    return;
                }
                let names: Arc<[String]> = outer.iter().chain(own).cloned().collect();
                for reference in &lane.flow_node_refs {
                    let entry = self.resolve(reference);
                    let row = entry.and_then(|it| it.flow_element);
                    let Some(row) = row.filter(|row| definitions[*row].flow_node().is_some()) else {
                        continue;
                    };
                    let known = level.lanes.entry(row).or_default();
                    if known.len() < names.len() {
                        *known = Arc::clone(&names);
                    }
                }
                waiting.extend(lane.child_lane_set.map(|child| (child, names)));
            }
        }
    }

    /// A global task is a process with that one task, which has the same id.
    pub(super) fn global_task(&mut self, task: &'d GlobalTask, kind: Task) -> ProcessGraph {
        let mut graph = empty_graph(self.dialect.dialect);
        self.callable(&task.callable, &mut graph);
        graph.is_executable = Some(true);
        graph.is_global_task = true;
        let properties = self.dialect.properties(task_name(&kind), &task.callable.base);
        let kind = NodeKind::Task(kind, Activity::default());
        let mut node = bare_node(&graph.id, graph.position, kind, self.kept(properties));
        node.name.clone_from(&graph.name);
        node.roles = self.roles(&task.resource_roles);
        node.io.clone_from(&graph.io);
        graph.nodes.push(node);
        graph.graph.add_node(NodeIx(0));
        graph
    }
}

fn task_name(task: &Task) -> &'static str {
    match task {
        Task::Abstract => "task",
        Task::Service { .. } => "serviceTask",
        Task::Send { .. } => "sendTask",
        Task::Receive { .. } => "receiveTask",
        Task::User { .. } => "userTask",
        Task::Manual => "manualTask",
        Task::BusinessRule { .. } => "businessRuleTask",
        Task::Script { .. } => "scriptTask",
    }
}

/// A node with nothing around it.
pub(super) fn bare_node(
    id: &str,
    position: crate::Position,
    kind: NodeKind,
    properties: Arc<Properties>,
) -> Node {
    Node {
        id: Arc::from(id),
        name: None,
        position,
        scope: None,
        kind,
        incoming: Vec::new(),
        outgoing: Vec::new(),
        default: None,
        attached: Vec::new(),
        event_sub_processes: Vec::new(),
        properties,
        data: Vec::new(),
        io: None,
        data_inputs: Vec::new(),
        data_outputs: Vec::new(),
        roles: Vec::new(),
        lanes: Arc::default(),
    }
}
