//! Instances as they are shown after a run: status, variables, what waits, what stands at an incident.

use crate::event::{IncidentKind, Status, WaitKind};
use crate::id::{ElementKey, Timestamp};
use crate::instance::{Instance, WaitView};
use crate::process::Library;
use crate::runtime::JobKey;
use crate::scenario::world::World;
use crate::trace::{Census, JsonObject, Place, json_array};
use bpmn_parser::graph::NodeIx;
use std::collections::BTreeSet;
use tokenflow_feel::{Context, Value};

/// One process instance, the root or a called one.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceView {
    /// The label or ordinal; `1/Call_A#1` for a called one.
    pub instance: String,
    /// The id of its process.
    pub process: String,
    /// The version of its process.
    pub version: u32,
    /// How it stands.
    pub status: Status,
    /// It takes no answers.
    pub is_suspended: bool,
    /// The id of the last end event reached.
    pub outcome: Option<String>,
    /// The code and message of the error that ended it.
    pub error: Option<(String, String)>,
    /// The kind and id of what it refers to outside.
    pub reference: Option<(String, String)>,
    /// The variables of the process scope.
    pub variables: Context,
    /// What waits in it.
    pub waiting: Vec<Waiting>,
    /// What stands at an incident in it.
    pub incidents: Vec<Incident>,
}

/// An element that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The process instance.
    pub instance: String,
    /// The element.
    pub element: String,
    /// Which activation.
    pub n: u32,
    /// It is a body.
    pub is_body: bool,
    /// What for, as the trace says it; `join` for tokens at a join.
    pub kind: &'static str,
    /// The name of the message or signal.
    pub name: Option<String>,
    /// The correlation key.
    pub key: Value,
    /// When a timer is due, or a failed job is tried again.
    pub due: Option<Timestamp>,
    /// The type of the job.
    pub job_type: Option<String>,
    /// Who has the user task.
    pub assignee: Option<String>,
}

/// An element that stands at an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// The process instance.
    pub instance: String,
    /// The element.
    pub element: String,
    /// Which activation.
    pub n: u32,
    /// It is a body.
    pub is_body: bool,
    /// What kind of problem.
    pub kind: IncidentKind,
    /// What happened, for people.
    pub message: String,
}

impl World {
    /// All process instances, each root before the instances that it called.
    pub(super) fn views(&self) -> Vec<InstanceView> {
        let mut views = Vec::new();
        for root in self.chronicle.tracer.roots() {
            let Some(census) = self.chronicle.tracer.census(*root) else { continue };
            for (key, _) in census.process_instances() {
                views.extend(self.view(JobKey { instance: *root, key }));
            }
        }
        views
    }

    /// One process instance.
    pub(super) fn view(&self, at: JobKey) -> Option<InstanceView> {
        let JobKey { instance: root, key } = at;
        let census = self.chronicle.tracer.census(root)?;
        let process_instance = census.process_instance(key)?;
        let process = &process_instance.process;
        let facts = self.chronicle.facts(at);
        let mut view = InstanceView {
            instance: process_instance.path.to_string(),
            process: process.id().to_owned(),
            version: process.version(),
            status: facts.status,
            is_suspended: false,
            outcome: facts.outcome.map(|node| process.node_id(node).to_owned()),
            error: facts.error,
            reference: self.reference(root).filter(|_| key == ElementKey::ROOT),
            variables: facts.variables,
            waiting: Vec::new(),
            incidents: Vec::new(),
        };
        self.with_instance(root, |library, instance| {
            view.is_suspended = instance.is_suspended();
            if key == ElementKey::ROOT {
                view.status = instance.status();
                view.outcome = instance.outcome().map(|node| process.node_id(node).to_owned());
                view.error = instance.error();
            }
            if key == ElementKey::ROOT || instance.element(key).is_some() {
                view.variables = instance.variables(key);
            }
            view.waiting = waiting(census, library, instance, key);
            view.incidents = incidents(census, instance, key);
        });
        Some(view)
    }

    /// How a process instance stands.
    pub(super) fn status(&self, at: JobKey) -> Status {
        self.view(at).map_or(Status::Active, |view| view.status)
    }
}

/// What waits in one process instance, by key; an element at an incident is listed there alone.
fn waiting(census: &Census, library: &Library, instance: &Instance, owner: ElementKey) -> Vec<Waiting> {
    let at_incident: BTreeSet<ElementKey> = instance.incidents().map(|incident| incident.key).collect();
    let mut listed: Vec<(ElementKey, Waiting)> = Vec::new();
    for wait in instance.waits(library).filter(|wait| wait.is_own && census.owner(wait.key) == owner) {
        let is_shown = wait.kind != WaitKind::Delivery && !at_incident.contains(&wait.key);
        if let (true, Some(place)) = (is_shown, census.place(wait.key)) {
            listed.push((wait.key, open_wait(place, &wait)));
        }
    }
    for (scope, node) in instance.joins(library).filter(|(scope, _)| census.owner(*scope) == owner) {
        let Some(mut place) = census.place(owner) else { continue };
        let Some(process_instance) = census.process_instance(owner) else { continue };
        place.element = process_instance.node_id(node);
        place.n = census.next_number(owner, node);
        let join = Waiting {
            instance: place.instance.to_string(),
            element: place.element.to_string(),
            n: place.n,
            is_body: false,
            kind: "join",
            name: None,
            key: Value::NULL,
            due: None,
            job_type: None,
            assignee: None,
        };
        listed.push((scope, join));
    }
    listed.sort_by_key(|(key, _)| *key);
    listed.into_iter().map(|(_, waiting)| waiting).collect()
}

fn open_wait(place: Place, wait: &WaitView<'_>) -> Waiting {
    let name = Some(wait.name()).filter(|name| !name.is_empty()).map(str::to_owned);
    let is_job = wait.kind == WaitKind::Job;
    Waiting {
        instance: place.instance.to_string(),
        element: place.element.to_string(),
        n: place.n,
        is_body: place.is_body,
        kind: wait.kind.as_str(),
        job_type: name.clone().filter(|_| is_job),
        name: name.filter(|_| !is_job),
        key: wait.correlation_key().clone(),
        due: Some(wait.due()).filter(|due| *due != Timestamp::NEVER),
        assignee: wait.assignee().map(str::to_owned),
    }
}

fn incidents(census: &Census, instance: &Instance, owner: ElementKey) -> Vec<Incident> {
    let of_owner = instance.incidents().filter(|incident| census.owner(incident.key) == owner);
    of_owner
        .filter_map(|incident| {
            let place = census.place(incident.key)?;
            Some(Incident {
                instance: place.instance.to_string(),
                element: place.element.to_string(),
                n: place.n,
                is_body: place.is_body,
                kind: incident.kind,
                message: incident.message.to_owned(),
            })
        })
        .collect()
}

impl InstanceView {
    /// The instance as an object of the JSON output.
    pub fn to_json(&self) -> String {
        let mut object = JsonObject::new();
        object.put("instance", self.instance.as_str());
        object.put("process", self.process.as_str());
        object.put("version", self.version);
        object.put("status", self.status.as_str());
        object.put("suspended", self.is_suspended);
        object.put("outcome", self.outcome.as_deref());
        object.put_json("error", &pair("code", "message", self.error.as_ref()));
        object.put_json("reference", &pair("kind", "id", self.reference.as_ref()));
        object.put("variables", self.variables.clone());
        object.put_json("waiting", &json_array(self.waiting.iter().map(Waiting::to_json)));
        object.put_json("incidents", &json_array(self.incidents.iter().map(Incident::to_json)));
        object.finish()
    }
}

impl Waiting {
    fn to_json(&self) -> String {
        let mut object = element(&self.element, self.n, self.is_body);
        object.put("kind", self.kind);
        if let Some(name) = &self.name {
            object.put("name", name.as_str());
        }
        if !self.key.is_null() {
            object.put("key", self.key.clone());
        }
        if let Some(due) = self.due {
            object.put("due", due.to_string());
        }
        if let Some(job_type) = &self.job_type {
            object.put("type", job_type.as_str());
        }
        if let Some(assignee) = &self.assignee {
            object.put("assignee", assignee.as_str());
        }
        object.finish()
    }
}

impl Incident {
    fn to_json(&self) -> String {
        let mut object = element(&self.element, self.n, self.is_body);
        object.put("kind", self.kind.as_str());
        object.put("message", self.message.as_str());
        object.finish()
    }
}

fn element(id: &str, n: u32, is_body: bool) -> JsonObject {
    let mut object = JsonObject::new();
    object.put("element", id);
    object.put("n", n);
    if is_body {
        object.put("body", true);
    }
    object
}

fn pair(first: &str, second: &str, pair: Option<&(String, String)>) -> String {
    let Some((one, other)) = pair else { return "null".to_owned() };
    let mut object = JsonObject::new();
    object.put(first, one.as_str());
    object.put(second, other.as_str());
    object.finish()
}

/// A gateway at which tokens wait, in the scope where they do.
pub(super) type JoinAt = (ElementKey, NodeIx);

impl Instance {
    /// The synchronising gateways where tokens wait, each once a scope, by scope and in document order.
    pub(super) fn joins(&self, library: &Library) -> impl Iterator<Item = JoinAt> {
        let mut joins = BTreeSet::new();
        for element in self.elements() {
            let Some(slot) = self.slot(element.key) else { continue };
            let graph = library.process(element.process).graph();
            for cell in self.cell_slots(slot).map(|cell| &self.cells[cell]).filter(|cell| cell.count > 0) {
                let node = graph.flow(cell.flow).target;
                if graph.node(node).kind.activity().is_none() {
                    joins.insert((element.key, node));
                }
            }
        }
        joins.into_iter()
    }
}
