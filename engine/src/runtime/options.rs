//! What is chosen when a runtime is built.

use crate::expression::Evaluator;
use crate::limits::Limits;
use chrono_tz::Tz;
use std::sync::Arc;

#[derive(Clone)]
pub(super) struct Options {
    pub(super) limits: Limits,
    pub(super) zone: Tz,
    pub(super) evaluator: Option<Arc<dyn Evaluator>>,
    pub(super) allow_non_executable: bool,
    /// Decisions of gateways are recorded with the values they saw.
    pub(super) records_decisions: bool,
    /// How long the keys of commands are remembered, in microseconds.
    pub(super) command_keys: i64,
    /// Instances that stay in memory between commands.
    pub(super) live_max: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            limits: Limits::default(),
            zone: Tz::UTC,
            evaluator: None,
            allow_non_executable: false,
            records_decisions: false,
            command_keys: 7 * 86_400 * 1_000_000,
            live_max: 10_000,
        }
    }
}
