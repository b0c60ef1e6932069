//! Values as JSON text: exact numbers, ordered entries, named limits.

mod read;
mod write;

pub use read::{JsonError, JsonLimits, JsonProblem, parse};
pub use write::{write, write_pretty};
