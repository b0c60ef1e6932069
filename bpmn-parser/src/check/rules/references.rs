//! Every reference resolves, and to the right kind of element (R008, R010 to R033).

use super::context::{Checker, Place};
use crate::Severity;
use crate::model::{AttributeValue, Child, Entry, Reference};
use std::collections::HashSet;

const FLOW: &[&str] = &["sequenceFlow"];
pub(super) const ACTIVITIES: &[&str] = &[
    "task",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "userTask",
    "manualTask",
    "businessRuleTask",
    "scriptTask",
    "subProcess",
    "transaction",
    "adHocSubProcess",
    "callActivity",
];
pub(super) const EVENTS: &[&str] =
    &["startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent"];
pub(super) const GATEWAYS: &[&str] =
    &["exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway"];
pub(super) const CONVERSATIONS: &[&str] = &["conversation", "subConversation", "callConversation"];
const CHOREOGRAPHY_ACTIVITIES: &[&str] = &["choreographyTask", "subChoreography", "callChoreography"];
const CALLABLE: &[&str] = &[
    "process",
    "globalTask",
    "globalUserTask",
    "globalManualTask",
    "globalBusinessRuleTask",
    "globalScriptTask",
];
const ITEM_AWARE: &[&str] = &[
    "dataObject",
    "dataObjectReference",
    "dataStore",
    "dataStoreReference",
    "property",
    "dataInput",
    "dataOutput",
    "inputDataItem",
    "outputDataItem",
];
const DEFINITIONS: &[&str] = &[
    "cancelEventDefinition",
    "compensateEventDefinition",
    "conditionalEventDefinition",
    "errorEventDefinition",
    "escalationEventDefinition",
    "linkEventDefinition",
    "messageEventDefinition",
    "signalEventDefinition",
    "terminateEventDefinition",
    "timerEventDefinition",
];
const COLLABORATIONS: &[&str] =
    &["collaboration", "globalConversation", "choreography", "globalChoreographyTask"];
const CHOREOGRAPHIES: &[&str] = &["choreography", "globalChoreographyTask"];
const SHAPES: &[&str] = &["bpmndi:BPMNShape", "bpmndi:BPMNEdge"];
const LINK: &[&str] = &["linkEventDefinition"];
const MESSAGE_FLOW: &[&str] = &["messageFlow"];
const PARTICIPANT: &[&str] = &["participant"];
const ITEM: &[&str] = &["itemDefinition"];

/// What a reference must lead to: one of several lists of element names; no list means any element.
struct Rule {
    code: u16,
    kinds: &'static [&'static [&'static str]],
}

const fn rule(code: u16, kinds: &'static [&'static [&'static str]]) -> Option<Rule> {
    Some(Rule { code, kinds })
}

/// The rule for a reference by the element that it stands on and its own name.
fn rule_of(owner: &str, name: &str) -> Option<Rule> {
    match (owner, name) {
        ("sequenceFlow", "sourceRef" | "targetRef") | (_, "flowNodeRef") => {
            rule(10, &[ACTIVITIES, EVENTS, GATEWAYS, CHOREOGRAPHY_ACTIVITIES, &["implicitThrowEvent"]])
        }
        (_, "incoming" | "outgoing" | "default") => rule(11, &[FLOW]),
        (_, "attachedToRef" | "activityRef") => rule(12, &[ACTIVITIES]),
        (_, "calledElement") => rule(13, &[CALLABLE]),
        (_, "processRef" | "supports") => rule(14, &[&["process"]]),
        ("messageFlow", "sourceRef" | "targetRef") => {
            rule(15, &[PARTICIPANT, ACTIVITIES, EVENTS, CONVERSATIONS])
        }
        (_, "messageRef" | "inMessageRef" | "outMessageRef") => rule(16, &[&["message"]]),
        (_, "operationRef") => rule(17, &[&["operation"]]),
        (_, "errorRef") => rule(18, &[&["error"]]),
        (_, "escalationRef") => rule(18, &[&["escalation"]]),
        (_, "signalRef") => rule(18, &[&["signal"]]),
        (_, "eventDefinitionRef" | "oneBehaviorEventRef" | "noneBehaviorEventRef") => {
            rule(19, &[DEFINITIONS])
        }
        (_, "itemSubjectRef" | "itemRef" | "evaluatesToTypeRef")
        | ("correlationProperty" | "resourceParameter", "type")
        | ("error" | "escalation" | "signal", "structureRef") => rule(20, &[ITEM]),
        (_, "dataObjectRef") => rule(21, &[&["dataObject"]]),
        (_, "dataStoreRef") => rule(21, &[&["dataStore"]]),
        (_, "dataInputRefs" | "optionalInputRefs" | "whileExecutingInputRefs") => rule(22, &[&["dataInput"]]),
        (_, "dataOutputRefs" | "optionalOutputRefs" | "whileExecutingOutputRefs") => {
            rule(22, &[&["dataOutput"]])
        }
        (_, "outputSetRefs" | "outputDataRef") => rule(23, &[&["outputSet"]]),
        (_, "inputSetRefs" | "inputDataRef") => rule(23, &[&["inputSet"]]),
        ("dataInputAssociation" | "dataOutputAssociation", "sourceRef" | "targetRef")
        | (_, "loopDataInputRef" | "loopDataOutputRef") => rule(24, &[ITEM_AWARE]),
        (_, "interfaceRef" | "supportedInterfaceRef") => rule(25, &[&["interface"]]),
        (_, "endPointRef") => rule(25, &[&["endPoint"]]),
        (_, "resourceRef") => rule(26, &[&["resource"]]),
        (_, "parameterRef") => rule(26, &[&["resourceParameter"]]),
        (_, "correlationKeyRef") => rule(27, &[&["correlationKey"]]),
        (_, "correlationPropertyRef") => rule(27, &[&["correlationProperty"]]),
        (
            _,
            "participantRef" | "innerParticipantRef" | "outerParticipantRef" | "initiatingParticipantRef",
        ) => rule(28, &[PARTICIPANT]),
        (_, "categoryValueRef") => rule(29, &[&["categoryValue"]]),
        (_, "definitionalCollaborationRef" | "calledCollaborationRef") => rule(30, &[COLLABORATIONS]),
        (_, "choreographyRef" | "calledChoreographyRef") => rule(30, &[CHOREOGRAPHIES]),
        ("association", "sourceRef" | "targetRef") | (_, "partitionElementRef") => rule(31, &[]),
        ("linkEventDefinition", "source" | "target") => rule(32, &[LINK]),
        (_, "bpmnElement") => rule(33, &[]),
        (_, "sourceElement" | "targetElement" | "choreographyActivityShape") => rule(33, &[SHAPES]),
        (_, "labelStyle") => rule(33, &[&["bpmndi:BPMNLabelStyle"]]),
        ("choreographyTask", "messageFlowRef") => rule(166, &[MESSAGE_FLOW]),
        (_, "messageFlowRef" | "innerMessageFlowRef" | "outerMessageFlowRef") => rule(164, &[MESSAGE_FLOW]),
        (_, "innerConversationNodeRef" | "outerConversationNodeRef") => rule(164, &[CONVERSATIONS]),
        ("conversationLink", "sourceRef" | "targetRef") => {
            rule(165, &[CONVERSATIONS, PARTICIPANT, ACTIVITIES, EVENTS])
        }
        _ => None,
    }
}

/// A reference that broke its rule.
struct Broken<'d> {
    entry: Entry<'d>,
    name: &'static str,
    reference: &'d Reference,
    code: u16,
    found: Option<&'static str>,
}

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let definitions = checker.definitions;
    let mut broken = Vec::new();
    definitions.walk(&mut |entry| {
        let mut see = |name: &'static str, reference| {
            let Some(rule) = rule_of(entry.name, name) else { return };
            let found = checker.index.resolve(reference).map(|found| found.name);
            let fits = |found: &str| rule.kinds.is_empty() || rule.kinds.iter().any(|it| it.contains(&found));
            if !found.is_some_and(fits) {
                broken.push(Broken { entry, name, reference, code: rule.code, found });
            }
        };
        entry.element.attributes(&mut |name, value| {
            if let AttributeValue::Reference(reference) = value {
                see(name, reference);
            }
        });
        for slot in 0..entry.element.slots() {
            let children = (0..).map_while(|nth| entry.element.child(slot, nth));
            for child in children.take_while(|child| matches!(child, Child::Reference(..))) {
                if let Child::Reference(name, reference) = child {
                    see(name, reference);
                }
            }
        }
    });
    let imported: HashSet<&str> =
        definitions.imports.iter().filter_map(|import| import.namespace.as_deref()).collect();
    for broken in broken {
        report(checker, &broken, &imported);
    }
}

fn report(checker: &mut Checker<'_, '_>, broken: &Broken<'_>, imported: &HashSet<&str>) {
    let Broken { entry, name, reference, code, found } = broken;
    let place = checker.entry_place(entry);
    let text = &reference.text;
    if let Some(found) = found {
        let gateway = *code == 15 && GATEWAYS.contains(found);
        let code = if gateway { 141 } else { *code };
        let message = format!("`{name}` refers to `{text}`, which is a `{found}`");
        return checker.find(weight(name), code, place, message);
    }
    let outside = reference.prefix().is_some()
        && reference.namespace.as_deref().is_some_and(|namespace| imported.contains(namespace))
        && reference.namespace.as_deref() != checker.definitions.target_namespace.as_deref();
    let needed = *code != 20 && checker.executed(entry.root, Severity::Error) == Severity::Error;
    if outside && !(needed && weight(name) == Severity::Error) {
        let message = format!("`{name}` refers to `{text}` of an imported document, which is not fetched");
        return checker.find(Severity::Note, 8, place, message);
    }
    match *name {
        "calledElement" if is_expression(text) => {}
        "loopDataInputRef" | "loopDataOutputRef" => loop_data(checker, place, name, text),
        _ => {
            let message = format!("`{name}` refers to `{text}`, which does not exist");
            checker.find(weight(name), *code, place, message);
        }
    }
}

/// A loop may name a variable that nothing in the file declares.
fn loop_data(checker: &mut Checker<'_, '_>, place: Place<'_>, name: &str, text: &str) {
    let message = format!("`{name}` refers to `{text}`, which does not exist; it is taken as a variable");
    checker.warning(121, place, message);
}

/// A called element is looked up at the call, and flows say themselves where they lead.
fn weight(name: &str) -> Severity {
    match name {
        "calledElement" | "incoming" | "outgoing" => Severity::Warning,
        _ => Severity::Error,
    }
}

fn is_expression(text: &str) -> bool {
    text.starts_with('=') || text.contains("${") || text.contains("#{")
}
