//! Incidents: an element stops, keeps what its retry needs, and disturbs nothing else.

use super::{Failure, Step};
use crate::event::{Event, IncidentKind, Stage, WaitKind};
use crate::id::Which;
use crate::instance::Slot;
use tokenflow_feel::{Context, Value};

impl Step<'_> {
    /// Stops an element with the failure's own kind.
    pub(crate) fn raise_as(&mut self, slot: Slot, stage: Stage, failure: Failure) {
        let kind = failure.kind;
        self.raise(slot, kind, stage, failure, None);
    }

    /// Stops an element; a limit stays a limit, whatever was being done. `kept` is the result that its outputs
    /// have not taken yet. What cannot be armed at an element that stands at an incident already adds none.
    pub(crate) fn raise(
        &mut self,
        slot: Slot,
        kind: IncidentKind,
        stage: Stage,
        failure: Failure,
        kept: Option<Context>,
    ) {
        let kind = if failure.kind == IncidentKind::Limit { IncidentKind::Limit } else { kind };
        if matches!(stage, Stage::Arm(_)) && self.instance.elements[slot].incident.is_some() {
            return;
        }
        let key = self.key(slot);
        let own = self.instance.find_wait(slot, Which(0)).map(|wait| wait.kind);
        if matches!(own, Some(WaitKind::Job | WaitKind::UserTask)) {
            self.emit(Event::Disarmed { key, which: Which(0) });
        }
        let kept = kept.map_or(Value::NULL, Value::from);
        let data = self.data([Value::string(failure.message), kept].into_iter().collect());
        self.emit(Event::IncidentRaised { key, kind, stage, data });
    }
}
