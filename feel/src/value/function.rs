//! A function as a value.

use std::fmt;
use std::sync::Arc;

use super::Value;

/// Something that can be invoked: a function that an expression defined, or a built-in one.
pub struct Function {
    pub(crate) parameters: Arc<[Parameter]>,
    #[cfg_attr(not(feature = "language"), expect(dead_code, reason = "there is none without the language"))]
    pub(crate) body: Body,
    pub(crate) captured: Vec<Value>,
}

/// A formal parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The name, by which a named invocation finds it.
    pub name: Arc<str>,
    /// The declared type as it was written, when there is one.
    pub type_text: Option<Arc<str>>,
}

/// What a function does.
pub(crate) enum Body {
    #[cfg(feature = "language")]
    Defined(crate::program::Closure),
    #[cfg(feature = "language")]
    Builtin(crate::builtin::Builtin),
}

impl Function {
    /// The formal parameters.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    pub(crate) fn depth(&self) -> usize {
        self.captured.iter().map(Value::depth).max().unwrap_or(0)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.captured.iter().fold(64, |sum, value| sum.saturating_add(value.bytes()))
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("function(")?;
        for (index, parameter) in self.parameters.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            f.write_str(&parameter.name)?;
        }
        f.write_str(")")
    }
}
