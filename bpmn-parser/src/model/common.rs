//! Common elements (8.4): expressions, items, messages, errors, interfaces, correlation, categories.

use super::schema::{element, group, words};
use super::{BaseElement, Body, Reference};

element! {
    /// An expression, formal or not (8.4.6); which one, `xsi:type` or the element's name says.
    pub struct Expression: base BaseElement;
    attributes {
        schema_type: Option<Reference> = "xsi:type",
        language: Option<String> = "language",
        evaluates_to_type_ref: Option<Reference> = "evaluatesToTypeRef",
    }
    text {
        /// What it says.
        body: Body
    }
}

impl Expression {
    /// Whether `xsi:type` says that it is formal.
    pub fn is_declared_formal(&self) -> bool {
        self.schema_type.as_ref().is_some_and(|kind| kind.local() == "tFormalExpression")
    }
}

group! {
    /// An expression that stands under its own name.
    pub enum AnyExpression {
        Expression(Box<Expression>) = "expression",
        Formal(Box<Expression>) = "formalExpression",
    }
}

impl AnyExpression {
    /// The expression, formal or not.
    pub fn expression(&self) -> &Expression {
        match self {
            AnyExpression::Expression(expression) | AnyExpression::Formal(expression) => expression,
        }
    }
}

element! {
    /// A type of data (8.4.10).
    pub struct ItemDefinition: base BaseElement;
    attributes {
        structure_ref: Option<Reference> = "structureRef",
        is_collection: Option<bool> = "isCollection",
        item_kind: Option<ItemKind> = "itemKind",
    }
}

words! {
    /// Whether an item is data or a thing.
    pub enum ItemKind { Information = "Information", Physical = "Physical" }
}

element! {
    /// A message (8.4.11).
    pub struct Message: base BaseElement;
    attributes { name: Option<String> = "name", item_ref: Option<Reference> = "itemRef" }
}

element! {
    /// An error (8.4.3).
    pub struct Error: base BaseElement;
    attributes {
        name: Option<String> = "name",
        error_code: Option<String> = "errorCode",
        structure_ref: Option<Reference> = "structureRef",
    }
}

element! {
    /// An escalation (8.4.4).
    pub struct Escalation: base BaseElement;
    attributes {
        name: Option<String> = "name",
        escalation_code: Option<String> = "escalationCode",
        structure_ref: Option<Reference> = "structureRef",
    }
}

element! {
    /// A signal (10.5.5).
    pub struct Signal: base BaseElement;
    attributes { name: Option<String> = "name", structure_ref: Option<Reference> = "structureRef" }
}

element! {
    /// A set of operations (8.4.9).
    pub struct Interface: base BaseElement;
    attributes { name: Option<String> = "name", implementation_ref: Option<Reference> = "implementationRef" }
    children { operations: Vec<Operation> = "operation" }
}

element! {
    /// An operation of an interface (8.4.9).
    pub struct Operation: base BaseElement;
    attributes { name: Option<String> = "name", implementation_ref: Option<Reference> = "implementationRef" }
    children {
        in_message_ref: Option<Reference> = "inMessageRef",
        out_message_ref: Option<Reference> = "outMessageRef",
        error_refs: Vec<Reference> = "errorRef",
    }
}

element! {
    /// An address; what it is, extensions say.
    pub struct EndPoint: base BaseElement;
}

element! {
    /// A category (8.4.1).
    pub struct Category: base BaseElement;
    attributes { name: Option<String> = "name" }
    children { category_values: Vec<CategoryValue> = "categoryValue" }
}

element! {
    /// A value of a category (8.4.1).
    pub struct CategoryValue: base BaseElement;
    attributes { value: Option<String> = "value" }
}

element! {
    /// A named part of a message or process that identifies an instance (8.4.2).
    pub struct CorrelationProperty: base BaseElement;
    attributes { name: Option<String> = "name", kind: Option<Reference> = "type" }
    children {
        retrieval_expressions: Vec<CorrelationPropertyRetrievalExpression> = "correlationPropertyRetrievalExpression",
    }
}

element! {
    /// How to read a property from one message (8.4.2).
    pub struct CorrelationPropertyRetrievalExpression: base BaseElement;
    attributes { message_ref: Option<Reference> = "messageRef" }
    children { message_path: Option<Expression> = "messagePath" }
}

element! {
    /// A set of properties that together identify a conversation (8.4.2).
    pub struct CorrelationKey: base BaseElement;
    attributes { name: Option<String> = "name" }
    children { correlation_property_refs: Vec<Reference> = "correlationPropertyRef" }
}

element! {
    /// Binds a key to the data of a process (8.4.2).
    pub struct CorrelationSubscription: base BaseElement;
    attributes { correlation_key_ref: Option<Reference> = "correlationKeyRef" }
    children { bindings: Vec<CorrelationPropertyBinding> = "correlationPropertyBinding" }
}

element! {
    /// Binds one property to the data of a process (8.4.2).
    pub struct CorrelationPropertyBinding: base BaseElement;
    attributes { correlation_property_ref: Option<Reference> = "correlationPropertyRef" }
    children { data_path: Option<Expression> = "dataPath" }
}
