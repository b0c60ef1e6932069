//! Decides whether what a scenario expects holds, and says what holds instead where it does not.

use crate::command::RejectionCode;
use crate::event::Status;
use crate::runtime::JobKey;
use crate::scenario::payload::{Expression, Payload, Scope};
use crate::scenario::statement::{Expect, Expectation, Target};
use crate::scenario::view::{Incident, InstanceView, Waiting};
use crate::scenario::world::World;
use tokenflow_feel::value::json;
use tokenflow_feel::{Context, Value};

/// What a check needs beyond the state of the world.
pub(super) struct Evidence<'a> {
    /// The codes with which the command before was refused, not yet asked for.
    pub(super) rejections: &'a mut Vec<RejectionCode>,
}

/// An expectation that does not hold: what is there instead.
type Verdict = Result<(), String>;

impl World {
    /// Checks one expectation.
    pub(super) fn judge(&self, expect: &Expect, evidence: &mut Evidence<'_>) -> Verdict {
        if expect.negated {
            return self.judge_not(&expect.expectation, evidence);
        }
        match &expect.expectation {
            Expectation::Status { label, status, code, subset } => {
                self.judge_status(label.as_deref(), *status, code.as_deref(), subset.as_ref())
            }
            Expectation::Suspended { label } => {
                let at = self.process_instance(label.as_deref()).map_err(|why| why.message)?;
                let is_suspended = self.with_instance(at.instance, |_, instance| instance.is_suspended());
                if is_suspended == Some(true) { Ok(()) } else { Err("it is not suspended".to_owned()) }
            }
            Expectation::Exactly { label, payload } => self.judge_exactly(label.as_deref(), payload),
            Expectation::Waiting(targets) => self.judge_waiting(targets),
            Expectation::NoWaiting => match self.waiting() {
                waiting if waiting.is_empty() => Ok(()),
                waiting => Err(format!("waiting: {}", self.names(&waiting))),
            },
            Expectation::Variable { target, name, value } => self.judge_variable(target, name, value),
            Expectation::Incident { target, kind } => {
                let incidents = self.incidents();
                let fits = |incident: &Incident| self.is_incident(target, incident) && incident.kind == *kind;
                if incidents.iter().any(fits) { Ok(()) } else { Err(list_incidents(&incidents)) }
            }
            Expectation::NoIncidents => match self.incidents() {
                incidents if incidents.is_empty() => Ok(()),
                incidents => Err(list_incidents(&incidents)),
            },
            Expectation::Rejected { code } => judge_rejected(*code, evidence.rejections),
            Expectation::Refused { code, element, position } => {
                self.judge_refused(code, element.as_deref(), *position)
            }
            Expectation::Count { target, count } => {
                let actual = self.count(target)?;
                if actual == *count { Ok(()) } else { Err(format!("it completed {actual} times")) }
            }
        }
    }

    fn judge_not(&self, expectation: &Expectation, evidence: &mut Evidence<'_>) -> Verdict {
        // None of the named elements waits: `not` is about each of them, not about the set.
        if let Expectation::Waiting(targets) = expectation {
            let waiting = self.waiting();
            let found =
                targets.iter().find(|target| waiting.iter().any(|wait| self.is_waiting(target, wait)));
            return match found {
                Some(_) => Err(format!("waiting: {}", self.names(&waiting))),
                None => Ok(()),
            };
        }
        let holds = self.judge(&Expect { negated: false, expectation: expectation.clone() }, evidence);
        if holds.is_ok() { Err(format!("it does hold; {}", self.situation())) } else { Ok(()) }
    }

    /// How the instances stand, for a failure that has nothing else to show.
    fn situation(&self) -> String {
        const TOLD_MAX: usize = 5;
        let views = self.views();
        let tell = |view: &InstanceView| {
            let mut told = format!("{} is {}", view.instance, view.status.as_str());
            if !view.waiting.is_empty() {
                told.push_str(&format!(", waiting: {}", self.names(&view.waiting)));
            }
            if !view.incidents.is_empty() {
                told.push_str(&format!(", {}", list_incidents(&view.incidents)));
            }
            told
        };
        let told: Vec<String> = views.iter().take(TOLD_MAX).map(tell).collect();
        if told.is_empty() { "there is no instance".to_owned() } else { told.join("; ") }
    }

    fn judge_status(
        &self,
        label: Option<&str>,
        status: Status,
        code: Option<&str>,
        subset: Option<&Payload>,
    ) -> Verdict {
        let at = self.process_instance(label).map_err(|why| why.message)?;
        let Some(view) = self.view(at) else { return Err("there is no instance".to_owned()) };
        let actual_code = view.error.as_ref().map(|(code, _)| code.as_str());
        if view.status != status {
            let code = actual_code.map_or(String::new(), |code| format!(" {code}"));
            let trouble = match list_incidents(&view.incidents) {
                _ if view.incidents.is_empty() => String::new(),
                incidents => format!("; {incidents}"),
            };
            let waiting = match view.waiting.as_slice() {
                [] => String::new(),
                waiting => format!("; waiting: {}", self.names(waiting)),
            };
            return Err(format!("it is {}{code}{waiting}{trouble}", view.status.as_str()));
        }
        if code.is_some() && code != actual_code {
            return Err(format!("it failed with the code `{}`", actual_code.unwrap_or_default()));
        }
        let Some(subset) = subset else { return Ok(()) };
        let expected = subset.eval(&self.scope_of(at), &self.env())?;
        let differs = |name: &str, value: &Value| view.variables.get(name) != Some(value);
        let wrong: Vec<String> = expected
            .iter()
            .filter(|(name, value)| differs(name, value))
            .map(|(name, _)| format!("{name} is {}", shown(view.variables.get(name))))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join(", ")) }
    }

    fn judge_exactly(&self, label: Option<&str>, payload: &Payload) -> Verdict {
        let at = self.process_instance(label).map_err(|why| why.message)?;
        let Some(view) = self.view(at) else { return Err("there is no instance".to_owned()) };
        let expected = payload.eval(&self.scope_of(at), &self.env())?;
        if expected == view.variables {
            return Ok(());
        }
        Err(format!("the variables are {}", json::write(&Value::Context(view.variables))))
    }

    /// Each open wait is named once, and each name is that of an open wait.
    fn judge_waiting(&self, targets: &[Target]) -> Verdict {
        let waiting = self.waiting();
        let mut left: Vec<&Waiting> = waiting.iter().collect();
        let mut unmatched: Vec<&Target> = Vec::new();
        let (exact, loose): (Vec<&Target>, Vec<&Target>) =
            targets.iter().partition(|target| target.n.is_some());
        // A name without number means the first activation where that waits, else the only one.
        for target in exact {
            match left.iter().position(|wait| self.is_waiting(target, wait)) {
                Some(place) => drop(left.remove(place)),
                None => unmatched.push(target),
            }
        }
        for target in loose {
            let fits = |wait: &&Waiting| self.is_waiting(target, wait);
            let first = left.iter().position(|wait| fits(wait) && wait.n == 1);
            match first.or_else(|| left.iter().position(fits)) {
                Some(place) => drop(left.remove(place)),
                None => unmatched.push(target),
            }
        }
        if left.is_empty() && unmatched.is_empty() {
            return Ok(());
        }
        Err(match waiting.as_slice() {
            [] => "nothing waits".to_owned(),
            waiting => format!("waiting: {}", self.names(waiting)),
        })
    }

    fn judge_variable(&self, target: &Target, name: &str, expected: &Expression) -> Verdict {
        let at = self.scope(Some(target)).map_err(|why| why.message)?;
        let expected = expected.eval(&self.scope_of(at), &self.env())?;
        let actual = self.variable(at, name);
        if actual.as_ref() == Some(&expected) || (actual.is_none() && expected.is_null()) {
            return Ok(());
        }
        Err(format!("{name} is {}", shown(actual.as_ref())))
    }

    fn judge_refused(&self, code: &str, element: Option<&str>, position: Option<(u32, u32)>) -> Verdict {
        let Some(refused) = &self.refused else { return Err("the deployment was not refused".to_owned()) };
        let fits = |finding: &&bpmn_parser::Diagnostic| {
            finding.code.to_string() == code
                && element.is_none_or(|element| finding.element.as_deref() == Some(element))
                && position.is_none_or(|place| place == (finding.position.line, finding.position.column))
        };
        if refused.findings.iter().any(|finding| fits(&finding)) {
            return Ok(());
        }
        Err(refused.listed())
    }

    fn count(&self, target: &Target) -> Result<u64, String> {
        if let (Some(n), true) = (target.n, target.path.is_empty()) {
            return Err(format!("a count is of the element, not of its activation #{n}"));
        }
        let path = match target.path.as_slice() {
            [] => None,
            steps => {
                let at = self.process_instance(Some(&steps.join("/"))).map_err(|why| why.message)?;
                Some(self.path(at))
            }
        };
        Ok(self
            .chronicle
            .completed(&target.element, &|actual| path.as_deref().is_none_or(|path| path == actual)))
    }

    fn waiting(&self) -> Vec<Waiting> {
        self.views().into_iter().flat_map(|view| view.waiting).collect()
    }

    fn incidents(&self) -> Vec<Incident> {
        self.views().into_iter().flat_map(|view| view.incidents).collect()
    }

    fn is_waiting(&self, target: &Target, wait: &Waiting) -> bool {
        wait.element == target.element
            && (target.n.is_none_or(|n| n == wait.n))
            && (!target.is_body || wait.is_body)
            && self.is_path(&target.path, &wait.instance)
    }

    fn is_incident(&self, target: &Target, incident: &Incident) -> bool {
        incident.element == target.element
            && (target.n.is_none_or(|n| n == incident.n))
            && (!target.is_body || incident.is_body)
            && self.is_path(&target.path, &incident.instance)
    }

    fn is_path(&self, steps: &[String], instance: &str) -> bool {
        if steps.is_empty() {
            return true;
        }
        let found = self.process_instance(Some(&steps.join("/")));
        found.is_ok_and(|at| self.path(at) == instance)
    }

    fn names(&self, waiting: &[Waiting]) -> String {
        let with_label = self.chronicle.tracer.roots().len() > 1;
        let name = |wait: &Waiting| {
            let is_called = wait.instance.contains('/');
            let label = if with_label || is_called { format!("{}/", wait.instance) } else { String::new() };
            let number = if wait.n == 1 { String::new() } else { format!("#{}", wait.n) };
            format!("{label}{}{number} ({})", wait.element, wait.kind)
        };
        waiting.iter().map(name).collect::<Vec<_>>().join(", ")
    }
}

/// The first refusal with that code is used up; others stay and fail the scenario.
fn judge_rejected(code: RejectionCode, rejections: &mut Vec<RejectionCode>) -> Verdict {
    match rejections.iter().position(|actual| *actual == code) {
        Some(place) => {
            rejections.remove(place);
            Ok(())
        }
        None if rejections.is_empty() => Err("the command was not rejected".to_owned()),
        None => {
            let codes: Vec<&str> = rejections.drain(..).map(RejectionCode::as_str).collect();
            Err(format!("it was rejected as {}", codes.join(", ")))
        }
    }
}

fn list_incidents(incidents: &[Incident]) -> String {
    if incidents.is_empty() {
        return "there are no incidents".to_owned();
    }
    let name = |incident: &Incident| {
        let number = if incident.n == 1 { String::new() } else { format!("#{}", incident.n) };
        format!("{}{number} {}: {}", incident.element, incident.kind.as_str(), incident.message)
    };
    format!("incidents: {}", incidents.iter().map(name).collect::<Vec<_>>().join("; "))
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "not there".to_owned(),
        Some(value) => json::write(value),
    }
}

/// The variables that an expression reads where an element is.
pub(super) struct ScopeOf<'a> {
    world: &'a World,
    at: JobKey,
}

impl Scope for ScopeOf<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        self.world.variable(self.at, name)
    }
}

impl World {
    /// The names that an expression sees at that element.
    pub(super) fn scope_of(&self, at: JobKey) -> ScopeOf<'_> {
        ScopeOf { world: self, at }
    }

    /// A payload evaluated at that element; nothing where there is none.
    pub(super) fn evaluate(&self, payload: Option<&Payload>, at: JobKey) -> Result<Context, String> {
        payload.map_or(Ok(Context::new()), |payload| payload.eval(&self.scope_of(at), &self.env()))
    }
}
