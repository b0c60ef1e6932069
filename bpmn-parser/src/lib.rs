//! Reads BPMN 2.0 XML into a faithful typed model and lowers each process to one immutable token-flow graph.
//!
//! The crate knows nothing of execution: a [`graph::ProcessGraph`] says what a file means, in the terms of the
//! standard and of the neutral [`property::Properties`] that vendor dialects map to; running it is somebody
//! else's work.

#[cfg(feature = "xml")]
mod check;
pub mod diagnostic;
#[cfg(feature = "xml")]
mod dialect;
pub mod graph;
#[cfg(feature = "xml")]
pub mod model;
pub mod property;
#[cfg(feature = "xml")]
mod read;
#[cfg(feature = "xml")]
mod write;
#[cfg(feature = "xml")]
mod xml;

#[cfg(feature = "xml")]
pub use check::{Checked, Outcome, check, check_with};
pub use diagnostic::{Diagnostic, Position, Severity};
#[cfg(feature = "xml")]
pub use read::{Parsed, parse, parse_with};
#[cfg(feature = "xml")]
pub use write::write;
#[cfg(feature = "xml")]
pub use xml::{Limits, XmlError};
