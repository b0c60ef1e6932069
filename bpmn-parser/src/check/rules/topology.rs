//! What is connected with what: sequence flows, boundary events, message flows, associations, by row.

use super::kinds::Kinds;
use crate::model::{
    Artifact, Association, Collaboration, Container, Definitions, EventDefinition, FlowElement,
    FlowElementIx, Index, MessageFlow, Reference, RootElement, SequenceFlow,
};

/// The kind of a level: what is around the flow elements in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LevelKind {
    Process,
    Embedded,
    Event,
    Transaction,
    AdHoc,
}

/// The inside of a process or of one sub-process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level<'d> {
    pub(super) kind: LevelKind,
    /// The process, by its row among the root elements.
    pub(super) root: u32,
    /// The sub-process; none at the level of the process.
    pub(super) owner: Option<FlowElementIx>,
    pub(super) content: &'d [FlowElementIx],
}

/// Everything that refers to flow elements, looked up once.
#[derive(Debug, Default)]
pub(super) struct Topology<'d> {
    /// The root element around each flow element.
    pub(super) roots: Vec<Option<u32>>,
    pub(super) levels: Vec<Level<'d>>,
    /// The level that each flow element is directly in.
    pub(super) level_of: Vec<Option<usize>>,
    /// The flows into each node.
    pub(super) incoming: Vec<Vec<FlowElementIx>>,
    /// The flows out of each node.
    pub(super) outgoing: Vec<Vec<FlowElementIx>>,
    /// The nodes at the ends of each flow.
    pub(super) ends: Vec<(Option<FlowElementIx>, Option<FlowElementIx>)>,
    /// The boundary events of each activity.
    pub(super) attached: Vec<Vec<FlowElementIx>>,
    /// The activity of each boundary event.
    pub(super) hosts: Vec<Option<FlowElementIx>>,
    /// The event definitions of each event, contained and referenced, in order.
    pub(super) definitions: Vec<Vec<&'d EventDefinition>>,
    /// The kinds of these definitions.
    pub(super) kinds: Vec<Kinds>,
    /// Whether an activity has a compensation boundary event.
    pub(super) is_compensated: Vec<bool>,
    /// The message flows into each node.
    pub(super) messages_in: Vec<Vec<&'d MessageFlow>>,
    /// The message flows out of each node.
    pub(super) messages_out: Vec<Vec<&'d MessageFlow>>,
    /// The elements at the other end of the associations of each flow element.
    pub(super) associated: Vec<Vec<FlowElementIx>>,
}

impl<'d> Topology<'d> {
    pub(super) fn new(definitions: &'d Definitions, index: &Index<'d>) -> Self {
        let count = definitions.flow_elements.len();
        let mut topology = Topology {
            roots: vec![None; count],
            levels: Vec::new(),
            level_of: vec![None; count],
            incoming: vec![Vec::new(); count],
            outgoing: vec![Vec::new(); count],
            ends: vec![(None, None); count],
            attached: vec![Vec::new(); count],
            hosts: vec![None; count],
            definitions: vec![Vec::new(); count],
            kinds: vec![Kinds::default(); count],
            is_compensated: vec![false; count],
            messages_in: vec![Vec::new(); count],
            messages_out: vec![Vec::new(); count],
            associated: vec![Vec::new(); count],
        };
        topology.find_levels(definitions);
        for (row, element) in definitions.flow_elements.iter().enumerate() {
            topology.connect(row, element, definitions, index);
        }
        topology.find_handlers();
        for collaboration in definitions.root_elements.iter().filter_map(RootElement::collaboration) {
            topology.find_message_flows(collaboration, index);
        }
        for association in associations(definitions) {
            topology.associate(association, index);
        }
        topology
    }

    fn find_levels(&mut self, definitions: &'d Definitions) {
        let roots = definitions.root_elements.iter().enumerate();
        let mut waiting: Vec<(Container, u32)> =
            roots.map(|(row, _)| (Container::Root(row as u32), row as u32)).rev().collect();
        while let Some((container, root)) = waiting.pop() {
            let content = definitions.content(container);
            let level = level(container, root, content, definitions);
            let at = level.map(|level| {
                self.levels.push(level);
                self.levels.len() - 1
            });
            for row in content {
                self.roots[row.0 as usize] = Some(root);
                self.level_of[row.0 as usize] = at;
            }
            let nested = content.iter().rev().filter(|row| {
                !definitions[**row].flow_elements().is_empty() || definitions[**row].sub_process().is_some()
            });
            waiting.extend(nested.map(|row| (Container::FlowElement(*row), root)));
        }
    }

    fn connect(
        &mut self,
        row: usize,
        element: &'d FlowElement,
        definitions: &'d Definitions,
        index: &Index<'d>,
    ) {
        let ix = FlowElementIx(row as u32);
        if let FlowElement::SequenceFlow(flow) = element {
            self.connect_flow(ix, flow, definitions, index);
        }
        if let FlowElement::BoundaryEvent(event) = element {
            let host = event.attached_to_ref.as_ref().and_then(|it| flow_element(it, index));
            if let Some(host) = host.filter(|host| definitions[*host].activity().is_some()) {
                self.attached[host.0 as usize].push(ix);
                self.hosts[row] = Some(host);
            }
        }
        let catch = element.catch_event().map(|it| (&it.event_definitions, &it.event_definition_refs));
        let throw = element.throw_event().map(|it| (&it.event_definitions, &it.event_definition_refs));
        if let Some((inline, references)) = catch.or(throw) {
            self.definitions[row].extend(inline);
            let referenced = references.iter().filter_map(|it| event_definition(it, definitions, index));
            self.definitions[row].extend(referenced);
        }
    }

    /// Notes the kinds of all events, and which activities have a compensation event.
    fn find_handlers(&mut self) {
        for (kinds, definitions) in self.kinds.iter_mut().zip(&self.definitions) {
            *kinds = definitions.iter().fold(Kinds::default(), |all, it| all.and(Kinds::of(it)));
        }
        for (host, attached) in self.attached.iter().enumerate() {
            let compensates = |row: &FlowElementIx| self.kinds[row.0 as usize].has(Kinds::COMPENSATION);
            self.is_compensated[host] = attached.iter().any(compensates);
        }
    }

    fn connect_flow(
        &mut self,
        row: FlowElementIx,
        flow: &SequenceFlow,
        definitions: &Definitions,
        index: &Index<'d>,
    ) {
        let node = |reference: &Option<Reference>| {
            let found = reference.as_ref().and_then(|it| flow_element(it, index));
            found.filter(|it| definitions[*it].flow_node().is_some())
        };
        let (source, target) = (node(&flow.source_ref), node(&flow.target_ref));
        self.ends[row.0 as usize] = (source, target);
        if let (Some(source), Some(target)) = (source, target) {
            self.outgoing[source.0 as usize].push(row);
            self.incoming[target.0 as usize].push(row);
        }
    }

    fn find_message_flows(&mut self, collaboration: &'d Collaboration, index: &Index<'d>) {
        for flow in &collaboration.message_flows {
            let end =
                |reference: &Option<Reference>| reference.as_ref().and_then(|it| flow_element(it, index));
            if let Some(source) = end(&flow.source_ref) {
                self.messages_out[source.0 as usize].push(flow);
            }
            if let Some(target) = end(&flow.target_ref) {
                self.messages_in[target.0 as usize].push(flow);
            }
        }
    }

    fn associate(&mut self, association: &Association, index: &Index<'d>) {
        let end = |reference: &Option<Reference>| reference.as_ref().and_then(|it| flow_element(it, index));
        if let (Some(source), Some(target)) = (end(&association.source_ref), end(&association.target_ref)) {
            self.associated[source.0 as usize].push(target);
            self.associated[target.0 as usize].push(source);
        }
    }
}

/// All associations of processes, sub-processes and collaborations.
pub(super) fn associations(definitions: &Definitions) -> impl Iterator<Item = &Association> {
    let roots = definitions.root_elements.iter().flat_map(|root| match root {
        RootElement::Process(process) => process.artifacts.as_slice(),
        other => other.collaboration().map_or(&[][..], |it| it.artifacts.as_slice()),
    });
    let nested = definitions.flow_elements.iter().flat_map(|element| match element {
        FlowElement::SubChoreography(sub) => sub.artifacts.as_slice(),
        other => other.sub_process().map_or(&[][..], |it| it.artifacts.as_slice()),
    });
    roots.chain(nested).filter_map(|artifact| match artifact {
        Artifact::Association(association) => Some(&**association),
        Artifact::Group(_) | Artifact::TextAnnotation(_) => None,
    })
}

fn level<'d>(
    container: Container,
    root: u32,
    content: &'d [FlowElementIx],
    definitions: &'d Definitions,
) -> Option<Level<'d>> {
    let (kind, owner) = match container {
        Container::Root(row) => match &definitions.root_elements[row as usize] {
            RootElement::Process(_) => (LevelKind::Process, None),
            _ => return None,
        },
        Container::FlowElement(owner) => match &definitions[owner] {
            FlowElement::Transaction(_) => (LevelKind::Transaction, Some(owner)),
            FlowElement::AdHocSubProcess(_) => (LevelKind::AdHoc, Some(owner)),
            FlowElement::SubProcess(sub) if sub.triggered_by_event == Some(true) => {
                (LevelKind::Event, Some(owner))
            }
            FlowElement::SubProcess(_) => (LevelKind::Embedded, Some(owner)),
            _ => return None,
        },
    };
    Some(Level { kind, root, owner, content })
}

fn flow_element(reference: &Reference, index: &Index<'_>) -> Option<FlowElementIx> {
    index.resolve(reference)?.flow_element
}

/// The root event definition that a reference means.
fn event_definition<'d>(
    reference: &Reference,
    definitions: &'d Definitions,
    index: &Index<'d>,
) -> Option<&'d EventDefinition> {
    let entry = index.resolve(reference)?;
    if entry.inside.is_some() || entry.flow_element.is_some() {
        return None;
    }
    match &definitions.root_elements[entry.root? as usize] {
        RootElement::EventDefinition(definition) => Some(definition),
        _ => None,
    }
}
