//! Timers (10.5.5, Table 10.101): ISO-8601 dates, durations and cycles, and when they are due.
//!
//! A literal `P1D` is a calendar day in the zone of the deployment; a FEEL duration is exact seconds. Repetition n
//! of a cycle is due at anchor + n periods, so month ends do not drift. A local time that falls into a gap of the
//! zone is shifted forward by the gap; an ambiguous one is the earlier.

use crate::id::Timestamp;
use chrono::{
    DateTime, Duration, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc,
};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds};
use std::fmt;
use std::sync::Arc;
use tokenflow_feel::Value;

/// A calendar period: months and days follow the calendar, the rest is exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// Years are twelve of them.
    pub months: i32,
    /// Weeks are seven of them.
    pub days: i32,
    /// Hours, minutes and seconds, in microseconds.
    pub micros: i64,
}

/// A parsed timer value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimerSpec {
    /// At this moment.
    Date(Timestamp),
    /// This long after the timer is armed.
    Duration(Period),
    /// Again and again.
    Cycle(Cycle),
    /// Again and again by a cron expression, in the zone of the deployment.
    Cron(Arc<CronSpec>),
}

/// A cron expression: five fields, or six with the seconds first.
#[derive(Debug)]
pub struct CronSpec {
    text: String,
    cron: Cron,
}

impl PartialEq for CronSpec {
    fn eq(&self, other: &CronSpec) -> bool {
        self.text == other.text
    }
}

impl Eq for CronSpec {}

impl CronSpec {
    fn parse(text: &str) -> Option<CronSpec> {
        let parser = CronParser::builder().seconds(Seconds::Optional).build();
        let cron = parser.parse(text).ok()?;
        Some(CronSpec { text: text.to_owned(), cron })
    }

    /// The first moment after `moment`; none where there is none in the years that it looks at.
    fn after(&self, moment: Timestamp, zone: Tz) -> Option<Timestamp> {
        let local = moment.to_utc()?.with_timezone(&zone);
        let next = self.cron.find_next_occurrence(&local, false).ok()?;
        Some(Timestamp::from(next.with_timezone(&Utc)))
    }
}

/// A repeating interval: `R[n]/[start/]duration[/end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// How often; none without end.
    pub repetitions: Option<u32>,
    /// The first repetition; without it the first one is due one period after the timer is armed.
    pub start: Option<Timestamp>,
    /// The time between two.
    pub period: Period,
    /// No repetition after this moment.
    pub end: Option<Timestamp>,
}

/// Which form a timer definition asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimerForm {
    Date,
    Duration,
    Cycle,
    /// Dialects allow cron expressions there too.
    CycleOrCron,
}

/// Why a text is no timer value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct TimerError {
    text: String,
    expected: &'static str,
}

impl TimerSpec {
    /// Reads the ISO-8601 text of a timer. Days of an `exact` duration have 24 hours.
    pub(crate) fn parse(form: TimerForm, text: &str, zone: Tz, exact: bool) -> Result<TimerSpec, TimerError> {
        let text = text.trim();
        let parsed = match form {
            TimerForm::Date => parse_moment(text, zone).map(TimerSpec::Date),
            TimerForm::Duration => {
                parse_period(text).map(|period| TimerSpec::Duration(period.exact_if(exact)))
            }
            TimerForm::Cycle => parse_cycle(text, zone).map(TimerSpec::Cycle),
            TimerForm::CycleOrCron => parse_cycle(text, zone)
                .map(TimerSpec::Cycle)
                .or_else(|| CronSpec::parse(text).map(|cron| TimerSpec::Cron(Arc::new(cron)))),
        };
        parsed.ok_or_else(|| TimerError {
            text: text.chars().take(80).collect(),
            expected: match form {
                TimerForm::Date => "an ISO-8601 date and time",
                TimerForm::Duration => "an ISO-8601 duration",
                TimerForm::Cycle => "an ISO-8601 repeating interval",
                TimerForm::CycleOrCron => "an ISO-8601 repeating interval or cron expression",
            },
        })
    }

    /// The meaning of an evaluated expression: an ISO-8601 text, or a FEEL date or duration.
    pub(crate) fn from_value(form: TimerForm, value: &Value, zone: Tz) -> Result<TimerSpec, TimerError> {
        match value.as_str() {
            Some(text) => TimerSpec::parse(form, text, zone, false),
            None => TimerSpec::parse(
                form,
                tokenflow_feel::value::json::write(value).trim_matches('"'),
                zone,
                true,
            ),
        }
    }

    /// When the timer is due that was armed at `anchor`; `index` counts the repetitions of a cycle from 0.
    /// None past the last repetition, or past the years that the calendar knows.
    pub(crate) fn due(&self, anchor: Timestamp, index: u32, zone: Tz) -> Option<Timestamp> {
        match self {
            TimerSpec::Date(moment) => (index == 0).then_some(*moment),
            TimerSpec::Duration(period) => {
                if index == 0 {
                    period.add(anchor, 1, zone)
                } else {
                    None
                }
            }
            TimerSpec::Cycle(cycle) => {
                if cycle.repetitions.is_some_and(|count| index >= count) {
                    return None;
                }
                let due = match cycle.start {
                    Some(start) => cycle.period.add(start, i64::from(index), zone),
                    None => cycle.period.add(anchor, i64::from(index) + 1, zone),
                }?;
                cycle.end.is_none_or(|end| due <= end).then_some(due)
            }
            TimerSpec::Cron(cron) => (0..=index).try_fold(anchor, |moment, _| cron.after(moment, zone)),
        }
    }

    /// The first repetition from `index` on that is due after `now`, and when. Due times grow, so it is found by
    /// doubling and halving: a runtime that slept for years pays for their logarithm.
    pub(crate) fn first_after(
        &self,
        anchor: Timestamp,
        index: u32,
        now: Timestamp,
        zone: Tz,
    ) -> Option<(u32, Timestamp)> {
        if let TimerSpec::Cron(cron) = self {
            return cron.after(now.max(anchor), zone).map(|due| (index, due));
        }
        let is_later = |index: u32| self.due(anchor, index, zone).is_none_or(|due| due > now);
        let mut step = 1;
        let mut low = index;
        let mut high = index;
        while !is_later(high) {
            low = high.checked_add(1)?;
            high = high.checked_add(step)?;
            step = step.saturating_mul(2);
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if is_later(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        self.due(anchor, high, zone).map(|due| (high, due))
    }
}

impl Period {
    /// `times` periods after `anchor`, by the calendar of `zone`.
    pub(crate) fn add(&self, anchor: Timestamp, times: i64, zone: Tz) -> Option<Timestamp> {
        let exact = self.micros.checked_mul(times)?;
        if self.months == 0 && self.days == 0 {
            return anchor.0.checked_add(exact).map(Timestamp);
        }
        let months = i64::from(self.months).checked_mul(times)?;
        let days = i64::from(self.days).checked_mul(times)?;
        let utc = anchor.to_utc()?.naive_utc();
        let local = utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix())?;
        let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        let moved =
            if months < 0 { local.checked_sub_months(count)? } else { local.checked_add_months(count)? };
        let moved = moved.checked_add_signed(Duration::try_days(days)?)?;
        let moment = resolve(moved, zone)?;
        moment.checked_add_signed(Duration::microseconds(exact)).map(Timestamp::from)
    }

    fn exact_if(self, exact: bool) -> Period {
        if !exact {
            return self;
        }
        Period {
            days: 0,
            micros: self.micros.saturating_add(i64::from(self.days).saturating_mul(DAY)),
            ..self
        }
    }

    fn is_positive(&self) -> bool {
        self.months >= 0 && self.days >= 0 && self.micros >= 0 && *self != Period::default()
    }

    /// False where two repetitions could be closer together than `micros`.
    pub(crate) fn is_at_least(&self, micros: i64) -> bool {
        self.months > 0 || self.days > 0 || self.micros >= micros
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P")?;
        if self.months != 0 {
            write!(f, "{}M", self.months)?;
        }
        if self.days != 0 {
            write!(f, "{}D", self.days)?;
        }
        if self.micros != 0 || (self.months == 0 && self.days == 0) {
            let (seconds, micros) = (self.micros / 1_000_000, self.micros % 1_000_000);
            match micros {
                0 => write!(f, "T{seconds}S")?,
                _ => write!(f, "T{seconds}.{micros:06}S")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for TimerSpec {
    /// The canonical text, which [`TimerSpec::parse`] reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TimerSpec::Date(moment) => moment.fmt(f),
            TimerSpec::Duration(period) => period.fmt(f),
            TimerSpec::Cron(cron) => f.write_str(&cron.text),
            TimerSpec::Cycle(cycle) => {
                f.write_str("R")?;
                if let Some(count) = cycle.repetitions {
                    write!(f, "{count}")?;
                }
                if let Some(start) = cycle.start {
                    write!(f, "/{start}")?;
                }
                write!(f, "/{}", cycle.period)?;
                if let Some(end) = cycle.end {
                    write!(f, "/{end}")?;
                }
                Ok(())
            }
        }
    }
}

const DAY: i64 = 86_400_000_000;

/// The moment of a local time: forward over a gap, the earlier of two.
fn resolve(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
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

fn parse_cycle(text: &str, zone: Tz) -> Option<Cycle> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        parse_moment(text, Tz::UTC).expect("a moment")
    }

    fn cycle(text: &str, zone: Tz) -> TimerSpec {
        TimerSpec::parse(TimerForm::Cycle, text, zone, false).expect("a cycle")
    }

    #[test]
    fn durations_are_read_by_the_calendar() {
        assert_eq!(
            parse_period("P1Y2M3W4DT5H6M7.5S").unwrap(),
            Period { months: 14, days: 25, micros: (5 * 3600 + 6 * 60 + 7) * 1_000_000 + 500_000 }
        );
        for wrong in ["", "P", "PT", "P1H", "PT1D", "1D", "P1.5D", "P1M1Y", "PT1S1H", "PT.S", "P-1D", "PT1"] {
            assert_eq!(parse_period(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_over_the_change_of_the_clock_is_a_calendar_day() {
        let warsaw: Tz = "Europe/Warsaw".parse().unwrap();
        let day = TimerSpec::parse(TimerForm::Duration, "P1D", warsaw, false).unwrap();
        assert_eq!(day.due(at("2026-03-28T12:00:00Z"), 0, warsaw), Some(at("2026-03-29T11:00:00Z")));
        let exact = TimerSpec::parse(TimerForm::Duration, "P1D", warsaw, true).unwrap();
        assert_eq!(exact.due(at("2026-03-28T12:00:00Z"), 0, warsaw), Some(at("2026-03-29T12:00:00Z")));
    }

    #[test]
    fn a_local_time_in_a_gap_is_shifted_forward_and_an_ambiguous_one_is_the_earlier() {
        let warsaw: Tz = "Europe/Warsaw".parse().unwrap();
        assert_eq!(parse_moment("2026-03-29T02:30:00", warsaw), Some(at("2026-03-29T01:30:00Z")));
        assert_eq!(parse_moment("2026-10-25T02:30:00", warsaw), Some(at("2026-10-25T00:30:00Z")));
    }

    #[test]
    fn month_ends_do_not_drift() {
        let monthly = cycle("R3/2026-01-31T10:00:00Z/P1M", Tz::UTC);
        let due: Vec<_> = (0..4).map(|n| monthly.due(Timestamp(0), n, Tz::UTC)).collect();
        assert_eq!(
            due,
            [
                Some(at("2026-01-31T10:00:00Z")),
                Some(at("2026-02-28T10:00:00Z")),
                Some(at("2026-03-31T10:00:00Z")),
                None
            ]
        );
    }

    #[test]
    fn a_cycle_without_start_is_first_due_after_one_period() {
        let hourly = cycle("R2/PT1H", Tz::UTC);
        assert_eq!(hourly.due(at("2026-01-01T00:00:00Z"), 0, Tz::UTC), Some(at("2026-01-01T01:00:00Z")));
        assert_eq!(hourly.due(at("2026-01-01T00:00:00Z"), 2, Tz::UTC), None);
        for wrong in ["R", "R/", "PT1H", "R-2/PT1H", "R3/PT0S", "R3/-PT1H", "R3/x/PT1H", "Rx/PT1H"] {
            assert!(TimerSpec::parse(TimerForm::Cycle, wrong, Tz::UTC, false).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_runtime_that_slept_finds_the_next_repetition() {
        let each_second = cycle("R/PT1S", Tz::UTC);
        let start = at("2026-01-01T00:00:00Z");
        assert_eq!(each_second.first_after(start, 1, start, Tz::UTC), Some((1, at("2026-01-01T00:00:02Z"))));
        let later = at("2036-01-01T00:00:00.5Z");
        assert_eq!(
            each_second.first_after(start, 1, later, Tz::UTC).map(|(_, due)| due),
            Some(at("2036-01-01T00:00:01Z"))
        );
        assert_eq!(cycle("R3/PT1S", Tz::UTC).first_after(start, 1, later, Tz::UTC), None);
    }

    #[test]
    fn cron_expressions_follow_the_zone() {
        let warsaw: Tz = "Europe/Warsaw".parse().unwrap();
        let spec = TimerSpec::parse(TimerForm::CycleOrCron, "0 0 9 * * MON-FRI", warsaw, false).unwrap();
        let friday = at("2026-03-27T09:00:00Z");
        // Monday is in summer time, so nine in Warsaw is an hour earlier in UTC.
        assert_eq!(spec.first_after(friday, 1, friday, warsaw), Some((1, at("2026-03-30T07:00:00Z"))));
        assert!(TimerSpec::parse(TimerForm::Cycle, "0 0 9 * * MON-FRI", warsaw, false).is_err());
        assert!(TimerSpec::parse(TimerForm::CycleOrCron, "61 * * * *", warsaw, false).is_err());
    }

    #[test]
    fn the_canonical_text_is_read_back() {
        for text in ["R3/2026-01-31T10:00:00Z/P1M", "R/PT90S", "R2/P2DT0.5S/2027-01-01T00:00:00Z"] {
            let spec = cycle(text, Tz::UTC);
            assert_eq!(cycle(&spec.to_string(), Tz::UTC), spec, "{text}");
        }
    }
}
