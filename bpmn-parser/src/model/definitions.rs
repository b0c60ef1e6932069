//! The document element, the root elements, and the tables of what may be nested.

use super::schema::{element, group};
use super::{
    BaseElement, BpmnDiagram, Category, Choreography, Collaboration, ConversationNode, CorrelationProperty,
    DataStore, EndPoint, Error, Escalation, EventDefinition, Extension, FlowElement, Fragment,
    GlobalBusinessRuleTask, GlobalChoreographyTask, GlobalConversation, GlobalManualTask, GlobalScriptTask,
    GlobalTask, GlobalUserTask, Import, Interface, ItemDefinition, LaneSet, Message, PartnerEntity,
    PartnerRole, Process, Relationship, Resource, Signal,
};
use super::{Child, element::Item};
use crate::read::Context;
use crate::xml::{NodeIx, Tag};
use std::ops::Index;

element! {
    /// A whole file (8.2.1).
    pub struct Definitions: base BaseElement;
    attributes {
        name: Option<String> = "name",
        target_namespace: Option<String> = "targetNamespace",
        expression_language: Option<String> = "expressionLanguage",
        type_language: Option<String> = "typeLanguage",
        exporter: Option<String> = "exporter",
        exporter_version: Option<String> = "exporterVersion",
    }
    children {
        imports: Vec<Import> = "import",
        extensions: Vec<Extension> = "extension",
        root_elements: Vec<RootElement> = "rootElement",
        diagrams: Vec<BpmnDiagram> = "bpmndi:BPMNDiagram",
        relationships: Vec<Relationship> = "relationship",
    }
    also {
        /// The flow elements of all levels.
        flow_elements: Vec<FlowElement>,
        /// What each flow element lies in, row by row.
        containers: Vec<Container>,
        /// The lane sets of all levels.
        lane_sets: Vec<LaneSet>,
        /// The conversation nodes of all levels.
        conversation_nodes: Vec<ConversationNode>,
        /// Comments and instructions before the document element.
        prolog: Fragment,
        /// Comments and instructions after the document element.
        epilog: Fragment,
    }
}

group! {
    /// What stands directly under `definitions`.
    pub enum RootElement {
        Process(Box<Process>) = "process",
        Collaboration(Box<Collaboration>) = "collaboration",
        Message(Box<Message>) = "message",
        Error(Box<Error>) = "error",
        Escalation(Box<Escalation>) = "escalation",
        Signal(Box<Signal>) = "signal",
        ItemDefinition(Box<ItemDefinition>) = "itemDefinition",
        DataStore(Box<DataStore>) = "dataStore",
        Resource(Box<Resource>) = "resource",
        Interface(Box<Interface>) = "interface",
        EndPoint(Box<EndPoint>) = "endPoint",
        Category(Box<Category>) = "category",
        CorrelationProperty(Box<CorrelationProperty>) = "correlationProperty",
        PartnerEntity(Box<PartnerEntity>) = "partnerEntity",
        PartnerRole(Box<PartnerRole>) = "partnerRole",
        GlobalTask(Box<GlobalTask>) = "globalTask",
        GlobalUserTask(Box<GlobalUserTask>) = "globalUserTask",
        GlobalManualTask(Box<GlobalManualTask>) = "globalManualTask",
        GlobalBusinessRuleTask(Box<GlobalBusinessRuleTask>) = "globalBusinessRuleTask",
        GlobalScriptTask(Box<GlobalScriptTask>) = "globalScriptTask",
        GlobalConversation(Box<GlobalConversation>) = "globalConversation",
        Choreography(Box<Choreography>) = "choreography",
        GlobalChoreographyTask(Box<GlobalChoreographyTask>) = "globalChoreographyTask",
    }
    also {
        /// An event definition that events refer to.
        EventDefinition(EventDefinition),
    }
}

/// The row of a flow element in [`Definitions::flow_elements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowElementIx(pub u32);

/// The row of a lane set in [`Definitions::lane_sets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneSetIx(pub u32);

/// The row of a conversation node in [`Definitions::conversation_nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConversationNodeIx(pub u32);

/// What a flow element lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Container {
    /// A process or choreography, by its row in [`Definitions::root_elements`].
    Root(u32),
    /// A sub-process or sub-choreography.
    FlowElement(FlowElementIx),
}

impl Index<FlowElementIx> for Definitions {
    type Output = FlowElement;

    fn index(&self, row: FlowElementIx) -> &FlowElement {
        &self.flow_elements[row.0 as usize]
    }
}

impl Index<LaneSetIx> for Definitions {
    type Output = LaneSet;

    fn index(&self, row: LaneSetIx) -> &LaneSet {
        &self.lane_sets[row.0 as usize]
    }
}

impl Index<ConversationNodeIx> for Definitions {
    type Output = ConversationNode;

    fn index(&self, row: ConversationNodeIx) -> &ConversationNode {
        &self.conversation_nodes[row.0 as usize]
    }
}

impl Definitions {
    /// What a flow element lies in.
    pub fn container(&self, row: FlowElementIx) -> Container {
        self.containers[row.0 as usize]
    }

    /// The flow elements directly inside a process, choreography or sub-process.
    pub fn content(&self, container: Container) -> &[FlowElementIx] {
        match container {
            Container::Root(row) => self.root_elements[row as usize].flow_elements(),
            Container::FlowElement(row) => self[row].flow_elements(),
        }
    }

    /// The child as an element with its name, where it is not a mere reference.
    pub fn child_element<'d>(&'d self, child: Child<'d>) -> Option<(&'static str, &'d dyn super::Element)> {
        match child {
            Child::Element(name, element) => Some((name, element)),
            Child::Reference(..) => None,
            Child::FlowElement(row) => Some((self[row].name(), self[row].element())),
            Child::LaneSet(name, row) => Some((name, &self[row])),
            Child::ConversationNode(row) => Some((self[row].name(), self[row].element())),
        }
    }

    /// Adds a flow element to a table without putting it anywhere; the caller adds the row to its container.
    pub fn add_flow_element(&mut self, container: Container, element: FlowElement) -> FlowElementIx {
        let row = FlowElementIx(self.flow_elements.len() as u32);
        self.flow_elements.push(element);
        self.containers.push(container);
        row
    }

    /// Notes for each flow element what it lies in.
    pub(crate) fn find_containers(&mut self) {
        let mut containers = vec![Container::Root(0); self.flow_elements.len()];
        let roots = (0..self.root_elements.len() as u32).map(Container::Root);
        let nested =
            (0..self.flow_elements.len() as u32).map(|row| Container::FlowElement(FlowElementIx(row)));
        for container in roots.chain(nested) {
            for row in self.content(container) {
                containers[row.0 as usize] = container;
            }
        }
        self.containers = containers;
    }
}

impl Item for FlowElementIx {
    fn accepts(_: &'static str, tag: &Tag<'_>) -> bool {
        FlowElement::accepts("", tag)
    }

    fn read(_: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> Self {
        FlowElementIx(context.flow_elements.reserve(node))
    }

    fn child(&self, _: &'static str) -> Child<'_> {
        Child::FlowElement(*self)
    }
}

impl Item for LaneSetIx {
    fn read(_: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> Self {
        LaneSetIx(context.lane_sets.reserve(node))
    }

    fn child(&self, name: &'static str) -> Child<'_> {
        Child::LaneSet(name, *self)
    }
}

impl Item for ConversationNodeIx {
    fn accepts(_: &'static str, tag: &Tag<'_>) -> bool {
        ConversationNode::accepts("", tag)
    }

    fn read(_: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> Self {
        ConversationNodeIx(context.conversation_nodes.reserve(node))
    }

    fn child(&self, _: &'static str) -> Child<'_> {
        Child::ConversationNode(*self)
    }
}
