//! The start of process instances (13.2): the root, and those that call activities create.

use super::Step;
use crate::behavior;
use crate::command::Occurrence;
use crate::event::{Event, TriggerKind, Via};
use crate::id::{BoundIx, ElementKey, ProcessIx};
use crate::instance::Slot;
use crate::process::StartKind;
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::Context;

impl Step<'_> {
    /// Creates the root and queues what starts in it.
    pub(super) fn start_root(
        &mut self,
        process: ProcessIx,
        start: Option<NodeIx>,
        trigger: Option<Occurrence>,
        variables: Context,
    ) {
        let root = self.start_process(process, ElementKey::NONE);
        for (name, value) in variables.iter() {
            self.set(root, name, value.clone());
        }
        self.arm_handlers_or_stop(root);
        let process = self.process(root);
        let starts = match &start {
            Some(start) => std::slice::from_ref(start),
            None => &process.level.implicit_starts,
        };
        match starts {
            [start] if process.starts().iter().any(|catch| catch.node == *start) => {
                self.trigger_start(root, *start, &trigger.unwrap_or_default());
            }
            _ => self.queue_starts(root, starts),
        }
    }

    /// The trigger of a start event, instantiating receive task or gateway target occurred: the token goes on from
    /// there, with what was caught.
    fn trigger_start(&mut self, root: Slot, start: NodeIx, trigger: &Occurrence) {
        let process = self.process(root);
        // A multiple start event has several definitions: the name says which of them it was.
        let of_node = || process.starts().iter().filter(|catch| catch.node == start);
        let named = of_node().find(|catch| catch.name.as_deref().unwrap_or_default() == trigger.name);
        let Some(catch) = named.or_else(|| of_node().next()) else {
            return;
        };
        let kind = match catch.kind {
            StartKind::Message => TriggerKind::Message,
            StartKind::Signal => TriggerKind::Signal,
            StartKind::Timer => TriggerKind::Timer,
        };
        if catch.entry != start {
            behavior::gateway::event_based::instantiate(self, catch.entry, start, root);
        }
        if kind == TriggerKind::Message {
            self.note_message(root, &trigger.name, &trigger.payload);
        }
        self.trigger(root, start, kind, trigger);
        self.pass_event(start, root, Via::NONE, &trigger.payload);
        if catch.entry != start {
            behavior::gateway::event_based::arm_others(self, catch.entry, start, root);
        }
    }

    /// Creates a process instance, binding its version where the root has not done so yet.
    pub(crate) fn start_process(&mut self, ix: ProcessIx, parent: ElementKey) -> Slot {
        let known = self.instance.bound.iter().position(|bound| bound.ix == ix);
        let bound = BoundIx(known.unwrap_or(self.instance.bound.len()) as u16);
        if known.is_none() {
            let binding = self.library.process(ix).binding.clone();
            let data = self.data(binding);
            self.emit(Event::Bound { process: bound, data });
        }
        let key = self.instance.next_key();
        self.emit(Event::Started { key, parent, process: bound });
        self.instance.slot(key).expect("the process instance was just started")
    }

    /// A token for each node that starts, in document order.
    pub(crate) fn queue_starts(&mut self, scope: Slot, starts: &[NodeIx]) {
        let scope = self.key(scope);
        for node in starts {
            self.emit(Event::StartQueued { node: *node, scope });
        }
    }

    /// What starts at a level: its none start event, or all nodes without incoming flow (10.5.2).
    pub(crate) fn start_level(&mut self, scope: Slot) {
        let process = self.process(scope);
        let level = process.level(self.node(scope));
        let starts = if level.none_starts.is_empty() { &level.implicit_starts } else { &level.none_starts };
        self.queue_starts(scope, starts);
    }
}
