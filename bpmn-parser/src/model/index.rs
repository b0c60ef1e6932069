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

/// An element on the way of a walk.
struct Step<'d> {
    pieces: std::vec::IntoIter<Piece<'d>>,
    inside: Option<FlowElementIx>,
    root: Option<u32>,
}

impl Definitions {
    /// Visits every element of the model and of the diagrams in document order, `definitions` first.
    pub fn walk<'d>(&'d self, visit: &mut dyn FnMut(Entry<'d>)) {
        visit(Entry { name: "definitions", element: self, flow_element: None, inside: None, root: None });
        let mut roots: HashMap<*const (), u32> = HashMap::new();
        for (row, root) in self.root_elements.iter().enumerate() {
            roots.insert(std::ptr::from_ref(root.element()).cast(), row as u32);
        }
        let mut steps = vec![Step { pieces: pieces(self).into_iter(), inside: None, root: None }];
        while let Some(step) = steps.last_mut() {
            let Some(piece) = step.pieces.next() else {
                steps.pop();
                continue;
            };
            let Piece::Child(child) = piece else { continue };
            let Some((name, element)) = self.child_element(child) else { continue };
            let (inside, root) = (step.inside, step.root);
            let root = root.or_else(|| roots.get(&std::ptr::from_ref(element).cast()).copied());
            let flow_element = flow_element(child);
            visit(Entry { name, element, flow_element, inside, root });
            let inside = flow_element.or(inside);
            steps.push(Step { pieces: pieces(element).into_iter(), inside, root });
        }
    }
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
