//! Definitions: stored by their content, compiled into the library, their start events armed.

use super::due::start_timer;
use super::{Engine, PAGE};
use crate::command::Occurrence;
use crate::id::{ProcessIx, Timestamp};
use crate::process::{ContentHash, DeployOptions, Deployment, Library, StartKind};
use crate::runtime::error::{BuildError, CommandError, DeploymentError};
use crate::runtime::options::Options;
use crate::runtime::router::Routes;
use crate::runtime::store::{DefinitionRow, RowChange, StartTimerRow, StoreError};
use bpmn_parser::Diagnostic;
use chrono_tz::Tz;
use std::sync::Arc;

impl Engine {
    /// Deploys a file: the same content is the version that is there, changed content the next one.
    pub(in crate::runtime) fn deploy(
        &mut self,
        bytes: &[u8],
    ) -> Result<(Vec<ProcessIx>, Vec<Diagnostic>), DeploymentError> {
        let mut deployment = self.compile(bytes, self.options.zone)?;
        let diagnostics = std::mem::take(&mut deployment.diagnostics);
        let hash = ContentHash::of(bytes, self.options.zone);
        let is_known =
            deployment.processes.iter().all(|process| self.library.by_hash(process.id(), hash).is_some());
        if is_known {
            let known =
                deployment.processes.iter().filter_map(|process| self.library.by_hash(process.id(), hash));
            return Ok((known.collect(), diagnostics));
        }
        let now = self.now();
        let mut rows = vec![RowChange::DefinitionPut(DefinitionRow {
            hash,
            bytes: bytes.to_owned(),
            zone: self.options.zone.name().to_owned(),
            at: now,
        })];
        // The library is changed only when the store has the definition.
        let mut library = Library::clone(&self.library);
        let added = library.add_deployment(deployment);
        for ix in &added {
            rows.extend(self.start_timers(&library, *ix, now));
        }
        self.write_rows(rows, None, Vec::new()).map_err(|error| match error {
            CommandError::Store(error) => DeploymentError::Store(error),
            other => DeploymentError::Store(StoreError::Ambiguous(other.to_string())),
        })?;
        self.library = Arc::new(library);
        self.routes = Routes::of(&self.library, self.options.allow_non_executable);
        self.offer_kept(&added)?;
        self.settle();
        Ok((added, diagnostics))
    }

    pub(super) fn load_definitions(&mut self) -> Result<(), BuildError> {
        for row in self.store.definitions()? {
            let zone = row.zone.parse().unwrap_or(self.options.zone);
            let deployment = self.compile(&row.bytes, zone)?;
            Arc::make_mut(&mut self.library).add_deployment(deployment);
        }
        self.routes = Routes::of(&self.library, self.options.allow_non_executable);
        Ok(())
    }

    fn compile(&self, bytes: &[u8], zone: Tz) -> Result<Deployment, crate::process::DeployError> {
        let evaluator = self.options.evaluator.clone();
        let Options { limits, records_decisions, .. } = self.options;
        crate::process::deploy(bytes, &DeployOptions { zone, evaluator, limits, records_decisions })
    }

    /// Arms the timer starts of a new version in the place of those of the version before.
    fn start_timers(&self, library: &Library, ix: ProcessIx, now: Timestamp) -> Vec<RowChange> {
        let process = library.process(ix);
        let mut rows = Vec::new();
        if let Some(before) = self.library.latest(process.id()) {
            if before == ix {
                return rows;
            }
            let before = self.library.process(before);
            let timers = before.starts().iter().filter(|start| start.kind == StartKind::Timer);
            rows.extend(timers.map(|start| RowChange::StartTimerClear {
                process: before.id().to_owned(),
                element: before.node_id(start.node).to_owned(),
            }));
        }
        if !process.is_executable() && !self.options.allow_non_executable {
            return rows;
        }
        for start in process.starts() {
            let element = process.node_id(start.node);
            let due = start_timer(process, element).and_then(|timer| timer.due(now, 0, process.zone()));
            if let (StartKind::Timer, Some(due)) = (start.kind, due) {
                rows.push(RowChange::StartTimerSet(StartTimerRow {
                    process: process.id().to_owned(),
                    version: process.version(),
                    element: element.to_owned(),
                    anchor: now,
                    repetition: 0,
                    due,
                }));
            }
        }
        rows
    }

    /// Messages that were kept because nobody waited may start the new processes.
    fn offer_kept(&mut self, added: &[ProcessIx]) -> Result<(), StoreError> {
        let starts = added.iter().flat_map(|ix| self.library.process(*ix).starts());
        let messages = starts.filter(|start| start.kind == StartKind::Message);
        let names: Vec<String> = messages.map(|start| start.name.clone().unwrap_or_default()).collect();
        for name in names {
            let mut after = None;
            loop {
                let page = self.store.buffered(Some(&name), after, PAGE)?;
                for kept in &page {
                    self.reconsider(kept)?;
                }
                if page.len() < PAGE {
                    break;
                }
                after = page.last().map(|row| row.id);
            }
        }
        Ok(())
    }

    /// What triggers a start event that somebody starts by hand.
    pub(in crate::runtime) fn trigger_of(
        &self,
        ix: ProcessIx,
        node: bpmn_parser::graph::NodeIx,
    ) -> Option<Occurrence> {
        let start = self.library.process(ix).starts().iter().find(|start| start.node == node)?;
        Some(Occurrence { name: start.name.clone().unwrap_or_default(), ..Occurrence::default() })
    }
}
