//! Expands the events of transitions, in commit order, into the lines of the trace.

use crate::event::{Data, Event, Status, Transition, TriggerKind, WaitKind};
use crate::id::{ElementKey, InstanceId, Timestamp};
use crate::process::{ContentHash, Library};
use crate::trace::census::{Census, Place};
use crate::trace::{Detail, Line, Word};
use bpmn_parser::graph::{FlowIx, NodeIx};
use std::collections::BTreeMap;
use tokenflow_feel::Value;

/// Reads transitions and tells them as lines; it keeps what the numbers of activations need.
#[derive(Clone, Debug, Default)]
pub struct Tracer {
    censuses: BTreeMap<InstanceId, Census>,
    order: Vec<InstanceId>,
    seq: u64,
}

impl Tracer {
    /// A tracer that has seen nothing.
    pub fn new() -> Tracer {
        Tracer::default()
    }

    /// Gives a root instance its label; best before its first transition, whose lines carry it then.
    pub fn name(&mut self, instance: InstanceId, label: &str) {
        self.census_mut(instance).name(label);
    }

    /// The root instances in the order of their creation.
    pub fn roots(&self) -> &[InstanceId] {
        &self.order
    }

    /// What is known of one root instance.
    pub fn census(&self, instance: InstanceId) -> Option<&Census> {
        self.censuses.get(&instance)
    }

    /// The lines of one transition; the library holds the processes that it names.
    pub fn expand(&mut self, library: &Library, instance: InstanceId, transition: &Transition) -> Vec<Line> {
        let seq = self.seq;
        let census = self.census_mut(instance);
        let mut expansion = Expansion { library, census, transition, seq, lines: Vec::new() };
        for event in &transition.events {
            expansion.event(*event);
        }
        let Expansion { seq, lines, .. } = expansion;
        self.seq = seq;
        lines
    }

    /// A line about a message that is kept outside of the instances.
    pub fn message(&mut self, at: Timestamp, word: Word, name: &str, key: &Value) -> Line {
        self.seq += 1;
        let details = if key.is_null() { Vec::new() } else { vec![Detail::shown("key", key.clone())] };
        Line {
            seq: self.seq,
            at,
            root: 0,
            instance: "".into(),
            is_called: false,
            word,
            element: name.into(),
            n: 1,
            is_body: false,
            details,
        }
    }

    fn census_mut(&mut self, instance: InstanceId) -> &mut Census {
        let order = &mut self.order;
        self.censuses.entry(instance).or_insert_with(|| {
            order.push(instance);
            Census::new(order.len() as u32)
        })
    }
}

/// The expansion of one transition.
struct Expansion<'a> {
    library: &'a Library,
    census: &'a mut Census,
    transition: &'a Transition,
    seq: u64,
    lines: Vec<Line>,
}

impl Expansion<'_> {
    fn event(&mut self, event: Event) {
        match event {
            Event::Bound { process: _, data } => self.bind(data),
            Event::Started { key, parent, process } => {
                self.census.start(key, parent, process);
                self.about(key, Word::Started, Vec::new());
            }
            Event::Ended { key, status, code } => self.ended(key, status, code),
            Event::Suspended => self.about(ElementKey::ROOT, Word::Suspended, Vec::new()),
            Event::Resumed => self.about(ElementKey::ROOT, Word::Resumed, Vec::new()),
            Event::Passed { key, node, scope, via: _, exit } => {
                self.census.enter(key, node, scope, false);
                self.about(key, Word::Entered, Vec::new());
                self.about(key, Word::Completed, Vec::new());
                self.taken(key, exit.get());
            }
            Event::Entered { key, node, scope, via: _ } => {
                self.census.enter(key, node, scope, false);
                self.about(key, Word::Entered, Vec::new());
            }
            Event::Completed { key, exit } => {
                self.about(key, Word::Completed, Vec::new());
                self.taken(key, exit.get());
            }
            Event::Canceled { key } => self.about(key, Word::Canceled, Vec::new()),
            Event::BodyEntered { key, node, scope, via: _ } => {
                self.census.enter(key, node, scope, true);
                self.about(key, Word::BodyEntered, Vec::new());
            }
            Event::BodyCompleted { key, exit } => {
                self.about(key, Word::BodyCompleted, Vec::new());
                self.taken(key, exit.get());
            }
            Event::BodyCanceled { key } => self.about(key, Word::BodyCanceled, Vec::new()),
            Event::Taken { flow, scope } | Event::Crossed { flow, scope } => self.taken(scope, Some(flow)),
            Event::Arrived { flow, scope } => self.arrived(flow, scope),
            Event::Joined { node, scope } => self.joined(node, scope),
            Event::Waiting { key, which: _, kind, data: _, due: _ } => self.waiting(key, kind),
            Event::Triggered { key, node, kind, data } => {
                let details = self.occurrence(kind, data);
                self.coming(key, node, Word::Triggered, details);
            }
            Event::Thrown { key, node, kind, data } => {
                let details = self.occurrence(kind, data);
                self.coming(key, node, Word::Thrown, details);
            }
            Event::JobFailed { key, retries, data, due: _ } => {
                let message = self.transition.value(data).clone();
                let details = vec![Detail::shown("message", message), Detail::shown("retries", retries)];
                self.about(key, Word::JobFailed, details);
            }
            Event::Claimed { key, data } => self.with_user(key, Word::Claimed, data),
            Event::Released { key } => self.about(key, Word::Released, Vec::new()),
            Event::Assigned { key, data } => self.with_user(key, Word::Assigned, data),
            Event::VariableSet { scope, name, value } => {
                let name = self.transition.value(name).clone();
                let value = self.transition.value(value).clone();
                let details = vec![Detail::shown("name", name), Detail::hidden("value", value)];
                self.about(scope, Word::VariableSet, details);
            }
            Event::Compensated { key, node } => self.coming(key, node, Word::Compensated, Vec::new()),
            Event::Decided { key, node, data } => self.decided(key, node, data),
            Event::IncidentRaised { key, kind, stage: _, data } => {
                let message = self.part(data, 0);
                let details = vec![Detail::shown("kind", kind.as_str()), Detail::shown("message", message)];
                self.about(key, Word::IncidentRaised, details);
            }
            Event::IncidentResolved { key } => self.about(key, Word::IncidentResolved, Vec::new()),
            Event::Revived { key, record, scope: _ } => self.census.revive(key, record),
            Event::BodyCounted { .. }
            | Event::RunQueued { .. }
            | Event::RunCollected { .. }
            | Event::StartQueued { .. }
            | Event::Consumed { .. }
            | Event::Grouped { .. }
            | Event::KeySet { .. }
            | Event::Interrupted { .. }
            | Event::Cleared { .. }
            | Event::Recorded { .. }
            | Event::UndoBegun { .. }
            | Event::Undoing { .. }
            | Event::Forgotten { .. }
            | Event::UndoEnded { .. }
            | Event::Armed { .. }
            | Event::Rearmed { .. }
            | Event::Occurred { .. }
            | Event::Disarmed { .. }
            | Event::Edge { .. }
            | Event::Delivered => {}
        }
    }

    fn bind(&mut self, data: Data) {
        let (id, hash) = (self.part(data, 0), self.part(data, 1));
        let hash = hash.as_str().and_then(ContentHash::parse);
        let found = id.as_str().zip(hash).and_then(|(id, hash)| self.library.by_hash(id, hash));
        let process = found.expect("the library holds every version that an instance is bound to");
        self.census.bind(self.library.process(process).clone());
    }

    fn ended(&mut self, key: ElementKey, status: Status, code: Data) {
        let mut details = vec![Detail::shown("status", status.as_str())];
        let code = self.part(code, 0);
        if !code.is_null() {
            details.push(Detail::shown("code", code));
        }
        self.about(key, Word::Ended, details);
    }

    fn waiting(&mut self, key: ElementKey, kind: WaitKind) {
        if kind != WaitKind::Delivery {
            self.about(key, Word::Waiting, vec![Detail::shown("kind", kind.as_str())]);
        }
    }

    fn with_user(&mut self, key: ElementKey, word: Word, data: Data) {
        let user = self.transition.value(data).clone();
        self.about(key, word, vec![Detail::shown("user", user)]);
    }

    /// A token that waits for the start quantity of an activity arrives at no gateway and prints nothing.
    fn arrived(&mut self, flow: FlowIx, scope: ElementKey) {
        let Some(instance) = self.census.process_instance(self.census.owner(scope)) else { return };
        let node = instance.process.graph().flow(flow).target;
        if instance.is_gateway(node) {
            self.coming(scope, node, Word::Arrived, Vec::new());
        }
    }

    fn joined(&mut self, node: NodeIx, scope: ElementKey) {
        let instance = self.census.process_instance(self.census.owner(scope));
        if instance.is_some_and(|instance| instance.is_gateway(node)) {
            self.coming(scope, node, Word::Joined, Vec::new());
        }
    }

    fn taken(&mut self, near: ElementKey, flow: Option<FlowIx>) {
        let Some(flow) = flow else { return };
        let Some(mut place) = self.census.place(self.census.owner(near)) else { return };
        let Some(instance) = self.census.process_instance(self.census.owner(near)) else { return };
        place.element = instance.process.graph().flow(flow).id.clone();
        self.line(place, Word::Taken, Vec::new());
    }

    fn decided(&mut self, key: ElementKey, node: NodeIx, data: Data) {
        let decision = self.transition.value(data).as_context().cloned().unwrap_or_default();
        let details = ["expression", "values", "result"]
            .into_iter()
            .filter_map(|name| Some(Detail::shown(name, decision.get(name)?.clone())))
            .collect();
        self.coming(key, node, Word::Decided, details);
    }

    /// Kind, then what the kind is told by: a name and key, or a code.
    fn occurrence(&self, kind: TriggerKind, data: Data) -> Vec<Detail> {
        let mut details = vec![Detail::shown("kind", kind.as_str())];
        let (first, key) = (self.part(data, 0), self.part(data, 1));
        let first_name = match kind {
            TriggerKind::Error | TriggerKind::Escalation => "code",
            TriggerKind::Message | TriggerKind::Signal | TriggerKind::Link => "name",
            TriggerKind::Timer
            | TriggerKind::Condition
            | TriggerKind::Compensation
            | TriggerKind::Cancel
            | TriggerKind::Terminate => return details,
        };
        if !first.is_null() {
            details.push(Detail::shown(first_name, first));
        }
        if !key.is_null() {
            details.push(Detail::shown("key", key));
        }
        details
    }

    fn part(&self, data: Data, index: usize) -> Value {
        let value = self.transition.value(data);
        match value.as_list() {
            Some(list) => list.as_slice().get(index).cloned().unwrap_or(Value::NULL),
            None if index == 0 => value.clone(),
            None => Value::NULL,
        }
    }

    /// A line about the element with that key.
    fn about(&mut self, key: ElementKey, word: Word, details: Vec<Detail>) {
        if let Some(place) = self.census.place(key) {
            self.line(place, word, details);
        }
    }

    /// A line about a node: the activation `near` where it is of that node, else the node's next activation there.
    fn coming(&mut self, near: ElementKey, node: NodeIx, word: Word, details: Vec<Detail>) {
        if self.census.activation(near).is_some_and(|activation| activation.node == node) {
            return self.about(near, word, details);
        }
        let owner = self.census.owner(near);
        let Some(mut place) = self.census.place(owner) else { return };
        // No such node: a record whose scope is gone, of which nothing is told.
        let found = self.census.process_instance(owner).and_then(|instance| instance.find_node_id(node));
        let Some(element) = found else { return };
        place.element = element;
        place.n = self.census.next_number(owner, node);
        self.line(place, word, details);
    }

    fn line(&mut self, place: Place, word: Word, details: Vec<Detail>) {
        self.seq += 1;
        self.lines.push(Line {
            seq: self.seq,
            at: self.transition.at,
            root: self.census.ordinal(),
            instance: place.instance,
            is_called: place.is_called,
            word,
            element: place.element,
            n: place.n,
            is_body: place.is_body,
            details,
        });
    }
}
