//! Resolution of events (10.5.1): publication of signals and messages, propagation of errors and escalations.
//!
//! What is not critical is thrown in order and delivered last: first thrown first, when no other token can move.

use super::Step;
use crate::behavior;
use crate::command::{Occurrence, Refusal};
use crate::event::{Event, IncidentKind, Outgoing, Stage, Status, TriggerKind, WaitKind};
use crate::id::{ElementKey, Which};
use crate::instance::{Role, Slot, Thrown};
use crate::process::{Catch, Kind, On, Place};
use bpmn_parser::graph::MessageEnd;
use std::sync::Arc;
use tokenflow_feel::{Context, Value};

/// Who catches an error or escalation.
struct Catcher {
    slot: Slot,
    which: Which,
    /// Called instances that it leaves on the way, inside out.
    left: Vec<Slot>,
}

impl<'a> Step<'a> {
    /// Delivers the oldest of what was thrown; false where there is nothing.
    pub(super) fn deliver(&mut self) -> bool {
        let Some(thrown) = self.instance.thrown.front().cloned() else {
            return false;
        };
        self.emit(Event::Delivered);
        let part = |place: usize| thrown.data.as_list().and_then(|list| list.get(place).cloned());
        let name = part(0).and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
        let payload = part(2).unwrap_or(Value::NULL);
        match thrown.kind {
            TriggerKind::Message => {
                let message = Message { name, key: part(1).unwrap_or(Value::NULL), payload };
                if let Err(refusal) = self.deliver_message(&thrown, message) {
                    return self.refused(&thrown, refusal);
                }
            }
            TriggerKind::Signal => {
                let variables = payload.as_context().cloned().unwrap_or_default();
                let outgoing = Outgoing::Signal { thrower: thrown.thrower, name: name.clone(), payload };
                if let Err(refusal) = self.host.publish(&outgoing) {
                    return self.refused(&thrown, refusal);
                }
                self.send(outgoing);
                self.signal(&Occurrence { name, key: Value::NULL, payload: variables });
            }
            TriggerKind::Escalation => {
                let variables = payload.as_context().cloned().unwrap_or_default();
                if self.instance.status() == Status::Active {
                    self.escalate(&thrown.scopes, &Occurrence { name, key: Value::NULL, payload: variables });
                }
            }
            TriggerKind::Compensation => {
                if behavior::compensate::deliver(self, &thrown) {
                    return true;
                }
            }
            TriggerKind::Timer
            | TriggerKind::Condition
            | TriggerKind::Error
            | TriggerKind::Cancel
            | TriggerKind::Link
            | TriggerKind::Terminate => {}
        }
        self.thrower_goes_on(&thrown);
        true
    }

    /// A message goes along its message flow; without one, to the oldest subscription of this instance that fits,
    /// or else to the other instances.
    fn deliver_message(&mut self, thrown: &Thrown, message: Message) -> Result<(), Refusal> {
        let process = self.library.process(self.instance.process_ix(thrown.process));
        let node = process.node_id(thrown.node).to_owned();
        let end = MessageEnd::Node { process: process.id().to_owned(), node: node.clone() };
        let has_flow = self.library.message_flows().iter().any(|flow| flow.source == end);
        if !has_flow && let Some((slot, which)) = self.own_subscription(&message) {
            let payload = message.payload.as_context().cloned().unwrap_or_default();
            self.occur(slot, which, &Occurrence { name: message.name, key: message.key, payload });
            return Ok(());
        }
        let Message { name, key, payload } = message;
        let outgoing = Outgoing::Message { thrower: thrown.thrower, node, name, key, payload };
        self.host.publish(&outgoing)?;
        self.send(outgoing);
        Ok(())
    }

    fn own_subscription(&self, message: &Message) -> Option<(Slot, Which)> {
        let payload = message.payload.as_context().cloned().unwrap_or_default();
        let fits = |wait: &crate::instance::WaitView<'_>| {
            if wait.kind != WaitKind::Message || wait.name() != message.name {
                return false;
            }
            match self.library.process(wait.process).conversation_key(&message.name, &payload) {
                Some(key) if message.key.is_null() => {
                    wait.correlation_key().is_null() || same_key(wait.correlation_key(), &key)
                }
                Some(_) | None => same_key(wait.correlation_key(), &message.key),
            }
        };
        let wait = self.instance.waits(self.library).find(fits)?;
        Some((self.instance.slot(wait.key)?, wait.which))
    }

    /// The host did not let it leave: the thrower stops, its retry throws again.
    fn refused(&mut self, thrown: &Thrown, refusal: Refusal) -> bool {
        if let Some(slot) = self.instance.slot(thrown.thrower) {
            let failure = super::Failure::new(refusal.kind, refusal.message);
            self.raise_as(slot, Stage::Work, failure);
        }
        true
    }

    /// The thrower completes once all that it threw is delivered; an activity throws beside its work.
    fn thrower_goes_on(&mut self, thrown: &Thrown) {
        let Some(slot) = self.instance.slot(thrown.thrower) else {
            return;
        };
        if self.instance.elements[slot].role == Role::Body {
            return behavior::repeat::delivered(self, slot);
        }
        let is_throw = matches!(self.row(slot).kind, Kind::ThrowEvent | Kind::SendTask);
        let has_more = self.instance.thrown.iter().any(|other| other.thrower == thrown.thrower);
        if is_throw && !has_more {
            self.complete_work(slot, Context::default());
        }
    }

    /// A signal reaches every catcher of this instance that is active now, in the order of keys. In one scope an
    /// event sub-process comes before the boundary events; an interrupting one absorbs the signal (rule 20).
    pub(super) fn signal(&mut self, occurrence: &Occurrence) {
        let library = self.library;
        let mut waiting: Vec<(ElementKey, bool, Which)> = self
            .instance
            .waits(library)
            .filter(|wait| wait.kind == WaitKind::Signal && wait.name() == occurrence.name)
            .map(|wait| {
                (
                    wait.key,
                    wait.host.is_some_and(|host| !wait.is_own && self.is_boundary(&wait, host)),
                    wait.which,
                )
            })
            .collect();
        waiting.sort();
        let mut absorbed = Vec::new();
        for (key, is_boundary, which) in waiting {
            let Some(slot) = self.instance.slot(key) else {
                continue;
            };
            if self.instance.find_wait(slot, which).is_none() || (is_boundary && absorbed.contains(&key)) {
                continue;
            }
            let (catches, first) = self.instance.catches(library, slot);
            let catch = &catches[(which.0 - first) as usize];
            if matches!(catch.place, Place::Handler(_)) && catch.interrupting {
                absorbed.push(key);
                absorbed.push(self.scope_key(slot));
            }
            self.occur(slot, which, occurrence);
        }
    }

    fn is_boundary(&self, wait: &crate::instance::WaitView<'_>, host: bpmn_parser::graph::NodeIx) -> bool {
        self.library.process(wait.process).host_of(wait.node) == Some(host)
    }

    /// An escalation goes outward to the innermost scope that catches it; uncaught, it is recorded and no more. All
    /// catchers of that scope take it (10.5.6), its event sub-processes first; an interrupting one absorbs it, else the
    /// boundary events take it as well (6.8).
    fn escalate(&mut self, scopes: &[(ElementKey, bool)], occurrence: &Occurrence) {
        let Some(place) = scopes.iter().position(|(scope, _)| self.instance.slot(*scope).is_some()) else {
            return;
        };
        let Some(mut slot) = self.instance.slot(scopes[place].0) else {
            return;
        };
        // What was thrown inside a handler is not for its siblings, also when the handler has ended meanwhile (6.48).
        let mut skip_handlers = place > 0 && scopes[place - 1].1;
        loop {
            let kind = TriggerKind::Escalation;
            let handlers = self.catching_all(slot, kind, &occurrence.name, skip_handlers, true);
            let boundary = self.catching_all(slot, kind, &occurrence.name, skip_handlers, false);
            if !handlers.is_empty() || !boundary.is_empty() {
                let key = self.key(slot);
                let absorbs = handlers.iter().any(|which| self.catch(slot, *which).interrupting);
                let boundary = boundary.into_iter().filter(|_| !absorbs);
                for which in handlers.into_iter().chain(boundary) {
                    self.take_escalation(key, which, occurrence);
                }
                return;
            }
            skip_handlers = self.is_handler(slot);
            match self.instance.elements[slot].parent.get() {
                Some(parent) => slot = parent,
                None => return,
            }
        }
    }

    /// One catcher takes an escalation, unless one before it has ended its host.
    fn take_escalation(&mut self, host: ElementKey, which: Which, occurrence: &Occurrence) {
        let Some(slot) = self.instance.slot(host) else {
            return;
        };
        let catch = self.catch(slot, which);
        if matches!(catch.place, Place::Handler(_)) && self.instance.elements[slot].is_interrupted {
            return;
        }
        let mut occurrence = occurrence.clone();
        if let Some(name) = &catch.code_variable {
            occurrence.payload.insert(&**name, Value::string(occurrence.name.as_str()));
        }
        self.occur(slot, which, &occurrence);
    }

    fn catch(&self, slot: Slot, which: Which) -> &'a Catch {
        let (catches, first) = self.instance.catches(self.library, slot);
        &catches[(which.0 - first) as usize]
    }

    fn is_handler(&self, slot: Slot) -> bool {
        self.node(slot).is_some_and(|node| self.process(slot).row(node).kind == Kind::EventSubProcess)
    }

    /// The first catch of an element for an error: an exact code before one that catches all.
    fn catching(
        &self,
        slot: Slot,
        kind: TriggerKind,
        code: &str,
        skip_handlers: bool,
        handlers: bool,
    ) -> Option<Which> {
        self.catching_all(slot, kind, code, skip_handlers, handlers).first().copied()
    }

    /// The catches of an element for an error or escalation: those with exactly its code, or else those that catch all.
    fn catching_all(
        &self,
        slot: Slot,
        kind: TriggerKind,
        code: &str,
        skip_handlers: bool,
        handlers: bool,
    ) -> Vec<Which> {
        // A scope that is only revived to be compensated has completed: nothing in it or on it catches any more.
        if self.is_revived(slot) {
            return Vec::new();
        }
        let element = &self.instance.elements[slot];
        let hosts_boundary = element.role == Role::Body || (element.role == Role::Node && element.run == 0);
        let has_handlers = element.role != Role::Body && !element.is_interrupted && !skip_handlers;
        let (catches, first) = self.instance.catches(self.library, slot);
        let (mut exact, mut all) = (Vec::new(), Vec::new());
        for (place, catch) in catches.iter().enumerate() {
            let here = match catch.place {
                Place::Own | Place::Start => false,
                Place::Boundary => hosts_boundary && !handlers,
                Place::Handler(_) => has_handlers && handlers,
            };
            if !here || catch.on.kind() != kind {
                continue;
            }
            let which = Which(first + place as u16);
            match code_of(&catch.on) {
                Some(caught) if **caught == *code => exact.push(which),
                Some(_) => {}
                None => all.push(which),
            }
        }
        if exact.is_empty() { all } else { exact }
    }

    /// The innermost scope with a handler of the error, an event sub-process before a boundary event.
    ///
    /// # Errors
    /// The called instances that an uncaught error leaves on its way out, inside out.
    fn error_catcher(&self, from: Slot, code: &str) -> Result<Catcher, Vec<Slot>> {
        let mut slot = from;
        let mut left = Vec::new();
        let mut skip_handlers = false;
        loop {
            let found = self
                .catching(slot, TriggerKind::Error, code, skip_handlers, true)
                .or_else(|| self.catching(slot, TriggerKind::Error, code, skip_handlers, false));
            if let Some(which) = found {
                return Ok(Catcher { slot, which, left });
            }
            skip_handlers = self.is_handler(slot);
            let Some(parent) = self.instance.elements[slot].parent.get() else {
                return Err(left);
            };
            if self.instance.elements[slot].role == Role::Process {
                left.push(slot);
            }
            slot = parent;
        }
    }

    /// An error leaves `from`; uncaught it ends the instance as failed.
    pub(crate) fn throw_error(&mut self, from: Slot, code: &str, message: &str, payload: Context) {
        match self.error_catcher(from, code) {
            Ok(catcher) => self.catch_error(catcher, code, message, payload),
            Err(left) => {
                self.leave_failed(left, code, message);
                self.fail_root(code, message);
            }
        }
    }

    fn catch_error(&mut self, catcher: Catcher, code: &str, message: &str, payload: Context) {
        self.leave_failed(catcher.left, code, message);
        let mut payload = payload;
        let catch = self.catch(catcher.slot, catcher.which);
        if let Some(name) = &catch.code_variable {
            payload.insert(&**name, Value::string(code));
        }
        if let Some(name) = &catch.message_variable {
            payload.insert(&**name, Value::string(message));
        }
        let occurrence = Occurrence { name: code.to_owned(), key: Value::NULL, payload };
        self.occur(catcher.slot, catcher.which, &occurrence);
    }

    /// Called instances that an error leaves have failed with it.
    fn leave_failed(&mut self, left: Vec<Slot>, code: &str, message: &str) {
        for left in left {
            let parts = [Value::string(code), Value::string(message)];
            let (key, code) = (self.key(left), self.data(parts.into_iter().collect()));
            self.emit(Event::Ended { key, status: Status::Failed, code });
        }
    }

    /// The work of an activity threw a BPMN error; uncaught it is an incident of the activity.
    pub(crate) fn throw_from_work(
        &mut self,
        slot: Slot,
        code: &str,
        message: Option<&str>,
        payload: Context,
    ) {
        let Ok(catcher) = self.error_catcher(slot, code) else {
            let why = message.map(|message| format!(": {message}")).unwrap_or_default();
            let text = format!("nothing catches the error `{code}`{why}");
            let failure = super::Failure::new(IncidentKind::UnhandledError, text);
            return self.raise(slot, IncidentKind::UnhandledError, Stage::Work, failure, None);
        };
        self.emit_thrown(slot, TriggerKind::Error, code);
        self.catch_error(catcher, code, message.unwrap_or_default(), payload);
    }

    /// The work of an activity raised an escalation and goes on.
    pub(super) fn escalate_from_work(&mut self, slot: Slot, code: &str, payload: Context) {
        let parts = [Value::string(code), Value::NULL, Value::from(payload)];
        let data = self.data(parts.into_iter().collect());
        let (key, node) = (self.key(slot), self.instance.elements[slot].node);
        self.emit(Event::Thrown { key, node, kind: TriggerKind::Escalation, data });
    }

    pub(crate) fn emit_thrown(&mut self, slot: Slot, kind: TriggerKind, code: &str) {
        let parts: Vec<Value> = if code.is_empty() { Vec::new() } else { vec![Value::string(code)] };
        let data = self.data(parts.into_iter().collect());
        let (key, node) = (self.key(slot), self.instance.elements[slot].node);
        self.emit(Event::Thrown { key, node, kind, data });
    }
}

/// A thrown message.
struct Message {
    name: String,
    key: Value,
    payload: Value,
}

/// A number and its text are the same key (rule 22).
fn same_key(one: &Value, other: &Value) -> bool {
    match (one.is_null(), other.is_null()) {
        (true, true) => true,
        (false, false) => key_text(one) == key_text(other),
        (true, false) | (false, true) => false,
    }
}

fn key_text(key: &Value) -> String {
    key.as_str().map_or_else(|| key.to_string(), str::to_owned)
}

fn code_of(on: &On) -> Option<&Arc<str>> {
    match on {
        On::Error { code } | On::Escalation { code } => code.as_ref(),
        On::Message { .. }
        | On::Timer(_)
        | On::Signal { .. }
        | On::Condition(_)
        | On::Compensation
        | On::Cancel => None,
    }
}
