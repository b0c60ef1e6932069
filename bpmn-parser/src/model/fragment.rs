//! Content that the schema leaves open, kept as it is: extension elements, documentation, unknown elements.

use crate::Position;
use std::sync::Arc;

use super::{ForeignAttribute, NamespaceDeclaration};

/// A piece of XML as a flat list: a node is followed by its descendants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fragment {
    /// All nodes in document order.
    pub nodes: Vec<FragmentNode>,
}

/// One node of a fragment.
#[derive(Clone, Debug, PartialEq)]
pub enum FragmentNode {
    /// An element; what lies in it follows.
    Element(FragmentElement),
    /// Text.
    Text(String),
    /// A comment.
    Comment(String),
    /// A processing instruction.
    Instruction {
        /// Its name.
        target: String,
        /// What follows the name.
        data: String,
    },
}

/// The start of an element in a fragment.
#[derive(Clone, Debug)]
pub struct FragmentElement {
    /// The address of its namespace.
    pub namespace: Option<Arc<str>>,
    /// Its local name.
    pub local: String,
    /// Its attributes, in order.
    pub attributes: Vec<ForeignAttribute>,
    /// The namespace declarations that stand on it.
    pub declarations: Vec<NamespaceDeclaration>,
    /// The row after the last node inside it.
    pub end: usize,
    /// Where it begins; places do not count in comparisons.
    pub position: Position,
}

impl PartialEq for FragmentElement {
    fn eq(&self, other: &Self) -> bool {
        self.namespace == other.namespace
            && self.local == other.local
            && self.attributes == other.attributes
            && self.declarations == other.declarations
            && self.end == other.end
    }
}

/// An element of a fragment with the way to its content.
#[derive(Clone, Copy, Debug)]
pub struct FragmentRef<'f> {
    fragment: &'f Fragment,
    row: usize,
    element: &'f FragmentElement,
}

impl Fragment {
    /// A fragment that is one text.
    pub fn text(text: impl Into<String>) -> Self {
        Fragment { nodes: vec![FragmentNode::Text(text.into())] }
    }

    /// All text in it, joined.
    pub fn joined_text(&self) -> String {
        joined(&self.nodes)
    }

    /// The elements that do not lie in another element of the fragment.
    pub fn elements(&self) -> impl Iterator<Item = FragmentRef<'_>> {
        elements(self, 0, self.nodes.len())
    }
}

impl<'f> FragmentRef<'f> {
    /// Whether it has that name.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.element.local == local && self.element.namespace.as_deref() == Some(namespace)
    }

    /// Its local name.
    pub fn local(&self) -> &'f str {
        &self.element.local
    }

    /// The address of its namespace.
    pub fn namespace(&self) -> Option<&'f str> {
        self.element.namespace.as_deref()
    }

    /// Where it begins.
    pub fn position(&self) -> Position {
        self.element.position
    }

    /// Its attributes, in order.
    pub fn attributes(&self) -> &'f [ForeignAttribute] {
        &self.element.attributes
    }

    /// The value of an attribute without namespace.
    pub fn attribute(&self, local: &str) -> Option<&'f str> {
        let found = self.element.attributes.iter().find(|it| it.namespace.is_none() && it.local == local);
        found.map(|attribute| attribute.value.as_str())
    }

    /// All text in it, joined.
    pub fn joined_text(&self) -> String {
        joined(&self.fragment.nodes[self.row + 1..self.element.end])
    }

    /// The elements directly inside it.
    pub fn elements(&self) -> impl Iterator<Item = FragmentRef<'f>> + use<'f> {
        elements(self.fragment, self.row + 1, self.element.end)
    }
}

fn elements(fragment: &Fragment, from: usize, end: usize) -> impl Iterator<Item = FragmentRef<'_>> {
    let mut row = from;
    std::iter::from_fn(move || {
        while row < end.min(fragment.nodes.len()) {
            let here = row;
            match &fragment.nodes[here] {
                FragmentNode::Element(element) => {
                    row = element.end.max(here + 1);
                    return Some(FragmentRef { fragment, row: here, element });
                }
                FragmentNode::Text(_) | FragmentNode::Comment(_) | FragmentNode::Instruction { .. } => {
                    row += 1
                }
            }
        }
        None
    })
}

fn joined(nodes: &[FragmentNode]) -> String {
    let texts = nodes.iter().filter_map(|node| match node {
        FragmentNode::Text(text) => Some(text.as_str()),
        FragmentNode::Element(_) | FragmentNode::Comment(_) | FragmentNode::Instruction { .. } => None,
    });
    texts.collect()
}
