//! Event definitions (8.4.5, 10.5.5): in an event, or at the root for events that refer to them.

use super::schema::{element, group};
use super::{BaseElement, Expression, Reference};

group! {
    /// What an event catches or throws.
    pub enum EventDefinition {
        Cancel(Box<CancelEventDefinition>) = "cancelEventDefinition",
        Compensate(Box<CompensateEventDefinition>) = "compensateEventDefinition",
        Conditional(Box<ConditionalEventDefinition>) = "conditionalEventDefinition",
        Error(Box<ErrorEventDefinition>) = "errorEventDefinition",
        Escalation(Box<EscalationEventDefinition>) = "escalationEventDefinition",
        Link(Box<LinkEventDefinition>) = "linkEventDefinition",
        Message(Box<MessageEventDefinition>) = "messageEventDefinition",
        Signal(Box<SignalEventDefinition>) = "signalEventDefinition",
        Terminate(Box<TerminateEventDefinition>) = "terminateEventDefinition",
        Timer(Box<TimerEventDefinition>) = "timerEventDefinition",
    }
}

impl EventDefinition {
    /// What all elements share.
    pub fn base(&self) -> &BaseElement {
        match self {
            EventDefinition::Cancel(definition) => &definition.base,
            EventDefinition::Compensate(definition) => &definition.base,
            EventDefinition::Conditional(definition) => &definition.base,
            EventDefinition::Error(definition) => &definition.base,
            EventDefinition::Escalation(definition) => &definition.base,
            EventDefinition::Link(definition) => &definition.base,
            EventDefinition::Message(definition) => &definition.base,
            EventDefinition::Signal(definition) => &definition.base,
            EventDefinition::Terminate(definition) => &definition.base,
            EventDefinition::Timer(definition) => &definition.base,
        }
    }
}

element! {
    /// Cancels a transaction.
    pub struct CancelEventDefinition: base BaseElement;
}

element! {
    /// Compensation.
    pub struct CompensateEventDefinition: base BaseElement;
    attributes {
        wait_for_completion: Option<bool> = "waitForCompletion",
        activity_ref: Option<Reference> = "activityRef",
    }
}

element! {
    /// A condition over data.
    pub struct ConditionalEventDefinition: base BaseElement;
    children { condition: Option<Expression> = "condition" }
}

element! {
    /// An error.
    pub struct ErrorEventDefinition: base BaseElement;
    attributes { error_ref: Option<Reference> = "errorRef" }
}

element! {
    /// An escalation.
    pub struct EscalationEventDefinition: base BaseElement;
    attributes { escalation_ref: Option<Reference> = "escalationRef" }
}

element! {
    /// Joins a throw and a catch of one level by name.
    pub struct LinkEventDefinition: base BaseElement;
    attributes { name: Option<String> = "name" }
    children { sources: Vec<Reference> = "source", target: Option<Reference> = "target" }
}

element! {
    /// A message.
    pub struct MessageEventDefinition: base BaseElement;
    attributes { message_ref: Option<Reference> = "messageRef" }
    children { operation_ref: Option<Reference> = "operationRef" }
}

element! {
    /// A signal.
    pub struct SignalEventDefinition: base BaseElement;
    attributes { signal_ref: Option<Reference> = "signalRef" }
}

element! {
    /// Terminates a scope.
    pub struct TerminateEventDefinition: base BaseElement;
}

element! {
    /// A point in time, a duration or a cycle.
    pub struct TimerEventDefinition: base BaseElement;
    children {
        time_date: Option<Expression> = "timeDate",
        time_duration: Option<Expression> = "timeDuration",
        time_cycle: Option<Expression> = "timeCycle",
    }
}
