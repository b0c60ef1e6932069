//! Resources and roles (8.4.12, 10.3.1).

use super::schema::{element, group};
use super::{AnyExpression, BaseElement, Reference};

element! {
    /// A person, group or thing that can do work.
    pub struct Resource: base BaseElement;
    attributes { name: Option<String> = "name" }
    children { resource_parameters: Vec<ResourceParameter> = "resourceParameter" }
}

element! {
    /// A parameter of a resource.
    pub struct ResourceParameter: base BaseElement;
    attributes {
        name: Option<String> = "name",
        kind: Option<Reference> = "type",
        is_required: Option<bool> = "isRequired",
    }
}

element! {
    /// Who has to do with an activity or process.
    pub struct ResourceRole: base BaseElement;
    attributes { name: Option<String> = "name" }
    children {
        resource_ref: Option<Reference> = "resourceRef",
        resource_parameter_bindings: Vec<ResourceParameterBinding> = "resourceParameterBinding",
        resource_assignment_expression: Option<ResourceAssignmentExpression> = "resourceAssignmentExpression",
    }
}

group! {
    /// A resource role under the name that says how much it may do.
    pub enum AnyResourceRole {
        ResourceRole(Box<ResourceRole>) = "resourceRole",
        Performer(Box<ResourceRole>) = "performer",
        HumanPerformer(Box<ResourceRole>) = "humanPerformer",
        PotentialOwner(Box<ResourceRole>) = "potentialOwner",
    }
}

impl AnyResourceRole {
    /// The role, whatever its name.
    pub fn role(&self) -> &ResourceRole {
        match self {
            AnyResourceRole::ResourceRole(role)
            | AnyResourceRole::Performer(role)
            | AnyResourceRole::HumanPerformer(role)
            | AnyResourceRole::PotentialOwner(role) => role,
        }
    }
}

element! {
    /// Gives a parameter its value.
    pub struct ResourceParameterBinding: base BaseElement;
    attributes { parameter_ref: Option<Reference> = "parameterRef" }
    children { expression: Option<AnyExpression> = "expression" }
}

element! {
    /// Yields users or groups.
    pub struct ResourceAssignmentExpression: base BaseElement;
    children { expression: Option<AnyExpression> = "expression" }
}
