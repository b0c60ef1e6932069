//! Activities (10.3): tasks, sub-processes, call activities, loops.

use super::schema::{element, group, words};
use super::{
    AnyResourceRole, Artifact, BaseElement, DataInput, DataInputAssociation, DataOutput,
    DataOutputAssociation, Expression, FlowElementIx, FlowNode, Fragment, ImplicitThrowEvent,
    InputOutputSpecification, LaneSetIx, Markup, Property, Reference,
};

element! {
    /// What activities share.
    pub struct Activity: node FlowNode;
    attributes {
        is_for_compensation: Option<bool> = "isForCompensation",
        start_quantity: Option<i64> = "startQuantity",
        completion_quantity: Option<i64> = "completionQuantity",
        default: Option<Reference> = "default",
    }
    children {
        io_specification: Option<Box<InputOutputSpecification>> = "ioSpecification",
        properties: Vec<Property> = "property",
        data_input_associations: Vec<DataInputAssociation> = "dataInputAssociation",
        data_output_associations: Vec<DataOutputAssociation> = "dataOutputAssociation",
        resource_roles: Vec<AnyResourceRole> = "resourceRole",
        loop_characteristics: Option<LoopCharacteristics> = "loopCharacteristics",
    }
}

element! {
    /// A task without type (10.3.3).
    pub struct Task: activity Activity;
}

element! {
    /// Work of a service (10.3.3).
    pub struct ServiceTask: activity Activity;
    attributes {
        implementation: Option<String> = "implementation",
        operation_ref: Option<Reference> = "operationRef",
    }
}

element! {
    /// Sends a message (10.3.3).
    pub struct SendTask: activity Activity;
    attributes {
        implementation: Option<String> = "implementation",
        message_ref: Option<Reference> = "messageRef",
        operation_ref: Option<Reference> = "operationRef",
    }
}

element! {
    /// Waits for a message (10.3.3).
    pub struct ReceiveTask: activity Activity;
    attributes {
        implementation: Option<String> = "implementation",
        instantiate: Option<bool> = "instantiate",
        message_ref: Option<Reference> = "messageRef",
        operation_ref: Option<Reference> = "operationRef",
    }
}

element! {
    /// Work of a person with the help of software (10.3.4).
    pub struct UserTask: activity Activity;
    attributes { implementation: Option<String> = "implementation" }
    children { renderings: Vec<Rendering> = "rendering" }
}

element! {
    /// Work of a person alone (10.3.4).
    pub struct ManualTask: activity Activity;
}

element! {
    /// A decision (10.3.3).
    pub struct BusinessRuleTask: activity Activity;
    attributes { implementation: Option<String> = "implementation" }
}

element! {
    /// A script (10.3.3).
    pub struct ScriptTask: activity Activity;
    attributes { script_format: Option<String> = "scriptFormat" }
    children { script: Option<Script> = "script" }
}

element! {
    /// The script of a task.
    pub struct Script: markup Markup;
    text {
        /// Text or one element.
        content: Fragment
    }
}

element! {
    /// How a user task is shown; what it is, extensions say.
    pub struct Rendering: base BaseElement;
}

element! {
    /// An activity with a content of its own (10.3.5).
    pub struct SubProcess: activity Activity;
    attributes { triggered_by_event: Option<bool> = "triggeredByEvent" }
    children {
        lane_sets: Vec<LaneSetIx> = "laneSet",
        flow_elements: Vec<FlowElementIx> = "flowElement",
        artifacts: Vec<Artifact> = "artifact",
    }
}

element! {
    /// A sub-process that can be cancelled (10.3.5).
    pub struct Transaction: sub_process SubProcess;
    attributes { method: Option<String> = "method" }
}

element! {
    /// A sub-process whose activities are chosen as it runs (10.3.5).
    pub struct AdHocSubProcess: sub_process SubProcess;
    attributes {
        cancel_remaining_instances: Option<bool> = "cancelRemainingInstances",
        ordering: Option<AdHocOrdering> = "ordering",
    }
    children { completion_condition: Option<Box<Expression>> = "completionCondition" }
}

words! {
    /// Whether the activities of an ad-hoc sub-process may overlap.
    pub enum AdHocOrdering { Parallel = "Parallel", Sequential = "Sequential" }
}

element! {
    /// Calls a process or global task (10.3.6).
    pub struct CallActivity: activity Activity;
    attributes { called_element: Option<Reference> = "calledElement" }
}

group! {
    /// How an activity repeats (10.3.8).
    pub enum LoopCharacteristics {
        Standard(Box<StandardLoopCharacteristics>) = "standardLoopCharacteristics",
        MultiInstance(Box<MultiInstanceLoopCharacteristics>) = "multiInstanceLoopCharacteristics",
    }
}

element! {
    /// Again while a condition is true.
    pub struct StandardLoopCharacteristics: base BaseElement;
    attributes { test_before: Option<bool> = "testBefore", loop_maximum: Option<i64> = "loopMaximum" }
    children { loop_condition: Option<Expression> = "loopCondition" }
}

element! {
    /// Once for each item (Table 10.29).
    pub struct MultiInstanceLoopCharacteristics: base BaseElement;
    attributes {
        is_sequential: Option<bool> = "isSequential",
        behavior: Option<MultiInstanceFlowCondition> = "behavior",
        one_behavior_event_ref: Option<Reference> = "oneBehaviorEventRef",
        none_behavior_event_ref: Option<Reference> = "noneBehaviorEventRef",
    }
    children {
        loop_cardinality: Option<Expression> = "loopCardinality",
        loop_data_input_ref: Option<Reference> = "loopDataInputRef",
        loop_data_output_ref: Option<Reference> = "loopDataOutputRef",
        input_data_item: Option<DataInput> = "inputDataItem",
        output_data_item: Option<DataOutput> = "outputDataItem",
        complex_behavior_definitions: Vec<ComplexBehaviorDefinition> = "complexBehaviorDefinition",
        completion_condition: Option<Expression> = "completionCondition",
    }
}

words! {
    /// When a multi-instance activity throws.
    pub enum MultiInstanceFlowCondition { None = "None", One = "One", All = "All", Complex = "Complex" }
}

element! {
    /// What is thrown when a condition is true at a completion.
    pub struct ComplexBehaviorDefinition: base BaseElement;
    children { condition: Option<Expression> = "condition", event: Option<Box<ImplicitThrowEvent>> = "event" }
}
