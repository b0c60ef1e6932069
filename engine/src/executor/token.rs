//! Tokens: how one enters a node and how it leaves.

use super::{Failure, Step};
use crate::behavior;
use crate::event::{Event, Exit, IncidentKind, Stage, Via};
use crate::id::ElementKey;
use crate::instance::{Incident, NO_NODE, Role, Slot, Token};
use crate::process::{Kind, Row};
use bpmn_parser::graph::{FlowIx, NodeIx};
use tokenflow_feel::Context;

impl Step<'_> {
    /// One move: the token at the head of the queue.
    #[inline]
    pub(super) fn advance(&mut self, via: Via, node: NodeIx, scope: Slot) {
        if via == Via::RETRY {
            return self.retry(scope);
        }
        if self.instance.elements[scope].role == Role::Body {
            return behavior::repeat::enter_run(self, scope);
        }
        let node = match via.get() {
            Some(flow) => self.process(scope).flow(flow).target,
            None => node,
        };
        self.enter(node, scope, via);
    }

    /// A token enters a node.
    pub(crate) fn enter(&mut self, node: NodeIx, scope: Slot, via: Via) {
        let row = self.process(scope).row(node);
        match row.kind {
            Kind::PassingTask
            | Kind::JobTask
            | Kind::UserTask
            | Kind::ReceiveTask
            | Kind::SendTask
            | Kind::ExpressionTask
            | Kind::SubProcess
            | Kind::Transaction
            | Kind::AdHocSubProcess
            | Kind::CallActivity => behavior::activity::enter(self, row, node, scope, via),
            Kind::ExclusiveGateway => behavior::gateway::exclusive::enter(self, node, scope, via),
            Kind::ParallelGateway => behavior::gateway::parallel::enter(self, node, scope, via),
            Kind::InclusiveGateway => behavior::gateway::inclusive::enter(self, node, scope, via),
            Kind::ComplexGateway => behavior::gateway::complex::enter(self, node, scope, via),
            Kind::EventBasedGateway => behavior::gateway::event_based::enter(self, node, scope, via),
            Kind::StartEvent | Kind::NoneThrowEvent => self.pass(row, node, scope, via),
            Kind::CatchEvent => behavior::event::catch::enter(self, node, scope, via),
            Kind::LinkCatchEvent => behavior::event::link::arrive(self, node, scope, via),
            Kind::ThrowEvent | Kind::JobThrowEvent => behavior::event::throw::enter(self, node, scope, via),
            Kind::BoundaryEvent | Kind::EventSubProcess => {
                unreachable!("no flow leads to a boundary event or event sub-process (rule R039)")
            }
        }
    }

    /// A node that completes at once.
    pub(crate) fn pass(&mut self, row: &Row, node: NodeIx, scope: Slot, via: Via) {
        let (key, scope_key) = (self.instance.next_key(), self.key(scope));
        if !row.is_without_data {
            let slot = self.open(node, scope, via);
            return self.begin(slot);
        }
        if row.exit != Exit::NONE {
            return self.emit(Event::Passed { key, node, scope: scope_key, via, exit: row.exit });
        }
        self.emit(Event::Passed { key, node, scope: scope_key, via, exit: Exit::NONE });
        for flow in &row.outgoing {
            self.emit(Event::Taken { flow: *flow, scope: scope_key });
        }
    }

    /// Opens an activation that outlives its move.
    pub(crate) fn open(&mut self, node: NodeIx, scope: Slot, via: Via) -> Slot {
        let (key, scope) = (self.instance.next_key(), self.key(scope));
        self.emit(Event::Entered { key, node, scope, via });
        self.instance.slot(key).expect("the element was just entered")
    }

    /// From the start of an activation: inputs, then what is armed, then the work.
    pub(crate) fn begin(&mut self, slot: Slot) {
        let row = self.row(slot);
        if let Err(failure) = self.map_inputs(slot, &row.inputs) {
            return self.raise(slot, IncidentKind::InputOutput, Stage::Enter, failure, None);
        }
        if !self.instance.is_run(slot)
            && let Err(failure) = self.arm_boundary(slot)
        {
            return self.raise_as(slot, Stage::Enter, failure);
        }
        self.begin_work(slot);
    }

    /// The work of an activation whose inputs are done.
    pub(crate) fn work(&mut self, slot: Slot) {
        match self.row(slot).kind {
            Kind::PassingTask
            | Kind::StartEvent
            | Kind::NoneThrowEvent
            | Kind::BoundaryEvent
            | Kind::LinkCatchEvent => {
                self.complete_work(slot, Context::default());
            }
            Kind::JobTask | Kind::JobThrowEvent => behavior::activity::job::open(self, slot),
            Kind::UserTask => behavior::activity::user::open(self, slot),
            Kind::ReceiveTask | Kind::CatchEvent => behavior::event::catch::wait(self, slot),
            Kind::SendTask | Kind::ThrowEvent => behavior::event::throw::throw(self, slot),
            Kind::ExpressionTask => behavior::activity::expression::run(self, slot),
            Kind::SubProcess | Kind::EventSubProcess | Kind::Transaction => {
                behavior::activity::sub_process::start(self, slot);
            }
            Kind::AdHocSubProcess => behavior::activity::ad_hoc::start(self, slot),
            Kind::CallActivity => behavior::activity::call::call(self, slot),
            Kind::ExclusiveGateway
            | Kind::InclusiveGateway
            | Kind::ComplexGateway
            | Kind::ParallelGateway => {
                self.leave(slot);
            }
            Kind::EventBasedGateway => unreachable!("a token passes an event-based gateway at once"),
        }
    }

    /// The work is done: its result goes where the outputs say, then the token leaves.
    pub(crate) fn complete_work(&mut self, slot: Slot, result: Context) {
        if let Err(failure) = self.map_outputs(slot, &result) {
            return self.raise(slot, IncidentKind::InputOutput, Stage::Outputs, failure, Some(result));
        }
        self.leave(slot);
    }

    /// The activation completes; its tokens take the flows that its kind chooses.
    pub(crate) fn leave(&mut self, slot: Slot) {
        if self.instance.is_run(slot) {
            return behavior::repeat::run_done(self, slot);
        }
        behavior::compensate::record(self, slot);
        let row = self.row(slot);
        let (key, node) = (self.key(slot), self.instance.elements[slot].node);
        let is_body = self.instance.elements[slot].role == Role::Body;
        let complete = |exit: Exit| {
            if is_body { Event::BodyCompleted { key, exit } } else { Event::Completed { key, exit } }
        };
        let parent = self.instance.elements[slot].parent;
        if row.exit != Exit::NONE {
            self.emit(complete(row.exit));
            return behavior::activity::ad_hoc::inner_completed(self, parent, node);
        }
        match self.exits(row, slot) {
            Ok(flows) => {
                let tokens = row.completion_quantity.saturating_mul(flows.len() as u32);
                if row.completion_quantity > 1
                    && let Some(limit) = self.reached_limit(tokens)
                {
                    return self.raise_as(slot, Stage::Leave, Failure::limit(limit));
                }
                let scope = self.key(parent);
                self.emit(complete(Exit::NONE));
                for flow in flows {
                    for _ in 0..row.completion_quantity {
                        self.emit(Event::Taken { flow, scope });
                    }
                }
                behavior::activity::ad_hoc::inner_completed(self, parent, node);
            }
            Err(failure) => self.raise_as(slot, Stage::Leave, failure),
        }
    }

    /// The flows by which a token leaves; conditions are evaluated in `scope`.
    pub(crate) fn exits(&mut self, row: &Row, scope: Slot) -> Result<Vec<FlowIx>, Failure> {
        match row.kind {
            Kind::ExclusiveGateway => behavior::gateway::exclusive::choose(self, row, scope),
            Kind::InclusiveGateway => behavior::gateway::inclusive::choose(self, row, scope),
            Kind::ComplexGateway => behavior::gateway::complex::retry(self, row, scope),
            Kind::PassingTask
            | Kind::JobTask
            | Kind::UserTask
            | Kind::ReceiveTask
            | Kind::SendTask
            | Kind::ExpressionTask
            | Kind::SubProcess
            | Kind::EventSubProcess
            | Kind::Transaction
            | Kind::AdHocSubProcess
            | Kind::CallActivity => behavior::activity::choose(self, row, scope),
            Kind::ParallelGateway
            | Kind::EventBasedGateway
            | Kind::StartEvent
            | Kind::CatchEvent
            | Kind::LinkCatchEvent
            | Kind::NoneThrowEvent
            | Kind::ThrowEvent
            | Kind::JobThrowEvent
            | Kind::BoundaryEvent => Ok(row.outgoing.to_vec()),
        }
    }

    /// Goes on from the stage at which an element stopped.
    fn retry(&mut self, slot: Slot) {
        let incident = self.instance.elements[slot].incident;
        let (stage, kept) =
            (self.instance.incidents[incident].stage, self.instance.incidents[incident].kept.clone());
        let scope = self.key(slot);
        self.emit(Event::Consumed { via: Via::RETRY, scope });
        let is_body = self.instance.elements[slot].role == Role::Body;
        match stage {
            Stage::Enter if is_body => behavior::repeat::begin(self, slot),
            Stage::Enter => self.begin(slot),
            Stage::Work => self.work(slot),
            Stage::Outputs => self.complete_work(slot, kept.as_context().cloned().unwrap_or_default()),
            Stage::Leave => self.leave(slot),
            Stage::Arm(which) => self.arm_again(slot, which),
        }
    }

    /// A token that would move past a limit stops in front of its node.
    pub(super) fn stop_at_limit(&mut self, token: Token, limit: &'static str) {
        if self.is_join(token) {
            // A join takes the token as it is: the limit stops it when it would fire.
            return self.advance(token.via, token.node, token.scope);
        }
        let failure = Failure::limit(limit);
        let element = &self.instance.elements[token.scope];
        if token.via == Via::RETRY {
            let scope = self.key(token.scope);
            let Incident { stage, kept, .. } = self.instance.incidents[element.incident].clone();
            self.emit(Event::Consumed { via: Via::RETRY, scope });
            let kept = kept.as_context().cloned();
            return self.raise(token.scope, IncidentKind::Limit, stage, failure, kept);
        }
        let slot = match (token.via.get(), element.role) {
            (None, Role::Body) => behavior::repeat::open_run(self, token.scope),
            (Some(flow), _) => {
                let node = self.process(token.scope).flow(flow).target;
                self.open_whole(node, token.scope, token.via)
            }
            (None, Role::Process | Role::Node) => self.open_whole(token.node, token.scope, token.via),
        };
        self.raise_as(slot, Stage::Enter, failure);
    }

    /// Opens an activation, of an activity with loop characteristics its body.
    pub(crate) fn open_whole(&mut self, node: NodeIx, scope: Slot, via: Via) -> Slot {
        if self.process(scope).row(node).repeat.is_some() {
            return behavior::repeat::open_body(self, node, scope, via);
        }
        self.open(node, scope, via)
    }

    fn is_join(&self, token: Token) -> bool {
        let process = self.process(token.scope);
        let node = match token.via.get() {
            Some(flow) => process.flow(flow).target,
            None if self.instance.elements[token.scope].role == Role::Body || token.node == NO_NODE => {
                return false;
            }
            None => token.node,
        };
        let row = process.row(node);
        match row.kind {
            Kind::ComplexGateway | Kind::EventBasedGateway | Kind::LinkCatchEvent => true,
            Kind::ParallelGateway | Kind::InclusiveGateway => row.incoming.len() > 1,
            Kind::PassingTask
            | Kind::JobTask
            | Kind::UserTask
            | Kind::ReceiveTask
            | Kind::SendTask
            | Kind::ExpressionTask
            | Kind::SubProcess
            | Kind::EventSubProcess
            | Kind::Transaction
            | Kind::AdHocSubProcess
            | Kind::CallActivity
            | Kind::ExclusiveGateway
            | Kind::StartEvent
            | Kind::CatchEvent
            | Kind::NoneThrowEvent
            | Kind::ThrowEvent
            | Kind::JobThrowEvent
            | Kind::BoundaryEvent => {
                row.start_quantity > 1
                    || (token.via.get().is_some()
                        && behavior::activity::ad_hoc::waits_for_selection(process, node))
            }
        }
    }

    /// The limit that is reached, where `more` tokens are about to be made: of moves at one time, or of tokens.
    pub(crate) fn reached_limit(&self, more: u32) -> Option<&'static str> {
        if self.instance.moves() >= self.limits().moves_at_one_time {
            return Some("moves_at_one_time");
        }
        if self.instance.next_key().0 > self.limits().element_keys {
            return Some("element_keys");
        }
        let tokens = self.instance.elements.len() + self.instance.queue.len();
        (tokens.saturating_add(more as usize) > self.limits().tokens_max as usize).then_some("tokens_max")
    }

    /// The key of the scope that an element is in.
    pub(crate) fn scope_key(&self, slot: Slot) -> ElementKey {
        match self.instance.elements[slot].parent.get() {
            Some(parent) => self.key(parent),
            None => ElementKey::NONE,
        }
    }

    /// The node of an element, where it has one.
    pub(crate) fn node(&self, slot: Slot) -> Option<NodeIx> {
        let node = self.instance.elements[slot].node;
        (node != NO_NODE).then_some(node)
    }
}
