//! Diagram interchange (chapter 12): diagrams, shapes, edges, labels.

use super::schema::{element, group, words};
use super::{Double, Fragment, Markup, Reference};

element! {
    /// A diagram.
    pub struct BpmnDiagram: markup Markup;
    attributes {
        id: Option<String> = "id",
        name: Option<String> = "name",
        documentation: Option<String> = "documentation",
        resolution: Option<Double> = "resolution",
    }
    children {
        plane: Option<Box<BpmnPlane>> = "bpmndi:BPMNPlane",
        label_styles: Vec<BpmnLabelStyle> = "bpmndi:BPMNLabelStyle",
    }
}

element! {
    /// What diagram elements share.
    pub struct DiagramElementBase: markup Markup;
    attributes { id: Option<String> = "id" }
    children { extension: Option<Box<DiagramExtension>> = "di:extension" }
}

element! {
    /// Content of other namespaces in a diagram.
    pub struct DiagramExtension: markup Markup;
    text {
        /// The elements as they are.
        content: Fragment
    }
}

element! {
    /// The surface of a diagram.
    pub struct BpmnPlane: base DiagramElementBase;
    attributes { bpmn_element: Option<Reference> = "bpmnElement" }
    children { elements: Vec<DiagramElement> = "di:DiagramElement" }
}

group! {
    /// What a plane shows.
    pub enum DiagramElement {
        Shape(Box<BpmnShape>) = "bpmndi:BPMNShape",
        Edge(Box<BpmnEdge>) = "bpmndi:BPMNEdge",
    }
}

element! {
    /// A node of a diagram.
    pub struct BpmnShape: base DiagramElementBase;
    attributes {
        bpmn_element: Option<Reference> = "bpmnElement",
        is_horizontal: Option<bool> = "isHorizontal",
        is_expanded: Option<bool> = "isExpanded",
        is_marker_visible: Option<bool> = "isMarkerVisible",
        is_message_visible: Option<bool> = "isMessageVisible",
        participant_band_kind: Option<ParticipantBandKind> = "participantBandKind",
        choreography_activity_shape: Option<Reference> = "choreographyActivityShape",
    }
    children { bounds: Option<Bounds> = "dc:Bounds", label: Option<Box<BpmnLabel>> = "bpmndi:BPMNLabel" }
}

element! {
    /// A line of a diagram.
    pub struct BpmnEdge: base DiagramElementBase;
    attributes {
        bpmn_element: Option<Reference> = "bpmnElement",
        source_element: Option<Reference> = "sourceElement",
        target_element: Option<Reference> = "targetElement",
        message_visible_kind: Option<MessageVisibleKind> = "messageVisibleKind",
    }
    children { waypoints: Vec<Point> = "di:waypoint", label: Option<Box<BpmnLabel>> = "bpmndi:BPMNLabel" }
}

element! {
    /// A label of a shape or edge.
    pub struct BpmnLabel: base DiagramElementBase;
    attributes { label_style: Option<Reference> = "labelStyle" }
    children { bounds: Option<Bounds> = "dc:Bounds" }
}

element! {
    /// How labels look.
    pub struct BpmnLabelStyle: markup Markup;
    attributes { id: Option<String> = "id" }
    children { font: Option<Font> = "dc:Font" }
}

element! {
    /// A rectangle.
    pub struct Bounds: markup Markup;
    attributes {
        x: Option<Double> = "x",
        y: Option<Double> = "y",
        width: Option<Double> = "width",
        height: Option<Double> = "height",
    }
}

element! {
    /// A point.
    pub struct Point: markup Markup;
    attributes { x: Option<Double> = "x", y: Option<Double> = "y" }
}

element! {
    /// A font.
    pub struct Font: markup Markup;
    attributes {
        name: Option<String> = "name",
        size: Option<Double> = "size",
        is_bold: Option<bool> = "isBold",
        is_italic: Option<bool> = "isItalic",
        is_underline: Option<bool> = "isUnderline",
        is_strike_through: Option<bool> = "isStrikeThrough",
    }
}

words! {
    /// Which band of a choreography activity a participant is.
    pub enum ParticipantBandKind {
        TopInitiating = "top_initiating",
        MiddleInitiating = "middle_initiating",
        BottomInitiating = "bottom_initiating",
        TopNonInitiating = "top_non_initiating",
        MiddleNonInitiating = "middle_non_initiating",
        BottomNonInitiating = "bottom_non_initiating",
    }
}

words! {
    /// Whether the message of an edge is the first of its interaction.
    pub enum MessageVisibleKind { Initiating = "initiating", NonInitiating = "non_initiating" }
}

/// The colours of a shape or edge, as the common tools write them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colors<'m> {
    /// The colour of the area.
    pub fill: Option<&'m str>,
    /// The colour of the line.
    pub stroke: Option<&'m str>,
}

impl<'m> Colors<'m> {
    /// The colours among the foreign attributes of a diagram element: those of the OMG's non-normative extension,
    /// else those of bpmn.io.
    pub fn of(markup: &'m Markup) -> Self {
        const COLOR: &str = "http://www.omg.org/spec/BPMN/non-normative/color/1.0";
        const BIOCOLOR: &str = "http://bpmn.io/schema/bpmn/biocolor/1.0";
        let fill = markup.attribute(COLOR, "background-color").or(markup.attribute(BIOCOLOR, "fill"));
        let stroke = markup.attribute(COLOR, "border-color").or(markup.attribute(BIOCOLOR, "stroke"));
        Colors { fill, stroke }
    }
}
