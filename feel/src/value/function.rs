//! A function as a value.

use std::fmt;
use std::sync::Arc;

use super::Value;

/// Something that can be invoked: a function that an expression defined, or a built-in one.
pub struct Function {
    pub(crate) parameters: Arc<[Parameter]>,
    #[cfg_attr(not(feature = "language"), expect(dead_code, reason = "without the language there is none"))]
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
        self.captured.iter().map(|value| value.depth() + 1).max().unwrap_or(0)
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

#[cfg(feature = "language")]
impl Function {
    /// Whether the function takes such arguments and answers such a result; what it does not
    /// declare is taken for granted.
    pub(crate) fn conforms(&self, parameters: &[crate::types::Type], _result: &crate::types::Type) -> bool {
        match &self.body {
            Body::Defined(closure) => {
                let declared = &closure.code.chunks[closure.chunk as usize].types;
                declared.iter().zip(parameters).all(|(declared, wanted)| {
                    declared.as_ref().is_none_or(|declared| wanted.conforms_to(declared))
                })
            }
            Body::Builtin(_) => true,
        }
    }

    /// Whether the two are one function: the same code over equal captured values.
    pub(crate) fn is_same(&self, other: &Function) -> bool {
        match (&self.body, &other.body) {
            (Body::Defined(left), Body::Defined(right)) => {
                Arc::ptr_eq(&left.code, &right.code)
                    && left.chunk == right.chunk
                    && self.captured.len() == other.captured.len()
                    && self.captured.is_empty()
            }
            (Body::Builtin(left), Body::Builtin(right)) => left == right,
            (Body::Defined(_), Body::Builtin(_)) | (Body::Builtin(_), Body::Defined(_)) => false,
        }
    }
}
