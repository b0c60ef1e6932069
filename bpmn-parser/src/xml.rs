//! XML as a flat tree: quick-xml cuts the tokens, this layer adds the rest of well-formedness, namespaces and limits.
//!
//! Nodes lie in one table in document order and refer to each other by index, so that nothing here, not even the
//! drop, recurses over the depth of a file. Names and undecorated text are slices of the input.

mod attribute;
mod character;
mod decode;
mod error;
mod limit;
mod name;
mod namespace;
mod scan;

pub use error::XmlError;
pub use limit::Limits;

pub(crate) use character::{is_ncname, is_space};
pub(crate) use decode::decode;
pub(crate) use namespace::{NamespaceId, Namespaces};
pub(crate) use scan::scan;

use crate::Position;
use namespace::{Declaration, ScopeIx};
use std::borrow::Cow;
use std::sync::Arc;

/// The row of a node in its document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NodeIx(u32);

/// A whole document; the nodes are in document order.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    text: &'a str,
    nodes: Vec<Node<'a>>,
    attributes: Vec<Attribute<'a>>,
    namespaces: Namespaces<'a>,
    top: Vec<NodeIx>,
    root: NodeIx,
}

/// One node with its links.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    parent: Option<NodeIx>,
    first_child: Option<NodeLink>,
    next: Option<NodeLink>,
    offset: u32,
    /// Where an element begins; zero for other nodes, whose places are found from their parent's.
    position: Position,
    pub(crate) content: Content<'a>,
}

/// The row of a child or sibling, which is never the first row.
type NodeLink = std::num::NonZeroU32;

/// What a node is.
#[derive(Debug)]
pub(crate) enum Content<'a> {
    /// An element.
    Element(Tag<'a>),
    /// Text, with references resolved and line ends normalised.
    Text(Cow<'a, str>),
    /// The content of a comment.
    Comment(&'a str),
    /// Target and data of a processing instruction.
    Instruction(&'a str, &'a str),
}

/// The start tag of an element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag<'a> {
    pub(crate) namespace: NamespaceId,
    pub(crate) local: &'a str,
    first_attribute: u32,
    attribute_count: u32,
    outer: Option<ScopeIx>,
    scope: Option<ScopeIx>,
}

/// One attribute that is not a namespace declaration.
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    pub(crate) namespace: NamespaceId,
    pub(crate) local: &'a str,
    pub(crate) value: Cow<'a, str>,
    offset: u32,
}

impl<'a> Document<'a> {
    /// The document element.
    pub(crate) fn root(&self) -> NodeIx {
        self.root
    }

    /// The comments and instructions around the document element, which stands among them.
    pub(crate) fn top(&self) -> &[NodeIx] {
        &self.top
    }

    pub(crate) fn content(&self, node: NodeIx) -> &Content<'a> {
        &self.nodes[node.0 as usize].content
    }

    /// The start tag, where the node is an element.
    pub(crate) fn tag(&self, node: NodeIx) -> Option<&Tag<'a>> {
        match self.content(node) {
            Content::Element(tag) => Some(tag),
            Content::Text(_) | Content::Comment(_) | Content::Instruction(..) => None,
        }
    }

    pub(crate) fn attributes(&self, tag: &Tag<'a>) -> &[Attribute<'a>] {
        let first = tag.first_attribute as usize;
        &self.attributes[first..first + tag.attribute_count as usize]
    }

    /// The element itself and those around it, from the inside out.
    pub(crate) fn outward(&self, node: NodeIx) -> impl Iterator<Item = NodeIx> + '_ {
        std::iter::successors(Some(node), |node| self.nodes[node.0 as usize].parent)
    }

    /// The children of a node, in order.
    pub(crate) fn children(&self, node: NodeIx) -> impl Iterator<Item = NodeIx> + '_ {
        let first = self.nodes[node.0 as usize].first_child;
        std::iter::successors(first, |link| self.nodes[link.get() as usize].next)
            .map(|link| NodeIx(link.get()))
    }

    /// Where an element begins.
    pub(crate) fn position(&self, node: NodeIx) -> Position {
        self.nodes[node.0 as usize].position
    }

    /// Where an element begins, to go on from.
    pub(crate) fn place(&self, element: NodeIx) -> Place {
        let element = &self.nodes[element.0 as usize];
        Place { offset: element.offset as usize, position: element.position }
    }

    /// Goes on from a place to a later node.
    pub(crate) fn advance_to_node(&self, place: &mut Place, node: NodeIx) -> Position {
        place.advance(self.text, self.nodes[node.0 as usize].offset as usize);
        place.position
    }

    /// Goes on from a place to a later attribute.
    pub(crate) fn advance_to_attribute(&self, place: &mut Place, attribute: &Attribute<'a>) -> Position {
        place.advance(self.text, attribute.offset as usize);
        place.position
    }

    /// The address of a namespace; none for names without one.
    pub(crate) fn namespace(&self, id: NamespaceId) -> Option<&Arc<str>> {
        self.namespaces.uri(id)
    }

    /// What a prefix means at an element; the empty prefix means the default namespace.
    pub(crate) fn resolve(&self, tag: &Tag<'a>, prefix: &str) -> Option<NamespaceId> {
        self.namespaces.resolve(tag.scope, prefix)
    }

    /// The namespace declarations that stand on an element itself, in order.
    pub(crate) fn declarations(&self, tag: &Tag<'a>) -> Vec<&Declaration<'a>> {
        let mut own = self.namespaces.between(tag.scope, tag.outer);
        own.reverse();
        own
    }
}

/// An offset with its line and column, moved forward through the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) offset: usize,
    pub(crate) position: Position,
}

impl Place {
    pub(crate) const START: Place = Place { offset: 0, position: Position { line: 1, column: 1 } };

    /// Moves on to a later offset; each byte of a file is passed about once.
    pub(crate) fn advance(&mut self, text: &str, offset: usize) {
        let bytes = text.as_bytes();
        let passed = &bytes[self.offset..offset];
        let (mut lines, mut returns) = (0u32, 0u32);
        for byte in passed {
            lines += u32::from(*byte == b'\n');
            returns += u32::from(*byte == b'\r');
        }
        if returns > 0 {
            let lone =
                |(at, byte): (usize, &u8)| *byte == b'\r' && bytes.get(self.offset + at + 1) != Some(&b'\n');
            lines += passed.iter().enumerate().filter(|it| lone(*it)).count() as u32;
        }
        if lines > 0 {
            let last = passed.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or_default();
            self.position.line += lines;
            self.position.column = 1 + characters(&passed[last + 1..]);
        } else {
            self.position.column += characters(passed);
        }
        self.offset = offset;
    }

    /// The position of an offset, counted from the beginning.
    pub(crate) fn find(text: &str, offset: usize) -> Position {
        let mut place = Place::START;
        place.advance(text, offset.min(text.len()));
        place.position
    }
}

fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from((*byte as i8) >= -0x40)).sum()
}
