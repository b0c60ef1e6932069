//! From the graph to the rows: expressions compiled, timers parsed, catches numbered.

use super::{
    AdHoc, Call, CallBinding, Catch, ContentHash, DeployOptions, FlowRow, Kind, Level, Mapping, People,
    Place, Process, ProcessData, Role, Row, StartCatch, StartKind, Work, names, reach, support,
};
use crate::event::Exit;
use crate::expression::{Compiled, Compiler};
use bpmn_parser::graph::{
    Code, EventDefinition, FlowIx, Node, NodeIx, NodeKind, ProcessGraph, ResourceRole, ResourceRoleKind,
    SubProcess, Task, Trigger,
};
use bpmn_parser::property::{self, Binding, Dialect, Expression, Language, Text};
use bpmn_parser::{Diagnostic, Position, Severity};
use chrono_tz::Tz;
use std::sync::Arc;
use tokenflow_feel::Value;

mod correlation;
mod data;
mod event;
mod repeat;

/// An expression does not parse.
const EXPRESSION: u16 = 301;
/// A value that must be known at deployment is not.
const NOT_CONSTANT: u16 = 302;

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
    let process_data = ProcessData {
        io: graph.io.as_ref().map(data::specification),
        results_stay_local: graph.dialect == Dialect::Zeebe,
    };
    let failed = diagnostics[findings_before..].iter().any(|finding| finding.severity == Severity::Error);
    if failed {
        return None;
    }
    let reach = reach::Reach::of_joins(&rows);
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

    fn task_kind(&mut self, node: &Node, task: &Task) -> Kind {
        let has_job = node.properties.job_type.is_some();
        match task {
            Task::Abstract | Task::Manual if !has_job => Kind::PassingTask,
            Task::Service { .. } if node.properties.service_expression.is_some() => Kind::ExpressionTask,
            Task::Script { .. } if !has_job && script_expression(node, task).is_some() => {
                Kind::ExpressionTask
            }
            Task::Send { message: Some(_), .. } if !has_job => Kind::SendTask,
            Task::Receive { .. } => Kind::ReceiveTask,
            // Without its marker a Zeebe user task is a job of a fixed type.
            Task::User { .. }
                if self.graph.dialect == Dialect::Zeebe && !node.properties.native_user_task =>
            {
                Kind::JobTask
            }
            Task::User { .. } => Kind::UserTask,
            Task::BusinessRule { .. } if !has_job && node.properties.called.id.is_some() => {
                let message = format!("the decision that `{}` calls is not supported yet", node.id);
                self.error(support::NOT_SUPPORTED, &node.id, node.position, message);
                Kind::JobTask
            }
            Task::Abstract
            | Task::Manual
            | Task::Service { .. }
            | Task::Script { .. }
            | Task::Send { .. }
            | Task::BusinessRule { .. } => Kind::JobTask,
        }
    }

    fn throw_kind(&mut self, node: &Node, trigger: &Trigger) -> Kind {
        if trigger.definitions.is_empty() {
            return Kind::NoneThrowEvent;
        }
        let is_job = node.properties.job_type.is_some() && event::is_message(trigger);
        if is_job { Kind::JobThrowEvent } else { Kind::ThrowEvent }
    }

    fn work(&mut self, node: &Node, kind: Kind) -> Option<Work> {
        let properties = &node.properties;
        let mut work = Work {
            retries: self.optional_text(&node.id, properties.retries.as_ref()),
            result_variable: properties.result_variable.as_deref().map(Arc::from),
            ..Work::default()
        };
        match kind {
            Kind::JobTask | Kind::JobThrowEvent => {
                let job_type = match &properties.job_type {
                    Some(text) => self.text(&node.id, text),
                    None => Compiled::constant(Value::string(implied_job_type(node))),
                };
                work.job_type = Some(job_type);
                work.retry_cycle = self.retry_cycle(node, &mut work.retries);
            }
            Kind::UserTask => work.people = Some(Box::new(self.people(node, &properties.people))),
            Kind::ExpressionTask => {
                let expression = match &node.kind {
                    NodeKind::Task(task @ Task::Script { .. }, _) => script_expression(node, task),
                    _ => properties.service_expression.as_ref(),
                };
                work.expression = self.optional(&node.id, expression);
            }
            Kind::PassingTask
            | Kind::ReceiveTask
            | Kind::SendTask
            | Kind::SubProcess
            | Kind::EventSubProcess
            | Kind::Transaction
            | Kind::AdHocSubProcess
            | Kind::CallActivity
            | Kind::ExclusiveGateway
            | Kind::ParallelGateway
            | Kind::InclusiveGateway
            | Kind::ComplexGateway
            | Kind::EventBasedGateway
            | Kind::StartEvent
            | Kind::CatchEvent
            | Kind::LinkCatchEvent
            | Kind::NoneThrowEvent
            | Kind::ThrowEvent
            | Kind::BoundaryEvent => return None,
        }
        Some(work)
    }

    /// The waits between tries: `R3/PT10M`, or a list of durations; the former also says how many tries there are.
    fn retry_cycle(&mut self, node: &Node, retries: &mut Option<Compiled>) -> Vec<crate::timer::Period> {
        let Some(Text::Literal(text)) = &node.properties.retry_cycle else {
            return Vec::new();
        };
        let (count, waits) = match text.split_once('/') {
            Some((count, wait)) => (count.trim().strip_prefix('R'), vec![wait]),
            None => (None, text.split(',').collect()),
        };
        let waits: Option<Vec<_>> =
            waits.into_iter().map(|wait| crate::timer::parse_period(wait.trim())).collect();
        let tries = match count {
            Some(digits) => digits.parse::<i64>().ok(),
            None => waits.as_ref().map(|waits| waits.len() as i64 + 1),
        };
        let (Some(waits), Some(tries)) = (waits, tries) else {
            let message =
                format!("the retry cycle `{text}` of `{}` is not a cycle or list of durations", node.id);
            self.error(EXPRESSION, &node.id, node.position, message);
            return Vec::new();
        };
        if retries.is_none() {
            *retries = Some(Compiled::constant(Value::from(tries)));
        }
        waits
    }

    fn people(&mut self, node: &Node, people: &property::People) -> People {
        let id = &*node.id;
        People {
            assignee: self.optional_text(id, people.assignee.as_ref()),
            candidate_users: self.list(id, people.candidate_users.as_ref()),
            candidate_groups: self.list(id, people.candidate_groups.as_ref()),
            due_date: self.optional_text(id, people.due_date.as_ref()),
            follow_up_date: self.optional_text(id, people.follow_up_date.as_ref()),
            priority: self.optional_text(id, people.priority.as_ref()),
            form: self.optional_text(id, people.form.as_ref()),
            lane: node.lanes.last().map(|lane| Arc::from(lane.as_str())),
            roles: node.roles.iter().filter_map(|role| self.role(id, role)).collect(),
        }
    }

    /// A performer is informative; a human performer or potential owner says who does the task (6.52).
    fn role(&mut self, element: &str, role: &ResourceRole) -> Option<Role> {
        let performs = match role.kind {
            ResourceRoleKind::ResourceRole | ResourceRoleKind::Performer => return None,
            ResourceRoleKind::HumanPerformer => true,
            ResourceRoleKind::PotentialOwner => false,
        };
        Some(Role {
            performs,
            users: self.optional(element, role.assignment.as_ref()),
            group: role.resource.as_ref().map(|(name, _)| Arc::from(name.as_str())),
        })
    }

    fn mappings(&mut self, element: &str, mappings: &[property::Mapping]) -> Box<[Mapping]> {
        let compile = |mapping: &property::Mapping| Mapping {
            source: self.text(element, &mapping.source),
            target: mapping.target.split('.').map(Arc::from).collect(),
        };
        mappings.iter().map(compile).collect()
    }

    fn call(&mut self, node: &Node) -> Option<Call> {
        let NodeKind::CallActivity(call, _) = &node.kind else {
            return None;
        };
        let called = &node.properties.called;
        let element = match (&called.id, &call.called_element) {
            (Some(text), _) => self.text(&node.id, text),
            (None, Some(id)) => Compiled::constant(Value::string(id.as_str())),
            (None, None) => Compiled::constant(Value::NULL),
        };
        let is_zeebe = self.graph.dialect == Dialect::Zeebe;
        Some(Call {
            element,
            binding: match &called.binding {
                Binding::Latest => CallBinding::Latest,
                Binding::Deployment => CallBinding::Deployment,
                Binding::Version(text) => CallBinding::Version(self.text(&node.id, text)),
                Binding::VersionTag(text) => CallBinding::VersionTag(self.text(&node.id, text)),
            },
            all_in: called.propagate_all_parent_variables.unwrap_or(is_zeebe),
            all_out: called
                .propagate_all_child_variables
                .unwrap_or(is_zeebe && node.properties.outputs.is_empty()),
            inputs: self.mappings(&node.id, &called.inputs),
            outputs: self.mappings(&node.id, &called.outputs),
            roles: node.roles.iter().filter_map(|role| self.role(&node.id, role)).collect(),
        })
    }

    fn ad_hoc(&mut self, ix: NodeIx) -> Option<AdHoc> {
        let node = self.graph.node(ix);
        let NodeKind::SubProcess(kind, _) = &node.kind else {
            return None;
        };
        let SubProcess::AdHoc { sequential, cancel_remaining_instances, completion_condition } = kind else {
            return None;
        };
        let events = self.graph.children(Some(ix)).filter(|inner| {
            let inner = self.graph.node(*inner);
            let is_catch =
                matches!(&inner.kind, NodeKind::IntermediateCatchEvent(trigger) if !event::is_link(trigger));
            is_catch && inner.incoming.is_empty()
        });
        Some(AdHoc {
            sequential: *sequential,
            cancel_remaining: *cancel_remaining_instances,
            events: events.collect(),
            active: self.optional(&node.id, node.properties.active_elements.as_ref()),
            completion_condition: self.optional(&node.id, completion_condition.as_ref()),
        })
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

    /// Finds the nodes that have one way out, which the executor then takes without looking further.
    fn exits(&mut self, rows: &mut [Row], flows: &[FlowRow]) {
        for row in rows {
            if let [only] = *row.outgoing
                && flows[only.index()].condition.is_none()
                && row.default != Some(only)
                && row.completion_quantity == 1
            {
                row.exit = Exit::flow(only);
            }
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

/// The script in the engine's own language, where that is what the task holds.
fn script_expression<'n>(node: &'n Node, task: &'n Task) -> Option<&'n Expression> {
    if let Some(script) = &node.properties.script {
        return Some(script);
    }
    match task {
        Task::Script { script: Some(script), .. } if script.language == Language::Feel => Some(script),
        _ => None,
    }
}

/// The job type of a task that names none: its operation, its technology, or its own id.
fn implied_job_type(node: &Node) -> String {
    let technology = |text: &Option<String>| text.clone().filter(|text| !text.starts_with("##"));
    let named = match &node.kind {
        NodeKind::Task(Task::Script { format, script }, _) => {
            let language = script.as_ref().and_then(|script| match &script.language {
                Language::Other(name) => Some(name.clone()),
                Language::Juel => Some("juel".to_owned()),
                Language::Feel | Language::Unnamed => None,
            });
            Some(format!("script:{}", format.clone().or(language).unwrap_or_default()))
        }
        NodeKind::Task(Task::Service { implementation, operation }, _) => {
            operation.clone().or_else(|| technology(implementation))
        }
        NodeKind::Task(Task::User { .. }, _) => Some("io.camunda.zeebe:userTask".to_owned()),
        NodeKind::Task(Task::Send { implementation, .. } | Task::BusinessRule { implementation }, _) => {
            technology(implementation)
        }
        _ => None,
    };
    named.unwrap_or_else(|| node.id.to_string())
}

/// An error or escalation code as a catcher matches it.
fn matched(code: &Code) -> Option<Arc<str>> {
    code.code.as_deref().map(Arc::from)
}
