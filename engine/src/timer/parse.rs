//! The ISO-8601 texts of timers, and what a local time means in a zone.

use super::{Cycle, Period};
use crate::id::Timestamp;
use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// The moment of a local time: forward over a gap, the earlier of two.
pub(super) fn resolve(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(moment) => Some(moment.with_timezone(&Utc)),
        LocalResult::Ambiguous(earlier, _) => Some(earlier.with_timezone(&Utc)),
        LocalResult::None => {
            // A gap is shorter than a day: what the clock showed a day before gives the offset that was in force.
            let before =
                zone.from_local_datetime(&local.checked_sub_signed(Duration::days(1))?).earliest()?;
            before.with_timezone(&Utc).checked_add_signed(Duration::days(1))
        }
    }
}

/// A date and time, with offset or zone, or local in the deployment's zone; a date alone is its midnight.
pub(crate) fn parse_moment(text: &str, zone: Tz) -> Option<Timestamp> {
    // A named zone in FEEL's notation follows the time: `2026-11-24T10:00:00@Europe/Warsaw`.
    if let Some((local, name)) = text.split_once('@') {
        return resolve(parse_local(local)?, name.parse().ok()?).map(Timestamp::from);
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(Timestamp::from(moment.with_timezone(&Utc)));
    }
    for form in ["%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z"] {
        let with_offset = text.strip_suffix('Z').map(|bare| format!("{bare}+00:00"));
        if let Ok(moment) = DateTime::parse_from_str(with_offset.as_deref().unwrap_or(text), form) {
            return Some(Timestamp::from(moment.with_timezone(&Utc)));
        }
    }
    resolve(parse_local(text)?, zone).map(Timestamp::from)
}

fn parse_local(text: &str) -> Option<NaiveDateTime> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(date.and_time(NaiveTime::MIN));
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
}

/// `P[nY][nM][nW][nD][T[nH][nM][n[.n]S]]`, optionally negative.
pub(crate) fn parse_period(text: &str) -> Option<Period> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None if rest.is_empty() => return None,
        None => (rest, ""),
    };
    let mut period = Period::default();
    for (count, unit) in fields(date, "YMWD")? {
        let count = i32::try_from(count.parse::<i64>().ok()?).ok()?.checked_mul(sign)?;
        match unit {
            'Y' => period.months = period.months.checked_add(count.checked_mul(12)?)?,
            'M' => period.months = period.months.checked_add(count)?,
            'W' => period.days = period.days.checked_add(count.checked_mul(7)?)?,
            _ => period.days = period.days.checked_add(count)?,
        }
    }
    for (count, unit) in fields(time, "HMS")? {
        let micros = match unit {
            'S' => seconds(count)?,
            'M' => count.parse::<i64>().ok()?.checked_mul(60_000_000)?,
            _ => count.parse::<i64>().ok()?.checked_mul(3_600_000_000)?,
        };
        period.micros = period.micros.checked_add(micros.checked_mul(i64::from(sign))?)?;
    }
    Some(period)
}

/// Splits `1Y2M` into counts and units, which must come in the order of `units`.
fn fields<'a>(text: &'a str, units: &str) -> Option<Vec<(&'a str, char)>> {
    let mut found = Vec::new();
    let mut allowed = units;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let unit = rest[end..].chars().next()?;
        if end == 0 || (rest[..end].contains('.') && unit != 'S') {
            return None;
        }
        allowed = &allowed[allowed.find(unit)? + unit.len_utf8()..];
        found.push((&rest[..end], unit));
        rest = &rest[end + unit.len_utf8()..];
    }
    Some(found)
}

/// Seconds with a fraction as microseconds; what is finer is cut off.
fn seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || (text.contains('.') && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(digits.parse().ok()?)
}

pub(super) fn parse_cycle(text: &str, zone: Tz) -> Option<Cycle> {
    let mut parts = text.split('/');
    let count = parts.next()?.strip_prefix('R')?;
    let repetitions = match count {
        "" | "-1" => None,
        digits => Some(digits.parse().ok()?),
    };
    let rest: Vec<&str> = parts.collect();
    let (start, period, end) = match rest.as_slice() {
        [period] => (None, period, None),
        [first, second] => match parse_period(first) {
            Some(_) => (None, first, Some(parse_moment(second, zone)?)),
            None => (Some(parse_moment(first, zone)?), second, None),
        },
        [start, period, end] => (Some(parse_moment(start, zone)?), period, Some(parse_moment(end, zone)?)),
        _ => return None,
    };
    let period = parse_period(period).filter(Period::is_positive)?;
    Some(Cycle { repetitions, start, period, end })
}
