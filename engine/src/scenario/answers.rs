//! Standing answers: which of them answers an open job or user task, and when.

use crate::id::Timestamp;
use crate::runtime::JobKey;
use crate::scenario::statement::{Answer, Reply};
use std::time::Duration;

/// A job or user task that waits for an answer.
#[derive(Clone, Debug)]
pub(super) struct OpenWork {
    pub(super) at: JobKey,
    pub(super) element: String,
    pub(super) n: u32,
    /// None for a user task.
    pub(super) job_type: Option<String>,
    pub(super) opened_at: Timestamp,
}

/// A standing answer and how often it was used.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// The line of the scenario, for reports.
    pub(super) line: u32,
    /// As it is written.
    pub(super) text: String,
    pub(super) answer: Answer,
    /// The wait before it answers.
    pub(super) delay: Duration,
    used: u64,
}

/// All standing answers, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    standing: Vec<Standing>,
}

/// The classes of patterns, the first that fits wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Activation,
    Element,
    JobType,
    Any,
}

impl Answers {
    pub(super) fn add(&mut self, line: u32, text: &str, answer: Answer, delay: Duration) {
        self.standing.push(Standing { line, text: text.to_owned(), answer, delay, used: 0 });
    }

    /// The first of the open work, oldest first, whose answer is due; with the answer's place.
    pub(super) fn due(
        &self,
        open: impl IntoIterator<Item = OpenWork>,
        now: Timestamp,
    ) -> Option<(OpenWork, usize)> {
        if self.standing.is_empty() {
            return None;
        }
        open.into_iter().find_map(|work| {
            let index = self.select(&work)?;
            (self.due_at(&work, index)? <= now).then_some((work, index))
        })
    }

    /// When the next answer is due that is not due yet.
    pub(super) fn next_due(
        &self,
        open: impl IntoIterator<Item = OpenWork>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        if self.standing.is_empty() {
            return None;
        }
        let times = open.into_iter().filter_map(|work| self.due_at(&work, self.select(&work)?));
        times.filter(|due| *due > now).min()
    }

    pub(super) fn get(&self, index: usize) -> &Standing {
        &self.standing[index]
    }

    pub(super) fn spend(&mut self, index: usize) {
        self.standing[index].used += 1;
    }

    fn due_at(&self, work: &OpenWork, index: usize) -> Option<Timestamp> {
        let standing = &self.standing[index];
        if matches!(standing.answer.reply, Reply::Ignore) {
            return None;
        }
        Some(Timestamp(
            work.opened_at.0.saturating_add(i64::try_from(standing.delay.as_micros()).unwrap_or(i64::MAX)),
        ))
    }

    /// The line that wins: by class, within a class the first that is not spent.
    fn select(&self, work: &OpenWork) -> Option<usize> {
        let fitting = self.standing.iter().enumerate().filter(|(_, standing)| !standing.is_spent());
        fitting
            .filter_map(|(index, standing)| Some((standing.class(work)?, index)))
            .min()
            .map(|(_, index)| index)
    }
}

impl Standing {
    fn is_spent(&self) -> bool {
        self.answer.times.is_some_and(|times| self.used >= times)
    }

    fn class(&self, work: &OpenWork) -> Option<Class> {
        let pattern = self.answer.pattern.as_str();
        if self.answer.n.is_some_and(|n| n != work.n) {
            return None;
        }
        if pattern == work.element {
            return Some(if self.answer.n.is_some() { Class::Activation } else { Class::Element });
        }
        if work.job_type.as_deref() == Some(pattern) {
            return Some(Class::JobType);
        }
        (pattern == "*").then_some(Class::Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ElementKey, InstanceId};
    use crate::scenario::grammar;
    use crate::scenario::statement::StatementKind;

    fn answers(text: &str) -> Answers {
        let mut answers = Answers::default();
        for block in grammar::parse(text).expect("a scenario") {
            for statement in block.statements {
                let StatementKind::On(answer) = statement.kind else { panic!("an answer") };
                let delay = Duration::from_secs(if answer.after.is_some() { 3_600 } else { 0 });
                answers.add(statement.line, &statement.text, answer, delay);
            }
        }
        answers
    }

    fn work(element: &str, n: u32, job_type: Option<&str>) -> OpenWork {
        OpenWork {
            at: JobKey { instance: InstanceId(1), key: ElementKey(n + 1) },
            element: element.to_owned(),
            n,
            job_type: job_type.map(str::to_owned),
            opened_at: Timestamp(0),
        }
    }

    fn line(answers: &Answers, work: &OpenWork) -> Option<u32> {
        answers.select(work).map(|index| answers.get(index).line)
    }

    #[test]
    fn the_narrowest_class_wins() {
        let answers = answers("on * complete\non mail complete\non A complete\non A #2 complete\n");
        assert_eq!(line(&answers, &work("A", 2, Some("mail"))), Some(4));
        assert_eq!(line(&answers, &work("A", 1, Some("mail"))), Some(3));
        assert_eq!(line(&answers, &work("B", 1, Some("mail"))), Some(2));
        assert_eq!(line(&answers, &work("B", 1, None)), Some(1));
    }

    #[test]
    fn a_spent_line_gives_way_to_the_next() {
        let mut answers = answers("on A once fail \"no\"\non A complete\n");
        let open = [work("A", 1, None)];
        assert_eq!(answers.due(open.clone(), Timestamp(0)).map(|(_, index)| index), Some(0));
        answers.spend(0);
        assert_eq!(answers.due(open.clone(), Timestamp(0)).map(|(_, index)| index), Some(1));
    }

    #[test]
    fn a_delayed_answer_waits_and_ignore_never_answers() {
        let answers = answers("on A after PT1H complete\non B ignore\non * complete\n");
        let open = [work("B", 1, None), work("A", 1, None)];
        assert!(answers.due(open.clone(), Timestamp(0)).is_none());
        assert_eq!(answers.next_due(open.clone(), Timestamp(0)), Some(Timestamp(3_600_000_000)));
        assert!(answers.due(open.clone(), Timestamp(3_600_000_000)).is_some());
    }
}
