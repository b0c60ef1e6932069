//! Processes and what they are made of (10.1, 10.2, 10.8): flow elements, sequence flows, lanes, global tasks.

use super::schema::{element, group, words};
use super::{
    AdHocSubProcess, AnyResourceRole, Artifact, Auditing, BaseElement, BoundaryEvent, BusinessRuleTask,
    CallActivity, CallChoreography, ChoreographyTask, ComplexGateway, CorrelationSubscription, DataObject,
    DataObjectReference, DataStoreReference, EndEvent, EventBasedGateway, ExclusiveGateway, Expression,
    FlowElementIx, Fragment, ImplicitThrowEvent, InclusiveGateway, InputOutputBinding,
    InputOutputSpecification, IntermediateCatchEvent, IntermediateThrowEvent, LaneSetIx, ManualTask, Markup,
    Monitoring, ParallelGateway, Property, ReceiveTask, Reference, Rendering, Script, ScriptTask, SendTask,
    ServiceTask, StartEvent, SubChoreography, SubProcess, Task, Transaction, UserTask,
};

element! {
    /// What flow elements share (8.4.8).
    pub struct FlowElementBase: base BaseElement;
    attributes { name: Option<String> = "name" }
    children {
        auditing: Option<Box<Auditing>> = "auditing",
        monitoring: Option<Box<Monitoring>> = "monitoring",
        category_value_refs: Vec<Reference> = "categoryValueRef",
    }
}

element! {
    /// What activities, events and gateways share (8.4.7).
    pub struct FlowNode: element FlowElementBase;
    children { incoming: Vec<Reference> = "incoming", outgoing: Vec<Reference> = "outgoing" }
}

group! {
    /// What a process, sub-process or choreography is made of.
    pub enum FlowElement {
        SequenceFlow(Box<SequenceFlow>) = "sequenceFlow",
        Task(Box<Task>) = "task",
        ServiceTask(Box<ServiceTask>) = "serviceTask",
        SendTask(Box<SendTask>) = "sendTask",
        ReceiveTask(Box<ReceiveTask>) = "receiveTask",
        UserTask(Box<UserTask>) = "userTask",
        ManualTask(Box<ManualTask>) = "manualTask",
        BusinessRuleTask(Box<BusinessRuleTask>) = "businessRuleTask",
        ScriptTask(Box<ScriptTask>) = "scriptTask",
        SubProcess(Box<SubProcess>) = "subProcess",
        Transaction(Box<Transaction>) = "transaction",
        AdHocSubProcess(Box<AdHocSubProcess>) = "adHocSubProcess",
        CallActivity(Box<CallActivity>) = "callActivity",
        ExclusiveGateway(Box<ExclusiveGateway>) = "exclusiveGateway",
        InclusiveGateway(Box<InclusiveGateway>) = "inclusiveGateway",
        ParallelGateway(Box<ParallelGateway>) = "parallelGateway",
        ComplexGateway(Box<ComplexGateway>) = "complexGateway",
        EventBasedGateway(Box<EventBasedGateway>) = "eventBasedGateway",
        StartEvent(Box<StartEvent>) = "startEvent",
        IntermediateCatchEvent(Box<IntermediateCatchEvent>) = "intermediateCatchEvent",
        IntermediateThrowEvent(Box<IntermediateThrowEvent>) = "intermediateThrowEvent",
        BoundaryEvent(Box<BoundaryEvent>) = "boundaryEvent",
        EndEvent(Box<EndEvent>) = "endEvent",
        ImplicitThrowEvent(Box<ImplicitThrowEvent>) = "implicitThrowEvent",
        DataObject(Box<DataObject>) = "dataObject",
        DataObjectReference(Box<DataObjectReference>) = "dataObjectReference",
        DataStoreReference(Box<DataStoreReference>) = "dataStoreReference",
        ChoreographyTask(Box<ChoreographyTask>) = "choreographyTask",
        SubChoreography(Box<SubChoreography>) = "subChoreography",
        CallChoreography(Box<CallChoreography>) = "callChoreography",
    }
}

element! {
    /// Leads a token from one node to the next (8.4.13).
    pub struct SequenceFlow: element FlowElementBase;
    attributes {
        source_ref: Option<Reference> = "sourceRef",
        target_ref: Option<Reference> = "targetRef",
        is_immediate: Option<bool> = "isImmediate",
    }
    children { condition_expression: Option<Box<Expression>> = "conditionExpression" }
}

element! {
    /// What processes and global tasks share.
    pub struct CallableElement: base BaseElement;
    attributes { name: Option<String> = "name" }
    children {
        supported_interface_refs: Vec<Reference> = "supportedInterfaceRef",
        io_specification: Option<Box<InputOutputSpecification>> = "ioSpecification",
        io_bindings: Vec<InputOutputBinding> = "ioBinding",
    }
}

element! {
    /// A process (10.2).
    pub struct Process: callable CallableElement;
    attributes {
        process_type: Option<ProcessType> = "processType",
        is_closed: Option<bool> = "isClosed",
        is_executable: Option<bool> = "isExecutable",
        definitional_collaboration_ref: Option<Reference> = "definitionalCollaborationRef",
    }
    children {
        auditing: Option<Box<Auditing>> = "auditing",
        monitoring: Option<Box<Monitoring>> = "monitoring",
        properties: Vec<Property> = "property",
        lane_sets: Vec<LaneSetIx> = "laneSet",
        flow_elements: Vec<FlowElementIx> = "flowElement",
        artifacts: Vec<Artifact> = "artifact",
        resource_roles: Vec<AnyResourceRole> = "resourceRole",
        correlation_subscriptions: Vec<CorrelationSubscription> = "correlationSubscription",
        supports: Vec<Reference> = "supports",
    }
}

words! {
    /// Who a process is for.
    pub enum ProcessType { None = "None", Public = "Public", Private = "Private" }
}

element! {
    /// A partition of a process (10.8).
    pub struct LaneSet: base BaseElement;
    attributes { name: Option<String> = "name" }
    children { lanes: Vec<Lane> = "lane" }
}

element! {
    /// One part of a partition.
    pub struct Lane: base BaseElement;
    attributes { name: Option<String> = "name", partition_element_ref: Option<Reference> = "partitionElementRef" }
    children {
        partition_element: Option<Box<PartitionElement>> = "partitionElement",
        flow_node_refs: Vec<Reference> = "flowNodeRef",
        child_lane_set: Option<LaneSetIx> = "childLaneSet",
    }
}

element! {
    /// What a lane stands for: any element, kept as it is.
    pub struct PartitionElement: markup Markup;
    attributes { id: Option<String> = "id" }
    text {
        /// What is inside.
        content: Fragment
    }
}

element! {
    /// A task that can be called (10.3.7).
    pub struct GlobalTask: callable CallableElement;
    children { resource_roles: Vec<AnyResourceRole> = "resourceRole" }
}

element! {
    /// A user task that can be called.
    pub struct GlobalUserTask: task GlobalTask;
    attributes { implementation: Option<String> = "implementation" }
    children { renderings: Vec<Rendering> = "rendering" }
}

element! {
    /// A manual task that can be called.
    pub struct GlobalManualTask: task GlobalTask;
}

element! {
    /// A decision that can be called.
    pub struct GlobalBusinessRuleTask: task GlobalTask;
    attributes { implementation: Option<String> = "implementation" }
}

element! {
    /// A script that can be called.
    pub struct GlobalScriptTask: task GlobalTask;
    attributes { script_language: Option<String> = "scriptLanguage" }
    children { script: Option<Script> = "script" }
}
