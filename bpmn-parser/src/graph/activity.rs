//! What activities are: tasks, sub-processes, call activities, loops.

use super::{EventDefinition, Message, Trigger};
use crate::property::Expression;

/// What all activities share (10.3).
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// `isForCompensation`.
    pub is_for_compensation: bool,
    /// `startQuantity`, at least 1.
    pub start_quantity: u32,
    /// `completionQuantity`, at least 1.
    pub completion_quantity: u32,
    /// Loop characteristics.
    pub repeat: Option<Repeat>,
}

impl Default for Activity {
    fn default() -> Self {
        Activity { is_for_compensation: false, start_quantity: 1, completion_quantity: 1, repeat: None }
    }
}

/// Loop characteristics (10.3.8).
#[derive(Clone, Debug, PartialEq)]
pub enum Repeat {
    /// `standardLoopCharacteristics`.
    Standard {
        /// The condition is evaluated before each run rather than after.
        test_before: bool,
        /// The cap on the runs.
        maximum: Option<u32>,
        /// Loops while true.
        condition: Option<Expression>,
    },
    /// `multiInstanceLoopCharacteristics`.
    MultiInstance(Box<MultiInstance>),
}

/// `multiInstanceLoopCharacteristics` (Table 10.29).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MultiInstance {
    /// One after another rather than side by side.
    pub is_sequential: bool,
    /// The number of runs.
    pub cardinality: Option<Expression>,
    /// The name of the data element that holds the items.
    pub data_input: Option<String>,
    /// The name of the data element that collects the results.
    pub data_output: Option<String>,
    /// The name of the data input that holds the item of a run.
    pub input_item: Option<String>,
    /// The name of the data output that holds the result of a run.
    pub output_item: Option<String>,
    /// Evaluated after each run; true cancels the rest.
    pub completion_condition: Option<Expression>,
    /// What is thrown as runs complete.
    pub behavior: MultiBehavior,
}

/// `behavior` of a multi-instance activity.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum MultiBehavior {
    /// Nothing is thrown.
    #[default]
    All,
    /// At every completion: the event, or a default signal.
    None(Option<EventDefinition>),
    /// At the first completion: the event, or a default signal.
    One(Option<EventDefinition>),
    /// At every completion, each whose condition is true.
    Complex(Vec<(Expression, Trigger)>),
}

/// The kind of a task (10.3.3).
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// A task without type: completes at once.
    Abstract,
    /// `serviceTask`.
    Service {
        /// `implementation`, as written.
        implementation: Option<String>,
        /// The name of the operation.
        operation: Option<String>,
    },
    /// `sendTask`.
    Send {
        /// The message.
        message: Option<Message>,
        /// `implementation`, as written.
        implementation: Option<String>,
    },
    /// `receiveTask`.
    Receive {
        /// The message.
        message: Option<Message>,
        /// It creates the instance.
        instantiate: bool,
    },
    /// `userTask`.
    User {
        /// `implementation`, as written.
        implementation: Option<String>,
    },
    /// `manualTask`: completes at once.
    Manual,
    /// `businessRuleTask`.
    BusinessRule {
        /// `implementation`, as written.
        implementation: Option<String>,
    },
    /// `scriptTask`.
    Script {
        /// `scriptFormat`, as written.
        format: Option<String>,
        /// The script.
        script: Option<Expression>,
    },
}

/// The kind of a sub-process (10.3.5).
#[derive(Clone, Debug, PartialEq)]
pub enum SubProcess {
    /// In the normal flow.
    Embedded,
    /// `triggeredByEvent`.
    Event,
    /// `transaction`.
    Transaction {
        /// `method`, as written.
        method: Option<String>,
    },
    /// `adHocSubProcess`.
    AdHoc {
        /// One inner activity at a time.
        sequential: bool,
        /// `cancelRemainingInstances`.
        cancel_remaining_instances: bool,
        /// Evaluated after each inner completion.
        completion_condition: Option<Expression>,
    },
}

/// `callActivity` (10.3.6).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CallActivity {
    /// The local name of `calledElement`; a dialect may say it in `properties.called` instead.
    pub called_element: Option<String>,
}
