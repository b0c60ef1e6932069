//! What every element of the model offers alike: its markup, attributes and children, by the schema's names.
//!
//! The names in here are those of the schema; elements of the MODEL namespace and attributes without namespace stand
//! bare, those of the diagram namespaces carry the usual prefix (`bpmndi:`, `dc:`, `di:`, `xsi:`).

use super::{Body, ConversationNodeIx, FlowElementIx, Fragment, LaneSetIx, Markup, Reference};
use crate::read::Context;
use crate::xml::{NamespaceId, NodeIx, Tag};
use std::fmt;

/// An element of the model, whatever its type.
pub trait Element: fmt::Debug {
    /// Its place and what the schema does not know of.
    fn markup(&self) -> &Markup;

    /// Calls back for each attribute of the schema that is set, those of the base types first.
    fn attributes<'e>(&'e self, visit: &mut dyn FnMut(&'static str, AttributeValue<'e>));

    /// How many kinds of children the type has; they are numbered in schema order.
    fn slots(&self) -> u8;

    /// One child of a kind, counted from zero.
    fn child(&self, slot: u8, nth: usize) -> Option<Child<'_>>;

    /// Calls back for all children, kind by kind in schema order.
    fn children<'e>(&'e self, visit: &mut dyn FnMut(Child<'e>));

    /// The text of an element with mixed content, such as an expression.
    fn body(&self) -> Option<&Body>;

    /// The free content of an element that may hold anything, such as a documentation.
    fn content(&self) -> Option<&Fragment>;

    /// The id of the element.
    fn id(&self) -> Option<&str> {
        let mut id = None;
        self.attributes(&mut |name, value| {
            if let ("id", AttributeValue::Text(text)) = (name, value) {
                id = Some(text);
            }
        });
        id
    }
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AttributeValue<'e> {
    /// A string, address or word of an enumeration.
    Text(&'e str),
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A coordinate.
    Double(super::Double),
    /// A QName or IDREF.
    Reference(&'e Reference),
}

impl fmt::Display for AttributeValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttributeValue::Text(text) => f.write_str(text),
            AttributeValue::Boolean(value) => write!(f, "{value}"),
            AttributeValue::Integer(value) => write!(f, "{value}"),
            AttributeValue::Double(value) => write!(f, "{value}"),
            AttributeValue::Reference(reference) => f.write_str(&reference.text),
        }
    }
}

/// A child of an element with the name it stands under.
#[derive(Clone, Copy, Debug)]
pub enum Child<'e> {
    /// An element of the model.
    Element(&'static str, &'e dyn Element),
    /// An element that holds a reference as its text.
    Reference(&'static str, &'e Reference),
    /// A flow element, which lies in a table of [`super::Definitions`].
    FlowElement(FlowElementIx),
    /// A lane set, which lies in a table of [`super::Definitions`], with its name.
    LaneSet(&'static str, LaneSetIx),
    /// A conversation node, which lies in a table of [`super::Definitions`].
    ConversationNode(ConversationNodeIx),
}

/// How an attribute's value was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lexical {
    /// As the writer would write it.
    Canonical,
    /// In another way that means the same.
    Other,
    /// Right but for the case of a letter.
    Case,
    /// Not a value of the type.
    Invalid,
}

/// What the schema says about a type, made by [`element!`] from one list of fields.
pub(crate) trait Schema {
    const SLOTS: u8;
    fn markup(&self) -> &Markup;
    fn markup_mut(&mut self) -> &mut Markup;
    fn read_attribute(&mut self, name: &Name<'_>, value: &str, context: &Source<'_, '_>) -> Option<Lexical>;
    fn read_child(&mut self, tag: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> Option<u8>;
    fn write_attributes<'e>(&'e self, visit: &mut dyn FnMut(&'static str, AttributeValue<'e>));
    fn child(&self, slot: u8, nth: usize) -> Option<Child<'_>>;
    fn children<'e>(&'e self, visit: &mut dyn FnMut(Child<'e>));
}

/// A type that is read from one XML element.
pub(crate) trait Read: Schema + Default {
    fn body_mut(&mut self) -> Option<&mut Body>;
    fn content_mut(&mut self) -> Option<&mut Fragment>;
}

/// The name of an attribute in the file.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    pub(crate) namespace: NamespaceId,
    pub(crate) local: &'a str,
}

impl Name<'_> {
    /// Compares with an attribute's name in the notation of the schema tables.
    pub(crate) fn is(&self, name: &'static str) -> bool {
        match self.namespace {
            NamespaceId::NONE => self.local == name,
            NamespaceId::XSI => name.strip_prefix("xsi:") == Some(self.local),
            _ => false,
        }
    }
}

impl Tag<'_> {
    /// Compares with an element's name in the notation of the schema tables.
    pub(crate) fn is(&self, name: &'static str) -> bool {
        match self.namespace {
            NamespaceId::MODEL => self.local == name,
            NamespaceId::BPMNDI => name.strip_prefix("bpmndi:") == Some(self.local),
            NamespaceId::DC => name.strip_prefix("dc:") == Some(self.local),
            NamespaceId::DI => name.strip_prefix("di:") == Some(self.local),
            _ => false,
        }
    }
}

/// Where an attribute's value comes from, for the prefixes in it.
pub(crate) struct Source<'c, 'a> {
    pub(crate) document: &'c crate::xml::Document<'a>,
    pub(crate) tag: &'c Tag<'a>,
}

/// A field that holds an attribute.
pub(crate) trait AttributeField {
    fn read(&mut self, value: &str, source: &Source<'_, '_>) -> Lexical;
    fn value(&self) -> Option<AttributeValue<'_>>;
}

/// A type that can stand as a child.
pub(crate) trait Item: Sized {
    fn accepts(name: &'static str, tag: &Tag<'_>) -> bool {
        tag.is(name)
    }
    fn read(tag: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> Self;
    fn child(&self, name: &'static str) -> Child<'_>;
}

/// A field that holds children of one kind.
pub(crate) trait ChildField {
    fn accepts(name: &'static str, tag: &Tag<'_>) -> bool;
    /// Whether there was room for the child.
    fn read(&mut self, tag: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> bool;
    fn child(&self, name: &'static str, nth: usize) -> Option<Child<'_>>;
    fn children<'e>(&'e self, name: &'static str, visit: &mut dyn FnMut(Child<'e>));
}

impl<T: Item> ChildField for Vec<T> {
    fn accepts(name: &'static str, tag: &Tag<'_>) -> bool {
        T::accepts(name, tag)
    }

    fn read(&mut self, tag: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> bool {
        if self.is_empty() {
            // Most lists have one item; the usual first growth is by four.
            self.reserve_exact(1);
        }
        self.push(T::read(tag, node, context));
        true
    }

    fn child(&self, name: &'static str, nth: usize) -> Option<Child<'_>> {
        self.get(nth).map(|item| item.child(name))
    }

    fn children<'e>(&'e self, name: &'static str, visit: &mut dyn FnMut(Child<'e>)) {
        self.iter().for_each(|item| visit(item.child(name)));
    }
}

impl<T: Item> ChildField for Option<T> {
    fn accepts(name: &'static str, tag: &Tag<'_>) -> bool {
        T::accepts(name, tag)
    }

    fn read(&mut self, tag: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> bool {
        if self.is_some() {
            return false;
        }
        *self = Some(T::read(tag, node, context));
        true
    }

    fn child(&self, name: &'static str, nth: usize) -> Option<Child<'_>> {
        self.as_ref().filter(|_| nth == 0).map(|item| item.child(name))
    }

    fn children<'e>(&'e self, name: &'static str, visit: &mut dyn FnMut(Child<'e>)) {
        self.iter().for_each(|item| visit(item.child(name)));
    }
}

impl<T: Item> Item for Box<T> {
    fn accepts(name: &'static str, tag: &Tag<'_>) -> bool {
        T::accepts(name, tag)
    }

    fn read(tag: &Tag<'_>, node: NodeIx, context: &mut Context<'_, '_>) -> Self {
        Box::new(T::read(tag, node, context))
    }

    fn child(&self, name: &'static str) -> Child<'_> {
        T::child(self, name)
    }
}

/// The field of a type for its text, if any.
pub(crate) trait TextField {
    fn body(&self) -> Option<&Body>;
    fn body_mut(&mut self) -> Option<&mut Body>;
    fn content(&self) -> Option<&Fragment>;
    fn content_mut(&mut self) -> Option<&mut Fragment>;
}

impl TextField for Body {
    fn body(&self) -> Option<&Body> {
        Some(self)
    }

    fn body_mut(&mut self) -> Option<&mut Body> {
        Some(self)
    }

    fn content(&self) -> Option<&Fragment> {
        None
    }

    fn content_mut(&mut self) -> Option<&mut Fragment> {
        None
    }
}

impl TextField for Fragment {
    fn body(&self) -> Option<&Body> {
        None
    }

    fn body_mut(&mut self) -> Option<&mut Body> {
        None
    }

    fn content(&self) -> Option<&Fragment> {
        Some(self)
    }

    fn content_mut(&mut self) -> Option<&mut Fragment> {
        Some(self)
    }
}

impl Schema for Markup {
    const SLOTS: u8 = 0;

    fn markup(&self) -> &Markup {
        self
    }

    fn markup_mut(&mut self) -> &mut Markup {
        self
    }

    fn read_attribute(&mut self, _: &Name<'_>, _: &str, _: &Source<'_, '_>) -> Option<Lexical> {
        None
    }

    fn read_child(&mut self, _: &Tag<'_>, _: NodeIx, _: &mut Context<'_, '_>) -> Option<u8> {
        None
    }

    fn write_attributes<'e>(&'e self, _: &mut dyn FnMut(&'static str, AttributeValue<'e>)) {}

    fn child(&self, _: u8, _: usize) -> Option<Child<'_>> {
        None
    }

    fn children<'e>(&'e self, _: &mut dyn FnMut(Child<'e>)) {}
}
