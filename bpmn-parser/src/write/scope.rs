//! Which prefixes mean which namespaces at the place that is being written.

use super::escape::push_attribute;
use crate::model::{BPMNDI, DC, DI, MODEL, NamespaceDeclaration, XSI};
use std::borrow::Cow;

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A prefix of the file or one that had to be made.
pub(super) type Prefix<'d> = Cow<'d, str>;

/// The declarations in scope, the innermost last.
pub(super) struct Scope<'d> {
    declared: Vec<(Prefix<'d>, &'d str)>,
}

impl<'d> Scope<'d> {
    pub(super) fn new() -> Self {
        Scope { declared: Vec::new() }
    }

    /// The state to come back to at the end of an element.
    pub(super) fn mark(&self) -> usize {
        self.declared.len()
    }

    pub(super) fn reset(&mut self, mark: usize) {
        self.declared.truncate(mark);
    }

    pub(super) fn declare_all(&mut self, declarations: &'d [NamespaceDeclaration]) {
        self.declared.extend(declarations.iter().map(|it| (Cow::Borrowed(it.prefix.as_str()), &*it.uri)));
    }

    /// A prefix for an element of a namespace, declared here if there is none.
    pub(super) fn element_prefix(&mut self, uri: Option<&'d str>) -> Prefix<'d> {
        let Some(uri) = uri else {
            if self.meaning("").is_some_and(|uri| !uri.is_empty()) {
                self.declared.push((Cow::Borrowed(""), ""));
            }
            return Cow::Borrowed("");
        };
        self.find(uri, true).unwrap_or_else(|| self.declare(uri))
    }

    /// A prefix for an attribute of a namespace, declared here if there is none.
    pub(super) fn attribute_prefix(&mut self, uri: &'d str) -> Prefix<'d> {
        if uri == XML {
            return Cow::Borrowed("xml");
        }
        self.find(uri, false).unwrap_or_else(|| self.declare(uri))
    }

    /// Writes what has been declared since a mark.
    pub(super) fn push_declarations(&self, mark: usize, out: &mut String) {
        for (prefix, uri) in &self.declared[mark..] {
            out.push_str(" xmlns");
            if !prefix.is_empty() {
                out.push(':');
                out.push_str(prefix);
            }
            push_attribute(out, uri);
        }
    }

    fn find(&self, uri: &str, default_too: bool) -> Option<Prefix<'d>> {
        let fits = |(prefix, known): &&(Prefix<'d>, &'d str)| {
            *known == uri && (default_too || !prefix.is_empty()) && self.meaning(prefix) == Some(uri)
        };
        self.declared.iter().find(fits).map(|(prefix, _)| prefix.clone())
    }

    fn meaning(&self, prefix: &str) -> Option<&'d str> {
        self.declared.iter().rev().find(|(known, _)| known == prefix).map(|(_, uri)| *uri)
    }

    fn declare(&mut self, uri: &'d str) -> Prefix<'d> {
        let usual = match uri {
            MODEL => "bpmn",
            BPMNDI => "bpmndi",
            DC => "dc",
            DI => "di",
            XSI => "xsi",
            _ => "ns",
        };
        let mut prefix = Cow::Borrowed(usual);
        let mut number = 0;
        while self.meaning(&prefix).is_some() {
            number += 1;
            prefix = Cow::Owned(format!("{usual}{number}"));
        }
        self.declared.push((prefix.clone(), uri));
        prefix
    }
}
