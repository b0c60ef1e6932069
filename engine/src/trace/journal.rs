//! Lines in order, cut in the middle past a limit so that a runaway model cannot fill the memory.

use crate::trace::Line;
use std::collections::VecDeque;

/// How many lines a [`Journal`] keeps.
pub const LINES_MAX: usize = 100_000;

/// The first and the last lines of a trace.
#[derive(Clone, Debug)]
pub struct Journal {
    head: Vec<Line>,
    tail: VecDeque<Line>,
    omitted: u64,
    max: usize,
}

impl Default for Journal {
    fn default() -> Journal {
        Journal::with_max(LINES_MAX)
    }
}

impl Journal {
    /// A journal that keeps at most `max` lines, half of them from the beginning.
    pub fn with_max(max: usize) -> Journal {
        Journal { head: Vec::new(), tail: VecDeque::new(), omitted: 0, max }
    }

    /// Adds a line; where that is one too many, drops the oldest of the second half.
    pub fn push(&mut self, line: Line) {
        let half = self.max / 2;
        if self.head.len() < half {
            self.head.push(line);
            return;
        }
        if self.tail.len() >= self.max - half {
            self.tail.pop_front();
            self.omitted += 1;
        }
        self.tail.push_back(line);
    }

    /// The lines that were kept, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Line> {
        self.head.iter().chain(&self.tail)
    }

    /// How many lines were kept.
    pub fn len(&self) -> usize {
        self.head.len() + self.tail.len()
    }

    /// True before the first line.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.tail.is_empty()
    }

    /// How many lines are missing in the middle.
    pub fn omitted(&self) -> u64 {
        self.omitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Timestamp;
    use crate::trace::Word;

    fn line(seq: u64) -> Line {
        Line {
            seq,
            at: Timestamp(0),
            root: 1,
            instance: "1".into(),
            is_called: false,
            word: Word::Entered,
            element: "Task".into(),
            n: 1,
            is_body: false,
            details: Vec::new(),
        }
    }

    #[test]
    fn the_middle_is_cut() {
        let mut journal = Journal::with_max(5);
        for seq in 1..=9 {
            journal.push(line(seq));
        }
        let kept: Vec<u64> = journal.iter().map(|line| line.seq).collect();
        assert_eq!(kept, [1, 2, 7, 8, 9]);
        assert_eq!((journal.len(), journal.omitted()), (5, 4));
    }
}
