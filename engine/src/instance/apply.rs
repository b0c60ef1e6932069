//! The one place where an instance changes: each event, applied.

use super::{
    Bound, Cell, Element, Gate, Incident, Instance, Multi, NO_NODE, Role, Slot, Thrown, Token, Wait,
    WaitState,
};
use crate::event::{Data, Event, Exit, Status, Transition, TriggerKind, Via, WaitKind};
use crate::id::{BoundIx, ElementKey, Timestamp, Which};
use crate::process::{ContentHash, Kind, Library};
use bpmn_parser::graph::{FlowIx, NodeIx};
use std::sync::Arc;
use tokenflow_feel::Value;

impl Instance {
    /// Replays a transition on the state before it; gives the state after it.
    pub fn apply_transition(&mut self, library: &Library, transition: &Transition) {
        self.advance_clock(transition.at);
        for event in &transition.events {
            self.apply(library, *event, &transition.values);
        }
        self.version += 1;
        self.changes = super::Changes::default();
    }

    /// Logical time never goes back; when it moves, the moves are counted anew.
    pub(crate) fn advance_clock(&mut self, now: Timestamp) {
        if now > self.now {
            self.now = now;
            self.moves = 0;
        }
    }

    pub(crate) fn count_transition(&mut self) {
        self.version += 1;
    }

    /// Changes the state as the event says. `values` is the table that the event's data refer to.
    pub(crate) fn apply(&mut self, library: &Library, event: Event, values: &[Value]) {
        let value = |data: Data| values.get(data.0 as usize).cloned().unwrap_or(Value::NULL);
        match event {
            Event::Passed { key, node, scope, via, exit } => self.pass(library, key, node, scope, via, exit),
            Event::Taken { flow, scope } => {
                let scope = self.known(scope);
                self.push(Token { via: Via::flow(flow), node: NO_NODE, scope });
            }
            Event::Entered { key, node, scope, via } => {
                self.enter(library, key, node, scope, via, Role::Node)
            }
            Event::BodyEntered { key, node, scope, via } => {
                self.enter(library, key, node, scope, via, Role::Body)
            }
            Event::Completed { key, exit } | Event::BodyCompleted { key, exit } => {
                self.complete(library, key, exit);
            }
            Event::Canceled { key } | Event::BodyCanceled { key } => self.cancel(library, key),
            Event::VariableSet { scope, name, value: set } => {
                self.set_variable(scope, &value(name), value(set))
            }
            Event::Waiting { key, which, kind, data, due } | Event::Armed { key, which, kind, data, due } => {
                self.open(key, which, kind, value(data), due);
            }
            Event::Arrived { flow, scope } => self.arrive(library, flow, scope),
            Event::Joined { node, scope } => self.join(library, node, scope),
            Event::StartQueued { node, scope } => {
                let scope = self.known(scope);
                self.push(Token { via: Via::START, node, scope });
            }
            Event::RunQueued { key } => {
                let scope = self.known(key);
                self.push(Token { via: Via::START, node: NO_NODE, scope });
            }
            Event::Consumed { via, scope } => self.consume(via, scope),
            Event::Bound { process, data } => self.bind(library, process, &value(data)),
            Event::Started { key, parent, process } => self.start(key, parent, process),
            Event::Ended { key, status, code } => self.end(library, key, status, &value(code)),
            Event::Suspended => self.is_suspended = true,
            Event::Resumed => self.is_suspended = false,
            Event::BodyCounted { key, total, items } => {
                let multi = self.multi(key);
                multi.total = total;
                multi.items = value(items);
            }
            Event::RunCollected { key, run, value: result } => {
                let multi = self.multi(key);
                let place = (run as usize).saturating_sub(1);
                if multi.results.len() <= place {
                    multi.results.resize(place + 1, Value::NULL);
                }
                multi.results[place] = value(result);
            }
            Event::Rearmed { key, which, data, due } => {
                self.rearm(key, which, values.get(data.0 as usize), due)
            }
            Event::Edge { key, which, holds } => self.change_wait(key, which, |wait| wait.holds = holds),
            Event::Disarmed { key, which } | Event::Occurred { key, which } => {
                let slot = self.known(key);
                self.close(slot, which);
            }
            Event::Thrown { key, node, kind, data } => self.throw(library, key, node, kind, value(data)),
            Event::Delivered => {
                self.thrown.pop_front();
            }
            Event::JobFailed { key, retries, due, .. } => self.change_wait(key, Which(0), |wait| {
                wait.count = retries;
                wait.attempts += 1;
                wait.due = due;
            }),
            Event::Claimed { key, data } | Event::Assigned { key, data } => {
                self.set_assignee(key, value(data))
            }
            Event::Released { key } => self.set_assignee(key, Value::NULL),
            Event::IncidentRaised { key, kind, stage, data } => {
                let data = value(data);
                let part = |place: usize| data.as_list().and_then(|list| list.get(place).cloned());
                let message = part(0).unwrap_or(Value::NULL);
                let kept = part(1).unwrap_or(Value::NULL);
                let incident = Incident { kind, stage, is_resolved: false, message, kept };
                let slot = self.known(key);
                self.elements[slot].incident = self.incidents.insert(incident);
            }
            Event::IncidentResolved { key } => {
                let slot = self.known(key);
                let incident = self.elements[slot].incident;
                self.incidents[incident].is_resolved = true;
                self.moves = 0;
                self.queue.push_back(Token { via: Via::RETRY, node: NO_NODE, scope: slot });
            }
            Event::Grouped { key, race } => {
                let slot = self.known(key);
                self.elements[slot].race = race;
            }
            Event::KeySet { key, which, data } => self.conversations.push((key, which, value(data))),
            Event::Interrupted { key } => {
                let slot = self.known(key);
                self.elements[slot].is_interrupted = true;
            }
            Event::Cleared { scope } => {
                let slot = self.known(scope);
                self.clear_tokens(library, slot);
                self.elements[slot].tokens = self.children(slot).count() as u32;
            }
            Event::Recorded { key } => self.record(library, key),
            Event::UndoBegun { owner, scope, data } => self.begin_undo(owner, scope, &value(data)),
            Event::Compensated { key, .. } => self.take_record(key),
            Event::Revived { key, record, scope } => self.revive(key, record, scope),
            Event::Undoing { key, record } => self.undo_with(key, record),
            Event::Forgotten { key } => {
                let slot = self.known(key);
                self.remove(library, slot);
            }
            Event::UndoEnded { owner } => self.undos.retain(|undo| undo.owner != owner || !undo.is_over()),
            Event::Crossed { .. } | Event::Triggered { .. } | Event::Decided { .. } => {}
        }
    }

    pub(super) fn known(&self, key: ElementKey) -> Slot {
        self.keys.find(key).expect("an event names elements that are open")
    }

    fn push(&mut self, token: Token) {
        self.elements[token.scope].tokens += 1;
        self.queue.push_back(token);
    }

    /// Takes the token of an activation off the queue.
    fn pop(&mut self, via: Via) -> Option<Token> {
        if via == Via::NONE {
            return None;
        }
        let token = self.queue.pop_front().expect("an activation takes a queued token");
        debug_assert_eq!(token.via, via, "tokens are taken in the order in which they were queued");
        self.moves += 1;
        if via != Via::RETRY {
            self.release(token.scope);
        }
        Some(token)
    }

    /// One token less in a scope.
    fn release(&mut self, scope: Slot) {
        let element = &mut self.elements[scope];
        element.tokens -= 1;
        if element.tokens == element.handlers {
            self.changes.emptied.push(element.key);
        }
    }

    fn pass(
        &mut self,
        library: &Library,
        key: ElementKey,
        node: NodeIx,
        scope: ElementKey,
        via: Via,
        exit: Exit,
    ) {
        self.last_key = self.last_key.max(key.0);
        let scope = self.known(scope);
        match (via, exit.get()) {
            (Via::NONE, Some(flow)) => self.push(Token { via: Via::flow(flow), node: NO_NODE, scope }),
            (Via::NONE, None) => {
                if self.elements[scope].tokens == self.elements[scope].handlers {
                    self.changes.emptied.push(self.elements[scope].key);
                }
            }
            (_, Some(flow)) => {
                // One token in, one out: the count of the scope stays.
                let taken = self.queue.pop_front().expect("an activation takes a queued token");
                debug_assert_eq!((taken.via, taken.scope), (via, scope), "tokens are taken in order");
                self.moves += 1;
                self.queue.push_back(Token { via: Via::flow(flow), node: NO_NODE, scope });
            }
            (_, None) => {
                self.pop(via);
                self.note_outcome(library, scope, node);
            }
        }
    }

    fn note_outcome(&mut self, library: &Library, scope: Slot, node: NodeIx) {
        if scope == self.root && self.process_of(library, scope).row(node).is_end_event {
            self.outcome = Some(node);
        }
    }

    fn enter(
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

    pub(super) fn restore_row(&mut self, parent: Slot, element: Element) -> Slot {
        self.add(parent, element)
    }

    /// Adds a child; the parent counts it as a token.
    pub(super) fn add(&mut self, parent: Slot, mut element: Element) -> Slot {
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

    fn complete(&mut self, library: &Library, key: ElementKey, exit: Exit) {
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

    fn cancel(&mut self, library: &Library, key: ElementKey) {
        let slot = self.known(key);
        if self.is_run(slot) {
            let multi = self.elements[self.elements[slot].parent].multi;
            self.multis[multi].terminated += 1;
        }
        self.remove(library, slot);
    }

    /// Takes an element with all its rows out of the instance.
    fn remove(&mut self, library: &Library, slot: Slot) {
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
        self.clear_tokens(library, slot);
        self.elements[slot].tokens = 0;
        if let Some(multi) = self.elements[slot].multi.get() {
            self.multis.remove(multi);
            self.elements[slot].multi = Slot::NONE;
        }
        if let Some(incident) = self.elements[slot].incident.get() {
            self.incidents.remove(incident);
            self.elements[slot].incident = Slot::NONE;
        }
    }

    fn forget_conversations(&mut self, slot: Slot) {
        if !self.conversations.is_empty() && self.elements[slot].role == Role::Process {
            let key = self.elements[slot].key;
            self.conversations.retain(|(instance, ..)| *instance != key);
        }
    }

    fn clear_tokens(&mut self, library: &Library, slot: Slot) {
        if !self.gates.is_empty() {
            let key = self.elements[slot].key;
            self.gates.retain(|gate| gate.scope != key);
        }
        if self.elements[slot].tokens > 0 || self.elements[slot].incident.is_some() {
            self.queue.retain(|token| token.scope != slot);
        }
        while let Some(cell) = self.elements[slot].cells.get() {
            let Cell { next, flow, count } = self.cells.remove(cell);
            self.elements[slot].cells = next;
            if self.leads_to_join(library, slot, flow) {
                self.tokens_at_joins -= count;
            }
        }
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

    fn open(&mut self, key: ElementKey, which: Which, kind: WaitKind, data: Value, due: Timestamp) {
        let slot = self.known(key);
        let count = match kind {
            WaitKind::Job => {
                data.as_list().and_then(|parts| parts.get(1)?.as_number()?.to_i64()).unwrap_or(3)
            }
            _ => 0,
        };
        let state = WaitState {
            which,
            kind,
            holds: false,
            due,
            anchor: self.now,
            count: u32::try_from(count).unwrap_or(0),
            attempts: 0,
            data,
        };
        if reads_data(kind) {
            self.conditions += 1;
        }
        self.insert_wait(slot, state);
        self.changes.waits.push((key, which));
    }

    /// Waits stand in the order of their numbers, however they came about.
    pub(super) fn insert_wait(&mut self, slot: Slot, state: WaitState) {
        let mut before = Slot::NONE;
        let mut next = self.elements[slot].waits;
        while let Some(wait) = next.get()
            && self.waits[wait].state.which < state.which
        {
            before = wait;
            next = self.waits[wait].next;
        }
        let wait = self.waits.insert(Wait { next, state });
        match before.get() {
            Some(before) => self.waits[before].next = wait,
            None => self.elements[slot].waits = wait,
        }
    }

    fn close(&mut self, slot: Slot, which: Which) {
        let mut before = Slot::NONE;
        let mut next = self.elements[slot].waits;
        while let Some(wait) = next.get() {
            next = self.waits[wait].next;
            if self.waits[wait].state.which == which {
                match before.get() {
                    Some(before) => self.waits[before].next = next,
                    None => self.elements[slot].waits = next,
                }
                let removed = self.waits.remove(wait);
                if reads_data(removed.state.kind) {
                    self.conditions -= 1;
                }
                self.changes.waits.push((self.elements[slot].key, which));
                return;
            }
            before = wait;
        }
    }

    fn change_wait(&mut self, key: ElementKey, which: Which, change: impl FnOnce(&mut WaitState)) {
        let slot = self.known(key);
        let found = self.wait_slots(slot).find(|wait| self.waits[*wait].state.which == which);
        let wait = found.expect("an event names waits that are open");
        change(&mut self.waits[wait].state);
        self.changes.waits.push((key, which));
    }

    fn rearm(&mut self, key: ElementKey, which: Which, data: Option<&Value>, due: Timestamp) {
        self.change_wait(key, which, |wait| {
            match (wait.kind, data) {
                // The number of a cycle's next repetition travels as data.
                (WaitKind::Timer, Some(next)) => {
                    wait.count = next.as_number().and_then(|next| next.to_i64()).unwrap_or(0) as u32;
                }
                (_, Some(data)) => wait.data = data.clone(),
                (_, None) => {}
            }
            wait.due = due;
        });
    }

    fn set_assignee(&mut self, key: ElementKey, user: Value) {
        self.change_wait(key, Which(0), |wait| {
            let mut people = wait.data.as_context().cloned().unwrap_or_default();
            people.insert("assignee", user);
            wait.data = Value::from(people);
        });
    }

    fn arrive(&mut self, library: &Library, flow: FlowIx, scope: ElementKey) {
        let slot = self.known(scope);
        self.elements[slot].tokens += 1;
        self.pop(Via::flow(flow));
        self.add_cell(slot, flow, 1);
        if self.leads_to_join(library, slot, flow) {
            self.tokens_at_joins += 1;
        }
    }

    /// Cells stand in the order of their flows.
    pub(super) fn add_cell(&mut self, slot: Slot, flow: FlowIx, count: u32) {
        let mut before = Slot::NONE;
        let mut next = self.elements[slot].cells;
        while let Some(cell) = next.get()
            && self.cells[cell].flow <= flow
        {
            if self.cells[cell].flow == flow {
                self.cells[cell].count += count;
                return;
            }
            before = cell;
            next = self.cells[cell].next;
        }
        let cell = self.cells.insert(Cell { next, flow, count });
        match before.get() {
            Some(before) => self.cells[before].next = cell,
            None => self.elements[slot].cells = cell,
        }
    }

    pub(super) fn leads_to_join(&self, library: &Library, scope: Slot, flow: FlowIx) -> bool {
        let process = self.process_of(library, scope);
        let target = process.flow(flow).target;
        matches!(process.row(target).kind, Kind::InclusiveGateway | Kind::ComplexGateway)
    }

    fn join(&mut self, library: &Library, node: NodeIx, scope: ElementKey) {
        let slot = self.known(scope);
        let row = self.process_of(library, slot).row(node);
        if row.kind == Kind::ComplexGateway {
            return self.join_complex(library, slot, node);
        }
        let mut wanted = if row.is_activity { row.start_quantity } else { u32::MAX };
        for flow in &row.incoming {
            let waiting = self.tokens_on(slot, *flow);
            let taken = if row.is_activity { waiting.min(wanted) } else { waiting.min(1) };
            wanted -= taken;
            self.take_cell(library, slot, *flow, taken);
        }
    }

    /// The start takes one token from each non-empty flow and remembers which they were; the reset takes them from
    /// the others and forgets.
    fn join_complex(&mut self, library: &Library, slot: Slot, node: NodeIx) {
        let scope = self.elements[slot].key;
        let place = self.gates.iter().position(|gate| gate.scope == scope && gate.node == node);
        let used = place.map(|place| self.gates.remove(place).used);
        let mut taken = Vec::new();
        for flow in &self.process_of(library, slot).row(node).incoming {
            let is_used = used.as_ref().is_some_and(|used| used.contains(flow));
            if !is_used && self.tokens_on(slot, *flow) > 0 {
                self.take_cell(library, slot, *flow, 1);
                taken.push(*flow);
            }
        }
        if used.is_none() {
            let place = self.gates.partition_point(|gate| (gate.scope, gate.node) < (scope, node));
            self.gates.insert(place, Gate { scope, node, used: taken });
        }
    }

    fn take_cell(&mut self, library: &Library, slot: Slot, flow: FlowIx, count: u32) {
        if count == 0 {
            return;
        }
        if self.leads_to_join(library, slot, flow) {
            self.tokens_at_joins -= count;
        }
        let mut before = Slot::NONE;
        let mut next = self.elements[slot].cells;
        while let Some(cell) = next.get() {
            if self.cells[cell].flow == flow {
                self.cells[cell].count -= count;
                if self.cells[cell].count == 0 {
                    let rest = self.cells.remove(cell).next;
                    match before.get() {
                        Some(before) => self.cells[before].next = rest,
                        None => self.elements[slot].cells = rest,
                    }
                }
                break;
            }
            before = cell;
            next = self.cells[cell].next;
        }
        for _ in 0..count {
            self.release(slot);
        }
    }

    fn consume(&mut self, via: Via, scope: ElementKey) {
        let slot = self.known(scope);
        self.pop(via);
        if via == Via::RETRY
            && let Some(incident) = self.elements[slot].incident.get()
        {
            self.incidents.remove(incident);
            self.elements[slot].incident = Slot::NONE;
        }
    }

    fn bind(&mut self, library: &Library, process: BoundIx, data: &Value) {
        debug_assert_eq!(self.bound.len(), process.0 as usize, "versions are bound in order");
        let part =
            |place: usize| data.as_list().and_then(|list| list.get(place)?.as_str()).unwrap_or_default();
        let id = part(0).to_owned();
        let hash =
            ContentHash::parse(part(1)).expect("the hash of a bound version is its hexadecimal digest");
        let ix =
            library.by_hash(&id, hash).expect("the library holds every version that an instance is bound to");
        self.bound.push(Bound { id, hash, ix });
    }

    fn start(&mut self, key: ElementKey, parent: ElementKey, process: BoundIx) {
        let parent = if parent.is_some() { self.known(parent) } else { Slot::NONE };
        let slot = self.add(parent, Element::new(key, NO_NODE, process, Role::Process));
        if parent == Slot::NONE {
            self.root = slot;
        }
    }

    fn end(&mut self, library: &Library, key: ElementKey, status: Status, code: &Value) {
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

    fn multi(&mut self, body: ElementKey) -> &mut Multi {
        let slot = self.known(body);
        let multi = self.elements[slot].multi;
        &mut self.multis[multi]
    }

    /// What is not critical is kept until nothing else can move. An escalation of an activity starts its way out
    /// at the activity itself, everything else at the scope of the thrower.
    fn throw(&mut self, library: &Library, key: ElementKey, node: NodeIx, kind: TriggerKind, data: Value) {
        match kind {
            TriggerKind::Message
            | TriggerKind::Signal
            | TriggerKind::Escalation
            | TriggerKind::Compensation => {}
            TriggerKind::Timer
            | TriggerKind::Condition
            | TriggerKind::Error
            | TriggerKind::Cancel
            | TriggerKind::Link
            | TriggerKind::Terminate => return,
        }
        let slot = self.known(key);
        let Element { parent, process, .. } = self.elements[slot];
        let is_activity = self.process_of(library, slot).row(node).is_activity;
        let first = if is_activity { slot } else { parent };
        let outward = std::iter::successors(first.get(), |scope| self.elements[*scope].parent.get());
        let scopes = outward.map(|scope| self.elements[scope].key).collect();
        self.thrown.push_back(Thrown { thrower: key, scopes, process, node, kind, data });
    }

    fn set_variable(&mut self, scope: ElementKey, name: &Value, value: Value) {
        let slot = self.known(scope);
        let name = name.as_str().expect("a variable's name is a string");
        self.changes.variables = true;
        self.write_variable(slot, name, value);
    }

    pub(super) fn write_variable(&mut self, slot: Slot, name: &str, value: Value) {
        let bytes = value.bytes();
        self.variables_bytes += bytes;
        let mut last = Slot::NONE;
        let mut next = self.elements[slot].variables;
        while let Some(variable) = next.get() {
            let row = &mut self.variables[variable];
            if &*row.name == name {
                self.variables_bytes -= row.bytes;
                row.value = value;
                row.bytes = bytes;
                return;
            }
            last = variable;
            next = row.next;
        }
        let row = super::Variable { next: Slot::NONE, name: Arc::from(name), value, bytes };
        let added = self.variables.insert(row);
        match last.get() {
            Some(last) => self.variables[last].next = added,
            None => self.elements[slot].variables = added,
        }
    }

    fn drop_variables(&mut self, slot: Slot) {
        while let Some(variable) = self.elements[slot].variables.get() {
            let removed = self.variables.remove(variable);
            self.variables_bytes -= removed.bytes;
            self.elements[slot].variables = removed.next;
        }
    }
}

/// Waits that are looked at again whenever a variable was set.
pub(super) fn reads_data(kind: WaitKind) -> bool {
    matches!(kind, WaitKind::Condition | WaitKind::Data)
}
