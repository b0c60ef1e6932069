//! A range: all values between two ends.

use super::Value;

/// An interval of comparable values; a missing end is unbounded, as in `< 10`, while an end that is
/// null, as in `(null..10)`, is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    pub(crate) low: Option<Value>,
    pub(crate) low_included: bool,
    pub(crate) high: Option<Value>,
    pub(crate) high_included: bool,
}

impl Range {
    /// A range between two ends that are scalars; none when one is a list, a context, a range or a function.
    pub fn new(
        low: Option<Value>,
        low_included: bool,
        high: Option<Value>,
        high_included: bool,
    ) -> Option<Range> {
        Range { low, low_included, high, high_included }.checked()
    }

    /// The lower end.
    pub fn low(&self) -> Option<&Value> {
        self.low.as_ref()
    }

    /// Whether the lower end belongs to the range.
    pub fn is_low_included(&self) -> bool {
        self.low_included
    }

    /// The upper end.
    pub fn high(&self) -> Option<&Value> {
        self.high.as_ref()
    }

    /// Whether the upper end belongs to the range.
    pub fn is_high_included(&self) -> bool {
        self.high_included
    }

    /// Nothing may nest in a range, because depth is counted for lists and contexts only.
    pub(super) fn checked(self) -> Option<Range> {
        let is_scalar = |end: &Value| {
            !matches!(end, Value::List(_) | Value::Context(_) | Value::Range(_) | Value::Function(_))
        };
        self.low.iter().chain(&self.high).all(is_scalar).then_some(self)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let bytes = |end: &Option<Value>| end.as_ref().map_or(0, Value::bytes);
        bytes(&self.low).saturating_add(bytes(&self.high)).saturating_add(32)
    }
}
