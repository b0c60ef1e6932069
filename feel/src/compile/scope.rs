//! Which name means what at a place: locals, entries of filtered items, captured values, slots.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Compiler, resolve};
use crate::program::{Capture, Chunk, Op, Operand, Place};
use crate::syntax::{Id, Node};

/// A function that is being compiled; the expression itself is one.
#[derive(Default)]
pub(super) struct Function {
    pub(super) chunk: Chunk,
    pub(super) labels: Vec<u32>,
    scope: Vec<Entry>,
    /// For each name, the places in `scope` where it is declared, and those of all items.
    declared: HashMap<Arc<str>, Vec<usize>>,
    items: Vec<usize>,
    captured: HashMap<Capture, u32>,
    locals: u32,
}

struct Entry {
    name: Option<Arc<str>>,
    binding: Binding,
}

/// What a name in scope is bound to.
#[derive(Clone, Copy)]
pub(super) enum Binding {
    Place(Operand),
    SelfFunction,
}

/// What a name means: first the entries of these items, innermost first, then the rest.
pub(super) struct Meaning {
    pub(super) items: Vec<Operand>,
    pub(super) rest: Rest,
}

pub(super) enum Rest {
    Operand(Operand),
    SelfFunction,
    /// Nothing inside of the expression.
    Free,
}

impl Function {
    pub(super) fn declare(&mut self, name: Arc<str>, binding: Binding) {
        self.declared.entry(name.clone()).or_default().push(self.scope.len());
        self.scope.push(Entry { name: Some(name), binding });
    }

    pub(super) fn declare_item(&mut self, local: u32) {
        self.items.push(self.scope.len());
        self.scope.push(Entry { name: None, binding: Binding::Place(Operand::local(local)) });
    }

    pub(super) fn withdraw(&mut self, count: usize) {
        for _ in 0..count {
            match self.scope.pop() {
                Some(Entry { name: Some(name), .. }) => {
                    if let Some(places) = self.declared.get_mut(&name) {
                        places.pop();
                    }
                }
                Some(Entry { name: None, .. }) => {
                    self.items.pop();
                }
                None => {}
            }
        }
    }

    /// Takes so many neighbouring locals.
    pub(super) fn reserve(&mut self, count: u32) -> u32 {
        let first = self.locals;
        self.locals += count;
        self.chunk.locals = self.chunk.locals.max(self.locals as usize);
        first
    }

    pub(super) fn release(&mut self, count: u32) {
        self.locals -= count;
    }

    pub(super) fn finish(mut self) -> Chunk {
        for op in &mut self.chunk.ops {
            *op = resolve(*op, &self.labels);
        }
        self.chunk
    }

    fn capture(&mut self, source: Capture) -> Operand {
        let next = self.chunk.captures.len() as u32;
        let index = *self.captured.entry(source).or_insert(next);
        if index == next {
            self.chunk.captures.push(source);
        }
        Operand::captured(index)
    }
}

impl Compiler<'_> {
    /// What a name means here.
    pub(super) fn meaning(&mut self, name: &Arc<str>) -> Meaning {
        let mut items = Vec::new();
        let mut rest = None;
        for level in (0..self.functions.len()).rev() {
            let function = &self.functions[level];
            let place = function.declared.get(name).and_then(|places| places.last()).copied();
            let inner = function.items.iter().rev().take_while(|at| place.is_none_or(|place| **at > place));
            items.extend(inner.map(|at| (level, function.scope[*at].binding)));
            if let Some(place) = place {
                rest = Some((level, function.scope[place].binding));
                break;
            }
        }
        let items = items
            .into_iter()
            .filter_map(|(level, binding)| match self.reach(level, binding) {
                Rest::Operand(operand) => Some(operand),
                Rest::SelfFunction | Rest::Free => None,
            })
            .collect();
        let rest = rest.map_or(Rest::Free, |(level, binding)| self.reach(level, binding));
        Meaning { items, rest }
    }

    /// Makes the binding of an outer function reachable here, by capturing it level by level.
    fn reach(&mut self, level: usize, binding: Binding) -> Rest {
        let here = self.functions.len() - 1;
        if level == here {
            return match binding {
                Binding::Place(operand) => Rest::Operand(operand),
                Binding::SelfFunction => Rest::SelfFunction,
            };
        }
        let mut source = match binding {
            Binding::Place(operand) => Capture::Value(operand),
            Binding::SelfFunction => Capture::SelfFunction,
        };
        for function in &mut self.functions[level + 1..] {
            source = Capture::Value(function.capture(source));
        }
        match source {
            Capture::Value(operand) => Rest::Operand(operand),
            Capture::SelfFunction => Rest::SelfFunction,
        }
    }

    /// The slot of a free name, captured when a function reads it: it may run elsewhere.
    pub(super) fn free(&mut self, name: &Arc<str>, optional: bool) -> Operand {
        let mut operand = self.slot(name, optional);
        for function in &mut self.functions[1..] {
            operand = function.capture(Capture::Value(operand));
        }
        operand
    }

    /// Remembers that a free name is invoked.
    pub(super) fn invoke(&mut self, name: &Arc<str>) {
        let operand = self.slot(name, true);
        if let Place::Slot(slot) = operand.place() {
            self.code.invoked[slot] = true;
        }
    }

    /// The operand of a node that needs no computing.
    pub(super) fn simple(&mut self, id: Id) -> Option<Operand> {
        match self.tree.node(id) {
            Node::Literal(value) => {
                let value = value.clone();
                Some(self.constant(value))
            }
            Node::Name(name) => {
                let name = name.clone();
                let meaning = self.meaning(&name);
                if !meaning.items.is_empty() {
                    return None;
                }
                match meaning.rest {
                    Rest::Operand(operand) => Some(operand),
                    Rest::SelfFunction => None,
                    Rest::Free if self.builtin(&name).is_some() => None,
                    Rest::Free => Some(self.free(&name, false)),
                }
            }
            _ => None,
        }
    }

    /// Loads a name.
    pub(super) fn name(&mut self, id: Id, name: &Arc<str>) {
        let span = self.tree.span(id);
        let meaning = self.meaning(name);
        let probed = !meaning.items.is_empty();
        let done = self.label();
        let text = if probed { self.text(name) } else { 0 };
        for item in meaning.items {
            self.emit(Op::ItemEntry(item, text, done), span);
        }
        match meaning.rest {
            Rest::Operand(operand) => self.emit(Op::Load(operand), span),
            Rest::SelfFunction => self.emit(Op::LoadSelf, span),
            Rest::Free => match self.builtin(name) {
                Some(builtin) if name.contains(' ') && !self.is_known(name) => {
                    let function = self.constant(builtin.value());
                    self.emit(Op::Load(function), span);
                }
                Some(builtin) if !self.is_known(name) => {
                    let operand = self.free(name, probed);
                    self.emit(Op::LoadOr(operand, builtin), span);
                }
                Some(_) | None => {
                    let operand = self.free(name, probed);
                    self.emit(Op::Load(operand), span);
                }
            },
        }
        let function = self.function();
        function.labels[done as usize] = function.chunk.ops.len() as u32;
    }
}
