//! The stored form: canonical, so that equal instances give equal bytes. Rows stand in the order of their keys,
//! parents first; slots, links, counts and indices are made anew on loading.

use super::{
    Bound, Element, Gate, Incident, Instance, Multi, NO_NODE, Record, Role, Slot, Thrown, Token, Undo,
    WaitState,
};
use crate::event::{Status, Via};
use crate::id::{BoundIx, ElementKey, InstanceId, Timestamp, Which};
use crate::process::{ContentHash, Kind, Library};
use bpmn_parser::graph::{FlowIx, NodeIx};
use serde::{Deserialize, Serialize};
use tokenflow_feel::{Text, Value};

/// The version of the form below; a record of another one is refused, never guessed at.
const FORMAT: u16 = 1;

/// Stored bytes that are no instance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CorruptError {
    /// The bytes do not decode.
    #[error("the stored instance cannot be read: {0}")]
    Encoding(String),
    /// They have another format.
    #[error("the stored instance has format {0}, this engine reads format {FORMAT}")]
    Format(u16),
    /// The library has no such version.
    #[error("the stored instance runs process `{id}` of version {hash}, which is not deployed")]
    UnknownVersion {
        /// The id of the process.
        id: String,
        /// The digest of its file.
        hash: ContentHash,
    },
    /// The rows contradict each other.
    #[error("the stored instance contradicts itself: {0}")]
    Inconsistent(&'static str),
}

#[derive(Serialize, Deserialize)]
struct Stored {
    format: u16,
    id: InstanceId,
    version: u64,
    now: Timestamp,
    status: Status,
    is_suspended: bool,
    last_key: u32,
    moves: u64,
    outcome: Option<NodeIx>,
    error: Option<(Value, Value)>,
    bound: Vec<(String, ContentHash)>,
    elements: Vec<StoredElement>,
    queue: Vec<(Via, NodeIx, ElementKey)>,
    thrown: Vec<Thrown>,
    records: Vec<Record>,
    undos: Vec<Undo>,
    gates: Vec<Gate>,
    conversations: Vec<(ElementKey, Which, Value)>,
}

#[derive(Serialize, Deserialize)]
struct StoredElement {
    key: ElementKey,
    parent: ElementKey,
    node: NodeIx,
    process: BoundIx,
    role: Role,
    is_interrupted: bool,
    is_left: bool,
    race: ElementKey,
    undoes: ElementKey,
    run: u32,
    variables: Vec<(String, Value)>,
    waits: Vec<WaitState>,
    cells: Vec<(FlowIx, u32)>,
    multi: Option<Multi>,
    incident: Option<Incident>,
}

impl Instance {
    /// The stored form of the instance.
    pub fn to_bytes(&self) -> Vec<u8> {
        let stored = Stored {
            format: FORMAT,
            id: self.id,
            version: self.version,
            now: self.now,
            status: self.status,
            is_suspended: self.is_suspended,
            last_key: self.last_key,
            moves: self.moves,
            outcome: self.outcome,
            error: self.error.clone(),
            bound: self.bound.iter().map(|bound| (bound.id.to_string(), bound.hash)).collect(),
            elements: self.keys.iter().map(|(_, slot)| self.stored_element(slot)).collect(),
            queue: self.queue.iter().map(|t| (t.via, t.node, self.elements[t.scope].key)).collect(),
            thrown: self.thrown.iter().cloned().collect(),
            records: self.records.clone(),
            undos: self.undos.clone(),
            gates: self.gates.clone(),
            conversations: self.conversations.clone(),
        };
        postcard::to_allocvec(&stored).expect("encoding into memory cannot fail")
    }

    fn stored_element(&self, slot: Slot) -> StoredElement {
        let element = &self.elements[slot];
        // Variables stand by name: the order in which they were set is not part of the state.
        let mut variables: Vec<(String, Value)> = self
            .variable_slots(slot)
            .map(|variable| {
                (self.variables[variable].name.to_string(), self.variables[variable].value.clone())
            })
            .collect();
        variables.sort_by(|one, other| one.0.cmp(&other.0));
        StoredElement {
            key: element.key,
            parent: element.parent.get().map_or(ElementKey::NONE, |parent| self.elements[parent].key),
            node: element.node,
            process: element.process,
            role: element.role,
            is_interrupted: element.is_interrupted,
            is_left: element.is_left,
            race: element.race,
            undoes: element.undoes,
            run: element.run,
            variables,
            waits: self.wait_slots(slot).map(|wait| self.waits[wait].state.clone()).collect(),
            cells: self
                .cell_slots(slot)
                .map(|cell| (self.cells[cell].flow, self.cells[cell].count))
                .collect(),
            multi: element.multi.get().map(|multi| self.multis[multi].clone()),
            incident: element.incident.get().map(|incident| self.incidents[incident].clone()),
        }
    }

    /// The instance that [`to_bytes`](Instance::to_bytes) gave.
    ///
    /// # Errors
    /// Where the bytes are damaged, of another format, or of a version that the library does not hold.
    pub fn from_bytes(library: &Library, bytes: &[u8]) -> Result<Instance, CorruptError> {
        let stored: Stored =
            postcard::from_bytes(bytes).map_err(|error| CorruptError::Encoding(error.to_string()))?;
        if stored.format != FORMAT {
            return Err(CorruptError::Format(stored.format));
        }
        let mut instance = Instance::new(stored.id);
        instance.version = stored.version;
        instance.now = stored.now;
        instance.status = stored.status;
        instance.is_suspended = stored.is_suspended;
        instance.last_key = stored.last_key;
        instance.moves = stored.moves;
        instance.outcome = stored.outcome;
        instance.error = stored.error;
        for (id, hash) in stored.bound {
            let Some(ix) = library.by_hash(&id, hash) else {
                return Err(CorruptError::UnknownVersion { id, hash });
            };
            instance.bound.push(Bound::to(library, ix));
        }
        for element in stored.elements {
            instance.restore(library, element)?;
        }
        for (via, node, scope) in stored.queue {
            let scope =
                instance.slot(scope).ok_or(CorruptError::Inconsistent("a token outside every scope"))?;
            if via != Via::RETRY {
                instance.elements[scope].tokens += 1;
            }
            instance.queue.push_back(Token { via, node, scope });
        }
        instance.thrown = stored.thrown.into();
        instance.records = stored.records;
        instance.undos = stored.undos;
        instance.gates = stored.gates;
        instance.conversations = stored.conversations;
        Ok(instance)
    }

    fn restore(&mut self, library: &Library, stored: StoredElement) -> Result<(), CorruptError> {
        let parent = match stored.parent {
            ElementKey::NONE => Slot::NONE,
            key => self.slot(key).ok_or(CorruptError::Inconsistent("an element without its scope"))?,
        };
        let Some(bound) = self.bound.get(stored.process.0 as usize) else {
            return Err(CorruptError::Inconsistent("an element of an unknown process"));
        };
        let process = library.process(bound.ix);
        let is_known = stored.node == NO_NODE || stored.node.index() < process.rows.len();
        if !is_known || stored.cells.iter().any(|(flow, _)| flow.index() >= process.flows.len()) {
            return Err(CorruptError::Inconsistent("an element of an unknown node"));
        }
        if self.keys.iter().last().is_some_and(|(last, _)| last >= stored.key) {
            return Err(CorruptError::Inconsistent("keys out of order"));
        }
        let mut element = Element::new(stored.key, stored.node, stored.process, stored.role);
        element.is_interrupted = stored.is_interrupted;
        element.is_left = stored.is_left;
        element.race = stored.race;
        element.undoes = stored.undoes;
        element.run = stored.run;
        if stored.node != NO_NODE
            && process.row(stored.node).kind == Kind::EventSubProcess
            && let Some(parent) = parent.get()
        {
            self.elements[parent].handlers += 1;
        }
        let slot = self.add(parent, element);
        if parent == Slot::NONE {
            self.root = slot;
        }
        for (name, value) in stored.variables {
            self.write_variable(slot, &Text::from(name), value);
        }
        for wait in stored.waits {
            self.conditions += u32::from(super::apply::reads_data(wait.kind));
            self.insert_wait(slot, wait);
        }
        for (flow, count) in stored.cells {
            self.add_cell(slot, flow, count);
            self.elements[slot].tokens += count;
            if self.leads_to_join(library, slot, flow) {
                self.tokens_at_joins += count;
            }
        }
        if let Some(multi) = stored.multi {
            self.elements[slot].multi = self.multis.insert(multi);
        }
        if let Some(incident) = stored.incident {
            self.elements[slot].incident = self.incidents.insert(incident);
        }
        Ok(())
    }
}
