//! What people see of an instance and of their work.

use super::identity::JobKey;
use super::store::{Head, JobRow, Reference};
use crate::event::{IncidentKind, Status, WaitKind};
use crate::id::{ElementKey, InstanceId, Timestamp};
use crate::instance::Instance;
use crate::process::Library;
use std::fmt;
use tokenflow_feel::{Context, Value};

/// An instance at one moment; its `Display` is made for people.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct InstanceView {
    /// Its id.
    pub id: InstanceId,
    /// The id of its process.
    pub process: String,
    /// The name of its process.
    pub name: Option<String>,
    /// The version of its process.
    pub process_version: u32,
    /// The number of committed steps: what `at_version` compares.
    pub version: u64,
    /// How it stands.
    pub status: Status,
    /// It takes no answers.
    pub is_suspended: bool,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What the caller knows it by.
    pub reference: Option<Reference>,
    /// The id of the last end event that its root reached.
    pub outcome: Option<String>,
    /// The code and message of the error it ended with.
    pub error: Option<(String, String)>,
    /// What is open, by key.
    pub waiting: Vec<WaitingLine>,
    /// What somebody must look after, by key.
    pub incidents: Vec<IncidentLine>,
    /// The variables of the process.
    pub variables: Context,
    /// Why it was set aside as a whole.
    pub quarantine: Option<String>,
}

/// Something open.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WaitingLine {
    /// What commands name it by.
    pub key: JobKey,
    /// The id of the element.
    pub element: String,
    /// The name of the element.
    pub name: Option<String>,
    /// What it waits for.
    pub kind: WaitKind,
    /// The type of the job, or the name of the message or signal.
    pub what: String,
    /// The correlation key.
    pub correlation_key: Value,
    /// When time ends it.
    pub due: Option<Timestamp>,
    /// Who has the user task.
    pub assignee: Option<String>,
}

/// A problem that a person or a command resolves.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct IncidentLine {
    /// What `resolve` names it by.
    pub key: JobKey,
    /// The id of the element, or of the process.
    pub element: String,
    /// What kind of problem.
    pub kind: IncidentKind,
    /// What happened.
    pub message: String,
}

/// An open user task.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TaskView {
    /// What commands name it by.
    pub key: JobKey,
    /// The id of the user task.
    pub element: String,
    /// Its name.
    pub name: Option<String>,
    /// The id of the process that it stands in.
    pub process: String,
    /// Who has it.
    pub assignee: Option<String>,
    /// The groups whose members may claim it.
    pub groups: Vec<String>,
    /// The users who may claim it.
    pub users: Vec<String>,
    /// When it should be done, as the model says it.
    pub due_date: Option<String>,
    /// Since when it is open.
    pub created_at: Timestamp,
    /// Its instance takes no answers now.
    pub is_suspended: bool,
}

impl TaskView {
    pub(super) fn of(row: JobRow) -> TaskView {
        TaskView {
            key: JobKey { instance: row.at.instance, key: row.at.key },
            element: row.element,
            name: row.name,
            process: row.process,
            assignee: row.assignee,
            groups: row.groups,
            users: row.users,
            due_date: row.due_date,
            created_at: row.created_at,
            is_suspended: row.is_held,
        }
    }
}

impl InstanceView {
    pub(super) fn of(instance: &Instance, head: &Head, library: &Library) -> InstanceView {
        let root = instance.root_process().map(|ix| library.process(ix));
        InstanceView {
            id: head.id,
            process: head.process.clone(),
            name: root.and_then(|process| process.name()).map(str::to_owned),
            process_version: head.process_version,
            version: instance.version(),
            status: head.status,
            is_suspended: head.is_suspended,
            started_at: head.started_at,
            ended_at: head.ended_at,
            reference: head.reference.clone(),
            outcome: root.zip(instance.outcome()).map(|(process, node)| process.node_id(node).to_owned()),
            error: instance.error(),
            waiting: waiting(instance, library),
            incidents: incidents(instance, library),
            variables: instance.variables(ElementKey::ROOT),
            quarantine: head.quarantine.clone(),
        }
    }
}

fn waiting(instance: &Instance, library: &Library) -> Vec<WaitingLine> {
    let own = instance.waits(library).filter(|wait| wait.is_own && wait.kind != WaitKind::Delivery);
    let at_work = own.filter(|wait| instance.element(wait.key).is_some_and(|element| !element.has_incident));
    at_work
        .map(|wait| {
            let process = library.process(wait.process);
            WaitingLine {
                key: JobKey { instance: instance.id(), key: wait.key },
                element: process.node_id(wait.node).to_owned(),
                name: process.graph().node(wait.node).name.clone(),
                kind: wait.kind,
                what: wait.name().to_owned(),
                correlation_key: wait.correlation_key().clone(),
                due: Some(wait.due()).filter(|due| *due != Timestamp::NEVER),
                assignee: wait.assignee().map(str::to_owned),
            }
        })
        .collect()
}

fn incidents(instance: &Instance, library: &Library) -> Vec<IncidentLine> {
    let line = |incident: crate::instance::IncidentView<'_>| {
        let process = library.process(incident.process);
        IncidentLine {
            key: JobKey { instance: instance.id(), key: incident.key },
            element: incident.node.map_or(process.id(), |node| process.node_id(node)).to_owned(),
            kind: incident.kind,
            message: incident.message.to_owned(),
        }
    };
    instance.incidents().map(line).collect()
}

impl fmt::Display for InstanceView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let process = self.name.as_deref().unwrap_or(&self.process);
        write!(f, "{process} (version {}) {}", self.process_version, self.status.as_str())?;
        if let Some((code, message)) = &self.error {
            write!(f, " with {code}")?;
            if !message.is_empty() {
                write!(f, ": {message}")?;
            }
        }
        if self.is_suspended {
            f.write_str(", suspended")?;
        }
        if let Some(reference) = &self.reference {
            write!(f, " for {reference}")?;
        }
        write!(f, " since {}", self.ended_at.unwrap_or(self.started_at))?;
        if let Some(outcome) = self.outcome.as_ref().filter(|_| self.status != Status::Active) {
            write!(f, " at {outcome}")?;
        }
        if let Some(reason) = &self.quarantine {
            write!(f, "\n  set aside: {reason}")?;
        }
        for line in &self.waiting {
            write!(f, "\n  {line}")?;
        }
        for incident in &self.incidents {
            write!(f, "\n  {incident}")?;
        }
        for (name, value) in self.variables.iter() {
            write!(f, "\n  {name} = {value}")?;
        }
        Ok(())
    }
}

impl fmt::Display for WaitingLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} waits for {}", self.name.as_deref().unwrap_or(&self.element), self.kind.as_str())?;
        if !self.what.is_empty() {
            write!(f, " {}", self.what)?;
        }
        if !self.correlation_key.is_null() {
            write!(f, " with key {}", self.correlation_key)?;
        }
        if let Some(assignee) = &self.assignee {
            write!(f, " of {assignee}")?;
        }
        if let Some(due) = self.due {
            write!(f, ", due {due}")?;
        }
        Ok(())
    }
}

impl fmt::Display for IncidentLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} stands at an incident ({}): {}", self.element, self.kind.as_str(), self.message)
    }
}
