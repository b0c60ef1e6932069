//! Data (10.4): objects, stores, properties, inputs and outputs, associations.

use super::schema::element;
use super::{BaseElement, Expression, FlowElementBase, Reference};

element! {
    /// A state of data, for people.
    pub struct DataState: base BaseElement;
    attributes { name: Option<String> = "name" }
}

element! {
    /// Data that live with their process or sub-process.
    pub struct DataObject: element FlowElementBase;
    attributes {
        item_subject_ref: Option<Reference> = "itemSubjectRef",
        is_collection: Option<bool> = "isCollection",
    }
    children { data_state: Option<DataState> = "dataState" }
}

element! {
    /// One appearance of a data object.
    pub struct DataObjectReference: element FlowElementBase;
    attributes {
        item_subject_ref: Option<Reference> = "itemSubjectRef",
        data_object_ref: Option<Reference> = "dataObjectRef",
    }
    children { data_state: Option<DataState> = "dataState" }
}

element! {
    /// One appearance of a data store.
    pub struct DataStoreReference: element FlowElementBase;
    attributes {
        item_subject_ref: Option<Reference> = "itemSubjectRef",
        data_store_ref: Option<Reference> = "dataStoreRef",
    }
    children { data_state: Option<DataState> = "dataState" }
}

element! {
    /// Data that outlive their process.
    pub struct DataStore: base BaseElement;
    attributes {
        name: Option<String> = "name",
        capacity: Option<i64> = "capacity",
        is_unlimited: Option<bool> = "isUnlimited",
        item_subject_ref: Option<Reference> = "itemSubjectRef",
    }
    children { data_state: Option<DataState> = "dataState" }
}

element! {
    /// Data of a process, activity or event that no diagram shows.
    pub struct Property: base BaseElement;
    attributes { name: Option<String> = "name", item_subject_ref: Option<Reference> = "itemSubjectRef" }
    children { data_state: Option<DataState> = "dataState" }
}

element! {
    /// What an activity, event or process needs.
    pub struct DataInput: base BaseElement;
    attributes {
        name: Option<String> = "name",
        item_subject_ref: Option<Reference> = "itemSubjectRef",
        is_collection: Option<bool> = "isCollection",
    }
    children { data_state: Option<DataState> = "dataState" }
}

element! {
    /// What an activity, event or process gives.
    pub struct DataOutput: base BaseElement;
    attributes {
        name: Option<String> = "name",
        item_subject_ref: Option<Reference> = "itemSubjectRef",
        is_collection: Option<bool> = "isCollection",
    }
    children { data_state: Option<DataState> = "dataState" }
}

element! {
    /// Inputs and outputs with their sets.
    pub struct InputOutputSpecification: base BaseElement;
    children {
        data_inputs: Vec<DataInput> = "dataInput",
        data_outputs: Vec<DataOutput> = "dataOutput",
        input_sets: Vec<InputSet> = "inputSet",
        output_sets: Vec<OutputSet> = "outputSet",
    }
}

element! {
    /// Inputs that together are enough.
    pub struct InputSet: base BaseElement;
    attributes { name: Option<String> = "name" }
    children {
        data_input_refs: Vec<Reference> = "dataInputRefs",
        optional_input_refs: Vec<Reference> = "optionalInputRefs",
        while_executing_input_refs: Vec<Reference> = "whileExecutingInputRefs",
        output_set_refs: Vec<Reference> = "outputSetRefs",
    }
}

element! {
    /// Outputs that are given together.
    pub struct OutputSet: base BaseElement;
    attributes { name: Option<String> = "name" }
    children {
        data_output_refs: Vec<Reference> = "dataOutputRefs",
        optional_output_refs: Vec<Reference> = "optionalOutputRefs",
        while_executing_output_refs: Vec<Reference> = "whileExecutingOutputRefs",
        input_set_refs: Vec<Reference> = "inputSetRefs",
    }
}

element! {
    /// Joins an operation with the inputs and outputs of a callable element.
    pub struct InputOutputBinding: base BaseElement;
    attributes {
        operation_ref: Option<Reference> = "operationRef",
        input_data_ref: Option<Reference> = "inputDataRef",
        output_data_ref: Option<Reference> = "outputDataRef",
    }
}

element! {
    /// Moves data.
    pub struct DataAssociation: base BaseElement;
    children {
        source_refs: Vec<Reference> = "sourceRef",
        target_ref: Option<Reference> = "targetRef",
        transformation: Option<Box<Expression>> = "transformation",
        assignments: Vec<Assignment> = "assignment",
    }
}

element! {
    /// Moves data into an activity or event.
    pub struct DataInputAssociation: association DataAssociation;
}

element! {
    /// Moves data out of an activity or event.
    pub struct DataOutputAssociation: association DataAssociation;
}

element! {
    /// Moves a part of the data.
    pub struct Assignment: base BaseElement;
    children { from: Option<Box<Expression>> = "from", to: Option<Box<Expression>> = "to" }
}
