//! How a handler says that its work did not succeed.

use super::variables;
use serde::Serialize;
use std::fmt;
use std::time::Duration;
use tokenflow_feel::Context;

/// A BPMN error, an escalation, or a failure that is tried again.
///
/// Any `std::error::Error` converts into a failure, so that `?` works in handlers; for that to be possible it is no
/// such error itself.
///
/// ```
/// use tokenflow::runtime::JobError;
/// # use std::time::Duration;
/// let wrong_order = JobError::bpmn("EMPTY_ORDER").message("the order has no lines");
/// let later = JobError::fail("the bank is closed").retry_after(Duration::from_secs(3600));
/// # let _ = (wrong_order, later);
/// ```
#[derive(Debug)]
pub struct JobError(JobFailure);

#[derive(Debug)]
pub(in crate::runtime) enum JobFailure {
    Bpmn { code: String, message: Option<String>, variables: Context },
    Escalated { code: String, variables: Context },
    Failed { message: String, retries: Option<u32>, backoff: Option<Duration> },
}

impl JobError {
    /// A BPMN error: the innermost handler in the model that catches the code takes over.
    pub fn bpmn(code: impl Into<String>) -> JobError {
        JobError(JobFailure::Bpmn { code: code.into(), message: None, variables: Context::new() })
    }

    /// An escalation: it is raised, and the job is complete unless an interrupting handler has ended it.
    pub fn escalate(code: impl Into<String>) -> JobError {
        JobError(JobFailure::Escalated { code: code.into(), variables: Context::new() })
    }

    /// A failure: the job is tried again while it has retries, then it is an incident.
    pub fn fail(message: impl fmt::Display) -> JobError {
        JobError(JobFailure::Failed { message: message.to_string(), retries: None, backoff: None })
    }

    /// Waits before the next try. Has no meaning for errors and escalations.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> JobError {
        if let JobFailure::Failed { backoff, .. } = &mut self.0 {
            *backoff = Some(wait);
        }
        self
    }

    /// Sets the tries that are left, instead of taking one off; 0 gives up at once.
    #[must_use]
    pub fn retries(mut self, left: u32) -> JobError {
        if let JobFailure::Failed { retries, .. } = &mut self.0 {
            *retries = Some(left);
        }
        self
    }

    /// Says why, for people.
    #[must_use]
    pub fn message(mut self, text: impl Into<String>) -> JobError {
        match &mut self.0 {
            JobFailure::Bpmn { message, .. } => *message = Some(text.into()),
            JobFailure::Failed { message, .. } => *message = text.into(),
            JobFailure::Escalated { .. } => {}
        }
        self
    }

    /// Gives an error or escalation variables to carry; what is no set of variables makes it a failure.
    #[must_use]
    pub fn with<T: Serialize + ?Sized>(mut self, carried: &T) -> JobError {
        let carried = match variables(carried) {
            Ok(carried) => carried,
            Err(reason) => {
                return JobError::fail(format!("what the error carries is no set of variables: {reason}"));
            }
        };
        match &mut self.0 {
            JobFailure::Bpmn { variables, .. } | JobFailure::Escalated { variables, .. } => {
                *variables = carried
            }
            JobFailure::Failed { .. } => {}
        }
        self
    }

    pub(in crate::runtime) fn into_failure(self) -> JobFailure {
        self.0
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            JobFailure::Bpmn { code, message: Some(message), .. } => write!(f, "error {code}: {message}"),
            JobFailure::Bpmn { code, message: None, .. } => write!(f, "error {code}"),
            JobFailure::Escalated { code, .. } => write!(f, "escalation {code}"),
            JobFailure::Failed { message, .. } => f.write_str(message),
        }
    }
}

impl<E: std::error::Error> From<E> for JobError {
    fn from(error: E) -> JobError {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(source) = cause {
            message = format!("{message}: {source}");
            cause = source.source();
        }
        JobError::fail(message)
    }
}
