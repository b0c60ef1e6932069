//! Dates, times and durations, with the calendar of ISO 8601 without bounds that matter.

mod date;
mod date_time;
mod duration;
mod time;
mod zone;

use std::fmt;

pub use date::Date;
pub use date_time::DateTime;
pub use duration::{DayTimeDuration, YearMonthDuration};
pub use time::Time;
pub use zone::Zone;

pub(crate) const NANOS_PER_SECOND: i64 = 1_000_000_000;
pub(crate) const SECONDS_PER_DAY: i64 = 86_400;
pub(crate) const NANOS_PER_DAY: i64 = SECONDS_PER_DAY * NANOS_PER_SECOND;

/// Why a text is no date, time or duration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemporalError {
    /// The text, shortened.
    pub text: String,
    /// What it should have been.
    pub kind: &'static str,
}

impl fmt::Display for TemporalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a {}", self.text, self.kind)
    }
}

impl std::error::Error for TemporalError {}

impl TemporalError {
    fn new(text: &str, kind: &'static str) -> TemporalError {
        TemporalError { text: text.chars().take(80).collect(), kind }
    }
}

/// Reads the digits at the front of a text.
struct Scanner<'t> {
    rest: &'t str,
}

impl<'t> Scanner<'t> {
    fn new(rest: &'t str) -> Scanner<'t> {
        Scanner { rest }
    }

    fn eat(&mut self, expected: char) -> bool {
        match self.rest.strip_prefix(expected) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn digits(&mut self) -> &'t str {
        let end = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    /// Exactly two digits.
    fn two(&mut self) -> Option<u32> {
        let digits = self.digits();
        if digits.len() == 2 { digits.parse().ok() } else { None }
    }

    fn is_done(&self) -> bool {
        self.rest.is_empty()
    }
}

/// A fraction of a second in nanoseconds, printed with a point and without trailing zeros.
fn write_fraction(f: &mut fmt::Formatter<'_>, nanos: u32) -> fmt::Result {
    if nanos == 0 {
        return Ok(());
    }
    let digits = format!("{nanos:09}");
    write!(f, ".{}", digits.trim_end_matches('0'))
}

/// The nanoseconds that the digits behind a point stand for; further digits are cut off.
fn nanos_of(digits: &str) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    let digits = digits.get(..digits.len().min(9))?;
    let value: u32 = digits.parse().ok()?;
    Some(value * 10_u32.pow(9 - digits.len() as u32))
}
