//! Who does the jobs: handlers of this process, worker threads, and outside workers that pull.

use super::engine::{Engine, Lease, visible};
use super::handler::{Ctx, Job, JobError, JobFailure};
use super::identity::JobKey;
use super::publish::after;
use super::store::{JobRow, Opened};
use super::{CommandError, Runtime};
use crate::command::RejectionCode;
use crate::id::Timestamp;
use bpmn_parser::graph::NodeIx;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use tokenflow_feel::Context;

/// How long an idle worker sleeps at most, so that a clock which is set back or forth is noticed.
const NAP: Duration = Duration::from_secs(1);
/// Rows that are read at once while jobs on lease are passed over.
const PAGE: usize = 64;

/// One handing out of a job: an answer under an older one is refused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct LeaseId(pub u64);

/// A job in the hands of an outside worker.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Activated {
    /// The job, with the variables that its activity sees.
    pub job: Job<Context>,
    /// To be named in the answer.
    pub lease: LeaseId,
    /// When the job is handed out again unless it is answered or extended.
    pub until: Timestamp,
}

/// Hands out jobs of a type; ends in [`activate`](Activation::activate).
#[must_use = "nothing happens before `activate`"]
pub struct Activation<'r> {
    runtime: &'r Runtime,
    job_type: String,
    max: usize,
    lease: Duration,
}

/// A thread that does what is due and calls handlers; dropping it stops it.
pub struct Worker {
    stop: Arc<AtomicBool>,
    runtime: Runtime,
    thread: Option<JoinHandle<()>>,
}

impl Runtime {
    /// Fires what is due and calls handlers, oldest job first, until nothing is runnable at the current time.
    ///
    /// # Errors
    /// The store failed.
    pub fn run_until_idle(&self) -> Result<(), CommandError> {
        self.work_until_idle().map(drop)
    }

    /// Gives the number of commits at which nothing was runnable.
    fn work_until_idle(&self) -> Result<u64, CommandError> {
        self.pass_on()?;
        loop {
            let handed = {
                let mut engine = self.lock();
                engine.fire_due()?;
                let handed = engine.next_handled()?;
                handed.ok_or(engine.commits())
            };
            match handed {
                Ok(activated) => {
                    self.work_on(activated)?;
                    self.pass_on()?;
                }
                Err(commits) => return Ok(commits),
            }
        }
    }

    /// Starts a thread that does what [`run_until_idle`](Runtime::run_until_idle) does, for as long as the returned
    /// value lives. Several may run side by side. A failure of the store is tried again after a second.
    pub fn spawn_worker(&self) -> Worker {
        let stop = Arc::new(AtomicBool::new(false));
        let runtime = self.clone();
        let thread = std::thread::spawn({
            let (runtime, stop) = (self.clone(), Arc::clone(&stop));
            move || {
                while !stop.load(Ordering::SeqCst) {
                    let idle_at = runtime.work_until_idle().ok();
                    runtime.nap(idle_at, &stop);
                }
            }
        });
        Worker { stop, runtime, thread: Some(thread) }
    }

    /// Gives messages for black-box pools to the host's handler, each once in a round.
    fn pass_on(&self) -> Result<(), CommandError> {
        if !self.shared.handlers.is_passing_on() {
            return Ok(());
        }
        for message in self.host_messages() {
            if self.shared.handlers.passes_on(&message) {
                match self.acknowledge(message.id) {
                    // Another worker passed it on as well: at least once.
                    Ok(()) | Err(CommandError::Rejected(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Waits for a commit, for what is due next, or a second, whichever comes first.
    fn nap(&self, idle_at: Option<u64>, stop: &AtomicBool) {
        let engine = self.lock();
        let wait = match idle_at {
            Some(commits) if commits != engine.commits() => return,
            Some(_) => match engine.next_due().ok().flatten() {
                Some(next) => {
                    Duration::from_micros(next.0.saturating_sub(engine.now().0).max(0).unsigned_abs())
                }
                None => NAP,
            },
            None => NAP,
        };
        if !wait.is_zero() && !stop.load(Ordering::SeqCst) {
            // A poisoned lock is met again, and mended, when it is taken next.
            drop(self.shared.changed.wait_timeout(engine, wait.min(NAP)));
        }
    }

    /// Hands out jobs of a type to an outside worker.
    pub fn jobs(&self, job_type: impl Into<String>) -> Activation<'_> {
        Activation { runtime: self, job_type: job_type.into(), max: 1, lease: Duration::from_secs(300) }
    }

    /// Gives a worker more time for a job, counted from now.
    ///
    /// # Errors
    /// `JobNotActive` where the lease is over and the job was handed out again, or is done.
    pub fn extend(&self, job: JobKey, lease: LeaseId, time: Duration) -> Result<Timestamp, CommandError> {
        let mut engine = self.lock();
        engine.check_lease(job, lease)?;
        let until = after(engine.now(), time);
        engine.leases.insert(job, Lease { number: lease.0, until });
        Ok(until)
    }

    fn work_on(&self, activated: Activated) -> Result<(), CommandError> {
        let (key, lease) = (activated.job.key, activated.lease);
        let ctx = Ctx::new(self.clone());
        let answered = match self.shared.handlers.call(activated.job, &ctx) {
            Ok(output) => match self.complete(key).context(output).lease(lease).send() {
                // What the engine does not take as a result is a failure of the handler, not an endless retry.
                Err(CommandError::Rejected(rejection)) if is_payload(rejection.code) => {
                    self.answer_failure(key, lease, JobError::fail(rejection))
                }
                answered => answered,
            },
            Err(error) => self.answer_failure(key, lease, error),
        };
        match answered {
            Ok(()) => Ok(()),
            // Canceled, suspended or answered by somebody else meanwhile.
            Err(CommandError::Rejected(_)) => {
                self.lock().leases.remove(&key);
                Ok(())
            }
            Err(error) => {
                self.lock().leases.remove(&key);
                Err(error)
            }
        }
    }

    fn answer_failure(&self, key: JobKey, lease: LeaseId, error: JobError) -> Result<(), CommandError> {
        match error.into_failure() {
            JobFailure::Bpmn { code, message, variables } => {
                let request = self.error(key, code).context(variables).lease(lease);
                match message {
                    Some(message) => request.message(message).send(),
                    None => request.send(),
                }
            }
            JobFailure::Escalated { code, variables } => {
                self.escalate(key, code).context(variables).lease(lease).send()?;
                self.complete(key).lease(lease).send()
            }
            JobFailure::Failed { message, retries, backoff } => {
                let mut request = self.fail(key, message).lease(lease);
                if let Some(retries) = retries {
                    request = request.retries(retries);
                }
                if let Some(backoff) = backoff {
                    request = request.backoff(backoff);
                }
                request.send()
            }
        }
    }
}

fn is_payload(code: RejectionCode) -> bool {
    matches!(code, RejectionCode::InvalidPayload | RejectionCode::Limit)
}

impl Activation<'_> {
    /// At most so many; one by default.
    pub fn max(mut self, jobs: usize) -> Self {
        self.max = jobs;
        self
    }

    /// How long the worker has; five minutes by default. After that the job is handed out again.
    pub fn lease(mut self, time: Duration) -> Self {
        self.lease = time;
        self
    }

    /// Hands them out, oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub fn activate(self) -> Result<Vec<Activated>, CommandError> {
        let mut engine = self.runtime.lock();
        let until = after(engine.now(), self.lease);
        let mut handed = Vec::new();
        for row in engine.free_jobs(&self.job_type, self.max)? {
            match engine.hand_out(&row, until) {
                Ok(activated) => handed.push(activated),
                // An instance that cannot be read was set aside; the others go on.
                Err(error) if error.is_final() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(handed)
    }
}

impl Worker {
    /// Stops the thread after the handler it is in, and waits for it.
    pub fn stop(self) {}
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(self.runtime.lock());
        self.runtime.notify();
        if let Some(thread) = self.thread.take() {
            // A handler's panic is caught; one of the worker itself has nothing left to tell.
            let _ = thread.join();
        }
    }
}

impl Engine {
    /// The oldest job that a handler of this process does.
    fn next_handled(&mut self) -> Result<Option<Activated>, CommandError> {
        while let Some(row) = self.oldest_handled()? {
            match self.hand_out(&row, Timestamp::NEVER) {
                // Its instance cannot be read and was set aside; the others go on.
                Err(error) if error.is_final() => {
                    self.leases.insert(key_of(&row), Lease { number: 0, until: Timestamp::NEVER });
                }
                handed => return handed.map(Some),
            }
        }
        Ok(None)
    }

    fn oldest_handled(&mut self) -> Result<Option<JobRow>, CommandError> {
        let handlers = Arc::clone(&self.handlers);
        let mut oldest: Option<JobRow> = None;
        for job_type in handlers.queued_types() {
            let first = self.free_jobs(job_type, 1)?.pop();
            if let Some(row) = first
                && oldest.as_ref().is_none_or(|oldest| row.opened < oldest.opened)
            {
                oldest = Some(row);
            }
        }
        Ok(oldest)
    }

    /// Jobs of a type that nobody works on, oldest first.
    fn free_jobs(&mut self, job_type: &str, max: usize) -> Result<Vec<JobRow>, CommandError> {
        let now = self.now();
        self.leases.retain(|_, lease| lease.until > now);
        let mut free = Vec::new();
        let mut after: Option<Opened> = None;
        while free.len() < max {
            let page = self.store.jobs(job_type, after, PAGE)?;
            after = page.last().map(|row| row.opened);
            let is_last = page.len() < PAGE;
            let unleased = page.into_iter().filter(|row| !self.leases.contains_key(&key_of(row)));
            free.extend(unleased.take(max - free.len()));
            if is_last {
                break;
            }
        }
        Ok(free)
    }

    fn hand_out(&mut self, row: &JobRow, until: Timestamp) -> Result<Activated, CommandError> {
        let now = self.now();
        let key = key_of(row);
        let library = Arc::clone(&self.library);
        let live = self.view(row.at.instance)?;
        let wait = live.instance.wait(&library, row.at.key, row.at.which);
        let job = Job {
            key,
            job_type: row.job_type.clone(),
            element: row.element.clone(),
            process: row.process.clone(),
            attempt: wait.map_or(0, |wait| wait.attempts()).saturating_add(1),
            now,
            input: visible(&live.instance, row.at.key),
        };
        self.leases_given = self.leases_given.wrapping_add(1);
        let number = self.leases_given;
        self.leases.insert(key, Lease { number, until });
        Ok(Activated { job, lease: LeaseId(number), until })
    }

    /// Refuses an answer under a lease that is over and was given to somebody else, or that never was.
    pub(super) fn check_lease(&self, job: JobKey, lease: LeaseId) -> Result<(), CommandError> {
        match self.leases.get(&job) {
            Some(current) if current.number == lease.0 => Ok(()),
            Some(_) => Err(CommandError::rejected(
                RejectionCode::JobNotActive,
                format!("job {job} was handed out to somebody else after lease {} ended", lease.0),
            )),
            None => Err(CommandError::rejected(
                RejectionCode::JobNotActive,
                format!("lease {} on job {job} is over", lease.0),
            )),
        }
    }

    /// The node with that id in the process of an element.
    pub(super) fn node_of(&mut self, target: JobKey, id: &str) -> Result<NodeIx, CommandError> {
        let library = Arc::clone(&self.library);
        let live = self.view(target.instance)?;
        let process = live.instance.element(target.key).map(|element| library.process(element.process));
        process.and_then(|process| process.find(id)).ok_or_else(|| {
            CommandError::rejected(
                RejectionCode::NotFound,
                format!("there is no activity `{id}` beside {target}"),
            )
        })
    }
}

fn key_of(row: &JobRow) -> JobKey {
    JobKey { instance: row.at.instance, key: row.at.key }
}
