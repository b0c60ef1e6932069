//! Resource roles and the correlation of a process.

use crate::property::Expression;

/// `resourceRole` and its kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceRole {
    /// `resourceRole`, `performer`, `humanPerformer` or `potentialOwner`.
    pub kind: ResourceRoleKind,
    /// The role's own name.
    pub name: Option<String>,
    /// The name of the resource, with the bound parameters.
    pub resource: Option<(String, Vec<(String, Expression)>)>,
    /// Yields users or groups itself.
    pub assignment: Option<Expression>,
}

/// Which element a resource role is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceRoleKind {
    /// `resourceRole`.
    ResourceRole,
    /// `performer`.
    Performer,
    /// `humanPerformer`.
    HumanPerformer,
    /// `potentialOwner`.
    PotentialOwner,
}

/// A correlation key of a conversation that the process takes part in (8.4.2).
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelationKey {
    /// The id of the key.
    pub id: String,
    /// Its properties, in order.
    pub properties: Vec<CorrelationProperty>,
}

/// One property of a key: how to read it from each message.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelationProperty {
    /// The id of the property.
    pub id: String,
    /// By the id of the message: the path into its payload.
    pub retrievals: Vec<(String, Expression)>,
}

/// A context-based subscription of the process (8.4.2).
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelationSubscription {
    /// The id of the key.
    pub key: String,
    /// By the id of the property: the path into the data of the process.
    pub bindings: Vec<(String, Expression)>,
}
