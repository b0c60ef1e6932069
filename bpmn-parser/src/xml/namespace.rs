//! Namespaces: addresses interned to small numbers, and the declarations in scope as a persistent list.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

/// A namespace address as a number; the well-known ones are constants.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct NamespaceId(u32);

impl NamespaceId {
    pub(crate) const NONE: NamespaceId = NamespaceId(0);
    pub(crate) const XML: NamespaceId = NamespaceId(1);
    pub(crate) const MODEL: NamespaceId = NamespaceId(2);
    pub(crate) const BPMNDI: NamespaceId = NamespaceId(3);
    pub(crate) const DC: NamespaceId = NamespaceId(4);
    pub(crate) const DI: NamespaceId = NamespaceId(5);
    pub(crate) const XSI: NamespaceId = NamespaceId(6);
}

const WELL_KNOWN: [&str; 7] = [
    "",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
    "http://www.w3.org/2001/XMLSchema-instance",
];

/// The newest declaration in scope at an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ScopeIx(NonZeroU32);

/// One `xmlns` or `xmlns:prefix` attribute.
#[derive(Debug)]
pub(crate) struct Declaration<'a> {
    /// Empty for the default namespace.
    pub(crate) prefix: &'a str,
    pub(crate) namespace: NamespaceId,
    outer: Option<ScopeIx>,
    depth: u32,
}

/// All addresses and declarations of a document.
#[derive(Debug)]
pub(crate) struct Namespaces<'a> {
    uris: Vec<Arc<str>>,
    ids: HashMap<Arc<str>, NamespaceId>,
    declarations: Vec<Declaration<'a>>,
}

impl<'a> Namespaces<'a> {
    pub(crate) fn new() -> Self {
        let uris: Vec<Arc<str>> = WELL_KNOWN.iter().map(|uri| Arc::from(*uri)).collect();
        let ids =
            uris.iter().enumerate().map(|(id, uri)| (Arc::clone(uri), NamespaceId(id as u32))).collect();
        Namespaces { uris, ids, declarations: Vec::new() }
    }

    /// The number of an address.
    pub(crate) fn intern(&mut self, uri: &str) -> NamespaceId {
        if let Some(id) = self.ids.get(uri) {
            return *id;
        }
        let id = NamespaceId(self.uris.len() as u32);
        let uri: Arc<str> = Arc::from(uri);
        self.uris.push(Arc::clone(&uri));
        self.ids.insert(uri, id);
        id
    }

    pub(crate) fn uri(&self, id: NamespaceId) -> Option<&Arc<str>> {
        if id == NamespaceId::NONE {
            return None;
        }
        self.uris.get(id.0 as usize)
    }

    /// Adds a declaration inside a scope and returns the new scope.
    pub(crate) fn declare(
        &mut self,
        scope: Option<ScopeIx>,
        prefix: &'a str,
        namespace: NamespaceId,
    ) -> ScopeIx {
        let depth = self.depth(scope) + 1;
        self.declarations.push(Declaration { prefix, namespace, outer: scope, depth });
        let row = NonZeroU32::new(self.declarations.len() as u32).expect("one declaration was just added");
        ScopeIx(row)
    }

    /// How many declarations are in scope.
    pub(crate) fn depth(&self, scope: Option<ScopeIx>) -> u32 {
        scope.map_or(0, |scope| self.declaration(scope).depth)
    }

    /// What a prefix means in a scope; none where it is not declared. The empty prefix always means something.
    pub(crate) fn resolve(&self, scope: Option<ScopeIx>, prefix: &str) -> Option<NamespaceId> {
        let mut next = scope;
        while let Some(scope) = next {
            let declaration = self.declaration(scope);
            if declaration.prefix == prefix {
                return Some(declaration.namespace);
            }
            next = declaration.outer;
        }
        match prefix {
            "" => Some(NamespaceId::NONE),
            "xml" => Some(NamespaceId::XML),
            _ => None,
        }
    }

    /// The declarations of a scope that its outer scope does not have, newest first.
    pub(crate) fn between(&self, scope: Option<ScopeIx>, outer: Option<ScopeIx>) -> Vec<&Declaration<'a>> {
        let mut found = Vec::new();
        let mut next = scope;
        while next != outer {
            let Some(scope) = next else { break };
            let declaration = self.declaration(scope);
            found.push(declaration);
            next = declaration.outer;
        }
        found
    }

    fn declaration(&self, scope: ScopeIx) -> &Declaration<'a> {
        &self.declarations[scope.0.get() as usize - 1]
    }
}
