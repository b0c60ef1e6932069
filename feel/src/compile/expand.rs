//! The operations of each kind of node.

use std::sync::Arc;

use super::scope::{Binding, Function, Rest};
use super::{Compiler, Task, UNBOUND};
use crate::program::{Ends, Op, Operand};
use crate::syntax::{Comparison, FormalParameter, Id, Iteration, Node, Span};
use crate::types::Type;
use crate::value::{Parameter, Value};

impl Compiler<'_> {
    /// Leaves the tasks that compile a node.
    pub(super) fn node(&mut self, id: Id) {
        let span = self.tree.span(id);
        // The node is taken out of the tree, which nobody reads twice.
        let node = self.tree.take(id);
        match node {
            Node::Literal(value) => {
                let operand = self.constant(value);
                self.emit(Op::Load(operand), span);
            }
            Node::Name(name) => self.name(id, &name),
            Node::Negate(value) => self.then(&[Task::Node(value)], Op::Negate, span),
            Node::Arithmetic(operator, left, right) => {
                self.tasks.push(Task::Arithmetic(operator, left, right, span));
            }
            Node::Compare(operator, left, right) => {
                self.tasks.push(Task::Compare(operator, left, right, span));
            }
            Node::And(left, right) => {
                let done = self.label();
                self.logic(left, Op::AndLeft(done), right, Op::AndRight, done, span);
            }
            Node::Or(left, right) => {
                let done = self.label();
                self.logic(left, Op::OrLeft(done), right, Op::OrRight, done, span);
            }
            Node::Between(value, low, high) => self.schedule(vec![
                Task::Node(value),
                Task::Op(Op::Push, span),
                Task::Node(low),
                Task::Op(Op::Push, span),
                Task::Node(high),
                Task::Op(Op::Between, span),
            ]),
            Node::In(value, tests) => self.membership(value, tests, span),
            Node::Test(operator, end) => self.then(&[Task::Node(end)], Op::MakeTest(operator), span),
            Node::Interval { low_included, low, high, high_included } => {
                let ends = Ends { low_included, high_included };
                let first = [Task::Node(low), Task::Op(Op::Push, span), Task::Node(high)];
                self.then(&first, Op::MakeInterval(ends), span);
            }
            Node::If(condition, then, otherwise) => self.condition(condition, then, otherwise, span),
            Node::For(iterations, body) => self.iterate(iterations, body, None, span),
            Node::Quantified { every, iterations, body } => self.iterate(iterations, body, Some(every), span),
            Node::InstanceOf(value, named) => {
                let index = self.named_type(named);
                self.then(&[Task::Node(value)], Op::InstanceOf(index), span);
            }
            Node::Path(base, name) => {
                let text = self.text(&name);
                match self.simple(base) {
                    Some(operand) => self.emit(Op::PathOf(operand, text), span),
                    None => self.then(&[Task::Node(base)], Op::Path(text), span),
                }
            }
            Node::Filter(base, condition) => self.filter(base, condition, span),
            Node::Call(callee, arguments) => self.call(callee, &arguments, span),
            Node::CallNamed(callee, arguments) => self.call_named(callee, &arguments, span),
            Node::List(items) => {
                let count = items.len() as u32;
                let mut tasks = Vec::new();
                for item in items {
                    tasks.extend([Task::Node(item), Task::Op(Op::Push, span)]);
                }
                tasks.push(Task::Op(Op::MakeList(count), span));
                self.schedule(tasks);
            }
            Node::Context(entries) => self.context(entries, span),
            Node::Function { parameters, body } => self.begin_function(id, parameters, body, span),
            Node::UnaryTests { negated, tests } => self.unary_tests(negated, tests, span),
            Node::Table(table) => self.table(*table, span),
            Node::Convert(value, named) => {
                let index = self.named_type(named);
                self.then(&[Task::Node(value)], Op::Convert(index), span);
            }
        }
    }

    /// Schedules tasks to be done in this order, before everything that waits already.
    pub(super) fn schedule(&mut self, tasks: Vec<Task>) {
        self.tasks.extend(tasks.into_iter().rev());
    }

    fn then(&mut self, first: &[Task], op: Op, span: Span) {
        self.tasks.push(Task::Op(op, span));
        self.tasks.extend(first.iter().rev().cloned());
    }

    fn logic(&mut self, left: Id, after_left: Op, right: Id, after_right: Op, done: u32, span: Span) {
        self.schedule(vec![
            Task::Node(left),
            Task::Op(after_left, span),
            Task::Node(right),
            Task::Op(after_right, span),
            Task::Bind(done),
        ]);
    }

    fn condition(&mut self, condition: Id, then: Id, otherwise: Id, span: Span) {
        let (to_else, done) = (self.label(), self.label());
        self.schedule(vec![
            Task::Node(condition),
            Task::Op(Op::JumpUnlessTrue(to_else), span),
            Task::Node(then),
            Task::Op(Op::Jump(done), span),
            Task::Bind(to_else),
            Task::Node(otherwise),
            Task::Bind(done),
        ]);
    }

    /// `value in (tests)`: the tests see the value as `?`.
    fn membership(&mut self, value: Id, tests: Vec<Id>, span: Span) {
        let mut tasks = Vec::new();
        let simple = self.simple(value);
        let operand = match simple {
            Some(operand) => operand,
            None => {
                let local = self.function().reserve(1);
                tasks.extend([Task::Node(value), Task::Op(Op::Store(local), span)]);
                Operand::local(local)
            }
        };
        tasks.push(Task::Declare(Arc::from("?"), Binding::Place(operand)));
        self.any_of(&tests, operand, &mut tasks, span);
        tasks.push(Task::Withdraw(1));
        if simple.is_none() {
            tasks.push(Task::Release(1));
        }
        self.schedule(tasks);
    }

    /// The tests as one disjunction.
    pub(super) fn any_of(&mut self, tests: &[Id], value: Operand, tasks: &mut Vec<Task>, span: Span) {
        let done = self.label();
        for (index, test) in tests.iter().enumerate() {
            if index > 0 {
                tasks.push(Task::Op(Op::OrLeft(done), span));
            }
            tasks.push(Task::Test(*test, value));
            if index > 0 {
                tasks.push(Task::Op(Op::OrRight, span));
            }
        }
        tasks.push(Task::Bind(done));
    }

    /// One test of `in` or of a unary test, Table 55.
    pub(super) fn test(&mut self, id: Id, value: Operand) {
        let span = self.tree.span(id);
        match *self.tree.node(id) {
            Node::Test(operator, end) => match self.simple(end) {
                Some(end) => self.emit(Op::CompareOf(operator, value, end), span),
                None => self.then(&[Task::Node(end)], Op::TestCompare(operator, value), span),
            },
            Node::Interval { low_included, low, high, high_included } => {
                let ends = Ends { low_included, high_included };
                match (self.simple(low), self.simple(high)) {
                    (Some(low), Some(high)) => self.emit(Op::TestIntervalOf(ends, value, low, high), span),
                    _ => {
                        let first = [Task::Node(low), Task::Op(Op::Push, span), Task::Node(high)];
                        self.then(&first, Op::TestInterval(value, ends), span);
                    }
                }
            }
            Node::Literal(ref literal) if !literal.is_null() => {
                let literal = literal.clone();
                let literal = self.constant(literal);
                self.emit(Op::CompareOf(Comparison::Equal, value, literal), span);
            }
            _ => {
                let op = if self.mentions_value(span) { Op::TestTruth(value) } else { Op::TestMember(value) };
                self.then(&[Task::Node(id)], op, span);
            }
        }
    }

    /// Whether a test says `?`; the tokens decide, a string literal does not count.
    fn mentions_value(&self, span: Span) -> bool {
        let text = span.text(self.source);
        text.contains('?')
            && crate::lexer::tokenize(text).is_ok_and(|tokens| {
                tokens.iter().any(|token| {
                    let word = text.get(token.start as usize..token.end as usize);
                    word == Some("?")
                })
            })
    }

    fn unary_tests(&mut self, negated: bool, tests: Option<Vec<Id>>, span: Span) {
        let value = self.slot(&Arc::from("?"), false);
        let Some(tests) = tests else {
            let yes = self.constant(Value::from(true));
            return self.emit(Op::Load(yes), span);
        };
        let mut tasks = Vec::new();
        self.any_of(&tests, value, &mut tasks, span);
        if negated {
            tasks.push(Task::Op(Op::Not, span));
        }
        self.schedule(tasks);
    }

    /// `for`, `some` and `every`: nested loops over one local each.
    fn iterate(&mut self, iterations: Vec<Iteration>, body: Id, quantifier: Option<bool>, span: Span) {
        let count = iterations.len() as u32;
        let first = self.function().reserve(count + 1);
        let outcome = self.outcome(first + count, body, quantifier, span);
        let (failed, exit, done) = (self.label(), self.label(), self.label());
        let mut tasks = outcome.begin;
        let mut loops = Vec::new();
        for (index, iteration) in iterations.into_iter().enumerate() {
            let (again, next) = (self.label(), self.label());
            let open = index as u32;
            let domain = self.tree.span(iteration.domain);
            tasks.push(Task::Node(iteration.domain));
            match iteration.end {
                Some(high) => tasks.extend([
                    Task::Op(Op::Push, span),
                    Task::Node(high),
                    Task::Op(Op::IterRange(failed, open), domain.to(self.tree.span(high))),
                ]),
                None => tasks.push(Task::Op(Op::IterStart(failed, open), domain)),
            }
            // The question whether there is another item stands at the end, so that it is asked once a turn.
            tasks.extend([
                Task::Op(Op::Jump(next), span),
                Task::Bind(again),
                Task::Declare(iteration.name, Binding::Place(Operand::local(first + open))),
            ]);
            loops.push((first + open, again, next));
        }
        let named = matches!(outcome.each, Op::Collect(_));
        if named {
            let list = Operand::local(first + count);
            tasks.push(Task::Declare(Arc::from("partial"), Binding::Place(list)));
        }
        tasks.extend([Task::Node(body), Task::Op(with_label(outcome.each, exit), span)]);
        tasks.push(Task::Withdraw(usize::from(named)));
        for (local, again, next) in loops.into_iter().rev() {
            tasks.extend([Task::Bind(next), Task::Op(Op::IterNext(local, again), span)]);
        }
        tasks.extend([
            Task::Op(outcome.end, span),
            Task::Op(Op::Jump(done), span),
            Task::Bind(exit),
            Task::Op(Op::IterDrop(count), span),
            Task::Bind(failed),
        ]);
        tasks.extend(outcome.fail.map(|op| Task::Op(op, span)));
        tasks.extend([Task::Bind(done), Task::Withdraw(count as usize), Task::Release(count + 1)]);
        self.schedule(tasks);
    }

    /// How an iteration makes its result: in the local when the body may look at it, else apart.
    fn outcome(&mut self, local: u32, body: Id, quantifier: Option<bool>, span: Span) -> Outcome {
        let initial = match quantifier {
            Some(every) => Value::from(every),
            None if self.tree.span(body).text(self.source).contains("partial") => Value::from(Vec::new()),
            None => {
                return Outcome {
                    begin: vec![Task::Op(Op::BuildStart, span)],
                    each: Op::Build,
                    end: Op::BuildEnd,
                    fail: Some(Op::BuildDrop),
                };
            }
        };
        let initial = self.constant(initial);
        let each = match quantifier {
            None => Op::Collect(local),
            Some(true) => Op::AndInto(local, UNBOUND),
            Some(false) => Op::OrInto(local, UNBOUND),
        };
        Outcome {
            begin: vec![Task::Op(Op::Load(initial), span), Task::Op(Op::Store(local), span)],
            each,
            end: Op::Load(Operand::local(local)),
            fail: None,
        }
    }

    fn filter(&mut self, base: Id, condition: Id, span: Span) {
        let constant = match self.tree.node(condition) {
            Node::Literal(Value::Number(_)) => self.simple(condition),
            Node::Negate(inner) => match self.tree.node(*inner) {
                Node::Literal(Value::Number(number)) => {
                    let number = number.negated();
                    Some(self.constant(Value::Number(number)))
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(index) = constant {
            return self.then(&[Task::Node(base)], Op::FilterAt(index), span);
        }
        let item = self.function().reserve(1);
        let (again, done) = (self.label(), self.label());
        self.schedule(vec![
            Task::Node(base),
            Task::Op(Op::FilterStart(item, done), span),
            Task::Declare(Arc::from("item"), Binding::Place(Operand::local(item))),
            Task::DeclareItem(item),
            Task::Bind(again),
            Task::Node(condition),
            Task::Op(Op::FilterStep(item, again), span),
            Task::Bind(done),
            Task::Withdraw(2),
            Task::Release(1),
        ]);
    }

    fn call(&mut self, callee: Id, arguments: &[Id], span: Span) {
        let builtin = self.called_builtin(callee);
        if let (Some(builtin), [first, rest @ ..]) = (builtin, arguments)
            && let Some(first) = self.simple(*first)
        {
            match rest {
                [] => return self.emit(Op::CallOf(builtin, 1, first, first), span),
                [second] => {
                    if let Some(second) = self.simple(*second) {
                        return self.emit(Op::CallOf(builtin, 2, first, second), span);
                    }
                }
                _ => {}
            }
        }
        let mut tasks = Vec::new();
        if builtin.is_none() {
            tasks.push(self.load_callee(callee));
            tasks.push(Task::Op(Op::Push, span));
        }
        for argument in arguments {
            tasks.extend([Task::Node(*argument), Task::Op(Op::Push, span)]);
        }
        let count = arguments.len() as u32;
        tasks.push(match builtin {
            Some(builtin) => Task::Op(Op::CallBuiltin(builtin, count), span),
            None => Task::Op(Op::Call(count), span),
        });
        self.schedule(tasks);
    }

    fn call_named(&mut self, callee: Id, arguments: &[(Arc<str>, Id)], span: Span) {
        let mut tasks = Vec::new();
        match self.called_builtin(callee) {
            Some(builtin) => {
                let function = self.constant(builtin.value());
                tasks.push(Task::Op(Op::Load(function), span));
            }
            None => {
                let callee = self.load_callee(callee);
                tasks.push(callee);
            }
        }
        tasks.push(Task::Op(Op::Push, span));
        for (_, argument) in arguments {
            tasks.extend([Task::Node(*argument), Task::Op(Op::Push, span)]);
        }
        let names = self.name_list(arguments.iter().map(|(name, _)| name.clone()).collect());
        tasks.push(Task::Op(Op::CallNamed(names), span));
        self.schedule(tasks);
    }

    /// The built-in function that a call means: nothing inside of the expression has its name.
    fn called_builtin(&mut self, callee: Id) -> Option<crate::builtin::Builtin> {
        let Node::Name(name) = self.tree.node(callee) else { return None };
        let name = name.clone();
        let builtin = self.builtin(&name)?;
        let meaning = self.meaning(&name);
        (matches!(meaning.rest, Rest::Free) && !self.is_known(&name)).then_some(builtin)
    }

    /// Loads the function that a call names: a variable that has the name of a built-in function hides
    /// it only when it is a function itself.
    fn load_callee(&mut self, callee: Id) -> Task {
        let span = self.tree.span(callee);
        let Node::Name(name) = self.tree.node(callee) else { return Task::Node(callee) };
        let name = name.clone();
        let builtin = self.builtin(&name);
        if !matches!(self.meaning(&name).rest, Rest::Free) {
            return Task::Node(callee);
        }
        match builtin {
            Some(builtin) => Task::Op(Op::LoadFunction(self.free(&name, false), builtin), span),
            None => {
                self.invoke(&name);
                Task::Node(callee)
            }
        }
    }

    fn context(&mut self, entries: Vec<(Arc<str>, Id)>, span: Span) {
        let count = entries.len() as u32;
        let first = self.function().reserve(count);
        let names = self.name_list(entries.iter().map(|(name, _)| name.clone()).collect());
        let mut tasks = Vec::new();
        for (index, (name, value)) in entries.into_iter().enumerate() {
            let local = first + index as u32;
            // A function may invoke itself by the name of its entry.
            let is_function = matches!(self.tree.node(value), Node::Function { .. });
            if is_function {
                self.self_names.insert(value.0, name.clone());
            }
            tasks.extend([
                Task::Node(value),
                Task::Op(Op::Store(local), span),
                Task::Declare(name, Binding::Place(Operand::local(local))),
            ]);
        }
        tasks.extend([
            Task::Op(Op::MakeContext(names, first), span),
            Task::Withdraw(count as usize),
            Task::Release(count),
        ]);
        self.schedule(tasks);
    }

    fn begin_function(&mut self, id: Id, parameters: Vec<FormalParameter>, body: Id, span: Span) {
        let mut function = Function::default();
        if let Some(name) = self.self_names.remove(&id.0) {
            function.declare(name, Binding::SelfFunction);
        }
        function.reserve(parameters.len() as u32);
        let mut named = Vec::new();
        for (index, (name, declared)) in parameters.into_iter().enumerate() {
            function.declare(name.clone(), Binding::Place(Operand::local(index as u32)));
            let (declared, type_text) =
                declared.map_or((None, None), |(declared, text)| (Some(declared), Some(text)));
            function.chunk.types.push(declared);
            named.push(Parameter { name, type_text });
        }
        function.chunk.parameters = Arc::from(named);
        self.functions.push(function);
        self.schedule(vec![Task::Node(body), Task::EndFunction(span)]);
    }

    pub(super) fn name_list(&mut self, names: Vec<Arc<str>>) -> u32 {
        self.code.name_lists.push(Arc::from(names));
        self.code.name_lists.len() as u32 - 1
    }

    fn named_type(&mut self, named: Type) -> u32 {
        self.code.types.push(named);
        self.code.types.len() as u32 - 1
    }
}

/// How an iteration makes its result.
struct Outcome {
    begin: Vec<Task>,
    /// After each evaluation of the body.
    each: Op,
    end: Op,
    /// When an iteration cannot begin.
    fail: Option<Op>,
}

/// The operation that leaves the iterations at this label when it decides.
fn with_label(op: Op, label: u32) -> Op {
    match op {
        Op::OrInto(local, _) => Op::OrInto(local, label),
        Op::AndInto(local, _) => Op::AndInto(local, label),
        other => other,
    }
}
