//! Foreign content, written exactly as it was read.

use super::escape::{push_attribute, push_comment, push_instruction, push_text};
use super::scope::Scope;
use super::{QualifiedName, push_name};
use crate::model::{ForeignAttribute, Fragment, FragmentElement, FragmentNode};

/// An element of a fragment that is not closed yet.
struct Open<'d> {
    end: usize,
    name: QualifiedName<'d>,
    scope: usize,
}

/// Writes all nodes of a fragment.
pub(super) fn write<'d>(out: &mut String, scope: &mut Scope<'d>, fragment: &'d Fragment) {
    let mut open: Vec<Open<'d>> = Vec::new();
    for (row, node) in fragment.nodes.iter().enumerate() {
        close(out, scope, &mut open, row);
        match node {
            FragmentNode::Text(text) => push_text(out, text),
            FragmentNode::Comment(comment) => push_comment(out, comment),
            FragmentNode::Instruction { target, data } => push_instruction(out, target, data),
            FragmentNode::Element(element) => {
                let mark = scope.mark();
                let name = start_tag(out, scope, element);
                if element.end <= row + 1 {
                    out.push_str("/>");
                    scope.reset(mark);
                } else {
                    out.push('>');
                    open.push(Open { end: element.end, name, scope: mark });
                }
            }
        }
    }
    close(out, scope, &mut open, usize::MAX);
}

fn start_tag<'d>(out: &mut String, scope: &mut Scope<'d>, element: &'d FragmentElement) -> QualifiedName<'d> {
    let mark = scope.mark();
    scope.declare_all(&element.declarations);
    let prefix = scope.element_prefix(element.namespace.as_deref());
    let name = QualifiedName { prefix, local: &element.local };
    out.push('<');
    push_name(out, &name);
    scope.push_declarations(mark, out);
    let mark = scope.mark();
    push_foreign(out, scope, &element.attributes);
    scope.push_declarations(mark, out);
    name
}

/// Writes attributes with the prefixes of their namespaces.
pub(super) fn push_foreign<'d>(out: &mut String, scope: &mut Scope<'d>, attributes: &'d [ForeignAttribute]) {
    for attribute in attributes {
        out.push(' ');
        let prefix = attribute.namespace.as_deref().map(|uri| scope.attribute_prefix(uri));
        push_name(out, &QualifiedName { prefix: prefix.unwrap_or_default(), local: &attribute.local });
        push_attribute(out, &attribute.value);
    }
}

/// Closes the elements that end before a row.
fn close(out: &mut String, scope: &mut Scope<'_>, open: &mut Vec<Open<'_>>, row: usize) {
    while let Some(last) = open.pop_if(|last| last.end <= row) {
        out.push_str("</");
        push_name(out, &last.name);
        out.push('>');
        scope.reset(last.scope);
    }
}
