//! Activities: their kinds, quantities and loops, with the dialect's properties.

use super::Lowering;
use super::process::Level;
use crate::graph::{
    Activity, CallActivity, MultiBehavior, MultiInstance, NodeKind, Repeat, SubProcess, Task, Trigger,
};
use crate::model::{
    self, AdHocOrdering, AdHocSubProcess, BaseElement, FlowElement, LoopCharacteristics,
    MultiInstanceFlowCondition, MultiInstanceLoopCharacteristics, Reference, Script,
    StandardLoopCharacteristics,
};
use crate::property::{Expression, Language, Properties};

impl<'d> Lowering<'d, '_> {
    /// What an activity is as a node; none for everything else.
    pub(super) fn activity_kind(&mut self, element: &'d FlowElement, level: &Level) -> Option<NodeKind> {
        let task = match element {
            FlowElement::Task(_) => Task::Abstract,
            FlowElement::ManualTask(_) => Task::Manual,
            FlowElement::ServiceTask(it) => Task::Service {
                implementation: it.implementation.clone(),
                operation: it.operation_ref.as_ref().and_then(|operation| self.operation(operation)),
            },
            FlowElement::SendTask(it) => Task::Send {
                message: it.message_ref.as_ref().map(|message| self.message(message)),
                implementation: it.implementation.clone(),
            },
            FlowElement::ReceiveTask(it) => Task::Receive {
                message: it.message_ref.as_ref().map(|message| self.message(message)),
                instantiate: it.instantiate.unwrap_or(false),
            },
            FlowElement::UserTask(it) => Task::User { implementation: it.implementation.clone() },
            FlowElement::BusinessRuleTask(it) => {
                Task::BusinessRule { implementation: it.implementation.clone() }
            }
            FlowElement::ScriptTask(it) => self.script(it.script_format.as_deref(), it.script.as_ref()),
            FlowElement::CallActivity(it) => return Some(self.call_activity(it, level)),
            FlowElement::SubProcess(it) => {
                let is_event = it.triggered_by_event == Some(true);
                let kind = if is_event { SubProcess::Event } else { SubProcess::Embedded };
                return Some(NodeKind::SubProcess(kind, self.activity(&it.activity, level)));
            }
            FlowElement::Transaction(it) => {
                let kind = SubProcess::Transaction { method: it.method.clone() };
                return Some(NodeKind::SubProcess(kind, self.activity(&it.sub_process.activity, level)));
            }
            FlowElement::AdHocSubProcess(it) => {
                let kind = self.ad_hoc(it);
                return Some(NodeKind::SubProcess(kind, self.activity(&it.sub_process.activity, level)));
            }
            FlowElement::SequenceFlow(_)
            | FlowElement::ExclusiveGateway(_)
            | FlowElement::InclusiveGateway(_)
            | FlowElement::ParallelGateway(_)
            | FlowElement::ComplexGateway(_)
            | FlowElement::EventBasedGateway(_)
            | FlowElement::StartEvent(_)
            | FlowElement::IntermediateCatchEvent(_)
            | FlowElement::IntermediateThrowEvent(_)
            | FlowElement::BoundaryEvent(_)
            | FlowElement::EndEvent(_)
            | FlowElement::ImplicitThrowEvent(_)
            | FlowElement::DataObject(_)
            | FlowElement::DataObjectReference(_)
            | FlowElement::DataStoreReference(_)
            | FlowElement::ChoreographyTask(_)
            | FlowElement::SubChoreography(_)
            | FlowElement::CallChoreography(_) => return None,
        };
        Some(NodeKind::Task(task, self.activity(element.activity()?, level)))
    }

    fn call_activity(&mut self, call: &'d model::CallActivity, level: &Level) -> NodeKind {
        let called = call.called_element.as_ref();
        let called_element = called.filter(|it| !self.dialect.is_expression(&it.text));
        let called_element = called_element.map(|called| called.local().to_owned());
        NodeKind::CallActivity(CallActivity { called_element }, self.activity(&call.activity, level))
    }

    fn ad_hoc(&mut self, ad_hoc: &AdHocSubProcess) -> SubProcess {
        let condition = ad_hoc.completion_condition.as_ref();
        SubProcess::AdHoc {
            sequential: ad_hoc.ordering == Some(AdHocOrdering::Sequential),
            cancel_remaining_instances: ad_hoc.cancel_remaining_instances.unwrap_or(true),
            completion_condition: condition.map(|condition| self.dialect.condition(condition)),
        }
    }

    /// A script in the language that its format names.
    pub(super) fn script(&mut self, format: Option<&str>, script: Option<&Script>) -> Task {
        let language = match format {
            None | Some("") => Language::Unnamed,
            Some(format) => crate::dialect::language(format),
        };
        let script = script.map(|script| Expression {
            text: script.content.joined_text(),
            language,
            position: script.markup.position,
        });
        Task::Script { format: format.map(str::to_owned), script }
    }

    pub(super) fn activity(&mut self, activity: &'d model::Activity, level: &Level) -> Activity {
        let repeat = match &activity.loop_characteristics {
            None => None,
            Some(LoopCharacteristics::Standard(standard)) => Some(self.standard_loop(standard)),
            Some(LoopCharacteristics::MultiInstance(multi)) => {
                Some(Repeat::MultiInstance(Box::new(self.multi_instance(multi, level))))
            }
        };
        Activity {
            is_for_compensation: activity.is_for_compensation.unwrap_or(false),
            start_quantity: quantity(activity.start_quantity),
            completion_quantity: quantity(activity.completion_quantity),
            repeat,
        }
    }

    fn standard_loop(&mut self, standard: &StandardLoopCharacteristics) -> Repeat {
        let maximum = standard.loop_maximum.and_then(|maximum| u32::try_from(maximum).ok());
        Repeat::Standard {
            test_before: standard.test_before.unwrap_or(false),
            maximum,
            condition: standard.loop_condition.as_ref().map(|condition| self.dialect.condition(condition)),
        }
    }

    fn multi_instance(
        &mut self,
        multi: &'d MultiInstanceLoopCharacteristics,
        level: &Level,
    ) -> MultiInstance {
        // What no element has for its id is the name of a variable (R121).
        let mut collection = |reference: &Option<Reference>| {
            let reference = reference.as_ref()?;
            match self.resolve(reference) {
                Some(_) => self.data_name(reference),
                None => Some(self.shared(&reference.text)),
            }
        };
        let data_input = collection(&multi.loop_data_input_ref);
        let data_output = collection(&multi.loop_data_output_ref);
        let item = |name: &Option<String>, base: &BaseElement| name.clone().or_else(|| base.id.clone());
        let input_item = multi.input_data_item.as_ref().and_then(|it| item(&it.name, &it.base));
        let output_item = multi.output_data_item.as_ref().and_then(|it| item(&it.name, &it.base));
        MultiInstance {
            is_sequential: multi.is_sequential.unwrap_or(false),
            cardinality: multi.loop_cardinality.as_ref().map(|it| self.dialect.condition(it)),
            data_input,
            data_output,
            input_item,
            output_item,
            completion_condition: multi.completion_condition.as_ref().map(|it| self.dialect.condition(it)),
            behavior: self.behavior(multi, level),
        }
    }

    fn behavior(&mut self, multi: &'d MultiInstanceLoopCharacteristics, level: &Level) -> MultiBehavior {
        let mut event = |reference: &Option<Reference>| {
            let definition = self.event_definition_ref(reference.as_ref()?)?;
            self.event_definition(definition, level)
        };
        match multi.behavior {
            None | Some(MultiInstanceFlowCondition::All) => MultiBehavior::All,
            Some(MultiInstanceFlowCondition::None) => {
                MultiBehavior::None(event(&multi.none_behavior_event_ref))
            }
            Some(MultiInstanceFlowCondition::One) => MultiBehavior::One(event(&multi.one_behavior_event_ref)),
            Some(MultiInstanceFlowCondition::Complex) => {
                let mut behaviors = Vec::new();
                for definition in &multi.complex_behavior_definitions {
                    let Some(condition) = &definition.condition else { continue };
                    let condition = self.dialect.condition(condition);
                    let event = definition.event.as_ref();
                    let trigger =
                        event.map_or_else(Trigger::default, |it| self.throw_trigger(&it.throw, level));
                    behaviors.push((condition, trigger));
                }
                MultiBehavior::Complex(behaviors)
            }
        }
    }

    /// What the dialect says of a node, of its loop characteristics and of its event definitions.
    pub(super) fn node_properties(&mut self, element: &FlowElement) -> Properties {
        let mut properties = self.dialect.properties(element.name(), element.base());
        if let FlowElement::CallActivity(call) = element
            && let Some(called) =
                call.called_element.as_ref().filter(|it| self.dialect.is_expression(&it.text))
        {
            let position = element.position();
            properties.called.id.get_or_insert_with(|| self.dialect.text(&called.text, position));
        }
        if let Some(characteristics) = element.activity().and_then(|it| it.loop_characteristics.as_ref()) {
            let base = match characteristics {
                LoopCharacteristics::Standard(standard) => &standard.base,
                LoopCharacteristics::MultiInstance(multi) => &multi.base,
            };
            self.dialect.add_properties(characteristics.name(), base, &mut properties);
        }
        let catch = element.catch_event().map(|catch| &catch.event_definitions);
        let throw = element.throw_event().map(|throw| &throw.event_definitions);
        for definition in catch.into_iter().chain(throw).flatten() {
            self.dialect.add_properties(definition.name(), definition.base(), &mut properties);
        }
        properties
    }
}

/// A quantity below one has been refused.
fn quantity(value: Option<i64>) -> u32 {
    value.and_then(|value| u32::try_from(value).ok()).unwrap_or(1).max(1)
}
