//! The two durations of FEEL, which cannot be compared with one another.

use std::fmt;
use std::str::FromStr;

use super::{NANOS_PER_DAY, NANOS_PER_SECOND, Scanner, TemporalError, nanos_of, write_fraction};

/// A duration of years and months.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct YearMonthDuration {
    months: i64,
}

/// A duration of days, hours, minutes and seconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DayTimeDuration {
    nanos: i128,
}

/// Bounds that keep every sum of two within the types, far beyond the calendar's years.
const MONTHS_MAX: i64 = i64::MAX / 4;
const NANOS_MAX: i128 = i128::MAX / 1_000_000_000_000;

impl YearMonthDuration {
    /// So many months, within bounds that the calendar cannot reach.
    pub fn from_months(months: i64) -> Option<YearMonthDuration> {
        (months.unsigned_abs() <= MONTHS_MAX as u64).then_some(YearMonthDuration { months })
    }

    /// The whole duration in months.
    pub fn months(&self) -> i64 {
        self.months
    }

    /// The duration the other way.
    pub fn negated(&self) -> YearMonthDuration {
        YearMonthDuration { months: -self.months }
    }
}

impl DayTimeDuration {
    /// So many nanoseconds, within bounds that the calendar cannot reach.
    pub fn from_nanos(nanos: i128) -> Option<DayTimeDuration> {
        (nanos.unsigned_abs() <= NANOS_MAX as u128).then_some(DayTimeDuration { nanos })
    }

    /// So many seconds.
    pub fn from_seconds(seconds: i64) -> DayTimeDuration {
        DayTimeDuration { nanos: i128::from(seconds) * i128::from(NANOS_PER_SECOND) }
    }

    /// The whole duration in nanoseconds.
    pub fn nanos(&self) -> i128 {
        self.nanos
    }

    /// The whole duration in microseconds, rounded down, when it fits.
    pub fn micros(&self) -> Option<i64> {
        i64::try_from(self.nanos.div_euclid(1_000)).ok()
    }

    /// The duration the other way.
    pub fn negated(&self) -> DayTimeDuration {
        DayTimeDuration { nanos: -self.nanos }
    }
}

impl FromStr for YearMonthDuration {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<YearMonthDuration, TemporalError> {
        scan_months(text)
            .and_then(YearMonthDuration::from_months)
            .ok_or_else(|| TemporalError::new(text, "years and months duration"))
    }
}

impl FromStr for DayTimeDuration {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<DayTimeDuration, TemporalError> {
        scan_nanos(text)
            .and_then(DayTimeDuration::from_nanos)
            .ok_or_else(|| TemporalError::new(text, "days and time duration"))
    }
}

/// The designators of a part must come in this order, each once at most.
struct Fields<'t> {
    scanner: Scanner<'t>,
    pending: &'t str,
    count: usize,
}

impl<'t> Fields<'t> {
    fn new(rest: &'t str) -> Fields<'t> {
        let mut scanner = Scanner::new(rest);
        let pending = scanner.digits();
        Fields { scanner, pending, count: 0 }
    }

    fn take(&mut self, designator: char) -> Option<i64> {
        if self.pending.is_empty() || !self.scanner.eat(designator) {
            return Some(0);
        }
        let value = self.pending.parse().ok()?;
        self.count += 1;
        self.pending = self.scanner.digits();
        Some(value)
    }

    fn is_done(&self) -> bool {
        self.pending.is_empty() && self.scanner.is_done() && self.count > 0
    }
}

fn sign_of(text: &str) -> (i64, &str) {
    text.strip_prefix('-').map_or((1, text), |rest| (-1, rest))
}

fn scan_months(text: &str) -> Option<i64> {
    let (sign, rest) = sign_of(text);
    let mut fields = Fields::new(rest.strip_prefix('P')?);
    let years = fields.take('Y')?;
    let months = fields.take('M')?;
    if !fields.is_done() {
        return None;
    }
    years.checked_mul(12)?.checked_add(months)?.checked_mul(sign)
}

fn scan_nanos(text: &str) -> Option<i128> {
    let (sign, rest) = sign_of(text);
    let rest = rest.strip_prefix('P')?;
    let (date_part, time_part) = match rest.split_once('T') {
        Some((date_part, time_part)) => (date_part, Some(time_part)),
        None => (rest, None),
    };
    let mut total: i128 = 0;
    if !date_part.is_empty() || time_part.is_none() {
        let mut fields = Fields::new(date_part);
        total += i128::from(fields.take('D')?) * i128::from(NANOS_PER_DAY);
        if !fields.is_done() {
            return None;
        }
    }
    if let Some(time_part) = time_part {
        let mut fields = Fields::new(time_part);
        let second = i128::from(NANOS_PER_SECOND);
        total += i128::from(fields.take('H')?) * 3_600 * second;
        total += i128::from(fields.take('M')?) * 60 * second;
        if !fields.pending.is_empty() && fields.scanner.eat('.') {
            total += i128::from(fields.pending.parse::<i64>().ok()?) * second;
            total += i128::from(nanos_of(fields.scanner.digits())?);
            return (fields.scanner.rest == "S").then_some(total * i128::from(sign));
        }
        total += i128::from(fields.take('S')?) * second;
        if !fields.is_done() {
            return None;
        }
    }
    Some(total * i128::from(sign))
}

impl fmt::Display for YearMonthDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.months.unsigned_abs();
        let (years, months) = (size / 12, size % 12);
        f.write_str(if self.months < 0 { "-P" } else { "P" })?;
        if years > 0 {
            write!(f, "{years}Y")?;
        }
        if months > 0 || years == 0 {
            write!(f, "{months}M")?;
        }
        Ok(())
    }
}

impl fmt::Display for DayTimeDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.nanos.unsigned_abs();
        let day = NANOS_PER_DAY as u128;
        let second = NANOS_PER_SECOND as u128;
        let (days, rest) = (size / day, size % day);
        f.write_str(if self.nanos < 0 { "-P" } else { "P" })?;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if rest == 0 && days > 0 {
            return Ok(());
        }
        f.write_str("T")?;
        let (seconds, nanos) = (rest / second, (rest % second) as u32);
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 {
            write!(f, "{minutes}M")?;
        }
        if seconds > 0 || nanos > 0 || rest == 0 {
            write!(f, "{seconds}")?;
            write_fraction(f, nanos)?;
            f.write_str("S")?;
        }
        Ok(())
    }
}

impl fmt::Debug for YearMonthDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for DayTimeDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
