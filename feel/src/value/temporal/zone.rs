//! Where on earth a time is told: a fixed offset, or a named zone with its rules.

use std::fmt;
use std::str::FromStr;

use chrono::{MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::{Date, SECONDS_PER_DAY, Scanner};

/// The zone of a time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Zone {
    /// Seconds east of Greenwich, within 18 hours.
    Offset(i32),
    /// A zone of the IANA database.
    Named(Tz),
}

/// The largest offset that a literal may have, 18 hours as XQuery implementations have it.
const OFFSET_MAX: i32 = 18 * 3_600;

impl Zone {
    /// Greenwich.
    pub const UTC: Zone = Zone::Offset(0);

    /// A fixed offset in seconds, when it is within 18 hours.
    pub fn offset(seconds: i64) -> Option<Zone> {
        let seconds = i32::try_from(seconds).ok()?;
        (seconds.abs() <= OFFSET_MAX).then_some(Zone::Offset(seconds))
    }

    /// Seconds east of Greenwich at a local time, given in seconds since the epoch.
    ///
    /// A local time that occurs twice is the earlier one; one that is skipped is
    /// told with the offset from before the gap.
    pub fn offset_at_local(&self, date: Date, second_of_day: i64) -> i32 {
        let Zone::Named(zone) = self else { return self.fixed() };
        let Some(local) = naive(date.to_days(), second_of_day) else { return 0 };
        match zone.offset_from_local_datetime(&local) {
            MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => {
                offset.fix().local_minus_utc()
            }
            MappedLocalTime::None => {
                let before = local - chrono::Duration::hours(24);
                zone.offset_from_utc_datetime(&before).fix().local_minus_utc()
            }
        }
    }

    /// Seconds east of Greenwich at an instant, given in seconds since the epoch.
    pub fn offset_at_instant(&self, seconds: i64) -> i32 {
        let Zone::Named(zone) = self else { return self.fixed() };
        match naive(seconds.div_euclid(SECONDS_PER_DAY), seconds.rem_euclid(SECONDS_PER_DAY)) {
            Some(instant) => zone.offset_from_utc_datetime(&instant).fix().local_minus_utc(),
            None => 0,
        }
    }

    fn fixed(&self) -> i32 {
        match self {
            Zone::Offset(seconds) => *seconds,
            Zone::Named(_) => 0,
        }
    }

    /// Reads what follows a time: nothing, `Z`, `+hh:mm[:ss]` or `@Area/City`.
    pub(super) fn scan(scanner: &mut Scanner<'_>) -> Option<Option<Zone>> {
        if scanner.is_done() {
            return Some(None);
        }
        if scanner.eat('Z') || scanner.eat('z') {
            return Some(Some(Zone::UTC));
        }
        if scanner.eat('@') {
            let name = std::mem::take(&mut scanner.rest);
            return Tz::from_str(name).ok().map(|zone| Some(Zone::Named(zone)));
        }
        let sign = if scanner.eat('-') {
            -1
        } else if scanner.eat('+') {
            1
        } else {
            return None;
        };
        let hours = scanner.two()?;
        if !scanner.eat(':') {
            return None;
        }
        let minutes = scanner.two()?;
        let seconds = if scanner.eat(':') { scanner.two()? } else { 0 };
        if minutes > 59 || seconds > 59 {
            return None;
        }
        let total = i64::from(hours * 3_600 + minutes * 60 + seconds);
        Zone::offset(sign * total).map(Some)
    }
}

/// The same moment for the zone database, whose years are bounded: the calendar repeats every 400 years.
fn naive(days: i64, second_of_day: i64) -> Option<NaiveDateTime> {
    const CYCLE: i64 = 146_097;
    let bounded =
        if days.abs() < 500 * CYCLE { days } else { days.rem_euclid(CYCLE) + days.signum() * 400 * CYCLE };
    let date = NaiveDate::from_num_days_from_ce_opt(i32::try_from(bounded + 719_163).ok()?)?;
    date.and_hms_opt(0, 0, 0)?.checked_add_signed(chrono::Duration::seconds(second_of_day))
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::Offset(0) => f.write_str("Z"),
            Zone::Offset(seconds) => {
                let sign = if *seconds < 0 { '-' } else { '+' };
                let size = seconds.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", size / 3_600, size / 60 % 60)?;
                if size % 60 != 0 {
                    write!(f, ":{:02}", size % 60)?;
                }
                Ok(())
            }
            Zone::Named(zone) => write!(f, "@{}", zone.name()),
        }
    }
}
