//! Message flows as routing, and the correlation of each process (8.4.2, 9.4).

use super::{Lowering, id_or_place};
use crate::graph::{
    CorrelationKey, CorrelationProperty, CorrelationSubscription, MessageEnd, MessageFlow, Model,
};
use crate::model::{
    self, Collaboration, Conversation, ConversationNode, ConversationNodeIx, Definitions, Entry, Participant,
    Process, Reference, RootElement,
};
use std::collections::HashMap;
use std::sync::Arc;

impl<'d> Lowering<'d, '_> {
    pub(super) fn collaborations(&mut self, model: &mut Model) {
        let definitions = self.definitions;
        let rows = model.processes.iter().enumerate().filter(|(_, process)| !process.is_global_task);
        self.process_rows = rows.map(|(row, process)| (process.id.clone(), row)).collect();
        for collaboration in definitions.root_elements.iter().filter_map(RootElement::collaboration) {
            let processes = self.participants(collaboration);
            for flow in &collaboration.message_flows {
                model.message_flows.extend(self.message_flow(flow, &processes));
            }
            self.correlation(collaboration, &processes, model);
        }
    }

    /// The processes of the participants, by the id of the participant.
    fn participants(&mut self, collaboration: &'d Collaboration) -> HashMap<&'d str, &'d Process> {
        let mut processes = HashMap::new();
        for participant in &collaboration.participants {
            let process = self.participant_process(participant);
            if let (Some(id), Some(process)) = (participant.base.id.as_deref(), process) {
                processes.insert(id, process);
            }
        }
        processes
    }

    fn participant_process(&mut self, participant: &'d Participant) -> Option<&'d Process> {
        let reference = participant.process_ref.as_ref()?;
        self.resolve_root(reference, |root| {
            let RootElement::Process(process) = root else { return None };
            Some(&**process)
        })
    }

    fn message_flow(
        &mut self,
        flow: &'d model::MessageFlow,
        processes: &HashMap<&'d str, &'d Process>,
    ) -> Option<MessageFlow> {
        let source = self.message_end(flow.source_ref.as_ref()?, processes);
        let target = self.message_end(flow.target_ref.as_ref()?, processes);
        let message = flow.message_ref.as_ref().and_then(|reference| {
            let message = self.message(reference);
            message.id
        });
        Some(MessageFlow {
            id: id_or_place(flow.base.id.as_deref(), flow.base.markup.position),
            position: flow.base.markup.position,
            source: source?,
            target: target?,
            message,
        })
    }

    fn message_end(
        &self,
        reference: &Reference,
        processes: &HashMap<&'d str, &'d Process>,
    ) -> Option<MessageEnd> {
        let entry = self.resolve(reference)?;
        if entry.name == "participant" {
            let id = entry.element.id()?;
            return Some(match processes.get(id).and_then(|process| process.callable.base.id.clone()) {
                Some(process) => MessageEnd::Process(process),
                None => MessageEnd::BlackBox(id.to_owned()),
            });
        }
        let process = self.process_of(&entry)?;
        Some(MessageEnd::Node { process, node: entry.element.id()?.to_owned() })
    }

    /// The id of the process that an activity or event lies in.
    fn process_of(&self, entry: &Entry<'d>) -> Option<String> {
        let element = &self.definitions[entry.flow_element?];
        if element.activity().is_none() && element.event().is_none() {
            return None;
        }
        let RootElement::Process(process) = &self.definitions.root_elements[entry.root? as usize] else {
            return None;
        };
        process.callable.base.id.clone()
    }

    /// Gives each process the keys of its collaboration and of the conversations that it takes part in.
    fn correlation(
        &mut self,
        collaboration: &'d Collaboration,
        processes: &HashMap<&'d str, &'d Process>,
        model: &mut Model,
    ) {
        let row = |participant: &str| {
            let id = processes.get(participant)?.callable.base.id.as_deref()?;
            self.process_rows.get(id).copied()
        };
        let everyone: Vec<usize> =
            collaboration.participants.iter().filter_map(|it| row(it.base.id.as_deref()?)).collect();
        let mut keys: Vec<(&model::CorrelationKey, Arc<[usize]>)> = Vec::new();
        for node in conversations(self.definitions, &collaboration.conversation_nodes) {
            let rows: Arc<[usize]> = node.participant_refs.iter().filter_map(|it| row(it.local())).collect();
            keys.extend(node.correlation_keys.iter().map(|key| (key, Arc::clone(&rows))));
        }
        for key in &collaboration.correlation_keys {
            if !self.give_key(key, &everyone, model) {
                return;
            }
        }
        for (key, rows) in keys {
            if !self.give_key(key, &rows, model) {
                return;
            }
        }
    }

    /// Adds a key to processes; false beyond the limit of what may be held twice.
    fn give_key(&mut self, key: &'d model::CorrelationKey, rows: &[usize], model: &mut Model) -> bool {
        if rows.is_empty() {
            return true;
        }
        let lowered = self.correlation_key(key);
        for row in rows {
            if !self.within(size(&lowered)) {
                return false;
            }
            let known = &mut model.processes[*row].correlation;
            if known.last().is_none_or(|last| last.id != lowered.id) {
                known.push(lowered.clone());
            }
        }
        true
    }

    fn correlation_key(&mut self, key: &'d model::CorrelationKey) -> CorrelationKey {
        let mut properties = Vec::new();
        for reference in &key.correlation_property_refs {
            properties.extend(self.correlation_property(reference));
        }
        CorrelationKey { id: id_or_place(key.base.id.as_deref(), key.base.markup.position), properties }
    }

    fn correlation_property(&mut self, reference: &Reference) -> Option<CorrelationProperty> {
        let property = self.resolve_root(reference, |root| {
            let RootElement::CorrelationProperty(property) = root else { return None };
            Some(&**property)
        })?;
        let mut retrievals = Vec::new();
        for retrieval in &property.retrieval_expressions {
            let (Some(message), Some(path)) = (&retrieval.message_ref, &retrieval.message_path) else {
                continue;
            };
            let message = self.message(message);
            retrievals.extend(message.id.map(|id| (id, self.dialect.expression(path))));
        }
        let id = id_or_place(property.base.id.as_deref(), property.base.markup.position);
        Some(CorrelationProperty { id, retrievals })
    }

    pub(super) fn subscriptions(&mut self, process: &'d Process) -> Vec<CorrelationSubscription> {
        let mut subscriptions = Vec::new();
        for subscription in &process.correlation_subscriptions {
            let Some(reference) = &subscription.correlation_key_ref else { continue };
            let key = self.resolve(reference).filter(|it| it.name == "correlationKey");
            let Some(key) = key else { continue };
            let mut bindings = Vec::new();
            for binding in &subscription.bindings {
                let (Some(property), Some(path)) = (&binding.correlation_property_ref, &binding.data_path)
                else {
                    continue;
                };
                let property = self.resolve(property).filter(|it| it.name == "correlationProperty");
                let id = property.and_then(|property| property.element.id());
                bindings.extend(id.map(|id| (id.to_owned(), self.dialect.expression(path))));
            }
            let key = key.element.id().unwrap_or_default().to_owned();
            subscriptions.push(CorrelationSubscription { key, bindings });
        }
        subscriptions
    }
}

/// About how many bytes a key takes.
fn size(key: &CorrelationKey) -> usize {
    let retrievals = key.properties.iter().flat_map(|property| &property.retrievals);
    let texts: usize = retrievals.map(|(message, path)| message.len() + path.text.len() + 64).sum();
    texts + key.id.len() + key.properties.iter().map(|property| property.id.len() + 64).sum::<usize>()
}

/// The conversations of all levels.
fn conversations<'d>(definitions: &'d Definitions, top: &[ConversationNodeIx]) -> Vec<&'d Conversation> {
    let mut found = Vec::new();
    let mut waiting: Vec<ConversationNodeIx> = top.iter().rev().copied().collect();
    while let Some(row) = waiting.pop() {
        match &definitions[row] {
            ConversationNode::Conversation(conversation) => found.push(&**conversation),
            ConversationNode::CallConversation(call) => found.push(&call.conversation),
            ConversationNode::SubConversation(sub) => {
                found.push(&sub.conversation);
                waiting.extend(sub.conversation_nodes.iter().rev());
            }
        }
    }
    found
}
