//! The document: required parts, ids, imports, extensions, relationships (R001 to R009).

use super::context::{Checker, Place};
use crate::Severity;
use crate::model::{Child, Element, Entry, FlowElement, FragmentRef, MODEL, RootElement};
use crate::xml::is_ncname;

/// The attributes and child elements that the schema demands and no other rule speaks of.
const REQUIRED: &[(&str, &[&str], &[&str])] = &[
    ("import", &["namespace", "location", "importType"], &[]),
    ("interface", &["name"], &["operation"]),
    ("operation", &["name"], &["inMessageRef"]),
    ("resource", &["name"], &[]),
    ("resourceParameterBinding", &["parameterRef"], &["expression"]),
    ("resourceAssignmentExpression", &[], &["expression"]),
    ("correlationProperty", &[], &["correlationPropertyRetrievalExpression"]),
    ("correlationPropertyRetrievalExpression", &["messageRef"], &["messagePath"]),
    ("correlationSubscription", &["correlationKeyRef"], &[]),
    ("correlationPropertyBinding", &["correlationPropertyRef"], &["dataPath"]),
    ("ioBinding", &["operationRef", "inputDataRef", "outputDataRef"], &[]),
    ("messageFlow", &["sourceRef", "targetRef"], &[]),
    ("association", &["sourceRef", "targetRef"], &[]),
    ("conversationLink", &["sourceRef", "targetRef"], &[]),
    ("participantAssociation", &[], &["innerParticipantRef", "outerParticipantRef"]),
    ("messageFlowAssociation", &["innerMessageFlowRef", "outerMessageFlowRef"], &[]),
    ("conversationAssociation", &["innerConversationNodeRef", "outerConversationNodeRef"], &[]),
    ("dataInputAssociation", &[], &["targetRef"]),
    ("dataOutputAssociation", &[], &["targetRef"]),
    ("assignment", &[], &["from", "to"]),
    ("conditionalEventDefinition", &[], &["condition"]),
    ("complexBehaviorDefinition", &[], &["condition"]),
    ("bpmndi:BPMNDiagram", &[], &["bpmndi:BPMNPlane"]),
    ("dc:Bounds", &["x", "y", "width", "height"], &[]),
    ("di:waypoint", &["x", "y"], &[]),
];

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let definitions = checker.definitions;
    if definitions.target_namespace.is_none() {
        let place = Place::of(&definitions.base);
        checker.warning(1, place, "`definitions` has no `targetNamespace`");
    }
    let mut entries = Vec::new();
    definitions.walk(&mut |entry| entries.push(entry));
    duplicate_ids(checker);
    for entry in &entries {
        required(checker, entry);
        well_formed_id(checker, entry);
        mime_type(checker, entry);
        extension_content(checker, entry);
    }
    nodes_without_id(checker);
    imports(checker);
    extensions(checker);
    relationships(checker);
}

fn required(checker: &mut Checker<'_, '_>, entry: &Entry<'_>) {
    if entry.name == "implicitThrowEvent" {
        let message = "`implicitThrowEvent` is allowed only in `complexBehaviorDefinition`";
        checker.error(1, checker.entry_place(entry), message);
    }
    let Some((_, attributes, children)) = REQUIRED.iter().find(|(name, ..)| *name == entry.name) else {
        return;
    };
    for name in *attributes {
        let mut found = false;
        entry.element.attributes(&mut |attribute, _| found |= attribute == *name);
        // An attribute with a wrong value is kept beside the known ones; the reader has reported it.
        found |=
            entry.element.markup().attributes.iter().any(|it| it.local == *name && it.namespace.is_none());
        if !found {
            let message = format!("`{}` has no `{name}`", entry.name);
            checker.error(1, checker.entry_place(entry), message);
        }
    }
    for name in *children {
        if !has_child(entry.element, name) {
            let message = format!("`{}` has no `{name}`", entry.name);
            checker.error(1, checker.entry_place(entry), message);
        }
    }
}

fn has_child(element: &dyn Element, wanted: &str) -> bool {
    (0..element.slots()).filter_map(|slot| element.child(slot, 0)).any(|child| match child {
        Child::Element(name, _) | Child::Reference(name, _) => {
            name == wanted || (wanted == "expression" && name == "formalExpression")
        }
        Child::FlowElement(_) | Child::LaneSet(..) | Child::ConversationNode(_) => false,
    })
}

/// R002: no id stands twice.
fn duplicate_ids(checker: &mut Checker<'_, '_>) {
    for (id, first, again) in checker.index.duplicates() {
        let place = Place { element: Some(id), position: *again };
        checker.error(2, place, format!("the id `{id}` stands at {first} already"));
    }
}

/// R002: an id is an NCName.
fn well_formed_id(checker: &mut Checker<'_, '_>, entry: &Entry<'_>) {
    let Some(id) = entry.element.id().filter(|id| !is_ncname(id)) else { return };
    let message =
        format!("`{id}` is not a valid id: an id begins with a letter or `_` and has no colon or space");
    let place = Place { element: Some(id), position: entry.element.markup().position };
    checker.error(2, place, message);
}

/// R003: what tokens, starts and calls refer to has an id.
fn nodes_without_id(checker: &mut Checker<'_, '_>) {
    for root in &checker.definitions.root_elements {
        if let RootElement::Process(process) = root
            && process.callable.base.id.is_none()
        {
            let place = Place::of(&process.callable.base);
            checker.error(3, place, "a process without `id` cannot be started or called");
        }
    }
    for row in checker.rows() {
        let element = &checker.definitions[row];
        let named = matches!(element, FlowElement::SequenceFlow(_)) || element.flow_node().is_some();
        if named && element.id().is_none() && checker.process_of(row).is_some() {
            let message = format!("a `{}` without `id`: nothing can refer to it", element.name());
            checker.warning(3, checker.at(row), message);
        }
    }
}

/// R004: imports are named, never fetched.
fn imports(checker: &mut Checker<'_, '_>) {
    for import in &checker.definitions.imports {
        let place = Place { element: None, position: import.markup.position };
        let location = import.location.as_deref().unwrap_or_default();
        checker.find(Severity::Note, 4, place, format!("the import `{location}` is not fetched"));
    }
}

/// R005: `textFormat` is a MIME type.
fn mime_type(checker: &mut Checker<'_, '_>, entry: &Entry<'_>) {
    if !matches!(entry.name, "documentation" | "textAnnotation") {
        return;
    }
    let mut wrong = None;
    entry.element.attributes(&mut |name, value| {
        if name == "textFormat" {
            wrong = Some(value.to_string()).filter(|format| !is_mime_type(format));
        }
    });
    if let Some(format) = wrong {
        let message = format!("`textFormat` is `{format}`, which is not a MIME type such as `text/plain`");
        checker.error(5, checker.entry_place(entry), message);
    }
}

/// `type/subtype`, with parameters after a semicolon.
pub(super) fn is_mime_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+*".contains(&b))
    };
    essence.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

/// R006: nothing is known of extensions that must be understood.
fn extensions(checker: &mut Checker<'_, '_>) {
    for extension in &checker.definitions.extensions {
        if extension.must_understand == Some(true) {
            let name = extension.definition.as_ref().map_or("", |definition| definition.text.as_str());
            let place = Place { element: None, position: extension.markup.position };
            let message = format!("the extension `{name}` must be understood and is not known");
            checker.error(6, place, message);
        }
    }
}

/// R007: extension elements are not elements of BPMN.
fn extension_content(checker: &mut Checker<'_, '_>, entry: &Entry<'_>) {
    if entry.name != "extensionElements" {
        return;
    }
    let content = entry.element.content().into_iter().flat_map(|content| content.elements());
    let wrong: Vec<FragmentRef<'_>> = content.filter(|it| it.namespace() == Some(MODEL)).collect();
    let element = checker.entry_place(entry).element;
    for inner in wrong {
        let place = Place { element, position: inner.position() };
        let message =
            format!("`{}` of BPMN stands in `extensionElements`, where it has no effect", inner.local());
        checker.error(7, place, message);
    }
}

/// R009: a relationship has a type and both ends.
fn relationships(checker: &mut Checker<'_, '_>) {
    for relationship in &checker.definitions.relationships {
        let place = Place::of(&relationship.base);
        if relationship.kind.is_none() {
            checker.error(9, place, "a relationship has a `type`");
        }
        if relationship.sources.is_empty() || relationship.targets.is_empty() {
            checker.error(9, place, "a relationship has at least one `source` and one `target`");
        }
    }
}
