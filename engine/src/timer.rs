//! Timers (10.5.5, Table 10.101): ISO-8601 dates, durations and cycles, and when they are due.
//!
//! A literal `P1D` is a calendar day in the zone of the deployment; a FEEL duration is exact seconds. Repetition n
//! of a cycle is due at anchor + n periods, so month ends do not drift. A local time that falls into a gap of the
//! zone is shifted forward by the gap; an ambiguous one is the earlier.

mod parse;
#[cfg(test)]
mod tests;

use crate::id::Timestamp;
use chrono::{Datelike, Duration, Months, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds};
use parse::{parse_cycle, resolve};
use std::fmt;
use std::sync::Arc;
use tokenflow_feel::Value;

pub(crate) use parse::{parse_moment, parse_period};

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

/// Years in which a cron expression is looked at: its calendar ends well before that of the clock.
const CRON_YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

impl CronSpec {
    fn parse(text: &str) -> Option<CronSpec> {
        let parser = CronParser::builder().seconds(Seconds::Optional).build();
        let cron = parser.parse(text).ok()?;
        Some(CronSpec { text: text.to_owned(), cron })
    }

    /// The first moment after `moment`; none where there is none in the years that it looks at.
    fn after(&self, moment: Timestamp, zone: Tz) -> Option<Timestamp> {
        let local = moment.to_utc().filter(|utc| CRON_YEARS.contains(&utc.year()))?.with_timezone(&zone);
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
    /// The canonical text, which parsing reads back.
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
