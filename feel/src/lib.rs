//! FEEL, the expression language of DMN, compiled to slots.
//!
//! A text is compiled once. The program lists the names that it reads, one slot each, and is
//! evaluated over a slice of values in that order:
//!
//! ```
//! use tokenflow_feel::{compile, Env, Value};
//!
//! let program = compile("amount > 1000 and contains(customer.name, \"x\")", &[])?;
//! assert_eq!(program.names().iter().map(|name| &**name).collect::<Vec<_>>(), ["amount", "customer"]);
//!
//! let customer: tokenflow_feel::Context = [("name", "Max")].into_iter().collect();
//! let frame = [Value::from(1_500), Value::from(customer)];
//! assert_eq!(program.eval(&frame, &Env::default())?, Value::from(true));
//!
//! // What goes wrong is null, and the null tells why.
//! let answer = program.eval(&[Value::NULL, Value::NULL], &Env::default())?;
//! assert_eq!(
//!     answer.null_reason().map(|reason| reason.to_string()).as_deref(),
//!     Some("`amount > 1000` is null: `amount` is null"),
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Decision tables and the other boxed expressions of DMN are compiled the same way, by `compile_boxed`.
//!
//! # What it promises
//! - Numbers are exact decimals, dates follow the calendar, nothing depends on the machine: the
//!   clock and the zone are in [`Env`], and there is no randomness.
//! - No input makes it panic, overflow the stack or run without end. Every limit has a name, and
//!   meeting one is the only [`EvalError`]; everything else is null with a [`Reason`].
//! - Without the feature `language` the crate is the [`value`]s alone.

#[cfg(feature = "language")]
mod arithmetic;
#[cfg(feature = "language")]
pub mod boxed;
#[cfg(feature = "language")]
mod builtin;
#[cfg(feature = "language")]
mod comparison;
#[cfg(feature = "language")]
mod compile;
#[cfg(feature = "language")]
mod env;
#[cfg(feature = "language")]
mod error;
#[cfg(feature = "language")]
mod lexer;
#[cfg(feature = "language")]
mod machine;
#[cfg(feature = "language")]
mod meter;
#[cfg(feature = "language")]
mod names;
#[cfg(feature = "language")]
mod parser;
#[cfg(feature = "language")]
mod program;
#[cfg(feature = "language")]
mod property;
#[cfg(feature = "language")]
mod syntax;
#[cfg(feature = "language")]
mod trace;
#[cfg(feature = "language")]
mod types;
pub mod value;

#[cfg(feature = "language")]
pub use boxed::Boxed;
#[cfg(feature = "language")]
pub use compile::{
    compile, compile_boxed, compile_in, compile_unary_tests, compile_unary_tests_in, compile_with,
};
#[cfg(feature = "language")]
pub use env::{CompileLimits, Env, EvalLimits, Scope};
#[cfg(feature = "language")]
pub use error::{CompileError, EvalError};
#[cfg(feature = "language")]
pub use program::Program;
#[cfg(feature = "language")]
pub use types::Type;
pub use value::{
    Context, Date, DateTime, DayTimeDuration, Function, List, Number, Range, Reason, Text, Time, Value,
    YearMonthDuration, Zone,
};
