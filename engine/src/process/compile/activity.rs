//! What activities do: the kind of a task, the work for hosts and people, what is called, what an ad-hoc sub-process
//! starts.

use super::{Build, EXPRESSION, event, support};
use crate::expression::Compiled;
use crate::process::{AdHoc, Call, CallBinding, Kind, People, Role, Work};
use crate::timer::{self, Period};
use bpmn_parser::graph::{Node, NodeIx, NodeKind, ResourceRole, ResourceRoleKind, SubProcess, Task};
use bpmn_parser::property::{self, Binding, Dialect, Expression, Language, Text};
use std::sync::Arc;
use tokenflow_feel::Value;

impl Build<'_> {
    pub(super) fn task_kind(&mut self, node: &Node, task: &Task) -> Kind {
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

    pub(super) fn work(&mut self, node: &Node, kind: Kind) -> Option<Work> {
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
    fn retry_cycle(&mut self, node: &Node, retries: &mut Option<Compiled>) -> Vec<Period> {
        let Some(Text::Literal(text)) = &node.properties.retry_cycle else {
            return Vec::new();
        };
        let (count, waits) = match text.split_once('/') {
            Some((count, wait)) => (count.trim().strip_prefix('R'), vec![wait]),
            None => (None, text.split(',').collect()),
        };
        let waits: Option<Vec<_>> = waits.into_iter().map(|wait| timer::parse_period(wait.trim())).collect();
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

    pub(super) fn call(&mut self, node: &Node) -> Option<Call> {
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

    pub(super) fn ad_hoc(&mut self, ix: NodeIx) -> Option<AdHoc> {
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
