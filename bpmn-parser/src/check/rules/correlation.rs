//! Correlation keys, properties and subscriptions (R167 to R170).

use super::collaboration::conversations_of;
use super::context::{Checker, Place};
use crate::Severity;
use crate::model::{
    Collaboration, CorrelationKey, CorrelationProperty, CorrelationSubscription, Expression, MessageFlow,
    Reference, RootElement,
};
use std::collections::{HashMap, HashSet};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for root in &checker.definitions.root_elements {
        match root {
            RootElement::CorrelationProperty(property) => retrievals(checker, property),
            RootElement::Process(process) => {
                for subscription in &process.correlation_subscriptions {
                    bindings(checker, root.id(), subscription);
                }
            }
            _ => {}
        }
        if let Some(collaboration) = root.collaboration() {
            keys(checker, collaboration);
        }
    }
}

/// R168 and R170.
fn retrievals(checker: &mut Checker<'_, '_>, property: &CorrelationProperty) {
    let element = property.base.id.as_deref();
    let mut seen = HashSet::new();
    for retrieval in &property.retrieval_expressions {
        let place = Place { element, position: retrieval.base.markup.position };
        if let Some(message) = retrieval.message_ref.as_ref().filter(|it| !seen.insert(it.local().to_owned()))
        {
            let message = format!("the property is read from the message `{}` already", message.text);
            checker.warning(168, place, message);
        }
        formal(checker, place, retrieval.message_path.as_ref());
    }
}

/// R170: the schema has formal expressions here, whatever `xsi:type` says.
fn formal(checker: &mut Checker<'_, '_>, place: Place<'_>, expression: Option<&Expression>) {
    let informal =
        expression.and_then(|it| it.schema_type.as_ref()).is_some_and(|it| it.local() == "tExpression");
    if informal {
        checker.error(170, place, "the expressions of correlation are formal");
    }
}

/// R169 and R170.
fn bindings(checker: &mut Checker<'_, '_>, process: Option<&str>, subscription: &CorrelationSubscription) {
    let key = subscription.correlation_key_ref.as_ref().and_then(|it| key_properties(checker, it));
    let mut bound = HashSet::new();
    for binding in &subscription.bindings {
        let element = subscription.base.id.as_deref().or(process);
        let place = Place { element, position: binding.base.markup.position };
        formal(checker, place, binding.data_path.as_ref());
        let Some(property) = &binding.correlation_property_ref else { continue };
        if !bound.insert(property.local()) {
            checker.error(169, place, format!("the property `{}` is bound twice", property.text));
        }
        if key.as_ref().is_some_and(|key| !key.contains(property.local())) {
            checker.error(169, place, format!("the property `{}` is not in the key", property.text));
        }
    }
}

/// The properties of the key that a reference means.
fn key_properties<'d>(checker: &Checker<'d, '_>, reference: &Reference) -> Option<HashSet<&'d str>> {
    let found = checker.resolve(reference).filter(|it| it.name == "correlationKey")?;
    let mut properties = HashSet::new();
    for slot in 0..found.element.slots() {
        let children = (0..).map_while(|nth| found.element.child(slot, nth));
        for child in children {
            if let crate::model::Child::Reference("correlationPropertyRef", property) = child {
                properties.insert(property.local());
            }
        }
    }
    Some(properties)
}

/// R167: each property of a key can be read from each message of the conversation.
fn keys(checker: &mut Checker<'_, '_>, collaboration: &Collaboration) {
    let executable = collaboration.participants.iter().any(|participant| {
        let root = participant.process_ref.as_ref().and_then(|it| checker.resolve(it)).and_then(|it| it.root);
        checker.executed(root, Severity::Error) == Severity::Error
    });
    let severity = if executable { Severity::Error } else { Severity::Note };
    let all: Vec<&MessageFlow> = collaboration.message_flows.iter().collect();
    for key in &collaboration.correlation_keys {
        key_of(checker, severity, key, &all);
    }
    let by_id: HashMap<&str, &MessageFlow> =
        all.iter().filter_map(|flow| Some((flow.base.id.as_deref()?, *flow))).collect();
    for conversation in conversations_of(checker, collaboration) {
        let flows: Vec<&MessageFlow> =
            conversation.message_flow_refs.iter().filter_map(|it| by_id.get(it.local()).copied()).collect();
        for key in &conversation.correlation_keys {
            key_of(checker, severity, key, &flows);
        }
    }
}

fn key_of(checker: &mut Checker<'_, '_>, severity: Severity, key: &CorrelationKey, flows: &[&MessageFlow]) {
    let mut messages: Vec<&str> =
        flows.iter().filter_map(|it| it.message_ref.as_ref()).map(Reference::local).collect();
    messages.sort_unstable();
    messages.dedup();
    for reference in &key.correlation_property_refs {
        let Some(RootElement::CorrelationProperty(property)) = checker.root_element(reference) else {
            continue;
        };
        let read: HashSet<&str> = property
            .retrieval_expressions
            .iter()
            .filter_map(|it| it.message_ref.as_ref())
            .map(Reference::local)
            .collect();
        if let Some(missing) = messages.iter().find(|message| !read.contains(*message)) {
            let message =
                format!("the property `{}` cannot be read from the message `{missing}`", reference.text);
            checker.find(severity, 167, Place::of(&key.base), message);
        }
    }
}
