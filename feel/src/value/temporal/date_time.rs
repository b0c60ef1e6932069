//! A calendar day with a time of day.

use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;

use super::{
    Date, DayTimeDuration, NANOS_PER_DAY, NANOS_PER_SECOND, SECONDS_PER_DAY, Scanner, TemporalError, Time,
    YearMonthDuration, Zone,
};

/// A day and a time of day, perhaps with a zone; with one it names an instant.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// The time of day, with the zone.
    pub time: Time,
}

impl DateTime {
    /// A day and a time of day.
    pub fn new(date: Date, time: Time) -> DateTime {
        DateTime { date, time }
    }

    /// The instant so many microseconds after the epoch, told in a zone.
    pub fn from_epoch_micros(micros: i64, zone: Tz) -> Option<DateTime> {
        let zone = if zone == Tz::UTC { Zone::UTC } else { Zone::Named(zone) };
        DateTime::from_epoch_nanos(i128::from(micros) * 1_000, zone)
    }

    /// The instant in microseconds after the epoch; without a zone it is told in the given one.
    pub fn to_epoch_micros(&self, zone: Tz) -> Option<i64> {
        let zoned = match self.time.zone() {
            Some(_) => *self,
            None => DateTime::new(self.date, self.time.with_zone(Some(Zone::Named(zone)))),
        };
        i64::try_from(zoned.epoch_nanos()?.div_euclid(1_000)).ok()
    }

    /// The instant in nanoseconds after the epoch, when there is a zone.
    pub fn epoch_nanos(&self) -> Option<i128> {
        let offset = self.offset()?;
        Some(self.local_nanos() - i128::from(offset) * i128::from(NANOS_PER_SECOND))
    }

    /// The instant so many nanoseconds after the epoch, told in a zone.
    pub fn from_epoch_nanos(nanos: i128, zone: Zone) -> Option<DateTime> {
        let seconds = i64::try_from(nanos.div_euclid(i128::from(NANOS_PER_SECOND))).ok()?;
        let offset = zone.offset_at_instant(seconds);
        let local = nanos + i128::from(offset) * i128::from(NANOS_PER_SECOND);
        DateTime::from_local_nanos(local, Some(zone))
    }

    /// What calendar and clock show, in nanoseconds after 1970-01-01T00:00:00.
    pub fn local_nanos(&self) -> i128 {
        i128::from(self.date.to_days()) * i128::from(NANOS_PER_DAY) + i128::from(self.time.nanos())
    }

    /// The day and time that calendar and clock show so many nanoseconds after 1970-01-01T00:00:00.
    pub fn from_local_nanos(nanos: i128, zone: Option<Zone>) -> Option<DateTime> {
        let day = i128::from(NANOS_PER_DAY);
        let date = Date::from_days(i64::try_from(nanos.div_euclid(day)).ok()?)?;
        Some(DateTime { date, time: Time::from_nanos(nanos.rem_euclid(day) as i64, zone) })
    }

    /// Seconds east of Greenwich, when there is a zone.
    pub fn offset(&self) -> Option<i32> {
        let second_of_day = (self.time.nanos() / NANOS_PER_SECOND).min(SECONDS_PER_DAY - 1);
        self.time.zone().map(|zone| zone.offset_at_local(self.date, second_of_day))
    }

    /// The same time of day so many months later.
    pub fn checked_add_months(&self, duration: YearMonthDuration) -> Option<DateTime> {
        Some(DateTime { date: self.date.checked_add_months(duration)?, time: self.time })
    }

    /// So much later on the time line; without a zone, on the calendar.
    pub fn checked_add(&self, duration: DayTimeDuration) -> Option<DateTime> {
        match (self.time.zone(), self.epoch_nanos()) {
            (Some(zone), Some(instant)) => {
                DateTime::from_epoch_nanos(instant.checked_add(duration.nanos())?, zone)
            }
            _ => DateTime::from_local_nanos(self.local_nanos().checked_add(duration.nanos())?, None),
        }
    }
}

impl FromStr for DateTime {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<DateTime, TemporalError> {
        scan(text).ok_or_else(|| TemporalError::new(text, "date and time"))
    }
}

fn scan(text: &str) -> Option<DateTime> {
    let mut scanner = Scanner::new(text);
    let date = Date::scan(&mut scanner)?;
    if !scanner.eat('T') {
        return None;
    }
    let (time, is_next_day) = Time::scan(&mut scanner)?;
    if !scanner.is_done() {
        return None;
    }
    let date = if is_next_day { date.checked_add_days(1)? } else { date };
    Some(DateTime { date, time })
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.date, self.time)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
