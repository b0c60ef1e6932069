//! A deployed process: a graph whose expressions are compiled and whose support is checked, so that it can run.

mod compile;
pub(crate) mod correlation;
mod names;
mod reach;
mod row;
mod support;

pub(crate) use reach::{Flows, JoinReach};
pub(crate) use row::*;

use crate::expression::Evaluator;
use crate::id::ProcessIx;
use crate::limits::Limits;
use bpmn_parser::Diagnostic;
use bpmn_parser::graph::{FlowIx, MessageFlow, NodeIx, ProcessGraph};
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use tokenflow_feel::{Context, Text, Value};

pub use row::{StartCatch, StartKind};

/// The digest of what was deployed: the same content is the same version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    /// The digest of a file and of the options that are part of its meaning.
    pub fn of(bytes: &[u8], zone: Tz) -> ContentHash {
        use sha2::{Digest, Sha256};
        let mut digest = Sha256::new();
        digest.update(bytes);
        digest.update(zone.name());
        ContentHash(digest.finalize().into())
    }
}

impl ContentHash {
    /// Reads the hexadecimal form that `Display` writes.
    pub fn parse(text: &str) -> Option<ContentHash> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[place * 2..place * 2 + 2], 16).ok()?;
        }
        Some(ContentHash(bytes))
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a deployment may choose; all of it is part of the meaning of the processes.
#[derive(Clone)]
pub struct DeployOptions {
    /// The zone in which local dates and calendar days are meant.
    pub zone: Tz,
    /// Compiles expressions of languages that the engine does not know.
    pub evaluator: Option<Arc<dyn Evaluator>>,
    /// The limits that compiling and running obey.
    pub limits: Limits,
    /// Each decision of a gateway is recorded with the values it saw.
    pub records_decisions: bool,
}

impl Default for DeployOptions {
    fn default() -> Self {
        DeployOptions { zone: Tz::UTC, evaluator: None, limits: Limits::default(), records_decisions: false }
    }
}

/// Everything of one file that can run.
#[derive(Debug)]
pub struct Deployment {
    /// Its processes and global tasks, in document order.
    pub processes: Vec<Process>,
    /// The message flows of its collaborations.
    pub message_flows: Vec<MessageFlow>,
    /// What does not refuse it: warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file was refused; nothing of it was deployed.
#[derive(Clone, Debug, thiserror::Error)]
pub struct DeployError {
    /// All findings, the warnings among them, by their place in the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for DeployError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (row, finding) in self.diagnostics.iter().enumerate() {
            if row > 0 {
                writeln!(f)?;
            }
            write!(f, "{finding}")?;
            if let Some(help) = &finding.help {
                write!(f, "\n  help: {help}")?;
            }
        }
        Ok(())
    }
}

/// Reads, checks and compiles a BPMN file.
///
/// # Errors
/// All findings at once where at least one of them is an error: broken XML, a broken rule of the standard, an
/// expression that does not parse, a construct that the engine does not run.
#[cfg(feature = "xml")]
pub fn deploy(bytes: &[u8], options: &DeployOptions) -> Result<Deployment, DeployError> {
    let checked = bpmn_parser::check(bytes);
    let mut diagnostics = checked.diagnostics;
    let Some(model) = checked.model else {
        return Err(DeployError { diagnostics });
    };
    let hash = ContentHash::of(bytes, options.zone);
    let mut processes = Vec::new();
    for graph in model.processes {
        if let Some(process) = Process::compile(graph, hash, options, &mut diagnostics) {
            processes.push(process);
        }
    }
    diagnostics.sort_by_key(|finding| (finding.position, finding.code));
    if diagnostics.iter().any(|finding| finding.severity == bpmn_parser::Severity::Error) {
        return Err(DeployError { diagnostics });
    }
    Ok(Deployment { processes, message_flows: model.message_flows, diagnostics })
}

/// A process that can run; immutable.
#[derive(Debug)]
pub struct Process {
    graph: ProcessGraph,
    hash: ContentHash,
    version: u32,
    zone: Tz,
    pub(crate) records_decisions: bool,
    pub(crate) rows: Vec<Row>,
    pub(crate) flows: Vec<FlowRow>,
    /// The catches that the process instance itself keeps armed: starts of its event sub-processes.
    pub(crate) level: Level,
    starts: Vec<StartCatch>,
    pub(crate) data: ProcessData,
    pub(crate) correlation: correlation::Correlation,
    /// `[id, content hash]`: what the event says that binds an instance to this version.
    pub(crate) binding: Value,
    pub(crate) reach: reach::Reach,
}

impl Process {
    /// Compiles a lowered graph; none where a finding of severity error was added.
    pub fn compile(
        graph: ProcessGraph,
        hash: ContentHash,
        options: &DeployOptions,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Process> {
        compile::compile(graph, hash, options, diagnostics)
    }

    /// The id of the process.
    pub fn id(&self) -> &str {
        &self.graph.id
    }

    /// The id, as instances keep it.
    pub(crate) fn shared_id(&self) -> Text {
        match self.binding.as_list().and_then(|parts| parts.first()) {
            Some(Value::String(id)) => id.clone(),
            Some(_) | None => Text::from(self.id()),
        }
    }

    /// Its name, for people.
    pub fn name(&self) -> Option<&str> {
        self.graph.name.as_deref()
    }

    /// Its version among the processes with this id, from 1; 0 before it is in a [`Library`].
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The version tag that the file gives it.
    pub fn version_tag(&self) -> Option<&str> {
        self.graph.properties.version_tag.as_deref()
    }

    /// What it was deployed from.
    pub fn hash(&self) -> ContentHash {
        self.hash
    }

    /// False where the file says `isExecutable="false"`.
    pub fn is_executable(&self) -> bool {
        self.graph.is_executable != Some(false)
    }

    /// The zone in which its local dates are meant.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The graph it was compiled from.
    pub fn graph(&self) -> &ProcessGraph {
        &self.graph
    }

    /// The id of a flow node.
    pub fn node_id(&self, node: NodeIx) -> &str {
        &self.graph.node(node).id
    }

    /// The id of a sequence flow.
    pub fn flow_id(&self, flow: FlowIx) -> &str {
        &self.graph.flow(flow).id
    }

    /// The flow node with that id.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
        self.graph.find(id)
    }

    /// What creates an instance from outside: its triggered start events and instantiating receive tasks.
    pub fn starts(&self) -> &[StartCatch] {
        &self.starts
    }

    /// The none start events of the process level, in document order.
    pub fn none_starts(&self) -> &[NodeIx] {
        &self.level.none_starts
    }

    /// True where it can be started by name: a none start event, or no start event at all.
    pub fn starts_by_name(&self) -> bool {
        !self.level.none_starts.is_empty() || !self.level.implicit_starts.is_empty()
    }

    /// The correlation key that a message of that name carries by the keys of the file's conversations (8.4.2); none
    /// where it carries no key, or not all of it.
    pub fn conversation_key(&self, message: &str, payload: &Context) -> Option<Value> {
        self.correlation.derive(message, payload, self.zone).map(|(_, key)| key)
    }

    /// True where subscriptions for messages of that name compare them with the data of their instances, so that
    /// several instances may receive one message (13.3.3).
    pub fn is_context_based(&self, message: &str) -> bool {
        self.correlation.key_of(message).is_some_and(|(_, key)| key.bindings.is_some())
    }

    /// The job types that are known without evaluation, each once, in document order.
    pub fn job_types(&self) -> impl Iterator<Item = &str> {
        let mut seen = Vec::new();
        for row in &self.rows {
            let literal = row.work.as_ref().and_then(|work| work.job_type.as_ref()?.as_constant()?.as_str());
            if let Some(job_type) = literal
                && !seen.contains(&job_type)
            {
                seen.push(job_type);
            }
        }
        seen.into_iter()
    }

    /// The activity that a boundary event is attached to.
    pub(crate) fn host_of(&self, node: NodeIx) -> Option<NodeIx> {
        match self.graph.node(node).kind {
            bpmn_parser::graph::NodeKind::BoundaryEvent { host, .. } => Some(host),
            _ => None,
        }
    }

    pub(crate) fn row(&self, node: NodeIx) -> &Row {
        &self.rows[node.index()]
    }

    pub(crate) fn flow(&self, flow: FlowIx) -> &FlowRow {
        &self.flows[flow.index()]
    }

    /// What starts in a sub-process, or at the level of the process, and what is armed there.
    pub(crate) fn level(&self, scope: Option<NodeIx>) -> &Level {
        match scope {
            Some(node) => self.row(node).level.as_deref().expect("only sub-processes are scopes of nodes"),
            None => &self.level,
        }
    }
}

/// All deployed processes: append-only, so that indices stay valid while versions are added.
#[derive(Clone, Debug, Default)]
pub struct Library {
    processes: Vec<Arc<Process>>,
    versions: BTreeMap<String, Vec<ProcessIx>>,
    message_flows: Vec<MessageFlow>,
}

impl Library {
    /// Adds a process as the next version of its id; one with the same content is the version that is there.
    pub fn add(&mut self, mut process: Process) -> ProcessIx {
        let versions = self.versions.entry(process.id().to_owned()).or_default();
        let same = versions.iter().find(|ix| self.processes[ix.0 as usize].hash == process.hash);
        if let Some(existing) = same {
            return *existing;
        }
        let ix = ProcessIx(self.processes.len() as u32);
        versions.push(ix);
        process.version = versions.len() as u32;
        self.processes.push(Arc::new(process));
        ix
    }

    /// Adds a whole deployment.
    pub fn add_deployment(&mut self, deployment: Deployment) -> Vec<ProcessIx> {
        for flow in deployment.message_flows {
            if !self.message_flows.contains(&flow) {
                self.message_flows.push(flow);
            }
        }
        deployment.processes.into_iter().map(|process| self.add(process)).collect()
    }

    /// The process at that place.
    pub fn process(&self, ix: ProcessIx) -> &Arc<Process> {
        &self.processes[ix.0 as usize]
    }

    /// The newest version.
    pub fn latest(&self, id: &str) -> Option<ProcessIx> {
        self.versions.get(id)?.last().copied()
    }

    /// That version, from 1.
    pub fn version(&self, id: &str, version: u32) -> Option<ProcessIx> {
        self.versions.get(id)?.get((version as usize).checked_sub(1)?).copied()
    }

    /// The newest version with that tag.
    pub fn tagged(&self, id: &str, tag: &str) -> Option<ProcessIx> {
        let versions = self.versions.get(id)?.iter().rev();
        versions.copied().find(|ix| self.process(*ix).version_tag() == Some(tag))
    }

    /// The version that was deployed from that content.
    pub fn by_hash(&self, id: &str, hash: ContentHash) -> Option<ProcessIx> {
        self.versions.get(id)?.iter().copied().find(|ix| self.process(*ix).hash == hash)
    }

    /// The version that an instance was bound to by `[id, content hash]`.
    pub(crate) fn bound(&self, binding: &Value) -> Option<ProcessIx> {
        let parts = binding.as_list()?;
        let same = |ix: &ProcessIx| {
            let known = self.process(*ix).binding.as_list();
            known.and_then(|known| known.get(1)) == parts.get(1)
        };
        self.versions.get(parts.first()?.as_str()?)?.iter().copied().find(same)
    }

    /// All of them, in the order of deployment.
    pub fn iter(&self) -> impl Iterator<Item = (ProcessIx, &Arc<Process>)> {
        self.processes.iter().enumerate().map(|(ix, process)| (ProcessIx(ix as u32), process))
    }

    /// The message flows of all deployments.
    pub fn message_flows(&self) -> &[MessageFlow] {
        &self.message_flows
    }
}
