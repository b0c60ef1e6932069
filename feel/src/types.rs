//! Types as `instance of` and parameters name them, and which values conform to them.

use std::sync::Arc;

use crate::value::{Range, Value};

/// A type of the lattice; nested no deeper than `type_depth`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Any,
    Null,
    Boolean,
    Number,
    String,
    Date,
    Time,
    DateTime,
    YearMonthDuration,
    DayTimeDuration,
    List(Box<Type>),
    Context(Vec<(Arc<str>, Type)>),
    Range(Box<Type>),
    Function(Vec<Type>, Box<Type>),
    /// A name that no item definition explains, or a list, range or function without parameters.
    Unknown,
}

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
    /// Whether the type, or a part of it, is not known.
    pub(crate) fn is_unknown(&self) -> bool {
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
    pub(crate) fn admits(&self, value: &Value) -> bool {
        value.is_null() || self.has_instance(value)
    }

    /// Whether the value is an instance: null is one of `Null` only.
    pub(crate) fn has_instance(&self, value: &Value) -> bool {
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
    pub(crate) fn conforms_to(&self, other: &Type) -> bool {
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
