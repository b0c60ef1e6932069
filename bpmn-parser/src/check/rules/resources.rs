//! Resource roles (R026, R117, R118).

use super::context::{Checker, Place};
use crate::model::{AnyResourceRole, Resource, ResourceRole, RootElement};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let definitions = checker.definitions;
    let mut roles: Vec<(Option<&str>, &AnyResourceRole)> = Vec::new();
    for root in &definitions.root_elements {
        let of_root = match root {
            RootElement::Process(process) => &process.resource_roles,
            RootElement::GlobalTask(task) => &task.resource_roles,
            RootElement::GlobalUserTask(task) => &task.task.resource_roles,
            RootElement::GlobalManualTask(task) => &task.task.resource_roles,
            RootElement::GlobalBusinessRuleTask(task) => &task.task.resource_roles,
            RootElement::GlobalScriptTask(task) => &task.task.resource_roles,
            _ => continue,
        };
        roles.extend(of_root.iter().map(|role| (root.id(), role)));
    }
    for element in &definitions.flow_elements {
        let activity = element.activity().into_iter();
        roles.extend(activity.flat_map(|it| &it.resource_roles).map(|role| (element.id(), role)));
    }
    for (owner, role) in roles {
        resource_role(checker, owner, role.role());
    }
}

fn resource_role(checker: &mut Checker<'_, '_>, owner: Option<&str>, role: &ResourceRole) {
    let element = role.base.id.as_deref().or(owner);
    let place = Place { element, position: role.base.markup.position };
    if role.resource_ref.is_some() && role.resource_assignment_expression.is_some() {
        checker.error(
            117,
            place,
            "a resource role has a `resourceRef` or a `resourceAssignmentExpression`, not both",
        );
    }
    if role.resource_ref.is_none() && !role.resource_parameter_bindings.is_empty() {
        checker.error(117, place, "parameters are bound only where there is a `resourceRef`");
    }
    let resource = role.resource_ref.as_ref().and_then(|it| checker.root_element(it));
    if let Some(RootElement::Resource(resource)) = resource {
        parameters(checker, place, role, resource);
    }
}

fn parameters(checker: &mut Checker<'_, '_>, place: Place<'_>, role: &ResourceRole, resource: &Resource) {
    let mut bound = Vec::new();
    for binding in &role.resource_parameter_bindings {
        let Some(reference) = &binding.parameter_ref else { continue };
        let own = resource.resource_parameters.iter().position(|parameter| {
            let id = parameter.base.id.as_deref();
            id == Some(reference.local()) || id == Some(&reference.text)
        });
        match own {
            Some(parameter) => bound.push(parameter),
            None if checker.resolve(reference).is_some_and(|it| it.name == "resourceParameter") => {
                let place = Place { element: place.element, position: binding.base.markup.position };
                let message = format!("`{}` is no parameter of this resource", reference.text);
                checker.error(26, place, message);
            }
            None => {}
        }
    }
    for (at, parameter) in resource.resource_parameters.iter().enumerate() {
        if parameter.is_required == Some(true) && !bound.contains(&at) {
            let name = parameter.name.as_deref().or(parameter.base.id.as_deref()).unwrap_or_default();
            checker.warning(118, place, format!("the required parameter `{name}` is not bound"));
        }
    }
}
