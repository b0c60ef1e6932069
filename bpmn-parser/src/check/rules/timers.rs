//! Timers have one form, and literal values are written as ISO 8601 asks (R081, R082).

use super::context::Checker;
use super::events::each_definition;
use crate::Severity;
use crate::model::{EventDefinition, Expression, FlowElementIx, TimerEventDefinition};

/// A value is taken for a literal where it begins like one.
#[derive(Clone, Copy)]
enum Form {
    Date,
    Duration,
    Cycle,
}

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for (row, definition) in each_definition(checker) {
        if let EventDefinition::Timer(timer) = definition {
            timer_definition(checker, row, timer);
        }
    }
}

fn timer_definition(checker: &mut Checker<'_, '_>, row: FlowElementIx, timer: &TimerEventDefinition) {
    let severity = checker.executed_at(row, Severity::Error);
    let forms = [
        (Form::Date, &timer.time_date),
        (Form::Duration, &timer.time_duration),
        (Form::Cycle, &timer.time_cycle),
    ];
    let given: Vec<(Form, &Expression)> =
        forms.into_iter().filter_map(|(form, expression)| Some((form, expression.as_ref()?))).collect();
    if given.len() != 1 {
        let message = format!(
            "a timer has exactly one of `timeDate`, `timeDuration` and `timeCycle`; this one has {}",
            given.len()
        );
        checker.find(severity, 81, checker.part(row, timer), message);
    }
    for (form, expression) in given {
        let text = expression.body.text.trim();
        if begins_like_a_literal(text) && !is_valid(form, text) {
            let message = format!("`{}` is not {}", shortened(text), described(form));
            checker.find(severity, 82, checker.part(row, expression), message);
        }
    }
}

fn described(form: Form) -> &'static str {
    match form {
        Form::Date => "an ISO-8601 date and time",
        Form::Duration => "an ISO-8601 duration",
        Form::Cycle => "an ISO-8601 repeating interval",
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

/// `2026-…`, `P1…`, `PT1…`, `R3/…`: nobody means an expression by these.
fn begins_like_a_literal(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let date = digits == 4 && text[4..].starts_with('-');
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let duration = unsigned
        .strip_prefix('P')
        .is_some_and(|rest| rest.strip_prefix('T').unwrap_or(rest).starts_with(|c: char| c.is_ascii_digit()));
    let cycle = text.strip_prefix('R').is_some_and(|rest| {
        let count = rest.strip_prefix('-').unwrap_or(rest);
        count.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('/')
    });
    date || duration || cycle
}

fn is_valid(form: Form, text: &str) -> bool {
    match form {
        Form::Date => is_moment(text),
        Form::Duration => is_duration(text),
        Form::Cycle => is_cycle(text),
    }
}

fn is_cycle(text: &str) -> bool {
    let mut parts = text.split('/');
    let count = parts.next().and_then(|first| first.strip_prefix('R'));
    let counted = count.is_some_and(|it| it == "-1" || it.bytes().all(|b| b.is_ascii_digit()));
    let rest: Vec<&str> = parts.collect();
    counted
        && match rest.as_slice() {
            [period] => is_duration(period),
            [first, second] => {
                (is_duration(first) && is_moment(second)) || (is_moment(first) && is_duration(second))
            }
            [start, period, end] => is_moment(start) && is_duration(period) && is_moment(end),
            _ => false,
        }
}

fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-').unwrap_or(text).strip_prefix('P') else { return false };
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return false,
        Some((date, time)) => (date, time),
        None if rest.is_empty() => return false,
        None => (rest, ""),
    };
    has_fields(date, "YMWD") && has_fields(time, "HMS")
}

/// Numbers, each with its unit, in the order of `units`; only seconds have a fraction.
fn has_fields(text: &str, units: &str) -> bool {
    let mut allowed = units;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
        let Some((number, after)) = end.and_then(|end| rest.split_at_checked(end)) else { return false };
        let Some(unit) = after.chars().next() else { return false };
        let Some(at) = allowed.find(unit) else { return false };
        let whole = number.bytes().all(|b| b.is_ascii_digit());
        let fraction = unit == 'S'
            && number
                .split_once('.')
                .is_some_and(|(whole, part)| !whole.is_empty() && !part.is_empty() && !part.contains('.'));
        if number.is_empty() || !(whole || fraction) {
            return false;
        }
        allowed = &allowed[at + unit.len_utf8()..];
        rest = &after[unit.len_utf8()..];
    }
    true
}

/// A date of the calendar, alone or with a time, an offset, `Z` or a named zone.
fn is_moment(text: &str) -> bool {
    let (text, zone) = text.split_once('@').unwrap_or((text, "UTC"));
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    !zone.is_empty() && is_date(date) && time.is_none_or(is_time)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn is_time(text: &str) -> bool {
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, "Z"),
    };
    let offset_is_right = match offset.strip_prefix(['+', '-']) {
        Some(offset) => {
            let (hours, minutes) =
                offset.split_once(':').or_else(|| offset.split_at_checked(2)).unwrap_or((offset, ""));
            number(hours, 2).is_some_and(|it| it < 24) && number(minutes, 2).is_some_and(|it| it < 60)
        }
        None => offset == "Z",
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (hours, minutes, "00"),
        [hours, minutes, seconds] => (hours, minutes, *seconds),
        _ => return false,
    };
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let fraction_is_right = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    offset_is_right
        && fraction_is_right
        && number(hours, 2).is_some_and(|it| it <= 24)
        && number(minutes, 2).is_some_and(|it| it < 60)
        && number(seconds, 2).is_some_and(|it| it <= 60)
}

fn number(text: &str, digits: usize) -> Option<u32> {
    let right = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    right.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_told_from_expressions() {
        for text in ["P1D", "PT1H", "-PT5M", "R/PT1H", "R3/1H", "2026-02-30", "2026-13-01T00:00"] {
            assert!(begins_like_a_literal(text), "{text}");
        }
        for text in ["due", "Period", "PTO", "Repeat", "= P1D", "0 0 9 * * *", "${due}", "now() + x", "é"] {
            assert!(!begins_like_a_literal(text), "{text}");
        }
    }

    #[test]
    fn each_form_is_read_as_the_standard_asks() {
        for right in ["2026-02-28", "2028-02-29T10:00", "2026-01-01T10:00:00.5Z", "2026-01-01T10:00:00+02:00"]
        {
            assert!(is_moment(right), "{right}");
        }
        for wrong in [
            "2026-02-29",
            "2026-1-1",
            "2026-01-01T25:00",
            "2026-01-01T10",
            "2026-01-01T10:00+2é",
            "2026-01-01T10:00+é",
        ] {
            assert!(!is_moment(wrong), "{wrong}");
        }
        for right in ["P1Y2M3W4DT5H6M7.5S", "PT0S", "P1W"] {
            assert!(is_duration(right), "{right}");
        }
        for wrong in ["P", "PT", "P1H", "P1.5D", "PT1", "P1M1Y", "1H"] {
            assert!(!is_duration(wrong), "{wrong}");
        }
        for right in ["R/PT1H", "R3/2026-01-01T00:00Z/P1D", "R2/P1D/2026-01-01", "R-1/PT1H"] {
            assert!(is_cycle(right), "{right}");
        }
        for wrong in ["PT1H", "R3/1H", "R/", "Rx/PT1H", "R1/PT1H/PT1H"] {
            assert!(!is_cycle(wrong), "{wrong}");
        }
    }
}
