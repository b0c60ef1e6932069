//! Boxed expressions (10.2.1): what a decision model puts together from texts.

use crate::error::CompileError;
use crate::types::Type;
use crate::value::Value;
use std::fmt;
use std::sync::Arc;

/// A boxed expression. A whole requirement graph is a context, one entry for each decision.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Boxed {
    /// A FEEL text.
    Literal(String),
    /// An expression whose value is converted to a type.
    Typed(Box<Boxed>, Type),
    /// Named entries, each of which sees those before it; with a result, the value is that alone.
    Context {
        /// The entries.
        entries: Vec<(String, Boxed)>,
        /// The result.
        result: Option<Box<Boxed>>,
    },
    /// Items.
    List(Vec<Boxed>),
    /// Contexts that all have the same entries.
    Relation {
        /// The names of the entries.
        columns: Vec<String>,
        /// The values, row by row.
        rows: Vec<Vec<Boxed>>,
    },
    /// A function; one that is the entry of a context may invoke itself by that name.
    Function {
        /// The names of the parameters with their types.
        parameters: Vec<(String, Option<Type>)>,
        /// What it answers.
        body: Box<Boxed>,
    },
    /// An invocation with named arguments.
    Invocation {
        /// The function.
        function: Box<Boxed>,
        /// The arguments.
        bindings: Vec<(String, Boxed)>,
    },
    /// If, then, else.
    Conditional(Box<Boxed>, Box<Boxed>, Box<Boxed>),
    /// The items of a list that fulfil a condition.
    Filter(Box<Boxed>, Box<Boxed>),
    /// An iteration over a list.
    Iterator {
        /// Which one.
        kind: IteratorKind,
        /// The name of the item.
        variable: String,
        /// The list.
        list: Box<Boxed>,
        /// What is asked of each item.
        body: Box<Boxed>,
    },
    /// A decision table.
    DecisionTable(DecisionTable),
}

/// The iterations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IteratorKind {
    /// The list of all answers.
    For,
    /// Whether one answer is true.
    Some,
    /// Whether all answers are true.
    Every,
}

/// A decision table (clause 8): texts for its cells.
#[derive(Clone, Debug, Default)]
pub struct DecisionTable {
    /// The name under which its judgements are recorded.
    pub name: String,
    /// The input clauses.
    pub inputs: Vec<InputClause>,
    /// The output clauses.
    pub outputs: Vec<OutputClause>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// Which of the rules that match count.
    pub policy: HitPolicy,
}

/// An input of a decision table.
#[derive(Clone, Debug, Default)]
pub struct InputClause {
    /// The expression whose value is tested.
    pub expression: String,
    /// The unary tests that every value fulfils.
    pub allowed: Option<String>,
}

/// An output of a decision table.
#[derive(Clone, Debug, Default)]
pub struct OutputClause {
    /// The name; needed when there are several.
    pub name: String,
    /// The values in the order of their priority, as unary tests.
    pub allowed: Option<String>,
    /// The value when no rule matches.
    pub default: Option<String>,
}

/// A rule of a decision table.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// Unary tests, one for each input; `-` or nothing is fulfilled by every value.
    pub inputs: Vec<String>,
    /// Expressions, one for each output.
    pub outputs: Vec<String>,
}

/// Which of the rules that match count, and how (10.3.2.10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HitPolicy {
    /// One rule at most may match.
    #[default]
    Unique,
    /// All that match must have the same output.
    Any,
    /// The output that comes first among the allowed ones.
    Priority,
    /// The first rule that matches.
    First,
    /// The outputs of all, perhaps aggregated.
    Collect(Option<Aggregation>),
    /// The outputs of all in the order of the rules.
    RuleOrder,
    /// The outputs of all in the order of the allowed ones.
    OutputOrder,
}

/// How the outputs of a collecting table become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregation {
    /// `C+`
    Sum,
    /// `C#`
    Count,
    /// `C<`
    Min,
    /// `C>`
    Max,
}

/// What a decision table found in one evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The table's name.
    pub table: Arc<str>,
    /// The values of the inputs.
    pub inputs: Vec<Value>,
    /// The rules that matched, counted from 1.
    pub rules: Vec<usize>,
    /// What the table answered.
    pub output: Value,
}

/// Why a boxed expression is not compiled, and in which of its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxedError {
    /// The way to the text, such as `routing / rule 3, input 1`.
    pub path: String,
    /// What is wrong in it.
    pub error: CompileError,
}

impl fmt::Display for BoxedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return self.error.fmt(f);
        }
        write!(f, "{}: {}", self.path, self.error)
    }
}

impl std::error::Error for BoxedError {}
