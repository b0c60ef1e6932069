//! Event definitions with their references resolved, hosts of boundary events, compensation activities.

use super::Lowering;
use super::process::Level;
use crate::graph::{Code, EventDefinition, Message, NodeIx, Trigger};
use crate::model::{
    self, Artifact, BaseElement, BoundaryEvent, CatchEvent, Container, FlowElementIx, Reference, RootElement,
    ThrowEvent,
};

impl<'d> Lowering<'d, '_> {
    pub(super) fn catch_trigger(&mut self, catch: &'d CatchEvent, level: &Level) -> Trigger {
        let base = &catch.event.node.element.base;
        let definitions =
            self.definitions_of(base, &catch.event_definitions, &catch.event_definition_refs, level);
        Trigger { parallel_multiple: catch.parallel_multiple.unwrap_or(false), definitions }
    }

    pub(super) fn throw_trigger(&mut self, throw: &'d ThrowEvent, level: &Level) -> Trigger {
        let base = &throw.event.node.element.base;
        let definitions =
            self.definitions_of(base, &throw.event_definitions, &throw.event_definition_refs, level);
        Trigger { parallel_multiple: false, definitions }
    }

    fn definitions_of(
        &mut self,
        base: &'d BaseElement,
        inline: &'d [model::EventDefinition],
        references: &'d [Reference],
        level: &Level,
    ) -> Vec<EventDefinition> {
        let mut found: Vec<EventDefinition> =
            inline.iter().filter_map(|definition| self.event_definition(definition, level)).collect();
        for reference in references {
            let definition = self.event_definition_ref(19, base, "eventDefinitionRef", reference);
            found.extend(definition.and_then(|definition| self.event_definition(definition, level)));
        }
        found
    }

    /// A root event definition that a reference means.
    pub(super) fn event_definition_ref(
        &mut self,
        code: u16,
        base: &BaseElement,
        attribute: &str,
        reference: &Reference,
    ) -> Option<&'d model::EventDefinition> {
        self.resolve_root(code, base, attribute, reference, |root| match root {
            RootElement::EventDefinition(definition) => Some(definition),
            _ => None,
        })
    }

    pub(super) fn event_definition(
        &mut self,
        definition: &'d model::EventDefinition,
        level: &Level,
    ) -> Option<EventDefinition> {
        let base = definition.base();
        Some(match definition {
            model::EventDefinition::Message(message) => {
                EventDefinition::Message(match &message.message_ref {
                    Some(reference) => self.message(base, reference),
                    None => Message::default(),
                })
            }
            model::EventDefinition::Timer(timer) => EventDefinition::Timer(self.timer(timer, level)?),
            model::EventDefinition::Signal(signal) => EventDefinition::Signal {
                name: signal.signal_ref.as_ref().and_then(|reference| self.signal_name(base, reference)),
            },
            model::EventDefinition::Error(error) => EventDefinition::Error(match &error.error_ref {
                Some(reference) => self.error_code(base, reference),
                None => Code::default(),
            }),
            model::EventDefinition::Escalation(escalation) => {
                EventDefinition::Escalation(match &escalation.escalation_ref {
                    Some(reference) => self.escalation_code(base, reference),
                    None => Code::default(),
                })
            }
            model::EventDefinition::Cancel(_) => EventDefinition::Cancel,
            model::EventDefinition::Compensate(compensate) => {
                let reference = compensate.activity_ref.as_ref();
                EventDefinition::Compensation {
                    activity: reference.and_then(|it| self.activity_row(12, base, "activityRef", it, level)),
                    wait_for_completion: compensate.wait_for_completion.unwrap_or(true),
                }
            }
            model::EventDefinition::Conditional(conditional) => {
                let Some(condition) = &conditional.condition else {
                    self.error(1, base, "a conditional event definition has a `condition`");
                    return None;
                };
                EventDefinition::Conditional(self.dialect.condition(condition))
            }
            model::EventDefinition::Link(link) => {
                let name = link.name.clone().unwrap_or_default();
                if name.is_empty() {
                    self.error(93, base, "a link event definition has a `name`");
                }
                EventDefinition::Link { name }
            }
            model::EventDefinition::Terminate(_) => EventDefinition::Terminate,
        })
    }

    /// The message that a reference means.
    pub(super) fn message(&mut self, base: &BaseElement, reference: &Reference) -> Message {
        let found = self.resolve_root(16, base, "messageRef", reference, |root| match root {
            RootElement::Message(message) => Some(message),
            _ => None,
        });
        let Some(message) = found else { return Message::default() };
        let id = message.base.id.clone();
        let name = message.name.clone().filter(|name| !name.is_empty()).or_else(|| id.clone());
        let key = message.base.id.as_deref().and_then(|id| self.message_keys.get(id));
        Message {
            name: name.map(|name| self.dialect.text(&name, message.base.markup.position)),
            correlation_key: key.cloned(),
            id,
        }
    }

    fn signal_name(&mut self, base: &BaseElement, reference: &Reference) -> Option<crate::property::Text> {
        let signal = self.resolve_root(18, base, "signalRef", reference, |root| match root {
            RootElement::Signal(signal) => Some(signal),
            _ => None,
        })?;
        let name = signal.name.as_ref().filter(|name| !name.is_empty()).or(signal.base.id.as_ref())?;
        Some(self.dialect.text(name, signal.base.markup.position))
    }

    fn error_code(&mut self, base: &BaseElement, reference: &Reference) -> Code {
        let error = self.resolve_root(18, base, "errorRef", reference, |root| match root {
            RootElement::Error(error) => Some(error),
            _ => None,
        });
        error.map_or_else(Code::default, |error| Code {
            code: error.error_code.clone().filter(|code| !code.is_empty()),
            name: error.name.clone(),
        })
    }

    fn escalation_code(&mut self, base: &BaseElement, reference: &Reference) -> Code {
        let escalation = self.resolve_root(18, base, "escalationRef", reference, |root| match root {
            RootElement::Escalation(escalation) => Some(escalation),
            _ => None,
        });
        escalation.map_or_else(Code::default, |escalation| Code {
            code: escalation.escalation_code.clone().filter(|code| !code.is_empty()),
            name: escalation.name.clone(),
        })
    }

    /// The name of the operation that a reference means.
    pub(super) fn operation(&mut self, base: &BaseElement, reference: &Reference) -> Option<String> {
        let entry = self.resolve(17, base, "operationRef", reference)?;
        if entry.name != "operation" {
            let message =
                format!("`operationRef` refers to `{}`, which is a `{}`", reference.text, entry.name);
            self.error(17, base, message);
            return None;
        }
        let mut name = None;
        entry.element.attributes(&mut |attribute, value| {
            if attribute == "name" {
                name = Some(value.to_string());
            }
        });
        name.or_else(|| entry.element.id().map(str::to_owned))
    }

    /// The activity that a boundary event is attached to.
    pub(super) fn host(
        &mut self,
        row: FlowElementIx,
        event: &BoundaryEvent,
        level: &Level,
    ) -> Option<NodeIx> {
        let base = &event.catch.event.node.element.base;
        let Some(reference) = &event.attached_to_ref else {
            self.error(12, base, "a boundary event has an `attachedToRef`");
            return None;
        };
        let host = self.activity_row(12, base, "attachedToRef", reference, level)?;
        let host_row = level.nodes[host.index()];
        if self.definitions.container(row) != self.definitions.container(host_row) {
            let message =
                format!("the boundary event and its activity `{}` lie in different scopes", reference.text);
            self.error(70, base, message);
        }
        Some(host)
    }

    /// The row of an activity of this process that a reference means.
    fn activity_row(
        &mut self,
        code: u16,
        base: &BaseElement,
        attribute: &str,
        reference: &Reference,
        level: &Level,
    ) -> Option<NodeIx> {
        let entry = self.resolve(code, base, attribute, reference)?;
        let row = entry.flow_element.filter(|row| self.definitions[*row].activity().is_some());
        let Some(row) = row else {
            let message =
                format!("`{attribute}` refers to `{}`, which is a `{}`", reference.text, entry.name);
            self.error(code, base, message);
            return None;
        };
        let node = level.rows.get(&row).copied();
        if node.is_none() {
            self.error(
                code,
                base,
                format!("`{attribute}` refers to `{}` of another process", reference.text),
            );
        }
        node
    }

    /// The activity that an association joins a compensation boundary event to.
    pub(super) fn compensation_activity(
        &mut self,
        row: FlowElementIx,
        event: &BoundaryEvent,
        level: &Level,
    ) -> Option<NodeIx> {
        let compensates = |it: &model::EventDefinition| matches!(it, model::EventDefinition::Compensate(_));
        if !event.catch.event_definitions.iter().any(compensates) {
            return None;
        }
        let base = &event.catch.event.node.element.base;
        let id = base.id.as_deref()?;
        let found = self.artifacts_around(row, level).iter().find_map(|artifact| match artifact {
            Artifact::Association(association) => {
                let source = association.source_ref.as_ref().filter(|it| it.local() == id || it.text == id);
                source.and(association.target_ref.as_ref())
            }
            Artifact::Group(_) | Artifact::TextAnnotation(_) => None,
        });
        let Some(target) = found else {
            self.error(
                125,
                base,
                "no association leads from the compensation event to a compensation activity",
            );
            return None;
        };
        let activity = self.activity_row(125, base, "association", target, level)?;
        let element = &self.definitions[level.nodes[activity.index()]];
        if element.activity().and_then(|activity| activity.is_for_compensation) != Some(true) {
            let message =
                format!("`{}` is not a compensation activity: `isForCompensation` is not true", target.text);
            self.error(125, base, message);
        }
        Some(activity)
    }

    fn artifacts_around(&self, row: FlowElementIx, level: &Level) -> &'d [Artifact] {
        let definitions = self.definitions;
        match definitions.container(row) {
            Container::Root(_) => match &definitions.root_elements[level.root as usize] {
                RootElement::Process(process) => &process.artifacts,
                _ => &[],
            },
            Container::FlowElement(outer) => {
                definitions[outer].sub_process().map_or(&[], |sub_process| &sub_process.artifacts)
            }
        }
    }
}

impl model::EventDefinition {
    /// What all elements share.
    pub fn base(&self) -> &BaseElement {
        match self {
            model::EventDefinition::Cancel(definition) => &definition.base,
            model::EventDefinition::Compensate(definition) => &definition.base,
            model::EventDefinition::Conditional(definition) => &definition.base,
            model::EventDefinition::Error(definition) => &definition.base,
            model::EventDefinition::Escalation(definition) => &definition.base,
            model::EventDefinition::Link(definition) => &definition.base,
            model::EventDefinition::Message(definition) => &definition.base,
            model::EventDefinition::Signal(definition) => &definition.base,
            model::EventDefinition::Terminate(definition) => &definition.base,
            model::EventDefinition::Timer(definition) => &definition.base,
        }
    }
}
