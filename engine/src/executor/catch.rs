//! Catching: what an element arms, and what happens when one of it occurs.

use super::{Failure, Step};
use crate::command::Occurrence;
use crate::event::{Data, Event, IncidentKind, Stage, TriggerKind, Via, WaitKind};
use crate::id::{ElementKey, Timestamp, Which};
use crate::instance::Slot;
use crate::process::{Catch, On, Place, TimerPlan, TimerValue};
use crate::timer::TimerSpec;
use bpmn_parser::graph::NodeIx;
use tokenflow_feel::{Context, Value};

impl Step<'_> {
    /// Arms the boundary events of an activity.
    pub(crate) fn arm_boundary(&mut self, slot: Slot) -> Result<(), Failure> {
        self.arm_all(slot, |place| place == Place::Boundary)
    }

    /// Arms the starts of the event sub-processes of a scope; once one of them has interrupted it, none may start.
    pub(crate) fn arm_handlers(&mut self, slot: Slot) -> Result<(), Failure> {
        if self.instance.elements[slot].is_interrupted {
            return Ok(());
        }
        self.arm_all(slot, |place| matches!(place, Place::Handler(_)))
    }

    /// The same where nothing else depends on it: a failure stops the scope, its content goes on.
    pub(crate) fn arm_handlers_or_stop(&mut self, slot: Slot) {
        if let Err(failure) = self.arm_handlers(slot) {
            self.raise_as(slot, Stage::Arm(Which(u16::MAX)), failure);
        }
    }

    /// Arms the own triggers of a catch event or receive task.
    pub(crate) fn arm_own(&mut self, slot: Slot) -> Result<(), Failure> {
        self.arm_all(slot, |place| place == Place::Own)
    }

    fn arm_all(&mut self, slot: Slot, wanted: impl Fn(Place) -> bool) -> Result<(), Failure> {
        let (catches, first) = self.instance.catches(self.library, slot);
        for (place, catch) in catches.iter().enumerate() {
            let which = Which(first + place as u16);
            if wanted(catch.place) && self.instance.find_wait(slot, which).is_none() {
                self.arm(slot, which, catch)?;
            }
        }
        Ok(())
    }

    /// After an incident: what could not be armed, or evaluated, is tried again.
    pub(super) fn arm_again(&mut self, slot: Slot, which: Which) {
        if self.instance.find_wait(slot, which).is_some() {
            self.instance.changes.variables = true;
            return;
        }
        self.arm_handlers_or_stop(slot);
        // The content may have ended while the incident was open.
        let element = &self.instance.elements[slot];
        if element.tokens == element.handlers {
            let key = element.key;
            self.instance.changes.emptied.push(key);
        }
    }

    fn arm(&mut self, slot: Slot, which: Which, catch: &Catch) -> Result<(), Failure> {
        let (kind, data, due) = match &catch.on {
            On::Message { name, key } => {
                let name = self.name(name, slot)?;
                let key = match key {
                    Some(key) => self.correlation_key(key, slot)?,
                    None => self.conversation_key(slot, name.as_str().unwrap_or_default()),
                };
                (WaitKind::Message, [name, key].into_iter().collect(), Timestamp::NEVER)
            }
            On::Signal { name } => (WaitKind::Signal, self.name(name, slot)?, Timestamp::NEVER),
            On::Condition(_) => {
                self.instance.changes.variables = true;
                (WaitKind::Condition, Value::NULL, Timestamp::NEVER)
            }
            On::Timer(plan) => {
                let spec = self.timer(plan, slot)?;
                let due =
                    spec.due(self.instance.now(), 0, self.process(slot).zone()).unwrap_or(Timestamp::NEVER);
                let text = match plan.value {
                    TimerValue::Literal(_) => Value::NULL,
                    TimerValue::Expression(_) => Value::string(spec.to_string()),
                };
                (WaitKind::Timer, text, due)
            }
            On::Error { .. } | On::Escalation { .. } | On::Compensation | On::Cancel => return Ok(()),
        };
        let (key, data) = (self.key(slot), self.data(data));
        self.emit(match catch.place {
            Place::Own => Event::Waiting { key, which, kind, data, due },
            Place::Boundary | Place::Handler(_) | Place::Start => {
                Event::Armed { key, which, kind, data, due }
            }
        });
        Ok(())
    }

    /// The name of a message or signal: text.
    pub(crate) fn name(&self, name: &crate::expression::Compiled, scope: Slot) -> Result<Value, Failure> {
        let value = self.eval(name, scope)?;
        match value.as_str() {
            Some(_) => Ok(value),
            None => {
                let message =
                    format!("the name `{}` is a {} and not a string", name.text(), value.type_name());
                Err(Failure::new(IncidentKind::Expression, message))
            }
        }
    }

    /// A correlation key: text or a number.
    pub(crate) fn correlation_key(
        &self,
        key: &crate::expression::Compiled,
        scope: Slot,
    ) -> Result<Value, Failure> {
        let value = self.eval(key, scope)?;
        if value.as_str().is_some() || value.as_number().is_some() {
            return Ok(value);
        }
        let found = match value.null_reason() {
            Some(reason) => format!("null: {reason}"),
            None => value.type_name().to_owned(),
        };
        let message =
            format!("the correlation key `{}` is neither text nor a number but {found}", key.text());
        Err(Failure::new(IncidentKind::Correlation, message))
    }

    fn timer(&self, plan: &TimerPlan, slot: Slot) -> Result<TimerSpec, Failure> {
        let spec = match &plan.value {
            TimerValue::Literal(spec) => spec.clone(),
            TimerValue::Expression(expression) => {
                let value = self.eval(expression, slot)?;
                TimerSpec::from_value(plan.form, &value, self.process(slot).zone())
                    .map_err(|error| Failure::new(IncidentKind::Timer, error))?
            }
        };
        match &spec {
            TimerSpec::Cycle(cycle) if !cycle.period.is_at_least(self.limits().period_min) => {
                Err(Failure::limit("period_min"))
            }
            TimerSpec::Cycle(_) | TimerSpec::Cron(_) | TimerSpec::Date(_) | TimerSpec::Duration(_) => {
                Ok(spec)
            }
        }
    }

    /// One of an element's waits has occurred.
    pub(crate) fn occur(&mut self, slot: Slot, which: Which, occurrence: &Occurrence) {
        let (catches, first) = self.instance.catches(self.library, slot);
        let catch = &catches[(which.0 - first) as usize];
        if catch.parallel_multiple && !self.all_occurred(slot, which, catch, occurrence) {
            return;
        }
        if catch.on.kind() == TriggerKind::Message {
            self.note_message(slot, &occurrence.name, &occurrence.payload);
        }
        match catch.place {
            Place::Start => {
                self.trigger(slot, catch.node, catch.on.kind(), occurrence);
                self.pass_event(catch.node, slot, Via::NONE, &occurrence.payload);
            }
            Place::Own => self.occur_own(slot, catch, occurrence),
            Place::Boundary => self.occur_boundary(slot, which, catch, occurrence),
            Place::Handler(handler) => self.occur_handler(slot, which, catch, handler, occurrence),
        }
    }

    /// Notes one definition of a parallel multiple event, which waits no more; true where it was the last one.
    fn all_occurred(&mut self, slot: Slot, which: Which, catch: &Catch, occurrence: &Occurrence) -> bool {
        let key = self.key(slot);
        self.emit(Event::Occurred { key, which });
        let (catches, first) = self.instance.catches(self.library, slot);
        let is_open = |place: usize| self.instance.find_wait(slot, Which(first + place as u16)).is_some();
        let mut siblings = catches.iter().enumerate().filter(|(_, other)| other.node == catch.node);
        if siblings.any(|(place, _)| is_open(place)) {
            for (name, value) in occurrence.payload.iter() {
                self.propagate(slot, name, value.clone());
            }
            return false;
        }
        if !catch.interrupting
            && let Err(failure) = self.arm_all(slot, |other| other == catch.place)
        {
            // All of them are needed again before it occurs again.
            self.raise_as(slot, Stage::Arm(which), failure);
        }
        true
    }

    /// `[name or code, key]` of what occurred, as far as they apply.
    pub(crate) fn occurrence_data(&mut self, occurrence: &Occurrence) -> Data {
        if occurrence.name.is_empty() {
            return Data::NONE;
        }
        let mut parts = vec![Value::string(occurrence.name.as_str())];
        if !occurrence.key.is_null() {
            parts.push(occurrence.key.clone());
        }
        self.data(parts.into_iter().collect())
    }

    pub(crate) fn trigger(&mut self, slot: Slot, node: NodeIx, kind: TriggerKind, occurrence: &Occurrence) {
        let data = self.occurrence_data(occurrence);
        let key = self.key(slot);
        self.emit(Event::Triggered { key, node, kind, data });
    }

    /// A catch event or receive task: the others of its race are withdrawn, then it completes.
    fn occur_own(&mut self, slot: Slot, catch: &Catch, occurrence: &Occurrence) {
        self.trigger(slot, catch.node, catch.on.kind(), occurrence);
        let (key, race) = (self.key(slot), self.instance.elements[slot].race);
        if race.is_some() {
            let scope = self.instance.elements[slot].parent;
            let losers: Vec<ElementKey> = self
                .instance
                .children(scope)
                .filter(|other| self.instance.elements[*other].race == race && *other != slot)
                .map(|other| self.key(other))
                .collect();
            for loser in losers {
                self.emit(Event::Canceled { key: loser });
            }
            let row = self.row(slot);
            if let [flow] = *row.incoming {
                let scope = self.key(scope);
                self.emit(Event::Crossed { flow, scope });
            }
        }
        debug_assert!(self.instance.slot(key).is_some(), "the winner stays");
        self.complete_work(slot, occurrence.payload.clone());
    }

    /// A boundary event: an interrupting one cancels its host; then its flow is followed.
    pub(crate) fn occur_boundary(
        &mut self,
        host: Slot,
        which: Which,
        catch: &Catch,
        occurrence: &Occurrence,
    ) {
        let scope = self.instance.elements[host].parent;
        self.trigger(host, catch.node, catch.on.kind(), occurrence);
        if catch.interrupting {
            self.cancel(host);
        } else if !catch.parallel_multiple {
            self.arm_next(host, which, catch);
        }
        self.pass_event(catch.node, scope, Via::NONE, &occurrence.payload);
    }

    /// The start of an event sub-process: an interrupting one first cancels everything else in its scope.
    pub(crate) fn occur_handler(
        &mut self,
        scope: Slot,
        which: Which,
        catch: &Catch,
        handler: NodeIx,
        occurrence: &Occurrence,
    ) {
        self.trigger(scope, catch.node, catch.on.kind(), occurrence);
        if catch.interrupting {
            self.interrupt(scope);
        } else if !catch.parallel_multiple {
            self.arm_next(scope, which, catch);
        }
        let slot = self.open(handler, scope, Via::NONE);
        self.arm_handlers_or_stop(slot);
        self.pass_event(catch.node, slot, Via::NONE, &occurrence.payload);
    }

    /// Once an interrupting handler starts, no other may start in its scope.
    fn interrupt(&mut self, scope: Slot) {
        self.disarm_handlers(scope);
        let key = self.key(scope);
        // In an ad-hoc sub-process nothing can be selected any more either.
        if self.instance.find_wait(scope, Which(0)).is_some_and(|wait| wait.kind == WaitKind::AdHoc) {
            self.emit(Event::Disarmed { key, which: Which(0) });
        }
        self.emit(Event::Interrupted { key });
        self.cancel_inside(scope);
    }

    /// A scope that is interrupted, or waits only for handlers that run, starts none any more.
    pub(super) fn disarm_handlers(&mut self, scope: Slot) {
        let key = self.key(scope);
        let (catches, first) = self.instance.catches(self.library, scope);
        for (place, catch) in catches.iter().enumerate() {
            let which = Which(first + place as u16);
            if matches!(catch.place, Place::Handler(_)) && self.instance.find_wait(scope, which).is_some() {
                self.emit(Event::Disarmed { key, which });
            }
        }
    }

    /// A transaction that is canceled can be left by its cancel boundary event only.
    pub(super) fn disarm_attached(&mut self, slot: Slot) {
        let key = self.key(slot);
        let open: Vec<Which> =
            self.instance.wait_slots(slot).map(|wait| self.instance.waits[wait].state.which).collect();
        for which in open {
            self.emit(Event::Disarmed { key, which });
        }
    }

    /// After a non-interrupting occurrence: a cycle is due again, a date or duration is not, the others stay armed.
    fn arm_next(&mut self, slot: Slot, which: Which, catch: &Catch) {
        let On::Timer(plan) = &catch.on else {
            return;
        };
        let key = self.key(slot);
        let zone = self.process(slot).zone();
        let Some(wait) = self.instance.find_wait(slot, which).cloned() else {
            return;
        };
        let spec = match (&plan.value, wait.data.as_str()) {
            (TimerValue::Literal(spec), _) => Some(spec.clone()),
            (TimerValue::Expression(_), Some(text)) => TimerSpec::parse(plan.form, text, zone, false).ok(),
            (TimerValue::Expression(_), None) => None,
        };
        // A runtime that slept fires once: the repetitions whose time has passed as well are counted, not fired.
        let now = self.instance.now();
        match spec.and_then(|spec| spec.first_after(wait.anchor, wait.count.saturating_add(1), now, zone)) {
            Some((next, due)) => {
                let data = self.data(Value::from(i64::from(next)));
                self.emit(Event::Rearmed { key, which, data, due });
            }
            None => self.emit(Event::Disarmed { key, which }),
        }
    }

    /// An event that has occurred passes on: what it caught goes where its outputs say, the token takes its flows.
    pub(crate) fn pass_event(&mut self, node: NodeIx, scope: Slot, via: Via, payload: &Context) {
        let row = self.process(scope).row(node);
        if payload.is_empty() && row.outputs.is_empty() && row.data.is_none() {
            return self.pass(row, node, scope, via);
        }
        let slot = self.open(node, scope, via);
        self.complete_work(slot, payload.clone());
    }
}
