//! Tests of timers.

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

#[test]
fn the_end_of_the_calendar_is_no_moment() {
    let warsaw: Tz = "Europe/Warsaw".parse().unwrap();
    let last = Timestamp::from(chrono::DateTime::<chrono::Utc>::MAX_UTC);
    let day = parse_period("P1D").unwrap();
    assert_eq!(day.add(last, 1, warsaw), None);
    assert_eq!(day.add(last, 1, Tz::UTC), None);
    let daily = TimerSpec::parse(TimerForm::CycleOrCron, "0 9 * * *", warsaw, false).unwrap();
    assert_eq!(daily.first_after(last, 1, last, warsaw), None);
}
