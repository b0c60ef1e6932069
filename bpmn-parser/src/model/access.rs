//! The common parts of flow elements, whatever their type.

use super::{
    Activity, BaseElement, CatchEvent, ChoreographyActivity, Event, FlowElement, FlowElementBase, FlowNode,
    Gateway, RootElement, SubProcess, ThrowEvent,
};

impl FlowElement {
    /// What all flow elements share.
    pub fn flow_element(&self) -> &FlowElementBase {
        match self {
            FlowElement::SequenceFlow(flow) => &flow.element,
            FlowElement::DataObject(object) => &object.element,
            FlowElement::DataObjectReference(reference) => &reference.element,
            FlowElement::DataStoreReference(reference) => &reference.element,
            other => {
                let node = other.flow_node();
                &node.expect("a flow element that is neither a flow nor data is a flow node").element
            }
        }
    }

    /// What all elements share.
    pub fn base(&self) -> &BaseElement {
        &self.flow_element().base
    }

    /// What activities, events and gateways share.
    pub fn flow_node(&self) -> Option<&FlowNode> {
        if let Some(activity) = self.activity() {
            return Some(&activity.node);
        }
        if let Some(event) = self.event() {
            return Some(&event.node);
        }
        if let Some(gateway) = self.gateway() {
            return Some(&gateway.node);
        }
        self.choreography_activity().map(|activity| &activity.node)
    }

    /// What activities share.
    pub fn activity(&self) -> Option<&Activity> {
        match self {
            FlowElement::Task(task) => Some(&task.activity),
            FlowElement::ServiceTask(task) => Some(&task.activity),
            FlowElement::SendTask(task) => Some(&task.activity),
            FlowElement::ReceiveTask(task) => Some(&task.activity),
            FlowElement::UserTask(task) => Some(&task.activity),
            FlowElement::ManualTask(task) => Some(&task.activity),
            FlowElement::BusinessRuleTask(task) => Some(&task.activity),
            FlowElement::ScriptTask(task) => Some(&task.activity),
            FlowElement::CallActivity(call) => Some(&call.activity),
            other => other.sub_process().map(|sub_process| &sub_process.activity),
        }
    }

    /// What sub-processes of every kind share.
    pub fn sub_process(&self) -> Option<&SubProcess> {
        match self {
            FlowElement::SubProcess(sub_process) => Some(sub_process),
            FlowElement::Transaction(transaction) => Some(&transaction.sub_process),
            FlowElement::AdHocSubProcess(ad_hoc) => Some(&ad_hoc.sub_process),
            _ => None,
        }
    }

    /// What events share.
    pub fn event(&self) -> Option<&Event> {
        let catch = self.catch_event().map(|catch| &catch.event);
        catch.or_else(|| self.throw_event().map(|throw| &throw.event))
    }

    /// What catching events share.
    pub fn catch_event(&self) -> Option<&CatchEvent> {
        match self {
            FlowElement::StartEvent(event) => Some(&event.catch),
            FlowElement::IntermediateCatchEvent(event) => Some(&event.catch),
            FlowElement::BoundaryEvent(event) => Some(&event.catch),
            _ => None,
        }
    }

    /// What throwing events share.
    pub fn throw_event(&self) -> Option<&ThrowEvent> {
        match self {
            FlowElement::IntermediateThrowEvent(event) => Some(&event.throw),
            FlowElement::EndEvent(event) => Some(&event.throw),
            FlowElement::ImplicitThrowEvent(event) => Some(&event.throw),
            _ => None,
        }
    }

    /// What gateways share.
    pub fn gateway(&self) -> Option<&Gateway> {
        match self {
            FlowElement::ExclusiveGateway(gateway) => Some(&gateway.gateway),
            FlowElement::InclusiveGateway(gateway) => Some(&gateway.gateway),
            FlowElement::ParallelGateway(gateway) => Some(&gateway.gateway),
            FlowElement::ComplexGateway(gateway) => Some(&gateway.gateway),
            FlowElement::EventBasedGateway(gateway) => Some(&gateway.gateway),
            _ => None,
        }
    }

    /// What choreography activities share.
    pub fn choreography_activity(&self) -> Option<&ChoreographyActivity> {
        match self {
            FlowElement::ChoreographyTask(task) => Some(&task.activity),
            FlowElement::SubChoreography(sub) => Some(&sub.activity),
            FlowElement::CallChoreography(call) => Some(&call.activity),
            _ => None,
        }
    }
}

impl RootElement {
    /// The collaboration, where it is one of any kind.
    pub fn collaboration(&self) -> Option<&super::Collaboration> {
        match self {
            RootElement::Collaboration(collaboration) => Some(collaboration),
            RootElement::GlobalConversation(conversation) => Some(&conversation.collaboration),
            RootElement::Choreography(choreography) => Some(&choreography.collaboration),
            RootElement::GlobalChoreographyTask(task) => Some(&task.choreography.collaboration),
            _ => None,
        }
    }
}
