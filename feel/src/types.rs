//! Types as `instance of`, parameters and item definitions name them, and which values conform to them.

use std::sync::Arc;

use crate::env::Scope;
use crate::error::CompileError;
use crate::parser;
use crate::value::{Range, Value};

/// A type of FEEL's lattice (10.3.2.9).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Type {
    /// Every value but null.
    Any,
    /// Null alone.
    Null,
    /// `boolean`
    Boolean,
    /// `number`
    Number,
    /// `string`
    String,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `date and time`
    DateTime,
    /// `years and months duration`
    YearMonthDuration,
    /// `days and time duration`
    DayTimeDuration,
    /// `list<T>`
    List(Box<Type>),
    /// `context<name: T, …>`: at least these entries.
    Context(Vec<(Arc<str>, Type)>),
    /// `range<T>`
    Range(Box<Type>),
    /// `function<T, …> -> T`
    Function(Vec<Type>, Box<Type>),
    /// A name that nobody explains, or a list, range or function without its parameters.
    Unknown,
}

/// `type_depth`: how deep types may be nested; they are read and checked by recursion.
pub(crate) const TYPE_DEPTH: usize = 32;

/// The types that are one name, in the spellings of FEEL and of its XML schema.
pub(crate) const NAMED_TYPES: &[(&[&str], Type)] = &[
    (&["days", "and", "time", "duration"], Type::DayTimeDuration),
    (&["years", "and", "months", "duration"], Type::YearMonthDuration),
    (&["date", "and", "time"], Type::DateTime),
    (&["dayTimeDuration"], Type::DayTimeDuration),
    (&["yearMonthDuration"], Type::YearMonthDuration),
    (&["dateTime"], Type::DateTime),
    (&["date"], Type::Date),
    (&["time"], Type::Time),
    (&["boolean"], Type::Boolean),
    (&["number"], Type::Number),
    (&["string"], Type::String),
    (&["Any"], Type::Any),
    (&["Null"], Type::Null),
];

impl Type {
    /// Reads a type as FEEL writes it; `types` explain further names, as item definitions do.
    ///
    /// # Errors
    /// When the text is no type, or nests deeper than `type_depth` 32.
    pub fn parse(text: &str, types: &[(&str, Type)]) -> Result<Type, CompileError> {
        parser::parse_type(text, &Scope { types, ..Scope::default() })
    }

    /// The value as this type (10.3.2.9.4): itself when it conforms, the only item of a list, the list of
    /// the value alone; otherwise null with a reason.
    pub fn convert(&self, value: Value) -> Value {
        if self.admits(&value) {
            return value;
        }
        if let Value::List(list) = &value
            && let [item] = list.as_slice()
            && self.admits(item)
        {
            return item.clone();
        }
        if let Type::List(inner) = self
            && inner.admits(&value)
        {
            return Value::from(vec![value]);
        }
        Value::null_because(format!("a {} is not of the declared type", value.type_name()))
    }

    pub(crate) fn depth(&self) -> usize {
        let inner = match self {
            Type::List(inner) | Type::Range(inner) => inner.depth(),
            Type::Context(entries) => entries.iter().map(|(_, inner)| inner.depth()).max().unwrap_or(0),
            Type::Function(parameters, result) => {
                parameters.iter().map(Type::depth).max().unwrap_or(0).max(result.depth())
            }
            Type::Any
            | Type::Null
            | Type::Boolean
            | Type::Number
            | Type::String
            | Type::Date
            | Type::Time
            | Type::DateTime
            | Type::YearMonthDuration
            | Type::DayTimeDuration
            | Type::Unknown => return 0,
        };
        inner + 1
    }

    /// Whether the type, or a part of it, is not known.
    pub fn is_unknown(&self) -> bool {
        match self {
            Type::Unknown => true,
            Type::List(inner) | Type::Range(inner) => inner.is_unknown(),
            Type::Context(entries) => entries.iter().any(|(_, inner)| inner.is_unknown()),
            Type::Function(parameters, result) => {
                parameters.iter().any(Type::is_unknown) || result.is_unknown()
            }
            Type::Any
            | Type::Null
            | Type::Boolean
            | Type::Number
            | Type::String
            | Type::Date
            | Type::Time
            | Type::DateTime
            | Type::YearMonthDuration
            | Type::DayTimeDuration => false,
        }
    }

    /// Whether the value is of this type; null conforms to every type, as the lattice has it.
    pub fn admits(&self, value: &Value) -> bool {
        value.is_null() || self.has_instance(value)
    }

    /// Whether the value is an instance: null is one of `Null` only.
    pub fn has_instance(&self, value: &Value) -> bool {
        match (self, value) {
            (Type::Null, _) => value.is_null(),
            (_, Value::Null(_)) => false,
            (Type::Any, _)
            | (Type::Boolean, Value::Boolean(_))
            | (Type::Number, Value::Number(_))
            | (Type::String, Value::String(_))
            | (Type::Date, Value::Date(_))
            | (Type::Time, Value::Time(_))
            | (Type::DateTime, Value::DateTime(_))
            | (Type::YearMonthDuration, Value::YearMonthDuration(_))
            | (Type::DayTimeDuration, Value::DayTimeDuration(_)) => true,
            (Type::List(inner), Value::List(list)) => list.iter().all(|item| inner.admits(item)),
            (Type::Context(entries), Value::Context(context)) => {
                entries.iter().all(|(name, inner)| context.get(name).is_some_and(|entry| inner.admits(entry)))
            }
            (Type::Range(inner), Value::Range(range)) => inner.has_ends(range),
            (Type::Function(parameters, result), Value::Function(function)) => {
                function.parameters().len() == parameters.len() && function.conforms(parameters, result)
            }
            _ => false,
        }
    }

    fn has_ends(&self, range: &Range) -> bool {
        range.low.iter().chain(&range.high).all(|end| self.admits(end))
    }

    /// Whether every instance of this type is one of the other.
    pub fn conforms_to(&self, other: &Type) -> bool {
        match (self, other) {
            (_, Type::Any) | (Type::Null, _) => true,
            (Type::List(left), Type::List(right)) | (Type::Range(left), Type::Range(right)) => {
                left.conforms_to(right)
            }
            (Type::Context(left), Type::Context(right)) => right.iter().all(|(name, wanted)| {
                left.iter().any(|(known, given)| known == name && given.conforms_to(wanted))
            }),
            (Type::Function(left, left_result), Type::Function(right, right_result)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| right.conforms_to(left))
                    && left_result.conforms_to(right_result)
            }
            _ => self == other,
        }
    }
}
