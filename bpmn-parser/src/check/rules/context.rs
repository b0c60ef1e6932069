//! What all rules share: the model, its index and topology, and how findings are added.

use super::kinds::Kinds;
use super::topology::{Level, LevelKind, Topology};
use crate::diagnostic::{ERROR_BYTES, Findings};
use crate::dialect::{DialectReader, detect};
use crate::model::{
    BaseElement, Definitions, Element, Entry, EventDefinition, FlowElement, FlowElementIx, Index, Process,
    Reference, RootElement,
};
use crate::property::{Dialect, Properties};
use crate::{Diagnostic, Position, Severity};

/// Runs the rules over one file.
pub(super) struct Checker<'d, 'f> {
    pub(super) definitions: &'d Definitions,
    pub(super) index: &'f Index<'d>,
    pub(super) topology: Topology<'d>,
    pub(super) dialect: Dialect,
    findings: &'f mut Findings,
}

/// What a finding is about: the id it names and where it points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'d> {
    pub(super) element: Option<&'d str>,
    pub(super) position: Position,
}

impl<'d> Place<'d> {
    pub(super) fn of(base: &'d BaseElement) -> Self {
        Place { element: base.id.as_deref(), position: base.markup.position }
    }
}

impl<'d, 'f> Checker<'d, 'f> {
    pub(super) fn new(
        definitions: &'d Definitions,
        index: &'f Index<'d>,
        findings: &'f mut Findings,
    ) -> Self {
        let topology = Topology::new(definitions, index);
        Checker { definitions, index, topology, dialect: detect(definitions), findings }
    }

    /// The rows of all flow elements.
    pub(super) fn rows(&self) -> impl Iterator<Item = FlowElementIx> + use<> {
        (0..self.definitions.flow_elements.len() as u32).map(FlowElementIx)
    }

    /// The levels of all processes.
    pub(super) fn levels(&self) -> Vec<Level<'d>> {
        self.topology.levels.clone()
    }

    /// The level that a flow element is directly in; none in a choreography.
    pub(super) fn level_of(&self, row: FlowElementIx) -> Option<Level<'d>> {
        self.topology.level_of[row.0 as usize].map(|at| self.topology.levels[at])
    }

    pub(super) fn level_kind(&self, row: FlowElementIx) -> Option<LevelKind> {
        self.level_of(row).map(|level| level.kind)
    }

    pub(super) fn incoming(&self, row: FlowElementIx) -> &[FlowElementIx] {
        &self.topology.incoming[row.0 as usize]
    }

    pub(super) fn outgoing(&self, row: FlowElementIx) -> &[FlowElementIx] {
        &self.topology.outgoing[row.0 as usize]
    }

    /// The definitions of an event; for what depends on their kinds alone there is [`Checker::kinds`].
    pub(super) fn definitions_of(&self, row: FlowElementIx) -> Vec<&'d EventDefinition> {
        self.topology.definitions[row.0 as usize].clone()
    }

    pub(super) fn definition_count(&self, row: FlowElementIx) -> usize {
        self.topology.definitions[row.0 as usize].len()
    }

    pub(super) fn kinds(&self, row: FlowElementIx) -> Kinds {
        self.topology.kinds[row.0 as usize]
    }

    pub(super) fn is_compensation_event(&self, row: FlowElementIx) -> bool {
        self.kinds(row).has(Kinds::COMPENSATION)
    }

    /// The process around a flow element.
    pub(super) fn process_of(&self, row: FlowElementIx) -> Option<&'d Process> {
        self.process(self.topology.roots[row.0 as usize])
    }

    pub(super) fn process(&self, root: Option<u32>) -> Option<&'d Process> {
        match self.definitions.root_elements.get(root? as usize) {
            Some(RootElement::Process(process)) => Some(process),
            Some(_) | None => None,
        }
    }

    /// The weight of a rule that binds only executable processes: elsewhere it is a note.
    pub(super) fn executed(&self, root: Option<u32>, severity: Severity) -> Severity {
        let executable = self.process(root).is_some_and(|process| process.is_executable != Some(false));
        if executable { severity } else { Severity::Note }
    }

    /// The same for a flow element.
    pub(super) fn executed_at(&self, row: FlowElementIx, severity: Severity) -> Severity {
        self.executed(self.topology.roots[row.0 as usize], severity)
    }

    /// What a reference means: the element, if it is there.
    pub(super) fn resolve(&self, reference: &Reference) -> Option<Entry<'d>> {
        self.index.resolve(reference).copied()
    }

    /// The flow element that a reference means.
    pub(super) fn flow_element(&self, reference: &Reference) -> Option<FlowElementIx> {
        self.resolve(reference)?.flow_element
    }

    /// The root element that a reference means.
    pub(super) fn root_element(&self, reference: &Reference) -> Option<&'d RootElement> {
        let entry = self.resolve(reference)?;
        if entry.inside.is_some() || entry.flow_element.is_some() {
            return None;
        }
        let root = &self.definitions.root_elements[entry.root? as usize];
        (root.id() == entry.element.id()).then_some(root)
    }

    /// What the file's dialect says of an element, without the findings about it.
    pub(super) fn properties(&self, name: &str, base: &BaseElement) -> Properties {
        let mut unheard = Findings::new(0);
        let mut reader = DialectReader {
            dialect: self.dialect,
            default_language: None,
            owner: None,
            findings: &mut unheard,
        };
        reader.properties(name, base)
    }

    /// The place of a flow element.
    pub(super) fn at(&self, row: FlowElementIx) -> Place<'d> {
        Place::of(self.definitions[row].base())
    }

    /// The place of a part of a flow element, which is named by the flow element around it.
    pub(super) fn part(&self, row: FlowElementIx, part: &dyn Element) -> Place<'d> {
        Place { element: self.definitions[row].base().id.as_deref(), position: part.markup().position }
    }

    /// The place of a part of a flow element that may have an id of its own, such as an association.
    pub(super) fn own_part(&self, row: FlowElementIx, part: &'d dyn Element) -> Place<'d> {
        let around = self.definitions[row].base().id.as_deref();
        Place { element: part.id().or(around), position: part.markup().position }
    }

    /// The place of any element: named by its own id, else by what it lies in. Event definitions, loops and
    /// expressions are never known by their own ids, but by those of the event, activity or flow that they are of.
    pub(super) fn entry_place(&self, entry: &Entry<'d>) -> Place<'d> {
        let position = entry.element.markup().position;
        let own = entry.element.id();
        let around =
            entry.flow_element.or(entry.inside).and_then(|row| self.definitions[row].base().id.as_deref());
        let root = entry.root.and_then(|row| self.definitions.root_elements[row as usize].id());
        let is_trait = entry.element.body().is_some()
            || entry.name.ends_with("EventDefinition")
            || entry.name.ends_with("LoopCharacteristics");
        let element = if is_trait { around.or(own) } else { own.or(around) };
        Place { element: element.or(root), position }
    }

    pub(super) fn error(&mut self, code: u16, place: Place<'_>, message: impl Into<String>) {
        self.find(Severity::Error, code, place, message);
    }

    pub(super) fn warning(&mut self, code: u16, place: Place<'_>, message: impl Into<String>) {
        self.find(Severity::Warning, code, place, message);
    }

    pub(super) fn find(
        &mut self,
        severity: Severity,
        code: u16,
        place: Place<'_>,
        message: impl Into<String>,
    ) {
        let diagnostic = match severity {
            Severity::Error => Diagnostic::error(code, place.position, message),
            Severity::Warning => Diagnostic::warning(code, place.position, message),
            Severity::Note => Diagnostic::note(code, place.position, message),
        };
        self.findings.add(match place.element {
            // One byte more than is kept shows that something was cut off.
            Some(element) => diagnostic.on(shortened(element, ERROR_BYTES + 1)),
            None => diagnostic,
        });
    }

    /// The element by its name and id, for messages.
    pub(super) fn name(&self, row: FlowElementIx) -> String {
        let element = &self.definitions[row];
        match element.id() {
            Some(id) => format!("`{}`", quoted(id)),
            None => format!("the `{}` at {}", element.name(), element.position()),
        }
    }

    pub(super) fn is_event_sub_process(&self, row: FlowElementIx) -> bool {
        match &self.definitions[row] {
            FlowElement::SubProcess(sub_process) => sub_process.triggered_by_event == Some(true),
            _ => false,
        }
    }

    pub(super) fn is_compensation_activity(&self, row: FlowElementIx) -> bool {
        let activity = self.definitions[row].activity();
        activity.is_some_and(|activity| activity.is_for_compensation == Some(true))
    }
}

/// How much of a name a message quotes, in bytes; what it is about is named in full apart from it.
const QUOTED_BYTES: usize = 200;

/// The beginning of a name from elsewhere in the file, so that a long one is not copied into every message.
pub(super) fn quoted(text: &str) -> &str {
    shortened(text, QUOTED_BYTES)
}

fn shortened(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or_default()]
}
