//! What makes a file unreadable: broken or hostile XML, with its place.

use crate::diagnostic::on_one_line;
use crate::{Diagnostic, Position};
use std::fmt;

/// Why no tree could be read: the XML is broken, hostile or beyond a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    /// The public code, `E02xx`.
    pub code: u16,
    /// Where reading stopped.
    pub position: Position,
    /// What is wrong; it names the limit where there is one.
    pub message: String,
}

impl XmlError {
    pub(crate) const DOCTYPE: u16 = 201;
    pub(crate) const NOT_WELL_FORMED: u16 = 202;
    pub(crate) const ENCODING: u16 = 203;
    pub(crate) const CHARACTER: u16 = 204;
    pub(crate) const PREFIX: u16 = 205;
    pub(crate) const DUPLICATE_ATTRIBUTE: u16 = 206;
    pub(crate) const NOT_DEFINITIONS: u16 = 207;
    pub(crate) const NOT_XML: u16 = 208;
    pub(crate) const FILE_BYTES: u16 = 210;
    pub(crate) const XML_DEPTH: u16 = 211;
    pub(crate) const ELEMENTS_MAX: u16 = 212;
    pub(crate) const ATTRIBUTES_MAX: u16 = 213;
    pub(crate) const NAMESPACES_MAX: u16 = 214;
    pub(crate) const ATTRIBUTE_BYTES: u16 = 215;
    pub(crate) const TEXT_BYTES: u16 = 216;

    pub(crate) fn new(code: u16, position: Position, message: impl Into<String>) -> Self {
        XmlError { code, position, message: on_one_line(message.into()) }
    }
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: error[E{:04}]: {}", self.position, self.code, self.message)
    }
}

impl std::error::Error for XmlError {}

impl From<XmlError> for Diagnostic {
    fn from(error: XmlError) -> Self {
        Diagnostic::error(error.code, error.position, error.message)
    }
}
