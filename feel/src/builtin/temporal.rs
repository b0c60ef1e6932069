//! Functions of dates and times, Tables 77, 79 and 82.

use super::conversion::day;
use super::{Answer, Call};
use crate::trace::Fault;
use crate::value::{Date, DateTime, Time, Value, YearMonthDuration, Zone};

/// Identity in the semantic domain: of the same type and the same in every component.
pub(super) fn is(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let (left, right) = (call.value(0), call.value(1));
    call.meter.read(left.bytes().min(right.bytes()))?;
    let same = match (left, right) {
        (Value::Time(left), Value::Time(right)) => same_time(left, right),
        (Value::DateTime(left), Value::DateTime(right)) => {
            left.date == right.date && same_time(&left.time, &right.time)
        }
        _ => left == right,
    };
    Ok(Value::Boolean(same).into())
}

/// A named zone is not the same as the offset that it happens to have.
fn same_time(left: &Time, right: &Time) -> bool {
    left.nanos() == right.nanos() && left.zone() == right.zone()
}

pub(super) fn day_of_year(call: &mut Call<'_>) -> Result<Answer, Fault> {
    Ok(Value::from(day(call, 0)?.day_of_year()).into())
}

pub(super) fn day_of_week(call: &mut Call<'_>) -> Result<Answer, Fault> {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let weekday = day(call, 0)?.weekday() as usize;
    Ok(Value::from(NAMES[weekday - 1]).into())
}

pub(super) fn month_of_year(call: &mut Call<'_>) -> Result<Answer, Fault> {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = day(call, 0)?.month() as usize;
    Ok(Value::from(NAMES[month - 1]).into())
}

pub(super) fn week_of_year(call: &mut Call<'_>) -> Result<Answer, Fault> {
    Ok(Value::from(day(call, 0)?.week_of_year()).into())
}

pub(super) fn last_day_of_month(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let date = day(call, 0)?;
    let first = Date::new(date.year(), date.month(), 1);
    let following = first
        .zip(YearMonthDuration::from_months(1))
        .and_then(|(first, month)| first.checked_add_months(month));
    let last = following.and_then(|following| following.checked_add_days(-1));
    // The last month that the calendar has is a December.
    Ok(Value::from(last.map_or(31, |last| last.day())).into())
}

pub(super) fn now(call: &mut Call<'_>) -> Result<Answer, Fault> {
    instant(call).map(|at| Value::from(at).into())
}

pub(super) fn today(call: &mut Call<'_>) -> Result<Answer, Fault> {
    instant(call).map(|at| Value::Date(at.date).into())
}

fn instant(call: &Call<'_>) -> Result<DateTime, Fault> {
    let zone = if call.env.zone == chrono_tz::Tz::UTC { Zone::UTC } else { Zone::Named(call.env.zone) };
    let nanos = i128::from(call.env.now) * 1_000;
    DateTime::from_epoch_nanos(nanos, zone).ok_or(Fault::text("the clock is out of range"))
}
