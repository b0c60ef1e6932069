//! The Polish working calendar: Saturdays, Sundays and the days of the Act on Days Free from Work.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Free days with a fixed date, as month and day. Christmas Eve is one since 2025.
const FIXED: [(u32, u32); 9] =
    [(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)];

/// From this year on Christmas Eve is free.
const FREE_CHRISTMAS_EVE_SINCE: i32 = 2025;

/// The free days after Easter Sunday, by their distance: itself, Monday, Pentecost and Corpus Christi.
const AFTER_EASTER: [i64; 4] = [0, 1, 49, 60];

/// Easter Sunday of the Gregorian calendar, by the rule that Oudin published in 1940.
pub fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let century = year.div_euclid(100);
    let leap_centuries = century.div_euclid(4);
    let epact =
        (century - leap_centuries - (8 * century + 13).div_euclid(25) + 19 * golden + 15).rem_euclid(30);
    let exception = (epact / 28) * (1 - (epact / 28) * (29 / (epact + 1)) * ((21 - golden) / 11));
    let full_moon = epact - exception;
    let weekday = (year + year.div_euclid(4) + full_moon + 2 - century + leap_centuries).rem_euclid(7);
    let from_march_28 = full_moon - weekday;
    let month = 3 + (from_march_28 + 40) / 44;
    let day = from_march_28 + 28 - 31 * (month / 4);
    NaiveDate::from_ymd_opt(year, month.try_into().ok()?, day.try_into().ok()?)
}

/// Whether the law makes this day free, whatever weekday it is.
pub fn is_holiday(day: NaiveDate) -> bool {
    let date = (day.month(), day.day());
    if FIXED.contains(&date) || (date == (12, 24) && day.year() >= FREE_CHRISTMAS_EVE_SINCE) {
        return true;
    }
    easter(day.year()).is_some_and(|easter| AFTER_EASTER.contains(&(day - easter).num_days()))
}

/// Whether people are at work.
pub fn is_working_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !is_holiday(day)
}

/// The first working day after this one; none at the end of the calendar.
pub fn next_working_day(day: NaiveDate) -> Option<NaiveDate> {
    let mut next = day.checked_add_days(Days::new(1))?;
    while !is_working_day(next) {
        next = next.checked_add_days(Days::new(1))?;
    }
    Some(next)
}

/// The same day, or the next working day where nobody works: how article 115 of the Civil Code moves a deadline.
pub fn on_a_working_day(day: NaiveDate) -> Option<NaiveDate> {
    if is_working_day(day) { Some(day) } else { next_working_day(day) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn easter_falls_where_the_almanac_has_it() {
        for (year, month, sunday) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (1954, 4, 18),
            (1981, 4, 19),
            (2000, 4, 23),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
        ] {
            assert_eq!(easter(year), Some(day(year, month, sunday)), "{year}");
        }
    }

    #[test]
    fn easter_is_always_a_sunday_in_spring() {
        for year in 1583..3000 {
            let sunday = easter(year).unwrap();
            assert_eq!(sunday.weekday(), Weekday::Sun, "{year}");
            assert!(sunday >= day(year, 3, 22) && sunday <= day(year, 4, 25), "{sunday}");
        }
    }

    #[test]
    fn the_free_days_of_2026() {
        let first = day(2026, 1, 1);
        let free: Vec<_> = first
            .iter_days()
            .take(365)
            .filter(|day| is_holiday(*day))
            .map(|day| (day.month(), day.day()))
            .collect();
        let expected = [
            (1, 1),
            (1, 6),
            (4, 5),
            (4, 6),
            (5, 1),
            (5, 3),
            (5, 24),
            (6, 4),
            (8, 15),
            (11, 1),
            (11, 11),
            (12, 24),
            (12, 25),
            (12, 26),
        ];
        assert_eq!(free, expected);
    }

    #[test]
    fn christmas_eve_was_a_working_day_before() {
        assert!(is_working_day(day(2024, 12, 24)));
        assert!(!is_working_day(day(2025, 12, 24)));
    }

    #[test]
    fn deadlines_move_over_free_days() {
        // 10 November 2026 is a Tuesday, the 11th is Independence Day.
        assert_eq!(next_working_day(day(2026, 11, 10)), Some(day(2026, 11, 12)));
        // Christmas 2026: Thursday and Friday free, Saturday, Sunday.
        assert_eq!(on_a_working_day(day(2026, 12, 24)), Some(day(2026, 12, 28)));
        assert_eq!(on_a_working_day(day(2026, 12, 28)), Some(day(2026, 12, 28)));
    }
}
