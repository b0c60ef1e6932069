//! The neutral properties that vendor dialects are read into: one vocabulary, whatever tool saved the file.

use crate::Position;

/// The vendor vocabulary a file was written in; it decides a few rules of data flow and of timers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The standard alone.
    #[default]
    Plain,
    /// Camunda 8 (`zeebe:`).
    Zeebe,
    /// Camunda 7 (`camunda:`).
    Camunda,
    /// Flowable (`flowable:`).
    Flowable,
    /// Activiti (`activiti:`).
    Activiti,
}

/// The language of an expression, as far as the standard lets a file say it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// FEEL: by one of its URIs, by a leading `=`, or because the dialect means it.
    Feel,
    /// Neither the expression nor the file names one; it means whatever the vendor meant.
    Unnamed,
    /// `${…}`/`#{…}`, which the dialect could not translate to FEEL.
    Juel,
    /// Any other, by its URI or name.
    Other(String),
}

/// A formal or informal expression (8.4.6) with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// The body without the dialect's marks (`=`, `${` `}`), translated where the language is FEEL.
    pub text: String,
    /// What it is written in.
    pub language: Language,
    /// Where the body begins.
    pub position: Position,
}

/// A value that a dialect allows to be static text or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The text itself.
    Literal(String),
    /// Evaluated when it is needed.
    Expression(Expression),
}

/// One input or output mapping: the value of `source` becomes the variable `target`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// What is evaluated; a literal is a string.
    pub source: Text,
    /// The variable's name; a path `a.b` writes into a context.
    pub target: String,
    /// Where the mapping stands.
    pub position: Position,
}

/// Which version of a called process or decision is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Binding {
    /// The newest at the time of the call.
    #[default]
    Latest,
    /// The one deployed together with the caller.
    Deployment,
    /// This version.
    Version(Text),
    /// The newest with this version tag.
    VersionTag(Text),
}

/// What a call activity or business rule task calls, beyond the standard's attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// The id of the process or decision.
    pub id: Option<Text>,
    /// Which version.
    pub binding: Binding,
    /// Zeebe: all variables of the caller go in; absent means true.
    pub propagate_all_parent_variables: Option<bool>,
    /// Zeebe: all variables of the called process come back; absent means true.
    pub propagate_all_child_variables: Option<bool>,
    /// Camunda: `camunda:in` with source or expression and target; an all-variables entry is the flag above.
    pub inputs: Vec<Mapping>,
    /// Camunda: `camunda:out`.
    pub outputs: Vec<Mapping>,
    /// Camunda: how a decision's result becomes the result variable.
    pub map_decision_result: Option<String>,
}

/// The people side of a user task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Who has it.
    pub assignee: Option<Text>,
    /// Who may claim it; a literal is a comma-separated list.
    pub candidate_users: Option<Text>,
    /// Which groups may claim it; a literal is a comma-separated list.
    pub candidate_groups: Option<Text>,
    /// When it is due.
    pub due_date: Option<Text>,
    /// When it shows up in the worklist.
    pub follow_up_date: Option<Text>,
    /// A number, 0 to 100, 50 by default.
    pub priority: Option<Text>,
    /// The form: a key, an id or an outside reference.
    pub form: Option<Text>,
}

/// The data side of a multi-instance activity in a dialect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoopData {
    /// The list of items.
    pub input_collection: Option<Text>,
    /// The name of the variable that holds the item of an inner run.
    pub input_element: Option<String>,
    /// The name of the variable that collects the results by position.
    pub output_collection: Option<String>,
    /// The result of an inner run.
    pub output_element: Option<Text>,
}

/// What the dialects say about one element, in neutral words. Everything here is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// The type of the job that does the work.
    pub job_type: Option<Text>,
    /// How often a failed job is tried in all; absent means 3.
    pub retries: Option<Text>,
    /// The waits between tries, as an ISO-8601 cycle or list of durations.
    pub retry_cycle: Option<Text>,
    /// The priority of the job.
    pub job_priority: Option<Text>,
    /// Static key-value pairs for the worker, in document order.
    pub headers: Vec<(String, String)>,
    /// Evaluated in order on entry, each seeing earlier targets.
    pub inputs: Vec<Mapping>,
    /// Evaluated in order on completion.
    pub outputs: Vec<Mapping>,
    /// The correlation key of a message that is caught here (Zeebe puts it on the message).
    pub correlation_key: Option<Expression>,
    /// How long a message thrown here is kept.
    pub message_ttl: Option<Text>,
    /// The identity of a message thrown here.
    pub message_id: Option<Text>,
    /// People.
    pub people: People,
    /// A Zeebe user task that the engine manages itself (`zeebe:userTask`).
    pub native_user_task: bool,
    /// A script that is an expression of the engine's own language (`zeebe:script`).
    pub script: Option<Expression>,
    /// Where a script's, decision's or expression's result goes.
    pub result_variable: Option<String>,
    /// An expression that a service task evaluates instead of a job.
    pub service_expression: Option<Expression>,
    /// What is called.
    pub called: Called,
    /// Multi-instance data.
    pub loop_data: LoopData,
    /// The variable that takes the code of a caught error or escalation.
    pub code_variable: Option<String>,
    /// The variable that takes the message of a caught error.
    pub message_variable: Option<String>,
    /// The variable that takes the user who started the instance.
    pub initiator: Option<String>,
    /// The version tag of a process.
    pub version_tag: Option<String>,
    /// How long the history of an instance is kept, as written.
    pub history_time_to_live: Option<String>,
    /// The inner activities that an ad-hoc sub-process starts by itself: a list of ids.
    pub active_elements: Option<Expression>,
    /// The names and events that a conditional event reacts to, where the dialect restricts them.
    pub condition_filter: Option<(Vec<String>, Vec<String>)>,
}
