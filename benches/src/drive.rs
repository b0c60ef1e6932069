//! Drives one instance of a workload from its start to its end.

use crate::condition::PeerLanguage;
use crate::host::CountingHost;
use crate::workload::Workload;
use std::collections::HashMap;
use std::sync::Arc;
use tokenflow::command::{Command, Occurrence};
use tokenflow::event::{Event, Status, Transition, WaitKind};
use tokenflow::executor::Executor;
use tokenflow::id::{ElementKey, InstanceId, ProcessIx, Timestamp, Which};
use tokenflow::instance::Instance;
use tokenflow::process::{DeployOptions, Library, deploy};
use tokenflow_feel::{Context, Value};

/// One hour in the unit of logical time.
const HOUR: i64 = 3_600_000_000;

/// A deployed model with the one process that is run.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// The definitions.
    pub library: Library,
    /// What is started.
    pub process: ProcessIx,
}

/// Deploys a model with the peer language for its conditions.
///
/// # Errors
/// The findings that refuse the file, or that it holds no process.
pub fn deployed(bytes: &[u8]) -> Result<Deployed, String> {
    let options = DeployOptions { evaluator: Some(Arc::new(PeerLanguage)), ..DeployOptions::default() };
    let deployment = deploy(bytes, &options).map_err(|error| error.to_string())?;
    let mut library = Library::default();
    let process = library.add_deployment(deployment).first().copied();
    Ok(Deployed { library, process: process.ok_or("the file holds no process")? })
}

/// Runs instances of one workload, one after another.
#[derive(Debug)]
pub struct Driver {
    deployed: Deployed,
    workload: Workload,
    executor: Executor,
    host: CountingHost,
    variables: Context,
    started: u64,
    entered: u64,
    /// Open message subscriptions by their key, as a host keeps them to correlate.
    subscriptions: HashMap<String, (ElementKey, Which)>,
    /// The memory of the instance before, and of its last step.
    used: Option<Box<(Instance, Transition)>>,
}

impl Driver {
    /// A driver for that model.
    pub fn new(deployed: Deployed, workload: Workload) -> Driver {
        Driver {
            deployed,
            workload,
            executor: Executor::default(),
            host: CountingHost {
                jobs: 0,
                adds: workload == Workload::Xor,
                leaves_open: workload.jobs() == 0,
            },
            variables: workload.variables(0),
            started: 0,
            entered: 0,
            subscriptions: HashMap::new(),
            used: None,
        }
    }

    /// Flow nodes entered so far, as the recorded events tell.
    pub fn entered(&self) -> u64 {
        self.entered
    }

    /// Jobs that the host has answered so far.
    pub fn jobs(&self) -> u64 {
        self.host.jobs
    }

    /// Runs one instance and counts what it entered.
    ///
    /// # Errors
    /// Where the instance does not complete, or does other work than the workload says.
    pub fn run_checked(&mut self) -> Result<(), String> {
        let (entered, jobs) = (self.entered, self.host.jobs);
        let status = self.run_with(|entered, transition| {
            *entered += transition.events.iter().filter(|event| is_entry(event)).count() as u64;
        })?;
        if status != Status::Completed {
            return Err(format!("the instance is {} in the end", status.as_str()));
        }
        let (entered, jobs) = (self.entered - entered, self.host.jobs - jobs);
        let expected = (u64::from(self.workload.nodes()), u64::from(self.workload.jobs()));
        if (entered, jobs) != expected {
            return Err(format!(
                "{entered} nodes and {jobs} jobs instead of {} and {}",
                expected.0, expected.1
            ));
        }
        Ok(())
    }

    /// Runs one instance; its events are recorded and dropped.
    ///
    /// # Errors
    /// Where a command is rejected or the instance does not end.
    pub fn run(&mut self) -> Result<(), String> {
        let status = self.run_with(|_, transition| {
            std::hint::black_box(transition);
        })?;
        match status {
            Status::Completed => Ok(()),
            status => Err(format!("the instance is {} in the end", status.as_str())),
        }
    }

    fn run_with(&mut self, seen: impl Fn(&mut u64, &Transition)) -> Result<Status, String> {
        let used = self.used.take();
        let mut used =
            used.unwrap_or_else(|| Box::new((Instance::new(InstanceId(0)), Transition::default())));
        let (instance, transition) = &mut *used;
        instance.reset(InstanceId(u128::from(self.started)));
        let ended = self.steps(instance, transition, seen);
        let status = instance.status();
        self.used = Some(used);
        ended.map(|()| status)
    }

    fn steps(
        &mut self,
        instance: &mut Instance,
        transition: &mut Transition,
        seen: impl Fn(&mut u64, &Transition),
    ) -> Result<(), String> {
        self.start(instance, transition)?;
        seen(&mut self.entered, transition);
        let mut now = Timestamp(0);
        while instance.status() == Status::Active {
            let command = match transition.more {
                true => Command::Continue,
                false => self.answer(transition, &mut now)?,
            };
            self.step(instance, command, now, transition)?;
            seen(&mut self.entered, transition);
        }
        Ok(())
    }

    /// Starts the next instance, as far as it goes by itself.
    ///
    /// # Errors
    /// Where the start is rejected.
    pub fn start(&mut self, instance: &mut Instance, transition: &mut Transition) -> Result<(), String> {
        let variables = match self.workload.has_equal_starts() {
            true => self.variables.clone(),
            false => self.workload.variables(self.started),
        };
        self.started += 1;
        let process = self.deployed.process;
        let command = Command::Start { process, at: None, trigger: None, variables };
        self.step(instance, command, Timestamp(0), transition)
    }

    /// One step, recorded in `transition`.
    ///
    /// # Errors
    /// The rejection.
    pub fn step(
        &mut self,
        instance: &mut Instance,
        command: Command,
        now: Timestamp,
        transition: &mut Transition,
    ) -> Result<(), String> {
        let Driver { executor, deployed, host, .. } = self;
        let stepped = executor.step_into(&deployed.library, instance, command, now, host, transition);
        stepped.map_err(|rejection| rejection.to_string())
    }

    /// What the host does about the wait that the last step opened.
    fn answer(&mut self, transition: &Transition, now: &mut Timestamp) -> Result<Command, String> {
        let fires = self.workload == Workload::TimerFire;
        for event in &transition.events {
            match *event {
                Event::Waiting { key, kind: WaitKind::UserTask | WaitKind::Job, .. } if !fires => {
                    return Ok(Command::Complete { key, by: None, variables: Context::default() });
                }
                Event::Armed { key, which, kind: WaitKind::Timer, .. } if fires => {
                    now.0 += HOUR;
                    return Ok(Command::Due { key, which });
                }
                Event::Waiting { key, which, kind: WaitKind::Message, data, .. } => {
                    let [name, correlation] = message_of(transition.value(data))?;
                    self.subscriptions.insert(correlation.clone(), (key, which));
                    return self.correlate(name, correlation);
                }
                _ => {}
            }
        }
        Err("nothing is open that this workload could answer".to_owned())
    }

    fn correlate(&mut self, name: String, correlation: String) -> Result<Command, String> {
        let found = self.subscriptions.remove(&correlation);
        let (key, which) = found.ok_or("nobody waits for that key")?;
        let message = Occurrence { name, key: Value::string(correlation), payload: Context::default() };
        Ok(Command::Message { key, which, message })
    }
}

/// The name and key of a message subscription.
fn message_of(data: &Value) -> Result<[String; 2], String> {
    let part = |place: usize| data.as_list().and_then(|list| list.get(place)?.as_str().map(str::to_owned));
    match (part(0), part(1)) {
        (Some(name), Some(key)) => Ok([name, key]),
        _ => Err("the subscription has no name or no key".to_owned()),
    }
}

fn is_entry(event: &Event) -> bool {
    matches!(event, Event::Passed { .. } | Event::Entered { .. })
}
