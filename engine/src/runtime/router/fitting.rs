//! Which open subscriptions of one process a message fits, and which of them get it (8.4.2, 13.3.3, rule 22).

use super::RouteError;
use crate::command::{Rejection, RejectionCode};
use crate::id::{ElementKey, InstanceId};
use crate::process::Library;
use crate::runtime::record::{Posted, key_text};
use crate::runtime::store::SubscriptionRow;
use std::collections::{BTreeMap, BTreeSet};

/// How a message fits a subscription.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    /// Both have the same key.
    Key,
    /// One of them has none.
    Name,
}

/// The key of a message, as the receiving process sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
enum MessageKey {
    /// The process reads none from it, and it was published without: the name alone decides.
    Free,
    /// The process reads a key from such messages, but this one lacks a part of it.
    Incomplete,
    /// It has this key.
    Known(String),
}

/// Compares one message with subscriptions; what each process reads as its key is read once.
pub(super) struct Matcher<'a> {
    library: &'a Library,
    posted: &'a Posted,
    explicit: Option<String>,
    keys: BTreeMap<(String, u32), MessageKey>,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(library: &'a Library, posted: &'a Posted) -> Matcher<'a> {
        Matcher { library, posted, explicit: posted.key_text(), keys: BTreeMap::new() }
    }

    /// The key under which the message was published.
    pub(super) fn explicit(&self) -> Option<&str> {
        self.explicit.as_deref()
    }

    pub(super) fn fit(&mut self, row: &SubscriptionRow) -> Option<Fit> {
        if self.posted.to.is_some_and(|to| to != row.at.instance) {
            return None;
        }
        match (self.key_for(row), &row.key) {
            (MessageKey::Free, _) | (MessageKey::Incomplete | MessageKey::Known(_), None) => Some(Fit::Name),
            (MessageKey::Known(key), Some(wanted)) => (key == wanted).then_some(Fit::Key),
            (MessageKey::Incomplete, Some(_)) => None,
        }
    }

    fn key_for(&mut self, row: &SubscriptionRow) -> &MessageKey {
        let (library, posted, explicit) = (self.library, self.posted, &self.explicit);
        self.keys.entry((row.process.clone(), row.version)).or_insert_with(|| {
            if let Some(key) = explicit {
                return MessageKey::Known(key.clone());
            }
            let Some(ix) = library.version(&row.process, row.version) else { return MessageKey::Free };
            let process = library.process(ix);
            if process.correlation.key_of(&posted.name).is_none() {
                return MessageKey::Free;
            }
            let payload = posted.payload.as_context().cloned().unwrap_or_default();
            let derived = process.correlation.derive(&posted.name, &payload, process.zone());
            derived.and_then(|(_, key)| key_text(&key)).map_or(MessageKey::Incomplete, MessageKey::Known)
        })
    }
}

/// The subscriptions of one process that a message fits, oldest first.
#[derive(Default)]
pub(super) struct Fitting {
    by_key: Vec<SubscriptionRow>,
    by_name: Vec<SubscriptionRow>,
}

impl Fitting {
    pub(super) fn push(&mut self, row: SubscriptionRow, fit: Fit) {
        match fit {
            Fit::Key => self.by_key.push(row),
            Fit::Name => self.by_name.push(row),
        }
    }

    /// A suspended instance waits for it.
    pub(super) fn is_held(&self) -> bool {
        self.by_key.iter().chain(&self.by_name).any(|row| row.is_held)
    }

    /// Who gets the message. An equal key decides: the oldest, or every one where the key is context-based.
    /// Without a key, several instances of the process are ambiguous.
    pub(super) fn choose(
        &self,
        posted: &Posted,
        library: &Library,
    ) -> Result<Vec<&SubscriptionRow>, RouteError> {
        let fitting = || self.by_key.iter().filter(|row| !row.is_held);
        if let Some(first) = fitting().next() {
            let reached = if is_context_based(first, posted, library) { usize::MAX } else { 1 };
            return Ok(fitting().take(reached).collect());
        }
        let open = || self.by_name.iter().filter(|row| !row.is_held);
        let instances: BTreeSet<(InstanceId, ElementKey)> =
            open().map(|row| (row.at.instance, row.process_instance)).collect();
        if instances.len() > 1 && posted.to.is_none() {
            let process = open().next().map_or("", |row| row.process.as_str());
            return Err(RouteError::Ambiguous(Rejection::new(
                RejectionCode::AmbiguousTarget,
                format!(
                    "message `{}` without a key that tells them apart fits {} instances of process `{process}`",
                    posted.name,
                    instances.len()
                ),
            )));
        }
        Ok(open().take(1).collect())
    }
}

fn is_context_based(row: &SubscriptionRow, posted: &Posted, library: &Library) -> bool {
    let ix = library.version(&row.process, row.version);
    ix.is_some_and(|ix| library.process(ix).is_context_based(&posted.name))
}
