//! What a compilation and an evaluation are given beside the text and the values.

use chrono_tz::Tz;

use crate::types::Type;

/// The surroundings of an evaluation; nothing else is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Env {
    /// The instant that `now()` answers, in microseconds after 1970-01-01T00:00:00Z.
    pub now: i64,
    /// The zone in which `now()` and `today()` are told.
    pub zone: Tz,
    /// The limits of the evaluation.
    pub limits: EvalLimits,
}

/// What is known at the place where an expression stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope<'a> {
    /// The names in scope. They matter for names with spaces or operators in them, and for those of
    /// built-in functions; any other word is a variable as well.
    pub names: &'a [&'a str],
    /// The types that `instance of` and parameters may name beside those of FEEL.
    pub types: &'a [(&'a str, Type)],
    /// The limits of the compilation.
    pub limits: CompileLimits,
}

/// The limits of one evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvalLimits {
    /// `fuel`: steps.
    pub fuel: u64,
    /// `expression_memory`: bytes that are made, whether they are kept or not.
    pub memory: usize,
    /// `list_max`: items of one list.
    pub list_max: usize,
    /// `recursion_max`: function calls inside of one another.
    pub recursion_max: usize,
    /// `regex_bytes`: the size of one compiled regular expression.
    pub regex_bytes: usize,
}

/// The limits of one compilation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompileLimits {
    /// `expression_bytes`: the length of the text.
    pub bytes: usize,
    /// `expression_depth`: how deep its parts are nested, at most 128.
    pub depth: usize,
}

impl Default for Env {
    /// The epoch, in UTC, with the default limits.
    fn default() -> Env {
        Env { now: 0, zone: Tz::UTC, limits: EvalLimits::default() }
    }
}

impl Default for EvalLimits {
    fn default() -> EvalLimits {
        EvalLimits {
            fuel: 1_000_000,
            memory: 16 << 20,
            list_max: 1_000_000,
            recursion_max: 1_000,
            regex_bytes: 1 << 20,
        }
    }
}

impl Default for CompileLimits {
    fn default() -> CompileLimits {
        CompileLimits { bytes: 256 << 10, depth: 128 }
    }
}
