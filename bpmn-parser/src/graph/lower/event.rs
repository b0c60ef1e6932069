//! Event definitions with their references resolved, hosts of boundary events, compensation activities.

use super::Lowering;
use super::process::Level;
use crate::graph::{Code, EventDefinition, Message, NodeIx, Trigger};
use crate::model::{
    self, Artifact, BaseElement, BoundaryEvent, CatchEvent, Definitions, FlowElementIx, Reference,
    RootElement, ThrowEvent,
};
use crate::property::Dialect;
use std::collections::HashMap;

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
        let name = message.name.as_ref().filter(|name| !name.is_empty()).or(message.base.id.as_ref());
        let key = message.base.id.as_deref().and_then(|id| self.message_keys.get(id));
        let sizes =
            [name.map(String::len), message.base.id.as_ref().map(String::len), key.map(|key| key.text.len())];
        if !self.within(sizes.into_iter().flatten().sum()) {
            return Message::default();
        }
        let key = message.base.id.as_deref().and_then(|id| self.message_keys.get(id));
        let id = message.base.id.clone();
        Message {
            correlation_key: key.cloned(),
            name: name.map(|name| self.dialect.text(name, message.base.markup.position)),
            id,
        }
    }

    fn signal_name(&mut self, base: &BaseElement, reference: &Reference) -> Option<crate::property::Text> {
        let signal = self.resolve_root(18, base, "signalRef", reference, |root| match root {
            RootElement::Signal(signal) => Some(signal),
            _ => None,
        })?;
        let name = signal.name.as_ref().filter(|name| !name.is_empty()).or(signal.base.id.as_ref())?;
        if !self.within(name.len()) {
            return None;
        }
        Some(self.dialect.text(name, signal.base.markup.position))
    }

    fn error_code(&mut self, base: &BaseElement, reference: &Reference) -> Code {
        let error = self.resolve_root(18, base, "errorRef", reference, |root| match root {
            RootElement::Error(error) => Some(error),
            _ => None,
        });
        error.map_or_else(Code::default, |error| self.code(&error.base, &error.error_code, &error.name))
    }

    fn escalation_code(&mut self, base: &BaseElement, reference: &Reference) -> Code {
        let escalation = self.resolve_root(18, base, "escalationRef", reference, |root| match root {
            RootElement::Escalation(escalation) => Some(escalation),
            _ => None,
        });
        escalation.map_or_else(Code::default, |escalation| {
            self.code(&escalation.base, &escalation.escalation_code, &escalation.name)
        })
    }

    fn code(&mut self, base: &BaseElement, code: &Option<String>, name: &Option<String>) -> Code {
        let code = code.as_ref().filter(|code| !code.is_empty());
        if self.dialect.dialect == Dialect::Zeebe && code.is_some_and(|code| code.starts_with('=')) {
            self.error(507, base, "the code is an expression; only a static code is run");
        }
        Code { code: code.map(|code| self.shared(code)), name: name.as_ref().map(|name| self.shared(name)) }
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
        self.name_of(&entry)
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
        let targets = self.associations.get(base.id.as_deref()?).cloned().unwrap_or_default();
        let definitions = self.definitions;
        let found: Vec<FlowElementIx> = targets
            .iter()
            .filter_map(|target| self.index.resolve(target)?.flow_element)
            .filter(|row| definitions[*row].activity().is_some())
            .collect();
        let compensates = |row: &&FlowElementIx| {
            definitions[**row].activity().and_then(|activity| activity.is_for_compensation) == Some(true)
        };
        let Some(target) = found.iter().find(compensates) else {
            let message = match found.first().and_then(|row| definitions[*row].id()) {
                Some(id) => format!("`{id}` is not a compensation activity: `isForCompensation` is not true"),
                None => {
                    "no association leads from the compensation event to a compensation activity".to_owned()
                }
            };
            self.error(125, base, message);
            return None;
        };
        let node = level.rows.get(target).copied();
        if node.is_none() || definitions.container(*target) != definitions.container(row) {
            self.error(125, base, "the compensation event and its activity lie in different scopes");
        }
        node
    }
}

/// The ends of all associations by the id of their source.
pub(super) fn associations(definitions: &Definitions) -> HashMap<&str, Vec<&Reference>> {
    let mut ends: HashMap<&str, Vec<&Reference>> = HashMap::new();
    let nested = definitions.flow_elements.iter().filter_map(|element| element.sub_process());
    let artifacts = nested.flat_map(|sub_process| &sub_process.artifacts);
    let processes = definitions.root_elements.iter().filter_map(|root| match root {
        RootElement::Process(process) => Some(&process.artifacts),
        _ => None,
    });
    for artifact in processes.flatten().chain(artifacts) {
        let Artifact::Association(association) = artifact else { continue };
        if let (Some(source), Some(target)) = (&association.source_ref, &association.target_ref) {
            ends.entry(source.local()).or_default().push(target);
        }
    }
    ends
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
