//! From the graph to the rows: expressions compiled, timers parsed, catches numbered.

use super::{
    ContentHash, DeployOptions, FlowRow, Kind, Level, Mapping, Process, ProcessData, Row, StartCatch, names,
    reach, support,
};
use crate::event::Exit;
use crate::expression::{Compiled, Compiler};
use bpmn_parser::graph::{
    Code, EventDefinition, FlowIx, Node, NodeIx, NodeKind, ProcessGraph, SubProcess, Task, Trigger,
};
use bpmn_parser::property::{self, Dialect, Expression, Text};
use bpmn_parser::{Diagnostic, Position, Severity};
use chrono_tz::Tz;
use std::sync::Arc;
use tokenflow_feel::Value;

mod activity;
mod correlation;
mod data;
mod event;
mod exit;
mod repeat;

/// An expression does not parse.
const EXPRESSION: u16 = 301;
/// A value that must be known at deployment is not.
const NOT_CONSTANT: u16 = 302;
/// The catches of one element, whose numbers are 16 bits wide; the last two numbers have a meaning of their own.
const CATCHES_MAX: usize = u16::MAX as usize - 2;

/// Compiles a graph; none where a finding of severity error was added.
pub(super) fn compile(
    graph: ProcessGraph,
    hash: ContentHash,
    options: &DeployOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Process> {
    let findings_before = diagnostics.len();
    support::check(&graph, diagnostics);
    let names = names::declared(&graph);
    let compiler = Compiler { names, evaluator: options.evaluator.as_deref() };
    let mut build = Build { graph: &graph, compiler, zone: options.zone, options, diagnostics };
    let flows: Vec<FlowRow> = (0..graph.flows.len() as u32).map(|flow| build.flow(FlowIx(flow))).collect();
    let mut rows: Vec<Row> = graph.node_rows().map(|node| build.row(node)).collect();
    build.exits(&mut rows, &flows);
    let mut level = build.level(None);
    let starts = build.starts();
    let correlation = build.correlation();
    build.start_catches(&correlation, &mut level);
    build.bound_catches(&rows, &level);
    let process_data = ProcessData {
        io: graph.io.as_ref().map(data::specification),
        results_stay_local: graph.dialect == Dialect::Zeebe,
    };
    let failed = diagnostics[findings_before..].iter().any(|finding| finding.severity == Severity::Error);
    if failed {
        return None;
    }
    let reach = reach::Reach::of_joins(&rows);
    let binding = [Value::string(graph.id.as_str()), Value::string(hash.to_string())].into_iter().collect();
    Some(Process {
        hash,
        version: 0,
        zone: options.zone,
        records_decisions: options.records_decisions,
        rows,
        flows,
        level,
        starts,
        data: process_data,
        correlation,
        binding,
        reach,
        graph,
    })
}

/// The running compilation of one process.
struct Build<'a> {
    graph: &'a ProcessGraph,
    compiler: Compiler<'a>,
    zone: Tz,
    options: &'a DeployOptions,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Build<'_> {
    fn error(&mut self, code: u16, element: &str, position: Position, message: String) {
        self.diagnostics.push(Diagnostic::error(code, position, message).on(element));
    }

    /// The compiled expression, or null with a finding: the process will not be deployed then.
    fn expression(&mut self, element: &str, expression: &Expression) -> Compiled {
        match self.compiler.compile(expression) {
            Ok(compiled) => compiled,
            Err(message) => {
                let shown: String = expression.text.trim().chars().take(80).collect();
                let message =
                    format!("the expression `{shown}` of `{element}` cannot be compiled: {message}");
                self.error(EXPRESSION, element, expression.position, message);
                Compiled::constant(Value::NULL)
            }
        }
    }

    fn optional(&mut self, element: &str, expression: Option<&Expression>) -> Option<Compiled> {
        expression.map(|expression| self.expression(element, expression))
    }

    fn text(&mut self, element: &str, text: &Text) -> Compiled {
        match text {
            Text::Literal(literal) => Compiled::constant(Value::string(literal.as_str())),
            Text::Expression(expression) => self.expression(element, expression),
        }
    }

    fn optional_text(&mut self, element: &str, text: Option<&Text>) -> Option<Compiled> {
        text.map(|text| self.text(element, text))
    }

    /// A comma-separated literal is a list of names.
    fn list(&mut self, element: &str, text: Option<&Text>) -> Option<Compiled> {
        match text? {
            Text::Literal(literal) => {
                let items = literal.split(',').map(str::trim).filter(|item| !item.is_empty());
                Some(Compiled::constant(items.map(Value::string).collect()))
            }
            Text::Expression(expression) => Some(self.expression(element, expression)),
        }
    }

    fn flow(&mut self, ix: FlowIx) -> FlowRow {
        let flow = self.graph.flow(ix);
        let source = self.graph.node(flow.source);
        let counts = match &source.kind {
            NodeKind::Task(..)
            | NodeKind::SubProcess(..)
            | NodeKind::CallActivity(..)
            | NodeKind::ExclusiveGateway
            | NodeKind::InclusiveGateway
            | NodeKind::ComplexGateway { .. } => source.default != Some(ix),
            // Rule R041: a condition there is ignored, with a warning of the checker.
            NodeKind::ParallelGateway
            | NodeKind::EventBasedGateway { .. }
            | NodeKind::StartEvent { .. }
            | NodeKind::IntermediateCatchEvent(_)
            | NodeKind::IntermediateThrowEvent(_)
            | NodeKind::BoundaryEvent { .. }
            | NodeKind::EndEvent(_) => false,
        };
        let condition = flow.condition.as_ref().filter(|_| counts);
        FlowRow {
            source: flow.source,
            target: flow.target,
            leads_to_join: matches!(
                self.graph.node(flow.target).kind,
                NodeKind::InclusiveGateway | NodeKind::ComplexGateway { .. }
            ),
            condition: condition.map(|condition| self.expression(&flow.id, condition)),
        }
    }

    fn row(&mut self, ix: NodeIx) -> Row {
        let node = self.graph.node(ix);
        let activity = node.kind.activity().cloned().unwrap_or_default();
        let kind = self.kind(node);
        let first_catch = u16::from(node.kind.activity().is_some() && kind != Kind::ReceiveTask);
        Row {
            kind,
            exit: Exit::NONE,
            is_plain: false,
            is_without_data: false,
            is_end_event: matches!(node.kind, NodeKind::EndEvent(_)),
            is_activity: node.kind.activity().is_some(),
            is_for_compensation: activity.is_for_compensation,
            start_quantity: activity.start_quantity,
            completion_quantity: activity.completion_quantity,
            scope: node.scope,
            incoming: node.incoming.clone().into(),
            outgoing: node.outgoing.clone().into(),
            default: node.default,
            catches: self.catches(ix).into(),
            first_catch,
            work: self.work(node, kind).map(Box::new),
            throws: self.throws(ix).into(),
            level: matches!(node.kind, NodeKind::SubProcess(..)).then(|| Box::new(self.level(Some(ix)))),
            repeat: self.repeat(node, &activity).map(Box::new),
            call: self.call(node).map(Box::new),
            ad_hoc: self.ad_hoc(ix).map(Box::new),
            activation: match &node.kind {
                NodeKind::ComplexGateway { activation_condition } => {
                    self.optional(&node.id, activation_condition.as_ref())
                }
                _ => None,
            },
            compensation: self.compensation(node),
            inputs: self.mappings(&node.id, &node.properties.inputs),
            outputs: self.mappings(&node.id, &node.properties.outputs),
            data: self.data(node).map(Box::new),
        }
    }

    fn kind(&mut self, node: &Node) -> Kind {
        match &node.kind {
            NodeKind::Task(task, _) => self.task_kind(node, task),
            NodeKind::SubProcess(SubProcess::Embedded, _) => Kind::SubProcess,
            NodeKind::SubProcess(SubProcess::Event, _) => Kind::EventSubProcess,
            NodeKind::SubProcess(SubProcess::Transaction { .. }, _) => Kind::Transaction,
            NodeKind::SubProcess(SubProcess::AdHoc { .. }, _) => Kind::AdHocSubProcess,
            NodeKind::CallActivity(..) => Kind::CallActivity,
            NodeKind::ExclusiveGateway => Kind::ExclusiveGateway,
            NodeKind::ParallelGateway => Kind::ParallelGateway,
            NodeKind::InclusiveGateway => Kind::InclusiveGateway,
            NodeKind::ComplexGateway { .. } => Kind::ComplexGateway,
            NodeKind::EventBasedGateway { .. } => Kind::EventBasedGateway,
            NodeKind::StartEvent { .. } => Kind::StartEvent,
            NodeKind::IntermediateCatchEvent(trigger) if event::is_link(trigger) => Kind::LinkCatchEvent,
            NodeKind::IntermediateCatchEvent(_) => Kind::CatchEvent,
            NodeKind::IntermediateThrowEvent(trigger) | NodeKind::EndEvent(trigger) => {
                self.throw_kind(node, trigger)
            }
            NodeKind::BoundaryEvent { .. } => Kind::BoundaryEvent,
        }
    }

    fn throw_kind(&mut self, node: &Node, trigger: &Trigger) -> Kind {
        if trigger.definitions.is_empty() {
            return Kind::NoneThrowEvent;
        }
        let is_job = node.properties.job_type.is_some() && event::is_message(trigger);
        if is_job { Kind::JobThrowEvent } else { Kind::ThrowEvent }
    }

    fn mappings(&mut self, element: &str, mappings: &[property::Mapping]) -> Box<[Mapping]> {
        let compile = |mapping: &property::Mapping| Mapping {
            source: self.text(element, &mapping.source),
            target: mapping.target.split('.').map(Arc::from).collect(),
        };
        mappings.iter().map(compile).collect()
    }

    /// The compensation activity that a boundary event leads to; of an activity, that of its boundary event.
    fn compensation(&self, node: &Node) -> Option<NodeIx> {
        let own = |node: &Node| match &node.kind {
            NodeKind::BoundaryEvent { compensation, .. } => *compensation,
            _ => None,
        };
        own(node).or_else(|| node.attached.iter().find_map(|event| own(self.graph.node(*event))))
    }

    fn compensation_handler(&self, scope: Option<NodeIx>) -> Option<NodeIx> {
        self.graph.children(scope).find(|inner| {
            let is_handler =
                matches!(self.graph.node(*inner).kind, NodeKind::SubProcess(SubProcess::Event, _));
            is_handler
                && self
                    .handler_start(*inner)
                    .is_some_and(|start| event::is_compensation(self.graph.node(start)))
        })
    }

    /// The one start event of an event sub-process.
    fn handler_start(&self, handler: NodeIx) -> Option<NodeIx> {
        self.graph
            .children(Some(handler))
            .find(|inner| matches!(self.graph.node(*inner).kind, NodeKind::StartEvent { .. }))
    }

    fn level(&mut self, scope: Option<NodeIx>) -> Level {
        let graph = self.graph;
        let mut level = Level { compensation_handler: self.compensation_handler(scope), ..Level::default() };
        let mut has_start = false;
        for ix in graph.children(scope) {
            let node = graph.node(ix);
            match &node.kind {
                NodeKind::StartEvent { trigger, .. } => {
                    has_start = true;
                    if trigger.definitions.is_empty() {
                        level.none_starts.push(ix);
                    }
                }
                NodeKind::InclusiveGateway | NodeKind::ComplexGateway { .. } => level.joins.push(ix),
                _ => {}
            }
        }
        if !has_start {
            let starts = graph.children(scope).filter(|ix| starts_implicitly(graph.node(*ix)));
            level.implicit_starts = starts.collect();
        }
        if scope.is_none() {
            for handler in graph.children(None).collect::<Vec<_>>() {
                self.handler_catches(handler, &mut level.handlers);
            }
        }
        level
    }

    fn starts(&mut self) -> Vec<StartCatch> {
        let graph = self.graph;
        let mut starts = Vec::new();
        for ix in graph.children(None) {
            match &graph.node(ix).kind {
                NodeKind::StartEvent { trigger, .. } => {
                    starts.extend(
                        trigger.definitions.iter().filter_map(|definition| self.start(ix, ix, definition)),
                    );
                }
                NodeKind::Task(Task::Receive { instantiate: true, message: Some(message) }, _) => {
                    starts.extend(self.start(ix, ix, &EventDefinition::Message(message.clone())));
                }
                NodeKind::EventBasedGateway { instantiate: true, .. } => self.gateway_starts(ix, &mut starts),
                _ => {}
            }
        }
        starts
    }

    /// Each target of an instantiating event-based gateway creates an instance (13.4.4).
    fn gateway_starts(&mut self, gateway: NodeIx, starts: &mut Vec<StartCatch>) {
        let graph = self.graph;
        for flow in &graph.node(gateway).outgoing {
            let target = graph.flow(*flow).target;
            match &graph.node(target).kind {
                NodeKind::IntermediateCatchEvent(trigger) => {
                    let found =
                        trigger.definitions.iter().filter_map(|event| self.start(target, gateway, event));
                    starts.extend(found);
                }
                NodeKind::Task(Task::Receive { message: Some(message), .. }, _) => {
                    starts.extend(self.start(target, gateway, &EventDefinition::Message(message.clone())));
                }
                _ => {}
            }
        }
    }

    fn bound_catches(&mut self, rows: &[Row], level: &Level) {
        let graph = self.graph;
        let message = |id: &str| format!("`{id}` has more than {CATCHES_MAX} events to wait for");
        for (node, row) in graph.nodes.iter().zip(rows) {
            if row.catches.len() > CATCHES_MAX {
                self.error(support::NOT_SUPPORTED, &node.id, node.position, message(&node.id));
            }
        }
        if level.handlers.len() > CATCHES_MAX {
            self.error(support::NOT_SUPPORTED, &graph.id, graph.position, message(&graph.id));
        }
    }
}

/// What a node without start events around it does when its level starts (10.5.2).
fn starts_implicitly(node: &Node) -> bool {
    if !node.incoming.is_empty() {
        return false;
    }
    match &node.kind {
        NodeKind::SubProcess(SubProcess::Event, _)
        | NodeKind::StartEvent { .. }
        | NodeKind::BoundaryEvent { .. } => false,
        NodeKind::IntermediateCatchEvent(trigger) => !event::is_link(trigger),
        NodeKind::Task(Task::Receive { instantiate: true, .. }, _)
        | NodeKind::EventBasedGateway { instantiate: true, .. } => false,
        NodeKind::Task(_, activity)
        | NodeKind::SubProcess(_, activity)
        | NodeKind::CallActivity(_, activity) => !activity.is_for_compensation,
        NodeKind::ExclusiveGateway
        | NodeKind::ParallelGateway
        | NodeKind::InclusiveGateway
        | NodeKind::ComplexGateway { .. }
        | NodeKind::EventBasedGateway { .. }
        | NodeKind::IntermediateThrowEvent(_)
        | NodeKind::EndEvent(_) => true,
    }
}

/// An error or escalation code as a catcher matches it.
fn matched(code: &Code) -> Option<Arc<str>> {
    code.code.as_deref().map(Arc::from)
}
