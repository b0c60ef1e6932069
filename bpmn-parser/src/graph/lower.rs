//! From the model to graphs: the rules are checked, then references resolved; what broke a rule is left out.

mod activity;
mod collaboration;
mod data;
mod event;
mod flow;
mod node;
mod process;
mod resource;

use super::{Model, ProcessGraph, Task};
use crate::diagnostic::Findings;
use crate::dialect::{DialectReader, detect};
use crate::model::{BaseElement, Definitions, Entry, Index, Reference, RootElement};
use crate::property::{Dialect, Properties};
use crate::xml::Limits;
use crate::{Diagnostic, Position, Severity};
use std::collections::HashMap;
use std::sync::Arc;

impl Model {
    /// Lowers everything executable of a file. It never fails as a whole: what cannot be lowered is a finding with
    /// severity error, and a model with such a finding must not be run.
    pub fn lower(definitions: &Definitions) -> (Model, Vec<Diagnostic>) {
        let mut findings = Findings::new(Limits::default().diagnostics_max);
        let model = lower(definitions, &mut findings);
        (model, findings.finish())
    }
}

pub(crate) fn lower(definitions: &Definitions, findings: &mut Findings) -> Model {
    let index = Index::new(definitions);
    crate::check::rules::run(definitions, &index, findings);
    let dialect = detect(definitions);
    let mut lowering = Lowering {
        definitions,
        dialect: DialectReader {
            dialect,
            default_language: definitions
                .expression_language
                .as_ref()
                .map(|it| it.chars().take(256).collect()),
            owner: None,
            findings,
        },
        message_keys: HashMap::new(),
        associations: event::associations(definitions),
        process_rows: HashMap::new(),
        no_properties: Arc::default(),
        shared_bytes: 0,
        object_names: data::object_names(definitions),
        index,
    };
    lowering.read_message_keys();
    lowering.model()
}

/// The most that graphs may hold twice: enough for any model, too little for a bomb of long names.
const SHARED_BYTES: usize = 64 << 20;

/// What is shared while one file is lowered.
struct Lowering<'d, 'f> {
    definitions: &'d Definitions,
    index: Index<'d>,
    dialect: DialectReader<'f>,
    /// The correlation keys that a dialect puts on messages, by the id of the message.
    message_keys: HashMap<&'d str, crate::property::Expression>,
    /// The ends of associations by the id of their source.
    associations: HashMap<&'d str, Vec<&'d Reference>>,
    /// The rows of the processes in the model, by id.
    process_rows: HashMap<String, usize>,
    /// The properties of the nodes of which the dialect says nothing.
    no_properties: Arc<Properties>,
    /// What the graphs hold twice so far.
    shared_bytes: usize,
    /// The names of data objects that only their references name.
    object_names: HashMap<&'d str, &'d str>,
}

impl<'d> Lowering<'d, '_> {
    fn model(&mut self) -> Model {
        let definitions = self.definitions;
        let mut model = Model::default();
        for (row, root) in definitions.root_elements.iter().enumerate() {
            match root {
                RootElement::Process(process) => model.processes.push(self.process(row as u32, process)),
                RootElement::GlobalTask(it) => model.processes.push(self.global_task(it, Task::Abstract)),
                RootElement::GlobalManualTask(it) => {
                    model.processes.push(self.global_task(&it.task, Task::Manual));
                }
                RootElement::GlobalUserTask(it) => {
                    let task = Task::User { implementation: it.implementation.clone() };
                    model.processes.push(self.global_task(&it.task, task));
                }
                RootElement::GlobalBusinessRuleTask(it) => {
                    let task = Task::BusinessRule { implementation: it.implementation.clone() };
                    model.processes.push(self.global_task(&it.task, task));
                }
                RootElement::GlobalScriptTask(it) => {
                    let task = self.script(it.script_language.as_deref(), it.script.as_ref());
                    model.processes.push(self.global_task(&it.task, task));
                }
                RootElement::Collaboration(_)
                | RootElement::Message(_)
                | RootElement::Error(_)
                | RootElement::Escalation(_)
                | RootElement::Signal(_)
                | RootElement::ItemDefinition(_)
                | RootElement::DataStore(_)
                | RootElement::Resource(_)
                | RootElement::Interface(_)
                | RootElement::EndPoint(_)
                | RootElement::Category(_)
                | RootElement::CorrelationProperty(_)
                | RootElement::PartnerEntity(_)
                | RootElement::PartnerRole(_)
                | RootElement::GlobalConversation(_)
                | RootElement::Choreography(_)
                | RootElement::GlobalChoreographyTask(_)
                | RootElement::EventDefinition(_) => {}
            }
        }
        self.collaborations(&mut model);
        model
    }

    fn read_message_keys(&mut self) {
        for root in &self.definitions.root_elements {
            let RootElement::Message(message) = root else { continue };
            let properties = self.dialect.properties("message", &message.base);
            if let (Some(id), Some(key)) = (&message.base.id, properties.correlation_key) {
                self.message_keys.insert(id, key);
            }
        }
    }

    /// Counts bytes that the graphs hold beyond those of the file, because several nodes refer to one element.
    fn within(&mut self, bytes: usize) -> bool {
        let before = self.shared_bytes;
        self.shared_bytes = before.saturating_add(bytes + 24);
        if self.shared_bytes <= SHARED_BYTES {
            return true;
        }
        if before <= SHARED_BYTES {
            let message = format!(
                "names that many elements refer to grow beyond the limit shared_bytes, {SHARED_BYTES}"
            );
            self.dialect.findings.add(Diagnostic::error(218, Position { line: 1, column: 1 }, message));
        }
        false
    }

    /// Properties to keep at a node.
    fn kept(&self, properties: Properties) -> Arc<Properties> {
        if properties == *self.no_properties { Arc::clone(&self.no_properties) } else { Arc::new(properties) }
    }

    /// A text of an element that others refer to.
    fn shared(&mut self, text: &str) -> String {
        if self.within(text.len()) { text.to_owned() } else { String::new() }
    }

    /// The name of an element, else its id.
    fn name_of(&mut self, entry: &Entry<'d>) -> Option<String> {
        let mut name = None;
        entry.element.attributes(&mut |attribute, value| {
            if let ("name", crate::model::AttributeValue::Text(text)) = (attribute, value) {
                name = Some(text).filter(|text| !text.is_empty());
            }
        });
        let name = name.or_else(|| entry.element.id())?;
        Some(self.shared(name))
    }

    fn find(&mut self, severity: Severity, code: u16, base: &BaseElement, message: impl Into<String>) {
        let position = base.markup.position;
        let mut diagnostic = match severity {
            Severity::Error => Diagnostic::error(code, position, message),
            Severity::Warning => Diagnostic::warning(code, position, message),
            Severity::Note => Diagnostic::note(code, position, message),
        };
        diagnostic.element.clone_from(&base.id);
        self.dialect.findings.add(diagnostic);
    }

    fn error(&mut self, code: u16, base: &BaseElement, message: impl Into<String>) {
        self.find(Severity::Error, code, base, message);
    }

    /// What a reference means. That it leads somewhere is a rule of the checker.
    fn resolve(&self, reference: &Reference) -> Option<Entry<'d>> {
        self.index.resolve(reference).copied()
    }

    /// A root element that a reference means, if it is of the right kind.
    fn resolve_root<T>(
        &self,
        reference: &Reference,
        kind: impl FnOnce(&'d RootElement) -> Option<T>,
    ) -> Option<T> {
        let entry = self.resolve(reference)?;
        let definitions = self.definitions;
        let root = entry.root.filter(|_| entry.inside.is_none() && entry.flow_element.is_none());
        let root = root.map(|row| &definitions.root_elements[row as usize]);
        root.filter(|root| root.id() == entry.element.id()).and_then(kind)
    }
}

/// The id of an element, or one made of its place.
fn id_or_place(id: Option<&str>, position: Position) -> String {
    match id {
        Some(id) => id.to_owned(),
        None => format!("unnamed-{}-{}", position.line, position.column),
    }
}

fn empty_graph(dialect: Dialect) -> ProcessGraph {
    ProcessGraph {
        id: String::new(),
        name: None,
        position: Position::default(),
        is_executable: None,
        dialect,
        properties: Properties::default(),
        nodes: Vec::new(),
        flows: Vec::new(),
        data: Vec::new(),
        io: None,
        roles: Vec::new(),
        is_global_task: false,
        correlation: Vec::new(),
        subscriptions: Vec::new(),
        graph: petgraph::graph::DiGraph::new(),
    }
}
