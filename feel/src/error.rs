//! Why a text is no expression, and which limit an evaluation met.

use std::fmt;

/// Why a text is not compiled, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// What is wrong, as a sentence without a period.
    pub message: String,
    /// Bytes from the beginning of the text.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl CompileError {
    pub(crate) fn at(source: &str, offset: usize, message: impl Into<String>) -> CompileError {
        let before = source.get(..offset).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        CompileError {
            message: message.into(),
            offset,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for CompileError {}

/// The limit that an evaluation met; everything else that goes wrong is a null with a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EvalError {
    /// `fuel`: so many steps were not enough.
    Fuel(u64),
    /// `expression_memory`: the evaluation made more bytes than this.
    Memory(usize),
    /// `list_max`: a list would have more items than this.
    List(usize),
    /// `recursion_max`: more calls of functions are nested than this.
    Recursion(usize),
    /// `json_depth`: lists and contexts are nested deeper than this.
    Depth(usize),
    /// The frame has another length than the program has names.
    Frame {
        /// How many values the program reads.
        expected: usize,
        /// How many were given.
        found: usize,
    },
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.limit();
        match self {
            EvalError::Fuel(limit) => {
                write!(f, "{name} {limit} exceeded: the evaluation takes too many steps")
            }
            EvalError::Memory(limit) => {
                write!(f, "{name} {limit} exceeded: the evaluation makes too much data")
            }
            EvalError::List(limit) => write!(f, "{name} {limit} exceeded: a list has too many items"),
            EvalError::Recursion(limit) => {
                write!(f, "{name} {limit} exceeded: too many function calls are nested")
            }
            EvalError::Depth(limit) => {
                write!(f, "{name} {limit} exceeded: lists and contexts are nested too deep")
            }
            EvalError::Frame { expected, found } => {
                write!(f, "the program reads {expected} names, but {found} values were given")
            }
        }
    }
}

impl std::error::Error for EvalError {}

impl EvalError {
    /// The limit's name, as the configuration spells it.
    pub fn limit(&self) -> &'static str {
        match self {
            EvalError::Fuel(_) => "fuel",
            EvalError::Memory(_) => "expression_memory",
            EvalError::List(_) => "list_max",
            EvalError::Recursion(_) => "recursion_max",
            EvalError::Depth(_) => "json_depth",
            EvalError::Frame { .. } => "frame",
        }
    }
}
