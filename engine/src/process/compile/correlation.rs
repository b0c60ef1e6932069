//! Correlation keys, under the names of the messages that carry them.

use super::Build;
use crate::process::correlation::{Correlation, KeyPlan};
use bpmn_parser::graph::{CorrelationKey, EventDefinition, Message, NodeKind, Task};
use bpmn_parser::property::{Expression, Text};
use std::collections::BTreeMap;

impl Build<'_> {
    pub(super) fn correlation(&mut self) -> Correlation {
        let names = self.message_names();
        let graph = self.graph;
        let keys = graph.correlation.iter().map(|key| self.key_plan(key, &names)).collect();
        Correlation { keys }
    }

    /// The names of the messages that the process catches or throws, by their ids.
    fn message_names(&self) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        let mut add = |message: &Message| {
            if let (Some(id), Some(Text::Literal(name))) = (&message.id, &message.name) {
                names.insert(id.clone(), name.clone());
            }
        };
        for node in &self.graph.nodes {
            match &node.kind {
                NodeKind::Task(
                    Task::Send { message: Some(message), .. } | Task::Receive { message: Some(message), .. },
                    _,
                ) => {
                    add(message);
                }
                _ => {
                    for definition in node.kind.trigger().into_iter().flat_map(|trigger| &trigger.definitions)
                    {
                        if let EventDefinition::Message(message) = definition {
                            add(message);
                        }
                    }
                }
            }
        }
        names
    }

    fn key_plan(&mut self, key: &CorrelationKey, names: &BTreeMap<String, String>) -> KeyPlan {
        let mut retrievals = BTreeMap::new();
        for (id, name) in names {
            let path_of = |(message, path): &(String, Expression)| (message == id).then(|| path.clone());
            let paths: Option<Vec<Expression>> =
                key.properties.iter().map(|property| property.retrievals.iter().find_map(path_of)).collect();
            if let Some(paths) = paths.filter(|paths| !paths.is_empty()) {
                let compiled = paths.iter().map(|path| self.expression(&key.id, path)).collect();
                retrievals.insert(name.clone(), compiled);
            }
        }
        let subscription = self.graph.subscriptions.iter().find(|subscription| subscription.key == key.id);
        let bindings = subscription.and_then(|subscription| {
            let bound = |property: &bpmn_parser::graph::CorrelationProperty| {
                let binding = subscription.bindings.iter().find(|(id, _)| *id == property.id);
                binding.map(|(_, path)| path.clone())
            };
            key.properties.iter().map(bound).collect::<Option<Vec<Expression>>>()
        });
        let bindings =
            bindings.map(|paths| paths.iter().map(|path| self.expression(&key.id, path)).collect());
        KeyPlan { retrievals, bindings }
    }
}
