//! The names that are in scope while a text is read: a name may have spaces, operators and keywords in it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::lexer::{Kind, Token, tokenize};

/// A tree of the tokens of all names, so that the longest match costs one walk.
#[derive(Default)]
pub(crate) struct Names {
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    next: HashMap<Box<str>, usize>,
    name: Option<Arc<str>>,
    in_scope: usize,
}

/// Words that cannot begin a name.
const KEYWORDS: &[&str] = &[
    "and",
    "between",
    "else",
    "every",
    "external",
    "false",
    "for",
    "function",
    "if",
    "in",
    "instance",
    "null",
    "of",
    "or",
    "return",
    "satisfies",
    "some",
    "then",
    "true",
];

pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

impl Names {
    pub(crate) fn new() -> Names {
        Names { nodes: vec![Node::default()] }
    }

    /// Brings a name into scope.
    pub(crate) fn declare(&mut self, name: &Arc<str>) {
        if let Some(node) = self.node(name, true) {
            self.nodes[node].in_scope += 1;
            self.nodes[node].name.get_or_insert_with(|| name.clone());
        }
    }

    /// Takes a name out of scope again.
    pub(crate) fn withdraw(&mut self, name: &str) {
        if let Some(node) = self.node(name, false) {
            self.nodes[node].in_scope = self.nodes[node].in_scope.saturating_sub(1);
        }
    }

    /// The longest name at the front of the tokens, with the count of its tokens; a name of an
    /// entry is known for good once it was declared.
    pub(crate) fn longest(
        &self,
        source: &str,
        tokens: &[Token],
        of_entry: bool,
    ) -> Option<(usize, Arc<str>)> {
        let mut node = 0;
        let mut best = None;
        for (index, token) in tokens.iter().enumerate() {
            let text = source.get(token.start as usize..token.end as usize).unwrap_or_default();
            match self.nodes[node].next.get(text) {
                Some(next) => node = *next,
                None => break,
            }
            let found = &self.nodes[node];
            if let Some(name) = &found.name
                && (found.in_scope > 0 || of_entry)
            {
                best = Some((index + 1, name.clone()));
            }
        }
        best
    }

    fn node(&mut self, name: &str, create: bool) -> Option<usize> {
        let tokens = tokenize(name).ok()?;
        let mut node = 0;
        for token in tokens.iter().take_while(|token| token.kind != Kind::End) {
            let text = &name[token.start as usize..token.end as usize];
            node = match self.nodes[node].next.get(text) {
                Some(next) => *next,
                None if create => {
                    self.nodes.push(Node::default());
                    let next = self.nodes.len() - 1;
                    self.nodes[node].next.insert(text.into(), next);
                    next
                }
                None => return None,
            };
        }
        Some(node)
    }
}
