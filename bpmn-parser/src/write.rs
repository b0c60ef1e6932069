//! From the model back to XML: everything that was read, indented, with the prefixes that the file declares.

mod escape;
mod fragment;
mod scope;

use crate::model::{
    BPMNDI, Body, Child, DC, DI, Definitions, Element, Fragment, FragmentNode, MODEL, Markup, Piece,
    Reference, XSI, pieces,
};
use escape::{push_attribute, push_text};
use scope::{Prefix, Scope};

/// Deeper levels are not indented further, so that the length of a file does not follow the square of its depth.
const INDENTED_LEVELS: usize = 40;

/// Writes a model as a file in UTF-8.
///
/// Reading the file gives an equal model. Characters that XML does not allow are replaced by U+FFFD; a model that was
/// read has none.
pub fn write(definitions: &Definitions) -> String {
    let mut writer = Writer { definitions, out: String::new(), scope: Scope::new(), open: Vec::new() };
    writer.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    writer.around(&definitions.prolog);
    writer.element("definitions", definitions);
    while let Some(step) = writer.open.last_mut() {
        match step.pieces.next() {
            Some(piece) => writer.piece(piece),
            None => writer.close(),
        }
    }
    writer.out.push('\n');
    writer.around(&definitions.epilog);
    writer.out
}

/// An element that is not closed yet.
struct Open<'d> {
    pieces: std::vec::IntoIter<Piece<'d>>,
    name: QualifiedName<'d>,
    /// Its content has text, so that no white space may be added.
    mixed: bool,
    scope: usize,
}

/// A prefix and a local name.
struct QualifiedName<'d> {
    prefix: Prefix<'d>,
    local: &'d str,
}

struct Writer<'d> {
    definitions: &'d Definitions,
    out: String,
    scope: Scope<'d>,
    open: Vec<Open<'d>>,
}

impl<'d> Writer<'d> {
    /// Comments and instructions around the document element, a line each.
    fn around(&mut self, fragment: &'d Fragment) {
        for node in &fragment.nodes {
            match node {
                FragmentNode::Comment(comment) => escape::push_comment(&mut self.out, comment),
                FragmentNode::Instruction { target, data } => {
                    escape::push_instruction(&mut self.out, target, data)
                }
                FragmentNode::Element(_) | FragmentNode::Text(_) => continue,
            }
            self.out.push('\n');
        }
    }

    fn piece(&mut self, piece: Piece<'d>) {
        match piece {
            Piece::Child(Child::Reference(name, reference)) => self.reference(name, reference),
            Piece::Child(child) => {
                if let Some((name, element)) = self.definitions.child_element(child) {
                    self.element(name, element);
                }
            }
            Piece::Other(fragment) => {
                self.line();
                fragment::write(&mut self.out, &mut self.scope, fragment);
            }
            Piece::Body(text) => push_text(&mut self.out, text),
        }
    }

    /// Opens an element; its content follows when its pieces are taken.
    fn element(&mut self, name: &'static str, element: &'d dyn Element) {
        self.line();
        let scope = self.scope.mark();
        let name = self.start_tag(name, element.markup(), |visit| element.attributes(visit));
        if let Some(content) = element.content() {
            self.content(&name, content);
            self.scope.reset(scope);
            return;
        }
        let pieces = pieces(element);
        if pieces.is_empty() {
            self.out.push_str("/>");
            self.scope.reset(scope);
            return;
        }
        self.out.push('>');
        let mixed = is_mixed(element.body(), &pieces);
        self.open.push(Open { pieces: pieces.into_iter(), name, mixed, scope });
    }

    fn close(&mut self) {
        let Some(closed) = self.open.pop() else { return };
        if !closed.mixed {
            self.new_line(self.open.len());
        }
        self.end_tag(&closed.name);
        self.scope.reset(closed.scope);
    }

    fn content(&mut self, name: &QualifiedName<'d>, content: &'d Fragment) {
        if content.nodes.is_empty() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        fragment::write(&mut self.out, &mut self.scope, content);
        self.end_tag(name);
    }

    /// A reference as the text of an element.
    fn reference(&mut self, name: &'static str, reference: &'d Reference) {
        const PLAIN: &Markup = &Markup::plain();
        self.line();
        let scope = self.scope.mark();
        let markup = reference.markup.as_deref().unwrap_or(PLAIN);
        let name = self.start_tag(name, markup, |_| {});
        self.out.push('>');
        push_text(&mut self.out, &reference.text);
        for other in markup.others() {
            fragment::write(&mut self.out, &mut self.scope, other);
        }
        self.end_tag(&name);
        self.scope.reset(scope);
    }

    /// Writes a start tag up to its closing bracket.
    fn start_tag(
        &mut self,
        name: &'static str,
        markup: &'d Markup,
        attributes: impl FnOnce(&mut dyn FnMut(&'static str, crate::model::AttributeValue<'d>)),
    ) -> QualifiedName<'d> {
        let mark = self.scope.mark();
        self.scope.declare_all(markup.declarations());
        let (uri, local) = expanded(name);
        let name = QualifiedName { prefix: self.scope.element_prefix(Some(uri)), local };
        self.out.push('<');
        push_name(&mut self.out, &name);
        self.scope.push_declarations(mark, &mut self.out);
        let mark = self.scope.mark();
        let out = &mut self.out;
        let scope = &mut self.scope;
        attributes(&mut |name, value| {
            out.push(' ');
            match name.split_once(':') {
                Some((_, local)) => {
                    push_name(out, &QualifiedName { prefix: scope.attribute_prefix(XSI), local })
                }
                None => out.push_str(name),
            }
            let lexical = markup.lexical().iter().find(|lexical| lexical.name == name);
            match value {
                _ if lexical.is_some() => {
                    let written = value.to_string();
                    let lexical = lexical.filter(|it| it.canonical.as_deref() == Some(&written));
                    push_attribute(out, lexical.map_or(&written, |lexical| &lexical.value));
                }
                crate::model::AttributeValue::Text(text) => push_attribute(out, text),
                crate::model::AttributeValue::Reference(reference) => push_attribute(out, &reference.text),
                crate::model::AttributeValue::Boolean(_)
                | crate::model::AttributeValue::Integer(_)
                | crate::model::AttributeValue::Double(_) => {
                    use std::fmt::Write;
                    write!(out, "=\"{value}\"").expect("writing to a string cannot fail");
                }
            }
        });
        fragment::push_foreign(&mut self.out, &mut self.scope, &markup.attributes);
        self.scope.push_declarations(mark, &mut self.out);
        name
    }

    fn end_tag(&mut self, name: &QualifiedName<'_>) {
        self.out.push_str("</");
        push_name(&mut self.out, name);
        self.out.push('>');
    }

    /// A new line for a child, unless white space would become content.
    fn line(&mut self) {
        if self.open.last().is_some_and(|open| !open.mixed) {
            self.new_line(self.open.len());
        }
    }

    fn new_line(&mut self, depth: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n("  ", depth.min(INDENTED_LEVELS)));
    }
}

fn push_name(out: &mut String, name: &QualifiedName<'_>) {
    if !name.prefix.is_empty() {
        out.push_str(&name.prefix);
        out.push(':');
    }
    out.push_str(name.local);
}

/// The namespace and local name of a name in the notation of the schema tables.
fn expanded(name: &'static str) -> (&'static str, &'static str) {
    match name.split_once(':') {
        None => (MODEL, name),
        Some(("bpmndi", local)) => (BPMNDI, local),
        Some(("dc", local)) => (DC, local),
        Some((_, local)) => (DI, local),
    }
}

fn is_mixed(body: Option<&Body>, pieces: &[Piece<'_>]) -> bool {
    let is_text = |piece: &Piece<'_>| match piece {
        Piece::Other(fragment) => matches!(fragment.nodes.first(), Some(FragmentNode::Text(_))),
        Piece::Child(_) | Piece::Body(_) => false,
    };
    body.is_some() || pieces.iter().any(is_text)
}
