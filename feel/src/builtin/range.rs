//! Ranges: making them, and the relations of Table 78.

use std::cmp::Ordering;

use super::conversion::single;
use super::{Answer, Call};
use crate::comparison::order;
use crate::env::{CompileLimits, Scope};
use crate::parser;
use crate::program::Ends;
use crate::syntax::Node;
use crate::trace::{Cause, Fault};
use crate::value::{Range, Value};

/// The range between two ends, which must be ordered; an end that is null stays one, which no value is
/// compared with.
pub(crate) fn interval(low: Value, ends: Ends, high: Value) -> Result<Value, Fault> {
    let known = |end: &Value| end.is_null() || order(end, end).is_some();
    let ordering = match (&low, &high) {
        (Value::Null(_), Value::Null(_)) => return Err(Fault::text("both ends of the range are null")),
        _ if !known(&low) || !known(&high) => None,
        (Value::Null(_), _) | (_, Value::Null(_)) => Some(Ordering::Equal),
        _ => order(&low, &high),
    };
    match ordering {
        None => Err(Cause::Types("..", low.type_name(), high.type_name()).into()),
        Some(Ordering::Greater) => Err(Fault::text("the range ends before it starts")),
        Some(_) => Ok(Value::from(Range {
            low: Some(low),
            low_included: ends.low_included,
            high: Some(high),
            high_included: ends.high_included,
        })),
    }
}

/// `range("[1..3]")`: the text of an interval whose ends are literals; nothing in it is evaluated.
pub(super) fn range(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let text = call.text(0)?;
    call.meter.steps(text.len())?;
    let not_range = || Fault::message(format!("{:?} is not a range", text.as_str()));
    let limits = CompileLimits { bytes: 4_096, ..CompileLimits::default() };
    let scope = Scope { limits, ..Scope::default() };
    let parsed = parser::parse(&open_ended(text), &scope).map_err(|_| not_range())?;
    let Node::Interval { low_included, low, high, high_included } = *parsed.tree.node(parsed.root) else {
        return Err(not_range());
    };
    let (low, high) = (literal(&parsed.tree, low), literal(&parsed.tree, high));
    let (Some(low), Some(high)) = (low, high) else { return Err(not_range()) };
    if low.is_null() && low_included || high.is_null() && high_included {
        return Err(not_range());
    }
    match interval(low, Ends { low_included, high_included }, high)? {
        // An end that is left out is no end, as in `< 2`.
        Value::Range(range) => {
            let mut range = (*range).clone();
            range.low = range.low.filter(|end| !end.is_null());
            range.high = range.high.filter(|end| !end.is_null());
            Ok(Value::from(range).into())
        }
        other => Ok(other.into()),
    }
}

/// An end that is left out (`(..2]`) is null.
fn open_ended(text: &str) -> String {
    let trimmed = text.trim();
    let inner = trimmed.get(1..trimmed.len().saturating_sub(1)).unwrap_or_default().trim();
    match (trimmed.chars().next(), trimmed.chars().last()) {
        (Some(first), Some(last)) if inner.starts_with("..") => format!("{first}null{inner}{last}"),
        (Some(first), Some(last)) if inner.ends_with("..") => format!("{first}{inner}null{last}"),
        _ => trimmed.to_owned(),
    }
}

/// The value of a literal, also of a negative number and of a call of `date`, `time`,
/// `date and time` or `duration` over one (grammar rule 60).
fn literal(tree: &crate::syntax::Tree, id: crate::syntax::Id) -> Option<Value> {
    match tree.node(id) {
        Node::Literal(value) => Some(value.clone()),
        Node::Negate(inner) => match tree.node(*inner) {
            Node::Literal(Value::Number(number)) => Some(Value::Number(number.negated())),
            _ => None,
        },
        Node::Call(callee, arguments) => {
            let (Node::Name(name), [argument]) = (tree.node(*callee), arguments.as_slice()) else {
                return None;
            };
            let Node::Literal(Value::String(text)) = tree.node(*argument) else { return None };
            let value = parser::temporal(text)?;
            let of_kind = match &**name {
                "date" => matches!(value, Value::Date(_)),
                "time" => matches!(value, Value::Time(_)),
                "date and time" => matches!(value, Value::DateTime(_)),
                "duration" => matches!(value, Value::DayTimeDuration(_) | Value::YearMonthDuration(_)),
                _ => false,
            };
            of_kind.then_some(value)
        }
        _ => None,
    }
}

/// An argument as a range; a point is the range of itself alone.
struct Span<'v> {
    low: Option<&'v Value>,
    low_included: bool,
    high: Option<&'v Value>,
    high_included: bool,
    is_point: bool,
}

fn span<'v>(call: &Call<'v>, index: usize) -> Result<Span<'v>, Fault> {
    match single(call.value(index)) {
        Value::Range(range) => Ok(Span {
            low: range.low.as_ref(),
            low_included: range.low_included,
            high: range.high.as_ref(),
            high_included: range.high_included,
            is_point: false,
        }),
        Value::Null(_) => Err(call.wrong(index, "range")),
        point if order(point, point).is_none() => Err(call.wrong(index, "range")),
        point => Ok(Span {
            low: Some(point),
            low_included: true,
            high: Some(point),
            high_included: true,
            is_point: true,
        }),
    }
}

/// Two ends are compared; an end that is missing lies beyond every other.
#[derive(Clone, Copy)]
enum Missing {
    Below,
    Above,
}

fn ends(
    left: Option<&Value>,
    left_missing: Missing,
    right: Option<&Value>,
    right_missing: Missing,
) -> Result<Ordering, Fault> {
    let rank = |end: Option<&Value>, missing: Missing| match (end, missing) {
        (Some(_), _) => 0,
        (None, Missing::Below) => -1,
        (None, Missing::Above) => 1,
    };
    match (left, right) {
        (Some(left), Some(right)) => order(left, right)
            .ok_or_else(|| Cause::Types("a relation of ranges", left.type_name(), right.type_name()).into()),
        _ => Ok(rank(left, left_missing).cmp(&rank(right, right_missing))),
    }
}

impl Span<'_> {
    /// This low end against the other's.
    fn lows(&self, other: &Span<'_>) -> Result<Ordering, Fault> {
        ends(self.low, Missing::Below, other.low, Missing::Below)
    }

    fn highs(&self, other: &Span<'_>) -> Result<Ordering, Fault> {
        ends(self.high, Missing::Above, other.high, Missing::Above)
    }

    /// This high end against the other's low one.
    fn high_to_low(&self, other: &Span<'_>) -> Result<Ordering, Fault> {
        ends(self.high, Missing::Above, other.low, Missing::Below)
    }

    fn is_before(&self, other: &Span<'_>) -> Result<bool, Fault> {
        let ordering = self.high_to_low(other)?;
        let touches = self.high_included && other.low_included;
        Ok(ordering.is_lt() || ordering.is_eq() && !touches)
    }

    fn meets(&self, other: &Span<'_>) -> Result<bool, Fault> {
        Ok(self.high_included && other.low_included && self.high_to_low(other)?.is_eq())
    }

    fn overlaps(&self, other: &Span<'_>) -> Result<bool, Fault> {
        Ok(!self.is_before(other)? && !other.is_before(self)?)
    }

    fn overlaps_before(&self, other: &Span<'_>) -> Result<bool, Fault> {
        let (lows, highs) = (self.lows(other)?, self.highs(other)?);
        let starts_before = lows.is_lt() || lows.is_eq() && self.low_included && !other.low_included;
        let ends_before = highs.is_lt() || highs.is_eq() && (!self.high_included || other.high_included);
        Ok(starts_before && !self.is_before(other)? && ends_before)
    }

    fn starts_within(&self, other: &Span<'_>) -> Result<bool, Fault> {
        let lows = self.lows(other)?;
        Ok(lows.is_gt() || lows.is_eq() && (!self.low_included || other.low_included))
    }

    fn ends_within(&self, other: &Span<'_>) -> Result<bool, Fault> {
        let highs = self.highs(other)?;
        Ok(highs.is_lt() || highs.is_eq() && (!self.high_included || other.high_included))
    }

    fn is_during(&self, other: &Span<'_>) -> Result<bool, Fault> {
        Ok(self.starts_within(other)? && self.ends_within(other)?)
    }

    fn finishes(&self, other: &Span<'_>) -> Result<bool, Fault> {
        let same_end = self.high_included == other.high_included && self.highs(other)?.is_eq();
        Ok(same_end && self.starts_within(other)?)
    }

    fn starts(&self, other: &Span<'_>) -> Result<bool, Fault> {
        let same_start = self.low_included == other.low_included && self.lows(other)?.is_eq();
        Ok(same_start && self.ends_within(other)?)
    }

    fn coincides(&self, other: &Span<'_>) -> Result<bool, Fault> {
        let included = self.low_included == other.low_included && self.high_included == other.high_included;
        Ok(included && self.lows(other)?.is_eq() && self.highs(other)?.is_eq())
    }
}

/// Which arguments may be points.
#[derive(Clone, Copy, PartialEq)]
enum Points {
    Both,
    First,
    Second,
    Neither,
}

fn relate(
    call: &mut Call<'_>,
    points: Points,
    relation: impl Fn(&Span<'_>, &Span<'_>) -> Result<bool, Fault>,
) -> Result<Answer, Fault> {
    let (left, right) = (span(call, 0)?, span(call, 1)?);
    let allowed = match points {
        Points::Both => true,
        Points::First => !right.is_point,
        Points::Second => !left.is_point,
        Points::Neither => !left.is_point && !right.is_point,
    };
    if !allowed {
        return Err(Fault::text("a range is needed where a point is given"));
    }
    Ok(Value::Boolean(relation(&left, &right)?).into())
}

pub(super) fn before(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Both, |left, right| left.is_before(right))
}

pub(super) fn after(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Both, |left, right| right.is_before(left))
}

pub(super) fn meets(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Neither, |left, right| left.meets(right))
}

pub(super) fn met_by(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Neither, |left, right| right.meets(left))
}

pub(super) fn overlaps(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Neither, |left, right| left.overlaps(right))
}

pub(super) fn overlaps_before(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Neither, |left, right| left.overlaps_before(right))
}

pub(super) fn overlaps_after(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Neither, |left, right| right.overlaps_before(left))
}

pub(super) fn finishes(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::First, |left, right| left.finishes(right))
}

pub(super) fn finished_by(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Second, |left, right| right.finishes(left))
}

pub(super) fn includes(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Second, |left, right| right.is_during(left))
}

pub(super) fn during(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::First, |left, right| left.is_during(right))
}

pub(super) fn starts(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::First, |left, right| left.starts(right))
}

pub(super) fn started_by(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Second, |left, right| right.starts(left))
}

pub(super) fn coincides(call: &mut Call<'_>) -> Result<Answer, Fault> {
    relate(call, Points::Both, |left, right| {
        if left.is_point != right.is_point {
            return Err(Fault::text("a point and a range cannot coincide"));
        }
        left.coincides(right)
    })
}
