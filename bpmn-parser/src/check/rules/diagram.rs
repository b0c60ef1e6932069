//! Diagrams fit the model they show (R180 to R183).

use super::context::{Checker, Place};
use super::references::{ACTIVITIES, CONVERSATIONS, EVENTS, GATEWAYS};
use crate::model::{BpmnEdge, BpmnPlane, BpmnShape, DiagramElement, DiagramElementBase, Reference};

const EDGES: &[&str] = &[
    "sequenceFlow",
    "messageFlow",
    "association",
    "dataInputAssociation",
    "dataOutputAssociation",
    "conversationLink",
];
const SHAPES: &[&str] = &[
    "participant",
    "lane",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "dataStore",
    "dataInput",
    "dataOutput",
    "group",
    "textAnnotation",
    "choreographyTask",
    "subChoreography",
    "callChoreography",
];
const PLANES: &[&str] = &[
    "process",
    "subProcess",
    "transaction",
    "adHocSubProcess",
    "callActivity",
    "collaboration",
    "globalConversation",
    "subConversation",
    "choreography",
    "globalChoreographyTask",
    "subChoreography",
];
const EXPANDABLE: &[&str] =
    &["subProcess", "transaction", "adHocSubProcess", "callActivity", "subChoreography", "callChoreography"];

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for diagram in &checker.definitions.diagrams {
        let Some(plane) = &diagram.plane else { continue };
        plane_of(checker, plane);
        for element in &plane.elements {
            match element {
                DiagramElement::Shape(it) => shape(checker, it),
                DiagramElement::Edge(it) => edge(checker, it),
            }
        }
    }
}

fn place(base: &DiagramElementBase) -> Place<'_> {
    Place { element: base.id.as_deref(), position: base.markup.position }
}

/// The kind of what a diagram element shows.
fn kind(checker: &Checker<'_, '_>, reference: Option<&Reference>) -> Option<&'static str> {
    checker.resolve(reference?).map(|it| it.name)
}

/// R183.
fn plane_of(checker: &mut Checker<'_, '_>, plane: &BpmnPlane) {
    let Some(kind) = kind(checker, plane.bpmn_element.as_ref()) else { return };
    if !PLANES.contains(&kind) {
        let message =
            format!("a plane shows a process, sub-process, collaboration or choreography, not a `{kind}`");
        checker.error(183, place(&plane.base), message);
    }
}

/// R180 to R182 for shapes.
fn shape(checker: &mut Checker<'_, '_>, shape: &BpmnShape) {
    let at = place(&shape.base);
    if shape.bounds.is_none() {
        checker.error(180, at, "a shape has bounds");
    }
    let Some(kind) = kind(checker, shape.bpmn_element.as_ref()) else { return };
    if EDGES.contains(&kind) {
        checker.error(182, at, format!("a `{kind}` is drawn as an edge, not as a shape"));
    }
    let attributes = [
        ("isHorizontal", shape.is_horizontal.is_some(), &["participant", "lane"][..]),
        ("isExpanded", shape.is_expanded.is_some(), EXPANDABLE),
        ("isMarkerVisible", shape.is_marker_visible.is_some(), &["exclusiveGateway"]),
        ("isMessageVisible", shape.is_message_visible.is_some(), &["participant"]),
        ("participantBandKind", shape.participant_band_kind.is_some(), &["participant"]),
        ("choreographyActivityShape", shape.choreography_activity_shape.is_some(), &["participant"]),
    ];
    for (name, given, meant) in attributes {
        if given && !meant.contains(&kind) {
            checker.warning(181, at, format!("`{name}` means nothing on the shape of a `{kind}`"));
        }
    }
}

/// R180 to R182 for edges.
fn edge(checker: &mut Checker<'_, '_>, edge: &BpmnEdge) {
    let at = place(&edge.base);
    let count = edge.waypoints.len();
    if count < 2 {
        checker.error(180, at, format!("an edge has at least two waypoints; this one has {count}"));
    }
    let Some(kind) = kind(checker, edge.bpmn_element.as_ref()) else { return };
    if [ACTIVITIES, EVENTS, GATEWAYS, CONVERSATIONS, SHAPES].iter().any(|list| list.contains(&kind)) {
        checker.error(182, at, format!("a `{kind}` is drawn as a shape, not as an edge"));
    }
    if edge.message_visible_kind.is_some() && kind != "messageFlow" {
        checker.warning(181, at, format!("`messageVisibleKind` means nothing on the edge of a `{kind}`"));
    }
}
