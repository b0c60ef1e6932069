//! Finds elements by id and walks over all of them.

use super::order::{Piece, pieces};
use super::{Child, ConversationNodeIx, Definitions, Element, FlowElementIx, LaneSetIx, Reference};
use crate::Position;
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

/// One element on a walk.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'d> {
    /// The name it stands under, in the schema's notation.
    pub name: &'static str,
    /// The element.
    pub element: &'d dyn Element,
    /// Its row, where it is a flow element.
    pub flow_element: Option<FlowElementIx>,
    /// The innermost flow element around it.
    pub inside: Option<FlowElementIx>,
    /// The root element that it is or lies in.
    pub root: Option<u32>,
}

/// The elements of a file by id.
#[derive(Debug, Default)]
pub struct Index<'d> {
    entries: HashMap<&'d str, Entry<'d>>,
    duplicates: Vec<(&'d str, Position, Position)>,
}

impl<'d> Index<'d> {
    /// Collects all ids.
    pub fn new(definitions: &'d Definitions) -> Self {
        let mut index = Index::default();
        definitions.walk(&mut |entry| {
            let Some(id) = entry.element.id() else { return };
            match index.entries.entry(id) {
                MapEntry::Vacant(vacant) => {
                    vacant.insert(entry);
                }
                MapEntry::Occupied(first) => {
                    let first = first.get().element.markup().position;
                    index.duplicates.push((id, first, entry.element.markup().position));
                }
            }
        });
        index
    }

    /// The element with that id, the first if there are several.
    pub fn find(&self, id: &str) -> Option<&Entry<'d>> {
        self.entries.get(id)
    }

    /// The element that a reference means: by namespace, else by its local part, else by its whole text.
    pub fn resolve(&self, reference: &Reference) -> Option<&Entry<'d>> {
        self.find(reference.local()).or_else(|| self.find(&reference.text))
    }

    /// Ids that stand more than once: the id, its first place, a later one.
    pub fn duplicates(&self) -> &[(&'d str, Position, Position)] {
        &self.duplicates
    }
}

impl Definitions {
    /// Visits every element of the model and of the diagrams in document order, `definitions` first.
    pub fn walk<'d>(&'d self, visit: &mut dyn FnMut(Entry<'d>)) {
        visit(Entry { name: "definitions", element: self, flow_element: None, inside: None, root: None });
        let mut waiting: Vec<(Child<'d>, Option<FlowElementIx>, Option<u32>)> = Vec::new();
        let mut rows = 0;
        push_children(self, &mut waiting, None, None);
        while let Some((child, inside, root)) = waiting.pop() {
            let Some((name, element)) = self.child_element(child) else { continue };
            let root = root.or_else(|| self.root_row(element, &mut rows));
            let flow_element = flow_element(child);
            visit(Entry { name, element, flow_element, inside, root });
            push_children(element, &mut waiting, flow_element.or(inside), root);
        }
    }

    /// The row of an element that lies directly in `definitions`, if it is the next root element.
    fn root_row(&self, element: &dyn Element, rows: &mut u32) -> Option<u32> {
        let row = *rows;
        let next = self.root_elements.get(row as usize)?.element();
        if !std::ptr::addr_eq(next, element) {
            return None;
        }
        *rows += 1;
        Some(row)
    }
}

/// Puts the elements inside an element onto a stack, the first on top.
fn push_children<'d>(
    element: &'d dyn Element,
    waiting: &mut Vec<(Child<'d>, Option<FlowElementIx>, Option<u32>)>,
    inside: Option<FlowElementIx>,
    root: Option<u32>,
) {
    let from = waiting.len();
    let mut push = |child: Child<'d>| {
        if !matches!(child, Child::Reference(..)) {
            waiting.push((child, inside, root));
        }
    };
    if element.markup().layout().is_empty() {
        element.children(&mut push);
    } else {
        for piece in pieces(element) {
            match piece {
                Piece::Child(child) => push(child),
                Piece::Other(_) | Piece::Body(_) => {}
            }
        }
    }
    waiting[from..].reverse();
}

fn flow_element(child: Child<'_>) -> Option<FlowElementIx> {
    match child {
        Child::FlowElement(row) => Some(row),
        Child::Element(..)
        | Child::Reference(..)
        | Child::LaneSet(_, LaneSetIx(_))
        | Child::ConversationNode(ConversationNodeIx(_)) => None,
    }
}
