//! What the runtime answers inside a step: pure handlers, and whether a throw can be delivered.

use crate::command::{Answer, JobView, Refusal};
use crate::event::{IncidentKind, Outgoing};
use crate::executor::{Host, Variables};
use crate::id::{InstanceId, Timestamp};
use crate::limits::Limits;
use crate::runtime::handler::{Handlers, inline_job};
use crate::runtime::record::{Posted, Thrower};
use crate::runtime::router::{RouteError, Router};
use std::collections::BTreeMap;
use tokenflow_feel::Value;

pub(super) struct StepHost<'a> {
    pub(super) router: Router<'a>,
    pub(super) handlers: &'a Handlers,
    pub(super) limits: &'a Limits,
    pub(super) instance: InstanceId,
    /// The root process.
    pub(super) process: String,
    /// How many throws led to this step.
    pub(super) depth: u32,
    /// Messages of this step by name and key; the store does not know them yet.
    pub(super) thrown: BTreeMap<(String, Option<String>), usize>,
}

impl StepHost<'_> {
    fn may_publish(&mut self, name: &str, key: &Value, node: &str, payload: &Value) -> Result<(), Refusal> {
        let process = self.router.routes.thrower(node, &self.process);
        let thrower = Thrower {
            instance: self.instance,
            key: crate::id::ElementKey::NONE,
            process,
            node: node.to_owned(),
        };
        let posted = Posted {
            name: name.to_owned(),
            key: key.clone(),
            payload: payload.clone(),
            from: Some(thrower),
            to: None,
            expires: Some(Timestamp::NEVER),
            depth: self.depth + 1,
        };
        match self.router.message(&posted) {
            Ok(routed) if routed.receivers.is_empty() => self.may_keep(posted),
            Ok(_) => Ok(()),
            Err(RouteError::Ambiguous(rejection)) => {
                Err(Refusal { kind: IncidentKind::Correlation, message: rejection.message })
            }
            // What the store cannot read now is read again when the message is delivered.
            Err(RouteError::Store(_)) => Ok(()),
        }
    }

    fn may_keep(&mut self, posted: Posted) -> Result<(), Refusal> {
        let key = posted.key_text();
        let kept = self.router.store.buffered_count(&posted.name, key.as_deref()).unwrap_or(0);
        let thrown = self.thrown.entry((posted.name.clone(), key)).or_default();
        if kept + *thrown >= self.limits.thrown_messages_max as usize {
            let limit = self.limits.thrown_messages_max;
            let message =
                format!("thrown_messages_max: {limit} messages `{}` of this key wait already", posted.name);
            return Err(Refusal { kind: IncidentKind::Limit, message });
        }
        *thrown += 1;
        Ok(())
    }
}

impl Host for StepHost<'_> {
    fn job(&mut self, job: &JobView<'_>, variables: &dyn Variables) -> Option<Answer> {
        if !self.handlers.is_inline(job.job_type) {
            return None;
        }
        self.handlers.answer(inline_job(self.instance, &self.process, job), variables)
    }

    fn publish(&mut self, outgoing: &Outgoing) -> Result<(), Refusal> {
        if self.depth >= self.limits.cascade_depth {
            let limit = self.limits.cascade_depth;
            let message = format!("cascade_depth: {limit} throws have led to each other");
            return Err(Refusal { kind: IncidentKind::Limit, message });
        }
        match outgoing {
            Outgoing::Message { node, name, key, payload, .. } => self.may_publish(name, key, node, payload),
            Outgoing::Signal { .. } => Ok(()),
        }
    }
}
