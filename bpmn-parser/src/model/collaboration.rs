//! Collaborations and conversations (chapter 9).

use super::schema::{element, group};
use super::{Artifact, BaseElement, ConversationNodeIx, CorrelationKey, Reference};

element! {
    /// Who talks to whom.
    pub struct Collaboration: base BaseElement;
    attributes { name: Option<String> = "name", is_closed: Option<bool> = "isClosed" }
    children {
        participants: Vec<Participant> = "participant",
        message_flows: Vec<MessageFlow> = "messageFlow",
        artifacts: Vec<Artifact> = "artifact",
        conversation_nodes: Vec<ConversationNodeIx> = "conversationNode",
        conversation_associations: Vec<ConversationAssociation> = "conversationAssociation",
        participant_associations: Vec<ParticipantAssociation> = "participantAssociation",
        message_flow_associations: Vec<MessageFlowAssociation> = "messageFlowAssociation",
        correlation_keys: Vec<CorrelationKey> = "correlationKey",
        choreography_refs: Vec<Reference> = "choreographyRef",
        conversation_links: Vec<ConversationLink> = "conversationLink",
    }
}

element! {
    /// A conversation that collaborations can call (9.5).
    pub struct GlobalConversation: collaboration Collaboration;
}

element! {
    /// A pool (9.3).
    pub struct Participant: base BaseElement;
    attributes { name: Option<String> = "name", process_ref: Option<Reference> = "processRef" }
    children {
        interface_refs: Vec<Reference> = "interfaceRef",
        end_point_refs: Vec<Reference> = "endPointRef",
        participant_multiplicity: Option<ParticipantMultiplicity> = "participantMultiplicity",
    }
}

element! {
    /// How many of a participant there may be.
    pub struct ParticipantMultiplicity: base BaseElement;
    attributes { minimum: Option<i64> = "minimum", maximum: Option<i64> = "maximum" }
}

element! {
    /// The way of messages between two pools (9.4).
    pub struct MessageFlow: base BaseElement;
    attributes {
        name: Option<String> = "name",
        source_ref: Option<Reference> = "sourceRef",
        target_ref: Option<Reference> = "targetRef",
        message_ref: Option<Reference> = "messageRef",
    }
}

element! {
    /// Maps the participants of a called element.
    pub struct ParticipantAssociation: base BaseElement;
    children {
        inner_participant_ref: Option<Reference> = "innerParticipantRef",
        outer_participant_ref: Option<Reference> = "outerParticipantRef",
    }
}

element! {
    /// Maps the message flows of a called element.
    pub struct MessageFlowAssociation: base BaseElement;
    attributes {
        inner_message_flow_ref: Option<Reference> = "innerMessageFlowRef",
        outer_message_flow_ref: Option<Reference> = "outerMessageFlowRef",
    }
}

element! {
    /// Maps the conversation nodes of a called element.
    pub struct ConversationAssociation: base BaseElement;
    attributes {
        inner_conversation_node_ref: Option<Reference> = "innerConversationNodeRef",
        outer_conversation_node_ref: Option<Reference> = "outerConversationNodeRef",
    }
}

element! {
    /// Joins a conversation with a participant.
    pub struct ConversationLink: base BaseElement;
    attributes {
        name: Option<String> = "name",
        source_ref: Option<Reference> = "sourceRef",
        target_ref: Option<Reference> = "targetRef",
    }
}

group! {
    /// A conversation of any kind.
    pub enum ConversationNode {
        Conversation(Box<Conversation>) = "conversation",
        SubConversation(Box<SubConversation>) = "subConversation",
        CallConversation(Box<CallConversation>) = "callConversation",
    }
}

element! {
    /// Messages about one subject (9.5).
    pub struct Conversation: base BaseElement;
    attributes { name: Option<String> = "name" }
    children {
        participant_refs: Vec<Reference> = "participantRef",
        message_flow_refs: Vec<Reference> = "messageFlowRef",
        correlation_keys: Vec<CorrelationKey> = "correlationKey",
    }
}

element! {
    /// A conversation made of conversations.
    pub struct SubConversation: conversation Conversation;
    children { conversation_nodes: Vec<ConversationNodeIx> = "conversationNode" }
}

element! {
    /// A conversation that is defined elsewhere.
    pub struct CallConversation: conversation Conversation;
    attributes { called_collaboration_ref: Option<Reference> = "calledCollaborationRef" }
    children { participant_associations: Vec<ParticipantAssociation> = "participantAssociation" }
}

element! {
    /// A partner, by name.
    pub struct PartnerEntity: base BaseElement;
    attributes { name: Option<String> = "name" }
    children { participant_refs: Vec<Reference> = "participantRef" }
}

element! {
    /// A role of partners, by name.
    pub struct PartnerRole: base BaseElement;
    attributes { name: Option<String> = "name" }
    children { participant_refs: Vec<Reference> = "participantRef" }
}
