//! Reads BPMN 2.0 XML into a faithful typed model and lowers each process to one immutable token-flow graph.
//!
//! The crate knows nothing of execution: a [`graph::ProcessGraph`] says what a file means, in the terms of the
//! standard and of the neutral [`property::Properties`] that vendor dialects map to; running it is somebody
//! else's work.
//!
//! [`check`] is the whole way in one call: bytes to graphs, with every finding located. [`parse`] stops at the
//! [`model::Definitions`], which [`write()`] turns back into XML without loss.
//!
//! ```
//! # #[cfg(feature = "xml")] {
//! let file = br#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:sales">
//!   <process id="Sales" isExecutable="true">
//!     <startEvent id="Start"/>
//!     <sequenceFlow id="Flow" sourceRef="Start" targetRef="End"/>
//!     <endEvent id="End"/>
//!   </process>
//! </definitions>"#;
//!
//! let checked = bpmn_parser::check(file);
//! assert_eq!(checked.outcome().as_str(), "accept");
//! let model = checked.model.expect("an accepted file has a model");
//! let start = &model.processes[0].nodes[0];
//! assert_eq!(start.kind.element_name(), "startEvent");
//!
//! let broken = String::from_utf8_lossy(file).replace("sourceRef=\"Start\"", "sourceRef=\"Begin\"");
//! let checked = bpmn_parser::check(broken.as_bytes());
//! let finding = checked.diagnostics.iter().find(|it| it.code.0 == 10).expect("the flow leads from nowhere");
//! assert_eq!((finding.element.as_deref(), finding.position.line), (Some("Flow"), 4));
//!
//! let parsed = bpmn_parser::parse(file)?;
//! let again = bpmn_parser::parse(bpmn_parser::write(&parsed.definitions).as_bytes())?;
//! assert_eq!(parsed.definitions, again.definitions);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Reading is bounded by [`Limits`], refuses document types in any form, opens nothing but the bytes it is given, and
//! never recurses over the depth of a file: a stack of 128 KiB is enough for all of it. It is lenient: whatever is
//! well-formed with `definitions` as its document element gives a model, and what is not as the schema wants is
//! kept and reported.

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
