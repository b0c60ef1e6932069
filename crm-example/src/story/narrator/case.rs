//! One running process as people speak of it: titles and roles instead of ids, choices instead of flows.

use super::{Draft, Hints, between, detail};
use crate::story::StoryError;
use crate::timeline::{StepTimes, duration};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokenflow::id::{InstanceId, Timestamp};
use tokenflow::process::Process;
use tokenflow::runtime::Runtime;
use tokenflow::trace::Line;

/// A deal, an invoice or a month's end.
pub(super) struct Case {
    /// The deal, or the month, that it is about.
    pub(super) name: String,
    process: Arc<Process>,
    began: Timestamp,
    entered: BTreeMap<(Arc<str>, u32), Timestamp>,
}

impl Case {
    pub(super) fn of(runtime: &Runtime, instance: InstanceId) -> Result<Case, StoryError> {
        let view = runtime.instance(instance)?;
        let library = runtime.library();
        let process = library.version(&view.process, view.process_version).expect("what runs is deployed");
        let about = ["dealId", "month"].iter().find_map(|name| view.variables.get(name)?.as_str());
        Ok(Case {
            name: about.unwrap_or_default().to_owned(),
            process: Arc::clone(library.process(process)),
            began: view.started_at,
            entered: BTreeMap::new(),
        })
    }

    pub(super) fn enter(&mut self, line: &Line) {
        self.entered.insert((Arc::clone(&line.element), line.n), line.at);
    }

    /// Notes how long an activity or an awaited event took.
    pub(super) fn record(&mut self, line: &Line, times: &mut StepTimes) {
        let Some(entered) = self.entered.remove(&(Arc::clone(&line.element), line.n)) else { return };
        let Some(node) = self.process.find(&line.element) else { return };
        let kind = self.process.graph().node(node).kind.element_name();
        if kind.ends_with("Task") || kind == "intermediateCatchEvent" {
            times.record(self.title(line), &self.role(line), between(entered, line.at));
        }
    }

    /// The line for a completed element; none for those that only route.
    pub(super) fn completed(&self, line: &Line, by: Option<&str>, hints: &mut Hints) -> Option<Draft> {
        let node = self.process.graph().node(self.process.find(&line.element)?);
        let title = self.title(line);
        let mut is_letter = false;
        let what = match node.kind.element_name() {
            "userTask" => format!("{}: {title}", by.unwrap_or("somebody")),
            "sendTask" => {
                is_letter = true;
                title.to_owned()
            }
            "serviceTask" | "businessRuleTask" | "manualTask" => title.to_owned(),
            "startEvent" if node.scope.is_some() => return None,
            "intermediateThrowEvent" => {
                hints.details.clear();
                format!("{title} →")
            }
            "startEvent" | "intermediateCatchEvent" | "boundaryEvent"
                if std::mem::take(&mut hints.is_timer) =>
            {
                format!("clock: {title}")
            }
            "startEvent" if by.is_some() => format!("{}: {title}", by.unwrap_or_default()),
            "startEvent" | "intermediateCatchEvent" | "boundaryEvent" | "receiveTask" => format!("→ {title}"),
            "endEvent" => {
                if node.scope.is_none() {
                    hints.outcome = Some(title.to_owned());
                }
                return None;
            }
            _ => return None,
        };
        let details = std::mem::take(&mut hints.details);
        Some(Draft { at: line.at, role: self.role(line), what, details, is_letter })
    }

    /// What a gateway decided: its question and the answer.
    pub(super) fn choice(&self, line: &Line) -> Option<String> {
        let graph = self.process.graph();
        let flow = graph.flows.iter().find(|flow| *flow.id == *line.element)?;
        let question = graph.node(flow.source).name.as_deref()?;
        let answer = flow.name.as_deref()?;
        Some(format!("{question} {answer}"))
    }

    pub(super) fn incident(&self, line: &Line) -> Draft {
        let details = detail(line, "message").map(str::to_owned).into_iter().collect();
        let what = format!("INCIDENT at {}", self.title(line));
        Draft { at: line.at, role: self.role(line), what, details, is_letter: false }
    }

    pub(super) fn ended(&self, line: &Line, hints: &mut Hints) -> Draft {
        let process = self.process.name().unwrap_or(self.process.id());
        let outcome = hints.outcome.take().unwrap_or_else(|| "ended".to_owned());
        let details = vec![format!("after {}", duration(between(self.began, line.at)))];
        Draft {
            at: line.at,
            role: String::new(),
            what: format!("{process}: {outcome}"),
            details,
            is_letter: false,
        }
    }

    fn title<'a>(&'a self, line: &'a Line) -> &'a str {
        let node = self.process.find(&line.element).map(|node| self.process.graph().node(node));
        node.and_then(|node| node.name.as_deref()).unwrap_or(&line.element)
    }

    /// The lane that holds the element, or the sub-process around it.
    fn role(&self, line: &Line) -> String {
        let graph = self.process.graph();
        let mut at = self.process.find(&line.element);
        while let Some(node) = at.map(|at| graph.node(at)) {
            if let Some(lane) = node.lanes.last() {
                return lane.clone();
            }
            at = node.scope;
        }
        String::new()
    }
}
