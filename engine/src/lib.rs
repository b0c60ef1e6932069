#![doc = include_str!("../../README.md")]

/// Diagnostics, and the rows of the graph that views and events refer to.
pub use bpmn_parser as bpmn;
/// Values and contexts: what variables hold.
pub use tokenflow_feel as feel;

mod behavior;
pub mod command;
pub mod event;
pub mod executor;
pub mod expression;
pub mod id;
pub mod instance;
pub mod limits;
pub mod process;
#[cfg(feature = "xml")]
pub mod runtime;
#[cfg(all(feature = "feel", feature = "xml"))]
pub mod scenario;
#[cfg(feature = "xml")]
pub mod support;
#[cfg(all(feature = "feel", feature = "xml"))]
pub mod test;
pub mod timer;
pub mod trace;
