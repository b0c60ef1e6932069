//! Why a value is null.

use std::fmt;

/// Why a value is null: a sentence for people, made only when somebody reads it.
#[derive(Clone)]
pub struct Reason(Cause);

#[derive(Clone)]
enum Cause {
    Told(Box<str>),
    #[cfg(feature = "language")]
    Traced(crate::trace::Trace),
}

impl Reason {
    /// The reason as a sentence.
    pub fn message(&self) -> String {
        self.to_string()
    }
}

#[cfg(feature = "language")]
impl From<crate::trace::Trace> for Reason {
    fn from(trace: crate::trace::Trace) -> Reason {
        Reason(Cause::Traced(trace))
    }
}

impl From<&str> for Reason {
    fn from(text: &str) -> Reason {
        Reason(Cause::Told(text.into()))
    }
}

impl From<String> for Reason {
    fn from(text: String) -> Reason {
        Reason(Cause::Told(text.into_boxed_str()))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Told(text) => f.write_str(text),
            #[cfg(feature = "language")]
            Cause::Traced(trace) => trace.fmt(f),
        }
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
