//! Event definitions with their references resolved, hosts of boundary events, compensation activities.

use super::Lowering;
use super::process::Level;
use crate::graph::{Code, EventDefinition, Message, NodeIx, Trigger};
use crate::model::{
    self, Artifact, BaseElement, BoundaryEvent, CatchEvent, Definitions, Reference, RootElement, ThrowEvent,
};
use crate::property::Dialect;
use std::collections::HashMap;

impl<'d> Lowering<'d, '_> {
    pub(super) fn catch_trigger(&mut self, catch: &'d CatchEvent, level: &Level) -> Trigger {
        let definitions = self.definitions_of(&catch.event_definitions, &catch.event_definition_refs, level);
        Trigger { parallel_multiple: catch.parallel_multiple.unwrap_or(false), definitions }
    }

    pub(super) fn throw_trigger(&mut self, throw: &'d ThrowEvent, level: &Level) -> Trigger {
        let definitions = self.definitions_of(&throw.event_definitions, &throw.event_definition_refs, level);
        Trigger { parallel_multiple: false, definitions }
    }

    fn definitions_of(
        &mut self,
        inline: &'d [model::EventDefinition],
        references: &'d [Reference],
        level: &Level,
    ) -> Vec<EventDefinition> {
        let mut found: Vec<EventDefinition> =
            inline.iter().filter_map(|definition| self.event_definition(definition, level)).collect();
        for reference in references {
            let Some(definition) = self.event_definition_ref(reference) else { continue };
            if self.within(text_bytes(definition)) {
                found.extend(self.event_definition(definition, level));
            }
        }
        found
    }

    /// A root event definition that a reference means.
    pub(super) fn event_definition_ref(&self, reference: &Reference) -> Option<&'d model::EventDefinition> {
        self.resolve_root(reference, |root| {
            let RootElement::EventDefinition(definition) = root else { return None };
            Some(definition)
        })
    }

    pub(super) fn event_definition(
        &mut self,
        definition: &'d model::EventDefinition,
        level: &Level,
    ) -> Option<EventDefinition> {
        Some(match definition {
            model::EventDefinition::Message(message) => {
                EventDefinition::Message(match &message.message_ref {
                    Some(reference) => self.message(reference),
                    None => Message::default(),
                })
            }
            model::EventDefinition::Timer(timer) => EventDefinition::Timer(self.timer(timer)?),
            model::EventDefinition::Signal(signal) => EventDefinition::Signal {
                name: signal.signal_ref.as_ref().and_then(|reference| self.signal_name(reference)),
            },
            model::EventDefinition::Error(error) => EventDefinition::Error(match &error.error_ref {
                Some(reference) => self.error_code(reference),
                None => Code::default(),
            }),
            model::EventDefinition::Escalation(escalation) => {
                EventDefinition::Escalation(match &escalation.escalation_ref {
                    Some(reference) => self.escalation_code(reference),
                    None => Code::default(),
                })
            }
            model::EventDefinition::Cancel(_) => EventDefinition::Cancel,
            model::EventDefinition::Compensate(compensate) => {
                let reference = compensate.activity_ref.as_ref();
                EventDefinition::Compensation {
                    activity: reference.and_then(|it| self.activity_row(it, level)),
                    wait_for_completion: compensate.wait_for_completion.unwrap_or(true),
                }
            }
            model::EventDefinition::Conditional(conditional) => {
                EventDefinition::Conditional(self.dialect.condition(conditional.condition.as_ref()?))
            }
            model::EventDefinition::Link(link) => {
                EventDefinition::Link { name: link.name.clone().unwrap_or_default() }
            }
            model::EventDefinition::Terminate(_) => EventDefinition::Terminate,
        })
    }

    /// The message that a reference means.
    pub(super) fn message(&mut self, reference: &Reference) -> Message {
        let found = self.resolve_root(reference, |root| {
            let RootElement::Message(message) = root else { return None };
            Some(message)
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

    fn signal_name(&mut self, reference: &Reference) -> Option<crate::property::Text> {
        let signal = self.resolve_root(reference, |root| {
            let RootElement::Signal(signal) = root else { return None };
            Some(signal)
        })?;
        let name = signal.name.as_ref().filter(|name| !name.is_empty()).or(signal.base.id.as_ref())?;
        if !self.within(name.len()) {
            return None;
        }
        Some(self.dialect.text(name, signal.base.markup.position))
    }

    fn error_code(&mut self, reference: &Reference) -> Code {
        let error = self.resolve_root(reference, |root| {
            let RootElement::Error(error) = root else { return None };
            Some(error)
        });
        error.map_or_else(Code::default, |error| self.code(&error.base, &error.error_code, &error.name))
    }

    fn escalation_code(&mut self, reference: &Reference) -> Code {
        let escalation = self.resolve_root(reference, |root| {
            let RootElement::Escalation(escalation) = root else { return None };
            Some(escalation)
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
    pub(super) fn operation(&mut self, reference: &Reference) -> Option<String> {
        let entry = self.resolve(reference).filter(|entry| entry.name == "operation")?;
        self.name_of(&entry)
    }

    /// The activity that a boundary event is attached to.
    pub(super) fn host(&self, event: &BoundaryEvent, level: &Level) -> Option<NodeIx> {
        self.activity_row(event.attached_to_ref.as_ref()?, level)
    }

    /// The row of an activity of this process that a reference means.
    fn activity_row(&self, reference: &Reference, level: &Level) -> Option<NodeIx> {
        let row = self.resolve(reference)?.flow_element;
        let row = row.filter(|row| self.definitions[*row].activity().is_some())?;
        level.rows.get(&row).copied()
    }

    /// The activity that an association joins a compensation boundary event to.
    pub(super) fn compensation_activity(&self, event: &BoundaryEvent, level: &Level) -> Option<NodeIx> {
        let compensates = |it: &model::EventDefinition| matches!(it, model::EventDefinition::Compensate(_));
        if !event.catch.event_definitions.iter().any(compensates) {
            return None;
        }
        let base = &event.catch.event.node.element.base;
        let id = base.id.as_deref()?;
        // Of several elements with one id the associations mean the first.
        let first = self.index.find(id)?.element.markup().position;
        let joined = self.associations.get(id).filter(|_| first == base.markup.position)?;
        let definitions = self.definitions;
        let mut rows = joined.iter().filter_map(|end| self.index.resolve(end)?.flow_element);
        let handler = rows.find(|row| {
            let activity = definitions[*row].activity();
            activity.is_some_and(|activity| activity.is_for_compensation == Some(true))
        })?;
        level.rows.get(&handler).copied()
    }
}

/// How much text a definition holds, which each event that refers to it holds again.
fn text_bytes(definition: &model::EventDefinition) -> usize {
    let length =
        |expression: &Option<model::Expression>| expression.as_ref().map_or(0, |it| it.body.text.len());
    match definition {
        model::EventDefinition::Link(link) => link.name.as_ref().map_or(0, String::len),
        model::EventDefinition::Conditional(conditional) => length(&conditional.condition),
        model::EventDefinition::Timer(timer) => {
            length(&timer.time_date) + length(&timer.time_duration) + length(&timer.time_cycle)
        }
        model::EventDefinition::Message(_)
        | model::EventDefinition::Signal(_)
        | model::EventDefinition::Error(_)
        | model::EventDefinition::Escalation(_)
        | model::EventDefinition::Compensate(_)
        | model::EventDefinition::Cancel(_)
        | model::EventDefinition::Terminate(_) => 0,
    }
}

/// The other ends of all associations by the id of an end: files do not agree on their direction.
pub(super) fn associations(definitions: &Definitions) -> HashMap<&str, Vec<&Reference>> {
    let mut ends: HashMap<&str, Vec<&Reference>> = HashMap::new();
    let nested = definitions.flow_elements.iter().filter_map(|element| element.sub_process());
    let artifacts = nested.flat_map(|sub_process| &sub_process.artifacts);
    let processes = definitions.root_elements.iter().filter_map(|root| {
        let RootElement::Process(process) = root else { return None };
        Some(&process.artifacts)
    });
    for artifact in processes.flatten().chain(artifacts) {
        let Artifact::Association(association) = artifact else { continue };
        if let (Some(source), Some(target)) = (&association.source_ref, &association.target_ref) {
            ends.entry(source.local()).or_default().push(target);
            ends.entry(target.local()).or_default().push(source);
        }
    }
    ends
}
