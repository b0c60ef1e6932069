//! Which activations one root instance has had: their elements, their numbers, the process instances they lie in.
//!
//! Numbers are counted from the journal and are no part of the state, so this is kept outside the instance.

use crate::id::{BoundIx, ElementKey};
use crate::process::Process;
use bpmn_parser::graph::{NodeIx, NodeKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The activations of one root instance so far.
#[derive(Clone, Debug)]
pub struct Census {
    ordinal: u32,
    label: Arc<str>,
    bound: Vec<Arc<Process>>,
    processes: BTreeMap<ElementKey, ProcessInstance>,
    /// Completed scopes that are there again to be compensated, and the keys that they had first.
    revived: BTreeMap<ElementKey, ElementKey>,
    /// By key: keys come from a counter, so the table is dense.
    activations: Vec<Option<Activation>>,
}

/// The root process instance or a called one.
#[derive(Clone, Debug)]
pub struct ProcessInstance {
    /// What runs.
    pub process: Arc<Process>,
    /// A label or ordinal, `1/Call_A#1` for a called one.
    pub path: Arc<str>,
    /// The activity that called it; none for the root.
    pub caller: ElementKey,
    runs: BTreeMap<NodeIx, u32>,
    bodies: BTreeMap<NodeIx, u32>,
}

/// One activation of a flow node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activation {
    /// The flow node.
    pub node: NodeIx,
    /// The process instance it lies in.
    pub owner: ElementKey,
    /// Which activation of the node in its process instance, from 1; bodies are counted apart.
    pub n: u32,
    /// It is the body of a loop or multi-instance activity.
    pub is_body: bool,
}

/// How an element is named outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The process instance.
    pub instance: Arc<str>,
    /// That was called by another.
    pub is_called: bool,
    /// The id of the flow node, or of the process for a process instance.
    pub element: Arc<str>,
    /// Which activation, from 1.
    pub n: u32,
    /// It is a body.
    pub is_body: bool,
}

impl Census {
    /// An empty census of the root instance with that place in the order of creation.
    pub fn new(ordinal: u32) -> Census {
        Census {
            ordinal,
            label: ordinal.to_string().into(),
            bound: Vec::new(),
            processes: BTreeMap::new(),
            revived: BTreeMap::new(),
            activations: Vec::new(),
        }
    }

    /// The place of the root instance in the order of creation, from 1.
    pub fn ordinal(&self) -> u32 {
        self.ordinal
    }

    /// The label of the root instance, else its ordinal.
    pub fn label(&self) -> &Arc<str> {
        &self.label
    }

    /// Names the root instance; holds for the process instances that begin from now on.
    pub fn name(&mut self, label: &str) {
        self.label = label.into();
    }

    /// The process instances so far, with their keys: the root, then called ones by key.
    pub fn process_instances(&self) -> impl Iterator<Item = (ElementKey, &ProcessInstance)> {
        self.processes.iter().map(|(key, instance)| (*key, instance))
    }

    /// The process instance with that key.
    pub fn process_instance(&self, key: ElementKey) -> Option<&ProcessInstance> {
        self.processes.get(&key)
    }

    /// The process instance in which that element lies; a process instance lies in itself.
    pub fn owner(&self, key: ElementKey) -> ElementKey {
        let key = self.original(key);
        if self.processes.contains_key(&key) {
            return key;
        }
        self.activation(key).map_or(ElementKey::ROOT, |activation| activation.owner)
    }

    /// The activation with that key; none for process instances and for keys not yet seen.
    pub fn activation(&self, key: ElementKey) -> Option<&Activation> {
        self.activations.get(self.original(key).0 as usize)?.as_ref()
    }

    /// The key under which a revived scope was first there; any other key is its own.
    fn original(&self, key: ElementKey) -> ElementKey {
        self.revived.get(&key).copied().unwrap_or(key)
    }

    /// All activations with their keys, in the order of their keys.
    pub fn activations(&self) -> impl DoubleEndedIterator<Item = (ElementKey, &Activation)> {
        self.activations
            .iter()
            .enumerate()
            .filter_map(|(key, activation)| Some((ElementKey(key as u32), activation.as_ref()?)))
    }

    /// How the element with that key is named outside.
    pub fn place(&self, key: ElementKey) -> Option<Place> {
        let owner = self.owner(key);
        let instance = self.processes.get(&owner)?;
        let (element, n, is_body) = match self.activation(key) {
            Some(activation) => (instance.node_id(activation.node), activation.n, activation.is_body),
            None => (instance.process.id().into(), 1, false),
        };
        Some(Place {
            instance: instance.path.clone(),
            is_called: instance.caller.is_some(),
            element,
            n,
            is_body,
        })
    }

    /// The number that the next activation of that node will have.
    pub fn next_number(&self, owner: ElementKey, node: NodeIx) -> u32 {
        let so_far = self.processes.get(&owner).and_then(|instance| instance.runs.get(&node));
        so_far.copied().unwrap_or(0) + 1
    }

    pub(super) fn bind(&mut self, process: Arc<Process>) {
        self.bound.push(process);
    }

    pub(super) fn start(&mut self, key: ElementKey, caller: ElementKey, process: BoundIx) {
        let Some(process) = self.bound.get(usize::from(process.0)).cloned() else { return };
        let path = match self.place(caller) {
            Some(place) if caller.is_some() => {
                format!("{}/{}#{}", place.instance, place.element, place.n).into()
            }
            Some(_) | None => self.label.clone(),
        };
        let instance =
            ProcessInstance { process, path, caller, runs: BTreeMap::new(), bodies: BTreeMap::new() };
        self.processes.insert(key, instance);
    }

    /// A completed scope is there again under another key.
    pub(super) fn revive(&mut self, key: ElementKey, record: ElementKey) {
        self.revived.insert(key, self.original(record));
    }

    pub(super) fn enter(&mut self, key: ElementKey, node: NodeIx, scope: ElementKey, is_body: bool) {
        let owner = self.owner(scope);
        let Some(instance) = self.processes.get_mut(&owner) else { return };
        let counts = if is_body { &mut instance.bodies } else { &mut instance.runs };
        let count = counts.entry(node).or_insert(0);
        *count += 1;
        let activation = Activation { node, owner, n: *count, is_body };
        let index = key.0 as usize;
        if self.activations.len() <= index {
            self.activations.resize(index + 1, None);
        }
        self.activations[index] = Some(activation);
    }
}

impl ProcessInstance {
    /// The id of one of its flow nodes.
    pub fn node_id(&self, node: NodeIx) -> Arc<str> {
        self.process.graph().node(node).id.clone()
    }

    /// The id of a flow node; none where there is no such node.
    pub(super) fn find_node_id(&self, node: NodeIx) -> Option<Arc<str>> {
        self.process.graph().nodes.get(node.index()).map(|node| node.id.clone())
    }

    /// True where that node is a gateway.
    pub(super) fn is_gateway(&self, node: NodeIx) -> bool {
        is_gateway(&self.process.graph().node(node).kind)
    }
}

fn is_gateway(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::ExclusiveGateway
        | NodeKind::ParallelGateway
        | NodeKind::InclusiveGateway
        | NodeKind::ComplexGateway { .. }
        | NodeKind::EventBasedGateway { .. } => true,
        NodeKind::Task(..)
        | NodeKind::SubProcess(..)
        | NodeKind::CallActivity(..)
        | NodeKind::StartEvent { .. }
        | NodeKind::IntermediateCatchEvent(_)
        | NodeKind::IntermediateThrowEvent(_)
        | NodeKind::BoundaryEvent { .. }
        | NodeKind::EndEvent(_) => false,
    }
}
