//! A range: all values between two ends.

use super::Value;

/// An interval of comparable values; a missing end is unbounded, as in `< 10`, while an end that is
/// null, as in `(null..10)`, is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The lower end.
    pub low: Option<Value>,
    /// Whether the lower end belongs to the range.
    pub low_included: bool,
    /// The upper end.
    pub high: Option<Value>,
    /// Whether the upper end belongs to the range.
    pub high_included: bool,
}

impl Range {
    pub(crate) fn depth(&self) -> usize {
        let depth = |end: &Option<Value>| end.as_ref().map_or(0, Value::depth);
        depth(&self.low).max(depth(&self.high))
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let bytes = |end: &Option<Value>| end.as_ref().map_or(0, Value::bytes);
        bytes(&self.low).saturating_add(bytes(&self.high)).saturating_add(32)
    }
}
