//! Resource roles with the names of their resources and parameters.

use super::Lowering;
use crate::graph::{ResourceRole, ResourceRoleKind};
use crate::model::{AnyResourceRole, Resource, ResourceParameterBinding, RootElement};
use crate::property::Expression;

impl<'d> Lowering<'d, '_> {
    pub(super) fn roles(&mut self, roles: &'d [AnyResourceRole]) -> Vec<ResourceRole> {
        roles.iter().map(|role| self.role(role)).collect()
    }

    fn role(&mut self, any: &'d AnyResourceRole) -> ResourceRole {
        let role = any.role();
        let resource = role.resource_ref.as_ref().and_then(|reference| {
            self.resolve_root(reference, |root| {
                let RootElement::Resource(resource) = root else { return None };
                Some(&**resource)
            })
        });
        let assignment = role.resource_assignment_expression.as_ref().and_then(|it| it.expression.as_ref());
        ResourceRole {
            kind: match any {
                AnyResourceRole::ResourceRole(_) => ResourceRoleKind::ResourceRole,
                AnyResourceRole::Performer(_) => ResourceRoleKind::Performer,
                AnyResourceRole::HumanPerformer(_) => ResourceRoleKind::HumanPerformer,
                AnyResourceRole::PotentialOwner(_) => ResourceRoleKind::PotentialOwner,
            },
            name: role.name.clone(),
            resource: resource.map(|resource| {
                let bindings = role.resource_parameter_bindings.iter();
                let bindings = bindings.filter_map(|binding| self.binding(binding, resource)).collect();
                (
                    self.shared(
                        resource.name.as_ref().or(resource.base.id.as_ref()).map_or("", String::as_str),
                    ),
                    bindings,
                )
            }),
            assignment: assignment.map(|expression| self.dialect.expression(expression.expression())),
        }
    }

    fn binding(
        &mut self,
        binding: &'d ResourceParameterBinding,
        resource: &Resource,
    ) -> Option<(String, Expression)> {
        let entry = self.resolve(binding.parameter_ref.as_ref()?)?;
        let own = self.index.find(resource.base.id.as_deref().unwrap_or_default()).and_then(|it| it.root);
        if entry.name != "resourceParameter" || entry.root != own {
            return None;
        }
        let name = self.name_of(&entry)?;
        let expression = self.dialect.expression(binding.expression.as_ref()?.expression());
        Some((name, expression))
    }
}
