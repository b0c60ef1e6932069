//! Paths: entries of contexts and properties of dates, times, durations and ranges, Tables 64 to 67.

use std::sync::Arc;

use crate::meter::Meter;
use crate::trace::{Cause, Fault};
use crate::value::{Date, DayTimeDuration, Number, Range, Time, Value, Zone};

/// `base.name`.
pub(crate) fn path(base: &Value, name: &Arc<str>, meter: &mut Meter) -> Result<Value, Fault> {
    if let Value::Context(context) = base {
        return context.get(name).cloned().ok_or_else(|| no_entry(base, name));
    }
    match base {
        Value::List(list) => {
            // Nested lists are kept: the path is taken in each item (10.3.1.6).
            meter.steps(list.len())?;
            let mut items = Vec::with_capacity(list.len());
            for item in list {
                items.push(match item {
                    Value::List(_) => Value::NULL,
                    _ => path_or_null(item, name),
                });
            }
            Ok(meter.list(items)?)
        }
        Value::Null(_) => Err(Fault::LeftIsNull),
        _ => scalar(base, name),
    }
}

fn path_or_null(item: &Value, name: &Arc<str>) -> Value {
    match item {
        Value::Context(context) => context.get(name).cloned().unwrap_or(Value::NULL),
        _ => scalar(item, name).unwrap_or(Value::NULL),
    }
}

fn no_entry(base: &Value, name: &Arc<str>) -> Fault {
    Cause::NoEntry(base.type_name(), name.clone()).into()
}

fn scalar(base: &Value, name: &Arc<str>) -> Result<Value, Fault> {
    let found = match base {
        Value::Date(date) => date_property(date, name),
        Value::Time(time) => time_property(time, time.offset(), name),
        Value::DateTime(at) => {
            date_property(&at.date, name).or_else(|| time_property(&at.time, at.offset(), name))
        }
        Value::YearMonthDuration(duration) => match &**name {
            "years" => Some(Value::from(duration.months() / 12)),
            "months" => Some(Value::from(duration.months() % 12)),
            _ => None,
        },
        Value::DayTimeDuration(duration) => duration_property(duration, name),
        Value::Range(range) => range_property(range, name),
        Value::Null(_)
        | Value::Boolean(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::List(_)
        | Value::Context(_)
        | Value::Function(_) => None,
    };
    found.ok_or_else(|| no_entry(base, name))
}

fn date_property(date: &Date, name: &str) -> Option<Value> {
    Some(match name {
        "year" => Value::from(i64::from(date.year())),
        "month" => Value::from(date.month()),
        "day" => Value::from(date.day()),
        "weekday" => Value::from(date.weekday()),
        _ => return None,
    })
}

fn time_property(time: &Time, offset: Option<i32>, name: &str) -> Option<Value> {
    Some(match name {
        "hour" => Value::from(time.hour()),
        "minute" => Value::from(time.minute()),
        "second" => Value::Number(seconds(i64::from(time.second()), time.nanosecond())?),
        "time offset" => offset.map(|offset| DayTimeDuration::from_seconds(i64::from(offset))).into(),
        "timezone" => match time.zone() {
            Some(Zone::Named(zone)) => Value::from(zone.name()),
            Some(Zone::Offset(_)) | None => Value::null_because("the value has no named time zone"),
        },
        _ => return None,
    })
}

fn seconds(whole: i64, nanos: u32) -> Option<Number> {
    Number::new(whole * 1_000_000_000 + i64::from(nanos), 9)
}

fn duration_property(duration: &DayTimeDuration, name: &str) -> Option<Value> {
    let second = 1_000_000_000_i128;
    let nanos = duration.nanos();
    let value = match name {
        "days" => nanos / (86_400 * second),
        "hours" => nanos / (3_600 * second) % 24,
        "minutes" => nanos / (60 * second) % 60,
        "seconds" => {
            let rest = i64::try_from(nanos % (60 * second)).ok()?;
            return Number::new(rest, 9).map(Value::Number);
        }
        _ => return None,
    };
    i64::try_from(value).ok().map(Value::from)
}

fn range_property(range: &Range, name: &str) -> Option<Value> {
    Some(match name {
        "start" => range.low.clone().unwrap_or(Value::NULL),
        "end" => range.high.clone().unwrap_or(Value::NULL),
        "start included" => Value::from(range.low_included),
        "end included" => Value::from(range.high_included),
        _ => return None,
    })
}
