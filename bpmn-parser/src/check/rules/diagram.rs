//! Diagrams fit the model they show (R180 to R183).

use super::context::{Checker, Place};
use super::references::{ACTIVITIES, CONVERSATIONS, EVENTS, GATEWAYS};
use crate::model::{BpmnEdge, BpmnPlane, BpmnShape, DiagramElement, DiagramElementBase, Reference};
use std::collections::BTreeMap;

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
        without_meaning(checker, plane);
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

/// R180 and R182 for shapes.
fn shape(checker: &mut Checker<'_, '_>, shape: &BpmnShape) {
    let at = place(&shape.base);
    if shape.bounds.is_none() {
        checker.error(180, at, "a shape has bounds");
    }
    let Some(kind) = kind(checker, shape.bpmn_element.as_ref()) else { return };
    if EDGES.contains(&kind) {
        checker.error(182, at, format!("a `{kind}` is drawn as an edge, not as a shape"));
    }
}

/// R181: tools that write an attribute needlessly do so everywhere, so each attribute is reported once for a plane.
fn without_meaning(checker: &mut Checker<'_, '_>, plane: &BpmnPlane) {
    let mut found: BTreeMap<&str, (usize, Place<'_>, &str)> = BTreeMap::new();
    for element in &plane.elements {
        let (base, reference, attributes) = match element {
            DiagramElement::Shape(it) => (&it.base, it.bpmn_element.as_ref(), shape_attributes(it).to_vec()),
            DiagramElement::Edge(it) => {
                let kind = ("messageVisibleKind", it.message_visible_kind.is_some(), &["messageFlow"][..]);
                (&it.base, it.bpmn_element.as_ref(), vec![kind])
            }
        };
        let Some(kind) = kind(checker, reference) else { continue };
        for (name, given, meant) in attributes {
            if given && !meant.contains(&kind) {
                found.entry(name).or_insert((0, place(base), kind)).0 += 1;
            }
        }
    }
    for (name, (count, first, kind)) in found {
        let message = format!("`{name}` means nothing where it stands, {count} times, first for a `{kind}`");
        checker.warning(181, first, message);
    }
}

/// The attributes of a shape, whether they are there, and what they are meant for.
fn shape_attributes(shape: &BpmnShape) -> [(&'static str, bool, &'static [&'static str]); 6] {
    [
        ("isHorizontal", shape.is_horizontal.is_some(), &["participant", "lane"]),
        ("isExpanded", shape.is_expanded.is_some(), EXPANDABLE),
        ("isMarkerVisible", shape.is_marker_visible.is_some(), &["exclusiveGateway"]),
        ("isMessageVisible", shape.is_message_visible.is_some(), &["participant"]),
        ("participantBandKind", shape.participant_band_kind.is_some(), &["participant"]),
        ("choreographyActivityShape", shape.choreography_activity_shape.is_some(), &["participant"]),
    ]
}

/// R180 and R182 for edges.
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
}
