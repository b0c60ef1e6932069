//! Running the operations of a program: one loop, no recursion, every step counted.

mod calls;
mod loops;
pub(crate) mod native;

use std::sync::Arc;

use crate::arithmetic::{arithmetic, negate};
use crate::comparison::{compare, includes, member, order};
use crate::env::Env;
use crate::error::EvalError;
use crate::meter::Meter;
use crate::program::{Capture, Chunk, Closure, Code, Ends, Op, Operand, Place};
use crate::property::path;
use crate::syntax::Comparison;
use crate::trace::{Cause, Fault, Trace};
use crate::value::{Body, Context, Function, Range, Value};
use calls::CallFrame;
use loops::Iter;
use native::Native;

/// Evaluates a program.
pub(crate) fn run(code: &Arc<Code>, frame: &[Value], env: &Env) -> Result<Value, EvalError> {
    if frame.len() != code.names.len() {
        return Err(EvalError::Frame { expected: code.names.len(), found: frame.len() });
    }
    let mut machine = Machine {
        data: Data { frame, locals: Vec::new(), base: 0, function: None },
        meter: Meter::new(env.limits),
        env,
        acc: Value::NULL,
        stack: Vec::new(),
        bits: 0,
        iters: Vec::new(),
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
    /// neither true nor false, lies on the stack. They nest no deeper than `expression_depth`.
    bits: u128,
    iters: Vec<Iter>,
    calls: Vec<CallFrame>,
    natives: Vec<Native>,
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
                    Value::Boolean(true) => self.bits <<= 1,
                    _ => self.undecided(here, pc),
                },
                Op::OrLeft(target) => match self.acc {
                    Value::Boolean(true) => pc = target as usize,
                    Value::Boolean(false) => self.bits <<= 1,
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
                    if !self.iter_next(local) {
                        pc = target as usize;
                    }
                }
                Op::IterDrop(count) => self.iters.truncate(self.iters.len().saturating_sub(count as usize)),
                Op::Collect(local) => self.collect(local)?,
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

    /// The operations that make values and never jump, apart from the loop so that it stays small.
    fn build(&mut self, op: Op, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let code: &Code = here.code;
        match op {
            Op::LoadOr(operand, builtin) => {
                let value = self.data.get(operand, code);
                self.acc = if value.is_null() { builtin.value() } else { value.clone() };
            }
            Op::LoadFunction(operand, builtin) => {
                let value = self.data.get(operand, code);
                self.acc = match value {
                    Value::Function(_) => value.clone(),
                    _ => builtin.value(),
                };
            }
            Op::LoadSelf => {
                self.acc = self.data.function.clone().map_or(Value::NULL, Value::Function);
            }
            Op::Negate => {
                let result = negate(&self.acc);
                self.settle(result, here, pc, [None, None])?;
            }
            Op::Not => match self.acc {
                Value::Boolean(value) => self.acc = Value::Boolean(!value),
                _ => {
                    self.acc = std::mem::take(&mut self.acc).into_null(|| self.trace(here, pc, "no boolean"))
                }
            },
            Op::Between => self.between(here, pc)?,
            Op::TestCompare(operator, value) => {
                let result = compare(operator, self.data.get(value, code), &self.acc, &mut self.meter);
                self.settle_truth(result, here, pc, [Some(value), None])?;
            }
            Op::TestMember(value) => self.test_member(value, here, pc)?,
            Op::TestTruth(value) => {
                if !matches!(self.acc, Value::Boolean(_)) {
                    self.test_member(value, here, pc)?;
                }
            }
            Op::TestInterval(value, ends) => {
                let low = self.pop();
                let high = std::mem::take(&mut self.acc);
                let result = if low.is_null() || high.is_null() {
                    Err(Fault::text("an end of the range is null"))
                } else {
                    let range = Range {
                        low: Some(low),
                        low_included: ends.low_included,
                        high: Some(high),
                        high_included: ends.high_included,
                    };
                    let value = self.data.get(value, code);
                    includes(&range, value).map(Value::Boolean).ok_or_else(|| {
                        let end = range.low.as_ref().map_or("null", Value::type_name);
                        Fault::from(Cause::Types("in", value.type_name(), end))
                    })
                };
                self.settle(result, here, pc, [None, None])?;
            }
            Op::MakeTest(operator) => self.make_test(operator, here, pc)?,
            Op::MakeInterval(ends) => self.make_interval(ends, here, pc)?,
            Op::InstanceOf(index) => {
                let named = &code.types[index as usize];
                self.meter.steps(self.acc.as_list().map_or(0, |list| list.len()))?;
                let result = if named.is_unknown() {
                    Err(Fault::text("the type is not known"))
                } else {
                    Ok(Value::Boolean(named.has_instance(&self.acc)))
                };
                self.settle(result, here, pc, [None, None])?;
            }
            Op::MakeList(count) => {
                let items = self.stack.split_off(self.stack.len() - count as usize);
                self.acc = self.meter.list(items)?;
            }
            Op::MakeContext(names, first) => self.make_context(&code.name_lists[names as usize], first)?,
            Op::MakeFunction(chunk) => self.make_function(here.code, chunk)?,
            _ => {}
        }
        Ok(())
    }

    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or(Value::NULL)
    }

    /// The left side of a conjunction or disjunction is neither true nor false: it waits on the stack.
    fn undecided(&mut self, here: Here<'_>, pc: usize) {
        let left = std::mem::take(&mut self.acc).into_null(|| self.trace(here, pc, SIDE));
        self.stack.push(left);
        self.bits = self.bits << 1 | 1;
    }

    /// The right side of `or` (true decides) or `and` (false decides), when the left one did not decide.
    fn logic_right(&mut self, decisive: bool, here: Here<'_>, pc: usize) {
        let left = if self.bits & 1 == 1 { self.stack.pop() } else { None };
        self.bits >>= 1;
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

    fn between(&mut self, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let low = self.pop();
        let value = self.pop();
        let above = compare(Comparison::GreaterEqual, &value, &low, &mut self.meter);
        let below = compare(Comparison::LessEqual, &value, &self.acc, &mut self.meter);
        let result = match (above, below) {
            (Ok(false), Ok(_) | Err(_)) | (Err(_), Ok(false)) => Ok(Value::Boolean(false)),
            (Ok(true), Ok(below)) => Ok(Value::Boolean(below)),
            (Err(Fault::LeftIsNull), _) | (Ok(true), Err(Fault::LeftIsNull)) => Err(Fault::From(value)),
            (Err(Fault::RightIsNull), _) => Err(Fault::From(low)),
            (Err(fault), _) | (Ok(true), Err(fault)) => Err(fault),
        };
        self.settle(result, here, pc, [None, None])
    }

    fn test_member(&mut self, value: Operand, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let tested = self.data.get(value, here.code);
        let result = match member(tested, &self.acc, &mut self.meter)? {
            Some(result) => Ok(Value::Boolean(result)),
            None => Err(Fault::from(Cause::Types("in", tested.type_name(), self.acc.type_name()))),
        };
        self.settle(result, here, pc, [None, None])
    }

    fn make_test(&mut self, operator: Comparison, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let end = std::mem::take(&mut self.acc);
        let comparable = order(&end, &end).is_some();
        let range = match operator {
            Comparison::Less => {
                Range { low: None, low_included: false, high: Some(end), high_included: false }
            }
            Comparison::LessEqual => {
                Range { low: None, low_included: false, high: Some(end), high_included: true }
            }
            Comparison::Greater => {
                Range { low: Some(end), low_included: false, high: None, high_included: false }
            }
            Comparison::GreaterEqual => {
                Range { low: Some(end), low_included: true, high: None, high_included: false }
            }
            Comparison::Equal => {
                Range { low: Some(end.clone()), low_included: true, high: Some(end), high_included: true }
            }
            Comparison::NotEqual => {
                self.acc = self.trace(here, pc, "`!=` is a test, not a value");
                return Ok(());
            }
        };
        let result = if comparable {
            Ok(Value::from(range))
        } else {
            Err(Fault::text("the end of the range has no order"))
        };
        self.settle(result, here, pc, [None, None])
    }

    fn make_interval(&mut self, ends: Ends, here: Here<'_>, pc: usize) -> Result<(), EvalError> {
        let low = self.pop();
        let high = std::mem::take(&mut self.acc);
        let result = crate::builtin::interval(low, ends, high);
        self.settle(result, here, pc, [None, None])
    }

    fn make_context(&mut self, names: &[Arc<str>], first: u32) -> Result<(), EvalError> {
        let mut context = Context::new();
        self.meter.items(names.len())?;
        for (index, name) in names.iter().enumerate() {
            let value = std::mem::take(self.data.local(first + index as u32));
            self.meter.allocate(name.len() + 40)?;
            self.meter.admit_inside([&value])?;
            context.insert(name.clone(), value);
        }
        self.acc = self.meter.admit(Value::Context(context))?;
        Ok(())
    }

    fn make_function(&mut self, code: &Arc<Code>, index: u32) -> Result<(), EvalError> {
        let chunk = &code.chunks[index as usize];
        let mut captured = Vec::with_capacity(chunk.captures.len());
        for capture in &chunk.captures {
            captured.push(match capture {
                Capture::Value(operand) => self.data.get(*operand, code).clone(),
                Capture::SelfFunction => self.data.function.clone().map_or(Value::NULL, Value::Function),
            });
        }
        self.meter.items(captured.len())?;
        self.meter.admit_inside(captured.iter())?;
        let body = Body::Defined(Closure { code: code.clone(), chunk: index });
        let function = Function { parameters: chunk.parameters.clone(), body, captured };
        self.acc = self.meter.admit(Value::from(function))?;
        Ok(())
    }

    /// Puts the outcome of a comparison into the accumulator.
    #[inline]
    fn settle_truth(
        &mut self,
        result: Result<bool, Fault>,
        here: Here<'_>,
        pc: usize,
        sides: [Option<Operand>; 2],
    ) -> Result<(), EvalError> {
        match result {
            Ok(value) => self.acc = Value::Boolean(value),
            Err(fault) => self.fail(fault, here, pc, sides)?,
        }
        Ok(())
    }

    /// Puts the outcome of an operation into the accumulator.
    fn settle(
        &mut self,
        result: Result<Value, Fault>,
        here: Here<'_>,
        pc: usize,
        sides: [Option<Operand>; 2],
    ) -> Result<(), EvalError> {
        match result {
            Ok(value) => self.acc = value,
            Err(fault) => self.fail(fault, here, pc, sides)?,
        }
        Ok(())
    }

    /// The same when the left side came from the stack.
    fn settle_sides(
        &mut self,
        result: Result<Value, Fault>,
        here: Here<'_>,
        pc: usize,
        left: Value,
    ) -> Result<(), EvalError> {
        let result = match result {
            Err(Fault::LeftIsNull) if left.null_reason().is_some() => Err(Fault::From(left)),
            other => other,
        };
        self.settle(result, here, pc, [None, None])
    }

    /// Puts null with its reason into the accumulator; a null that came in keeps its own.
    fn fail(
        &mut self,
        fault: Fault,
        here: Here<'_>,
        pc: usize,
        [left, right]: [Option<Operand>; 2],
    ) -> Result<(), EvalError> {
        let (side, text) = match fault {
            Fault::Limit(error) => return Err(error),
            Fault::Because(cause) => {
                self.acc = self.trace_cause(here, pc, cause);
                return Ok(());
            }
            Fault::From(value) => {
                self.acc = value.into_null(|| self.trace(here, pc, "a part is null"));
                return Ok(());
            }
            Fault::LeftIsNull => (left, "the left side is null"),
            Fault::RightIsNull => (right, "the right side is null"),
        };
        let value = side.map_or(&self.acc, |operand| self.data.get(operand, here.code));
        if value.null_reason().is_some() {
            self.acc = value.clone();
            return Ok(());
        }
        let name = match side.map(Operand::place) {
            Some(Place::Slot(index)) => here.code.names.get(index),
            _ => None,
        };
        let cause = name.map_or(Cause::Text(text), |name| Cause::NameIsNull(name.clone()));
        self.acc = self.trace_cause(here, pc, cause);
        Ok(())
    }

    fn trace(&self, here: Here<'_>, pc: usize, text: &'static str) -> Value {
        self.trace_cause(here, pc, Cause::Text(text))
    }

    fn trace_cause(&self, here: Here<'_>, pc: usize, cause: Cause) -> Value {
        // The operation is the one before, because the loop has stepped over it.
        let span = here.chunk.spans.get(pc.wrapping_sub(1)).copied().unwrap_or_default();
        Trace { source: here.code.source.clone(), span, cause }.null()
    }
}

impl Value {
    /// This null when it tells its reason, otherwise another one.
    fn into_null(self, other: impl FnOnce() -> Value) -> Value {
        if self.null_reason().is_some() { self } else { other() }
    }
}
