//! Artifacts (8.4.1): associations, groups, annotations.

use super::schema::{element, group, words};
use super::{BaseElement, Fragment, Markup, Reference};

group! {
    /// What is drawn beside the flow.
    pub enum Artifact {
        Association(Box<Association>) = "association",
        Group(Box<Group>) = "group",
        TextAnnotation(Box<TextAnnotation>) = "textAnnotation",
    }
}

element! {
    /// Joins two elements; it means something only from a compensation event to its activity.
    pub struct Association: base BaseElement;
    attributes {
        source_ref: Option<Reference> = "sourceRef",
        target_ref: Option<Reference> = "targetRef",
        association_direction: Option<AssociationDirection> = "associationDirection",
    }
}

words! {
    /// Where the arrows of an association are.
    pub enum AssociationDirection { None = "None", One = "One", Both = "Both" }
}

element! {
    /// A frame around elements of one category.
    pub struct Group: base BaseElement;
    attributes { category_value_ref: Option<Reference> = "categoryValueRef" }
}

element! {
    /// A note.
    pub struct TextAnnotation: base BaseElement;
    attributes { text_format: Option<String> = "textFormat" }
    children { text: Option<Text> = "text" }
}

element! {
    /// The text of a note.
    pub struct Text: markup Markup;
    text {
        /// Text or one element.
        content: Fragment
    }
}
