//! Admission: from a command to the first move, or a rejection that has changed nothing.

use super::modify::{self, Beginning};
use super::{Executor, Step};
use crate::behavior::activity::ad_hoc;
use crate::command::{Command, Occurrence, Rejection, RejectionCode as Code};
use crate::event::{Event, Status, WaitKind};
use crate::id::{ElementKey, ProcessIx, Timestamp, Which};
use crate::instance::{Instance, Role, Slot, WaitState};
use crate::process::{Kind, Library};
use bpmn_parser::graph::{NodeIx, NodeKind};
use tokenflow_feel::{Context, Value};

/// A command that can be carried out. A start without its start event is an implicit one (10.5.2).
pub(super) enum Admitted {
    Start { process: ProcessIx, start: Option<NodeIx>, trigger: Option<Occurrence>, variables: Context },
    Continue,
    Complete { slot: Slot, variables: Context },
    Fail { slot: Slot, message: String, retries: u32, due: Timestamp },
    Error { slot: Slot, code: String, message: Option<String>, variables: Context },
    Escalate { slot: Slot, code: String, variables: Context },
    Own { slot: Slot, event: fn(ElementKey, crate::event::Data) -> Event, user: String },
    Release { slot: Slot },
    Set { slot: Slot, variables: Context },
    Activate { slot: Slot, node: NodeIx },
    Finish { slot: Slot },
    Occur { slot: Slot, which: Which, occurrence: Occurrence },
    Signal(Occurrence),
    Retry { slot: Slot },
    Resolve { slot: Slot },
    Begin(Beginning),
    Move { slot: Slot, beginning: Beginning },
    CancelElement { slot: Slot },
    Cancel,
    Suspend,
    Resume,
}

type Admission = Result<Admitted, Rejection>;

pub(super) fn refuse<T>(code: Code, message: impl std::fmt::Display) -> Result<T, Rejection> {
    Err(Rejection::new(code, message))
}

/// Decides whether a command can be carried out; changes nothing.
pub(super) fn admit(
    executor: &Executor,
    library: &Library,
    instance: &Instance,
    command: Command,
    now: Timestamp,
) -> Admission {
    let at = Desk { executor, library, instance, now: now.max(instance.now()) };
    if let Command::Start { process, at: start, trigger, variables } = command {
        return at.start(process, start, trigger, variables);
    }
    if !instance.is_started() {
        return refuse(Code::NotFound, "the instance was not started");
    }
    if instance.status() != Status::Active {
        return refuse(Code::Ended, format!("the instance has ended as {}", instance.status().as_str()));
    }
    at.running(command)
}

/// Where commands are looked at.
struct Desk<'a> {
    executor: &'a Executor,
    library: &'a Library,
    instance: &'a Instance,
    now: Timestamp,
}

impl Desk<'_> {
    fn start(
        &self,
        ix: ProcessIx,
        at: Option<NodeIx>,
        trigger: Option<Occurrence>,
        variables: Context,
    ) -> Admission {
        if self.instance.is_started() {
            return refuse(Code::InvalidTarget, "the instance was started already");
        }
        self.storable(&variables)?;
        if let Some(trigger) = &trigger {
            self.storable(&trigger.payload)?;
        }
        let process = self.library.process(ix);
        if !process.is_executable() && !self.executor.allow_non_executable {
            return refuse(
                Code::NotExecutable,
                format!("process `{}` says isExecutable=\"false\"", process.id()),
            );
        }
        let start = match (at, process.none_starts()) {
            (Some(node), _) => {
                let is_start = matches!(process.graph().node(node).kind, NodeKind::StartEvent { .. });
                let creates = process.starts().iter().any(|start| start.node == node);
                if !(is_start || creates) || process.row(node).scope.is_some() {
                    let message = format!(
                        "`{}` is no start event of process `{}`",
                        process.node_id(node),
                        process.id()
                    );
                    return refuse(Code::InvalidTarget, message);
                }
                Some(node)
            }
            (None, [only]) => Some(*only),
            (None, []) if process.level.implicit_starts.is_empty() => {
                let message = format!("process `{}` has no start event that needs no trigger", process.id());
                return refuse(Code::InvalidTarget, message);
            }
            (None, []) => None,
            (None, several) => {
                let names: Vec<&str> = several.iter().map(|node| process.node_id(*node)).collect();
                let message =
                    format!("process `{}` has several start events: {}", process.id(), names.join(", "));
                return refuse(Code::AmbiguousTarget, message);
            }
        };
        Ok(Admitted::Start { process: ix, start, trigger, variables })
    }

    fn running(&self, command: Command) -> Admission {
        match command {
            Command::Start { .. } => refuse(Code::InvalidTarget, "the instance was started already"),
            Command::Continue => Ok(Admitted::Continue),
            Command::Complete { key, by, variables } => {
                let (slot, work) = self.work(key)?;
                self.storable(&variables)?;
                self.may_act(work, by.as_deref())?;
                Ok(Admitted::Complete { slot, variables })
            }
            Command::Fail { key, message, retries, backoff } => {
                let (slot, work) = self.work(key)?;
                let retries = match work.kind {
                    WaitKind::UserTask => 0,
                    _ => retries.unwrap_or_else(|| work.count.saturating_sub(1)),
                };
                let due = self.next_try(slot, work, retries, backoff)?;
                Ok(Admitted::Fail { slot, message, retries, due })
            }
            Command::Error { key, code, message, variables } => {
                let (slot, _) = self.work(key)?;
                self.storable(&variables)?;
                Ok(Admitted::Error { slot, code, message, variables })
            }
            Command::Escalate { key, code, variables } => {
                let (slot, _) = self.work(key)?;
                self.storable(&variables)?;
                Ok(Admitted::Escalate { slot, code, variables })
            }
            Command::Claim { key, user } => self.claim(key, user),
            Command::Release { key, by } => {
                let (slot, task) = self.user_task(key)?;
                self.may_act(task, by.as_deref())?;
                if assignee(task).is_none() {
                    return refuse(Code::NotWaiting, "nobody has the task");
                }
                Ok(Admitted::Release { slot })
            }
            Command::Assign { key, user, .. } => {
                let (slot, _) = self.user_task(key)?;
                Ok(Admitted::Own { slot, event: |key, data| Event::Assigned { key, data }, user })
            }
            Command::Delegate { key, user, by } => {
                let (slot, task) = self.user_task(key)?;
                if assignee(task).is_none() {
                    return refuse(
                        Code::Forbidden,
                        "only who has the task can delegate it, and nobody has it",
                    );
                }
                self.may_act(task, by.as_deref())?;
                Ok(Admitted::Own { slot, event: |key, data| Event::Assigned { key, data }, user })
            }
            Command::Activate { key, node } => {
                let slot = self.ad_hoc(key)?;
                ad_hoc::may_activate(self.library, self.instance, slot, node)?;
                Ok(Admitted::Activate { slot, node })
            }
            Command::Finish { key } => {
                let slot = self.ad_hoc(key)?;
                if ad_hoc::running(self.library, self.instance, slot) {
                    return refuse(Code::NotWaiting, format!("an activity runs in {}", self.name(slot)));
                }
                Ok(Admitted::Finish { slot })
            }
            Command::Set { scope, variables } => {
                let slot = self.element(scope)?;
                self.storable(&variables)?;
                Ok(Admitted::Set { slot, variables })
            }
            Command::Message { key, which, message } => {
                self.storable(&message.payload)?;
                self.occurrence(key, which, WaitKind::Message, message)
            }
            Command::Signal(occurrence) => {
                self.not_suspended()?;
                self.storable(&occurrence.payload)?;
                Ok(Admitted::Signal(occurrence))
            }
            Command::Due { key, which } => self.due(key, which),
            Command::Resolve { key } => {
                let slot = self.element(key)?;
                let incident = self.instance.elements[slot].incident.get();
                match incident.filter(|incident| !self.instance.incidents[*incident].is_resolved) {
                    Some(_) => Ok(Admitted::Resolve { slot }),
                    None => refuse(Code::NotFound, format!("{} has no incident", self.name(slot))),
                }
            }
            Command::Begin { within, element, after } => {
                let slot = self.element(within)?;
                if self.instance.elements[slot].role != Role::Process {
                    return refuse(
                        Code::InvalidTarget,
                        format!("{} is no process instance", self.name(slot)),
                    );
                }
                let beginning = modify::find(self.library, self.instance, slot, &element, after)?;
                Ok(Admitted::Begin(beginning))
            }
            Command::Move { key, to } => {
                let slot = self.node_element(key)?;
                let within = self.instance.process_instance(slot);
                let beginning = modify::find(self.library, self.instance, within, &to, false)?;
                if beginning.is_inside(self.instance, slot) {
                    return refuse(Code::InvalidTarget, format!("`{to}` is inside what is moved"));
                }
                Ok(Admitted::Move { slot, beginning })
            }
            Command::CancelElement { key } => Ok(Admitted::CancelElement { slot: self.node_element(key)? }),
            Command::Cancel => Ok(Admitted::Cancel),
            Command::Suspend if self.instance.is_suspended() => {
                refuse(Code::Suspended, "the instance is suspended already")
            }
            Command::Suspend => Ok(Admitted::Suspend),
            Command::Resume if self.instance.is_suspended() => Ok(Admitted::Resume),
            Command::Resume => refuse(Code::NotWaiting, "the instance is not suspended"),
        }
    }

    fn not_suspended(&self) -> Result<(), Rejection> {
        if self.instance.is_suspended() {
            return refuse(Code::Suspended, "the instance is suspended");
        }
        Ok(())
    }

    fn element(&self, key: ElementKey) -> Result<Slot, Rejection> {
        match self.instance.slot(key) {
            Some(slot) => Ok(slot),
            None => refuse(Code::NotFound, format!("no open element has key {key}")),
        }
    }

    /// An open element that is no process instance.
    fn node_element(&self, key: ElementKey) -> Result<Slot, Rejection> {
        let slot = self.element(key)?;
        if self.instance.elements[slot].role == Role::Process {
            return refuse(Code::InvalidTarget, format!("{} is a process instance", self.name(slot)));
        }
        Ok(slot)
    }

    fn name(&self, slot: Slot) -> String {
        let process = self.instance.process_of(self.library, slot);
        match self.instance.elements[slot].node {
            crate::instance::NO_NODE => format!("process `{}`", process.id()),
            node => format!("`{}`", process.node_id(node)),
        }
    }

    /// The open job or user task of an element.
    fn work(&self, key: ElementKey) -> Result<(Slot, &WaitState), Rejection> {
        let Some(slot) = self.instance.slot(key) else {
            let was_there = key.is_some() && key < self.instance.next_key();
            let (code, what) = if was_there {
                (Code::JobNotActive, "not open any more")
            } else {
                (Code::NotFound, "unknown")
            };
            return refuse(code, format!("the job with key {key} is {what}"));
        };
        let work = self.instance.find_wait(slot, Which(0));
        match work.filter(|work| matches!(work.kind, WaitKind::Job | WaitKind::UserTask)) {
            Some(work) => {
                self.not_suspended()?;
                Ok((slot, work))
            }
            None if work.is_none() && self.has_work(slot) => {
                refuse(Code::JobNotActive, format!("{} has no open job", self.name(slot)))
            }
            None => refuse(Code::NotWaiting, format!("{} does not wait for work", self.name(slot))),
        }
    }

    fn has_work(&self, slot: Slot) -> bool {
        let element = &self.instance.elements[slot];
        let is_node = element.role == Role::Node;
        let process = self.instance.process_of(self.library, slot);
        is_node
            && matches!(process.row(element.node).kind, Kind::JobTask | Kind::UserTask | Kind::JobThrowEvent)
    }

    fn ad_hoc(&self, key: ElementKey) -> Result<Slot, Rejection> {
        let slot = self.element(key)?;
        self.not_suspended()?;
        match self.instance.find_wait(slot, Which(0)) {
            Some(wait) if wait.kind == WaitKind::AdHoc => Ok(slot),
            Some(_) | None => {
                refuse(Code::NotWaiting, format!("{} is no ad-hoc sub-process that waits", self.name(slot)))
            }
        }
    }

    fn user_task(&self, key: ElementKey) -> Result<(Slot, &WaitState), Rejection> {
        let (slot, work) = self.work(key)?;
        if work.kind != WaitKind::UserTask {
            return refuse(Code::NotWaiting, format!("{} is no user task", self.name(slot)));
        }
        Ok((slot, work))
    }

    fn claim(&self, key: ElementKey, user: String) -> Admission {
        let (slot, task) = self.user_task(key)?;
        if let Some(owner) = assignee(task) {
            return refuse(Code::Forbidden, format!("`{owner}` has the task already"));
        }
        self.may_claim(task, &user)?;
        Ok(Admitted::Own { slot, event: |key, data| Event::Claimed { key, data }, user })
    }

    /// A person may act on a task that nobody else has.
    fn may_act(&self, task: &WaitState, by: Option<&str>) -> Result<(), Rejection> {
        match (assignee(task), by) {
            (Some(owner), Some(user)) if owner != user => {
                refuse(Code::Forbidden, format!("`{owner}` has the task, not `{user}`"))
            }
            (None, Some(user)) => self.may_claim(task, user),
            (Some(_), Some(_)) | (_, None) => Ok(()),
        }
    }

    /// Where candidates are named, only they may take the task. Groups are the host's to know: where there are any,
    /// it has to check them itself.
    fn may_claim(&self, task: &WaitState, user: &str) -> Result<(), Rejection> {
        let people = task.data.as_context();
        let listed = |name: &str| people.and_then(|people| people.get(name)?.as_list());
        if let Some(users) = listed("candidateUsers")
            && listed("candidateGroups").is_none()
            && !users.iter().any(|candidate| candidate.as_str() == Some(user))
        {
            return refuse(Code::Forbidden, format!("`{user}` is no candidate for the task"));
        }
        Ok(())
    }

    fn next_try(
        &self,
        slot: Slot,
        job: &WaitState,
        retries: u32,
        backoff: Option<i64>,
    ) -> Result<Timestamp, Rejection> {
        if retries == 0 {
            return Ok(Timestamp::NEVER);
        }
        if let Some(wait) = backoff {
            return match self.now.0.checked_add(wait).filter(|_| wait >= 0) {
                Some(due) if wait > 0 => Ok(Timestamp(due)),
                Some(_) => Ok(Timestamp::NEVER),
                None => refuse(Code::InvalidPayload, "the back-off is out of range"),
            };
        }
        let process = self.instance.process_of(self.library, slot);
        let work = process.row(self.instance.elements[slot].node).work.as_deref();
        let waits = work.map_or(&[][..], |work| &work.retry_cycle);
        let wait = waits.get(job.attempts as usize).or(waits.last());
        Ok(wait.and_then(|wait| wait.add(self.now, 1, process.zone())).unwrap_or(Timestamp::NEVER))
    }

    fn occurrence(&self, key: ElementKey, which: Which, kind: WaitKind, occurrence: Occurrence) -> Admission {
        let slot = self.element(key)?;
        match self.instance.find_wait(slot, which).filter(|wait| wait.kind == kind) {
            Some(_) => {
                self.not_suspended()?;
                Ok(Admitted::Occur { slot, which, occurrence })
            }
            None => {
                refuse(Code::NotWaiting, format!("{} does not wait for a {}", self.name(slot), kind.as_str()))
            }
        }
    }

    fn due(&self, key: ElementKey, which: Which) -> Admission {
        let slot = self.element(key)?;
        let Some(wait) = self.instance.find_wait(slot, which) else {
            return refuse(Code::NotWaiting, format!("{} has no such timer", self.name(slot)));
        };
        if wait.due > self.now {
            return refuse(Code::NotWaiting, format!("{} is not due before {}", self.name(slot), wait.due));
        }
        self.not_suspended()?;
        match wait.kind {
            WaitKind::Timer => Ok(Admitted::Occur { slot, which, occurrence: Occurrence::default() }),
            WaitKind::Job => Ok(Admitted::Retry { slot }),
            WaitKind::UserTask
            | WaitKind::Message
            | WaitKind::Signal
            | WaitKind::Condition
            | WaitKind::AdHoc
            | WaitKind::Data
            | WaitKind::Call
            | WaitKind::Compensation
            | WaitKind::Delivery => {
                refuse(Code::NotWaiting, format!("{} does not wait for a moment", self.name(slot)))
            }
        }
    }

    /// Variables hold values of a closed set, of a bounded size.
    fn storable(&self, variables: &Context) -> Result<(), Rejection> {
        let mut bytes = self.instance.variables_bytes;
        for (name, value) in variables.iter() {
            bytes = bytes.saturating_add(value.bytes());
            if bytes > self.executor.limits.variables_bytes {
                return refuse(
                    Code::Limit,
                    format!("with `{name}` the variables are larger than variables_bytes"),
                );
            }
            if !value.is_storable() {
                return refuse(Code::InvalidPayload, format!("`{name}` holds a {}", value.type_name()));
            }
            if value.bytes() > self.executor.limits.variable_bytes {
                return refuse(Code::Limit, format!("`{name}` is larger than variable_bytes"));
            }
        }
        Ok(())
    }
}

fn assignee(task: &WaitState) -> Option<&str> {
    task.data.as_context()?.get("assignee")?.as_str()
}

impl Admitted {
    /// Makes the first move.
    pub(super) fn begin(self, step: &mut Step<'_>) {
        match self {
            Admitted::Start { process, start, trigger, variables } => {
                step.start_root(process, start, trigger, variables);
            }
            Admitted::Continue => {}
            Admitted::Complete { slot, variables } => step.complete_work(slot, variables),
            Admitted::Fail { slot, message, retries, due } => step.fail_job(slot, &message, retries, due),
            Admitted::Error { slot, code, message, variables } => {
                step.throw_from_work(slot, &code, message.as_deref(), variables);
            }
            Admitted::Escalate { slot, code, variables } => step.escalate_from_work(slot, &code, variables),
            Admitted::Own { slot, event, user } => {
                let data = step.data(Value::string(user));
                let key = step.key(slot);
                step.emit(event(key, data));
            }
            Admitted::Release { slot } => {
                let key = step.key(slot);
                step.emit(Event::Released { key });
            }
            Admitted::Set { slot, variables } => {
                for (name, value) in variables.iter() {
                    step.set(slot, name, value.clone());
                }
            }
            Admitted::Activate { slot, node } => ad_hoc::activate(step, slot, node),
            Admitted::Finish { slot } => ad_hoc::complete(step, slot),
            Admitted::Occur { slot, which, occurrence } => step.occur(slot, which, &occurrence),
            Admitted::Signal(occurrence) => step.signal(&occurrence),
            Admitted::Retry { slot } => step.retry_job(slot),
            Admitted::Resolve { slot } => {
                let key = step.key(slot);
                step.emit(Event::IncidentResolved { key });
            }
            Admitted::Begin(beginning) => step.begin_at(beginning),
            Admitted::Move { slot, beginning } => {
                step.cancel_element(slot, Some(&beginning));
                step.begin_at(beginning);
            }
            Admitted::CancelElement { slot } => step.cancel_element(slot, None),
            Admitted::Cancel => step.cancel_root(),
            Admitted::Suspend => step.emit(Event::Suspended),
            Admitted::Resume => step.emit(Event::Resumed),
        }
    }
}
