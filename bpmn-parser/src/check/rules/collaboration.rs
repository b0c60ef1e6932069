//! Participants, conversations and choreographies (R160, R162 to R166).

use super::context::{Checker, Place};
use super::references::CONVERSATIONS;
use crate::model::{
    Collaboration, Conversation, ConversationNode, FlowElement, ParticipantMultiplicity, Reference,
    RootElement,
};
use std::collections::HashSet;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for root in &checker.definitions.root_elements {
        let Some(collaboration) = root.collaboration() else { continue };
        multiplicities(checker, collaboration);
        choreographies(checker, root, collaboration);
        conversations(checker, collaboration);
        links(checker, collaboration);
    }
    choreography_activities(checker);
}

/// R160.
fn multiplicities(checker: &mut Checker<'_, '_>, collaboration: &Collaboration) {
    for participant in &collaboration.participants {
        let Some(multiplicity) = &participant.participant_multiplicity else { continue };
        let ParticipantMultiplicity { minimum, maximum, .. } = multiplicity;
        let (minimum, maximum) = (minimum.unwrap_or(0), maximum.unwrap_or(1));
        if minimum < 0 || maximum < 1 || minimum > maximum {
            let place = Place {
                element: participant.base.id.as_deref(),
                position: multiplicity.base.markup.position,
            };
            let message = format!("a multiplicity from {minimum} to {maximum} is not possible");
            checker.error(160, place, message);
        }
    }
}

/// R162 and R163.
fn choreographies(checker: &mut Checker<'_, '_>, root: &RootElement, collaboration: &Collaboration) {
    let place = Place::of(&collaboration.base);
    let plain = matches!(root, RootElement::Collaboration(_));
    if !plain && !collaboration.choreography_refs.is_empty() {
        checker.error(162, place, format!("a `{}` refers to no choreography", root.name()));
    }
    for reference in collaboration.choreography_refs.iter().filter(|_| plain) {
        let Some(other) = checker.root_element(reference).and_then(RootElement::collaboration) else {
            continue;
        };
        if other.is_closed.unwrap_or(false) != collaboration.is_closed.unwrap_or(false) {
            let message = format!("the choreography `{}` has another `isClosed`", reference.text);
            checker.error(162, place, message);
        }
    }
    if let RootElement::GlobalConversation(_) = root {
        let holds_more = !collaboration.artifacts.is_empty()
            || !collaboration.conversation_nodes.is_empty()
            || !collaboration.conversation_links.is_empty();
        if holds_more {
            let message = "a global conversation holds participants, message flows and correlation keys only";
            checker.error(163, place, message);
        }
    }
}

/// The conversations of all levels of a collaboration.
pub(super) fn conversations_of<'d>(
    checker: &Checker<'d, '_>,
    collaboration: &'d Collaboration,
) -> Vec<&'d Conversation> {
    let mut found = Vec::new();
    let mut waiting: Vec<_> = collaboration.conversation_nodes.iter().rev().copied().collect();
    while let Some(row) = waiting.pop() {
        match &checker.definitions[row] {
            ConversationNode::Conversation(conversation) => found.push(&**conversation),
            ConversationNode::CallConversation(call) => found.push(&call.conversation),
            ConversationNode::SubConversation(sub) => {
                found.push(&sub.conversation);
                waiting.extend(sub.conversation_nodes.iter().rev());
            }
        }
    }
    found
}

/// R164.
fn conversations(checker: &mut Checker<'_, '_>, collaboration: &Collaboration) {
    let own: HashSet<&str> =
        collaboration.message_flows.iter().filter_map(|it| it.base.id.as_deref()).collect();
    for conversation in conversations_of(checker, collaboration) {
        let place = Place::of(&conversation.base);
        if conversation.participant_refs.len() < 2 {
            checker.error(164, place, "a conversation has at least two participants");
        }
        for reference in &conversation.message_flow_refs {
            let flow = checker.resolve(reference).filter(|it| it.name == "messageFlow");
            if flow.and_then(|it| it.element.id()).is_some_and(|id| !own.contains(id)) {
                let message =
                    format!("the message flow `{}` belongs to another collaboration", reference.text);
                checker.error(164, place, message);
            }
        }
    }
}

/// R165.
fn links(checker: &mut Checker<'_, '_>, collaboration: &Collaboration) {
    for link in &collaboration.conversation_links {
        let kind = |reference: &Option<Reference>| {
            let found = reference.as_ref().and_then(|it| checker.resolve(it));
            found.map(|it| CONVERSATIONS.contains(&it.name))
        };
        let message = match (kind(&link.source_ref), kind(&link.target_ref)) {
            (Some(true), Some(true)) => "a conversation link does not join two conversations",
            (Some(false), Some(false)) => "a conversation link has a conversation at one end",
            _ => continue,
        };
        checker.error(165, Place::of(&link.base), message);
    }
}

/// R166.
fn choreography_activities(checker: &mut Checker<'_, '_>) {
    for row in checker.rows() {
        let element = &checker.definitions[row];
        let Some(activity) = element.choreography_activity() else { continue };
        let place = checker.at(row);
        let FlowElement::ChoreographyTask(task) = element else { continue };
        let count = activity.participant_refs.len();
        if count != 2 {
            checker.error(
                166,
                place,
                format!("a choreography task has two participants; this one has {count}"),
            );
        }
        if !(1..=2).contains(&task.message_flow_refs.len()) {
            checker.error(166, place, "a choreography task has one or two message flows");
        }
        let initiator = activity.initiating_participant_ref.as_ref();
        let takes_part =
            |it: &Reference| activity.participant_refs.iter().any(|own| own.local() == it.local());
        match initiator {
            None => checker.error(166, place, "a choreography task has an initiating participant"),
            Some(it) if !takes_part(it) => {
                let message = format!("the initiating participant `{}` does not take part", it.text);
                checker.error(166, place, message);
            }
            Some(_) => {}
        }
    }
}
