//! Foundation (8.3): what all elements share, documentation, extensions, imports, relationships.

use super::schema::{element, words};
use super::{Fragment, FragmentRef, Markup, Reference};

element! {
    /// What every element derives from (8.3.1).
    pub struct BaseElement: markup Markup;
    attributes { id: Option<String> = "id" }
    children {
        documentation: Vec<Documentation> = "documentation",
        extension_elements: Option<Box<ExtensionElements>> = "extensionElements",
    }
}

element! {
    /// Text for people (8.3.2).
    pub struct Documentation: markup Markup;
    attributes { id: Option<String> = "id", text_format: Option<String> = "textFormat" }
    text {
        /// Text or one element.
        content: Fragment
    }
}

element! {
    /// Content of other namespaces (8.3.3).
    pub struct ExtensionElements: markup Markup;
    text {
        /// The elements as they are.
        content: Fragment
    }
}

element! {
    /// Declares an extension (8.3.3).
    pub struct Extension: markup Markup;
    attributes { definition: Option<Reference> = "definition", must_understand: Option<bool> = "mustUnderstand" }
    children { documentation: Vec<Documentation> = "documentation" }
}

element! {
    /// Names another document; it is never fetched (8.2.2).
    pub struct Import: markup Markup;
    attributes {
        namespace: Option<String> = "namespace",
        location: Option<String> = "location",
        import_type: Option<String> = "importType",
    }
}

element! {
    /// Relates elements of this or other documents (8.3.4).
    pub struct Relationship: base BaseElement;
    attributes { kind: Option<String> = "type", direction: Option<RelationshipDirection> = "direction" }
    children { sources: Vec<Reference> = "source", targets: Vec<Reference> = "target" }
}

words! {
    /// The direction of a relationship.
    pub enum RelationshipDirection { None = "None", Forward = "Forward", Backward = "Backward", Both = "Both" }
}

element! {
    /// A hook whose content is extensions.
    pub struct Auditing: base BaseElement;
}

element! {
    /// A hook whose content is extensions.
    pub struct Monitoring: base BaseElement;
}

impl BaseElement {
    /// The extension elements, if any.
    pub fn extensions(&self) -> impl Iterator<Item = FragmentRef<'_>> {
        self.extension_elements.iter().flat_map(|extension| extension.content.elements())
    }

    /// The value of an attribute of another namespace.
    pub fn foreign(&self, namespace: &str, local: &str) -> Option<&str> {
        self.markup.attribute(namespace, local)
    }
}
