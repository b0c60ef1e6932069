//! The host of the benchmarks: task bodies that only count, answered inside the step.

use tokenflow::command::{Answer, JobView};
use tokenflow::executor::{Host, Variables};
use tokenflow_feel::{Context, Value};

/// Answers every job at once and counts them; where there is a variable `i`, it adds one to it.
#[derive(Debug, Default)]
pub struct CountingHost {
    /// The jobs answered so far.
    pub jobs: u64,
    /// Tasks add one to the variable `i`.
    pub adds: bool,
    /// Jobs stay open, for somebody to answer later.
    pub leaves_open: bool,
}

impl Host for CountingHost {
    fn job(&mut self, _job: &JobView<'_>, variables: &dyn Variables) -> Option<Answer> {
        if self.leaves_open {
            return None;
        }
        self.jobs += 1;
        if !self.adds {
            return Some(Answer::Complete(Context::default()));
        }
        let next = variables.get("i").and_then(|i| Some(i.as_number()?.to_i64()? + 1)).unwrap_or(1);
        let mut result = Context::new();
        result.insert("i", Value::from(next));
        Some(Answer::Complete(result))
    }
}
