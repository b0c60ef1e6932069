//! Tokens: queued, waiting at joins, and counted by the scope that they are in.

use super::super::{Cell, Gate, Instance, NO_NODE, Slot, Token};
use crate::event::{Exit, Via};
use crate::id::ElementKey;
use crate::process::{Kind, Library};
use bpmn_parser::graph::{FlowIx, NodeIx};

impl Instance {
    #[inline]
    pub(super) fn push(&mut self, token: Token) {
        self.elements[token.scope].tokens += 1;
        self.queue.push_back(token);
    }

    /// Takes the token of an activation off the queue.
    pub(super) fn pop(&mut self, via: Via) -> Option<Token> {
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
    pub(super) fn release(&mut self, scope: Slot) {
        let element = &mut self.elements[scope];
        element.tokens -= 1;
        if element.tokens == element.handlers {
            self.changes.emptied.push(element.key);
        }
    }

    pub(super) fn pass(
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
                debug_assert!(
                    self.queue.front().is_some_and(|taken| (taken.via, taken.scope) == (via, scope)),
                    "tokens are taken in order"
                );
                self.moves += 1;
                let token = Token { via: Via::flow(flow), node: NO_NODE, scope };
                if self.queue.len() == 1 {
                    self.queue[0] = token;
                } else {
                    self.queue.pop_front().expect("an activation takes a queued token");
                    self.queue.push_back(token);
                }
            }
            (_, None) => {
                self.pop(via);
                self.note_outcome(library, scope, node);
            }
        }
    }

    #[inline(never)]
    pub(super) fn arrive(&mut self, library: &Library, flow: FlowIx, scope: ElementKey) {
        let slot = self.known(scope);
        self.elements[slot].tokens += 1;
        self.pop(Via::flow(flow));
        self.add_cell(slot, flow, 1);
        if self.leads_to_join(library, slot, flow) {
            self.tokens_at_joins += 1;
        }
    }

    /// Cells stand in the order of their flows.
    pub(in crate::instance) fn add_cell(&mut self, slot: Slot, flow: FlowIx, count: u32) {
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

    pub(in crate::instance) fn leads_to_join(&self, library: &Library, scope: Slot, flow: FlowIx) -> bool {
        self.process_of(library, scope).flow(flow).leads_to_join
    }

    #[inline(never)]
    pub(super) fn join(&mut self, library: &Library, node: NodeIx, scope: ElementKey) {
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

    #[inline(never)]
    pub(super) fn consume(&mut self, via: Via, scope: ElementKey) {
        let slot = self.known(scope);
        self.pop(via);
        if via == Via::RETRY {
            self.drop_incident(slot);
        }
    }

    pub(super) fn clear_tokens(&mut self, library: &Library, slot: Slot) {
        if !self.gates.is_empty() {
            let key = self.elements[slot].key;
            self.gates.retain(|gate| gate.scope != key);
        }
        if self.elements[slot].tokens > 0 {
            // The retry of the element itself is no token in it.
            self.queue.retain(|token| token.scope != slot || token.via == Via::RETRY);
        }
        while let Some(cell) = self.elements[slot].cells.get() {
            let Cell { next, flow, count } = self.cells.remove(cell);
            self.elements[slot].cells = next;
            if self.leads_to_join(library, slot, flow) {
                self.tokens_at_joins -= count;
            }
        }
    }

    /// All tokens directly in a scope go; what is still open in it stays.
    pub(super) fn clear(&mut self, library: &Library, scope: ElementKey) {
        let slot = self.known(scope);
        self.clear_tokens(library, slot);
        self.elements[slot].tokens = self.children(slot).count() as u32;
    }
}
