//! From the XML tree to the model: generic over the types, whose fields the schema macros list.

use crate::diagnostic::Findings;
use crate::model::element::{Item, Lexical, Name, Read, Schema, Source};
use crate::model::{
    Body, ConversationNode, Definitions, FlowElement, ForeignAttribute, Fragment, FragmentElement,
    FragmentNode, LaneSet, LexicalAttribute, Markup, NamespaceDeclaration, Reference,
};
use crate::xml::{
    Attribute, Content, Document, Limits, NamespaceId, NodeIx, Tag, XmlError, decode, is_space, scan,
};
use crate::{Diagnostic, Position};

/// A file as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The model.
    pub definitions: Definitions,
    /// Where the file is not what the schema asks for; sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file with the default limits. Any well-formed file whose document element is `definitions` gives a model.
pub fn parse(bytes: &[u8]) -> Result<Parsed, XmlError> {
    parse_with(bytes, &Limits::default())
}

/// Reads a file with other limits.
pub fn parse_with(bytes: &[u8], limits: &Limits) -> Result<Parsed, XmlError> {
    let (definitions, findings) = read(bytes, limits)?;
    Ok(Parsed { definitions, diagnostics: findings.finish() })
}

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<(Definitions, Findings), XmlError> {
    let text = decode(bytes, limits)?;
    let document = scan(&text, limits)?;
    let root = document.root();
    if !document.tag(root).is_some_and(|tag| tag.is("definitions")) {
        let message = "the document element is not `definitions` of BPMN 2.0";
        return Err(XmlError::new(XmlError::NOT_DEFINITIONS, document.position(root), message));
    }
    let mut context = Context::new(&document, limits);
    let definitions = context.definitions(root);
    Ok((definitions, context.findings))
}

/// What is shared while one file is read.
pub(crate) struct Context<'c, 'a> {
    pub(crate) document: &'c Document<'a>,
    pub(crate) findings: Findings,
    pub(crate) flow_elements: Queue,
    pub(crate) lane_sets: Queue,
    pub(crate) conversation_nodes: Queue,
    /// The layouts of the elements that are being read, one after another.
    layouts: Vec<u8>,
}

/// Elements that are read later, each into the row that its place in the queue says; so nothing recurses.
#[derive(Default)]
pub(crate) struct Queue {
    nodes: Vec<NodeIx>,
}

impl Queue {
    pub(crate) fn reserve(&mut self, node: NodeIx) -> u32 {
        self.nodes.push(node);
        self.nodes.len() as u32 - 1
    }
}

impl<'c, 'a> Context<'c, 'a> {
    fn new(document: &'c Document<'a>, limits: &Limits) -> Self {
        Context {
            document,
            findings: Findings::new(limits.diagnostics_max),
            flow_elements: Queue::default(),
            lane_sets: Queue::default(),
            conversation_nodes: Queue::default(),
            layouts: Vec::new(),
        }
    }

    fn definitions(&mut self, root: NodeIx) -> Definitions {
        let mut definitions: Definitions = element(root, self);
        while self.read_queued(&mut definitions) {}
        definitions.find_containers();
        let mut after = false;
        for node in self.document.top() {
            if *node == root {
                after = true;
                continue;
            }
            let part = if after { &mut definitions.epilog } else { &mut definitions.prolog };
            self.fragment_node(*node, part);
        }
        definitions
    }

    /// Reads everything that waits in the queues; false when there was nothing.
    fn read_queued(&mut self, definitions: &mut Definitions) -> bool {
        let mut any = false;
        while let Some(node) = self.flow_elements.nodes.get(definitions.flow_elements.len()).copied() {
            let tag = self.queued_tag(node);
            definitions.flow_elements.push(FlowElement::read(&tag, node, self));
            any = true;
        }
        while let Some(node) = self.lane_sets.nodes.get(definitions.lane_sets.len()).copied() {
            definitions.lane_sets.push(element::<LaneSet>(node, self));
            any = true;
        }
        while let Some(node) =
            self.conversation_nodes.nodes.get(definitions.conversation_nodes.len()).copied()
        {
            let tag = self.queued_tag(node);
            definitions.conversation_nodes.push(ConversationNode::read(&tag, node, self));
            any = true;
        }
        any
    }

    fn queued_tag(&self, node: NodeIx) -> Tag<'a> {
        *self.document.tag(node).expect("only elements are queued")
    }

    /// A reference that stands as the text of an element.
    pub(crate) fn reference(&mut self, tag: &Tag<'_>, node: NodeIx) -> Reference {
        let own = self.queued_tag(node);
        let source = Source { document: self.document, tag: &own };
        let mut text = String::new();
        let mut others = Vec::new();
        for child in self.document.children(node) {
            match self.document.content(child) {
                Content::Text(part) => text.push_str(part),
                Content::Element(inner) => {
                    let position = self.document.position(child);
                    let message = format!("`{}` is not allowed in `{}`", inner.local, tag.local);
                    self.find(child, Diagnostic::error(1, position, message));
                    others.push(self.fragment(child));
                }
                Content::Comment(_) | Content::Instruction(..) => others.push(self.fragment(child)),
            }
        }
        let mut reference = Reference::read_text(&text, &source);
        let declarations = self.document.declarations(&own);
        if !others.is_empty() || !declarations.is_empty() || !self.document.attributes(&own).is_empty() {
            let mut markup = Markup::default();
            self.markup(node, &own, &mut markup);
            markup.attributes = self.document.attributes(&own).iter().map(|it| self.foreign(it)).collect();
            markup.arrange(&vec![Markup::OTHER; others.len()], others);
            reference.markup = Some(Box::new(markup));
        }
        reference
    }

    fn markup(&self, node: NodeIx, tag: &Tag<'a>, markup: &mut Markup) {
        markup.position = self.document.position(node);
        for declaration in self.declarations(tag) {
            markup.declare(declaration.prefix, declaration.uri);
        }
    }

    fn declarations(&self, tag: &Tag<'a>) -> Vec<NamespaceDeclaration> {
        let declarations = self.document.declarations(tag).into_iter();
        let declarations = declarations.map(|declaration| NamespaceDeclaration {
            prefix: declaration.prefix.to_owned(),
            uri: self.document.namespace(declaration.namespace).cloned().unwrap_or_default(),
        });
        declarations.collect()
    }

    fn foreign(&self, attribute: &Attribute<'a>) -> ForeignAttribute {
        ForeignAttribute {
            namespace: self.document.namespace(attribute.namespace).cloned(),
            local: attribute.local.to_owned(),
            value: attribute.value.clone().into_owned(),
        }
    }

    /// A node with everything inside it, as it is.
    fn fragment(&self, node: NodeIx) -> Fragment {
        let mut fragment = Fragment::default();
        self.fragment_node(node, &mut fragment);
        fragment
    }

    fn fragment_node(&self, node: NodeIx, fragment: &mut Fragment) {
        let mut waiting = vec![(node, 0)];
        let mut open: Vec<usize> = Vec::new();
        while let Some((node, depth)) = waiting.pop() {
            self.close_fragments(&mut open, depth, fragment);
            let row = fragment.nodes.len();
            fragment.nodes.push(match self.document.content(node) {
                Content::Text(text) => FragmentNode::Text(text.clone().into_owned()),
                Content::Comment(comment) => FragmentNode::Comment((*comment).to_owned()),
                Content::Instruction(target, data) => {
                    FragmentNode::Instruction { target: (*target).to_owned(), data: (*data).to_owned() }
                }
                Content::Element(tag) => {
                    open.push(row);
                    let from = waiting.len();
                    waiting.extend(self.document.children(node).map(|child| (child, depth + 1)));
                    waiting[from..].reverse();
                    FragmentNode::Element(self.fragment_element(node, tag))
                }
            });
        }
        self.close_fragments(&mut open, 0, fragment);
    }

    fn close_fragments(&self, open: &mut Vec<usize>, depth: usize, fragment: &mut Fragment) {
        let end = fragment.nodes.len();
        for row in open.drain(depth..) {
            if let FragmentNode::Element(element) = &mut fragment.nodes[row] {
                element.end = end;
            }
        }
    }

    fn fragment_element(&self, node: NodeIx, tag: &Tag<'a>) -> FragmentElement {
        FragmentElement {
            namespace: self.document.namespace(tag.namespace).cloned(),
            local: tag.local.to_owned(),
            attributes: self.document.attributes(tag).iter().map(|it| self.foreign(it)).collect(),
            declarations: self.declarations(tag),
            end: 0,
            position: self.document.position(node),
        }
    }

    /// Adds a finding about an element of the file; without an id of its own it names the nearest one around it.
    fn find(&mut self, node: NodeIx, diagnostic: Diagnostic) {
        let document = self.document;
        let id = document.outward(node).find_map(|node| {
            let attributes = document.attributes(document.tag(node)?);
            attributes.iter().find(|it| it.namespace == NamespaceId::NONE && it.local == "id")
        });
        self.findings.add(match id {
            Some(id) => diagnostic.on(id.value.as_ref()),
            None => diagnostic,
        });
    }
}

/// Reads one element of any type.
pub(crate) fn element<T: Read>(node: NodeIx, context: &mut Context<'_, '_>) -> T {
    let tag = context.queued_tag(node);
    let mut element = T::default();
    context.markup(node, &tag, element.markup_mut());
    read_attributes(&mut element, node, &tag, context);
    if element.content_mut().is_some() {
        let mut content = Fragment::default();
        for child in context.document.children(node) {
            context.fragment_node(child, &mut content);
        }
        if let Some(place) = element.content_mut() {
            *place = content;
        }
        return element;
    }
    read_content(&mut element, node, &tag, context);
    element
}

fn read_attributes<T: Read>(element: &mut T, node: NodeIx, tag: &Tag<'_>, context: &mut Context<'_, '_>) {
    let document = context.document;
    let own = context.queued_tag(node);
    let source = Source { document, tag: &own };
    let mut place = document.place(node);
    for attribute in document.attributes(&own) {
        let name = Name { namespace: attribute.namespace, local: attribute.local };
        let Some(lexical) = element.read_attribute(&name, &attribute.value, &source) else {
            let foreign = context.foreign(attribute);
            element.markup_mut().attributes.push(foreign);
            // A partition element may be of any type, which `xsi:type` says.
            if attribute.namespace == NamespaceId::NONE && !own.is("partitionElement") {
                let position = document.advance_to_attribute(&mut place, attribute);
                let message = format!("`{}` has no attribute `{}`", tag.local, attribute.local);
                context.find(node, Diagnostic::error(1, position, message));
            }
            continue;
        };
        if lexical == Lexical::Canonical {
            continue;
        }
        keep_lexical(element, attribute, lexical);
        let position = document.advance_to_attribute(&mut place, attribute);
        let wrong =
            || format!("`{}` is not a value of `{}` of `{}`", attribute.value, attribute.local, tag.local);
        match lexical {
            Lexical::Canonical | Lexical::Other => {}
            Lexical::Case => context.find(node, Diagnostic::warning(1, position, wrong())),
            Lexical::Invalid => context.find(node, Diagnostic::error(1, position, wrong())),
        }
    }
}

/// Keeps the text of an attribute that would be written in another way.
fn keep_lexical<T: Schema>(element: &mut T, attribute: &Attribute<'_>, lexical: Lexical) {
    let mut kept = None;
    element.write_attributes(&mut |name, value| {
        if name == attribute.local {
            kept = Some((name, value.to_string()));
        }
    });
    let value = attribute.value.clone().into_owned();
    let markup = element.markup_mut();
    match kept {
        Some((name, canonical)) if lexical != Lexical::Invalid => {
            markup.add_lexical(LexicalAttribute { name, value, canonical: Some(canonical) });
        }
        Some(_) | None => markup.attributes.push(ForeignAttribute {
            namespace: None,
            local: attribute.local.to_owned(),
            value,
        }),
    }
}

fn read_content<T: Read>(element: &mut T, node: NodeIx, tag: &Tag<'_>, context: &mut Context<'_, '_>) {
    let document = context.document;
    let from = context.layouts.len();
    let mut others = Vec::new();
    let mut place = document.place(node);
    for child in document.children(node) {
        if document.tag(child).is_some() {
            place = document.place(child);
        }
        match document.content(child) {
            Content::Element(inner) => match element.read_child(inner, child, context) {
                Some(slot) => context.layouts.push(slot),
                None => {
                    report_unknown(inner, child, tag, context);
                    context.layouts.push(Markup::OTHER);
                    others.push(context.fragment(child));
                }
            },
            Content::Text(text) => {
                if let Some(body) = element.body_mut() {
                    add_text(body, text, || document.advance_to_node(&mut place, child));
                    context.layouts.push(Markup::BODY);
                } else if !text.bytes().all(is_space) {
                    let message = format!("text is not allowed in `{}`", tag.local);
                    let position = document.advance_to_node(&mut place, child);
                    context.find(node, Diagnostic::error(1, position, message));
                    context.layouts.push(Markup::OTHER);
                    others.push(context.fragment(child));
                }
            }
            Content::Comment(_) | Content::Instruction(..) => {
                context.layouts.push(Markup::OTHER);
                others.push(context.fragment(child));
            }
        }
    }
    let known = context.layouts[from..].iter().filter(|slot| **slot < Markup::BODY);
    if !known.is_sorted() {
        let message = format!("the children of `{}` are not in the order of the schema", tag.local);
        context.find(node, Diagnostic::warning(1, document.position(node), message));
    }
    if let Some(body) = element.body_mut()
        && body.pieces.len() < 2
    {
        body.pieces = Vec::new();
    }
    element.markup_mut().arrange(&context.layouts[from..], others);
    context.layouts.truncate(from);
}

fn add_text(body: &mut Body, text: &str, position: impl FnOnce() -> Position) {
    if body.text.is_empty() {
        body.position = position();
    }
    body.text.push_str(text);
    body.pieces.push(text.len() as u32);
}

fn report_unknown(inner: &Tag<'_>, child: NodeIx, tag: &Tag<'_>, context: &mut Context<'_, '_>) {
    let position = context.document.position(child);
    let message = format!("`{}` is not allowed here in `{}`", inner.local, tag.local);
    let foreign = !matches!(
        inner.namespace,
        NamespaceId::MODEL | NamespaceId::BPMNDI | NamespaceId::DC | NamespaceId::DI
    );
    let diagnostic = if foreign {
        let help = "content of other namespaces belongs into `extensionElements`";
        Diagnostic::warning(1, position, message).help(help)
    } else {
        Diagnostic::error(1, position, message)
    };
    context.find(child, diagnostic);
}
