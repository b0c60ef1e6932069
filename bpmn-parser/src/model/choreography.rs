//! Choreographies (chapter 11); they are read and written, not executed.

use super::schema::{element, words};
use super::{
    Artifact, Collaboration, CorrelationKey, FlowElementIx, FlowNode, ParticipantAssociation, Reference,
};

element! {
    /// An order of interactions.
    pub struct Choreography: collaboration Collaboration;
    children { flow_elements: Vec<FlowElementIx> = "flowElement" }
}

element! {
    /// An interaction that choreographies can call.
    pub struct GlobalChoreographyTask: choreography Choreography;
    attributes { initiating_participant_ref: Option<Reference> = "initiatingParticipantRef" }
}

element! {
    /// What choreography activities share.
    pub struct ChoreographyActivity: node FlowNode;
    attributes {
        initiating_participant_ref: Option<Reference> = "initiatingParticipantRef",
        loop_type: Option<ChoreographyLoopType> = "loopType",
    }
    children {
        participant_refs: Vec<Reference> = "participantRef",
        correlation_keys: Vec<CorrelationKey> = "correlationKey",
    }
}

words! {
    /// How a choreography activity repeats.
    pub enum ChoreographyLoopType {
        None = "None",
        Standard = "Standard",
        MultiInstanceSequential = "MultiInstanceSequential",
        MultiInstanceParallel = "MultiInstanceParallel",
    }
}

element! {
    /// One interaction.
    pub struct ChoreographyTask: activity ChoreographyActivity;
    children { message_flow_refs: Vec<Reference> = "messageFlowRef" }
}

element! {
    /// Interactions in a frame.
    pub struct SubChoreography: activity ChoreographyActivity;
    children { flow_elements: Vec<FlowElementIx> = "flowElement", artifacts: Vec<Artifact> = "artifact" }
}

element! {
    /// Calls another choreography.
    pub struct CallChoreography: activity ChoreographyActivity;
    attributes { called_choreography_ref: Option<Reference> = "calledChoreographyRef" }
    children { participant_associations: Vec<ParticipantAssociation> = "participantAssociation" }
}
