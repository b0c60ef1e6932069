//! Definitions: stored by their content, compiled into the library, their start events armed.

use super::Engine;
use super::commit::{Written, effect, outbox_put};
use super::due::start_timer;
use crate::command::Occurrence;
use crate::id::{ProcessIx, Timestamp};
use crate::process::{ContentHash, DeployOptions, Deployment, Library, StartKind};
use crate::runtime::error::{BuildError, CommandError, DeploymentError};
use crate::runtime::options::Options;
use crate::runtime::record::Dispatch;
use crate::runtime::router::Routes;
use crate::runtime::store::{DefinitionRow, EffectId, RowChange, StartTimerRow, StoreError};
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
        let offers = self.offers(&library, &added)?;
        rows.extend(offers.iter().map(|(id, offer)| outbox_put(*id, offer)));
        let written = self.write_rows(rows, None, Vec::new()).map_err(|error| match error {
            CommandError::Store(error) => DeploymentError::Store(error),
            other => DeploymentError::Store(StoreError::Ambiguous(other.to_string())),
        })?;
        self.library = Arc::new(library);
        self.routes = Routes::of(&self.library, self.options.allow_non_executable);
        if let Written::At(position) = written {
            for (id, offer) in offers {
                self.expect(EffectId { position, ..id }, offer);
            }
        }
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

    /// The names of the message start events for which messages are kept.
    fn offers(
        &self,
        library: &Library,
        added: &[ProcessIx],
    ) -> Result<Vec<(EffectId, Dispatch)>, StoreError> {
        let mut offers: Vec<(EffectId, Dispatch)> = Vec::new();
        for start in added.iter().flat_map(|ix| library.process(*ix).starts()) {
            let Some(name) = start.name.as_ref().filter(|_| start.kind == StartKind::Message) else {
                continue;
            };
            if !self.store.buffered(Some(name), None, 1)?.is_empty() {
                offers.push((effect(offers.len() as u32 + 1), Dispatch::Offered(name.clone())));
            }
        }
        Ok(offers)
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
