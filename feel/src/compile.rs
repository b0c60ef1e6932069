//! From the syntax tree to operations, with a stack of tasks in place of recursion.

mod boxed;
mod expand;
mod scope;
mod table;

use std::collections::HashMap;
use std::sync::Arc;

use crate::builtin::Builtin;
use crate::env::{CompileLimits, Scope};
use crate::error::CompileError;
use crate::machine::quick::is_quick;
use crate::parser::{self, Parsed};
use crate::program::{Code, Op, Operand, Program};
use crate::syntax::{Arithmetic, Comparison, Id, Span, Tree};
use crate::value::Value;
use scope::Function;

pub use boxed::compile_boxed;

/// Compiles an expression.
///
/// `names` are the names that are known in its scope. They matter for names with spaces or
/// operators in them; a single word that is not among them is a variable as well.
///
/// # Errors
/// Says what is wrong in the text, and where.
pub fn compile(source: &str, names: &[&str]) -> Result<Program, CompileError> {
    compile_in(source, &Scope { names, ..Scope::default() })
}

/// Compiles an expression within limits of one's own.
///
/// # Errors
/// As [`compile`].
pub fn compile_with(source: &str, names: &[&str], limits: &CompileLimits) -> Result<Program, CompileError> {
    compile_in(source, &Scope { names, limits: *limits, ..Scope::default() })
}

/// Compiles an expression in a scope with types.
///
/// # Errors
/// As [`compile`].
pub fn compile_in(source: &str, scope: &Scope<'_>) -> Result<Program, CompileError> {
    let Parsed { tree, root } = parser::parse(source, scope)?;
    Ok(Compiler::new(source, scope.names, tree, root).run())
}

/// Compiles unary tests, as a cell of a decision table has them; the value that is tested is the name `?`.
///
/// The program answers true, false or null. A dash answers true and reads nothing.
///
/// # Errors
/// As [`compile`].
pub fn compile_unary_tests(
    source: &str,
    names: &[&str],
    limits: &CompileLimits,
) -> Result<Program, CompileError> {
    compile_unary_tests_in(source, &Scope { names, limits: *limits, ..Scope::default() })
}

/// Compiles unary tests in a scope with types.
///
/// # Errors
/// As [`compile`].
pub fn compile_unary_tests_in(source: &str, scope: &Scope<'_>) -> Result<Program, CompileError> {
    let Parsed { tree, root } = parser::parse_unary_tests(source, scope)?;
    Ok(Compiler::new(source, scope.names, tree, root).run())
}

struct Compiler<'s> {
    source: &'s str,
    names: &'s [&'s str],
    tree: Tree,
    root: Id,
    code: Code,
    slots: HashMap<Arc<str>, u32>,
    texts: HashMap<Arc<str>, u32>,
    /// The functions around the place that is compiled; the first one is the expression itself.
    functions: Vec<Function>,
    tasks: Vec<Task>,
    /// The names by which functions that are entries of contexts may invoke themselves.
    self_names: HashMap<u32, Arc<str>>,
}

/// What remains to be done, the last one first.
#[derive(Clone)]
enum Task {
    Node(Id),
    Op(Op, Span),
    /// Binds a label to the next operation.
    Bind(u32),
    Arithmetic(Arithmetic, Id, Id, Span),
    Compare(Comparison, Id, Id, Span),
    /// Brings a name into scope.
    Declare(Arc<str>, scope::Binding),
    /// Opens the scope of an item: its entries come first from here on.
    DeclareItem(u32),
    /// Takes so many names out of scope.
    Withdraw(usize),
    /// Gives so many locals back.
    Release(u32),
    Test(Id, Operand),
    EndFunction(Span),
}

/// Labels are kept apart from addresses until a function is complete.
const UNBOUND: u32 = u32::MAX;

impl<'s> Compiler<'s> {
    fn new(source: &'s str, names: &'s [&'s str], tree: Tree, root: Id) -> Compiler<'s> {
        Compiler {
            source,
            names,
            tree,
            root,
            code: Code {
                source: Arc::from(source),
                names: Vec::new(),
                optional: Vec::new(),
                invoked: Vec::new(),
                constants: Vec::new(),
                texts: Vec::new(),
                name_lists: Vec::new(),
                types: Vec::new(),
                tables: Vec::new(),
                is_quick: false,
                chunks: Vec::new(),
            },
            slots: HashMap::new(),
            texts: HashMap::new(),
            functions: vec![Function::default()],
            tasks: Vec::new(),
            self_names: HashMap::new(),
        }
    }

    fn run(mut self) -> Program {
        self.tasks.push(Task::EndFunction(Span::default()));
        self.tasks.push(Task::Node(self.root));
        while let Some(task) = self.tasks.pop() {
            self.perform(task);
        }
        self.code.is_quick = self.code.chunks.last().is_some_and(|chunk| is_quick(&chunk.ops));
        Program { code: Arc::new(self.code) }
    }

    fn perform(&mut self, task: Task) {
        match task {
            Task::Node(id) => self.node(id),
            Task::Op(op, span) => self.emit(op, span),
            Task::Bind(label) => {
                let function = self.function();
                function.labels[label as usize] = function.chunk.ops.len() as u32;
            }
            Task::Arithmetic(operator, left, right, span) => {
                let op = self.binary(left, right, |left, right| match left {
                    Some(left) => Op::ArithmeticOf(operator, left, right),
                    None => Op::ArithmeticWith(operator, right),
                });
                self.finish_binary(op, left, right, Op::Arithmetic(operator), span);
            }
            Task::Compare(operator, left, right, span) => {
                let op = self.binary(left, right, |left, right| match left {
                    Some(left) => Op::CompareOf(operator, left, right),
                    None => Op::CompareWith(operator, right),
                });
                self.finish_binary(op, left, right, Op::Compare(operator), span);
            }
            Task::Declare(name, binding) => self.function().declare(name, binding),
            Task::DeclareItem(local) => self.function().declare_item(local),
            Task::Withdraw(count) => self.function().withdraw(count),
            Task::Release(count) => self.function().release(count),
            Task::Test(id, value) => self.test(id, value),
            Task::EndFunction(span) => self.end_function(span),
        }
    }

    /// The operation over operands that need no computing: both, or the right one only.
    fn binary(
        &mut self,
        left: Id,
        right: Id,
        make: impl Fn(Option<Operand>, Operand) -> Op,
    ) -> Option<(Op, bool)> {
        // The left side first, so that slots come in the order of the text.
        let left = self.simple(left);
        let right = self.simple(right)?;
        Some((make(left, right), left.is_some()))
    }

    fn finish_binary(&mut self, op: Option<(Op, bool)>, left: Id, right: Id, general: Op, span: Span) {
        match op {
            Some((op, true)) => self.emit(op, span),
            Some((op, false)) => {
                self.tasks.push(Task::Op(op, span));
                self.tasks.push(Task::Node(left));
            }
            None => {
                self.tasks.push(Task::Op(general, span));
                self.tasks.push(Task::Node(right));
                self.tasks.push(Task::Op(Op::Push, span));
                self.tasks.push(Task::Node(left));
            }
        }
    }

    fn function(&mut self) -> &mut Function {
        self.functions.last_mut().expect("the expression itself is always open")
    }

    fn emit(&mut self, op: Op, span: Span) {
        let chunk = &mut self.function().chunk;
        chunk.ops.push(op);
        chunk.spans.push(span);
    }

    fn label(&mut self) -> u32 {
        let labels = &mut self.function().labels;
        labels.push(UNBOUND);
        labels.len() as u32 - 1
    }

    fn constant(&mut self, value: Value) -> Operand {
        self.code.constants.push(value);
        Operand::constant(self.code.constants.len() as u32 - 1)
    }

    fn text(&mut self, text: &Arc<str>) -> u32 {
        if let Some(index) = self.texts.get(text) {
            return *index;
        }
        self.code.texts.push(text.clone());
        let index = self.code.texts.len() as u32 - 1;
        self.texts.insert(text.clone(), index);
        index
    }

    fn slot(&mut self, name: &Arc<str>, optional: bool) -> Operand {
        let index = match self.slots.get(name) {
            Some(index) => *index,
            None => {
                self.code.names.push(name.clone());
                self.code.optional.push(true);
                self.code.invoked.push(false);
                let index = self.code.names.len() as u32 - 1;
                self.slots.insert(name.clone(), index);
                index
            }
        };
        self.code.optional[index as usize] &= optional;
        Operand::slot(index)
    }

    fn end_function(&mut self, span: Span) {
        self.emit(Op::Return, span);
        let Some(function) = self.functions.pop() else { return };
        let chunk = function.finish();
        self.code.chunks.push(chunk);
        if !self.functions.is_empty() {
            let index = self.code.chunks.len() as u32 - 1;
            self.emit(Op::MakeFunction(index), span);
        }
    }

    /// The built-in function that a name means when nothing else does.
    fn builtin(&self, name: &str) -> Option<Builtin> {
        Builtin::named(name)
    }

    fn is_known(&self, name: &str) -> bool {
        self.names.contains(&name)
    }
}

/// Puts addresses in place of labels.
fn resolve(op: Op, labels: &[u32]) -> Op {
    let at = |label: u32| labels.get(label as usize).copied().unwrap_or(UNBOUND);
    match op {
        Op::ItemEntry(item, name, label) => Op::ItemEntry(item, name, at(label)),
        Op::Jump(label) => Op::Jump(at(label)),
        Op::JumpUnlessTrue(label) => Op::JumpUnlessTrue(at(label)),
        Op::JumpIfTrue(label) => Op::JumpIfTrue(at(label)),
        Op::AndLeft(label) => Op::AndLeft(at(label)),
        Op::OrLeft(label) => Op::OrLeft(at(label)),
        Op::OrInto(local, label) => Op::OrInto(local, at(label)),
        Op::AndInto(local, label) => Op::AndInto(local, at(label)),
        Op::IterStart(label, open) => Op::IterStart(at(label), open),
        Op::IterRange(label, open) => Op::IterRange(at(label), open),
        Op::IterNext(local, label) => Op::IterNext(local, at(label)),
        Op::FilterStart(item, label) => Op::FilterStart(item, at(label)),
        Op::FilterStep(item, label) => Op::FilterStep(item, at(label)),
        Op::Load(_)
        | Op::LoadOr(..)
        | Op::LoadFunction(..)
        | Op::LoadSelf
        | Op::Push
        | Op::Store(_)
        | Op::Arithmetic(_)
        | Op::ArithmeticWith(..)
        | Op::ArithmeticOf(..)
        | Op::Compare(_)
        | Op::CompareWith(..)
        | Op::CompareOf(..)
        | Op::Negate
        | Op::Not
        | Op::Path(_)
        | Op::PathOf(..)
        | Op::AndRight
        | Op::OrRight
        | Op::Between
        | Op::TestCompare(..)
        | Op::TestMember(_)
        | Op::TestInterval(..)
        | Op::TestIntervalOf(..)
        | Op::TestTruth(_)
        | Op::MakeTest(_)
        | Op::TableStart(..)
        | Op::Hit(_)
        | Op::Refuse(_)
        | Op::Decide(_)
        | Op::TableEnd
        | Op::Convert(_)
        | Op::MakeInterval(_)
        | Op::InstanceOf(_)
        | Op::MakeList(_)
        | Op::MakeContext(..)
        | Op::IterDrop(_)
        | Op::Collect(_)
        | Op::BuildStart
        | Op::Build
        | Op::BuildEnd
        | Op::BuildDrop
        | Op::FilterAt(_)
        | Op::MakeFunction(_)
        | Op::Call(_)
        | Op::CallNamed(_)
        | Op::CallBuiltin(..)
        | Op::CallOf(..)
        | Op::Return => op,
    }
}
