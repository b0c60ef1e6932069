//! Gateways (10.6).

use super::schema::{element, words};
use super::{Expression, FlowNode, Reference};

element! {
    /// What gateways share.
    pub struct Gateway: node FlowNode;
    attributes { gateway_direction: Option<GatewayDirection> = "gatewayDirection" }
}

words! {
    /// How many flows a gateway may have on either side.
    pub enum GatewayDirection {
        Unspecified = "Unspecified",
        Converging = "Converging",
        Diverging = "Diverging",
        Mixed = "Mixed",
    }
}

element! {
    /// One way of several (10.6.2).
    pub struct ExclusiveGateway: gateway Gateway;
    attributes { default: Option<Reference> = "default" }
}

element! {
    /// Every way whose condition is true (10.6.3).
    pub struct InclusiveGateway: gateway Gateway;
    attributes { default: Option<Reference> = "default" }
}

element! {
    /// All ways (10.6.4).
    pub struct ParallelGateway: gateway Gateway;
}

element! {
    /// Ways by a condition over what has arrived (10.6.5).
    pub struct ComplexGateway: gateway Gateway;
    attributes { default: Option<Reference> = "default" }
    children { activation_condition: Option<Box<Expression>> = "activationCondition" }
}

element! {
    /// The way of the event that occurs first (10.6.6).
    pub struct EventBasedGateway: gateway Gateway;
    attributes {
        instantiate: Option<bool> = "instantiate",
        event_gateway_type: Option<EventBasedGatewayType> = "eventGatewayType",
    }
}

words! {
    /// Whether one event is enough.
    pub enum EventBasedGatewayType { Exclusive = "Exclusive", Parallel = "Parallel" }
}
