//! Who receives a message or signal: correlation over all instances and definitions (8.4, 10.5.1, rules 21, 22).

mod fitting;

use super::record::{Posted, Receiver, Thrower};
use super::store::{KeyFilter, Opened, Store, StoreError, SubscriptionKind, SubscriptionRow};
use crate::command::Rejection;
use crate::id::ProcessIx;
use crate::process::{Library, StartKind};
use bpmn_parser::graph::{MessageEnd, NodeIx};
use fitting::{Fitting, Matcher};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// Subscriptions that are read at once.
const PAGE: usize = 1_000;

/// What the newest versions and all message flows say about routing; made anew after each deployment.
#[derive(Default)]
pub(super) struct Routes {
    starts: BTreeMap<(StartKindKey, String), Vec<(ProcessIx, NodeIx)>>,
    flows: BTreeMap<(String, String), Vec<MessageEnd>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum StartKindKey {
    Message,
    Signal,
}

impl Routes {
    pub(super) fn of(library: &Library, allow_non_executable: bool) -> Routes {
        let mut routes = Routes::default();
        for (ix, process) in library.iter() {
            let is_armed = process.is_executable() || allow_non_executable;
            if library.latest(process.id()) != Some(ix) || !is_armed {
                continue;
            }
            for start in process.starts() {
                let kind = match start.kind {
                    StartKind::Message => StartKindKey::Message,
                    StartKind::Signal => StartKindKey::Signal,
                    StartKind::Timer => continue,
                };
                let name = start.name.clone().unwrap_or_default();
                routes.starts.entry((kind, name)).or_default().push((ix, start.node));
            }
        }
        for flow in library.message_flows() {
            if let MessageEnd::Node { process, node } = &flow.source {
                let ends = routes.flows.entry((process.clone(), node.clone())).or_default();
                if !ends.contains(&flow.target) {
                    ends.push(flow.target.clone());
                }
            }
        }
        routes
    }

    /// The process that a throwing node stands in, as far as message flows need it.
    pub(super) fn thrower(&self, node: &str, root: &str) -> String {
        let mut sources =
            self.flows.keys().filter(|(_, source)| source == node).map(|(process, _)| process.as_str());
        let first = sources.next();
        let is_root = first == Some(root) || sources.any(|process| process == root);
        if is_root { root.to_owned() } else { first.unwrap_or(root).to_owned() }
    }

    /// The ends of the message flows out of the throwing node; empty where the name alone decides.
    fn ends(&self, from: Option<&Thrower>) -> &[MessageEnd] {
        let Some(from) = from else { return &[] };
        self.flows.get(&(from.process.clone(), from.node.clone())).map_or(&[], Vec::as_slice)
    }
}

/// Where a message goes.
#[derive(Debug, Default)]
pub(super) struct Routed {
    pub(super) receivers: Vec<Receiver>,
    /// A suspended instance waits for it.
    pub(super) is_held: bool,
}

/// Why a message goes nowhere.
#[derive(Debug)]
pub(super) enum RouteError {
    Ambiguous(Rejection),
    Store(StoreError),
}

impl From<StoreError> for RouteError {
    fn from(error: StoreError) -> RouteError {
        RouteError::Store(error)
    }
}

/// Answers from the indexes of the store and the routes of the library.
pub(super) struct Router<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) library: &'a Library,
    pub(super) routes: &'a Routes,
}

impl Router<'_> {
    /// The receivers of a message: at most one instance of each process, the oldest open subscription first; a
    /// process that has none waiting starts by its message start event.
    pub(super) fn message(&self, posted: &Posted) -> Result<Routed, RouteError> {
        let ends = self.routes.ends(posted.from.as_ref());
        let mut routed = Routed::default();
        let mut chosen = Vec::new();
        let mut taken = BTreeSet::new();
        for (process, fitting) in self.fitting(posted, ends)? {
            routed.is_held |= fitting.is_held();
            let rows = fitting.choose(posted, self.library)?;
            chosen.extend(rows.iter().map(|row| (row.opened, row.at)));
            if !rows.is_empty() {
                taken.insert(process);
            }
        }
        chosen.sort_unstable();
        let starts = self.starts(posted, ends, &taken);
        routed.receivers = chosen.into_iter().map(|(_, at)| Receiver::Wait(at)).collect();
        routed.receivers.extend(starts);
        routed.receivers.extend(ends.iter().filter_map(|end| match end {
            MessageEnd::BlackBox(participant) => Some(Receiver::Host { participant: participant.clone() }),
            MessageEnd::Node { .. } | MessageEnd::Process(_) => None,
        }));
        Ok(routed)
    }

    /// The receivers of a signal: every other instance with an active catcher, in the order of their ids, then every
    /// process that it starts.
    pub(super) fn signal(&self, posted: &Posted) -> Result<Vec<Receiver>, StoreError> {
        let thrower = posted.from.as_ref().map(|from| from.instance);
        let mut instances = BTreeSet::new();
        self.each(SubscriptionKind::Signal, &posted.name, KeyFilter::Any, |row| {
            if !row.is_held && Some(row.at.instance) != thrower {
                instances.insert(row.at.instance);
            }
        })?;
        let mut receivers: Vec<Receiver> = instances.into_iter().map(Receiver::Instance).collect();
        let starts = self.routes.starts.get(&(StartKindKey::Signal, posted.name.clone()));
        receivers.extend(starts.into_iter().flatten().map(|(ix, node)| self.start(*ix, *node)));
        Ok(receivers)
    }

    /// True where an open subscription may take a kept message.
    pub(super) fn accepts(&self, row: &SubscriptionRow, posted: &Posted) -> bool {
        let ends = self.routes.ends(posted.from.as_ref());
        admits(ends, &row.process, &row.element) && Matcher::new(self.library, posted).fit(row).is_some()
    }

    fn fitting(&self, posted: &Posted, ends: &[MessageEnd]) -> Result<IndexMap<String, Fitting>, StoreError> {
        let mut processes: IndexMap<String, Fitting> = IndexMap::new();
        let mut matcher = Matcher::new(self.library, posted);
        let key = matcher.explicit().map(str::to_owned);
        let mut collect = |row: SubscriptionRow| {
            if admits(ends, &row.process, &row.element)
                && let Some(fit) = matcher.fit(&row)
            {
                processes.entry(row.process.clone()).or_default().push(row, fit);
            }
        };
        let kind = SubscriptionKind::Message;
        match &key {
            Some(text) => {
                self.each(kind, &posted.name, KeyFilter::Exactly(Some(text)), &mut collect)?;
                self.each(kind, &posted.name, KeyFilter::Exactly(None), &mut collect)?;
            }
            None => self.each(kind, &posted.name, KeyFilter::Any, &mut collect)?,
        }
        // A catch without `messageRef` takes what its own message flow brings, whatever its name.
        if ends.iter().any(|end| matches!(end, MessageEnd::Node { .. })) && !posted.name.is_empty() {
            let at_node = |end: &MessageEnd, row: &SubscriptionRow| match end {
                MessageEnd::Node { process, node } => *process == row.process && *node == row.element,
                MessageEnd::Process(_) | MessageEnd::BlackBox(_) => false,
            };
            self.each(kind, "", KeyFilter::Any, |row| {
                if ends.iter().any(|end| at_node(end, &row)) {
                    collect(row);
                }
            })?;
        }
        Ok(processes)
    }

    fn starts(&self, posted: &Posted, ends: &[MessageEnd], taken: &BTreeSet<String>) -> Vec<Receiver> {
        if posted.to.is_some() {
            return Vec::new();
        }
        let named = self.routes.starts.get(&(StartKindKey::Message, posted.name.clone()));
        let nameless = match ends {
            [] => None,
            _ if posted.name.is_empty() => None,
            _ => self.routes.starts.get(&(StartKindKey::Message, String::new())),
        };
        let mut started = BTreeSet::new();
        let mut receivers = Vec::new();
        for (ix, node) in named.into_iter().chain(nameless).flatten() {
            let process = self.library.process(*ix);
            let is_free = !taken.contains(process.id()) && !started.contains(ix);
            if is_free && admits(ends, process.id(), process.node_id(*node)) {
                started.insert(*ix);
                receivers.push(self.start(*ix, *node));
            }
        }
        receivers
    }

    fn start(&self, ix: ProcessIx, node: NodeIx) -> Receiver {
        let process = self.library.process(ix);
        Receiver::Start {
            process: process.id().to_owned(),
            version: process.version(),
            node: process.node_id(node).to_owned(),
        }
    }

    fn each(
        &self,
        kind: SubscriptionKind,
        name: &str,
        key: KeyFilter<'_>,
        mut visit: impl FnMut(SubscriptionRow),
    ) -> Result<(), StoreError> {
        let mut after: Option<Opened> = None;
        loop {
            let page = self.store.subscribers(kind, name, key, after, PAGE)?;
            let is_last = page.len() < PAGE;
            after = page.last().map(|row| row.opened);
            page.into_iter().for_each(&mut visit);
            if is_last {
                return Ok(());
            }
        }
    }
}

/// True where a message that leaves along these message flows may arrive there.
fn admits(ends: &[MessageEnd], process: &str, element: &str) -> bool {
    ends.is_empty()
        || ends.iter().any(|end| match end {
            MessageEnd::Node { process: target, node } => target == process && node == element,
            MessageEnd::Process(target) => target == process,
            MessageEnd::BlackBox(_) => false,
        })
}
