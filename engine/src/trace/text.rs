//! Lines as people read and write them: what is shown, what is folded into `passed`, how a line is spelled.

use crate::trace::{Detail, Line, Topic, Word};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Which of the words that need asking for are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Show {
    flows: bool,
    variables: bool,
    decisions: bool,
    messages: bool,
}

impl Show {
    /// Shows the words of one more topic.
    pub fn add(&mut self, topic: Topic) {
        *self.switch(topic) = true;
    }

    /// True where text shows that word.
    pub fn shows(mut self, word: Word) -> bool {
        word.topic().is_none_or(|topic| *self.switch(topic))
    }

    fn switch(&mut self, topic: Topic) -> &mut bool {
        match topic {
            Topic::Flows => &mut self.flows,
            Topic::Variables => &mut self.variables,
            Topic::Decisions => &mut self.decisions,
            Topic::Messages => &mut self.messages,
        }
    }
}

/// A word of the text form: those of the closed list, and the folding of two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextWord {
    /// `entered` and `completed` with nothing between.
    Passed,
    /// A word of the closed list.
    Plain(Word),
}

impl TextWord {
    /// The word as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            TextWord::Passed => "passed",
            TextWord::Plain(word) => word.as_str(),
        }
    }
}

impl FromStr for TextWord {
    type Err = crate::trace::UnknownWord;

    fn from_str(text: &str) -> Result<TextWord, Self::Err> {
        if text == "passed" { Ok(TextWord::Passed) } else { text.parse().map(TextWord::Plain) }
    }
}

/// One line of the text form.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLine {
    /// The root instance by order of creation, from 1.
    pub root: u32,
    /// The process instance.
    pub instance: Arc<str>,
    /// It was called by another, so that its lines always name it.
    pub is_called: bool,
    /// What happened.
    pub word: TextWord,
    /// The element is a body and the word does not say so.
    pub is_body: bool,
    /// The element.
    pub element: Arc<str>,
    /// Which activation of it.
    pub n: u32,
    /// What else there is to say; text shows a part of it.
    pub details: Vec<Detail>,
}

impl TextLine {
    fn new(line: &Line) -> TextLine {
        TextLine {
            root: line.root,
            instance: line.instance.clone(),
            is_called: line.is_called,
            word: TextWord::Plain(line.word),
            is_body: line.is_body && !line.word.is_of_body(),
            element: line.element.clone(),
            n: line.n,
            details: line.details.clone(),
        }
    }

    fn completes(&self, entered: &TextLine) -> bool {
        self.word == TextWord::Plain(Word::Completed)
            && entered.word == TextWord::Plain(Word::Entered)
            && self.root == entered.root
            && self.instance == entered.instance
            && self.element == entered.element
            && self.n == entered.n
    }

    /// The line as it is written; `with_label` names the instance even where it is a root.
    pub fn to_text(&self, with_label: bool) -> String {
        let mut text = String::new();
        if (with_label || self.is_called) && !self.instance.is_empty() {
            push_word(&mut text, &self.instance);
            text.push(' ');
        }
        text.push_str(self.word.as_str());
        text.push(' ');
        if self.is_body {
            text.push_str("body ");
        }
        push_word(&mut text, &self.element);
        if self.n != 1 {
            text.push_str(&format!("#{}", self.n));
        }
        for detail in self.details.iter().filter(|detail| detail.in_text) {
            text.push(' ');
            match detail.value.as_str() {
                Some(word) => push_word(&mut text, word),
                None => text.push_str(&tokenflow_feel::value::json::write(&detail.value)),
            }
        }
        text
    }
}

impl fmt::Display for TextLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(true))
    }
}

/// The lines that text shows, `entered` and `completed` folded into `passed` where nothing stands between.
pub fn fold<'a>(lines: impl IntoIterator<Item = &'a Line>, show: Show) -> Vec<TextLine> {
    let mut folded: Vec<TextLine> = Vec::new();
    for line in lines.into_iter().filter(|line| show.shows(line.word)) {
        let line = TextLine::new(line);
        match folded.last_mut() {
            Some(last) if line.completes(last) => last.word = TextWord::Passed,
            Some(_) | None => folded.push(line),
        }
    }
    folded
}

/// A word as a scenario spells it: in quotes where it would not read back as one plain word.
fn push_word(text: &mut String, word: &str) {
    let is_plain = !word.is_empty()
        && !word.starts_with(['{', '[', '(', '#', '"'])
        && !word.contains(|letter: char| letter.is_whitespace() || letter == '"' || letter.is_control());
    if is_plain {
        text.push_str(word);
        return;
    }
    text.push('"');
    for letter in word.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Timestamp;

    fn line(word: Word, element: &str, details: Vec<Detail>) -> Line {
        Line {
            seq: 1,
            at: Timestamp(0),
            root: 1,
            instance: "1".into(),
            is_called: false,
            word,
            element: element.into(),
            n: 1,
            is_body: false,
            details,
        }
    }

    fn texts(lines: &[Line], show: Show) -> Vec<String> {
        fold(lines, show).iter().map(|line| line.to_text(false)).collect()
    }

    #[test]
    fn hidden_lines_do_not_stop_the_folding() {
        let lines = [
            line(Word::Entered, "A", vec![]),
            line(Word::Taken, "Flow", vec![]),
            line(Word::Completed, "A", vec![]),
        ];
        assert_eq!(texts(&lines, Show::default()), ["passed A"]);
        let mut show = Show::default();
        show.add(Topic::Flows);
        assert_eq!(texts(&lines, show), ["entered A", "taken Flow", "completed A"]);
    }

    #[test]
    fn content_between_stops_the_folding() {
        let lines = [
            line(Word::Entered, "Sub", vec![]),
            line(Word::Entered, "A", vec![]),
            line(Word::Completed, "A", vec![]),
            line(Word::Completed, "Sub", vec![]),
        ];
        assert_eq!(texts(&lines, Show::default()), ["entered Sub", "passed A", "completed Sub"]);
    }

    #[test]
    fn details_are_quoted_where_needed() {
        let details = vec![Detail::shown("message", "no \"luck\" today"), Detail::shown("retries", 2)];
        let lines = [line(Word::JobFailed, "A", details)];
        assert_eq!(texts(&lines, Show::default()), ["job-failed A \"no \\\"luck\\\" today\" 2"]);
    }
}
