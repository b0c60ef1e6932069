//! Running the operations of a program: one loop, no recursion, every step counted.

mod build;
mod calls;
mod loops;
pub(crate) mod native;
pub(crate) mod quick;
mod settle;

use std::sync::Arc;

use crate::arithmetic::arithmetic;
use crate::comparison::compare;
use crate::env::Env;
use crate::error::EvalError;
use crate::meter::Meter;
use crate::program::{Chunk, Code, Op, Operand, Place};
use crate::property::path;
use crate::value::{Function, Value};
use calls::CallFrame;
use loops::Iter;
use native::Native;

/// Evaluates a program.
pub(crate) fn run(code: &Arc<Code>, frame: &[Value], env: &Env) -> Result<Value, EvalError> {
    if frame.len() != code.names.len() {
        return Err(EvalError::Frame { expected: code.names.len(), found: frame.len() });
    }
    let meter = Meter::new(env.limits);
    if code.is_quick
        && let Some(value) = quick::quick(code, frame, &meter)
    {
        return Ok(value);
    }
    let mut machine = Machine {
        data: Data { frame, locals: Vec::new(), base: 0, function: None },
        meter,
        env,
        acc: Value::NULL,
        stack: Vec::new(),
        bits: Bits::default(),
        iters: Vec::new(),
        builders: Vec::new(),
        calls: Vec::new(),
        natives: Vec::new(),
    };
    machine.run(code)
}

const SIDE: &str = "a side is neither true nor false";

struct Machine<'e> {
    data: Data<'e>,
    meter: Meter,
    env: &'e Env,
    /// Where operations leave their results.
    acc: Value,
    stack: Vec<Value>,
    /// One bit for each conjunction or disjunction that waits for its right side: whether the left side,
    /// neither true nor false, lies on the stack.
    bits: Bits,
    iters: Vec<Iter>,
    /// The lists that are being made, innermost last.
    builders: Vec<Vec<Value>>,
    calls: Vec<CallFrame>,
    natives: Vec<Native>,
}

/// A stack of bits: two for each level of `expression_depth` are the most that can wait.
#[derive(Clone, Copy, Default)]
struct Bits {
    low: u128,
    high: u128,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        self.high = self.high << 1 | self.low >> 127;
        self.low = self.low << 1 | u128::from(bit);
    }

    fn pop(&mut self) -> bool {
        let bit = self.low & 1 == 1;
        self.low = self.low >> 1 | self.high << 127;
        self.high >>= 1;
        bit
    }
}

/// What operands are read from.
struct Data<'e> {
    frame: &'e [Value],
    locals: Vec<Value>,
    /// Where the locals of the current function begin.
    base: usize,
    /// The function that is running; none for the expression itself.
    function: Option<Arc<Function>>,
}

impl Data<'_> {
    #[inline]
    fn get<'v>(&'v self, operand: Operand, code: &'v Code) -> &'v Value {
        let found = match operand.place() {
            Place::Constant(index) => code.constants.get(index),
            Place::Slot(index) => self.frame.get(index),
            Place::Local(index) => self.locals.get(self.base + index),
            Place::Captured(index) => {
                self.function.as_ref().and_then(|function| function.captured.get(index))
            }
        };
        found.unwrap_or(const { &Value::NULL })
    }

    fn local(&mut self, index: u32) -> &mut Value {
        &mut self.locals[self.base + index as usize]
    }
}

/// Where the loop is: in which code, in which chunk of it.
#[derive(Clone, Copy)]
struct Here<'c> {
    code: &'c Arc<Code>,
    chunk: &'c Chunk,
}

/// Why the loop over one chunk ends.
enum Transfer {
    /// A function is entered with so many arguments from the stack; what is behind the call follows later.
    Enter {
        function: Arc<Function>,
        arguments: usize,
        native: bool,
        pc: usize,
    },
    Return,
}

impl Machine<'_> {
    /// The operations of one chunk, from `pc` on, until a call or the end.
    fn execute(&mut self, here: Here<'_>, mut pc: usize) -> Result<Transfer, EvalError> {
        let code: &Code = here.code;
        loop {
            self.meter.step()?;
            let op = here.chunk.ops[pc];
            pc += 1;
            match op {
                Op::Load(operand) => self.acc = self.data.get(operand, code).clone(),
                Op::CompareOf(operator, left, right) => {
                    let result = compare(
                        operator,
                        self.data.get(left, code),
                        self.data.get(right, code),
                        &mut self.meter,
                    );
                    self.settle_truth(result, here, pc, [Some(left), Some(right)])?;
                }
                Op::CompareWith(operator, right) => {
                    let result = compare(operator, &self.acc, self.data.get(right, code), &mut self.meter);
                    self.settle_truth(result, here, pc, [None, Some(right)])?;
                }
                Op::Compare(operator) => {
                    let left = self.pop();
                    let result = compare(operator, &left, &self.acc, &mut self.meter);
                    self.settle_sides(result.map(Value::Boolean), here, pc, left)?;
                }
                Op::ArithmeticOf(operator, left, right) => {
                    let result = arithmetic(
                        operator,
                        self.data.get(left, code),
                        self.data.get(right, code),
                        &mut self.meter,
                    );
                    self.settle(result, here, pc, [Some(left), Some(right)])?;
                }
                Op::ArithmeticWith(operator, right) => {
                    let result = arithmetic(operator, &self.acc, self.data.get(right, code), &mut self.meter);
                    self.settle(result, here, pc, [None, Some(right)])?;
                }
                Op::Arithmetic(operator) => {
                    let left = self.pop();
                    let result = arithmetic(operator, &left, &self.acc, &mut self.meter);
                    self.settle_sides(result, here, pc, left)?;
                }
                Op::Jump(target) => pc = target as usize,
                Op::JumpUnlessTrue(target) => {
                    if !matches!(self.acc, Value::Boolean(true)) {
                        pc = target as usize;
                    }
                }
                Op::AndLeft(target) => match self.acc {
                    Value::Boolean(false) => pc = target as usize,
                    Value::Boolean(true) => self.bits.push(false),
                    _ => self.undecided(here, pc),
                },
                Op::OrLeft(target) => match self.acc {
                    Value::Boolean(true) => pc = target as usize,
                    Value::Boolean(false) => self.bits.push(false),
                    _ => self.undecided(here, pc),
                },
                Op::AndRight => self.logic_right(false, here, pc),
                Op::OrRight => self.logic_right(true, here, pc),
                Op::PathOf(base, name) => {
                    let result = path(self.data.get(base, code), &code.texts[name as usize], &mut self.meter);
                    self.settle(result, here, pc, [Some(base), None])?;
                }
                Op::Path(name) => {
                    let result = path(&self.acc, &code.texts[name as usize], &mut self.meter);
                    self.settle(result, here, pc, [None, None])?;
                }
                Op::ItemEntry(item, name, target) => {
                    if let Value::Context(context) = self.data.get(item, code)
                        && let Some(found) = context.get(&code.texts[name as usize])
                    {
                        self.acc = found.clone();
                        pc = target as usize;
                    }
                }
                Op::Push => self.stack.push(std::mem::take(&mut self.acc)),
                Op::Store(local) => *self.data.local(local) = std::mem::take(&mut self.acc),
                Op::Return => return Ok(Transfer::Return),
                Op::Call(count) => {
                    let names = None;
                    if let Some(transfer) = self.call(here, pc, count as usize, names)? {
                        return Ok(transfer);
                    }
                }
                Op::CallNamed(names) => {
                    let names = &code.name_lists[names as usize];
                    if let Some(transfer) = self.call(here, pc, names.len(), Some(names))? {
                        return Ok(transfer);
                    }
                }
                Op::CallBuiltin(builtin, count) => {
                    if let Some(transfer) = self.call_builtin(builtin, here, pc, count as usize, 0)? {
                        return Ok(transfer);
                    }
                }
                Op::CallOf(builtin, count, first, second) => {
                    let arguments = [self.data.get(first, code).clone(), self.data.get(second, code).clone()];
                    let arguments = arguments.get(..usize::from(count)).unwrap_or_default();
                    if let Some(transfer) = self.invoke(builtin, arguments, here, pc)? {
                        return Ok(transfer);
                    }
                }
                Op::IterStart(target, open) => {
                    if !self.iter_start(here, pc, open)? {
                        pc = target as usize;
                    }
                }
                Op::IterRange(target, open) => {
                    if !self.iter_range(here, pc, open)? {
                        pc = target as usize;
                    }
                }
                Op::IterNext(local, target) => {
                    if self.iter_next(local) {
                        pc = target as usize;
                    }
                }
                Op::IterDrop(count) => self.iters.truncate(self.iters.len().saturating_sub(count as usize)),
                Op::Collect(local) => self.collect(local)?,
                Op::BuildStart => self.builders.push(Vec::new()),
                Op::Build => self.build_item()?,
                Op::BuildEnd => {
                    let items = self.builders.pop().unwrap_or_default();
                    self.acc = self.meter.admit(Value::from(items))?;
                }
                Op::BuildDrop => {
                    self.builders.pop();
                }
                Op::FilterAt(index) => self.filter_at(index, here, pc)?,
                Op::FilterStart(item, target) => {
                    if !self.filter_start(item, here, pc)? {
                        pc = target as usize;
                    }
                }
                Op::FilterStep(item, target) => {
                    if self.filter_step(item, here, pc)? {
                        pc = target as usize;
                    }
                }
                Op::OrInto(local, target) => {
                    if self.fold(local, true) {
                        pc = target as usize;
                    }
                }
                Op::AndInto(local, target) => {
                    if self.fold(local, false) {
                        pc = target as usize;
                    }
                }
                Op::LoadOr(..)
                | Op::LoadFunction(..)
                | Op::LoadSelf
                | Op::Negate
                | Op::Not
                | Op::Between
                | Op::TestCompare(..)
                | Op::TestIntervalOf(..)
                | Op::TestMember(_)
                | Op::TestInterval(..)
                | Op::TestTruth(_)
                | Op::MakeTest(_)
                | Op::MakeInterval(_)
                | Op::InstanceOf(_)
                | Op::MakeList(_)
                | Op::MakeContext(..)
                | Op::MakeFunction(_) => self.build(op, here, pc)?,
            }
        }
    }

    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or(Value::NULL)
    }

    /// The left side of a conjunction or disjunction is neither true nor false: it waits on the stack.
    fn undecided(&mut self, here: Here<'_>, pc: usize) {
        let left = std::mem::take(&mut self.acc).into_null(|| self.trace(here, pc, SIDE));
        self.stack.push(left);
        self.bits.push(true);
    }

    /// The right side of `or` (true decides) or `and` (false decides), when the left one did not decide.
    fn logic_right(&mut self, decisive: bool, here: Here<'_>, pc: usize) {
        let left = if self.bits.pop() { self.stack.pop() } else { None };
        match (&self.acc, left) {
            (Value::Boolean(right), _) if *right == decisive => {}
            (_, Some(left)) => self.acc = left,
            (Value::Boolean(_), None) => {}
            (_, None) => {
                let right = std::mem::take(&mut self.acc);
                self.acc = right.into_null(|| self.trace(here, pc, SIDE));
            }
        }
    }

    /// Folds the accumulator into a local, three-valued; true when it decides.
    fn fold(&mut self, local: u32, decisive: bool) -> bool {
        match &self.acc {
            Value::Boolean(value) if *value == decisive => return true,
            Value::Boolean(_) => {}
            Value::Null(_) => *self.data.local(local) = std::mem::take(&mut self.acc),
            _ => *self.data.local(local) = Value::NULL,
        }
        false
    }
}
