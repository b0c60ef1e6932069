//! What a file says about an element beyond the schema: its place, foreign attributes, unknown content, order.

use super::Fragment;
use crate::Position;
use std::sync::Arc;

/// The place of an element and everything of it that the schema does not know. Places never count in comparisons.
#[derive(Clone, Debug, Default)]
pub struct Markup {
    /// Where the element begins.
    pub position: Position,
    /// Attributes of other namespaces, and unknown ones without any.
    pub attributes: Vec<ForeignAttribute>,
    rest: Option<Box<Rest>>,
}

/// The rarer part of the markup.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rest {
    declarations: Vec<NamespaceDeclaration>,
    others: Vec<Fragment>,
    layout: Vec<u8>,
    lexical: Vec<LexicalAttribute>,
}

/// An attribute that is not of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignAttribute {
    /// The address of its namespace.
    pub namespace: Option<Arc<str>>,
    /// Its local name.
    pub local: String,
    /// Its value.
    pub value: String,
}

/// A namespace declaration that stands on an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceDeclaration {
    /// The prefix; empty for the default namespace.
    pub prefix: String,
    /// The address; empty where the default namespace is taken back.
    pub uri: Arc<str>,
}

/// An attribute of the schema whose value is not written the usual way, or is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexicalAttribute {
    /// The name in the schema's notation.
    pub name: &'static str,
    /// The value as it stands in the file.
    pub value: String,
    /// What it was read as, written the usual way; none where it is not valid.
    pub canonical: Option<String>,
}

impl PartialEq for Markup {
    fn eq(&self, other: &Self) -> bool {
        self.attributes == other.attributes && self.rest == other.rest
    }
}

impl Markup {
    /// In a layout: a piece of the body.
    pub(crate) const BODY: u8 = 254;
    /// In a layout: one of the other nodes.
    pub(crate) const OTHER: u8 = 255;

    /// Nothing beyond the schema.
    pub(crate) const fn plain() -> Self {
        Markup { position: Position { line: 0, column: 0 }, attributes: Vec::new(), rest: None }
    }

    /// The value of a foreign attribute.
    pub fn attribute(&self, namespace: &str, local: &str) -> Option<&str> {
        let found = self
            .attributes
            .iter()
            .find(|attribute| attribute.local == local && attribute.namespace.as_deref() == Some(namespace));
        found.map(|attribute| attribute.value.as_str())
    }

    /// The namespace declarations on the element, in order.
    pub fn declarations(&self) -> &[NamespaceDeclaration] {
        self.rest.as_ref().map_or(&[], |rest| &rest.declarations)
    }

    /// Elements that the schema does not allow here, stray text, comments and instructions, in order.
    pub fn others(&self) -> &[Fragment] {
        self.rest.as_ref().map_or(&[], |rest| &rest.others)
    }

    /// Attributes of the schema that are written in an unusual way or not valid.
    pub fn lexical(&self) -> &[LexicalAttribute] {
        self.rest.as_ref().map_or(&[], |rest| &rest.lexical)
    }

    /// The order of the children by their kinds, where it is not simply that of the schema.
    pub(crate) fn layout(&self) -> &[u8] {
        self.rest.as_ref().map_or(&[], |rest| &rest.layout)
    }

    /// Adds a namespace declaration.
    pub fn declare(&mut self, prefix: impl Into<String>, uri: impl Into<Arc<str>>) {
        let declaration = NamespaceDeclaration { prefix: prefix.into(), uri: uri.into() };
        self.rest_mut().declarations.push(declaration);
    }

    pub(crate) fn add_lexical(&mut self, attribute: LexicalAttribute) {
        self.rest_mut().lexical.push(attribute);
    }

    /// Keeps the order of children and what is not of the schema, where there is something to keep.
    pub(crate) fn arrange(&mut self, layout: &[u8], others: Vec<Fragment>) {
        let pieces = layout.iter().filter(|slot| **slot == Markup::BODY).count();
        if others.is_empty() && pieces < 2 && layout.is_sorted() {
            return;
        }
        let rest = self.rest_mut();
        rest.layout = layout.to_vec();
        rest.others = others;
    }

    fn rest_mut(&mut self) -> &mut Rest {
        self.rest.get_or_insert_default()
    }
}
