//! The state of one root instance with everything it calls: one unit of consistency.
//!
//! `Instance::apply` is the only writer. What can be derived (links, counts, indices) is never stored.

mod apply;
mod audit;
mod compensate;
mod element;
mod keys;
mod slab;
mod snapshot;
mod variables;
mod view;

pub(crate) use element::*;
pub(crate) use slab::{Slab, Slot};
pub use snapshot::CorruptError;
pub use view::{ElementView, IncidentView, WaitView};

use crate::event::Status;
use crate::id::{BoundIx, ElementKey, InstanceId, ProcessIx, Timestamp, Which};
use crate::process::{Catch, ContentHash, Library, Process};
use bpmn_parser::graph::NodeIx;
use keys::Keys;
use std::collections::VecDeque;
use tokenflow_feel::{Text, Value};

/// A version that the instance is bound to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) id: Text,
    pub(crate) hash: ContentHash,
    pub(crate) ix: ProcessIx,
}

impl Bound {
    fn to(library: &Library, ix: ProcessIx) -> Bound {
        let process = library.process(ix);
        Bound { id: process.shared_id(), hash: process.hash(), ix }
    }
}

/// One root process instance.
#[derive(Clone, Debug)]
pub struct Instance {
    id: InstanceId,
    version: u64,
    now: Timestamp,
    status: Status,
    is_suspended: bool,
    last_key: u32,
    /// Moves since the clock last moved.
    moves: u64,
    outcome: Option<NodeIx>,
    /// The code and message of the error that ended it.
    error: Option<(Value, Value)>,
    pub(crate) bound: Vec<Bound>,
    pub(crate) root: Slot,
    pub(crate) elements: Slab<Element>,
    pub(crate) waits: Slab<Wait>,
    pub(crate) variables: Slab<Variable>,
    pub(crate) cells: Slab<Cell>,
    pub(crate) multis: Slab<Multi>,
    pub(crate) incidents: Slab<Incident>,
    pub(crate) queue: VecDeque<Token>,
    pub(crate) thrown: VecDeque<Thrown>,
    /// In the order of completion.
    pub(crate) records: Vec<Record>,
    pub(crate) undos: Vec<Undo>,
    /// The correlation keys that are known, by process instance and key.
    pub(crate) conversations: Vec<(ElementKey, Which, Value)>,
    /// Complex gateways that wait for their reset, by scope and node.
    pub(crate) gates: Vec<Gate>,
    keys: Keys,
    /// Derived: tokens that wait at inclusive and complex gateways.
    pub(crate) tokens_at_joins: u32,
    /// Derived: armed conditions, and activities that wait for data.
    pub(crate) conditions: u32,
    /// Derived: the size of all variables.
    pub(crate) variables_bytes: usize,
    /// Derived: what was touched since the last step took it.
    pub(crate) changes: Changes,
}

/// What a step touched; not part of the state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    pub(crate) waits: Vec<(ElementKey, Which)>,
    /// Scopes whose last token has gone.
    pub(crate) emptied: Vec<ElementKey>,
    /// A variable was set: conditions are to be evaluated again.
    pub(crate) variables: bool,
    /// A compensation has begun, or one of its handlers has ended.
    pub(crate) undos: bool,
}

/// Up to this many entries are compared one by one.
const FEW: usize = 16;

impl Changes {
    fn clear(&mut self) {
        let Changes { waits, emptied, variables, undos } = self;
        waits.clear();
        emptied.clear();
        (*variables, *undos) = (false, false);
    }
}

impl Instance {
    /// An instance that has not been started.
    pub fn new(id: InstanceId) -> Instance {
        Instance {
            id,
            version: 0,
            now: Timestamp(i64::MIN),
            status: Status::Active,
            is_suspended: false,
            last_key: 0,
            moves: 0,
            outcome: None,
            error: None,
            bound: Vec::new(),
            root: Slot::NONE,
            elements: Slab::default(),
            waits: Slab::default(),
            variables: Slab::default(),
            cells: Slab::default(),
            multis: Slab::default(),
            incidents: Slab::default(),
            queue: VecDeque::new(),
            thrown: VecDeque::new(),
            records: Vec::new(),
            undos: Vec::new(),
            conversations: Vec::new(),
            gates: Vec::new(),
            keys: Keys::default(),
            tokens_at_joins: 0,
            conditions: 0,
            variables_bytes: 0,
            changes: Changes::default(),
        }
    }

    /// Makes it an instance that has not been started, in the memory that it has.
    pub fn reset(&mut self, new: InstanceId) {
        let Instance { id, version, now, status, is_suspended, last_key, moves, outcome, error, .. } = self;
        *id = new;
        (*version, *now, *status) = (0, Timestamp(i64::MIN), Status::Active);
        (*is_suspended, *last_key, *moves, *outcome, *error) = (false, 0, 0, None, None);
        let Instance { bound, root, elements, waits, variables, cells, multis, incidents, .. } = self;
        bound.clear();
        *root = Slot::NONE;
        elements.clear();
        waits.clear();
        variables.clear();
        cells.clear();
        multis.clear();
        incidents.clear();
        let Instance { queue, thrown, records, undos, conversations, gates, keys, .. } = self;
        queue.clear();
        thrown.clear();
        records.clear();
        undos.clear();
        conversations.clear();
        gates.clear();
        keys.clear();
        let Instance { tokens_at_joins, conditions, variables_bytes, changes, .. } = self;
        (*tokens_at_joins, *conditions, *variables_bytes) = (0, 0, 0);
        changes.clear();
    }

    /// Moves what a step touched into `changed`: each wait once, in the order of its first change.
    pub(crate) fn take_changed(&mut self, changed: &mut Vec<(ElementKey, Which)>) {
        changed.append(&mut self.changes.waits);
        self.changes.clear();
        if changed.len() <= FEW {
            for place in (1..changed.len()).rev() {
                if changed[..place].contains(&changed[place]) {
                    changed.remove(place);
                }
            }
            return;
        }
        let mut seen = std::collections::BTreeSet::new();
        changed.retain(|wait| seen.insert(*wait));
    }

    /// Its identity, given from outside.
    pub fn id(&self) -> InstanceId {
        self.id
    }

    /// The number of transitions that made this state.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Its logical time: never earlier than any time it was stepped at.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How it stands.
    pub fn status(&self) -> Status {
        self.status
    }

    /// True while it takes no answers.
    pub fn is_suspended(&self) -> bool {
        self.is_suspended
    }

    /// True once it was started.
    pub fn is_started(&self) -> bool {
        self.root.is_some()
    }

    /// The last end event that a token of the root process reached.
    pub fn outcome(&self) -> Option<NodeIx> {
        self.outcome
    }

    /// The code and message of the error that it ended with.
    pub fn error(&self) -> Option<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.error.as_ref().map(|(code, message)| (text(code), text(message)))
    }

    /// The root's process; none before it was started.
    pub fn root_process(&self) -> Option<ProcessIx> {
        self.bound.first().map(|bound| bound.ix)
    }

    pub(crate) fn moves(&self) -> u64 {
        self.moves
    }

    /// The key that the next activation gets.
    pub(crate) fn next_key(&self) -> ElementKey {
        ElementKey(self.last_key.saturating_add(1))
    }

    pub(crate) fn slot(&self, key: ElementKey) -> Option<Slot> {
        self.keys.find(key)
    }

    pub(crate) fn process_ix(&self, bound: BoundIx) -> ProcessIx {
        self.bound[bound.0 as usize].ix
    }

    /// The process that an element belongs to.
    pub(crate) fn process_of<'l>(&self, library: &'l Library, slot: Slot) -> &'l Process {
        library.process(self.process_ix(self.elements[slot].process))
    }

    /// What an element keeps armed, and the number of the first of it.
    pub(crate) fn catches<'l>(&self, library: &'l Library, slot: Slot) -> (&'l [Catch], u16) {
        let process = self.process_of(library, slot);
        match self.elements[slot].node {
            NO_NODE => (&process.level.handlers, 0),
            node => (&process.row(node).catches, process.row(node).first_catch),
        }
    }

    /// The slots of an element's waits, in the order of their numbers.
    pub(crate) fn wait_slots(&self, slot: Slot) -> impl Iterator<Item = Slot> + '_ {
        std::iter::successors(self.elements[slot].waits.get(), |wait| self.waits[*wait].next.get())
    }

    pub(crate) fn find_wait(&self, slot: Slot, which: Which) -> Option<&WaitState> {
        let found = self.wait_slots(slot).find(|wait| self.waits[*wait].state.which == which)?;
        Some(&self.waits[found].state)
    }

    /// The children of an element in the order of their keys.
    pub(crate) fn children(&self, slot: Slot) -> impl Iterator<Item = Slot> + '_ {
        std::iter::successors(self.elements[slot].first_child.get(), |child| self.elements[*child].next.get())
    }

    /// The process instance that an element belongs to (itself, if it is one).
    pub(crate) fn process_instance(&self, mut slot: Slot) -> Slot {
        while self.elements[slot].role != Role::Process {
            slot = self.elements[slot].parent;
        }
        slot
    }

    /// True where the element is a run of a loop or multi-instance body.
    pub(crate) fn is_run(&self, slot: Slot) -> bool {
        self.elements[slot].run > 0
    }

    /// How many tokens wait on a flow into a join of that scope.
    pub(crate) fn tokens_on(&self, scope: Slot, flow: bpmn_parser::graph::FlowIx) -> u32 {
        self.cell_slots(scope)
            .find(|cell| self.cells[*cell].flow == flow)
            .map_or(0, |cell| self.cells[cell].count)
    }

    /// The complex gateway of that scope that waits for its reset.
    pub(crate) fn gate(&self, scope: ElementKey, node: NodeIx) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.scope == scope && gate.node == node)
    }

    pub(crate) fn cell_slots(&self, scope: Slot) -> impl Iterator<Item = Slot> + '_ {
        std::iter::successors(self.elements[scope].cells.get(), |cell| self.cells[*cell].next.get())
    }
}
