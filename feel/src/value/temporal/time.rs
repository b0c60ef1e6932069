//! A time of day.

use std::fmt;
use std::str::FromStr;

use super::{Date, NANOS_PER_DAY, NANOS_PER_SECOND, Scanner, TemporalError, Zone, nanos_of, write_fraction};

/// A time of day to the nanosecond, perhaps with a zone.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    nanos: i64,
    zone: Option<Zone>,
}

impl Time {
    /// A time, when the clock shows it.
    pub fn new(hour: u32, minute: u32, second: u32, nanosecond: u32, zone: Option<Zone>) -> Option<Time> {
        let valid = hour < 24 && minute < 60 && second < 60 && i64::from(nanosecond) < NANOS_PER_SECOND;
        if !valid {
            return None;
        }
        let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
        Some(Time { nanos: seconds * NANOS_PER_SECOND + i64::from(nanosecond), zone })
    }

    /// The time so many nanoseconds after midnight; further days are cut off.
    pub fn from_nanos(nanos: i64, zone: Option<Zone>) -> Time {
        Time { nanos: nanos.rem_euclid(NANOS_PER_DAY), zone }
    }

    /// Nanoseconds since midnight.
    pub fn nanos(&self) -> i64 {
        self.nanos
    }

    /// The hour, from 0 to 23.
    pub fn hour(&self) -> u32 {
        (self.nanos / NANOS_PER_SECOND / 3_600) as u32
    }

    /// The minute.
    pub fn minute(&self) -> u32 {
        (self.nanos / NANOS_PER_SECOND / 60 % 60) as u32
    }

    /// The second.
    pub fn second(&self) -> u32 {
        (self.nanos / NANOS_PER_SECOND % 60) as u32
    }

    /// The nanosecond of the second.
    pub fn nanosecond(&self) -> u32 {
        (self.nanos % NANOS_PER_SECOND) as u32
    }

    /// The zone, when it has one.
    pub fn zone(&self) -> Option<Zone> {
        self.zone
    }

    /// The same time of day told in another zone.
    pub fn with_zone(&self, zone: Option<Zone>) -> Time {
        Time { nanos: self.nanos, zone }
    }

    /// Seconds east of Greenwich; a named zone is asked on the first day of 1970, so that
    /// a time without a day does not change its meaning with the day on which it is asked.
    pub fn offset(&self) -> Option<i32> {
        let epoch = Date::new(1970, 1, 1)?;
        self.zone.map(|zone| zone.offset_at_local(epoch, self.nanos / NANOS_PER_SECOND))
    }

    /// Reads a time; true beside it when it was written as `24:00:00`.
    pub(super) fn scan(scanner: &mut Scanner<'_>) -> Option<(Time, bool)> {
        let hour = scanner.two()?;
        if !scanner.eat(':') {
            return None;
        }
        let minute = scanner.two()?;
        if !scanner.eat(':') {
            return None;
        }
        let second = scanner.two()?;
        let nanos = if scanner.eat('.') { nanos_of(scanner.digits())? } else { 0 };
        let zone = Zone::scan(scanner)?;
        if (hour, minute, second, nanos) == (24, 0, 0, 0) {
            return Some((Time { nanos: 0, zone }, true));
        }
        Time::new(hour, minute, second, nanos, zone).map(|time| (time, false))
    }

    pub(super) fn write_clock(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())?;
        write_fraction(f, self.nanosecond())
    }
}

impl FromStr for Time {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<Time, TemporalError> {
        let mut scanner = Scanner::new(text);
        match Time::scan(&mut scanner) {
            Some((time, _)) if scanner.is_done() => Ok(time),
            _ => Err(TemporalError::new(text, "time")),
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_clock(f)?;
        self.zone.map_or(Ok(()), |zone| zone.fmt(f))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
