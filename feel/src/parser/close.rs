//! Where an operand ends the part around it, or lets it go on.

use std::sync::Arc;

use super::{Binding, Frame, Loop, Next, Parser};
use crate::error::CompileError;
use crate::lexer::Kind;
use crate::syntax::{Id, Iteration, Node};

impl Parser<'_, '_> {
    /// No operator follows: the operand is complete for the part around it.
    pub(super) fn close(&mut self, node: Id) -> Result<Next, CompileError> {
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
            Frame::Paren { .. }
            | Frame::IntervalHigh { .. }
            | Frame::Tests { .. }
            | Frame::List { .. }
            | Frame::Context { .. }
            | Frame::Filter { .. } => self.close_bracket(frame, node),
            Frame::IfCondition { .. }
            | Frame::IfThen { .. }
            | Frame::Domain { .. }
            | Frame::DomainEnd { .. } => self.close_keyword(frame, node),
            Frame::Arguments { .. } => self.close_argument(frame, node),
            Frame::UnaryTests { start, negated, tests } => self.close_unary_test(start, negated, tests, node),
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

    /// A part in brackets goes on or ends.
    fn close_bracket(&mut self, frame: Frame, node: Id) -> Result<Next, CompileError> {
        match frame {
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
                    let start = self.pool.tree.span(node).start;
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
                self.pool.names.declare(&name);
                entries.push((name, node));
                if self.eat(Kind::Comma) {
                    let name = self.entry_name(&mut known)?;
                    return self.open_frame(Frame::Context { start, entries, known, name });
                }
                self.expect(Kind::RightBrace, "`,` or `}`")?;
                for (name, _) in &entries {
                    self.pool.names.withdraw(name);
                }
                let span = self.span_from(start);
                Ok(Next::Have(self.add(Node::Context(entries), span)))
            }
            Frame::Filter { base } => {
                self.expect(Kind::RightBracket, "an operator or `]`")?;
                self.pool.filters -= 1;
                self.pool.names.withdraw("item");
                let span = self.span_from(self.pool.tree.span(base).start);
                Ok(Next::Have(self.add(Node::Filter(base, node), span)))
            }
            _ => self.expected("an operator"),
        }
    }

    /// A part between keywords goes on; its last one is an operator and ends by itself.
    fn close_keyword(&mut self, frame: Frame, node: Id) -> Result<Next, CompileError> {
        match frame {
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
            _ => self.expected("an operator"),
        }
    }

    fn close_unary_test(
        &mut self,
        start: u32,
        negated: bool,
        mut tests: Vec<Id>,
        node: Id,
    ) -> Result<Next, CompileError> {
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
        self.pool.names.withdraw("?");
        let span = self.span_from(self.pool.tree.span(value).start);
        Ok(Next::Have(self.add(Node::In(value, tests), span)))
    }

    fn next_iteration(
        &mut self,
        start: u32,
        kind: Loop,
        mut iterations: Vec<Iteration>,
        iteration: Iteration,
    ) -> Result<Next, CompileError> {
        self.pool.names.declare(&iteration.name);
        iterations.push(iteration);
        if self.eat(Kind::Comma) {
            let name = self.loop_name()?;
            return self.open_frame(Frame::Domain { start, kind, iterations, name });
        }
        self.expect_word(if kind == Loop::For { "return" } else { "satisfies" })?;
        self.open_frame(Frame::Body { start, kind, iterations })
    }

    pub(super) fn call(&mut self, callee: Id) -> Result<Next, CompileError> {
        self.at += 1;
        if self.eat(Kind::RightParen) {
            let span = self.span_from(self.pool.tree.span(callee).start);
            return Ok(Next::Have(self.add(Node::Call(callee, Vec::new()), span)));
        }
        let name = self.argument_name()?;
        self.open_frame(Frame::Arguments { callee, positional: Vec::new(), named: Vec::new(), name })
    }

    /// The name of a named argument with its colon, when there is one.
    fn argument_name(&mut self) -> Result<Option<Arc<str>>, CompileError> {
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
        let span = self.span_from(self.pool.tree.span(callee).start);
        let call =
            if named.is_empty() { Node::Call(callee, positional) } else { Node::CallNamed(callee, named) };
        Ok(Next::Have(self.add(call, span)))
    }
}
