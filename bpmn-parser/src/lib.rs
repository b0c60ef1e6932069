//! Reads BPMN 2.0 XML into a faithful typed model and lowers each process to one immutable token-flow graph.
//!
//! The crate knows nothing of execution: a [`graph::ProcessGraph`] says what a file means, in the terms of the
//! standard and of the neutral [`property::Properties`] that vendor dialects map to; running it is somebody
//! else's work.

pub mod diagnostic;
pub mod graph;
pub mod property;

pub use diagnostic::{Diagnostic, Position, Severity};
