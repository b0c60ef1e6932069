//! Dated lines for people, and a small table of how long each step took.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Writes what happens, with a heading for each day.
pub struct Timeline<W> {
    out: W,
    day: Option<NaiveDate>,
}

/// One line of the timeline.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// When, on the clock on the wall.
    pub at: NaiveDateTime,
    /// Which deal.
    pub case: &'a str,
    /// Whose line it is: a role, a person, or the system.
    pub who: &'a str,
    /// What happened.
    pub what: &'a str,
    /// What else there is to know, or nothing.
    pub detail: &'a str,
}

const WHO_WIDTH: usize = 10;
const CASE_WIDTH: usize = 7;
const WHAT_WIDTH: usize = 33;

impl<W: Write> Timeline<W> {
    /// A timeline that begins with its title.
    pub fn new(mut out: W, title: &str) -> io::Result<Timeline<W>> {
        writeln!(out, "{title}")?;
        Ok(Timeline { out, day: None })
    }

    /// Adds a line, under the heading of its day.
    pub fn add(&mut self, entry: Entry<'_>) -> io::Result<()> {
        self.turn_to(entry.at.date())?;
        let line = format!(
            "  {}  {:CASE_WIDTH$}  {:WHO_WIDTH$}  {:WHAT_WIDTH$}  {}",
            entry.at.format("%H:%M"),
            entry.case,
            entry.who,
            entry.what,
            entry.detail
        );
        writeln!(self.out, "{}", line.trim_end())
    }

    /// Adds a list that belongs to a moment: a worklist.
    pub fn list(&mut self, at: NaiveDateTime, heading: &str, lines: &[String]) -> io::Result<()> {
        self.turn_to(at.date())?;
        writeln!(self.out, "  {}  {heading}", at.format("%H:%M"))?;
        for line in lines {
            writeln!(self.out, "{:9}- {line}", "")?;
        }
        Ok(())
    }

    /// Adds text below everything.
    pub fn close(mut self, text: &str) -> io::Result<()> {
        write!(self.out, "\n{text}")?;
        self.out.flush()
    }

    fn turn_to(&mut self, day: NaiveDate) -> io::Result<()> {
        if self.day != Some(day) {
            self.day = Some(day);
            writeln!(self.out, "\n{}", day.format("%A, %-d %B %Y"))?;
        }
        Ok(())
    }
}

/// How often and how long each step was worked on or waited for, in the order in which the steps first ended.
#[derive(Clone, Debug, Default)]
pub struct StepTimes {
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    name: String,
    role: String,
    runs: Vec<TimeDelta>,
}

impl StepTimes {
    /// One run of a step has ended.
    pub fn record(&mut self, name: &str, role: &str, took: TimeDelta) {
        match self.steps.iter_mut().find(|step| step.name == name && step.role == role) {
            Some(step) => step.runs.push(took),
            None => self.steps.push(Step { name: name.to_owned(), role: role.to_owned(), runs: vec![took] }),
        }
    }

    /// The steps that took any time, as a table.
    pub fn table(&self) -> String {
        let mut table = format!(
            "{:30} {:WHO_WIDTH$} {:>5} {:>12} {:>12}\n",
            "Step", "Role", "times", "on average", "at most"
        );
        for Step { name, role, runs } in &self.steps {
            let all: TimeDelta = runs.iter().sum();
            let Some(longest) = runs.iter().max().filter(|longest| !longest.is_zero()) else { continue };
            let count = i32::try_from(runs.len()).unwrap_or(i32::MAX);
            let (average, longest) = (duration(all / count), duration(*longest));
            writeln!(table, "{name:30} {role:WHO_WIDTH$} {:>5} {average:>12} {longest:>12}", runs.len())
                .expect("a string takes everything");
        }
        table
    }
}

/// A duration in its two largest units: `2 d 22 h`, `3 h 05 min`, `12 min`.
pub fn duration(length: TimeDelta) -> String {
    let (days, hours, minutes) = (length.num_days(), length.num_hours() % 24, length.num_minutes() % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h {minutes:02} min"),
        (days, hours) => format!("{days} d {hours:02} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn each_day_has_one_heading() {
        let mut out = Vec::new();
        let mut timeline = Timeline::new(&mut out, "A deal").unwrap();
        let entry = |moment, what| Entry { at: at(moment), case: "D-1", who: "Sales", what, detail: "" };
        timeline.add(entry("2026-11-02T09:14:00", "Call the customer")).unwrap();
        timeline
            .add(Entry { detail: "by phone", ..entry("2026-11-02T10:00:00", "Draft the offer") })
            .unwrap();
        timeline.list(at("2026-11-03T08:00:00"), "Anna's worklist", &["one task".to_owned()]).unwrap();
        timeline.close("the end\n").unwrap();
        let expected = "\
A deal

Monday, 2 November 2026
  09:14  D-1      Sales       Call the customer
  10:00  D-1      Sales       Draft the offer                    by phone

Tuesday, 3 November 2026
  08:00  Anna's worklist
         - one task

the end
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn durations_show_their_two_largest_units() {
        assert_eq!(duration(TimeDelta::minutes(12)), "12 min");
        assert_eq!(duration(TimeDelta::minutes(185)), "3 h 05 min");
        assert_eq!(duration(TimeDelta::hours(70)), "2 d 22 h");
        assert_eq!(duration(TimeDelta::zero()), "0 min");
    }

    #[test]
    fn the_table_averages_the_runs_and_leaves_out_what_took_no_time() {
        let mut times = StepTimes::default();
        times.record("Call the customer", "Sales", TimeDelta::hours(10));
        times.record("Score the lead", "Marketing", TimeDelta::zero());
        times.record("Call the customer", "Sales", TimeDelta::hours(20));
        let table = times.table();
        let rows: Vec<&str> = table.lines().skip(1).collect();
        assert_eq!(rows, ["Call the customer              Sales          2  15 h 00 min  20 h 00 min"]);
    }
}
