//! The engine as a scenario drives it: a runtime on a virtual clock, with the harness's own memory beside it.

use crate::event::WaitKind;
use crate::id::{InstanceId, Timestamp, Which};
use crate::instance::Instance;
use crate::limits::Limits;
use crate::process::{ContentHash, DeployOptions, Library, deploy};
use crate::runtime::store::Position;
use crate::runtime::{Clock, JobKey, MessageNoteKind, Runtime, RuntimeBuilder, VirtualClock};
use crate::scenario::answers::OpenWork;
use crate::scenario::checks::{Faults, Twins};
use crate::scenario::chronicle::Chronicle;
use crate::scenario::coverage::{Coverage, Seen};
use crate::timer::parse_period;
use crate::trace::Word;
use bpmn_parser::{Diagnostic, Severity};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokenflow_feel::{Env, Value};

/// What a run is given before its runtime exists.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) clock: Timestamp,
    pub(super) zone: chrono_tz::Tz,
    pub(super) limits: Limits,
    pub(super) allow_non_executable: bool,
    pub(super) records_decisions: bool,
}

/// A runtime and what the harness knows of it.
pub(super) struct World {
    runtime: Runtime,
    calls_handlers: bool,
    setting: Setting,
    position: Position,
    pub(super) chronicle: Chronicle,
    pub(super) twins: Twins,
    /// The deployment before was refused.
    pub(super) refused: Option<Refused>,
    pub(super) diagnostics: Vec<FileDiagnostics>,
    files: BTreeMap<ContentHash, String>,
    references: BTreeMap<InstanceId, (String, String)>,
}

/// The findings about one file.
#[derive(Clone, Debug)]
pub struct FileDiagnostics {
    /// The file as it was given.
    pub file: PathBuf,
    /// Its text, for excerpts; empty where it is not UTF-8.
    pub source: Arc<str>,
    /// All findings.
    pub findings: Vec<Diagnostic>,
}

/// Files that were refused.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) files: Vec<PathBuf>,
    pub(super) findings: Vec<Diagnostic>,
}

impl Refused {
    /// The errors, for a failure.
    pub(super) fn listed(&self) -> String {
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let mut lines: Vec<String> = errors
            .map(|finding| {
                let element = finding.element.as_deref().unwrap_or("-");
                format!("{} {element} {}: {}", finding.code, finding.position, finding.message)
            })
            .collect();
        let files: Vec<String> = self.files.iter().map(|file| file.display().to_string()).collect();
        lines.insert(0, format!("{} was refused:", files.join(", ")));
        lines.join("\n    ")
    }
}

impl World {
    /// A world without deployments.
    pub(super) fn new(setting: Setting, faults: Faults) -> Result<World, String> {
        World::with_handlers(setting, faults, |runtime| runtime, false)
    }

    /// A world whose runtime has handlers, which are called whenever there is work for them.
    pub(super) fn with_handlers(
        setting: Setting,
        faults: Faults,
        add_handlers: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder,
        calls_handlers: bool,
    ) -> Result<World, String> {
        let runtime = Runtime::memory()
            .clock(Clock::Virtual(VirtualClock::new(setting.clock)))
            .zone(setting.zone)
            .limits(setting.limits)
            .allow_non_executable(setting.allow_non_executable)
            .record_decisions(setting.records_decisions);
        let runtime = add_handlers(runtime).build().map_err(|error| error.to_string())?;
        Ok(World {
            runtime,
            calls_handlers,
            setting,
            position: Position(0),
            chronicle: Chronicle::default(),
            twins: Twins::new(faults),
            refused: None,
            diagnostics: Vec::new(),
            files: BTreeMap::new(),
            references: BTreeMap::new(),
        })
    }

    /// Deploys files one after another; none of them where one is refused, with the findings of all.
    ///
    /// # Errors
    /// Where a file cannot be read or the store fails; a refusal is kept in `refused`.
    pub(super) fn deploy(&mut self, files: &[PathBuf]) -> Result<(), String> {
        let mut read = Vec::new();
        for file in files {
            read.push((file, std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?));
        }
        let Setting { zone, limits, .. } = self.setting;
        let options = DeployOptions { zone, limits, ..DeployOptions::default() };
        let mut refused = Refused { files: Vec::new(), findings: Vec::new() };
        for (file, bytes) in &read {
            let findings = match deploy(bytes, &options) {
                Ok(deployment) => deployment.diagnostics,
                Err(refusal) => {
                    refused.files.push((*file).clone());
                    refused.findings.extend(refusal.diagnostics.iter().cloned());
                    refusal.diagnostics
                }
            };
            let source = String::from_utf8_lossy(bytes).into();
            self.diagnostics.push(FileDiagnostics { file: (*file).clone(), source, findings });
        }
        self.refused = Some(refused).filter(|refused| !refused.files.is_empty());
        if self.refused.is_some() {
            return Ok(());
        }
        for (file, bytes) in read {
            self.runtime.deploy(&bytes).map_err(|error| format!("{}: {error}", file.display()))?;
            let hash = ContentHash::of(&bytes, self.setting.zone);
            self.files.insert(hash, file.display().to_string());
        }
        self.catch_up().map(drop)
    }

    pub(super) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    pub(super) fn now(&self) -> Timestamp {
        self.runtime.now()
    }

    /// Reads what was committed since the last time, in commit order; how many records there were.
    pub(super) fn catch_up(&mut self) -> Result<usize, String> {
        let committed = self.runtime.tail(self.position).map_err(|error| error.to_string())?;
        let library = self.runtime.library();
        for record in &committed {
            if !record.transition.events.is_empty() || record.message.is_none() {
                self.chronicle.record(&library, record.instance, &record.transition);
                self.twins.replay(&library, record.instance, &record.transition);
            }
            if let Some(note) = &record.message {
                let word = match note.kind {
                    MessageNoteKind::Buffered => Word::Buffered,
                    MessageNoteKind::Correlated => Word::Correlated,
                    MessageNoteKind::Expired => Word::Expired,
                };
                self.chronicle.message(record.transition.at, word, &note.name, &note.key);
            }
            self.position = Position(record.position.0 + 1);
        }
        Ok(committed.len())
    }

    /// Drops the runtime and opens its store again.
    pub(super) fn restart(&mut self) -> Result<(), String> {
        self.runtime.restart().map_err(|error| error.to_string())
    }

    /// When the next timer or back-off is due.
    pub(super) fn next_due(&self) -> Result<Option<Timestamp>, String> {
        self.runtime.next_due().map_err(|error| error.to_string())
    }

    /// Moves the clock from due time to due time, and has the handlers do what there is to do then.
    pub(super) fn advance(&mut self, to: Timestamp) -> Result<(), String> {
        self.runtime.advance(to).map_err(|error| error.to_string())?;
        if self.calls_handlers {
            self.runtime.run_until_idle().map_err(|error| error.to_string())?;
        }
        self.catch_up().map(drop)
    }

    /// Moves the clock at once, as a machine that slept.
    pub(super) fn jump(&mut self, to: Timestamp) -> Result<(), String> {
        self.runtime.jump(to).map_err(|error| error.to_string())?;
        self.catch_up().map(drop)
    }

    /// The moment that lies a duration after now; a day is one of the calendar of the zone.
    pub(super) fn later(&self, duration: &str) -> Result<Timestamp, String> {
        let period = parse_period(duration);
        let moment = period.and_then(|period| period.add(self.now(), 1, self.setting.zone));
        moment.ok_or_else(|| format!("`{duration}` leads out of the calendar"))
    }

    /// The length of a duration from now on.
    pub(super) fn length(&self, duration: &str) -> Result<Duration, String> {
        let micros = self.later(duration)?.0.saturating_sub(self.now().0);
        match u64::try_from(micros) {
            Ok(micros) => Ok(Duration::from_micros(micros)),
            Err(_) => Err(format!("`{duration}` is negative")),
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.setting.limits
    }

    pub(super) fn library(&self) -> Arc<Library> {
        self.runtime.library()
    }

    /// What expressions of the scenario see besides variables.
    pub(super) fn env(&self) -> Env {
        Env { now: self.now().0, zone: self.setting.zone, ..Env::default() }
    }

    /// Reads an instance; none where there is no such instance.
    pub(super) fn with_instance<R>(
        &self,
        id: InstanceId,
        read: impl FnOnce(&Library, &Instance) -> R,
    ) -> Option<R> {
        let library = self.runtime.library();
        self.runtime.with_instance(id, |instance| read(&library, instance)).ok()
    }

    /// The variable as an element sees it; a process instance that is gone has what its journal tells.
    pub(super) fn variable(&self, at: JobKey, name: &str) -> Option<Value> {
        let seen = self.with_instance(at.instance, |_, instance| {
            let slot = instance.slot(at.key)?;
            Some(instance.lookup(slot, name).cloned().or_else(|| instance.loop_attribute(slot, name)))
        });
        match seen.flatten() {
            Some(value) => value,
            None => self.chronicle.facts(at).variables.get(name).cloned(),
        }
    }

    /// The open jobs and user tasks that may be answered, the oldest activation first.
    pub(super) fn open_work(&self) -> impl Iterator<Item = OpenWork> + '_ {
        self.chronicle.open_work().filter_map(|at| self.open_work_at(at))
    }

    fn open_work_at(&self, at: JobKey) -> Option<OpenWork> {
        let census = self.chronicle.tracer.census(at.instance)?;
        let place = census.place(at.key)?;
        let job_type = self.with_instance(at.instance, |library, instance| {
            let wait = instance.wait(library, at.key, Which(0))?;
            let has_incident = instance.element(at.key).is_none_or(|element| element.has_incident);
            if instance.is_suspended() || has_incident || wait.is_backing_off() {
                return None;
            }
            match wait.kind {
                WaitKind::Job => Some(Some(wait.name().to_owned())),
                WaitKind::UserTask => Some(None),
                WaitKind::Message
                | WaitKind::Timer
                | WaitKind::Signal
                | WaitKind::Condition
                | WaitKind::AdHoc
                | WaitKind::Data
                | WaitKind::Call
                | WaitKind::Compensation
                | WaitKind::Delivery => None,
            }
        })??;
        let opened_at = self.chronicle.opened_at(at);
        Some(OpenWork { at, element: place.element.to_string(), n: place.n, job_type, opened_at })
    }

    pub(super) fn is_open(&self, at: JobKey) -> bool {
        self.with_instance(at.instance, |_, instance| instance.element(at.key).is_some()) == Some(true)
    }

    pub(super) fn has_work(&self, at: JobKey) -> bool {
        self.has_wait(at, is_work)
    }

    pub(super) fn is_ad_hoc(&self, at: JobKey) -> bool {
        self.has_wait(at, |kind| kind == WaitKind::AdHoc)
    }

    pub(super) fn has_incident(&self, at: JobKey) -> bool {
        let found = self.with_instance(at.instance, |_, instance| {
            instance.element(at.key).is_some_and(|element| element.has_incident)
        });
        found == Some(true)
    }

    fn has_wait(&self, at: JobKey, fits: impl Fn(WaitKind) -> bool) -> bool {
        let found = self.with_instance(at.instance, |library, instance| {
            instance.waits(library).any(|wait| wait.key == at.key && wait.is_own && fits(wait.kind))
        });
        found == Some(true)
    }

    /// The label or ordinal of a root instance.
    pub(super) fn label(&self, root: InstanceId) -> String {
        self.chronicle.tracer.census(root).map_or(String::new(), |census| census.label().to_string())
    }

    /// The path of a process instance.
    pub(super) fn path(&self, at: JobKey) -> String {
        let census = self.chronicle.tracer.census(at.instance);
        let found = census.and_then(|census| census.process_instance(at.key));
        found.map_or_else(|| self.label(at.instance), |instance| instance.path.to_string())
    }

    /// Notes what a root instance refers to outside.
    pub(super) fn refer(&mut self, root: InstanceId, kind: &str, id: &str) {
        self.references.insert(root, (kind.to_owned(), id.to_owned()));
    }

    pub(super) fn reference(&self, root: InstanceId) -> Option<(String, String)> {
        self.references.get(&root).cloned()
    }

    /// What the run has covered, of every process that is deployed.
    pub(super) fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::default();
        for (_, process) in self.library().iter() {
            let Some(file) = self.files.get(&process.hash()) else { continue };
            let seen: Option<&Seen> = self.chronicle.seen.get(&(process.id().to_owned(), process.hash()));
            coverage.add(file, process, seen);
        }
        coverage
    }
}

fn is_work(kind: WaitKind) -> bool {
    matches!(kind, WaitKind::Job | WaitKind::UserTask)
}

/// The default deployment of a scenario: the model with the same stem, and the decisions beside it.
pub(super) fn same_stem(scenario: &Path) -> Vec<PathBuf> {
    let model = scenario.with_extension("bpmn");
    let decisions = scenario.with_extension("dmn");
    let decisions = Some(decisions).filter(|file| file.exists());
    std::iter::once(model).chain(decisions).collect()
}

impl FileDiagnostics {
    /// True where the file was refused.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}
