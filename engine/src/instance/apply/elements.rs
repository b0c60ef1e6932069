//! Elements: entered, completed, canceled, and taken out with all their rows.

use super::super::{Bound, Element, Incident, Instance, Multi, NO_NODE, Role, Slot, Token};
use crate::event::{Exit, IncidentKind, Stage, Status, Via};
use crate::id::{BoundIx, ElementKey};
use crate::process::{Kind, Library};
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::Value;

impl Instance {
    #[inline(never)]
    pub(super) fn enter(
        &mut self,
        library: &Library,
        key: ElementKey,
        node: NodeIx,
        scope: ElementKey,
        via: Via,
        role: Role,
    ) {
        let parent = self.known(scope);
        let mut element = Element::new(key, node, self.elements[parent].process, role);
        let is_run = self.elements[parent].role == Role::Body && self.elements[parent].node == node;
        if role == Role::Body {
            element.multi = self.multis.insert(Multi::default());
        }
        if is_run {
            let multi = self.elements[parent].multi;
            self.multis[multi].started += 1;
            element.run = self.multis[multi].started;
        }
        let is_handler = self.process_of(library, parent).row(node).kind == Kind::EventSubProcess;
        self.elements[parent].handlers += u32::from(is_handler);
        self.add(parent, element);
        self.pop(via);
    }

    /// Adds a child; the parent counts it as a token.
    pub(in crate::instance) fn add(&mut self, parent: Slot, mut element: Element) -> Slot {
        self.last_key = self.last_key.max(element.key.0);
        element.parent = parent;
        let key = element.key;
        let last = parent.get().map_or(Slot::NONE, |parent| self.elements[parent].last_child);
        element.prev = last;
        let slot = self.elements.insert(element);
        if let Some(parent) = parent.get() {
            match last.get() {
                Some(last) => self.elements[last].next = slot,
                None => self.elements[parent].first_child = slot,
            }
            self.elements[parent].last_child = slot;
            self.elements[parent].tokens += 1;
        }
        self.keys.insert(key, slot);
        slot
    }

    #[inline(never)]
    pub(super) fn complete(&mut self, library: &Library, key: ElementKey, exit: Exit) {
        let slot = self.known(key);
        let (parent, node, is_run) =
            (self.elements[slot].parent, self.elements[slot].node, self.is_run(slot));
        if is_run {
            let multi = self.elements[parent].multi;
            self.multis[multi].completed += 1;
        }
        self.note_outcome(library, parent, node);
        if let Some(flow) = exit.get() {
            self.push(Token { via: Via::flow(flow), node: NO_NODE, scope: parent });
        }
        self.remove(library, slot);
    }

    pub(super) fn note_outcome(&mut self, library: &Library, scope: Slot, node: NodeIx) {
        if scope == self.root && self.process_of(library, scope).row(node).is_end_event {
            self.outcome = Some(node);
        }
    }

    #[inline(never)]
    pub(super) fn cancel(&mut self, library: &Library, key: ElementKey) {
        let slot = self.known(key);
        if self.is_run(slot) {
            let multi = self.elements[self.elements[slot].parent].multi;
            self.multis[multi].terminated += 1;
        }
        self.remove(library, slot);
    }

    /// Takes an element with all its rows out of the instance.
    pub(super) fn remove(&mut self, library: &Library, slot: Slot) {
        let Element { parent, node, .. } = self.elements[slot];
        if node != NO_NODE && self.process_of(library, slot).row(node).kind == Kind::EventSubProcess {
            self.elements[parent].handlers -= 1;
        }
        self.strip(library, slot);
        self.unlink(slot);
        let key = self.elements[slot].key;
        self.drop_variables(slot);
        self.drop_records(slot);
        self.keys.remove(key);
        self.elements.remove(slot);
        if let Some(parent) = parent.get() {
            self.release(parent);
            if self.elements[parent].is_left && self.elements[parent].first_child == Slot::NONE {
                self.remove_left(library, parent);
            }
        }
    }

    /// A called instance that an error has left goes with its last child; its call activity is still there.
    fn remove_left(&mut self, library: &Library, slot: Slot) {
        let parent = self.elements[slot].parent;
        self.strip(library, slot);
        self.unlink(slot);
        self.drop_variables(slot);
        self.keys.remove(self.elements[slot].key);
        self.elements.remove(slot);
        self.release(parent);
    }

    /// Drops what an element holds besides its variables: waits, tokens, counts, incident.
    fn strip(&mut self, library: &Library, slot: Slot) {
        self.forget_conversations(slot);
        while let Some(wait) = self.elements[slot].waits.get() {
            let which = self.waits[wait].state.which;
            self.close(slot, which);
        }
        if self.elements[slot].incident.is_some() {
            self.queue.retain(|token| token.scope != slot);
        }
        self.clear_tokens(library, slot);
        self.elements[slot].tokens = 0;
        if let Some(multi) = self.elements[slot].multi.get() {
            self.multis.remove(multi);
            self.elements[slot].multi = Slot::NONE;
        }
        self.drop_incident(slot);
    }

    fn unlink(&mut self, slot: Slot) {
        let Element { parent, prev, next, .. } = self.elements[slot];
        match prev.get() {
            Some(prev) => self.elements[prev].next = next,
            None => {
                if let Some(parent) = parent.get() {
                    self.elements[parent].first_child = next;
                }
            }
        }
        match next.get() {
            Some(next) => self.elements[next].prev = prev,
            None => {
                if let Some(parent) = parent.get() {
                    self.elements[parent].last_child = prev;
                }
            }
        }
    }

    fn forget_conversations(&mut self, slot: Slot) {
        if !self.conversations.is_empty() && self.elements[slot].role == Role::Process {
            let key = self.elements[slot].key;
            self.conversations.retain(|(instance, ..)| *instance != key);
        }
    }

    #[inline(never)]
    pub(super) fn start(&mut self, key: ElementKey, parent: ElementKey, process: BoundIx) {
        let parent = if parent.is_some() { self.known(parent) } else { Slot::NONE };
        let slot = self.add(parent, Element::new(key, NO_NODE, process, Role::Process));
        if parent == Slot::NONE {
            self.root = slot;
        }
    }

    #[inline(never)]
    pub(super) fn bind(&mut self, library: &Library, process: BoundIx, data: &Value) {
        debug_assert_eq!(self.bound.len(), process.0 as usize, "versions are bound in order");
        let ix = library.bound(data).expect("the library holds every version that an instance is bound to");
        self.bound.push(Bound::to(library, ix));
    }

    #[inline(never)]
    pub(super) fn end(&mut self, library: &Library, key: ElementKey, status: Status, code: &Value) {
        let slot = self.known(key);
        if slot == self.root {
            self.strip(library, slot);
            self.queue.clear();
            self.records.clear();
            self.undos.clear();
            self.status = status;
            if status == Status::Failed {
                let part = |place: usize| code.as_list().and_then(|list| list.get(place).cloned());
                self.error = Some((part(0).unwrap_or(Value::NULL), part(1).unwrap_or(Value::NULL)));
            }
        } else if self.elements[slot].first_child == Slot::NONE {
            self.remove(library, slot);
        } else {
            self.strip_left(library, slot);
            self.elements[slot].is_left = true;
        }
    }

    /// An instance that an error has left keeps its children until they are canceled, and nothing else.
    fn strip_left(&mut self, library: &Library, slot: Slot) {
        self.strip(library, slot);
        self.elements[slot].tokens = self.children(slot).count() as u32;
    }

    pub(super) fn multi(&mut self, body: ElementKey) -> &mut Multi {
        let slot = self.known(body);
        let multi = self.elements[slot].multi;
        &mut self.multis[multi]
    }

    /// The result of a run at its place; runs that have none so far give null.
    pub(super) fn collect(&mut self, body: ElementKey, run: u32, result: Value) {
        let multi = self.multi(body);
        let place = (run as usize).saturating_sub(1);
        if multi.results.len() <= place {
            multi.results.resize(place + 1, Value::NULL);
        }
        multi.results[place] = result;
    }

    /// An element stops; an incident that it stands at already gives way.
    pub(super) fn stop(&mut self, key: ElementKey, kind: IncidentKind, stage: Stage, data: &Value) {
        let part = |place: usize| data.as_list().and_then(|list| list.get(place).cloned());
        let message = part(0).unwrap_or(Value::NULL);
        let kept = part(1).unwrap_or(Value::NULL);
        let slot = self.known(key);
        if self.elements[slot].incident.get().is_some_and(|incident| self.incidents[incident].is_resolved) {
            self.queue.retain(|token| token.scope != slot || token.via != Via::RETRY);
        }
        self.drop_incident(slot);
        let incident = Incident { kind, stage, is_resolved: false, message, kept };
        self.elements[slot].incident = self.incidents.insert(incident);
    }

    pub(super) fn resolve(&mut self, key: ElementKey) {
        let slot = self.known(key);
        let incident = self.elements[slot].incident;
        self.incidents[incident].is_resolved = true;
        self.moves = 0;
        self.queue.push_back(Token { via: Via::RETRY, node: NO_NODE, scope: slot });
    }

    pub(super) fn drop_incident(&mut self, slot: Slot) {
        if let Some(incident) = self.elements[slot].incident.get() {
            self.incidents.remove(incident);
            self.elements[slot].incident = Slot::NONE;
        }
    }
}
