//! Every bound that a run can meet, by the name that its error or incident uses.

use serde::{Deserialize, Serialize};

/// The named limits of a run; they are part of its meaning and are the same on a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Limits {
    /// Moves after which a step returns with `more`, so that a long command shares the thread.
    pub moves_per_step: u32,
    /// Moves without the clock moving; past it, an incident.
    pub moves_at_one_time: u64,
    /// Tokens and open elements of a root instance.
    pub tokens_max: u32,
    /// Runs of one multi-instance activity.
    pub cardinality_max: u32,
    /// Process instances called from inside each other.
    pub call_depth: u32,
    /// Sub-processes inside each other.
    pub scopes_depth: u32,
    /// Signals, messages and escalations thrown because of each other at one time, and conditional events that
    /// occur one after another while no token moves.
    pub cascade_depth: u32,
    /// Messages kept for one name and key.
    pub thrown_messages_max: u32,
    /// One variable, in bytes.
    pub variable_bytes: usize,
    /// All variables of a root instance, in bytes.
    pub variables_bytes: usize,
    /// The shortest period of a timer cycle, in microseconds.
    pub period_min: i64,
    /// Keys that one root instance may hand out.
    pub element_keys: u32,
    /// Steps of one expression.
    pub fuel: u64,
    /// Memory of one expression, in bytes.
    pub expression_memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            moves_per_step: 1_000,
            moves_at_one_time: 1_000_000,
            tokens_max: 100_000,
            cardinality_max: 10_000,
            call_depth: 100,
            scopes_depth: 64,
            cascade_depth: 1_000,
            thrown_messages_max: 10_000,
            variable_bytes: 1 << 20,
            variables_bytes: 16 << 20,
            period_min: 1_000_000,
            element_keys: u32::MAX - 1,
            fuel: 1_000_000,
            expression_memory: 16 << 20,
        }
    }
}

impl Limits {
    /// Sets a limit by its name, as a scenario does; false where no limit has that name.
    pub fn set(&mut self, name: &str, value: u64) -> bool {
        let narrow = u32::try_from(value).unwrap_or(u32::MAX);
        let size = usize::try_from(value).unwrap_or(usize::MAX);
        match name {
            "moves_per_step" => self.moves_per_step = narrow.max(1),
            "moves_at_one_time" => self.moves_at_one_time = value,
            "tokens_max" => self.tokens_max = narrow,
            "cardinality_max" => self.cardinality_max = narrow,
            "call_depth" => self.call_depth = narrow,
            "scopes_depth" => self.scopes_depth = narrow,
            "cascade_depth" => self.cascade_depth = narrow,
            "thrown_messages_max" => self.thrown_messages_max = narrow,
            "variable_bytes" => self.variable_bytes = size,
            "variables_bytes" => self.variables_bytes = size,
            "period_min" => self.period_min = i64::try_from(value).unwrap_or(i64::MAX),
            "element_keys" => self.element_keys = narrow,
            "fuel" => self.fuel = value,
            "expression_memory" => self.expression_memory = size,
            _ => return false,
        }
        true
    }
}
