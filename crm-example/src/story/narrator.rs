//! Reads the journal as it grows and tells it: who did what, what the clock did, what was decided.

mod case;

use super::phrase::phrase;
use super::scenes::Person;
use super::{StoryError, ZONE};
use crate::office::{Letter, Office};
use crate::timeline::{Entry, StepTimes, Timeline};
use case::Case;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use tokenflow::event::Status;
use tokenflow::id::{InstanceId, Timestamp};
use tokenflow::runtime::store::Position;
use tokenflow::runtime::{Committed, Runtime, TaskView};
use tokenflow::trace::{Line, Tracer, Word};

const TITLE: &str =
    "A lead becomes a paid invoice: three processes of a furniture company, told on a virtual clock.";

pub(super) struct Narrator<W> {
    timeline: Timeline<W>,
    runtime: Runtime,
    office: Arc<Office>,
    tracer: Tracer,
    next: Position,
    letters_told: usize,
    cases: BTreeMap<InstanceId, Case>,
    times: StepTimes,
}

/// One line, collected from several lines of the journal.
struct Draft {
    at: Timestamp,
    role: String,
    what: String,
    details: Vec<String>,
    /// The step has written to somebody.
    is_letter: bool,
}

/// What the lines so far say about the line to come.
#[derive(Default)]
struct Hints {
    details: Vec<String>,
    is_timer: bool,
    outcome: Option<String>,
}

impl Hints {
    /// A result and the output mapping of it say the same.
    fn add(&mut self, detail: Option<String>) {
        if let Some(detail) = detail.filter(|detail| !self.details.contains(detail)) {
            self.details.push(detail);
        }
    }
}

impl<W: Write> Narrator<W> {
    pub(super) fn new(out: W, runtime: &Runtime, office: Arc<Office>) -> Result<Narrator<W>, StoryError> {
        Ok(Narrator {
            timeline: Timeline::new(out, TITLE)?,
            runtime: runtime.clone(),
            office,
            tracer: Tracer::new(),
            next: Position::default(),
            letters_told: 0,
            cases: BTreeMap::new(),
            times: StepTimes::default(),
        })
    }

    /// Tells what was committed since the last time.
    pub(super) fn catch_up(&mut self) -> Result<(), StoryError> {
        for committed in self.runtime.tail(self.next)? {
            self.next = Position(committed.position.0 + 1);
            if !committed.transition.events.is_empty() {
                self.tell(&committed)?;
            }
        }
        Ok(())
    }

    /// The deal, or the month, that an instance is about.
    pub(super) fn case(&self, instance: InstanceId) -> &str {
        self.cases.get(&instance).map_or("", |case| &case.name)
    }

    /// What somebody sees on opening the worklist.
    pub(super) fn worklist(&mut self, person: Person, tasks: &[TaskView]) -> Result<(), StoryError> {
        let now = local(self.runtime.now());
        let lines: Vec<String> = tasks.iter().map(|task| self.task(task, now.date())).collect();
        let heading = format!("{}'s worklist ({})", person.name, person.group);
        Ok(self.timeline.list(now, &heading, &lines)?)
    }

    fn task(&self, task: &TaskView, today: NaiveDate) -> String {
        let name = task.name.as_deref().unwrap_or(&task.element);
        let due = task.due_date.as_deref().and_then(|due| due.get(..10)?.parse::<NaiveDate>().ok());
        let due = due.map_or(String::new(), |due| {
            let late = if due < today { "LATE, " } else { "" };
            format!(", {late}due on {}", due.format("%A, %-d %B"))
        });
        format!("{name} ({}){due}", self.case(task.key.instance))
    }

    /// Ends with the times of all steps and with what is still open.
    pub(super) fn finish(self) -> Result<(), StoryError> {
        let active = self.runtime.instances().status(Status::Active).count()?;
        let troubled = self.runtime.instances().with_incident().count()?;
        let all = self.runtime.instances().count()?;
        let table = self.times.table();
        let rest = format!("{all} process instances: {active} still open, {troubled} with an incident.");
        Ok(self.timeline.close(&format!("How long each step took\n\n{table}\n{rest}\n"))?)
    }

    fn tell(&mut self, committed: &Committed) -> Result<(), StoryError> {
        let instance = committed.instance;
        let lines = self.tracer.expand(&self.runtime.library(), instance, &committed.transition);
        if !self.cases.contains_key(&instance) {
            let case = Case::of(&self.runtime, instance)?;
            self.cases.insert(instance, case);
        }
        let case = self.cases.get_mut(&instance).expect("it was put there just now");
        let by = committed.by.as_deref();
        let letters = self.office.letters().into_iter().skip(self.letters_told);
        let (hints, drafts, times) = (Hints::default(), Vec::new(), &mut self.times);
        let mut reading = Reading { case, by, letters, hints, drafts, times };
        lines.iter().for_each(|line| reading.line(line));
        for Draft { at, role, what, details, is_letter } in reading.drafts {
            self.letters_told += usize::from(is_letter);
            let (at, case, detail) = (local(at), &*self.cases[&instance].name, &*details.join("; "));
            self.timeline.add(Entry { at, case, who: &role, what: &what, detail })?;
        }
        Ok(())
    }
}

/// The lines of one transition, as they are read.
struct Reading<'a, L> {
    case: &'a mut Case,
    by: Option<&'a str>,
    letters: L,
    hints: Hints,
    drafts: Vec<Draft>,
    times: &'a mut StepTimes,
}

impl<L: Iterator<Item = Letter>> Reading<'_, L> {
    fn line(&mut self, line: &Line) {
        match line.word {
            Word::Entered => self.case.enter(line),
            Word::VariableSet => self.hints.add(phrase(line)),
            Word::Triggered => self.hints.is_timer = detail(line, "kind") == Some("timer"),
            Word::Completed => self.completed(line),
            Word::Taken => {
                if let (Some(choice), Some(draft)) = (self.case.choice(line), self.drafts.last_mut()) {
                    draft.details.push(choice);
                }
            }
            Word::IncidentRaised => self.drafts.push(self.case.incident(line)),
            Word::Ended => self.drafts.push(self.case.ended(line, &mut self.hints)),
            Word::Started
            | Word::Suspended
            | Word::Resumed
            | Word::Migrated
            | Word::Canceled
            | Word::BodyEntered
            | Word::BodyCompleted
            | Word::BodyCanceled
            | Word::Arrived
            | Word::Joined
            | Word::Waiting
            | Word::Thrown
            | Word::JobFailed
            | Word::Claimed
            | Word::Released
            | Word::Assigned
            | Word::Compensated
            | Word::Decided
            | Word::IncidentResolved
            | Word::Buffered
            | Word::Correlated
            | Word::Expired => {}
        }
    }

    fn completed(&mut self, line: &Line) {
        self.case.record(line, self.times);
        let Some(mut draft) = self.case.completed(line, self.by, &mut self.hints) else { return };
        if draft.is_letter {
            // Letters go out in the order in which the tasks that send them complete.
            draft
                .details
                .extend(self.letters.next().map(|letter| format!("to {}: {}", letter.to, letter.about)));
        }
        self.drafts.push(draft);
    }
}

fn detail<'a>(line: &'a Line, name: &str) -> Option<&'a str> {
    line.details.iter().find(|detail| detail.name == name)?.value.as_str()
}

fn between(from: Timestamp, to: Timestamp) -> TimeDelta {
    TimeDelta::microseconds(to.0.saturating_sub(from.0))
}

fn local(at: Timestamp) -> NaiveDateTime {
    at.to_utc().unwrap_or_default().with_timezone(&ZONE).naive_local()
}
