//! Scopes: when they complete, and how everything in them is canceled.

use super::Step;
use crate::behavior;
use crate::command::Occurrence;
use crate::event::{Data, Event, Status};
use crate::id::{ElementKey, Which};
use crate::instance::{NO_NODE, Role, Slot};
use crate::process::{Kind, On};
use tokenflow_feel::{Context, Value};

impl Step<'_> {
    /// Completes a scope that holds no token any more; nothing, where that has changed since.
    pub(super) fn settle(&mut self, key: ElementKey) {
        let Some(slot) = self.instance.slot(key) else {
            return;
        };
        let element = &self.instance.elements[slot];
        if element.tokens > element.handlers || self.instance.status() != Status::Active {
            return;
        }
        if element.handlers > 0 {
            return self.disarm_handlers(slot);
        }
        if element.incident.is_some() {
            return;
        }
        if self.instance.is_undoing_for(key) || self.instance.gates.iter().any(|gate| gate.scope == key) {
            return;
        }
        if self.is_revived(slot) {
            return self.emit(Event::Forgotten { key });
        }
        match element.role {
            Role::Process if slot == self.instance.root => {
                self.emit(Event::Ended { key, status: Status::Completed, code: Data::NONE });
            }
            Role::Process => behavior::activity::call::returned(self, slot, Status::Completed),
            Role::Body => {}
            Role::Node => match self.row(slot).kind {
                Kind::SubProcess | Kind::EventSubProcess | Kind::Transaction => {
                    self.complete_work(slot, Context::default());
                }
                Kind::AdHocSubProcess => behavior::activity::ad_hoc::settle(self, slot),
                Kind::PassingTask
                | Kind::JobTask
                | Kind::UserTask
                | Kind::ReceiveTask
                | Kind::SendTask
                | Kind::ExpressionTask
                | Kind::CallActivity
                | Kind::ExclusiveGateway
                | Kind::ParallelGateway
                | Kind::InclusiveGateway
                | Kind::ComplexGateway
                | Kind::EventBasedGateway
                | Kind::StartEvent
                | Kind::CatchEvent
                | Kind::LinkCatchEvent
                | Kind::NoneThrowEvent
                | Kind::ThrowEvent
                | Kind::JobThrowEvent
                | Kind::BoundaryEvent => {}
            },
        }
    }

    /// Cancels everything inside a scope, children before their hosts, each level in the order of keys; the
    /// scope itself stays, without tokens.
    pub(crate) fn cancel_inside(&mut self, slot: Slot) {
        while let Some(child) = self.instance.elements[slot].first_child.get() {
            self.cancel(child);
        }
        let scope = self.key(slot);
        self.emit(Event::Cleared { scope });
    }

    /// Cancels an element with everything inside it.
    pub(crate) fn cancel(&mut self, slot: Slot) {
        let top = self.key(slot);
        let mut current = slot;
        loop {
            while let Some(child) = self.instance.elements[current].first_child.get() {
                current = child;
            }
            let parent = self.instance.elements[current].parent;
            let (key, parent_key) = (self.key(current), self.scope_key(current));
            self.emit_canceled(current, key);
            if key == top {
                return;
            }
            // A called instance that an error has left goes with its last child: go on at its call activity.
            current = match self.instance.slot(parent_key) {
                Some(parent) => parent,
                None => match self.instance.slot(top) {
                    Some(top) => top,
                    None => return,
                },
            };
            debug_assert!(parent.is_some(), "only the top has no parent inside");
        }
    }

    fn emit_canceled(&mut self, slot: Slot, key: ElementKey) {
        let element = &self.instance.elements[slot];
        let event = match element.role {
            Role::Process => Event::Ended { key, status: Status::Canceled, code: Data::NONE },
            Role::Body => Event::BodyCanceled { key },
            Role::Node => Event::Canceled { key },
        };
        debug_assert!(
            element.role == Role::Process || element.node != NO_NODE,
            "only process instances have no node"
        );
        self.emit(event);
    }

    /// A cancel end event (10.3.5): what is active in the transaction stops, what has completed is compensated,
    /// then the token leaves by the cancel boundary event.
    pub(crate) fn cancel_transaction(&mut self, mut slot: Slot) {
        while self.row(slot).kind != Kind::Transaction {
            slot = self.instance.elements[slot].parent;
        }
        self.disarm_attached(slot);
        self.cancel_inside(slot);
        let key = self.key(slot);
        if !behavior::compensate::begin(self, slot, key, None) {
            self.leave_canceled(slot);
        }
    }

    /// The transaction is compensated: its cancel boundary event is triggered.
    pub(crate) fn leave_canceled(&mut self, slot: Slot) {
        let host = if self.instance.is_run(slot) { self.instance.elements[slot].parent } else { slot };
        let (catches, first) = self.instance.catches(self.library, host);
        let place = catches.iter().position(|catch| matches!(catch.on, On::Cancel));
        let place =
            place.expect("a transaction with a cancel end event has a cancel boundary event (rule E0601)");
        self.occur(host, Which(first + place as u16), &Occurrence::default());
    }

    /// Ends the root as canceled, by command.
    pub(super) fn cancel_root(&mut self) {
        let root = self.instance.root;
        self.cancel_inside(root);
        let key = self.key(root);
        self.emit(Event::Ended { key, status: Status::Canceled, code: Data::NONE });
    }

    /// Ends the root as failed, with the error that nothing caught.
    pub(crate) fn fail_root(&mut self, code: &str, message: &str) {
        let root = self.instance.root;
        self.cancel_inside(root);
        let parts = [Value::string(code), Value::string(message)];
        let (key, code) = (self.key(root), self.data(parts.into_iter().collect()));
        self.emit(Event::Ended { key, status: Status::Failed, code });
    }

    /// A terminate end event ends its own scope at once (rule 27): at process level the instance, elsewhere the
    /// sub-process, whose parent continues on the normal flow.
    pub(crate) fn terminate(&mut self, scope: Slot) {
        self.cancel_inside(scope);
        let key = self.key(scope);
        match self.instance.elements[scope].role {
            Role::Process if scope == self.instance.root => {
                self.emit(Event::Ended { key, status: Status::Terminated, code: Data::NONE });
            }
            Role::Process => behavior::activity::call::returned(self, scope, Status::Terminated),
            Role::Body | Role::Node => self.complete_work(scope, Context::default()),
        }
    }
}
