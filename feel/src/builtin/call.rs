//! The arguments of a built-in function, taken as the types that it wants.

use crate::env::Env;
use crate::meter::Meter;
use crate::trace::Fault;
use crate::value::{Context, Function, List, Number, Text, Value};
use std::sync::Arc;

/// One invocation of a built-in function.
pub(crate) struct Call<'a> {
    arguments: &'a [Value],
    pub(crate) meter: &'a mut Meter,
    pub(crate) env: &'a Env,
}

impl<'a> Call<'a> {
    pub(crate) fn new(arguments: &'a [Value], meter: &'a mut Meter, env: &'a Env) -> Call<'a> {
        Call { arguments, meter, env }
    }

    pub(crate) fn count(&self) -> usize {
        self.arguments.len()
    }

    pub(crate) fn arguments(&self) -> &'a [Value] {
        self.arguments
    }

    /// The argument as it is; null when there is none.
    pub(crate) fn value(&self, index: usize) -> &'a Value {
        self.arguments.get(index).unwrap_or(const { &Value::NULL })
    }

    /// Whether the argument is given and not null.
    pub(crate) fn has(&self, index: usize) -> bool {
        !self.value(index).is_null()
    }

    /// The argument, or the only item of the list that it is, when `take` takes it.
    fn converted<T>(
        &self,
        index: usize,
        wanted: &'static str,
        take: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, Fault> {
        let value = self.value(index);
        if let Some(taken) = take(value) {
            return Ok(taken);
        }
        if let Value::List(list) = value
            && let [item] = list.as_slice()
            && let Some(taken) = take(item)
        {
            return Ok(taken);
        }
        Err(self.wrong(index, wanted))
    }

    /// The argument is not of the type that is wanted.
    pub(crate) fn wrong(&self, index: usize, wanted: &str) -> Fault {
        let value = self.value(index);
        match value {
            Value::Null(Some(_)) => Fault::From(value.clone()),
            _ => Fault::message(format!("argument {} is {}, not a {wanted}", index + 1, value.type_name())),
        }
    }

    pub(crate) fn number(&self, index: usize) -> Result<&'a Number, Fault> {
        self.converted(index, "number", Value::as_number)
    }

    /// The integer part of a number, as far as positions and scales need it.
    pub(crate) fn integer(&self, index: usize) -> Result<i64, Fault> {
        let number = self.number(index)?;
        number
            .truncated_i64()
            .ok_or_else(|| Fault::message(format!("argument {} is out of range", index + 1)))
    }

    pub(crate) fn text(&self, index: usize) -> Result<&'a Text, Fault> {
        self.converted(index, "string", |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }

    pub(crate) fn boolean(&self, index: usize) -> Result<bool, Fault> {
        self.converted(index, "boolean", Value::as_bool)
    }

    pub(crate) fn context(&self, index: usize) -> Result<&'a Context, Fault> {
        self.converted(index, "context", Value::as_context)
    }

    pub(crate) fn function(&self, index: usize) -> Result<Arc<Function>, Fault> {
        self.converted(index, "function", |value| match value {
            Value::Function(function) => Some(function.clone()),
            _ => None,
        })
    }

    /// The list, or the list of the one value that is given instead.
    pub(crate) fn list(&mut self, index: usize) -> Result<List, Fault> {
        let list = match self.value(index) {
            Value::List(list) => list.clone(),
            Value::Null(_) => return Err(self.wrong(index, "list")),
            single => List::from(vec![single.clone()]),
        };
        self.meter.steps(list.len())?;
        Ok(list)
    }

    /// The items of the only argument when it is a list, otherwise the arguments themselves.
    pub(crate) fn items(&mut self) -> Result<&'a [Value], Fault> {
        let items = match self.arguments {
            [Value::List(list)] => list.as_slice(),
            [Value::Null(_)] => return Err(self.wrong(0, "list")),
            arguments => arguments,
        };
        self.meter.steps(items.len())?;
        Ok(items)
    }

    /// The same, when all of them are numbers.
    pub(crate) fn numbers(&mut self) -> Result<Vec<&'a Number>, Fault> {
        let items = self.items()?;
        self.meter.items(items.len())?;
        let number = |item: &'a Value| {
            item.as_number().ok_or_else(|| match item {
                Value::Null(Some(_)) => Fault::From(item.clone()),
                _ => Fault::message(format!("the list has a {} where a number is needed", item.type_name())),
            })
        };
        items.iter().map(number).collect()
    }
}
