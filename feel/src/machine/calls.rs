//! Entering and leaving functions.

use std::sync::Arc;

use super::native::{Native, Next};
use super::{Bits, Here, Machine, Transfer};
use crate::builtin::{Answer, Builtin, Call};
use crate::error::EvalError;
use crate::program::Code;
use crate::trace::Fault;
use crate::types::Type;
use crate::value::{Body, Function, Value};

/// What is remembered about the place of a call until the function returns.
pub(super) struct CallFrame {
    /// None for the code of the expression itself.
    code: Option<Arc<Code>>,
    chunk: usize,
    pc: usize,
    base: usize,
    function: Option<Arc<Function>>,
    bits: Bits,
    /// Whether a built-in function asked for the call and goes on with its result.
    native: bool,
}

impl Machine<'_> {
    /// The loop around the loop: follows calls and returns from chunk to chunk.
    pub(super) fn run(&mut self, root: &Arc<Code>) -> Result<Value, EvalError> {
        let mut code: Option<Arc<Code>> = None;
        let mut chunk = root.chunks.len() - 1;
        let mut pc = 0;
        let locals = root.chunks[chunk].locals;
        self.data.locals.resize(locals, Value::NULL);
        loop {
            let current = code.as_ref().unwrap_or(root);
            let here = Here { code: current, chunk: &current.chunks[chunk] };
            let mut transfer = self.execute(here, pc)?;
            if let Transfer::Return = transfer {
                let Some(frame) = self.calls.pop() else { return Ok(std::mem::take(&mut self.acc)) };
                self.data.locals.truncate(self.data.base);
                self.data.base = frame.base;
                self.data.function = frame.function;
                self.bits = frame.bits;
                code = frame.code;
                chunk = frame.chunk;
                pc = frame.pc;
                if !frame.native {
                    continue;
                }
                let current = code.as_ref().unwrap_or(root);
                let here = Here { code: current, chunk: &current.chunks[chunk] };
                match self.resume(here, pc)? {
                    Some(next) => transfer = next,
                    None => continue,
                }
            }
            if let Transfer::Enter { function, arguments, native, pc: after } = transfer {
                if self.calls.len() >= self.meter.limits.recursion_max {
                    return Err(EvalError::Recursion(self.meter.limits.recursion_max));
                }
                let Body::Defined(closure) = &function.body else { continue };
                let (entered, entered_chunk) = (closure.code.clone(), closure.chunk as usize);
                let frame = CallFrame {
                    code: code.replace(entered.clone()),
                    chunk,
                    pc: after,
                    base: self.data.base,
                    function: self.data.function.replace(function),
                    bits: std::mem::take(&mut self.bits),
                    native,
                };
                self.calls.push(frame);
                let locals = entered.chunks[entered_chunk].locals;
                self.meter.steps(locals)?;
                self.data.base = self.data.locals.len();
                let first = self.stack.len() - arguments;
                self.data.locals.extend(self.stack.drain(first..));
                self.data.locals.resize(self.data.base + locals, Value::NULL);
                chunk = entered_chunk;
                pc = 0;
            }
        }
    }

    /// Invokes the function that lies on the stack below its arguments.
    pub(super) fn call(
        &mut self,
        here: Here<'_>,
        pc: usize,
        count: usize,
        names: Option<&Arc<[Arc<str>]>>,
    ) -> Result<Option<Transfer>, EvalError> {
        let at = self.stack.len() - count - 1;
        let callee = std::mem::take(&mut self.stack[at]);
        let Value::Function(function) = callee else {
            self.stack.truncate(at);
            let fault = match &callee {
                Value::Null(Some(_)) => Fault::From(callee),
                Value::Null(None) => Fault::text("there is no such function"),
                _ => Fault::message(format!("a {} cannot be invoked", callee.type_name())),
            };
            self.fail(fault, here, pc, [None, None])?;
            return Ok(None);
        };
        match &function.body {
            Body::Builtin(builtin) => {
                let mut count = count;
                if let Some(names) = names {
                    let arguments = self.stack.split_off(at + 1);
                    match builtin.arrange(names, arguments) {
                        Ok(arranged) => {
                            count = arranged.len();
                            self.stack.extend(arranged);
                        }
                        Err(fault) => {
                            self.stack.truncate(at);
                            self.fail(fault, here, pc, [None, None])?;
                            return Ok(None);
                        }
                    }
                }
                self.call_builtin(*builtin, here, pc, count, 1)
            }
            Body::Defined(_) => {
                let given = self.stack.split_off(at + 1);
                self.stack.truncate(at);
                match bind(&function, names, given) {
                    Ok(arguments) => {
                        let arguments_count = arguments.len();
                        self.stack.extend(arguments);
                        Ok(Some(Transfer::Enter { function, arguments: arguments_count, native: false, pc }))
                    }
                    Err(fault) => {
                        self.fail(fault, here, pc, [None, None])?;
                        Ok(None)
                    }
                }
            }
        }
    }

    /// Runs a built-in function over the arguments on the stack; so many values lie below them for it.
    pub(super) fn call_builtin(
        &mut self,
        builtin: Builtin,
        here: Here<'_>,
        pc: usize,
        count: usize,
        below: usize,
    ) -> Result<Option<Transfer>, EvalError> {
        let first = self.stack.len() - count;
        let arguments = self.stack.split_off(first);
        self.stack.truncate(first - below);
        self.invoke(builtin, &arguments, here, pc)
    }

    /// Runs a built-in function.
    pub(super) fn invoke(
        &mut self,
        builtin: Builtin,
        arguments: &[Value],
        here: Here<'_>,
        pc: usize,
    ) -> Result<Option<Transfer>, EvalError> {
        match builtin.invoke(&mut Call::new(arguments, &mut self.meter, self.env)) {
            Ok(Answer::Value(value)) => {
                self.acc = value;
                Ok(None)
            }
            Ok(Answer::Native(native)) => {
                self.natives.push(native);
                self.acc = Value::NULL;
                self.resume(here, pc)
            }
            Err(fault) => {
                self.fail(fault, here, pc, [None, None])?;
                Ok(None)
            }
        }
    }

    /// Goes on with the built-in function that asked for a call; the result is in the accumulator.
    fn resume(&mut self, here: Here<'_>, pc: usize) -> Result<Option<Transfer>, EvalError> {
        loop {
            let result = std::mem::take(&mut self.acc);
            let Some(native) = self.natives.last_mut() else { return Ok(None) };
            match native.next(result, &mut self.meter) {
                Ok(Next::Call(function, [left, right])) => match &function.body {
                    Body::Defined(_) => match bind(&function, None, vec![left, right]) {
                        Ok(arguments) => {
                            self.stack.extend(arguments);
                            return Ok(Some(Transfer::Enter { function, arguments: 2, native: true, pc }));
                        }
                        Err(fault) => return self.abandon(fault, here, pc),
                    },
                    Body::Builtin(builtin) => {
                        let arguments = [left, right];
                        let mut call = Call::new(&arguments, &mut self.meter, self.env);
                        match builtin.invoke(&mut call) {
                            Ok(Answer::Value(value)) => self.acc = value,
                            Ok(Answer::Native(_)) => {
                                let fault = Fault::text("the function takes other arguments");
                                return self.abandon(fault, here, pc);
                            }
                            Err(fault) => return self.abandon(fault, here, pc),
                        }
                    }
                },
                Ok(Next::Done(value)) => {
                    self.natives.pop();
                    self.acc = value;
                    return Ok(None);
                }
                Err(fault) => return self.abandon(fault, here, pc),
            }
        }
    }

    fn abandon(&mut self, fault: Fault, here: Here<'_>, pc: usize) -> Result<Option<Transfer>, EvalError> {
        let _: Option<Native> = self.natives.pop();
        self.fail(fault, here, pc, [None, None])?;
        Ok(None)
    }
}

/// The arguments in the order of the parameters, each converted to its type (Table 63).
fn bind(
    function: &Function,
    names: Option<&Arc<[Arc<str>]>>,
    given: Vec<Value>,
) -> Result<Vec<Value>, Fault> {
    let parameters = function.parameters();
    let mut arguments = match names {
        None => {
            if given.len() != parameters.len() {
                let message =
                    format!("the function takes {} arguments, not {}", parameters.len(), given.len());
                return Err(Fault::message(message));
            }
            given
        }
        Some(names) => {
            let mut arguments = vec![Value::NULL; parameters.len()];
            for (name, value) in names.iter().zip(given) {
                let Some(at) = parameters.iter().position(|parameter| parameter.name == *name) else {
                    return Err(Fault::message(format!("the function has no parameter {name:?}")));
                };
                arguments[at] = value;
            }
            arguments
        }
    };
    if let Body::Defined(closure) = &function.body {
        let types = &closure.code.chunks[closure.chunk as usize].types;
        for (argument, declared) in arguments.iter_mut().zip(types) {
            if let Some(declared) = declared {
                convert(argument, declared)?;
            }
        }
    }
    Ok(arguments)
}

fn convert(argument: &mut Value, declared: &Type) -> Result<(), Fault> {
    if declared.is_unknown() || declared.admits(argument) {
        return Ok(());
    }
    if let Value::List(list) = &*argument
        && let [item] = list.as_slice()
        && declared.admits(item)
    {
        *argument = item.clone();
        return Ok(());
    }
    if let Type::List(inner) = declared
        && inner.admits(argument)
    {
        *argument = Value::from(vec![argument.clone()]);
        return Ok(());
    }
    Err(Fault::message(format!("a {} is no argument of the declared type", argument.type_name())))
}
