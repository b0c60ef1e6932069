//! Finds the element that a scenario names: `[LABEL/]ELEMENT[#n]`.

use crate::command::{Rejection, RejectionCode};
use crate::event::Status;
use crate::id::{ElementKey, InstanceId};
use crate::runtime::JobKey;
use crate::scenario::statement::Target;
use crate::scenario::world::World;
use crate::trace::{Activation, Census};

/// How many candidates an error lists.
const LISTED_MAX: usize = 10;

/// What a command needs its target to be.
pub(super) enum Role {
    /// An open job or user task.
    Work,
    /// An open ad-hoc sub-process.
    AdHoc,
    /// An element that stands at an incident.
    Incident,
    /// Any open activation.
    Open,
}

/// One activation that a target may mean.
struct Candidate {
    at: JobKey,
    name: String,
}

impl World {
    /// The root instance that a label or ordinal names; without one, the only root.
    pub(super) fn root(&self, label: Option<&str>) -> Result<InstanceId, Rejection> {
        let roots = self.chronicle.tracer.roots();
        let Some(label) = label else {
            return match roots {
                [only] => Ok(*only),
                [] => Err(Rejection::new(RejectionCode::NotFound, "there is no instance")),
                several => Err(ambiguous("instance", several.iter().map(|root| self.label(*root)))),
            };
        };
        let named = self.chronicle.labels.get(label).copied();
        let by_ordinal = || {
            let ordinal = label.parse::<usize>().ok()?.checked_sub(1)?;
            roots.get(ordinal).copied()
        };
        named
            .or_else(by_ordinal)
            .ok_or_else(|| Rejection::new(RejectionCode::NotFound, format!("there is no instance `{label}`")))
    }

    /// The process instance that a label names, or a path such as `m/Call_A#1`.
    pub(super) fn process_instance(&self, label: Option<&str>) -> Result<JobKey, Rejection> {
        let Some(path) = label.filter(|path| path.contains('/')) else {
            return Ok(JobKey { instance: self.root(label)?, key: ElementKey::ROOT });
        };
        let steps: Vec<&str> = path.split('/').collect();
        let found = self.process_instances(&steps)?;
        match found.as_slice() {
            [only] => Ok(*only),
            [] => Err(Rejection::new(RejectionCode::NotFound, format!("there is no instance `{path}`"))),
            several => Err(ambiguous(path, several.iter().map(|at| self.path(*at)))),
        }
    }

    /// The element that a command is for.
    pub(super) fn element(&self, target: &Target, role: &Role) -> Result<JobKey, Rejection> {
        let steps: Vec<&str> = target.path.iter().map(String::as_str).collect();
        let scopes = self.process_instances(&steps)?;
        let candidates = self.candidates(target, &scopes);
        let open: Vec<&Candidate> =
            candidates.iter().filter(|candidate| self.plays(candidate, role)).collect();
        match open.as_slice() {
            [only] => return Ok(only.at),
            [_, _, ..] => {
                return Err(ambiguous(&target.element, open.iter().map(|candidate| candidate.name.clone())));
            }
            [] => {}
        }
        let is_alive = |candidate: &&Candidate| self.is_open(candidate.at);
        let last = candidates.iter().rev().find(is_alive).or(candidates.last());
        match last {
            Some(candidate) => Ok(candidate.at),
            None => Err(self.never_activated(target, &scopes)),
        }
    }

    /// A scope of variables: a process instance by label or process id, else an element.
    pub(super) fn scope(&self, target: Option<&Target>) -> Result<JobKey, Rejection> {
        let Some(target) = target else { return self.process_instance(None) };
        if target.n.is_none() && !target.is_body {
            if target.path.is_empty() && self.root(Some(&target.element)).is_ok() {
                return self.process_instance(Some(&target.element));
            }
            if let Some(found) = self.by_process_id(target)? {
                return Ok(found);
            }
        }
        let path = target.path.join("/");
        if !path.is_empty() {
            let number = target.n.map_or(String::new(), |n| format!("#{n}"));
            let called = format!("{path}/{}{number}", target.element);
            if let Ok(found) = self.process_instance(Some(&called))
                && self.element(target, &Role::Open).is_err()
            {
                return Ok(found);
            }
        }
        self.element(target, &Role::Open)
    }

    fn by_process_id(&self, target: &Target) -> Result<Option<JobKey>, Rejection> {
        let steps: Vec<&str> = target.path.iter().map(String::as_str).collect();
        let scopes = self.process_instances(&steps)?;
        let found: Vec<JobKey> = scopes
            .into_iter()
            .filter(|at| {
                let census = self.chronicle.tracer.census(at.instance);
                let found = census.and_then(|census| census.process_instance(at.key));
                found.is_some_and(|instance| instance.process.id() == target.element)
            })
            .collect();
        match found.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            several => Err(ambiguous(&target.element, several.iter().map(|at| self.path(*at)))),
        }
    }

    /// All process instances on a path; all there are where the path is empty.
    fn process_instances(&self, steps: &[&str]) -> Result<Vec<JobKey>, Rejection> {
        let roots = match steps.first() {
            Some(label) => vec![self.root(Some(label))?],
            None => self.chronicle.tracer.roots().to_vec(),
        };
        let mut found = Vec::new();
        for root in roots {
            let Some(census) = self.chronicle.tracer.census(root) else { continue };
            for (key, instance) in census.process_instances() {
                let is_on_path = match steps {
                    [] => true,
                    [_, below @ ..] => fits_path(below, census, instance.caller),
                };
                if is_on_path {
                    found.push(JobKey { instance: root, key });
                }
            }
        }
        Ok(found)
    }

    fn candidates(&self, target: &Target, scopes: &[JobKey]) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for scope in scopes {
            let Some(census) = self.chronicle.tracer.census(scope.instance) else { continue };
            let Some(process_instance) = census.process_instance(scope.key) else { continue };
            let Some(node) = process_instance.process.find(&target.element) else { continue };
            let fits = |activation: &Activation| {
                activation.owner == scope.key
                    && activation.node == node
                    && activation.is_body == target.is_body
                    && target.n.is_none_or(|n| n == activation.n)
            };
            for (key, activation) in census.activations().filter(|(_, activation)| fits(activation)) {
                let name = format!("{}/{}#{}", process_instance.path, target.element, activation.n);
                candidates.push(Candidate { at: JobKey { instance: scope.instance, key }, name });
            }
        }
        candidates
    }

    fn plays(&self, candidate: &Candidate, role: &Role) -> bool {
        match role {
            Role::Open => self.is_open(candidate.at),
            Role::Work => self.has_work(candidate.at),
            Role::AdHoc => self.is_ad_hoc(candidate.at),
            Role::Incident => self.has_incident(candidate.at),
        }
    }

    /// The refusal of a command for an element that never had an activation, and so has no key.
    fn never_activated(&self, target: &Target, scopes: &[JobKey]) -> Rejection {
        let knows = |at: &&JobKey| {
            let census = self.chronicle.tracer.census(at.instance);
            let instance = census.and_then(|census| census.process_instance(at.key));
            instance.is_some_and(|instance| instance.process.find(&target.element).is_some())
        };
        let Some(at) = scopes.iter().find(knows).copied() else {
            let message = format!("there is no element `{}`", target.element);
            return Rejection::new(RejectionCode::NotFound, message);
        };
        let path = self.path(at);
        if self.status(at) != Status::Active {
            return Rejection::new(RejectionCode::Ended, format!("instance `{path}` has ended"));
        }
        let number = target.n.map_or(String::new(), |n| format!("#{n}"));
        let message = format!("`{}{number}` does not wait in instance `{path}`", target.element);
        Rejection::new(RejectionCode::NotWaiting, message)
    }
}

/// True where the chain of callers up from `caller` is what the steps below the label say; `#n` may be left out.
fn fits_path(steps: &[&str], census: &Census, caller: ElementKey) -> bool {
    let mut caller = caller;
    for step in steps.iter().rev() {
        let Some(place) = census.place(caller).filter(|_| caller.is_some()) else { return false };
        let is_step = match step.rsplit_once('#') {
            Some((element, n)) => *place.element == *element && n.parse() == Ok(place.n),
            None => *place.element == **step,
        };
        if !is_step {
            return false;
        }
        let owner = census.owner(caller);
        caller = census.process_instance(owner).map_or(ElementKey::NONE, |instance| instance.caller);
    }
    !caller.is_some()
}

fn ambiguous(what: &str, names: impl Iterator<Item = String>) -> Rejection {
    let names: Vec<String> = names.collect();
    let mut listed = names.iter().take(LISTED_MAX).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > LISTED_MAX {
        listed.push_str(&format!(" and {} more", names.len() - LISTED_MAX));
    }
    Rejection::new(RejectionCode::AmbiguousTarget, format!("`{what}` may be any of {listed}"))
}
