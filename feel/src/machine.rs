//! Running the operations of a program: one loop, no recursion, every step counted.

mod build;
mod calls;
mod loops;
pub(crate) mod native;
pub(crate) mod quick;
mod settle;
mod table;

use std::sync::Arc;

use crate::arithmetic::arithmetic;
use crate::boxed::Judgement;
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
use table::Record;

/// Evaluates a program.
pub(crate) fn run(code: &Arc<Code>, frame: &[Value], env: &Env) -> Result<Value, EvalError> {
    check_frame(code, frame)?;
    if code.is_quick
        && let Some(value) = quick::quick(code, frame, env)
    {
        return Ok(value);
    }
    run_in_full(code, frame, env)
}

/// Apart, so that the short way pays nothing for the machine.
#[inline(never)]
fn run_in_full(code: &Arc<Code>, frame: &[Value], env: &Env) -> Result<Value, EvalError> {
    Machine::new(frame, env, false).run(code)
}

/// Evaluates a program and records what its decision tables found.
pub(crate) fn run_recorded(
    code: &Arc<Code>,
    frame: &[Value],
    env: &Env,
) -> Result<(Value, Vec<Judgement>), EvalError> {
    check_frame(code, frame)?;
    let mut machine = Machine::new(frame, env, true);
    let value = machine.run(code)?;
    Ok((value, machine.record.judgements))
}

fn check_frame(code: &Code, frame: &[Value]) -> Result<(), EvalError> {
    if frame.len() == code.names.len() {
        return Ok(());
    }
    Err(EvalError::Frame { expected: code.names.len(), found: frame.len() })
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
    /// Whether judgements are recorded.
    records: bool,
    record: Record,
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

impl<'e> Machine<'e> {
    fn new(frame: &'e [Value], env: &'e Env, records: bool) -> Machine<'e> {
        Machine {
            data: Data { frame, locals: Vec::new(), base: 0, function: None },
            meter: Meter::new(env.limits),
            env,
            acc: Value::NULL,
            stack: Vec::new(),
            bits: Bits::default(),
            iters: Vec::new(),
            builders: Vec::new(),
            calls: Vec::new(),
            natives: Vec::new(),
            records,
            record: Record::default(),
        }
    }

    /// The operations of one chunk, from `pc` on, until a call or the end. All groups of operations are
    /// listed here, and here alone.
    fn execute(&mut self, here: Here<'_>, mut pc: usize) -> Result<Transfer, EvalError> {
        loop {
            self.meter.step()?;
            let op = here.chunk.ops[pc];
            pc += 1;
            match op {
                Op::Return => return Ok(Transfer::Return),
                Op::Call(_) | Op::CallNamed(_) | Op::CallBuiltin(..) | Op::CallOf(..) => {
                    if let Some(transfer) = self.transfer(op, here, pc)? {
                        return Ok(transfer);
                    }
                }
                Op::Jump(target) => pc = target as usize,
                Op::JumpUnlessTrue(_)
                | Op::JumpIfTrue(_)
                | Op::AndLeft(_)
                | Op::OrLeft(_)
                | Op::ItemEntry(..)
                | Op::IterStart(..)
                | Op::IterRange(..)
                | Op::IterNext(..)
                | Op::FilterStart(..)
                | Op::FilterStep(..)
                | Op::OrInto(..)
                | Op::AndInto(..) => {
                    if let Some(target) = self.branch(op, here, pc)? {
                        pc = target as usize;
                    }
                }
                Op::Load(_)
                | Op::Push
                | Op::Store(_)
                | Op::Compare(_)
                | Op::CompareWith(..)
                | Op::CompareOf(..)
                | Op::Arithmetic(_)
                | Op::ArithmeticWith(..)
                | Op::ArithmeticOf(..)
                | Op::Path(_)
                | Op::PathOf(..)
                | Op::AndRight
                | Op::OrRight
                | Op::IterDrop(_)
                | Op::Collect(_)
                | Op::BuildStart
                | Op::Build
                | Op::BuildEnd
                | Op::BuildDrop
                | Op::FilterAt(_) => self.compute(op, here, pc)?,
                Op::LoadOr(..)
                | Op::LoadFunction(..)
                | Op::LoadSelf
                | Op::Negate
                | Op::Not
                | Op::Between
                | Op::TestCompare(..)
                | Op::TestMember(_)
                | Op::TestInterval(..)
                | Op::TestIntervalOf(..)
                | Op::TestTruth(_)
                | Op::MakeTest(_)
                | Op::MakeInterval(_)
                | Op::MakeList(_)
                | Op::MakeContext(..)
                | Op::MakeFunction(_)
                | Op::InstanceOf(_)
                | Op::Convert(_) => self.build(op, here, pc)?,
                Op::TableStart(..) | Op::Hit(_) | Op::Refuse(_) | Op::Decide(_) | Op::TableEnd => {
                    self.judge(op, here, pc)?;
                }
            }
        }
    }

    /// The operations that invoke something; those of built-in functions are mostly over at once.
    fn transfer(&mut self, op: Op, here: Here<'_>, pc: usize) -> Result<Option<Transfer>, EvalError> {
        match op {
            Op::Call(count) => self.call(here, pc, count as usize, None),
            Op::CallNamed(names) => {
                let names = &here.code.name_lists[names as usize];
                self.call(here, pc, names.len(), Some(names))
            }
            Op::CallBuiltin(builtin, count) => self.call_builtin(builtin, here, pc, count as usize, 0),
            Op::CallOf(builtin, count, first, second) => {
                let argument = |operand| self.data.get(operand, here.code).clone();
                let arguments = [argument(first), argument(second)];
                self.invoke(builtin, arguments.get(..usize::from(count)).unwrap_or_default(), here, pc)
            }
            _ => Ok(None),
        }
    }

    /// The operations that may jump: answers where to.
    #[inline]
    fn branch(&mut self, op: Op, here: Here<'_>, pc: usize) -> Result<Option<u32>, EvalError> {
        let (jumps, target) = match op {
            Op::JumpUnlessTrue(target) => (!matches!(self.acc, Value::Boolean(true)), target),
            Op::JumpIfTrue(target) => (matches!(self.acc, Value::Boolean(true)), target),
            Op::AndLeft(target) => (self.logic_left(false, here, pc), target),
            Op::OrLeft(target) => (self.logic_left(true, here, pc), target),
            Op::ItemEntry(item, name, target) => {
                let name = &here.code.texts[name as usize];
                let item = self.data.get(item, here.code);
                let found = item.as_context().and_then(|context| context.get(name)).cloned();
                let hit = found.is_some();
                if let Some(found) = found {
                    self.acc = found;
                }
                (hit, target)
            }
            Op::IterStart(target, open) => (!self.iter_start(here, pc, open)?, target),
            Op::IterRange(target, open) => (!self.iter_range(here, pc, open)?, target),
            Op::IterNext(local, target) => (self.iter_next(local), target),
            Op::FilterStart(item, target) => (!self.filter_start(item, here, pc)?, target),
            Op::FilterStep(item, target) => (self.filter_step(item, here, pc)?, target),
            Op::OrInto(local, target) => (self.fold(local, true), target),
            Op::AndInto(local, target) => (self.fold(local, false), target),
            _ => return Ok(None),
        };
        Ok(jumps.then_some(target))
    }

    /// The operations that leave a value in the accumulator or put it away.
    #[inline]
    fn compute(&mut self, op: Op, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let code: &Code = here.code;
        match op {
            Op::Load(operand) => self.acc = self.data.get(operand, code).clone(),
            Op::Push => self.stack.push(std::mem::take(&mut self.acc)),
            Op::Store(local) => *self.data.local(local) = std::mem::take(&mut self.acc),
            Op::CompareOf(operator, left, right) => {
                let sides = (self.data.get(left, code), self.data.get(right, code));
                let result = compare(operator, sides.0, sides.1, &mut self.meter);
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
                let sides = (self.data.get(left, code), self.data.get(right, code));
                let result = arithmetic(operator, sides.0, sides.1, &mut self.meter);
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
            Op::PathOf(base, name) => {
                let result = path(self.data.get(base, code), &code.texts[name as usize], &mut self.meter);
                self.settle(result, here, pc, [Some(base), None])?;
            }
            Op::Path(name) => {
                let result = path(&self.acc, &code.texts[name as usize], &mut self.meter);
                self.settle(result, here, pc, [None, None])?;
            }
            Op::AndRight => self.logic_right(false, here, pc),
            Op::OrRight => self.logic_right(true, here, pc),
            Op::IterDrop(count) => self.iters.truncate(self.iters.len().saturating_sub(count as usize)),
            Op::Collect(local) => self.collect(local)?,
            Op::BuildStart => self.builders.push(Vec::new()),
            Op::Build => self.build_item()?,
            Op::BuildEnd => {
                let items = self.builders.pop().unwrap_or_default();
                self.acc = self.meter.admit(Value::from(items))?;
            }
            Op::BuildDrop => drop(self.builders.pop()),
            Op::FilterAt(index) => self.filter_at(index, here, pc)?,
            _ => debug_assert!(false, "{op:?} belongs to another group"),
        }
        Ok(())
    }

    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or(Value::NULL)
    }

    /// The left side of `or` (true decides) or `and` (false decides): whether it decides. One that is
    /// neither true nor false waits on the stack.
    fn logic_left(&mut self, decisive: bool, here: Here<'_>, pc: usize) -> bool {
        if let Value::Boolean(left) = self.acc {
            if left != decisive {
                self.bits.push(false);
            }
            return left == decisive;
        }
        let left = std::mem::take(&mut self.acc).into_null(|| self.trace(here, pc, SIDE));
        self.stack.push(left);
        self.bits.push(true);
        false
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
