//! The common parts of flow elements, whatever their type.

use super::{
    Activity, BaseElement, CatchEvent, ChoreographyActivity, Collaboration, Event, FlowElement,
    FlowElementBase, FlowElementIx, FlowNode, Gateway, Reference, RootElement, SequenceFlow, SubProcess,
    ThrowEvent,
};

/// The family of a flow element, with what its members share.
#[derive(Clone, Copy, Debug)]
pub enum Family<'e> {
    /// A sequence flow.
    SequenceFlow(&'e SequenceFlow),
    /// A data object, or a reference to one or to a data store.
    Data(&'e FlowElementBase),
    /// A task or call activity.
    Task(&'e Activity),
    /// A sub-process of any kind.
    SubProcess(&'e SubProcess),
    /// A start, intermediate catch or boundary event.
    CatchEvent(&'e CatchEvent),
    /// An intermediate throw or end event.
    ThrowEvent(&'e ThrowEvent),
    /// A gateway.
    Gateway(&'e Gateway),
    /// A choreography activity.
    Choreography(&'e ChoreographyActivity),
}

impl FlowElement {
    /// The family it belongs to.
    pub fn family(&self) -> Family<'_> {
        match self {
            FlowElement::SequenceFlow(flow) => Family::SequenceFlow(flow),
            FlowElement::DataObject(object) => Family::Data(&object.element),
            FlowElement::DataObjectReference(reference) => Family::Data(&reference.element),
            FlowElement::DataStoreReference(reference) => Family::Data(&reference.element),
            FlowElement::Task(task) => Family::Task(&task.activity),
            FlowElement::ServiceTask(task) => Family::Task(&task.activity),
            FlowElement::SendTask(task) => Family::Task(&task.activity),
            FlowElement::ReceiveTask(task) => Family::Task(&task.activity),
            FlowElement::UserTask(task) => Family::Task(&task.activity),
            FlowElement::ManualTask(task) => Family::Task(&task.activity),
            FlowElement::BusinessRuleTask(task) => Family::Task(&task.activity),
            FlowElement::ScriptTask(task) => Family::Task(&task.activity),
            FlowElement::CallActivity(call) => Family::Task(&call.activity),
            FlowElement::SubProcess(sub_process) => Family::SubProcess(sub_process),
            FlowElement::Transaction(transaction) => Family::SubProcess(&transaction.sub_process),
            FlowElement::AdHocSubProcess(ad_hoc) => Family::SubProcess(&ad_hoc.sub_process),
            FlowElement::StartEvent(event) => Family::CatchEvent(&event.catch),
            FlowElement::IntermediateCatchEvent(event) => Family::CatchEvent(&event.catch),
            FlowElement::BoundaryEvent(event) => Family::CatchEvent(&event.catch),
            FlowElement::IntermediateThrowEvent(event) => Family::ThrowEvent(&event.throw),
            FlowElement::EndEvent(event) => Family::ThrowEvent(&event.throw),
            FlowElement::ImplicitThrowEvent(event) => Family::ThrowEvent(&event.throw),
            FlowElement::ExclusiveGateway(gateway) => Family::Gateway(&gateway.gateway),
            FlowElement::InclusiveGateway(gateway) => Family::Gateway(&gateway.gateway),
            FlowElement::ParallelGateway(gateway) => Family::Gateway(&gateway.gateway),
            FlowElement::ComplexGateway(gateway) => Family::Gateway(&gateway.gateway),
            FlowElement::EventBasedGateway(gateway) => Family::Gateway(&gateway.gateway),
            FlowElement::ChoreographyTask(task) => Family::Choreography(&task.activity),
            FlowElement::SubChoreography(sub) => Family::Choreography(&sub.activity),
            FlowElement::CallChoreography(call) => Family::Choreography(&call.activity),
        }
    }

    /// What all flow elements share.
    pub fn flow_element(&self) -> &FlowElementBase {
        match self.family() {
            Family::SequenceFlow(flow) => &flow.element,
            Family::Data(element) => element,
            Family::Task(activity) => &activity.node.element,
            Family::SubProcess(sub_process) => &sub_process.activity.node.element,
            Family::CatchEvent(catch) => &catch.event.node.element,
            Family::ThrowEvent(throw) => &throw.event.node.element,
            Family::Gateway(gateway) => &gateway.node.element,
            Family::Choreography(activity) => &activity.node.element,
        }
    }

    /// What all elements share.
    pub fn base(&self) -> &BaseElement {
        &self.flow_element().base
    }

    /// What activities, events and gateways share.
    pub fn flow_node(&self) -> Option<&FlowNode> {
        match self.family() {
            Family::SequenceFlow(_) | Family::Data(_) => None,
            Family::Task(activity) => Some(&activity.node),
            Family::SubProcess(sub_process) => Some(&sub_process.activity.node),
            Family::CatchEvent(catch) => Some(&catch.event.node),
            Family::ThrowEvent(throw) => Some(&throw.event.node),
            Family::Gateway(gateway) => Some(&gateway.node),
            Family::Choreography(activity) => Some(&activity.node),
        }
    }

    /// What activities share.
    pub fn activity(&self) -> Option<&Activity> {
        match self.family() {
            Family::Task(activity) => Some(activity),
            Family::SubProcess(sub_process) => Some(&sub_process.activity),
            Family::SequenceFlow(_)
            | Family::Data(_)
            | Family::CatchEvent(_)
            | Family::ThrowEvent(_)
            | Family::Gateway(_)
            | Family::Choreography(_) => None,
        }
    }

    /// What sub-processes of every kind share.
    pub fn sub_process(&self) -> Option<&SubProcess> {
        let Family::SubProcess(sub_process) = self.family() else { return None };
        Some(sub_process)
    }

    /// What events share.
    pub fn event(&self) -> Option<&Event> {
        let catch = self.catch_event().map(|catch| &catch.event);
        catch.or_else(|| self.throw_event().map(|throw| &throw.event))
    }

    /// What catching events share.
    pub fn catch_event(&self) -> Option<&CatchEvent> {
        let Family::CatchEvent(catch) = self.family() else { return None };
        Some(catch)
    }

    /// What throwing events share.
    pub fn throw_event(&self) -> Option<&ThrowEvent> {
        let Family::ThrowEvent(throw) = self.family() else { return None };
        Some(throw)
    }

    /// What gateways share.
    pub fn gateway(&self) -> Option<&Gateway> {
        let Family::Gateway(gateway) = self.family() else { return None };
        Some(gateway)
    }

    /// What choreography activities share.
    pub fn choreography_activity(&self) -> Option<&ChoreographyActivity> {
        let Family::Choreography(activity) = self.family() else { return None };
        Some(activity)
    }

    /// The default flow of an activity or gateway.
    pub fn default_flow(&self) -> Option<&Reference> {
        if let FlowElement::ExclusiveGateway(gateway) = self {
            return gateway.default.as_ref();
        }
        if let FlowElement::InclusiveGateway(gateway) = self {
            return gateway.default.as_ref();
        }
        if let FlowElement::ComplexGateway(gateway) = self {
            return gateway.default.as_ref();
        }
        self.activity().and_then(|activity| activity.default.as_ref())
    }

    /// The flow elements directly inside it, where it is a sub-process or sub-choreography.
    pub fn flow_elements(&self) -> &[FlowElementIx] {
        if let FlowElement::SubChoreography(choreography) = self {
            return &choreography.flow_elements;
        }
        self.sub_process().map_or(&[], |sub_process| &sub_process.flow_elements)
    }
}

impl RootElement {
    /// The collaboration, where it is one of any kind.
    pub fn collaboration(&self) -> Option<&Collaboration> {
        if let RootElement::Collaboration(collaboration) = self {
            return Some(collaboration);
        }
        if let RootElement::GlobalConversation(conversation) = self {
            return Some(&conversation.collaboration);
        }
        if let RootElement::Choreography(choreography) = self {
            return Some(&choreography.collaboration);
        }
        let RootElement::GlobalChoreographyTask(task) = self else { return None };
        Some(&task.choreography.collaboration)
    }

    /// The flow elements directly inside it, where it is a process or choreography.
    pub fn flow_elements(&self) -> &[FlowElementIx] {
        if let RootElement::Process(process) = self {
            return &process.flow_elements;
        }
        if let RootElement::Choreography(choreography) = self {
            return &choreography.flow_elements;
        }
        let RootElement::GlobalChoreographyTask(task) = self else { return &[] };
        &task.choreography.flow_elements
    }
}
