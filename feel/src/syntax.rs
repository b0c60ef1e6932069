//! The syntax tree: nodes in a vector, children before their parents.

use std::sync::Arc;

use crate::boxed::HitPolicy;
use crate::types::Type;
use crate::value::Value;

/// The index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) u32);

/// A part of the source text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// The nodes of one expression.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<(Node, Span)>,
}

/// An expression; the numbers are those of the grammar rules.
#[derive(Debug)]
pub(crate) enum Node {
    /// 31, 65
    Literal(Value),
    /// 25
    Name(Arc<str>),
    /// 24
    Negate(Id),
    /// 19 to 23
    Arithmetic(Arithmetic, Id, Id),
    /// 48
    And(Id, Id),
    /// 47
    Or(Id, Id),
    /// 49.a
    Compare(Comparison, Id, Id),
    /// 49.b
    Between(Id, Id, Id),
    /// 49.c, 49.d
    In(Id, Vec<Id>),
    /// 7.a
    Test(Comparison, Id),
    /// 8
    Interval { low_included: bool, low: Id, high: Id, high_included: bool },
    /// 45
    If(Id, Id, Id),
    /// 44
    For(Vec<Iteration>, Id),
    /// 46
    Quantified { every: bool, iterations: Vec<Iteration>, body: Id },
    /// 51
    InstanceOf(Id, Type),
    /// 43
    Path(Id, Arc<str>),
    /// 50
    Filter(Id, Id),
    /// 38, 42
    Call(Id, Vec<Id>),
    /// 38, 40
    CallNamed(Id, Vec<(Arc<str>, Id)>),
    /// 54
    List(Vec<Id>),
    /// 57
    Context(Vec<(Arc<str>, Id)>),
    /// 55
    Function { parameters: Vec<FormalParameter>, body: Id },
    /// A decision table.
    Table(Box<Table>),
    /// A value that is converted to a type.
    Convert(Id, Type),
    /// 15: a value that satisfies one of the tests, or with `not` none; no tests at all is `-`.
    UnaryTests { negated: bool, tests: Option<Vec<Id>> },
}

/// A decision table whose texts are read.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: Arc<str>,
    /// Each with the unary tests that its values fulfil.
    pub(crate) inputs: Vec<(Id, Option<Id>)>,
    pub(crate) outputs: Vec<Arc<str>>,
    /// For each output, the unary tests that list its values.
    pub(crate) priorities: Vec<Option<Id>>,
    /// Default values with the places of their outputs.
    pub(crate) defaults: Vec<(usize, Id)>,
    pub(crate) rules: Vec<TableRule>,
    pub(crate) policy: HitPolicy,
}

/// A rule: unary tests, or none for a dash, and outputs.
#[derive(Debug)]
pub(crate) struct TableRule {
    pub(crate) tests: Vec<Option<Id>>,
    pub(crate) outputs: Vec<Id>,
}

/// The name of a parameter, and its type with the text of that (56).
pub(crate) type FormalParameter = (Arc<str>, Option<(Type, Arc<str>)>);

/// The name and the domain of an iteration; two ends when it is a range.
#[derive(Debug)]
pub(crate) struct Iteration {
    pub(crate) name: Arc<str>,
    pub(crate) domain: Id,
    pub(crate) end: Option<Id>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Tree {
    pub(crate) fn add(&mut self, node: Node, span: Span) -> Id {
        self.nodes.push((node, span));
        Id(self.nodes.len() as u32 - 1)
    }

    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize].0
    }

    /// Takes a node out, leaving null in its place.
    pub(crate) fn take(&mut self, id: Id) -> Node {
        std::mem::replace(&mut self.nodes[id.0 as usize].0, Node::Literal(Value::NULL))
    }

    pub(crate) fn span(&self, id: Id) -> Span {
        self.nodes[id.0 as usize].1
    }
}

impl Span {
    pub(crate) fn to(self, other: Span) -> Span {
        Span { start: self.start, end: other.end }
    }

    pub(crate) fn text(self, source: &str) -> &str {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}
