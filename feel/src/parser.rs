//! From text to the syntax tree, with a stack of its own in place of recursion.
//!
//! The parser is in one of two states: it needs an operand (`operand`), or it has one and looks
//! what follows (`infix`). What is not finished yet waits as a frame.

mod close;
mod infix;
mod operand;
mod types;

use std::collections::HashSet;
use std::sync::Arc;

use crate::env::Scope;
use crate::error::CompileError;
use crate::lexer::{Kind, Token, tokenize};
use crate::names::{Names, is_keyword};
use crate::syntax::{Arithmetic, Comparison, FormalParameter, Id, Iteration, Node, Span, Tree};
use crate::types::Type;

pub(crate) use operand::temporal;

/// What the pieces of one expression have in common: their nodes, and the names in scope.
pub(crate) struct Pool {
    pub(crate) tree: Tree,
    pub(crate) names: Names,
    /// How many filters are open: in them, entries of an item are names too.
    pub(crate) filters: usize,
}

impl Pool {
    pub(crate) fn new(scope: &Scope<'_>) -> Pool {
        let mut names = Names::new();
        for name in scope.names {
            names.declare(&Arc::from(*name));
        }
        Pool { tree: Tree::default(), names, filters: 0 }
    }
}

/// An expression as it was read.
pub(crate) struct Parsed {
    pub(crate) tree: Tree,
    pub(crate) root: Id,
}

/// Reads an expression.
pub(crate) fn parse(source: &str, scope: &Scope<'_>) -> Result<Parsed, CompileError> {
    let mut pool = Pool::new(scope);
    let root = parse_piece(source, 0, &mut pool, scope)?;
    Ok(Parsed { tree: pool.tree, root })
}

/// Reads unary tests.
pub(crate) fn parse_unary_tests(source: &str, scope: &Scope<'_>) -> Result<Parsed, CompileError> {
    let mut pool = Pool::new(scope);
    let root = parse_unary_piece(source, 0, &mut pool, scope)?;
    Ok(Parsed { tree: pool.tree, root })
}

/// Reads an expression that is the end of a longer text, from `origin` on.
pub(crate) fn parse_piece(
    source: &str,
    origin: usize,
    pool: &mut Pool,
    scope: &Scope<'_>,
) -> Result<Id, CompileError> {
    Parser::new(source, origin, pool, scope)?.run()
}

/// Reads unary tests that are the end of a longer text.
pub(crate) fn parse_unary_piece(
    source: &str,
    origin: usize,
    pool: &mut Pool,
    scope: &Scope<'_>,
) -> Result<Id, CompileError> {
    let mut parser = Parser::new(source, origin, pool, scope)?;
    let value = Arc::from("?");
    parser.pool.names.declare(&value);
    let root = match parser.begin_unary_tests()? {
        Some(root) => root,
        None => parser.run()?,
    };
    pool.names.withdraw(&value);
    Ok(root)
}

/// Reads a type that stands alone.
pub(crate) fn parse_type(source: &str, scope: &Scope<'_>) -> Result<Type, CompileError> {
    let mut pool = Pool::new(scope);
    let mut parser = Parser::new(source, 0, &mut pool, scope)?;
    let found = parser.nested_type(0)?;
    if parser.kind() == Kind::End { Ok(found) } else { parser.expected("the end") }
}

struct Parser<'s, 'p> {
    source: &'s str,
    /// Where the piece begins that is read.
    origin: usize,
    pool: &'p mut Pool,
    tokens: Vec<Token>,
    at: usize,
    frames: Vec<Frame>,
    depth: usize,
    depth_max: usize,
    types: &'s [(&'s str, Type)],
}

/// A part that waits for its next operand.
enum Frame {
    Negate { start: u32 },
    Test { start: u32, operator: Comparison },
    Infix { operator: Infix, left: Id },
    BetweenLow { value: Id },
    BetweenHigh { value: Id, low: Id },
    InTest { value: Id },
    Tests { tests: Vec<Id> },
    Paren { start: u32, interval: bool },
    IntervalHigh { start: u32, low_included: bool, low: Id },
    List { start: u32, items: Vec<Id> },
    Context { start: u32, entries: Vec<(Arc<str>, Id)>, known: HashSet<Arc<str>>, name: Arc<str> },
    IfCondition { start: u32 },
    IfThen { start: u32, condition: Id },
    IfElse { start: u32, condition: Id, then: Id },
    Domain { start: u32, kind: Loop, iterations: Vec<Iteration>, name: Arc<str> },
    DomainEnd { start: u32, kind: Loop, iterations: Vec<Iteration>, name: Arc<str>, domain: Id },
    Body { start: u32, kind: Loop, iterations: Vec<Iteration> },
    Filter { base: Id },
    Arguments { callee: Id, positional: Vec<Id>, named: Vec<(Arc<str>, Id)>, name: Option<Arc<str>> },
    Function { start: u32, parameters: Vec<FormalParameter>, external: bool },
    UnaryTests { start: u32, negated: bool, tests: Vec<Id> },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Loop {
    For,
    Some,
    Every,
}

#[derive(Clone, Copy)]
enum Infix {
    Or,
    And,
    Compare(Comparison),
    Arithmetic(Arithmetic),
}

/// How tight an operator binds; the order of the alternatives in grammar rules 2 and 4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Lowest,
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Power,
    Negation,
}

/// What the parser does after it looked behind an operand.
enum Next {
    Operand,
    Have(Id),
    Done(Id),
}

impl<'s, 'p> Parser<'s, 'p> {
    fn new(
        source: &'s str,
        origin: usize,
        pool: &'p mut Pool,
        scope: &Scope<'s>,
    ) -> Result<Parser<'s, 'p>, CompileError> {
        let limits = scope.limits;
        let piece = source.get(origin..).unwrap_or_default();
        if piece.len() > limits.bytes || source.len() > u32::MAX as usize {
            let message = format!("expression_bytes {} exceeded", limits.bytes);
            return Err(CompileError::at(piece, 0, message));
        }
        let mut tokens =
            tokenize(piece).map_err(|(message, offset)| CompileError::at(piece, offset, message))?;
        for token in &mut tokens {
            token.start += origin as u32;
            token.end += origin as u32;
        }
        Ok(Parser {
            source,
            origin,
            pool,
            tokens,
            at: 0,
            frames: Vec::new(),
            depth: 0,
            depth_max: limits.depth.min(128),
            types: scope.types,
        })
    }

    fn run(mut self) -> Result<Id, CompileError> {
        loop {
            let Some(mut node) = self.operand()? else { continue };
            loop {
                match self.infix(node)? {
                    Next::Operand => break,
                    Next::Have(next) => node = next,
                    Next::Done(root) => return Ok(root),
                }
            }
        }
    }

    /// Opens the frame for unary tests, or answers at once when they are `-`.
    fn begin_unary_tests(&mut self) -> Result<Option<Id>, CompileError> {
        let start = self.origin as u32;
        let kinds: Vec<Kind> = self.tokens.iter().take(3).map(|token| token.kind).collect();
        if kinds.starts_with(&[Kind::Minus, Kind::End]) {
            let span = self.span_from(start);
            return Ok(Some(self.add(Node::UnaryTests { negated: false, tests: None }, span)));
        }
        let negated =
            self.word() == "not" && kinds.get(1) == Some(&Kind::LeftParen) && self.is_all_in_paren(1);
        if negated {
            self.at += 2;
        }
        self.push(Frame::UnaryTests { start, negated, tests: Vec::new() })?;
        Ok(None)
    }

    /// Whether the parenthesis at this token closes right before the end.
    fn is_all_in_paren(&self, open: usize) -> bool {
        let mut depth = 0_usize;
        for (index, token) in self.tokens.iter().enumerate().skip(open) {
            match token.kind {
                Kind::LeftParen => depth += 1,
                Kind::RightParen => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return self.tokens.get(index + 1).is_some_and(|next| next.kind == Kind::End);
                    }
                }
                _ => {}
            }
        }
        false
    }

    fn push(&mut self, frame: Frame) -> Result<(), CompileError> {
        if !matches!(frame, Frame::Infix { .. }) {
            self.depth += 1;
            if self.depth > self.depth_max {
                return self.fail(format!("expression_depth {} exceeded", self.depth_max));
            }
        }
        self.frames.push(frame);
        Ok(())
    }

    fn pop(&mut self) -> Option<Frame> {
        let frame = self.frames.pop()?;
        if !matches!(frame, Frame::Infix { .. }) {
            self.depth -= 1;
        }
        Some(frame)
    }

    fn add(&mut self, node: Node, span: Span) -> Id {
        self.pool.tree.add(node, span)
    }

    fn token(&self) -> Token {
        // The last token is `End`, which nobody steps over.
        self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn kind(&self) -> Kind {
        self.token().kind
    }

    fn kind_at(&self, ahead: usize) -> Kind {
        self.tokens.get(self.at + ahead).map_or(Kind::End, |token| token.kind)
    }

    fn text(&self, token: Token) -> &'s str {
        self.source.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// The text of the current token when it is a word.
    fn word(&self) -> &'s str {
        let token = self.token();
        if token.kind == Kind::Word { self.text(token) } else { "" }
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.kind() == kind;
        self.at += usize::from(found);
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, kind: Kind, name: &str) -> Result<(), CompileError> {
        if self.eat(kind) { Ok(()) } else { self.expected(name) }
    }

    fn expect_word(&mut self, word: &str) -> Result<(), CompileError> {
        if self.eat_word(word) { Ok(()) } else { self.expected(&format!("`{word}`")) }
    }

    /// From an offset to the end of the last token that was taken.
    fn span_from(&self, start: u32) -> Span {
        let end =
            self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end);
        Span { start, end: end.max(start) }
    }

    fn expected<T>(&self, what: &str) -> Result<T, CompileError> {
        let found = match self.kind() {
            Kind::End => "the end".to_owned(),
            _ => format!("`{}`", self.text(self.token()).chars().take(40).collect::<String>()),
        };
        self.fail(format!("expected {what}, found {found}"))
    }

    /// An error whose place is told within the piece.
    fn error(&self, offset: usize, message: impl Into<String>) -> CompileError {
        let piece = self.source.get(self.origin..).unwrap_or_default();
        CompileError::at(piece, offset.saturating_sub(self.origin), message)
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, CompileError> {
        Err(self.error(self.token().start as usize, message))
    }

    /// The words here as one name, up to something that cannot be in a name that nobody declared.
    fn plain_name(&mut self, what: &str) -> Result<Arc<str>, CompileError> {
        let mut name = String::new();
        while self.kind() == Kind::Word && (name.is_empty() || !is_keyword(self.word()))
            || !name.is_empty() && self.kind() == Kind::Number
        {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(self.text(self.token()));
            self.at += 1;
        }
        if name.is_empty() { self.expected(what) } else { Ok(Arc::from(name)) }
    }

    /// A name up to a token of this kind, with all that grammar rule 27 allows in it.
    fn name_until(&mut self, ends: &[Kind], what: &str) -> Result<Arc<str>, CompileError> {
        if self.kind() != Kind::Word {
            return self.expected(what);
        }
        let mut name = String::new();
        let mut previous = self.token();
        loop {
            let token = self.token();
            match token.kind {
                kind if ends.contains(&kind) => return Ok(Arc::from(name)),
                Kind::Word
                | Kind::Number
                | Kind::Dot
                | Kind::Slash
                | Kind::Minus
                | Kind::Apostrophe
                | Kind::Plus
                | Kind::Star => {}
                _ => return self.expected(what),
            }
            // Between two words white space counts as one space; around symbols it does not count.
            let is_word = |kind| matches!(kind, Kind::Word | Kind::Number);
            if !name.is_empty() && is_word(previous.kind) && is_word(token.kind) {
                name.push(' ');
            }
            name.push_str(self.text(token));
            previous = token;
            self.at += 1;
        }
    }
}
