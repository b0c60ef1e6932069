//! Counting the steps and the bytes of an evaluation.

use crate::env::EvalLimits;
use crate::error::EvalError;
use crate::value::{DEPTH_MAX, List, Text, Value};

/// What is left of the limits.
pub(crate) struct Meter {
    pub(crate) limits: EvalLimits,
    fuel: u64,
    memory: usize,
    /// The regular expressions that were paid for, the latest ones.
    patterns: Vec<(Text, String)>,
}

impl Meter {
    pub(crate) fn new(limits: EvalLimits) -> Meter {
        Meter { limits, fuel: limits.fuel, memory: limits.memory, patterns: Vec::new() }
    }

    /// Takes one step.
    #[inline]
    pub(crate) fn step(&mut self) -> Result<(), EvalError> {
        match self.fuel.checked_sub(1) {
            Some(rest) => {
                self.fuel = rest;
                Ok(())
            }
            None => Err(EvalError::Fuel(self.limits.fuel)),
        }
    }

    /// Takes as many steps as something has parts.
    pub(crate) fn steps(&mut self, count: usize) -> Result<(), EvalError> {
        self.fuel = self.fuel.checked_sub(count as u64).ok_or(EvalError::Fuel(self.limits.fuel))?;
        Ok(())
    }

    /// Takes steps for the characters of a text: going over a text is a hundred times cheaper than a step.
    pub(crate) fn read(&mut self, bytes: usize) -> Result<(), EvalError> {
        self.steps(bytes / 100)
    }

    /// Whether the regular expression was not paid for lately; it is from now on.
    pub(crate) fn is_new_pattern(&mut self, pattern: &Text, flags: &str) -> bool {
        const REMEMBERED: usize = 8;
        if self.patterns.iter().any(|(known, known_flags)| known == pattern && known_flags == flags) {
            return false;
        }
        self.patterns.truncate(REMEMBERED - 1);
        self.patterns.insert(0, (pattern.clone(), flags.to_owned()));
        true
    }

    /// Accounts for bytes that are made.
    pub(crate) fn allocate(&mut self, bytes: usize) -> Result<(), EvalError> {
        self.memory = self.memory.checked_sub(bytes).ok_or(EvalError::Memory(self.limits.memory))?;
        Ok(())
    }

    /// Makes room for a list of so many items before they exist.
    pub(crate) fn items(&mut self, count: usize) -> Result<(), EvalError> {
        if count > self.limits.list_max {
            return Err(EvalError::List(self.limits.list_max));
        }
        self.allocate(count.saturating_mul(size_of::<Value>()).saturating_add(64))
    }

    /// Makes a list, within all limits.
    pub(crate) fn list(&mut self, items: Vec<Value>) -> Result<Value, EvalError> {
        self.items(items.len())?;
        self.admit_inside(items.iter())?;
        self.admit(Value::List(List::from(items)))
    }

    /// Makes a text, within all limits.
    pub(crate) fn text(&mut self, text: String) -> Result<Value, EvalError> {
        self.allocate(text.len().saturating_add(32))?;
        Ok(Value::from(text))
    }

    /// Checks values before they are put into a list or a context: nothing may become too deep.
    pub(crate) fn admit_inside<'v>(
        &self,
        values: impl IntoIterator<Item = &'v Value>,
    ) -> Result<(), EvalError> {
        let fits = values.into_iter().all(|value| value.depth() < DEPTH_MAX);
        if fits { Ok(()) } else { Err(EvalError::Depth(DEPTH_MAX)) }
    }

    /// Checks that a value is not larger than all memory, however much of it is shared.
    pub(crate) fn admit(&self, value: Value) -> Result<Value, EvalError> {
        if value.bytes() > self.limits.memory.saturating_mul(2) {
            return Err(EvalError::Memory(self.limits.memory));
        }
        Ok(value)
    }
}
