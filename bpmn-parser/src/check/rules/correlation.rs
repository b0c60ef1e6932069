//! Correlation keys, properties and subscriptions (R167 to R170).

use super::collaboration::conversations_of;
use super::context::{Checker, Place, quoted};
use crate::Severity;
use crate::model::{
    Collaboration, CorrelationKey, CorrelationProperty, CorrelationSubscription, Expression, MessageFlow,
    Reference, RootElement,
};
use std::collections::{HashMap, HashSet};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let keys = Keys::new(checker);
    for root in &checker.definitions.root_elements {
        match root {
            RootElement::CorrelationProperty(property) => retrievals(checker, property),
            RootElement::Process(process) => {
                for subscription in &process.correlation_subscriptions {
                    bindings(checker, root.id(), subscription, &keys);
                }
            }
            _ => {}
        }
        if let Some(collaboration) = root.collaboration() {
            conversations(checker, collaboration, &keys);
        }
    }
}

/// Keys and properties by their ids, each read once however many refer to it.
struct Keys<'d> {
    /// The properties of a key.
    properties: HashMap<&'d str, HashSet<&'d str>>,
    /// The messages that a property can be read from, by their rows among the root elements.
    messages: HashMap<&'d str, HashSet<u32>>,
}

impl<'d> Keys<'d> {
    fn new(checker: &Checker<'d, '_>) -> Self {
        let mut keys = Keys { properties: HashMap::new(), messages: HashMap::new() };
        for root in &checker.definitions.root_elements {
            if let RootElement::CorrelationProperty(property) = root
                && let Some(id) = root.id()
            {
                let messages = property.retrieval_expressions.iter().filter_map(|it| it.message_ref.as_ref());
                keys.messages.insert(id, messages.filter_map(|it| message_row(checker, it)).collect());
            }
            let Some(collaboration) = root.collaboration() else { continue };
            let nested = conversations_of(checker, collaboration);
            let nested = nested.into_iter().flat_map(|it| &it.correlation_keys);
            for key in collaboration.correlation_keys.iter().chain(nested) {
                if let Some(id) = key.base.id.as_deref() {
                    let properties = key.correlation_property_refs.iter().map(Reference::local);
                    keys.properties.insert(id, properties.collect());
                }
            }
        }
        keys
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
fn bindings(
    checker: &mut Checker<'_, '_>,
    process: Option<&str>,
    subscription: &CorrelationSubscription,
    keys: &Keys<'_>,
) {
    let key = subscription.correlation_key_ref.as_ref().and_then(|it| keys.properties.get(it.local()));
    let mut bound = HashSet::new();
    for binding in &subscription.bindings {
        let element = subscription.base.id.as_deref().or(process);
        let place = Place { element, position: binding.base.markup.position };
        formal(checker, place, binding.data_path.as_ref());
        let Some(property) = &binding.correlation_property_ref else { continue };
        if !bound.insert(property.local()) {
            checker.error(169, place, format!("the property `{}` is bound twice", property.text));
        }
        if key.is_some_and(|key| !key.contains(property.local())) {
            checker.error(169, place, format!("the property `{}` is not in the key", property.text));
        }
    }
}

/// R167: each property of a key can be read from each message of the conversation.
fn conversations(checker: &mut Checker<'_, '_>, collaboration: &Collaboration, keys: &Keys<'_>) {
    let executable = collaboration.participants.iter().any(|participant| {
        let root = participant.process_ref.as_ref().and_then(|it| checker.resolve(it)).and_then(|it| it.root);
        checker.executed(root, Severity::Error) == Severity::Error
    });
    let severity = if executable { Severity::Error } else { Severity::Note };
    let flows = collaboration.message_flows.iter();
    let row = |flow: &MessageFlow| flow.message_ref.as_ref().and_then(|it| message_row(checker, it));
    let rows: Vec<Option<u32>> = flows.clone().map(row).collect();
    let by_id: HashMap<&str, Option<u32>> =
        flows.zip(&rows).filter_map(|(flow, row)| Some((flow.base.id.as_deref()?, *row))).collect();
    keys_of(checker, severity, &collaboration.correlation_keys, rows.into_iter().flatten().collect(), keys);
    for conversation in conversations_of(checker, collaboration) {
        let flows = conversation.message_flow_refs.iter().filter_map(|it| by_id.get(it.local()));
        let messages = flows.copied().flatten().collect();
        keys_of(checker, severity, &conversation.correlation_keys, messages, keys);
    }
}

/// The message that a reference means, by its row among the root elements.
fn message_row(checker: &Checker<'_, '_>, reference: &Reference) -> Option<u32> {
    checker.resolve(reference).filter(|it| it.name == "message")?.root
}

/// The keys of one conversation; a property that several of them hold is looked at once.
fn keys_of(
    checker: &mut Checker<'_, '_>,
    severity: Severity,
    own: &[CorrelationKey],
    mut messages: Vec<u32>,
    keys: &Keys<'_>,
) {
    messages.sort_unstable();
    messages.dedup();
    let mut seen = HashSet::new();
    for key in own {
        for reference in &key.correlation_property_refs {
            let Some(read) = keys.messages.get(reference.local()) else { continue };
            let first = seen.insert(reference.local());
            let Some(missing) = messages.iter().find(|message| first && !read.contains(message)) else {
                continue;
            };
            let name = checker.definitions.root_elements[*missing as usize].id().unwrap_or_default();
            let message = format!(
                "the property `{}` cannot be read from the message `{}`",
                reference.text,
                quoted(name)
            );
            checker.find(severity, 167, Place::of(&key.base), message);
        }
    }
}
