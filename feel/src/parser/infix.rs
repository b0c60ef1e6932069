//! What can follow an operand.

use super::{Binding, Frame, Infix, Loop, Next, Parser};
use crate::error::CompileError;
use crate::lexer::Kind;
use crate::names::is_keyword;
use crate::syntax::{Arithmetic, Comparison, Id, Iteration, Node, Span};
use crate::value::Value;

impl Parser<'_> {
    /// Looks behind an operand: something that belongs to it, an operator, or the end of a part.
    pub(super) fn infix(&mut self, node: Id) -> Result<Next, CompileError> {
        match self.kind() {
            Kind::Dot => {
                self.at += 1;
                let name = self.path_name()?;
                let span = self.span_from(self.tree.span(node).start);
                Ok(Next::Have(self.add(Node::Path(node, name), span)))
            }
            Kind::LeftBracket if !self.is_interval_end() => {
                self.at += 1;
                self.filters += 1;
                self.names.declare(&"item".into());
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
                self.names.declare(&"?".into());
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
                let span = self.span_from(self.tree.span(node).start);
                Ok(Next::Have(self.add(Node::InstanceOf(node, named), span)))
            }
            _ => self.close(node),
        }
    }

    fn open_frame(&mut self, frame: Frame) -> Result<Next, CompileError> {
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
    fn reduce(&mut self, mut node: Id, binding: Binding) -> Result<Id, CompileError> {
        while self.frames.last().and_then(Frame::binding).is_some_and(|waiting| waiting >= binding) {
            if let Some(frame) = self.pop() {
                node = self.finish(frame, node)?;
            }
        }
        Ok(node)
    }

    /// The node of an operator whose last operand is complete.
    fn finish(&mut self, frame: Frame, node: Id) -> Result<Id, CompileError> {
        let end = self.tree.span(node).end;
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
                (made, self.tree.span(left).to(from(0)))
            }
            Frame::BetweenHigh { value, low } => {
                (Node::Between(value, low, node), self.tree.span(value).to(from(0)))
            }
            Frame::InTest { value } => {
                self.names.withdraw("?");
                (Node::In(value, vec![node]), self.tree.span(value).to(from(0)))
            }
            Frame::IfElse { start, condition, then } => (Node::If(condition, then, node), from(start)),
            Frame::Body { start, kind, iterations } => {
                for iteration in &iterations {
                    self.names.withdraw(&iteration.name);
                }
                if kind == Loop::For {
                    self.names.withdraw("partial");
                    (Node::For(iterations, node), from(start))
                } else {
                    (Node::Quantified { every: kind == Loop::Every, iterations, body: node }, from(start))
                }
            }
            Frame::Function { start, parameters, external } => {
                for (name, _) in &parameters {
                    self.names.withdraw(name);
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

    /// No operator follows: the operand is complete for the part around it.
    fn close(&mut self, node: Id) -> Result<Next, CompileError> {
        let node = self.reduce(node, Binding::Lowest)?;
        let Some(frame) = self.pop() else {
            return if self.kind() == Kind::End {
                Ok(Next::Done(node))
            } else {
                self.expected("an operator or the end")
            };
        };
        match frame {
            Frame::BetweenLow { .. } => self.expected("`and`"),
            Frame::Paren { start, interval } => {
                if self.eat(Kind::DotDot) {
                    return self.open_frame(Frame::IntervalHigh { start, low_included: false, low: node });
                }
                if interval {
                    return self.expected("`..`");
                }
                self.expect(Kind::RightParen, "an operator or `)`")?;
                Ok(Next::Have(node))
            }
            Frame::IntervalHigh { start, low_included, low } => {
                self.close_interval(start, low_included, low, node)
            }
            Frame::Tests { mut tests } => {
                if tests.is_empty() && self.eat(Kind::DotDot) {
                    let start = self.tree.span(node).start;
                    return self.open_frame(Frame::IntervalHigh { start, low_included: false, low: node });
                }
                tests.push(node);
                if self.eat(Kind::Comma) {
                    return self.open_frame(Frame::Tests { tests });
                }
                self.expect(Kind::RightParen, "`,` or `)`")?;
                self.close_tests(tests)
            }
            Frame::List { start, mut items } => {
                if items.is_empty() && self.eat(Kind::DotDot) {
                    return self.open_frame(Frame::IntervalHigh { start, low_included: true, low: node });
                }
                items.push(node);
                if self.eat(Kind::Comma) {
                    return self.open_frame(Frame::List { start, items });
                }
                self.expect(Kind::RightBracket, "`,` or `]`")?;
                let span = self.span_from(start);
                Ok(Next::Have(self.add(Node::List(items), span)))
            }
            Frame::Context { start, mut entries, mut known, name } => {
                self.names.declare(&name);
                entries.push((name, node));
                if self.eat(Kind::Comma) {
                    let name = self.entry_name(&mut known)?;
                    return self.open_frame(Frame::Context { start, entries, known, name });
                }
                self.expect(Kind::RightBrace, "`,` or `}`")?;
                for (name, _) in &entries {
                    self.names.withdraw(name);
                }
                let span = self.span_from(start);
                Ok(Next::Have(self.add(Node::Context(entries), span)))
            }
            Frame::IfCondition { start } => {
                self.expect_word("then")?;
                self.open_frame(Frame::IfThen { start, condition: node })
            }
            Frame::IfThen { start, condition } => {
                self.expect_word("else")?;
                self.open_frame(Frame::IfElse { start, condition, then: node })
            }
            Frame::Domain { start, kind, iterations, name } => {
                if self.eat(Kind::DotDot) {
                    return self.open_frame(Frame::DomainEnd { start, kind, iterations, name, domain: node });
                }
                self.next_iteration(start, kind, iterations, Iteration { name, domain: node, end: None })
            }
            Frame::DomainEnd { start, kind, iterations, name, domain } => {
                self.next_iteration(start, kind, iterations, Iteration { name, domain, end: Some(node) })
            }
            Frame::Filter { base } => {
                self.expect(Kind::RightBracket, "an operator or `]`")?;
                self.filters -= 1;
                self.names.withdraw("item");
                let span = self.span_from(self.tree.span(base).start);
                Ok(Next::Have(self.add(Node::Filter(base, node), span)))
            }
            Frame::Arguments { .. } => self.close_argument(frame, node),
            Frame::UnaryTests { start, negated, mut tests } => {
                tests.push(node);
                if self.eat(Kind::Comma) {
                    return self.open_frame(Frame::UnaryTests { start, negated, tests });
                }
                if negated {
                    self.expect(Kind::RightParen, "`,` or `)`")?;
                }
                if self.kind() != Kind::End {
                    return self.expected("an operator, `,` or the end");
                }
                let span = self.span_from(start);
                Ok(Next::Done(self.add(Node::UnaryTests { negated, tests: Some(tests) }, span)))
            }
            Frame::Negate { .. }
            | Frame::Test { .. }
            | Frame::Infix { .. }
            | Frame::BetweenHigh { .. }
            | Frame::InTest { .. }
            | Frame::IfElse { .. }
            | Frame::Body { .. }
            | Frame::Function { .. } => self.expected("an operator"),
        }
    }

    fn close_interval(
        &mut self,
        start: u32,
        low_included: bool,
        low: Id,
        high: Id,
    ) -> Result<Next, CompileError> {
        let high_included = match self.kind() {
            Kind::RightBracket => true,
            Kind::RightParen | Kind::LeftBracket => false,
            _ => return self.expected("`]` or `)`"),
        };
        self.at += 1;
        let span = self.span_from(start);
        Ok(Next::Have(self.add(Node::Interval { low_included, low, high, high_included }, span)))
    }

    /// The tests of `in (…)`, whose value waits in the frame around them.
    fn close_tests(&mut self, tests: Vec<Id>) -> Result<Next, CompileError> {
        let Some(Frame::InTest { value }) = self.pop() else { return self.expected("an operator") };
        self.names.withdraw("?");
        let span = self.span_from(self.tree.span(value).start);
        Ok(Next::Have(self.add(Node::In(value, tests), span)))
    }

    fn next_iteration(
        &mut self,
        start: u32,
        kind: Loop,
        mut iterations: Vec<Iteration>,
        iteration: Iteration,
    ) -> Result<Next, CompileError> {
        self.names.declare(&iteration.name);
        iterations.push(iteration);
        if self.eat(Kind::Comma) {
            let name = self.loop_name()?;
            return self.open_frame(Frame::Domain { start, kind, iterations, name });
        }
        self.expect_word(if kind == Loop::For { "return" } else { "satisfies" })?;
        self.open_frame(Frame::Body { start, kind, iterations })
    }

    fn call(&mut self, callee: Id) -> Result<Next, CompileError> {
        self.at += 1;
        if self.eat(Kind::RightParen) {
            let span = self.span_from(self.tree.span(callee).start);
            return Ok(Next::Have(self.add(Node::Call(callee, Vec::new()), span)));
        }
        let name = self.argument_name()?;
        self.open_frame(Frame::Arguments { callee, positional: Vec::new(), named: Vec::new(), name })
    }

    /// The name of a named argument with its colon, when there is one.
    fn argument_name(&mut self) -> Result<Option<std::sync::Arc<str>>, CompileError> {
        if self.kind() != Kind::Word {
            return Ok(None);
        }
        let words = (0..).take_while(|ahead| self.kind_at(*ahead) == Kind::Word).count();
        if self.kind_at(words) != Kind::Colon {
            return Ok(None);
        }
        let name = self.name_until(&[Kind::Colon], "the name of a parameter")?;
        self.at += 1;
        Ok(Some(name))
    }

    fn close_argument(&mut self, frame: Frame, node: Id) -> Result<Next, CompileError> {
        let Frame::Arguments { callee, mut positional, mut named, name } = frame else {
            return self.expected("an operator");
        };
        match name {
            Some(name) => named.push((name, node)),
            None => positional.push(node),
        }
        if !named.is_empty() && !positional.is_empty() {
            return self.fail("named and positional arguments cannot be mixed");
        }
        if self.eat(Kind::Comma) {
            let name = self.argument_name()?;
            return self.open_frame(Frame::Arguments { callee, positional, named, name });
        }
        self.expect(Kind::RightParen, "`,` or `)`")?;
        let span = self.span_from(self.tree.span(callee).start);
        let call =
            if named.is_empty() { Node::Call(callee, positional) } else { Node::CallNamed(callee, named) };
        Ok(Next::Have(self.add(call, span)))
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
