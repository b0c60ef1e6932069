//! The operations of a decision table (10.3.2.10): rule by rule, cell by cell, nothing twice.

use std::sync::Arc;

use super::scope::Binding;
use super::{Compiler, Task};
use crate::boxed::HitPolicy;
use crate::program::{Op, Operand, TableFacts};
use crate::syntax::{Id, Node, Span, Table};
use crate::value::Value;

impl Compiler<'_> {
    /// Leaves the tasks that evaluate a decision table: inputs once, then the rules, then the hit policy.
    pub(super) fn table(&mut self, table: Table, span: Span) {
        let inputs = table.inputs.len() as u32;
        let outputs = table.outputs.len() as u32;
        let first = self.function().reserve(inputs + outputs);
        let parts = first + inputs;
        let (decide, done) = (self.label(), self.label());
        let facts = self.code.tables.len() as u32;
        self.code.tables.push(TableFacts {
            name: table.name.clone(),
            inputs: inputs as usize,
            outputs: table.outputs.clone(),
            policy: table.policy,
        });
        let mut tasks = Vec::new();
        for (local, (expression, allowed)) in (first..).zip(&table.inputs) {
            tasks.extend([Task::Node(*expression), Task::Op(Op::Store(local), span)]);
            if let Some(allowed) = allowed {
                let fits = self.label();
                self.cell(*allowed, local, &mut tasks);
                tasks.extend([
                    Task::Op(Op::JumpIfTrue(fits), span),
                    Task::Op(Op::Refuse(facts), self.tree.span(*allowed)),
                    Task::Op(Op::Jump(done), span),
                    Task::Bind(fits),
                ]);
            }
        }
        tasks.extend([Task::Op(Op::TableStart(facts, first), span), Task::Op(Op::BuildStart, span)]);
        for (index, rule) in table.rules.into_iter().enumerate() {
            let next = self.label();
            for (local, test) in (first..).zip(rule.tests) {
                let Some(test) = test else { continue };
                self.cell(test, local, &mut tasks);
                tasks.push(Task::Op(Op::JumpUnlessTrue(next), span));
            }
            tasks.push(Task::Op(Op::Hit(index as u32), span));
            self.record(&rule.outputs, &table.outputs, parts, &mut tasks, span);
            tasks.push(Task::Op(Op::Build, span));
            if table.policy == HitPolicy::First {
                tasks.push(Task::Op(Op::Jump(decide), span));
            }
            tasks.push(Task::Bind(next));
        }
        tasks.extend([Task::Bind(decide), Task::Op(Op::BuildEnd, span), Task::Op(Op::Push, span)]);
        self.values(&table.priorities, &mut tasks, span);
        tasks.push(Task::Op(Op::Push, span));
        self.defaults(&table.defaults, &table.outputs, parts, &mut tasks, span);
        tasks.extend([
            Task::Op(Op::Decide(facts), span),
            Task::Bind(done),
            Task::Op(Op::TableEnd, span),
            Task::Release(inputs + outputs),
        ]);
        self.schedule(tasks);
    }

    /// The unary tests of a cell over the value of an input.
    fn cell(&mut self, tests: Id, local: u32, tasks: &mut Vec<Task>) {
        let span = self.tree.span(tests);
        let Node::UnaryTests { negated, tests } = self.tree.take(tests) else { return };
        let value = Operand::local(local);
        let Some(tests) = tests else {
            let yes = self.constant(Value::from(true));
            return tasks.push(Task::Op(Op::Load(yes), span));
        };
        tasks.push(Task::Declare(Arc::from("?"), Binding::Place(value)));
        self.any_of(&tests, value, tasks, span);
        tasks.push(Task::Withdraw(1));
        if negated {
            tasks.push(Task::Op(Op::Not, span));
        }
    }

    /// The output of a rule: the value alone, or a context when there are several.
    fn record(&mut self, outputs: &[Id], names: &[Arc<str>], first: u32, tasks: &mut Vec<Task>, span: Span) {
        if let [output] = outputs {
            return tasks.push(Task::Node(*output));
        }
        for (local, output) in (first..).zip(outputs) {
            tasks.extend([Task::Node(*output), Task::Op(Op::Store(local), span)]);
        }
        let names = self.name_list(names.to_vec());
        tasks.push(Task::Op(Op::MakeContext(names, first), span));
    }

    /// For each output, the list of its allowed values, or null.
    fn values(&mut self, priorities: &[Option<Id>], tasks: &mut Vec<Task>, span: Span) {
        for allowed in priorities {
            let tests = allowed.and_then(|allowed| match self.tree.take(allowed) {
                Node::UnaryTests { tests, .. } => tests,
                _ => None,
            });
            match tests {
                Some(tests) => {
                    let count = tests.len() as u32;
                    for test in tests {
                        tasks.extend([Task::Node(test), Task::Op(Op::Push, span)]);
                    }
                    tasks.push(Task::Op(Op::MakeList(count), span));
                }
                None => {
                    let null = self.constant(Value::NULL);
                    tasks.push(Task::Op(Op::Load(null), span));
                }
            }
            tasks.push(Task::Op(Op::Push, span));
        }
        tasks.push(Task::Op(Op::MakeList(priorities.len() as u32), span));
    }

    /// What the table answers when no rule matches.
    fn defaults(
        &mut self,
        defaults: &[(usize, Id)],
        names: &[Arc<str>],
        first: u32,
        tasks: &mut Vec<Task>,
        span: Span,
    ) {
        let null = self.constant(Value::NULL);
        if names.len() == 1 || defaults.is_empty() {
            tasks.push(match defaults.first() {
                Some((_, value)) => Task::Node(*value),
                None => Task::Op(Op::Load(null), span),
            });
            return;
        }
        for (index, local) in (first..).take(names.len()).enumerate() {
            let value = defaults.iter().find(|(output, _)| *output == index);
            tasks.push(value.map_or(Task::Op(Op::Load(null), span), |(_, value)| Task::Node(*value)));
            tasks.push(Task::Op(Op::Store(local), span));
        }
        let names = self.name_list(names.to_vec());
        tasks.push(Task::Op(Op::MakeContext(names, first), span));
    }
}
