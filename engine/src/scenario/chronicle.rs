//! What the harness itself remembers of a run: the trace, labels, open work, and how called instances ended.
//!
//! It is fed from the journal in commit order and survives a restart of the runtime.

use crate::event::{Event, Status, Transition, WaitKind};
use crate::id::{ElementKey, InstanceId, Timestamp};
use crate::process::{ContentHash, Library};
use crate::runtime::JobKey;
use crate::scenario::coverage::Seen;
use crate::trace::{Journal, Line, Tracer, Word};
use bpmn_parser::graph::{FlowIx, NodeIx, NodeKind};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokenflow_feel::{Context, Value};

/// The memory of a run.
#[derive(Debug, Default)]
pub(super) struct Chronicle {
    pub(super) tracer: Tracer,
    pub(super) journal: Journal,
    pub(super) labels: BTreeMap<String, InstanceId>,
    pub(super) seen: BTreeMap<(String, ContentHash), Seen>,
    opened: BTreeMap<JobKey, Opening>,
    work: BTreeMap<u64, JobKey>,
    facts: BTreeMap<JobKey, Facts>,
    completed: BTreeMap<(Arc<str>, Arc<str>), u64>,
    openings: u64,
}

/// When work was opened, and in which order.
#[derive(Clone, Copy, Debug)]
struct Opening {
    order: u64,
    at: Timestamp,
}

/// What a process instance leaves when the state no longer holds it.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) status: Status,
    pub(super) error: Option<(String, String)>,
    pub(super) outcome: Option<NodeIx>,
    pub(super) variables: Context,
}

impl Default for Facts {
    fn default() -> Facts {
        Facts { status: Status::Active, error: None, outcome: None, variables: Context::default() }
    }
}

impl Chronicle {
    /// Reads one transition of the journal.
    pub(super) fn record(&mut self, library: &Library, instance: InstanceId, transition: &Transition) {
        let lines = self.tracer.expand(library, instance, transition);
        for line in lines {
            self.line(line);
        }
        for event in &transition.events {
            self.event(instance, transition, *event);
        }
    }

    /// A line about a message outside of the instances.
    pub(super) fn message(&mut self, at: Timestamp, word: Word, name: &str, key: &Value) {
        let line = self.tracer.message(at, word, name, key);
        self.line(line);
    }

    /// Elements whose work was opened and that have not ended, the oldest first.
    pub(super) fn open_work(&self) -> impl Iterator<Item = JobKey> + '_ {
        self.work.values().copied()
    }

    /// When the work of that element was opened, or its next try.
    pub(super) fn opened_at(&self, at: JobKey) -> Timestamp {
        self.opened.get(&at).map_or(Timestamp(i64::MIN), |opening| opening.at)
    }

    /// What is known of a process instance that may be gone.
    pub(super) fn facts(&self, at: JobKey) -> Facts {
        self.facts.get(&at).cloned().unwrap_or_default()
    }

    /// How often the element completed, in the instances that `admits` lets pass.
    pub(super) fn completed(&self, element: &str, admits: &dyn Fn(&str) -> bool) -> u64 {
        let counts = self.completed.iter().filter(|((path, id), _)| **id == *element && admits(path));
        counts.map(|(_, count)| count).sum()
    }

    /// The lines of the trace with a later number.
    pub(super) fn lines_after(&self, seq: u64) -> impl Iterator<Item = &Line> {
        self.journal.iter().filter(move |line| line.seq > seq)
    }

    /// The number of the last line.
    pub(super) fn last_seq(&self) -> u64 {
        self.journal.iter().last().map_or(0, |line| line.seq)
    }

    fn line(&mut self, line: Line) {
        if line.word == Word::Completed {
            *self.completed.entry((line.instance.clone(), line.element.clone())).or_default() += 1;
        }
        self.journal.push(line);
    }

    fn event(&mut self, instance: InstanceId, transition: &Transition, event: Event) {
        match event {
            Event::Passed { key, node, scope, via: _, exit } => {
                self.see(instance, scope, Some(node), exit.get());
                self.end_event(instance, key);
            }
            Event::Entered { node, scope, .. } | Event::BodyEntered { node, scope, .. } => {
                self.see(instance, scope, Some(node), None);
            }
            Event::Completed { key, exit } => {
                self.close(instance, key);
                self.see(instance, key, None, exit.get());
                self.end_event(instance, key);
            }
            Event::BodyCompleted { key, exit } => self.see(instance, key, None, exit.get()),
            Event::Taken { flow, scope } | Event::Crossed { flow, scope } => {
                self.see(instance, scope, None, Some(flow))
            }
            Event::Canceled { key } => self.close(instance, key),
            Event::Waiting { key, kind: WaitKind::Job | WaitKind::UserTask, .. } => {
                self.open(instance, key, transition.at);
            }
            Event::JobFailed { key, due, .. } => {
                // The next try opens when the back-off is over.
                let at = if due == Timestamp::NEVER { transition.at } else { due };
                self.open(instance, key, at);
            }
            Event::VariableSet { scope, name, value } => {
                if self.is_process_instance(instance, scope) {
                    let name = transition.value(name).as_str().unwrap_or_default().to_owned();
                    let value = transition.value(value).clone();
                    self.facts
                        .entry(JobKey { instance, key: scope })
                        .or_default()
                        .variables
                        .insert(name, value);
                }
            }
            Event::Ended { key, status, code } => {
                let facts = self.facts.entry(JobKey { instance, key }).or_default();
                facts.status = status;
                if status == Status::Failed {
                    let part = |place| list_part(transition.value(code), place);
                    facts.error = Some((part(0), part(1)));
                }
            }
            Event::Bound { .. }
            | Event::Started { .. }
            | Event::Suspended
            | Event::Resumed
            | Event::Waiting { .. }
            | Event::BodyCanceled { .. }
            | Event::BodyCounted { .. }
            | Event::RunQueued { .. }
            | Event::RunCollected { .. }
            | Event::StartQueued { .. }
            | Event::Arrived { .. }
            | Event::Joined { .. }
            | Event::Consumed { .. }
            | Event::Grouped { .. }
            | Event::KeySet { .. }
            | Event::Interrupted { .. }
            | Event::Cleared { .. }
            | Event::Recorded { .. }
            | Event::UndoBegun { .. }
            | Event::Revived { .. }
            | Event::Undoing { .. }
            | Event::Forgotten { .. }
            | Event::UndoEnded { .. }
            | Event::Armed { .. }
            | Event::Rearmed { .. }
            | Event::Occurred { .. }
            | Event::Disarmed { .. }
            | Event::Edge { .. }
            | Event::Triggered { .. }
            | Event::Thrown { .. }
            | Event::Delivered
            | Event::Claimed { .. }
            | Event::Released { .. }
            | Event::Assigned { .. }
            | Event::Compensated { .. }
            | Event::Decided { .. }
            | Event::IncidentRaised { .. }
            | Event::IncidentResolved { .. } => {}
        }
    }

    fn see(&mut self, instance: InstanceId, near: ElementKey, node: Option<NodeIx>, flow: Option<FlowIx>) {
        let Some(census) = self.tracer.census(instance) else { return };
        let Some(of) = census.process_instance(census.owner(near)) else { return };
        let seen = self.seen.entry((of.process.id().to_owned(), of.process.hash())).or_default();
        seen.node(node);
        seen.flow(flow);
    }

    /// An activation keeps its age over the tries of its job.
    fn open(&mut self, instance: InstanceId, key: ElementKey, at: Timestamp) {
        self.openings += 1;
        let order = self.openings;
        let opening = self.opened.entry(JobKey { instance, key }).or_insert(Opening { order, at });
        opening.at = at;
        self.work.insert(opening.order, JobKey { instance, key });
    }

    fn close(&mut self, instance: InstanceId, key: ElementKey) {
        if let Some(opening) = self.opened.remove(&JobKey { instance, key }) {
            self.work.remove(&opening.order);
        }
    }

    fn is_process_instance(&self, instance: InstanceId, key: ElementKey) -> bool {
        self.tracer.census(instance).is_some_and(|census| census.process_instance(key).is_some())
    }

    fn end_event(&mut self, instance: InstanceId, key: ElementKey) {
        let Some(census) = self.tracer.census(instance) else { return };
        let Some(activation) = census.activation(key).copied() else { return };
        let Some(process_instance) = census.process_instance(activation.owner) else { return };
        let node = process_instance.process.graph().node(activation.node);
        if node.scope.is_none() && matches!(node.kind, NodeKind::EndEvent(_)) {
            self.facts.entry(JobKey { instance, key: activation.owner }).or_default().outcome =
                Some(activation.node);
        }
    }
}

fn list_part(value: &Value, place: usize) -> String {
    let part = match value.as_list() {
        Some(list) => list.as_slice().get(place).cloned().unwrap_or_default(),
        None if place == 0 => value.clone(),
        None => Value::NULL,
    };
    part.as_str().unwrap_or_default().to_owned()
}
