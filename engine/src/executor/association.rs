//! Input and output specifications and data associations (10.4.2, 13.3.2).
//!
//! *Unavailable* is not null: a data element is available once it was set. A ready activity takes the first input set
//! whose inputs are all available, and otherwise waits until data change; events never wait. At completion the first
//! output set that is available is taken; where none is, the activity stops.

use super::data::placed;
use super::{Failure, Step};
use crate::event::{Event, IncidentKind, Stage, WaitKind};
use crate::id::{Timestamp, Which};
use crate::instance::Slot;
use crate::process::{Association, Data};
use std::sync::Arc;
use tokenflow_feel::{Context, Value};

impl Step<'_> {
    /// Fills the inputs; false where the activity has to wait for data.
    pub(crate) fn read_inputs(&mut self, slot: Slot, data: &Data) -> Result<bool, Failure> {
        for association in &data.inputs {
            if let Some(value) = self.associate(slot, slot, association)? {
                self.set(slot, &association.target, value);
            }
        }
        let Some(io) = data.io.as_ref().filter(|io| !io.input_sets.is_empty()) else {
            return Ok(true);
        };
        let is_event = !self.row(slot).is_activity;
        Ok(is_event || io.input_sets.iter().any(|set| self.all_available(slot, set)))
    }

    fn all_available(&self, slot: Slot, names: &[Arc<str>]) -> bool {
        names.iter().all(|name| self.instance.own_variable(slot, name).is_some())
    }

    /// Waits until some variable is set, then looks again.
    pub(crate) fn wait_for_data(&mut self, slot: Slot) {
        let key = self.key(slot);
        if self.instance.find_wait(slot, Which(0)).is_none() {
            let data = crate::event::Data::NONE;
            self.emit(Event::Waiting {
                key,
                which: Which(0),
                kind: WaitKind::Data,
                data,
                due: Timestamp::NEVER,
            });
        }
    }

    /// Data have changed: an activity that waits for them may be able to begin.
    pub(super) fn look_again(&mut self, slot: Slot) {
        let Some(data) = self.row(slot).data.as_deref() else {
            return;
        };
        // What the association reads is looked at before anything is set, so that looking twice changes nothing.
        let ready = data.io.as_ref().is_none_or(|io| {
            io.input_sets.iter().any(|set| set.iter().all(|name| self.could_fill(slot, data, name)))
        });
        if !ready {
            return;
        }
        let key = self.key(slot);
        self.emit(Event::Disarmed { key, which: Which(0) });
        self.begin_work(slot);
    }

    fn could_fill(&self, slot: Slot, data: &Data, name: &Arc<str>) -> bool {
        let mut into = data.inputs.iter().filter(|association| association.target == *name);
        self.instance.own_variable(slot, name).is_some()
            || into.any(|association| {
                association.sources.iter().all(|source| self.instance.lookup(slot, source).is_some())
            })
    }

    /// The result becomes the outputs, by name; then the associations carry them out.
    pub(super) fn write_outputs(&mut self, slot: Slot, data: &Data, result: &Context) -> Result<(), Failure> {
        let io = data.io.as_ref();
        let names: &[Arc<str>] = io.map_or(&[], |io| &io.outputs);
        for name in names {
            let whole = || (names.len() == 1 && !result.is_empty()).then(|| Value::from(result.clone()));
            let is_event = !self.row(slot).is_activity;
            let value = result.get(name).cloned().or_else(|| if is_event { whole() } else { None });
            if let Some(value) = value {
                self.set(slot, name, value);
            }
        }
        if let Some(io) = io.filter(|io| !io.output_sets.is_empty() && self.row(slot).is_activity)
            && !io.output_sets.iter().any(|set| self.all_available(slot, set))
        {
            let missing =
                io.output_sets[0].iter().find(|name| self.instance.own_variable(slot, name).is_none());
            let name = missing.map_or("", |name| &**name);
            let message = format!("no output set is available: the data output `{name}` was not set");
            return Err(Failure::new(IncidentKind::InputOutput, message));
        }
        let outer = self.instance.elements[slot].parent;
        for association in &data.outputs {
            if let Some(value) = self.associate(slot, outer, association)? {
                self.propagate(outer, &association.target, value);
            }
        }
        Ok(())
    }

    /// The value that an association gives its target; none where a source is unavailable. The transformation
    /// replaces the whole target, then the assignments are made in order; the plain copy happens only without both.
    fn associate(&self, from: Slot, to: Slot, association: &Association) -> Result<Option<Value>, Failure> {
        let available = |name: &Arc<str>| self.instance.lookup(from, name).is_some();
        if !association.sources.iter().all(available) {
            return Ok(None);
        }
        let as_data = |failure: Failure| Failure { kind: IncidentKind::InputOutput, ..failure };
        let mut value = match &association.transformation {
            Some(transformation) => Some(self.eval(transformation, from).map_err(as_data)?),
            None => None,
        };
        for (source, path) in &association.assignments {
            let part = self.eval(source, from).map_err(as_data)?;
            let whole = value.or_else(|| self.instance.lookup(to, &association.target).cloned());
            value = Some(placed(whole.unwrap_or(Value::NULL), path, part));
        }
        let copied =
            || association.sources.first().and_then(|source| self.instance.lookup(from, source).cloned());
        match value.or_else(copied) {
            Some(value) => self.keepable(&association.target, value).map(Some),
            None => Ok(None),
        }
    }

    /// From the moment when the activation is ready: its inputs, then its work.
    pub(crate) fn begin_work(&mut self, slot: Slot) {
        let row = self.row(slot);
        if let Some(data) = row.data.as_deref() {
            match self.read_inputs(slot, data) {
                Ok(true) => {}
                Ok(false) => return self.wait_for_data(slot),
                Err(failure) => {
                    return self.raise(slot, IncidentKind::InputOutput, Stage::Enter, failure, None);
                }
            }
        }
        self.work(slot);
    }
}
