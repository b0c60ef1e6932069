//! Conversion functions, Table 72.

use std::str::FromStr;

use super::{Answer, Call};
use crate::parser::temporal;
use crate::trace::Fault;
use crate::value::{Date, DateTime, Number, Time, Value, YearMonthDuration, Zone};

pub(super) fn date(call: &mut Call<'_>) -> Result<Answer, Fault> {
    if call.count() == 3 {
        let (year, month, day) = (whole(call, 0)?, whole(call, 1)?, whole(call, 2)?);
        let made = i32::try_from(year)
            .ok()
            .and_then(|year| Date::new(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?));
        return made.map(|date| Value::Date(date).into()).ok_or(Fault::text("there is no such day"));
    }
    let date = match single(call.value(0)) {
        Value::String(text) => Date::from_str(text).map_err(|error| Fault::message(error.to_string()))?,
        Value::Date(date) => *date,
        Value::DateTime(at) => at.date,
        _ => return Err(call.wrong(0, "string, date or date and time")),
    };
    Ok(Value::Date(date).into())
}

pub(super) fn date_and_time(call: &mut Call<'_>) -> Result<Answer, Fault> {
    if call.count() == 1 {
        let made = match single(call.value(0)) {
            Value::String(text) => {
                let at = DateTime::from_str(text);
                at.or_else(|error| at_midnight(text).ok_or_else(|| Fault::message(error.to_string())))?
            }
            Value::DateTime(at) => **at,
            Value::Date(date) => crate::comparison::midnight(*date),
            _ => return Err(call.wrong(0, "string, date or date and time")),
        };
        return Ok(Value::from(made).into());
    }
    let date = match single(call.value(0)) {
        Value::Date(date) => *date,
        Value::DateTime(at) => at.date,
        _ => return Err(call.wrong(0, "date or date and time")),
    };
    let Value::Time(time) = single(call.value(1)) else { return Err(call.wrong(1, "time")) };
    let mut time = **time;
    if call.count() == 3 {
        let zone =
            chrono_tz::Tz::from_str(call.text(2)?).map_err(|_| Fault::text("there is no such time zone"))?;
        time = time.with_zone(Some(Zone::Named(zone)));
    }
    Ok(Value::from(DateTime::new(date, time)).into())
}

/// A date alone stands for its midnight, in the zone behind it (`2012-03-07Z`) or without one.
fn at_midnight(text: &str) -> Option<DateTime> {
    let (date, zone) = text.split_at(text.find(['Z', 'z', '+', '@']).unwrap_or(text.len()));
    DateTime::from_str(&format!("{date}T00:00:00{zone}")).ok().filter(|_| Date::from_str(date).is_ok())
}

pub(super) fn time(call: &mut Call<'_>) -> Result<Answer, Fault> {
    if call.count() == 1 {
        let made = match single(call.value(0)) {
            Value::String(text) => Time::from_str(text).map_err(|error| Fault::message(error.to_string()))?,
            Value::Time(time) => **time,
            Value::DateTime(at) => at.time,
            Value::Date(_) => Time::from_nanos(0, Some(Zone::UTC)),
            _ => return Err(call.wrong(0, "string, time or date and time")),
        };
        return Ok(Value::from(made).into());
    }
    let (hour, minute) = (whole(call, 0)?, whole(call, 1)?);
    let second = call.number(2)?;
    let whole_second = second.floor(0).and_then(|whole| whole.to_i64());
    let nanos = whole_second
        .and_then(|whole| second.checked_sub(&Number::from(whole)))
        .and_then(|rest| rest.checked_mul(&Number::from(1_000_000_000)))
        .and_then(|nanos| nanos.truncated_i64());
    let zone = if call.has(3) {
        let Value::DayTimeDuration(offset) = single(call.value(3)) else {
            return Err(call.wrong(3, "days and time duration"));
        };
        let seconds = i64::try_from(offset.nanos() / 1_000_000_000).ok();
        Some(seconds.and_then(Zone::offset).ok_or(Fault::text("the offset is out of range"))?)
    } else {
        None
    };
    let made = whole_second.zip(nanos).and_then(|(second, nanos)| {
        let part = |value: i64| u32::try_from(value).ok();
        Time::new(part(hour)?, part(minute)?, part(second)?, part(nanos)?, zone)
    });
    made.map(|time| Value::from(time).into()).ok_or(Fault::text("no clock shows this time"))
}

/// A number that must be whole.
fn whole(call: &Call<'_>, index: usize) -> Result<i64, Fault> {
    let number = call.number(index)?;
    number.to_i64().ok_or_else(|| Fault::message(format!("argument {} is no whole number", index + 1)))
}

pub(super) fn number(call: &mut Call<'_>) -> Result<Answer, Fault> {
    if call.count() == 1
        && let Value::Number(number) = single(call.value(0))
    {
        return Ok(Value::Number(number.clone()).into());
    }
    let text = call.text(0)?;
    call.meter.read(text.len())?;
    let separator = |index: usize, allowed: &[&str]| -> Result<Option<&str>, Fault> {
        if !call.has(index) {
            return Ok(None);
        }
        let separator = call.text(index)?.as_str();
        if allowed.contains(&separator) {
            Ok(Some(separator))
        } else {
            Err(Fault::message(format!("{separator:?} cannot separate digits")))
        }
    };
    let grouping = separator(1, &[" ", ",", "."])?;
    let point = separator(2, &[",", "."])?;
    if grouping.is_some() && grouping == point {
        return Err(Fault::text("both separators are the same"));
    }
    let mut digits = text.to_string();
    if let Some(grouping) = grouping {
        digits = digits.replace(grouping, "");
    }
    if let Some(point) = point {
        if point != "." && digits.contains('.') {
            return Err(Fault::message(format!("{:?} is not a number", text.as_str())));
        }
        digits = digits.replace(point, ".");
    }
    match Number::parse_rounded(&digits) {
        Ok(number) => Ok(Value::Number(number).into()),
        Err(error) => Err(Fault::message(format!("{:?}: {error}", text.as_str()))),
    }
}

pub(super) fn string(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let text = match call.value(0) {
        Value::Null(_) => return Err(call.wrong(0, "value")),
        Value::String(text) => return Ok(Value::String(text.clone()).into()),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::DateTime(at) => at.to_string(),
        Value::YearMonthDuration(duration) => duration.to_string(),
        Value::DayTimeDuration(duration) => duration.to_string(),
        value @ (Value::Boolean(_) | Value::Number(_)) => value.to_string(),
        value @ (Value::List(_) | Value::Context(_) | Value::Range(_) | Value::Function(_)) => {
            // The text is at most as long as its value is large, with the punctuation in it.
            call.meter.allocate(value.bytes())?;
            call.meter.read(value.bytes())?;
            value.to_string()
        }
    };
    Ok(call.meter.text(text)?.into())
}

pub(super) fn duration(call: &mut Call<'_>) -> Result<Answer, Fault> {
    match single(call.value(0)) {
        Value::String(text) => match temporal(text) {
            Some(value @ (Value::DayTimeDuration(_) | Value::YearMonthDuration(_))) => Ok(value.into()),
            _ => Err(Fault::message(format!("{:?} is not a duration", text.as_str()))),
        },
        value @ (Value::DayTimeDuration(_) | Value::YearMonthDuration(_)) => Ok(value.clone().into()),
        _ => Err(call.wrong(0, "string")),
    }
}

pub(super) fn years_and_months_duration(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let date = |index: usize| match single(call.value(index)) {
        Value::Date(date) => Ok(*date),
        Value::DateTime(at) => Ok(at.date),
        _ => Err(call.wrong(index, "date or date and time")),
    };
    let (from, to) = (date(0)?, date(1)?);
    let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    let mut difference = months(to) - months(from);
    // A month counts when its day is reached.
    if difference > 0 && to.day() < from.day() {
        difference -= 1;
    } else if difference < 0 && to.day() > from.day() {
        difference += 1;
    }
    let duration = YearMonthDuration::from_months(difference);
    duration.map(|it| Value::from(it).into()).ok_or(Fault::text("the duration is out of range"))
}

/// The only item of a list in place of the list (10.3.2.9.4).
pub(super) fn single(value: &Value) -> &Value {
    match value {
        Value::List(list) => match list.as_slice() {
            [item] => item,
            _ => value,
        },
        _ => value,
    }
}

/// The day of a date or of a date and time.
pub(super) fn day(call: &Call<'_>, index: usize) -> Result<Date, Fault> {
    match single(call.value(index)) {
        Value::Date(date) => Ok(*date),
        Value::DateTime(at) => Ok(at.date),
        _ => Err(call.wrong(index, "date or date and time")),
    }
}
