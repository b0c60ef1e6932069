//! The closed list of event words: the same in text, in JSON and in code.

use std::fmt;
use std::str::FromStr;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident => $text:literal;)*) => {
        /// One word of the trace.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Word {
            $($(#[$doc])* $name,)*
        }

        impl Word {
            /// All words, in the order of their declaration.
            pub const ALL: &[Word] = &[$(Word::$name),*];

            /// The word as it stands in text and JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Word::$name => $text,)*
                }
            }
        }
    };
}

words! {
    /// A process instance began.
    Started => "started";
    /// A process instance ended: status, code.
    Ended => "ended";
    /// An instance takes no answers.
    Suspended => "suspended";
    /// It takes them again.
    Resumed => "resumed";
    /// It goes on under another definition.
    Migrated => "migrated";
    /// An activation began.
    Entered => "entered";
    /// It completed.
    Completed => "completed";
    /// It ended without completing.
    Canceled => "canceled";
    /// The body of a loop or multi-instance activity began.
    BodyEntered => "body-entered";
    /// It completed.
    BodyCompleted => "body-completed";
    /// It ended without completing.
    BodyCanceled => "body-canceled";
    /// A token passed a sequence flow.
    Taken => "taken";
    /// A token waits at a join.
    Arrived => "arrived";
    /// The join fires.
    Joined => "joined";
    /// Work or an occurrence is open: kind.
    Waiting => "waiting";
    /// The trigger of a catch event occurred: kind, name or code, key.
    Triggered => "triggered";
    /// An event was thrown: kind, name or code, key.
    Thrown => "thrown";
    /// A job failed: message, retries.
    JobFailed => "job-failed";
    /// A person took a user task: user.
    Claimed => "claimed";
    /// A person gave it back.
    Released => "released";
    /// It was given to a person: user.
    Assigned => "assigned";
    /// A variable of a scope was set: name, value.
    VariableSet => "variable-set";
    /// The handler of a completed activity is about to run.
    Compensated => "compensated";
    /// Why a choice was made: expression, values, result.
    Decided => "decided";
    /// A problem that a person or a command resolves: kind, message.
    IncidentRaised => "incident-raised";
    /// It was resolved.
    IncidentResolved => "incident-resolved";
    /// A message with time-to-live is kept.
    Buffered => "buffered";
    /// A kept message found its receiver.
    Correlated => "correlated";
    /// A kept message was dropped.
    Expired => "expired";
}

/// What a scenario asks to see beside the ordinary words: `trace flows`, `trace variables`, …
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Topic {
    /// `taken`.
    Flows,
    /// `variable-set`.
    Variables,
    /// `decided`.
    Decisions,
    /// `buffered`, `correlated`, `expired`.
    Messages,
}

impl Topic {
    /// All topics.
    pub const ALL: &[Topic] = &[Topic::Flows, Topic::Variables, Topic::Decisions, Topic::Messages];

    /// The topic as a scenario names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Topic::Flows => "flows",
            Topic::Variables => "variables",
            Topic::Decisions => "decisions",
            Topic::Messages => "messages",
        }
    }
}

impl Word {
    /// The topic that shows the word in text; none where text always shows it.
    pub const fn topic(self) -> Option<Topic> {
        match self {
            Word::Taken => Some(Topic::Flows),
            Word::VariableSet => Some(Topic::Variables),
            Word::Decided => Some(Topic::Decisions),
            Word::Buffered | Word::Correlated | Word::Expired => Some(Topic::Messages),
            Word::Started
            | Word::Ended
            | Word::Suspended
            | Word::Resumed
            | Word::Migrated
            | Word::Entered
            | Word::Completed
            | Word::Canceled
            | Word::BodyEntered
            | Word::BodyCompleted
            | Word::BodyCanceled
            | Word::Arrived
            | Word::Joined
            | Word::Waiting
            | Word::Triggered
            | Word::Thrown
            | Word::JobFailed
            | Word::Claimed
            | Word::Released
            | Word::Assigned
            | Word::Compensated
            | Word::IncidentRaised
            | Word::IncidentResolved => None,
        }
    }

    /// True for the words that speak of a body by themselves.
    pub const fn is_of_body(self) -> bool {
        matches!(self, Word::BodyEntered | Word::BodyCompleted | Word::BodyCanceled)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is none of the words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an event word")]
pub struct UnknownWord(pub String);

impl FromStr for Word {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Word, UnknownWord> {
        Word::ALL
            .iter()
            .copied()
            .find(|word| word.as_str() == text)
            .ok_or_else(|| UnknownWord(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_reads_back() {
        for word in Word::ALL {
            assert_eq!(word.as_str().parse(), Ok(*word));
        }
        assert_eq!("passed".parse::<Word>(), Err(UnknownWord("passed".to_owned())));
    }

    #[test]
    fn six_words_need_a_topic() {
        assert_eq!(Word::ALL.iter().filter(|word| word.topic().is_some()).count(), 6);
    }
}
