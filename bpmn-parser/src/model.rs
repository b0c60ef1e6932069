//! The metamodel of BPMN 2.0.2 as types, named as the standard names it.
//!
//! One type per element of the schema, base types by composition. What may be nested without end (flow elements in
//! sub-processes, lanes in lanes, conversation nodes, foreign content) lies in flat tables and is referred to by row:
//! nothing recurses over the depth of a file, neither drop nor clone nor comparison.

pub(crate) mod element;
mod schema;

mod access;
mod activity;
mod artifact;
mod base;
mod choreography;
mod collaboration;
mod common;
mod data;
mod definitions;
mod diagram;
mod event;
mod event_definition;
mod fragment;
mod gateway;
mod index;
mod markup;
mod order;
mod process;
mod resource;
mod value;

pub use access::Family;
pub use activity::*;
pub use artifact::*;
pub use base::*;
pub use choreography::*;
pub use collaboration::*;
pub use common::*;
pub use data::*;
pub use definitions::*;
pub use diagram::*;
pub use element::{AttributeValue, Child, Element};
pub use event::*;
pub use event_definition::*;
pub use fragment::{Fragment, FragmentElement, FragmentNode, FragmentRef};
pub use gateway::*;
pub use index::{Entry, Index};
pub use markup::{ForeignAttribute, LexicalAttribute, Markup, NamespaceDeclaration};
pub(crate) use order::{Piece, pieces};
pub use process::*;
pub use resource::*;
pub(crate) use value::read_word;
pub use value::{Body, Double, Reference};

/// The namespace of the model.
pub const MODEL: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
/// The namespace of the diagrams.
pub const BPMNDI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
/// The namespace of bounds and points.
pub const DC: &str = "http://www.omg.org/spec/DD/20100524/DC";
/// The namespace of way points.
pub const DI: &str = "http://www.omg.org/spec/DD/20100524/DI";
/// The namespace of `xsi:type`.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
