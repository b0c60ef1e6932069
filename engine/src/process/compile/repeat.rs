//! Loop characteristics.

use super::Build;
use crate::expression::Compiled;
use crate::process::{Behavior, MultiInstance, Repeat};
use bpmn_parser::graph::{self, Activity, MultiBehavior, Node};
use bpmn_parser::property::{Expression, Language, Text};
use std::sync::Arc;

impl Build<'_> {
    pub(super) fn repeat(&mut self, node: &Node, activity: &Activity) -> Option<Repeat> {
        Some(match activity.repeat.as_ref()? {
            graph::Repeat::Standard { test_before, maximum, condition } => Repeat::Standard {
                test_before: *test_before,
                maximum: *maximum,
                condition: self.optional(&node.id, condition.as_ref()),
            },
            graph::Repeat::MultiInstance(multi) => {
                Repeat::MultiInstance(Box::new(self.multi_instance(node, multi)))
            }
        })
    }

    fn multi_instance(&mut self, node: &Node, multi: &graph::MultiInstance) -> MultiInstance {
        let data = &node.properties.loop_data;
        let name = |text: &str| tokenflow_feel::Text::from(text);
        let output_element = match (&data.output_element, &multi.output_item) {
            (Some(text), _) => Some(self.text(&node.id, text)),
            (None, Some(item)) => Some(self.variable(node, item)),
            (None, None) => None,
        };
        // A plain name as output element is a variable that each run declares for itself.
        let output_variable = match &data.output_element {
            Some(Text::Expression(expression)) => plain_name(&expression.text),
            Some(Text::Literal(_)) => None,
            None => multi.output_item.as_deref().map(name),
        };
        let input_element = data.input_element.as_deref().or(multi.input_item.as_deref()).map(name);
        MultiInstance {
            is_sequential: multi.is_sequential,
            cardinality: self.optional(&node.id, multi.cardinality.as_ref()),
            collection: match (&data.input_collection, &multi.data_input) {
                (Some(text), _) => Some(self.text(&node.id, text)),
                (None, Some(variable)) => Some(self.variable(node, variable)),
                (None, None) => None,
            },
            output_variable: output_variable.filter(|variable| Some(variable) != input_element.as_ref()),
            input_element,
            output_collection: data
                .output_collection
                .as_deref()
                .or(multi.data_output.as_deref())
                .map(Arc::from),
            output_element,
            completion_condition: self.optional(&node.id, multi.completion_condition.as_ref()),
            behavior: self.behavior(node, &multi.behavior),
        }
    }

    /// The variable of that name, as an expression.
    fn variable(&mut self, node: &Node, name: &str) -> Compiled {
        let expression =
            Expression { text: name.to_owned(), language: Language::Feel, position: node.position };
        self.expression(&node.id, &expression)
    }

    fn behavior(&mut self, node: &Node, behavior: &MultiBehavior) -> Behavior {
        let ix = self.graph.find(&node.id).expect("the node is a row of its graph");
        match behavior {
            MultiBehavior::All => Behavior::All,
            MultiBehavior::None(event) => {
                Behavior::None(event.as_ref().and_then(|event| self.throw(ix, event)))
            }
            MultiBehavior::One(event) => {
                Behavior::One(event.as_ref().and_then(|event| self.throw(ix, event)))
            }
            MultiBehavior::Complex(cases) => Behavior::Complex(
                cases
                    .iter()
                    .map(|(condition, trigger)| {
                        let throws =
                            trigger.definitions.iter().filter_map(|event| self.throw(ix, event)).collect();
                        (self.expression(&node.id, condition), throws)
                    })
                    .collect(),
            ),
        }
    }
}

fn plain_name(text: &str) -> Option<tokenflow_feel::Text> {
    let text = text.trim();
    let is_name =
        text.chars().all(|c| c.is_alphanumeric() || c == '_') && !text.starts_with(|c: char| c.is_numeric());
    (is_name && !text.is_empty()).then(|| tokenflow_feel::Text::from(text))
}
