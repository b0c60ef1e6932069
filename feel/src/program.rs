//! The compiled form of an expression: flat operations over slots, locals and one accumulator.

use std::fmt;
use std::sync::Arc;

use crate::boxed::{HitPolicy, Judgement};
use crate::builtin::Builtin;
use crate::env::Env;
use crate::error::EvalError;
use crate::machine;
use crate::syntax::{Arithmetic, Comparison, Span};
use crate::types::Type;
use crate::value::{Parameter, Value};

/// A compiled expression, cheap to clone and free of the text's cost.
#[derive(Clone)]
pub struct Program {
    pub(crate) code: Arc<Code>,
}

/// What a program is made of.
pub(crate) struct Code {
    pub(crate) source: Arc<str>,
    /// The names that are read, one slot each.
    pub(crate) names: Vec<Arc<str>>,
    /// For each name, whether it is read only where an entry of a filtered item may answer first.
    pub(crate) optional: Vec<bool>,
    /// For each name, whether it is invoked somewhere.
    pub(crate) invoked: Vec<bool>,
    pub(crate) constants: Vec<Value>,
    /// Names of entries and properties.
    pub(crate) texts: Vec<Arc<str>>,
    pub(crate) name_lists: Vec<Arc<[Arc<str>]>>,
    pub(crate) types: Vec<Type>,
    pub(crate) tables: Vec<TableFacts>,
    /// Whether the expression may take the short way.
    pub(crate) is_quick: bool,
    /// The bodies of functions; the last one is the expression itself.
    pub(crate) chunks: Vec<Chunk>,
}

/// What is known about a decision table.
pub(crate) struct TableFacts {
    pub(crate) name: Arc<str>,
    pub(crate) inputs: usize,
    pub(crate) outputs: Vec<Arc<str>>,
    pub(crate) policy: HitPolicy,
}

/// The operations of the expression or of one function's body.
#[derive(Default)]
pub(crate) struct Chunk {
    pub(crate) ops: Vec<Op>,
    /// Beside each operation, the text that it evaluates.
    pub(crate) spans: Vec<Span>,
    pub(crate) locals: usize,
    pub(crate) parameters: Arc<[Parameter]>,
    /// The declared types of the parameters.
    pub(crate) types: Vec<Option<Type>>,
    /// Where a function takes the values that it captures, in terms of the chunk around it.
    pub(crate) captures: Vec<Capture>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Capture {
    Value(Operand),
    SelfFunction,
}

/// A function that an expression defined.
pub(crate) struct Closure {
    pub(crate) code: Arc<Code>,
    pub(crate) chunk: u32,
}

/// A place to read a value from without computing: a kind in two bits, and an index.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Operand(u32);

/// The place that an operand means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Constant(usize),
    Slot(usize),
    Local(usize),
    Captured(usize),
}

impl Operand {
    const INDEX: u32 = (1 << 30) - 1;

    pub(crate) fn constant(index: u32) -> Operand {
        Operand(index & Self::INDEX)
    }

    pub(crate) fn slot(index: u32) -> Operand {
        Operand(1 << 30 | index & Self::INDEX)
    }

    pub(crate) fn local(index: u32) -> Operand {
        Operand(2 << 30 | index & Self::INDEX)
    }

    pub(crate) fn captured(index: u32) -> Operand {
        Operand(3 << 30 | index & Self::INDEX)
    }

    pub(crate) fn place(self) -> Place {
        let index = (self.0 & Self::INDEX) as usize;
        match self.0 >> 30 {
            0 => Place::Constant(index),
            1 => Place::Slot(index),
            2 => Place::Local(index),
            _ => Place::Captured(index),
        }
    }
}

impl fmt::Debug for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place().fmt(f)
    }
}

/// One operation. Results go to the accumulator; `stack` is where `Push` puts it aside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Op {
    Load(Operand),
    /// A variable, or the built-in function of the same name when the variable is null.
    LoadOr(Operand, Builtin),
    /// A variable when it is a function, otherwise the built-in function of the same name.
    LoadFunction(Operand, Builtin),
    LoadSelf,
    Push,
    Store(u32),
    /// The left side is on the stack, the right one in the accumulator.
    Arithmetic(Arithmetic),
    /// The left side is in the accumulator.
    ArithmeticWith(Arithmetic, Operand),
    ArithmeticOf(Arithmetic, Operand, Operand),
    Compare(Comparison),
    CompareWith(Comparison, Operand),
    CompareOf(Comparison, Operand, Operand),
    Negate,
    Not,
    Path(u32),
    PathOf(Operand, u32),
    /// When the item is a context with such an entry, loads it and jumps.
    ItemEntry(Operand, u32, u32),
    Jump(u32),
    JumpUnlessTrue(u32),
    AndLeft(u32),
    AndRight,
    OrLeft(u32),
    OrRight,
    /// The value and the low end are on the stack.
    Between,
    /// Tests the value at the operand against the accumulator.
    TestCompare(Comparison, Operand),
    TestMember(Operand),
    /// The low end is on the stack.
    TestInterval(Operand, Ends),
    /// The same with ends that need no computing.
    TestIntervalOf(Ends, Operand, Operand, Operand),
    /// When the accumulator is true or false, leaves it; otherwise tests membership.
    TestTruth(Operand),
    JumpIfTrue(u32),
    /// Begins to record what a decision table finds; its inputs are the locals from here on.
    TableStart(u32, u32),
    /// A rule matches.
    Hit(u32),
    /// An input is not among those that the table allows.
    Refuse(u32),
    /// Applies the hit policy: the outputs and the allowed values are on the stack, the default in the accumulator.
    Decide(u32),
    TableEnd,
    /// Converts the accumulator to a type.
    Convert(u32),
    /// Folds three-valued: leaves with true, or remembers in the local that it was not false.
    OrInto(u32, u32),
    /// The same for `and`.
    AndInto(u32, u32),
    MakeTest(Comparison),
    MakeInterval(Ends),
    InstanceOf(u32),
    MakeList(u32),
    /// The names of the entries, and the local of the first value.
    MakeContext(u32, u32),
    /// Begins to iterate over the accumulator; when that is impossible, drops so many open iterations and jumps.
    IterStart(u32, u32),
    /// The same from the stack's number to the accumulator's.
    IterRange(u32, u32),
    /// Puts the next item into the local and jumps, or ends the iteration.
    IterNext(u32, u32),
    IterDrop(u32),
    /// Appends the accumulator to the list in the local, which the body sees as `partial`.
    Collect(u32),
    /// Begins a list that nobody sees before it is complete.
    BuildStart,
    Build,
    BuildEnd,
    BuildDrop,
    /// The item of the accumulator's list at the operand's number.
    FilterAt(Operand),
    /// Begins to filter the accumulator with the item in this local.
    FilterStart(u32, u32),
    /// Judges the item and goes back for the next one.
    FilterStep(u32, u32),
    MakeFunction(u32),
    /// The function and so many arguments are on the stack.
    Call(u32),
    /// The same, with the names of the arguments.
    CallNamed(u32),
    CallBuiltin(Builtin, u32),
    /// The same with so many arguments, one or two, that need no computing.
    CallOf(Builtin, u8, Operand, Operand),
    Return,
}

/// Which ends belong to an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) low_included: bool,
    pub(crate) high_included: bool,
}

impl Program {
    /// The names that the expression reads from outside, one slot each, in the order of the slots.
    pub fn names(&self) -> &[Arc<str>] {
        &self.code.names
    }

    /// Whether the name of this slot is read only where the entries of a filtered item come first, as
    /// `price` in `items[price > 10]`: then it is most likely not a variable at all.
    pub fn is_optional(&self, slot: usize) -> bool {
        self.code.optional.get(slot).copied().unwrap_or(false)
    }

    /// Whether the name of this slot is invoked as a function: unless the host has such a function, this
    /// is most likely a misspelt one.
    pub fn is_invoked(&self, slot: usize) -> bool {
        self.code.invoked.get(slot).copied().unwrap_or(false)
    }

    /// The text that was compiled.
    pub fn source(&self) -> &str {
        &self.code.source
    }

    /// Evaluates the expression; `frame[i]` is the value of `names()[i]`.
    ///
    /// # Errors
    /// Only a limit that was met. Everything else that goes wrong is null with a reason.
    pub fn eval(&self, frame: &[Value], env: &Env) -> Result<Value, EvalError> {
        machine::run(&self.code, frame, env)
    }

    /// Evaluates the expression and tells what each decision table in it found, in the order in which they began.
    ///
    /// # Errors
    /// As [`Program::eval`].
    pub fn eval_recorded(&self, frame: &[Value], env: &Env) -> Result<(Value, Vec<Judgement>), EvalError> {
        machine::run_recorded(&self.code, frame, env)
    }

    /// Evaluates the expression, asking for the value of each name.
    ///
    /// # Errors
    /// As [`Program::eval`].
    pub fn eval_with(&self, mut value_of: impl FnMut(&str) -> Value, env: &Env) -> Result<Value, EvalError> {
        let frame: Vec<Value> = self.code.names.iter().map(|name| value_of(name)).collect();
        self.eval(&frame, env)
    }

    /// The operations, for those who want to see what a text became.
    pub fn listing(&self) -> String {
        let mut text = String::new();
        for (index, chunk) in self.code.chunks.iter().enumerate() {
            text.push_str(&format!("chunk {index}\n"));
            for (at, op) in chunk.ops.iter().enumerate() {
                text.push_str(&format!("{at:4} {op:?}\n"));
            }
        }
        text
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("source", &self.source()).field("names", &self.names()).finish()
    }
}
