//! FEEL, the expression language of DMN, compiled to slots.

pub mod value;

pub use value::{
    Context, Date, DateTime, DayTimeDuration, Function, List, Number, Range, Reason, Text, Time, Value,
    YearMonthDuration, Zone,
};

#[cfg(feature = "language")]
mod builtin { pub(crate) struct Builtin; }
#[cfg(feature = "language")]
mod program { pub(crate) struct Closure; }
#[cfg(feature = "language")]
mod trace { #[derive(Clone)] pub(crate) struct Trace; impl Trace { pub(crate) fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) } } }
