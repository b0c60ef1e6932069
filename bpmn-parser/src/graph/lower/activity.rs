//! What activities share: quantities and loops, with the dialect's properties.

use super::Lowering;
use super::process::Level;
use crate::graph::{Activity, MultiBehavior, MultiInstance, Repeat, Trigger};
use crate::model::{
    self, BaseElement, FlowElement, LoopCharacteristics, MultiInstanceFlowCondition,
    MultiInstanceLoopCharacteristics, Reference, StandardLoopCharacteristics,
};
use crate::property::Properties;

impl<'d> Lowering<'d, '_> {
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
