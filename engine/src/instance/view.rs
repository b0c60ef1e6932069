//! What a caller may see of an instance, in canonical order.

use super::{Incident, Instance, NO_NODE, Role, Slot, WaitState};
use crate::event::{IncidentKind, WaitKind};
use crate::id::{ElementKey, ProcessIx, Timestamp, Which};
use crate::process::Library;
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::Value;

/// One open activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementView {
    /// Its key.
    pub key: ElementKey,
    /// Its node; none for a process instance.
    pub node: Option<NodeIx>,
    /// The element inside which it is; none for the root.
    pub scope: Option<ElementKey>,
    /// The process instance that it belongs to (itself, if it is one).
    pub process_instance: ElementKey,
    /// The process whose rows its node refers to.
    pub process: ProcessIx,
    /// The body of a loop or multi-instance activity.
    pub is_body: bool,
    /// The number of this run in its body, from 1.
    pub run: Option<u32>,
    /// It stands at an incident.
    pub has_incident: bool,
}

/// One open wait.
#[derive(Clone, Copy, Debug)]
pub struct WaitView<'a> {
    /// The element that holds it.
    pub key: ElementKey,
    /// Its number there.
    pub which: Which,
    /// What it waits for.
    pub kind: WaitKind,
    /// The node that would go on: the element's own, a boundary event, the start of an event sub-process.
    pub node: NodeIx,
    /// The element's own node; none for a process instance.
    pub host: Option<NodeIx>,
    /// The process whose rows these are.
    pub process: ProcessIx,
    /// The process instance that it belongs to.
    pub process_instance: ElementKey,
    /// It belongs to the element itself rather than to an event attached to it.
    pub is_own: bool,
    state: &'a WaitState,
}

impl<'a> WaitView<'a> {
    /// When a timer is due, or a failed job may be tried again; [`Timestamp::NEVER`] where no time ends it.
    pub fn due(&self) -> Timestamp {
        self.state.due
    }

    /// A job's type, or the name of a message or signal; empty for other kinds.
    pub fn name(&self) -> &'a str {
        let value = match self.kind {
            WaitKind::Job | WaitKind::Message => self.part(0),
            WaitKind::Signal => Some(&self.state.data),
            WaitKind::UserTask
            | WaitKind::Timer
            | WaitKind::Condition
            | WaitKind::AdHoc
            | WaitKind::Data
            | WaitKind::Call
            | WaitKind::Compensation
            | WaitKind::Delivery => None,
        };
        value.and_then(Value::as_str).unwrap_or_default()
    }

    /// The correlation key of a message subscription; null where it has none.
    pub fn correlation_key(&self) -> &'a Value {
        match self.kind {
            WaitKind::Message => self.part(1).unwrap_or(&Value::NULL),
            _ => &Value::NULL,
        }
    }

    /// The people of a user task: `assignee`, `candidateUsers`, `candidateGroups`, `dueDate`, `followUpDate`,
    /// `priority`, `form`, `lane`, as far as they apply. Null for other kinds.
    pub fn people(&self) -> &'a Value {
        match self.kind {
            WaitKind::UserTask => &self.state.data,
            _ => &Value::NULL,
        }
    }

    /// Who has a user task.
    pub fn assignee(&self) -> Option<&'a str> {
        self.people().as_context()?.get("assignee")?.as_str()
    }

    /// The tries that a job has left.
    pub fn retries(&self) -> u32 {
        match self.kind {
            WaitKind::Job => self.state.count,
            _ => 0,
        }
    }

    /// The tries of a job that have failed.
    pub fn attempts(&self) -> u32 {
        self.state.attempts
    }

    /// A failed job that waits for its next try.
    pub fn is_backing_off(&self) -> bool {
        self.kind == WaitKind::Job && self.state.due != Timestamp::NEVER
    }

    fn part(&self, place: usize) -> Option<&'a Value> {
        self.state.data.as_list()?.get(place)
    }
}

/// One open incident.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IncidentView<'a> {
    /// The element that stands at it.
    pub key: ElementKey,
    /// Its node; none for a process instance.
    pub node: Option<NodeIx>,
    /// The process whose rows these are.
    pub process: ProcessIx,
    /// The process instance that it belongs to.
    pub process_instance: ElementKey,
    /// What kind of problem.
    pub kind: IncidentKind,
    /// What happened, for people.
    pub message: &'a str,
}

impl Instance {
    /// The open activations, by key.
    pub fn elements(&self) -> impl Iterator<Item = ElementView> + '_ {
        self.keys.iter().map(|(_, slot)| self.element_view(slot))
    }

    /// The open activation with that key.
    pub fn element(&self, key: ElementKey) -> Option<ElementView> {
        self.slot(key).map(|slot| self.element_view(slot))
    }

    fn element_view(&self, slot: Slot) -> ElementView {
        let element = &self.elements[slot];
        ElementView {
            key: element.key,
            node: (element.node != NO_NODE).then_some(element.node),
            scope: element.parent.get().map(|parent| self.elements[parent].key),
            process_instance: self.elements[self.process_instance(slot)].key,
            process: self.process_ix(element.process),
            is_body: element.role == Role::Body,
            run: (element.run > 0).then_some(element.run),
            has_incident: element.incident.is_some(),
        }
    }

    /// The open waits, by key and number.
    pub fn waits<'a>(&'a self, library: &'a Library) -> impl Iterator<Item = WaitView<'a>> + 'a {
        self.keys.iter().flat_map(move |(_, slot)| {
            self.wait_slots(slot).map(move |wait| self.wait_view(library, slot, wait))
        })
    }

    /// The open wait with that number.
    pub fn wait<'a>(&'a self, library: &'a Library, key: ElementKey, which: Which) -> Option<WaitView<'a>> {
        let slot = self.slot(key)?;
        let wait = self.wait_slots(slot).find(|wait| self.waits[*wait].state.which == which)?;
        Some(self.wait_view(library, slot, wait))
    }

    fn wait_view<'a>(&'a self, library: &'a Library, slot: Slot, wait: Slot) -> WaitView<'a> {
        let element = self.element_view(slot);
        let state = &self.waits[wait].state;
        let (catches, first) = self.catches(library, slot);
        let catch = state.which.0.checked_sub(first).and_then(|place| catches.get(place as usize));
        let is_own = catch.is_none_or(|catch| catch.place == crate::process::Place::Own);
        let own = element.node.unwrap_or(NO_NODE);
        WaitView {
            key: element.key,
            which: state.which,
            kind: state.kind,
            node: catch.map_or(own, |catch| catch.node),
            host: element.node,
            process: element.process,
            process_instance: element.process_instance,
            is_own,
            state,
        }
    }

    /// The open incidents, by key.
    pub fn incidents(&self) -> impl Iterator<Item = IncidentView<'_>> {
        self.keys.iter().filter_map(|(_, slot)| {
            let incident: &Incident = &self.incidents[self.elements[slot].incident.get()?];
            let element = self.element_view(slot);
            Some(IncidentView {
                key: element.key,
                node: element.node,
                process: element.process,
                process_instance: element.process_instance,
                kind: incident.kind,
                message: incident.message.as_str().unwrap_or_default(),
            })
        })
    }
}
