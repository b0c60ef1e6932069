//! Event definitions: what is caught, what is thrown, and what creates instances.

use super::{Build, EXPRESSION, NOT_CONSTANT, matched};
use crate::expression::{Compiled, Surroundings};
use crate::id::Timestamp;
use crate::process::correlation::Correlation;
use crate::process::{Catch, Level, On, Place, StartCatch, StartKind, Throw, TimerPlan, TimerValue};
use crate::timer::{TimerForm, TimerSpec};
use bpmn_parser::graph::{
    EventDefinition, Message, Node, NodeIx, NodeKind, SubProcess, Task, Timer, Trigger,
};
use bpmn_parser::property::{Dialect, Text};
use std::sync::Arc;
use tokenflow_feel::Value;

/// The rule that a timer's value has the form of its kind.
const TIMER_FORM: u16 = 82;

pub(super) fn is_link(trigger: &Trigger) -> bool {
    matches!(trigger.definitions.as_slice(), [EventDefinition::Link { .. }])
}

pub(super) fn is_message(trigger: &Trigger) -> bool {
    matches!(trigger.definitions.as_slice(), [EventDefinition::Message(_)])
}

pub(super) fn is_compensation(node: &Node) -> bool {
    let trigger = node.kind.trigger();
    trigger.is_some_and(|trigger| {
        matches!(trigger.definitions.as_slice(), [EventDefinition::Compensation { .. }])
    })
}

fn catch(
    node: &Node,
    ix: NodeIx,
    place: Place,
    interrupting: bool,
    parallel_multiple: bool,
    on: On,
) -> Catch {
    let name = |name: &Option<String>| name.as_deref().map(Arc::from);
    Catch {
        node: ix,
        place,
        interrupting,
        parallel_multiple,
        on,
        code_variable: name(&node.properties.code_variable),
        message_variable: name(&node.properties.message_variable),
    }
}

impl Build<'_> {
    /// Everything that the element of a node keeps armed, in the order of its numbers.
    pub(super) fn catches(&mut self, ix: NodeIx) -> Vec<Catch> {
        let node = self.graph.node(ix);
        let mut catches = Vec::new();
        match &node.kind {
            NodeKind::IntermediateCatchEvent(trigger) if !is_link(trigger) => {
                self.definitions(ix, ix, Place::Own, true, trigger, &mut catches);
            }
            NodeKind::Task(Task::Receive { message, .. }, _) => {
                let on = self.message(node, message.as_ref());
                catches.push(catch(node, ix, Place::Own, true, false, on));
            }
            NodeKind::Task(..)
            | NodeKind::SubProcess(..)
            | NodeKind::CallActivity(..)
            | NodeKind::ExclusiveGateway
            | NodeKind::ParallelGateway
            | NodeKind::InclusiveGateway
            | NodeKind::ComplexGateway { .. }
            | NodeKind::EventBasedGateway { .. }
            | NodeKind::StartEvent { .. }
            | NodeKind::IntermediateCatchEvent(_)
            | NodeKind::IntermediateThrowEvent(_)
            | NodeKind::BoundaryEvent { .. }
            | NodeKind::EndEvent(_) => {}
        }
        for event in &node.attached {
            if let NodeKind::BoundaryEvent { cancel_activity, trigger, .. } = &self.graph.node(*event).kind {
                self.definitions(ix, *event, Place::Boundary, *cancel_activity, trigger, &mut catches);
            }
        }
        if matches!(node.kind, NodeKind::SubProcess(..)) {
            for handler in self.graph.children(Some(ix)).collect::<Vec<_>>() {
                self.handler_catches(handler, &mut catches);
            }
        }
        catches
    }

    /// The catches of an event sub-process's start; nothing for any other node.
    pub(super) fn handler_catches(&mut self, handler: NodeIx, catches: &mut Vec<Catch>) {
        if !matches!(self.graph.node(handler).kind, NodeKind::SubProcess(SubProcess::Event, _)) {
            return;
        }
        let Some(start) = self.handler_start(handler) else {
            return;
        };
        if let NodeKind::StartEvent { is_interrupting, trigger } = &self.graph.node(start).kind {
            self.definitions(handler, start, Place::Handler(handler), *is_interrupting, trigger, catches);
        }
    }

    fn definitions(
        &mut self,
        _owner: NodeIx,
        event: NodeIx,
        place: Place,
        interrupting: bool,
        trigger: &Trigger,
        catches: &mut Vec<Catch>,
    ) {
        let node = self.graph.node(event);
        for definition in &trigger.definitions {
            if let Some(on) = self.on(node, definition) {
                let parallel_multiple = trigger.parallel_multiple;
                catches.push(catch(node, event, place, interrupting, parallel_multiple, on));
            }
        }
    }

    fn on(&mut self, node: &Node, definition: &EventDefinition) -> Option<On> {
        Some(match definition {
            EventDefinition::Message(message) => self.message(node, Some(message)),
            EventDefinition::Timer(timer) => On::Timer(self.timer(node, timer)),
            EventDefinition::Signal { name } => On::Signal { name: self.name(node, name.as_ref()) },
            EventDefinition::Error(code) => On::Error { code: matched(code) },
            EventDefinition::Escalation(code) => On::Escalation { code: matched(code) },
            EventDefinition::Cancel => On::Cancel,
            EventDefinition::Compensation { .. } => On::Compensation,
            EventDefinition::Conditional(condition) => On::Condition(self.expression(&node.id, condition)),
            EventDefinition::Link { .. } | EventDefinition::Terminate => return None,
        })
    }

    fn message(&mut self, node: &Node, message: Option<&Message>) -> On {
        let name = self.name(node, message.and_then(|message| message.name.as_ref()));
        let key = message.and_then(|message| message.correlation_key.as_ref());
        let key = node.properties.correlation_key.as_ref().or(key);
        On::Message { name, key: self.optional(&node.id, key) }
    }

    /// The name of a message or signal; the rules that ask for one are the checker's.
    fn name(&mut self, node: &Node, name: Option<&Text>) -> Compiled {
        match name {
            Some(text) => self.text(&node.id, text),
            None => Compiled::constant(Value::NULL),
        }
    }

    fn timer(&mut self, node: &Node, timer: &Timer) -> TimerPlan {
        let form = match timer {
            Timer::Date(_) => TimerForm::Date,
            Timer::Duration(_) => TimerForm::Duration,
            Timer::Cycle(_) if self.graph.dialect != Dialect::Plain => TimerForm::CycleOrCron,
            Timer::Cycle(_) => TimerForm::Cycle,
        };
        let expression = timer.expression();
        let error = match TimerSpec::parse(form, &expression.text, self.zone, false) {
            Ok(spec) => return TimerPlan { form, value: TimerValue::Literal(spec) },
            Err(error) => error,
        };
        match self.compiler.compile(expression) {
            Ok(compiled) => TimerPlan { form, value: TimerValue::Expression(compiled) },
            Err(_) => {
                let message = format!("the timer of `{}`: {error}, nor an expression", node.id);
                self.error(TIMER_FORM, &node.id, expression.position, message);
                TimerPlan { form, value: TimerValue::Expression(Compiled::constant(Value::NULL)) }
            }
        }
    }

    /// What an intermediate throw or end event throws, in document order with what is critical last (6.41).
    pub(super) fn throws(&mut self, ix: NodeIx) -> Vec<Throw> {
        let node = self.graph.node(ix);
        let trigger = match &node.kind {
            NodeKind::IntermediateThrowEvent(trigger) | NodeKind::EndEvent(trigger) => trigger,
            NodeKind::Task(Task::Send { message: Some(message), .. }, _) => {
                return vec![self.throw_message(node, message)];
            }
            NodeKind::Task(..)
            | NodeKind::SubProcess(..)
            | NodeKind::CallActivity(..)
            | NodeKind::ExclusiveGateway
            | NodeKind::ParallelGateway
            | NodeKind::InclusiveGateway
            | NodeKind::ComplexGateway { .. }
            | NodeKind::EventBasedGateway { .. }
            | NodeKind::StartEvent { .. }
            | NodeKind::IntermediateCatchEvent(_)
            | NodeKind::BoundaryEvent { .. } => return Vec::new(),
        };
        let mut throws: Vec<Throw> =
            trigger.definitions.iter().filter_map(|definition| self.throw(ix, definition)).collect();
        throws.sort_by_key(Throw::is_critical);
        throws
    }

    pub(super) fn throw(&mut self, ix: NodeIx, definition: &EventDefinition) -> Option<Throw> {
        let node = self.graph.node(ix);
        Some(match definition {
            EventDefinition::Message(message) => self.throw_message(node, message),
            EventDefinition::Signal { name } => Throw::Signal { name: self.name(node, name.as_ref()) },
            EventDefinition::Error(code) => {
                Throw::Error { code: matched(code).unwrap_or_else(|| Arc::from("")) }
            }
            EventDefinition::Escalation(code) => {
                Throw::Escalation { code: matched(code).unwrap_or_else(|| Arc::from("")) }
            }
            EventDefinition::Cancel => Throw::Cancel,
            EventDefinition::Terminate => Throw::Terminate,
            EventDefinition::Compensation { activity, wait_for_completion } => {
                Throw::Compensation { activity: *activity, wait: *wait_for_completion }
            }
            EventDefinition::Link { name } => {
                Throw::Link { name: Arc::from(name.as_str()), target: self.link_target(node, name)? }
            }
            EventDefinition::Timer(_) | EventDefinition::Conditional(_) => return None,
        })
    }

    fn throw_message(&mut self, node: &Node, message: &Message) -> Throw {
        let name = self.name(node, message.name.as_ref());
        let key = node.properties.correlation_key.as_ref().or(message.correlation_key.as_ref());
        Throw::Message { name, key: self.optional(&node.id, key) }
    }

    fn link_target(&mut self, node: &Node, name: &str) -> Option<NodeIx> {
        let mut catches = self.graph.children(node.scope).filter(|other| {
            let trigger = match &self.graph.node(*other).kind {
                NodeKind::IntermediateCatchEvent(trigger) => trigger,
                _ => return false,
            };
            matches!(trigger.definitions.as_slice(), [EventDefinition::Link { name: other }] if other == name)
        });
        let target = catches.next();
        if target.is_none() {
            let message = format!("the link `{name}` of `{}` leads nowhere: no catch has this name", node.id);
            self.error(93, &node.id, node.position, message);
        }
        target
    }

    /// Message start events whose message carries a key: a running instance of the same conversation takes them
    /// itself (rule 31).
    pub(super) fn start_catches(&mut self, correlation: &Correlation, level: &mut Level) {
        let graph = self.graph;
        for ix in graph.children(None) {
            let NodeKind::StartEvent { trigger, .. } = &graph.node(ix).kind else {
                continue;
            };
            for definition in &trigger.definitions {
                let EventDefinition::Message(message) = definition else {
                    continue;
                };
                let carries =
                    matches!(&message.name, Some(Text::Literal(name)) if correlation.key_of(name).is_some());
                if carries && !trigger.parallel_multiple {
                    let node = graph.node(ix);
                    let on = self.message(node, Some(message));
                    level.handlers.push(catch(node, ix, Place::Start, false, false, on));
                }
            }
        }
    }

    /// What a triggered start event at the top level waits for; its values must be known at deployment.
    pub(super) fn start(
        &mut self,
        ix: NodeIx,
        entry: NodeIx,
        definition: &EventDefinition,
    ) -> Option<StartCatch> {
        let node = self.graph.node(ix);
        let (kind, name) = match definition {
            EventDefinition::Message(message) => (StartKind::Message, message.name.as_ref()),
            EventDefinition::Signal { name } => (StartKind::Signal, name.as_ref()),
            EventDefinition::Timer(timer) => {
                let plan = self.timer(node, timer);
                let timer = Some(self.constant_timer(node, plan)?);
                return Some(StartCatch { node: ix, entry, kind: StartKind::Timer, name: None, timer });
            }
            EventDefinition::Conditional(_) => {
                let message = format!("the conditional start event `{}` is not supported yet", node.id);
                self.error(crate::process::support::NOT_SUPPORTED, &node.id, node.position, message);
                return None;
            }
            EventDefinition::Error(_)
            | EventDefinition::Escalation(_)
            | EventDefinition::Cancel
            | EventDefinition::Compensation { .. }
            | EventDefinition::Link { .. }
            | EventDefinition::Terminate => return None,
        };
        let name = self.name(node, name);
        let name = self.constant(node, &name)?;
        Some(StartCatch { node: ix, entry, kind, name: name.as_str().map(str::to_owned), timer: None })
    }

    fn constant_timer(&mut self, node: &Node, plan: TimerPlan) -> Option<TimerSpec> {
        let expression = match plan.value {
            TimerValue::Literal(spec) => return Some(spec),
            TimerValue::Expression(expression) => expression,
        };
        let value = self.constant(node, &expression)?;
        match TimerSpec::from_value(plan.form, &value, self.zone) {
            Ok(spec) => Some(spec),
            Err(error) => {
                self.error(
                    TIMER_FORM,
                    &node.id,
                    node.position,
                    format!("the timer of `{}`: {error}", node.id),
                );
                None
            }
        }
    }

    /// The value of an expression that reads neither variables nor the clock.
    fn constant(&mut self, node: &Node, expression: &Compiled) -> Option<Value> {
        if let Some(value) = expression.as_constant() {
            return Some(value.clone());
        }
        let text = expression.text();
        if !expression.names().is_empty() || text.contains("now(") || text.contains("today(") {
            let message = format!("`{text}` of the start event `{}` must be known at deployment", node.id);
            self.error(NOT_CONSTANT, &node.id, node.position, message);
            return None;
        }
        let around = Surroundings { now: Timestamp(0), zone: self.zone, limits: &self.options.limits };
        match expression.eval(&[], around) {
            Ok(value) => Some(value),
            Err(message) => {
                self.error(EXPRESSION, &node.id, node.position, message);
                None
            }
        }
    }
}
