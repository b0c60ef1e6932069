//! Conversations (8.4.2, 9.5): the first message that an instance sends or receives sets the key, which its open and
//! later subscriptions then have.

use super::Step;
use crate::event::{Event, WaitKind};
use crate::id::{ElementKey, Timestamp, Which};
use crate::instance::Slot;
use crate::process::correlation::{is_key, whole};
use crate::process::{On, Place};
use tokenflow_feel::{Context, Value};

impl Step<'_> {
    /// The key of a subscription for messages of that name; null where it is not known (yet), which fits any message.
    pub(crate) fn conversation_key(&self, slot: Slot, message: &str) -> Value {
        let instance = self.instance.process_instance(slot);
        let Some((place, plan)) = self.process(instance).correlation.key_of(message) else {
            return Value::NULL;
        };
        if let Some(bindings) = &plan.bindings {
            let read = |path| self.eval(path, slot).ok().filter(is_key);
            return bindings.iter().map(read).collect::<Option<Vec<Value>>>().map_or(Value::NULL, whole);
        }
        self.known_key(self.key(instance), Which(place)).cloned().unwrap_or(Value::NULL)
    }

    fn known_key(&self, instance: ElementKey, which: Which) -> Option<&Value> {
        let mut known = self.instance.conversations.iter();
        known.find(|(owner, key, _)| (*owner, *key) == (instance, which)).map(|(_, _, value)| value)
    }

    /// A message was sent or received in a process instance: where it carries a key that is not set, it sets it.
    pub(crate) fn note_message(&mut self, slot: Slot, message: &str, payload: &Context) {
        let instance = self.instance.process_instance(slot);
        let process = self.process(instance);
        if process.correlation.keys.is_empty() {
            return;
        }
        let Some((place, value)) = process.correlation.derive(message, payload, process.zone()) else {
            return;
        };
        let (key, which) = (self.key(instance), Which(place));
        let is_context = process.correlation.keys[place as usize].bindings.is_some();
        if is_context || self.known_key(key, which).is_some() {
            return;
        }
        let data = self.data(value);
        self.emit(Event::KeySet { key, which, data });
        self.refresh_keys(instance, which);
        self.arm_starts(instance);
    }

    /// The open subscriptions of a process instance that carry that key take its value.
    fn refresh_keys(&mut self, instance: Slot, which: Which) {
        let owner = self.key(instance);
        let process = self.process(instance);
        let open: Vec<(ElementKey, Which, String)> = self
            .instance
            .waits(self.library)
            .filter(|wait| wait.kind == WaitKind::Message && wait.process_instance == owner)
            .filter(|wait| {
                process.correlation.key_of(wait.name()).is_some_and(|(place, _)| Which(place) == which)
            })
            .map(|wait| (wait.key, wait.which, wait.name().to_owned()))
            .collect();
        for (key, wait, name) in open {
            self.refresh_key(key, wait, &name);
        }
    }

    fn refresh_key(&mut self, key: ElementKey, which: Which, name: &str) {
        let Some(slot) = self.instance.slot(key) else {
            return;
        };
        let value = self.conversation_key(slot, name);
        let has = self.instance.wait(self.library, key, which).map(|wait| wait.correlation_key().clone());
        if has.as_ref() != Some(&value) {
            let data = self.data([Value::string(name), value].into_iter().collect());
            self.emit(Event::Rearmed { key, which, data, due: Timestamp::NEVER });
        }
    }

    /// Data have changed: subscriptions with context-based keys follow them.
    pub(super) fn follow_data(&mut self) {
        let library = self.library;
        let follows =
            |bound: &crate::instance::Bound| library.process(bound.ix).correlation.has_context_keys();
        if !self.instance.bound.iter().any(follows) {
            return;
        }
        let open: Vec<(ElementKey, Which, String)> = self
            .instance
            .waits(library)
            .filter(|wait| {
                wait.kind == WaitKind::Message && library.process(wait.process).is_context_based(wait.name())
            })
            .map(|wait| (wait.key, wait.which, wait.name().to_owned()))
            .collect();
        for (key, which, name) in open {
            self.refresh_key(key, which, &name);
        }
    }

    /// Once its key is known, the instance takes the start messages of its conversation itself.
    fn arm_starts(&mut self, instance: Slot) {
        if instance != self.instance.root {
            return;
        }
        let process = self.process(instance);
        for (place, catch) in process.level.handlers.iter().enumerate() {
            let which = Which(place as u16);
            if catch.place != Place::Start || self.instance.find_wait(instance, which).is_some() {
                continue;
            }
            let On::Message { name, .. } = &catch.on else {
                continue;
            };
            let Some(name) = name.as_constant().and_then(Value::as_str) else {
                continue;
            };
            let value = self.conversation_key(instance, name);
            if value.is_null() {
                continue;
            }
            let data = self.data([Value::string(name), value].into_iter().collect());
            let (key, due) = (self.key(instance), Timestamp::NEVER);
            self.emit(Event::Armed { key, which, kind: WaitKind::Message, data, due });
        }
    }
}
