//! A calendar day.

use std::fmt;
use std::str::FromStr;

use super::{Scanner, TemporalError, YearMonthDuration};

/// A day of the proleptic Gregorian calendar, of the years -999999999 to 999999999.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

pub(super) const YEAR_MAX: i32 = 999_999_999;

impl Date {
    /// A date, when there is such a day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        let valid = year.unsigned_abs() <= YEAR_MAX as u32
            && (1..=12).contains(&month)
            && day >= 1
            && day <= days_in_month(year, month);
        valid.then_some(Date { year, month: month as u8, day: day as u8 })
    }

    /// The year.
    pub fn year(&self) -> i32 {
        self.year
    }

    /// The month, from 1.
    pub fn month(&self) -> u32 {
        u32::from(self.month)
    }

    /// The day of the month, from 1.
    pub fn day(&self) -> u32 {
        u32::from(self.day)
    }

    /// Days since 1970-01-01.
    pub fn to_days(&self) -> i64 {
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day so many days after 1970-01-01.
    pub fn from_days(days: i64) -> Option<Date> {
        let shifted = days.checked_add(719_468)?;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Date::new(i32::try_from(year).ok()?, month as u32, day as u32)
    }

    /// The day of the week, 1 for Monday to 7 for Sunday.
    pub fn weekday(&self) -> u32 {
        (self.to_days() + 3).rem_euclid(7) as u32 + 1
    }

    /// The day of the year, from 1.
    pub fn day_of_year(&self) -> u32 {
        let first = Date { year: self.year, month: 1, day: 1 };
        (self.to_days() - first.to_days()) as u32 + 1
    }

    /// The week of the year as ISO 8601 counts it.
    pub fn week_of_year(&self) -> u32 {
        // A week belongs to the year of its Thursday.
        let thursday = self.to_days() + 4 - i64::from(self.weekday());
        let first = Date::from_days(thursday).map_or(1, |date| date.day_of_year());
        (first - 1) / 7 + 1
    }

    /// The same day so many months later; the last day of the month where that day is missing.
    pub fn checked_add_months(&self, duration: YearMonthDuration) -> Option<Date> {
        let months = i64::from(self.year) * 12 + i64::from(self.month) - 1;
        let months = months.checked_add(duration.months())?;
        let year = i32::try_from(months.div_euclid(12)).ok()?;
        let month = months.rem_euclid(12) as u32 + 1;
        Date::new(year, month, self.day().min(days_in_month(year, month)))
    }

    /// So many days later.
    pub fn checked_add_days(&self, days: i64) -> Option<Date> {
        Date::from_days(self.to_days().checked_add(days)?)
    }

    pub(super) fn scan(scanner: &mut Scanner<'_>) -> Option<Date> {
        let negative = scanner.eat('-');
        let year = scanner.digits();
        let canonical = year.len() == 4 || year.len() > 4 && year.len() <= 9 && !year.starts_with('0');
        if !canonical {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        if !scanner.eat('-') {
            return None;
        }
        let month = scanner.two()?;
        if !scanner.eat('-') {
            return None;
        }
        let day = scanner.two()?;
        Date::new(if negative { -year } else { year }, month, day)
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<Date, TemporalError> {
        let mut scanner = Scanner::new(text);
        match Date::scan(&mut scanner) {
            Some(date) if scanner.is_done() => Ok(date),
            _ => Err(TemporalError::new(text, "date")),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{:02}-{:02}", self.year.unsigned_abs(), self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
