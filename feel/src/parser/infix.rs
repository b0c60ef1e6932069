//! What can follow an operand.

use super::{Binding, Frame, Infix, Loop, Next, Parser};
use crate::error::CompileError;
use crate::lexer::Kind;
use crate::names::is_keyword;
use crate::syntax::{Arithmetic, Comparison, Id, Node, Span};
use crate::value::Value;

impl Parser<'_, '_> {
    /// Looks behind an operand: something that belongs to it, an operator, or the end of a part.
    pub(super) fn infix(&mut self, node: Id) -> Result<Next, CompileError> {
        match self.kind() {
            Kind::Dot => {
                self.at += 1;
                let name = self.path_name()?;
                let span = self.span_from(self.pool.tree.span(node).start);
                Ok(Next::Have(self.add(Node::Path(node, name), span)))
            }
            Kind::LeftBracket if !self.is_interval_end() => {
                self.at += 1;
                self.pool.filters += 1;
                self.pool.names.declare(&"item".into());
                self.open_frame(Frame::Filter { base: node })
            }
            Kind::LeftParen => self.call(node),
            Kind::Plus => self.operator(node, Infix::Arithmetic(Arithmetic::Add)),
            Kind::Minus => self.operator(node, Infix::Arithmetic(Arithmetic::Subtract)),
            Kind::Star => self.operator(node, Infix::Arithmetic(Arithmetic::Multiply)),
            Kind::Slash => self.operator(node, Infix::Arithmetic(Arithmetic::Divide)),
            Kind::StarStar => self.operator(node, Infix::Arithmetic(Arithmetic::Power)),
            Kind::Equal => self.operator(node, Infix::Compare(Comparison::Equal)),
            Kind::NotEqual => self.operator(node, Infix::Compare(Comparison::NotEqual)),
            Kind::Less => self.operator(node, Infix::Compare(Comparison::Less)),
            Kind::LessEqual => self.operator(node, Infix::Compare(Comparison::LessEqual)),
            Kind::Greater => self.operator(node, Infix::Compare(Comparison::Greater)),
            Kind::GreaterEqual => self.operator(node, Infix::Compare(Comparison::GreaterEqual)),
            Kind::Word => self.word_infix(node),
            Kind::Number
            | Kind::String
            | Kind::RightParen
            | Kind::LeftBracket
            | Kind::RightBracket
            | Kind::LeftBrace
            | Kind::RightBrace
            | Kind::Comma
            | Kind::Colon
            | Kind::DotDot
            | Kind::At
            | Kind::Arrow
            | Kind::Apostrophe
            | Kind::End => self.close(node),
        }
    }

    fn word_infix(&mut self, node: Id) -> Result<Next, CompileError> {
        match self.word() {
            "or" => self.operator(node, Infix::Or),
            "and" => self.operator(node, Infix::And),
            "between" => {
                let value = self.reduce(node, Binding::Comparison)?;
                self.at += 1;
                self.open_frame(Frame::BetweenLow { value })
            }
            "in" => {
                let value = self.reduce(node, Binding::Comparison)?;
                self.at += 1;
                self.pool.names.declare(&"?".into());
                self.push(Frame::InTest { value })?;
                if self.eat(Kind::LeftParen) {
                    self.push(Frame::Tests { tests: Vec::new() })?;
                }
                Ok(Next::Operand)
            }
            "instance" => {
                self.at += 1;
                self.expect_word("of")?;
                let (named, _) = self.written_type()?;
                let span = self.span_from(self.pool.tree.span(node).start);
                Ok(Next::Have(self.add(Node::InstanceOf(node, named), span)))
            }
            _ => self.close(node),
        }
    }

    pub(super) fn open_frame(&mut self, frame: Frame) -> Result<Next, CompileError> {
        self.push(frame)?;
        Ok(Next::Operand)
    }

    fn operator(&mut self, node: Id, operator: Infix) -> Result<Next, CompileError> {
        let left = self.reduce(node, operator.binding())?;
        if let (Infix::And, Some(Frame::BetweenLow { value })) = (operator, self.frames.last()) {
            let value = *value;
            self.at += 1;
            self.pop();
            return self.open_frame(Frame::BetweenHigh { value, low: left });
        }
        self.at += 1;
        self.open_frame(Frame::Infix { operator, left })
    }

    /// Finishes the operators that bind their right operand at least so tight.
    pub(super) fn reduce(&mut self, mut node: Id, binding: Binding) -> Result<Id, CompileError> {
        while self.frames.last().and_then(Frame::binding).is_some_and(|waiting| waiting >= binding) {
            if let Some(frame) = self.pop() {
                node = self.finish(frame, node)?;
            }
        }
        Ok(node)
    }

    /// The node of an operator whose last operand is complete.
    fn finish(&mut self, frame: Frame, node: Id) -> Result<Id, CompileError> {
        let end = self.pool.tree.span(node).end;
        let from = |start: u32| Span { start, end };
        let (made, span) = match frame {
            Frame::Negate { start } => (Node::Negate(node), from(start)),
            Frame::Test { start, operator } => (Node::Test(operator, node), from(start)),
            Frame::Infix { operator, left } => {
                let made = match operator {
                    Infix::Or => Node::Or(left, node),
                    Infix::And => Node::And(left, node),
                    Infix::Compare(operator) => Node::Compare(operator, left, node),
                    Infix::Arithmetic(operator) => Node::Arithmetic(operator, left, node),
                };
                (made, self.pool.tree.span(left).to(from(0)))
            }
            Frame::BetweenHigh { value, low } => {
                (Node::Between(value, low, node), self.pool.tree.span(value).to(from(0)))
            }
            Frame::InTest { value } => {
                self.pool.names.withdraw("?");
                (Node::In(value, vec![node]), self.pool.tree.span(value).to(from(0)))
            }
            Frame::IfElse { start, condition, then } => (Node::If(condition, then, node), from(start)),
            Frame::Body { start, kind, iterations } => {
                for iteration in &iterations {
                    self.pool.names.withdraw(&iteration.name);
                }
                if kind == Loop::For {
                    self.pool.names.withdraw("partial");
                    (Node::For(iterations, node), from(start))
                } else {
                    (Node::Quantified { every: kind == Loop::Every, iterations, body: node }, from(start))
                }
            }
            Frame::Function { start, parameters, external } => {
                for (name, _) in &parameters {
                    self.pool.names.withdraw(name);
                }
                let body = if external {
                    let null = Value::null_because("external functions are not invoked");
                    self.add(Node::Literal(null), from(start))
                } else {
                    node
                };
                (Node::Function { parameters, body }, from(start))
            }
            Frame::BetweenLow { .. }
            | Frame::Tests { .. }
            | Frame::Paren { .. }
            | Frame::IntervalHigh { .. }
            | Frame::List { .. }
            | Frame::Context { .. }
            | Frame::IfCondition { .. }
            | Frame::IfThen { .. }
            | Frame::Domain { .. }
            | Frame::DomainEnd { .. }
            | Frame::Filter { .. }
            | Frame::Arguments { .. }
            | Frame::UnaryTests { .. } => return self.expected("an operator"),
        };
        Ok(self.add(made, span))
    }

    /// Whether the bracket here ends an interval (`[1..2[`) and does not begin a filter.
    fn is_interval_end(&self) -> bool {
        let waiting = self.frames.iter().rev().find(|frame| frame.binding().is_none());
        if !matches!(waiting, Some(Frame::IntervalHigh { .. })) {
            return false;
        }
        match self.tokens.get(self.at + 1) {
            None => true,
            Some(next) => match next.kind {
                Kind::Word => {
                    is_keyword(self.text(*next))
                        && !matches!(
                            self.text(*next),
                            "if" | "for" | "some" | "every" | "not" | "true" | "false" | "null"
                        )
                }
                Kind::Number
                | Kind::String
                | Kind::At
                | Kind::Minus
                | Kind::LeftParen
                | Kind::LeftBracket
                | Kind::LeftBrace => false,
                _ => true,
            },
        }
    }
}

impl Infix {
    fn binding(self) -> Binding {
        match self {
            Infix::Or => Binding::Or,
            Infix::And => Binding::And,
            Infix::Compare(_) => Binding::Comparison,
            Infix::Arithmetic(Arithmetic::Add | Arithmetic::Subtract) => Binding::Sum,
            Infix::Arithmetic(Arithmetic::Multiply | Arithmetic::Divide) => Binding::Product,
            Infix::Arithmetic(Arithmetic::Power) => Binding::Power,
        }
    }
}

impl Frame {
    /// How tight the frame binds the operand that it waits for; none when only a token can end it.
    fn binding(&self) -> Option<Binding> {
        match self {
            Frame::Negate { .. } => Some(Binding::Negation),
            Frame::Test { .. } | Frame::BetweenHigh { .. } | Frame::InTest { .. } => {
                Some(Binding::Comparison)
            }
            Frame::Infix { operator, .. } => Some(operator.binding()),
            Frame::IfElse { .. } | Frame::Body { .. } | Frame::Function { .. } => Some(Binding::Lowest),
            Frame::BetweenLow { .. }
            | Frame::Tests { .. }
            | Frame::Paren { .. }
            | Frame::IntervalHigh { .. }
            | Frame::List { .. }
            | Frame::Context { .. }
            | Frame::IfCondition { .. }
            | Frame::IfThen { .. }
            | Frame::Domain { .. }
            | Frame::DomainEnd { .. }
            | Frame::Filter { .. }
            | Frame::Arguments { .. }
            | Frame::UnaryTests { .. } => None,
        }
    }
}
