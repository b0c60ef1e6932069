//! Resource roles (R026, R117, R118).

use super::context::{Checker, Place, quoted};
use crate::model::{AnyResourceRole, Definitions, ResourceRole, RootElement};
use std::collections::{HashMap, HashSet};

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
    let required = required_parameters(definitions);
    for (owner, role) in roles {
        resource_role(checker, owner, role.role(), &required);
    }
}

fn resource_role(
    checker: &mut Checker<'_, '_>,
    owner: Option<&str>,
    role: &ResourceRole,
    required: &HashMap<u32, Vec<&str>>,
) {
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
    let resource = role.resource_ref.as_ref().and_then(|it| checker.resolve(it));
    if let Some(row) = resource.filter(|it| it.name == "resource").and_then(|it| it.root) {
        parameters(checker, place, role, row, required);
    }
}

fn parameters(
    checker: &mut Checker<'_, '_>,
    place: Place<'_>,
    role: &ResourceRole,
    resource: u32,
    required: &HashMap<u32, Vec<&str>>,
) {
    let mut bound = HashSet::new();
    for binding in &role.resource_parameter_bindings {
        let Some(reference) = &binding.parameter_ref else { continue };
        let found = checker.resolve(reference).filter(|it| it.name == "resourceParameter");
        let Some(parameter) = found else { continue };
        if parameter.root == Some(resource) {
            bound.extend(parameter.element.id());
        } else {
            let place = Place { element: place.element, position: binding.base.markup.position };
            let message = format!("`{}` is no parameter of this resource", reference.text);
            checker.error(26, place, message);
        }
    }
    let missing =
        required.get(&resource).and_then(|required| required.iter().find(|id| !bound.contains(*id)));
    if let Some(missing) = missing {
        checker.warning(118, place, format!("the required parameter `{}` is not bound", quoted(missing)));
    }
}

/// The ids of the required parameters of each resource, by its row.
fn required_parameters(definitions: &Definitions) -> HashMap<u32, Vec<&str>> {
    let mut required = HashMap::new();
    for (row, root) in definitions.root_elements.iter().enumerate() {
        let RootElement::Resource(resource) = root else { continue };
        let parameters = resource.resource_parameters.iter().filter(|it| it.is_required == Some(true));
        let ids = parameters.map(|it| it.base.id.as_deref().unwrap_or_default()).collect();
        required.insert(row as u32, ids);
    }
    required
}
