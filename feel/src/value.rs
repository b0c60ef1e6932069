//! The values of FEEL: what a variable can hold and what an expression can answer.
//!
//! A [`Value`] is two words wide and cheap to clone: numbers, booleans, dates and
//! year-month durations lie in it, everything else is shared. A null may carry the
//! [`Reason`] why it is null; equality ignores it.

mod codec;
mod compare;
mod context;
mod dismantle;
mod display;
mod function;
pub mod json;
mod list;
mod number;
mod range;
mod reason;
mod temporal;
mod text;
pub mod typed;
mod walk;

use std::sync::Arc;

pub use context::Context;
pub use function::{Function, Parameter};
pub use list::List;
pub use number::{Number, NumberError};
pub use range::Range;
pub use reason::Reason;
pub use temporal::{Date, DateTime, DayTimeDuration, TemporalError, Time, YearMonthDuration, Zone};
pub use text::{ForbiddenCharacter, Text};

#[cfg(feature = "language")]
pub(crate) use function::Body;

/// How many lists and contexts may be nested in one another, wherever a value is made.
pub const DEPTH_MAX: usize = 128;

/// A FEEL value.
#[derive(Clone)]
pub enum Value {
    /// No value, perhaps with the reason for it.
    Null(Option<Arc<Reason>>),
    /// `true` or `false`.
    Boolean(bool),
    /// An exact decimal number.
    Number(Number),
    /// A text.
    String(Text),
    /// A calendar day.
    Date(Date),
    /// A time of day, perhaps with a zone.
    Time(Arc<Time>),
    /// A calendar day with a time of day, perhaps with a zone.
    DateTime(Arc<DateTime>),
    /// A duration counted in months.
    YearMonthDuration(YearMonthDuration),
    /// A duration counted in nanoseconds.
    DayTimeDuration(Arc<DayTimeDuration>),
    /// A sequence of values.
    List(List),
    /// Named values in the order of their insertion.
    Context(Context),
    /// All values between two ends.
    Range(Arc<Range>),
    /// Something that can be invoked.
    Function(Arc<Function>),
}

impl Value {
    /// Null without a reason.
    pub const NULL: Value = Value::Null(None);

    /// Null that tells why.
    pub fn null_because(reason: impl Into<Reason>) -> Value {
        Value::Null(Some(Arc::new(reason.into())))
    }

    /// Why this value is null, when it is and somebody said so.
    pub fn null_reason(&self) -> Option<&Reason> {
        if let Value::Null(reason) = self { reason.as_deref() } else { None }
    }

    /// A text value.
    pub fn string(text: impl Into<Text>) -> Value {
        Value::String(text.into())
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null(_))
    }

    /// The boolean in it.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Boolean(value) = self { Some(*value) } else { None }
    }

    /// The number in it.
    pub fn as_number(&self) -> Option<&Number> {
        if let Value::Number(value) = self { Some(value) } else { None }
    }

    /// The text in it.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(value) = self { Some(value) } else { None }
    }

    /// The list in it.
    pub fn as_list(&self) -> Option<&List> {
        if let Value::List(value) = self { Some(value) } else { None }
    }

    /// The context in it.
    pub fn as_context(&self) -> Option<&Context> {
        if let Value::Context(value) = self { Some(value) } else { None }
    }

    /// The date in it.
    pub fn as_date(&self) -> Option<Date> {
        if let Value::Date(value) = self { Some(*value) } else { None }
    }

    /// The time of day in it.
    pub fn as_time(&self) -> Option<&Time> {
        if let Value::Time(value) = self { Some(value) } else { None }
    }

    /// The date and time in it.
    pub fn as_date_time(&self) -> Option<&DateTime> {
        if let Value::DateTime(value) = self { Some(value) } else { None }
    }

    /// The year-month duration in it.
    pub fn as_year_month_duration(&self) -> Option<YearMonthDuration> {
        if let Value::YearMonthDuration(value) = self { Some(*value) } else { None }
    }

    /// The day-time duration in it.
    pub fn as_day_time_duration(&self) -> Option<DayTimeDuration> {
        if let Value::DayTimeDuration(value) = self { Some(**value) } else { None }
    }

    /// The type's name as FEEL spells it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null(_) => "null",
            Value::Boolean(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Date(_) => "date",
            Value::Time(_) => "time",
            Value::DateTime(_) => "date and time",
            Value::YearMonthDuration(_) => "years and months duration",
            Value::DayTimeDuration(_) => "days and time duration",
            Value::List(_) => "list",
            Value::Context(_) => "context",
            Value::Range(_) => "range",
            Value::Function(_) => "function",
        }
    }

    /// Whether a variable may hold this value: it has no range and no function inside.
    pub fn is_storable(&self) -> bool {
        match self {
            Value::Null(_)
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::YearMonthDuration(_)
            | Value::DayTimeDuration(_) => true,
            Value::List(list) => list.is_storable(),
            Value::Context(context) => context.is_storable(),
            Value::Range(_) | Value::Function(_) => false,
        }
    }

    /// How deep lists and contexts are nested in it; an upper bound, 0 for a scalar.
    pub fn depth(&self) -> usize {
        match self {
            Value::List(list) => list.depth(),
            Value::Context(context) => context.depth(),
            Value::Function(function) => function.depth(),
            Value::Null(_)
            | Value::Boolean(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::YearMonthDuration(_)
            | Value::DayTimeDuration(_)
            | Value::Range(_) => 0,
        }
    }

    /// How many bytes the value would take if nothing in it were shared; constant time.
    pub fn bytes(&self) -> usize {
        let heap = match self {
            Value::Null(_) | Value::Boolean(_) | Value::Date(_) | Value::YearMonthDuration(_) => 0,
            Value::Number(number) => number.heap_bytes(),
            Value::String(text) => text.len() + 32,
            Value::Time(_) | Value::DayTimeDuration(_) => 32,
            Value::DateTime(_) => 48,
            Value::List(list) => list.heap_bytes(),
            Value::Context(context) => context.heap_bytes(),
            Value::Range(range) => range.heap_bytes(),
            Value::Function(function) => function.heap_bytes(),
        };
        heap.saturating_add(size_of::<Value>())
    }
}

impl Default for Value {
    fn default() -> Value {
        Value::NULL
    }
}

macro_rules! value_from {
    ($($type:ty => |$it:ident| $value:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($it: $type) -> Value {
                $value
            }
        })*
    };
}

value_from! {
    bool => |it| Value::Boolean(it);
    i64 => |it| Value::Number(Number::from(it));
    i32 => |it| Value::Number(Number::from(i64::from(it)));
    u32 => |it| Value::Number(Number::from(i64::from(it)));
    u64 => |it| Value::Number(Number::from(it));
    usize => |it| Value::Number(Number::from(it));
    &str => |it| Value::String(Text::from(it));
    String => |it| Value::String(Text::from(it));
    Text => |it| Value::String(it);
    Number => |it| Value::Number(it);
    rust_decimal::Decimal => |it| Value::Number(Number::from(it));
    Date => |it| Value::Date(it);
    Time => |it| Value::Time(Arc::new(it));
    DateTime => |it| Value::DateTime(Arc::new(it));
    YearMonthDuration => |it| Value::YearMonthDuration(it);
    DayTimeDuration => |it| Value::DayTimeDuration(Arc::new(it));
    List => |it| Value::List(it);
    Vec<Value> => |it| Value::List(List::from(it));
    Context => |it| Value::Context(it);
    Range => |it| Value::Range(Arc::new(it));
    Function => |it| Value::Function(Arc::new(it));
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::NULL, Into::into)
    }
}

/// Keeps the invariant that nothing deeper than [`DEPTH_MAX`] exists.
fn within_depth(value: Value) -> Value {
    if value.depth() < DEPTH_MAX {
        return value;
    }
    Value::null_because(format!("the value nests deeper than json_depth {DEPTH_MAX}"))
}
