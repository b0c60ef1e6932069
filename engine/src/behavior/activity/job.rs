//! Work for the host (10.3.3): service, send, script and business rule tasks, and message throws with a job type.

use crate::command::{Answer, JobView};
use crate::event::{Event, IncidentKind, Stage, Via, WaitKind};
use crate::executor::{Failure, Step, Variables, read};
use crate::id::{Timestamp, Which};
use crate::instance::{Instance, Slot};
use crate::process::{Library, Row, Work};
use bpmn_parser::graph::NodeIx;
use std::borrow::Cow;
use tokenflow_feel::{Context, Value};

/// How often a job is tried in all where nothing says otherwise.
const TRIES: i64 = 3;

/// The variables that a job sees, read from the instance when the host asks for them.
struct Seen<'a> {
    instance: &'a Instance,
    library: &'a Library,
    scope: Slot,
}

impl Variables for Seen<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        let value = read(self.instance, self.library, self.scope, name);
        (!value.is_null()).then_some(value)
    }

    fn all(&self) -> Context {
        self.instance.visible(self.scope)
    }
}

/// Asks the host before a row is made: a task without data of its own whose job is done at once just passes.
pub(crate) fn answer_inline(step: &mut Step<'_>, row: &Row, node: NodeIx, scope: Slot, via: Via) -> bool {
    let Some(work) = row.work.as_deref() else {
        return false;
    };
    let Some(job_type) = work.job_type.as_ref().and_then(|job_type| job_type.as_constant()?.as_str()) else {
        return false;
    };
    match ask(step, node, scope, job_type) {
        Some(Answer::Complete(result)) if result.is_empty() => step.pass(row, node, scope, via),
        Some(answer) => {
            let slot = step.open(node, scope, via);
            take(step, slot, answer);
        }
        None => {
            let slot = step.open(node, scope, via);
            open_job(step, slot, work, Value::string(job_type));
        }
    }
    true
}

fn ask(step: &mut Step<'_>, node: NodeIx, scope: Slot, job_type: &str) -> Option<Answer> {
    let process = step.process(scope);
    let view = JobView {
        key: step.instance.next_key(),
        element: process.node_id(node),
        job_type,
        now: step.instance.now(),
    };
    let seen = Seen { instance: step.instance, library: step.library, scope };
    step.host.job(&view, &seen)
}

/// Opens the job of an activation, or takes the answer that the host has at once.
pub(crate) fn open(step: &mut Step<'_>, slot: Slot) {
    let row = step.row(slot);
    let work = row.work.as_deref().expect("a job task has work");
    let known = work.job_type.as_ref().and_then(|job_type| job_type.as_constant()).map(Cow::Borrowed);
    let evaluated = || work.job_type.as_ref().map(|job_type| step.eval(job_type, slot).map(Cow::Owned));
    let job_type = match known.map(Ok).or_else(evaluated) {
        Some(Ok(value)) if value.as_str().is_some() => value,
        Some(Ok(value)) => {
            let message = format!("the job type is a {} and not a string", value.type_name());
            return step.raise_as(slot, Stage::Work, Failure::new(IncidentKind::Expression, message));
        }
        Some(Err(failure)) => return step.raise_as(slot, Stage::Work, failure),
        None => unreachable!("a job task has a job type"),
    };
    let (node, key) = (step.instance.elements[slot].node, step.key(slot));
    let process = step.process(slot);
    let view = JobView {
        key,
        element: process.node_id(node),
        job_type: job_type.as_str().unwrap_or_default(),
        now: step.instance.now(),
    };
    let seen = Seen { instance: step.instance, library: step.library, scope: slot };
    match step.host.job(&view, &seen) {
        Some(answer) => take(step, slot, answer),
        None => open_job(step, slot, work, job_type.into_owned()),
    }
}

fn open_job(step: &mut Step<'_>, slot: Slot, work: &Work, job_type: Value) {
    let tries = match tries(step, slot, work) {
        Ok(tries) => tries,
        Err(failure) => return step.raise_as(slot, Stage::Work, failure),
    };
    let key = step.key(slot);
    let data = step.data([job_type, Value::from(tries)].into_iter().collect());
    step.emit(Event::Waiting { key, which: Which(0), kind: WaitKind::Job, data, due: Timestamp::NEVER });
}

fn tries(step: &Step<'_>, slot: Slot, work: &Work) -> Result<i64, Failure> {
    let Some(retries) = &work.retries else {
        return Ok(TRIES);
    };
    let value = step.eval(retries, slot)?;
    let number = match value.as_str() {
        Some(text) => text.trim().parse::<i64>().ok(),
        None => value.as_number().and_then(|number| number.to_i64()),
    };
    match number {
        Some(tries) if tries >= 1 && tries <= i64::from(u32::MAX) => Ok(tries),
        _ => {
            let message = format!("the number of tries is {value} and not a whole number from 1");
            Err(Failure::new(IncidentKind::Expression, message))
        }
    }
}

fn take(step: &mut Step<'_>, slot: Slot, answer: Answer) {
    match answer {
        Answer::Complete(result) => step.complete_work(slot, result),
        Answer::Error(code, message, payload) => {
            step.throw_from_work(slot, &code, message.as_deref(), payload)
        }
        // A job that fails inside the step is opened for the host, which tries it again when it pleases.
        Answer::Fail(_) => {
            let work = step.row(slot).work.as_deref().expect("a job task has work");
            let job_type = work.job_type.as_ref().expect("a job task has a job type");
            match step.eval(job_type, slot) {
                Ok(job_type) => open_job(step, slot, work, job_type),
                Err(failure) => step.raise_as(slot, Stage::Work, failure),
            }
        }
    }
}

impl Step<'_> {
    /// A job failed: it is tried again, or stops its activity where no try is left.
    pub(crate) fn fail_job(&mut self, slot: Slot, message: &str, retries: u32, due: Timestamp) {
        let key = self.key(slot);
        let is_job = self.instance.find_wait(slot, Which(0)).is_some_and(|wait| wait.kind == WaitKind::Job);
        let data = self.data(Value::string(message));
        if is_job {
            self.emit(Event::JobFailed { key, retries, data, due });
        }
        if retries == 0 {
            let failure = Failure::new(IncidentKind::JobRetries, message);
            self.raise_as(slot, Stage::Work, failure);
        }
    }

    /// The back-off of a failed job is over: the host may take it again.
    pub(crate) fn retry_job(&mut self, slot: Slot) {
        let key = self.key(slot);
        let data = crate::event::Data::NONE;
        self.emit(Event::Rearmed { key, which: Which(0), data, due: Timestamp::NEVER });
    }

    /// The variables in scope of a job, nearest first: what a handler gets as its input.
    pub(crate) fn visible(&self, slot: Slot) -> Context {
        self.instance.visible(slot)
    }
}
