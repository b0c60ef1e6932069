//! Admission: from a command to the first move, or a rejection that has changed nothing.

mod work;

use super::modify::{self, Beginning};
use super::{Executor, Step};
use crate::behavior::activity::ad_hoc;
use crate::command::{Command, Occurrence, Rejection, RejectionCode as Code};
use crate::event::{Event, Status, WaitKind};
use crate::id::{ElementKey, ProcessIx, Timestamp, Which};
use crate::instance::{Instance, Role, Slot};
use crate::process::Library;
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
            Command::Complete { key, by, variables } => self.complete(key, by.as_deref(), variables),
            Command::Fail { key, message, retries, backoff } => self.fail(key, message, retries, backoff),
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
            Command::Release { key, by } => self.release(key, by.as_deref()),
            Command::Assign { key, user, .. } => self.assign(key, user),
            Command::Delegate { key, user, by } => self.delegate(key, user, by.as_deref()),
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
            Command::Resolve { key } => self.resolve(key),
            Command::Begin { within, element, after } => self.begin(within, &element, after),
            Command::Move { key, to } => self.relocate(key, &to),
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

    fn resolve(&self, key: ElementKey) -> Admission {
        let slot = self.element(key)?;
        let incident = self.instance.elements[slot].incident.get();
        match incident.filter(|incident| !self.instance.incidents[*incident].is_resolved) {
            Some(_) => Ok(Admitted::Resolve { slot }),
            None => refuse(Code::NotFound, format!("{} has no incident", self.name(slot))),
        }
    }

    fn begin(&self, within: ElementKey, element: &str, after: bool) -> Admission {
        let slot = self.element(within)?;
        if self.instance.elements[slot].role != Role::Process {
            return refuse(Code::InvalidTarget, format!("{} is no process instance", self.name(slot)));
        }
        let beginning = modify::find(self.library, self.instance, slot, element, after)?;
        Ok(Admitted::Begin(beginning))
    }

    fn relocate(&self, key: ElementKey, to: &str) -> Admission {
        let slot = self.node_element(key)?;
        let within = self.instance.process_instance(slot);
        let beginning = modify::find(self.library, self.instance, within, to, false)?;
        if beginning.is_inside(self.instance, slot) {
            return refuse(Code::InvalidTarget, format!("`{to}` is inside what is moved"));
        }
        Ok(Admitted::Move { slot, beginning })
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
