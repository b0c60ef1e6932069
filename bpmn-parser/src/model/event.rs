//! Events (10.5).

use super::schema::element;
use super::{
    DataInput, DataInputAssociation, DataOutput, DataOutputAssociation, EventDefinition, FlowNode, InputSet,
    OutputSet, Property, Reference,
};

element! {
    /// What events share.
    pub struct Event: node FlowNode;
    children { properties: Vec<Property> = "property" }
}

element! {
    /// What catching events share.
    pub struct CatchEvent: event Event;
    attributes { parallel_multiple: Option<bool> = "parallelMultiple" }
    children {
        data_outputs: Vec<DataOutput> = "dataOutput",
        data_output_associations: Vec<DataOutputAssociation> = "dataOutputAssociation",
        output_set: Option<Box<OutputSet>> = "outputSet",
        event_definitions: Vec<EventDefinition> = "eventDefinition",
        event_definition_refs: Vec<Reference> = "eventDefinitionRef",
    }
}

element! {
    /// What throwing events share.
    pub struct ThrowEvent: event Event;
    children {
        data_inputs: Vec<DataInput> = "dataInput",
        data_input_associations: Vec<DataInputAssociation> = "dataInputAssociation",
        input_set: Option<Box<InputSet>> = "inputSet",
        event_definitions: Vec<EventDefinition> = "eventDefinition",
        event_definition_refs: Vec<Reference> = "eventDefinitionRef",
    }
}

element! {
    /// Begins a process or sub-process (10.5.2).
    pub struct StartEvent: catch CatchEvent;
    attributes { is_interrupting: Option<bool> = "isInterrupting" }
}

element! {
    /// Waits (10.5.4).
    pub struct IntermediateCatchEvent: catch CatchEvent;
}

element! {
    /// Throws and goes on (10.5.4).
    pub struct IntermediateThrowEvent: throw ThrowEvent;
}

element! {
    /// Waits at the border of an activity (10.5.4).
    pub struct BoundaryEvent: catch CatchEvent;
    attributes {
        cancel_activity: Option<bool> = "cancelActivity",
        attached_to_ref: Option<Reference> = "attachedToRef",
    }
}

element! {
    /// Ends a path (10.5.3).
    pub struct EndEvent: throw ThrowEvent;
}

element! {
    /// What a multi-instance activity throws by itself (Table 10.29).
    pub struct ImplicitThrowEvent: throw ThrowEvent;
}
