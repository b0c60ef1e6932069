//! A second opinion: the token game by the standard's text, played along with the recorded events.
//!
//! It keeps a multiset of tokens per scope and flow and knows nothing of the executor. Each recorded event must be a
//! move that the rules of chapter 13 allow: a node takes a token that is there, a gateway leaves by the flows that its
//! kind may choose, an inclusive gateway fires only by Table 13.3 (searched forwards here, from each token), a scope
//! completes only when nothing is left in it.

use bpmn_parser::graph::{EventDefinition, FlowIx, NodeIx, NodeKind, SubProcess};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokenflow::event::{Event, Status, Transition, Via};
use tokenflow::id::ElementKey;
use tokenflow::process::{Library, Process};

type Place = (ElementKey, FlowIx);

#[derive(Default)]
pub(crate) struct Game {
    bound: Vec<Arc<Process>>,
    /// Tokens on their way along a flow, and tokens that wait at the end of one.
    moving: BTreeMap<Place, u32>,
    waiting: BTreeMap<Place, u32>,
    /// Tokens that are about to begin at a node or as a run of a body.
    starting: BTreeMap<ElementKey, u32>,
    open: BTreeMap<ElementKey, Activation>,
    leaving: Option<Leaving>,
    ended: bool,
}

#[derive(Clone)]
struct Activation {
    /// None for a process instance.
    node: Option<NodeIx>,
    scope: ElementKey,
    process: Arc<Process>,
    is_body: bool,
    /// Undone or revived: it is outside the normal flow.
    is_aside: bool,
}

/// A node that has just been left, and the flows taken so far.
struct Leaving {
    process: Arc<Process>,
    node: NodeIx,
    taken: Vec<FlowIx>,
}

impl Game {
    /// Plays a transition; what is not allowed is the answer.
    pub(crate) fn play(
        &mut self,
        library: &Library,
        transition: &Transition,
        is_modified: bool,
    ) -> Result<(), String> {
        for event in &transition.events {
            self.event(library, transition, *event, is_modified)
                .map_err(|wrong| format!("{event:?}: {wrong}"))?;
        }
        self.left()
    }

    fn event(
        &mut self,
        library: &Library,
        transition: &Transition,
        event: Event,
        is_modified: bool,
    ) -> Result<(), String> {
        if !matches!(event, Event::Taken { .. }) {
            self.left()?;
        }
        match event {
            Event::Bound { data, .. } => {
                let id = transition
                    .value(data)
                    .as_list()
                    .and_then(|parts| parts.first()?.as_str())
                    .unwrap_or_default();
                let ix = library.latest(id).ok_or("an unknown process is bound")?;
                self.bound.push(library.process(ix).clone());
            }
            Event::Started { key, parent, process } => {
                let process = self.bound[usize::from(process.0)].clone();
                let activation =
                    Activation { node: None, scope: parent, process, is_body: false, is_aside: false };
                self.open.insert(key, activation);
            }
            Event::StartQueued { scope, .. } => *self.starting.entry(scope).or_default() += 1,
            Event::RunQueued { key } => *self.starting.entry(key).or_default() += 1,
            Event::Taken { flow, scope } => self.take(scope, flow, is_modified)?,
            Event::Passed { node, scope, via, exit, .. } => {
                self.arrive(scope, node, via)?;
                self.leave(scope, node, exit.get());
            }
            Event::Entered { key, node, scope, via } => self.enter(key, node, scope, via, false)?,
            Event::BodyEntered { key, node, scope, via } => self.enter(key, node, scope, via, true)?,
            Event::Completed { key, exit } | Event::BodyCompleted { key, exit } => {
                let activation = self.close(key)?;
                let is_run = self.open.get(&activation.scope).is_some_and(|scope| scope.is_body);
                match activation.node {
                    Some(node) if !is_run && !activation.is_aside => {
                        self.leave(activation.scope, node, exit.get())
                    }
                    _ => {}
                }
            }
            Event::Canceled { key } | Event::BodyCanceled { key } | Event::Forgotten { key } => {
                self.clear(key);
                self.open.remove(&key);
            }
            Event::Cleared { scope } => self.clear(scope),
            Event::Arrived { flow, scope } => {
                remove(&mut self.moving, (scope, flow))?;
                *self.waiting.entry((scope, flow)).or_default() += 1;
            }
            Event::Joined { node, scope } => self.join(node, scope)?,
            Event::Consumed { via, scope } if via != Via::RETRY => remove(&mut self.starting, scope)?,
            Event::Ended { key, status, .. } => self.end(key, status)?,
            Event::Revived { key, scope, .. } => {
                let mut activation = self.open.get(&scope).cloned().ok_or("the scope is gone")?;
                activation = Activation { node: None, scope, is_body: false, is_aside: true, ..activation };
                self.open.insert(key, activation);
            }
            Event::Undoing { key, .. } => {
                if let Some(activation) = self.open.get_mut(&key) {
                    activation.is_aside = true;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A token takes a flow out of the node that is being left.
    fn take(&mut self, scope: ElementKey, flow: FlowIx, is_modified: bool) -> Result<(), String> {
        *self.moving.entry((scope, flow)).or_default() += 1;
        match &mut self.leaving {
            Some(leaving) => leaving.taken.push(flow),
            None if is_modified => {}
            None => return Err("a token takes a flow and no node was left".to_owned()),
        }
        Ok(())
    }

    fn leave(&mut self, scope: ElementKey, node: NodeIx, exit: Option<FlowIx>) {
        let Some(process) = self.open.get(&scope).map(|scope| scope.process.clone()) else {
            return;
        };
        if let Some(flow) = exit {
            *self.moving.entry((scope, flow)).or_default() += 1;
        }
        self.leaving = Some(Leaving { process, node, taken: exit.into_iter().collect() });
    }

    /// The node that was left has taken all its flows: they must be some that its kind may choose.
    fn left(&mut self) -> Result<(), String> {
        let Some(Leaving { process, node, mut taken }) = self.leaving.take() else {
            return Ok(());
        };
        let row = process.graph().node(node);
        let conditional =
            |flow: &FlowIx| process.graph().flow(*flow).condition.is_some() || row.default == Some(*flow);
        if let Some(stranger) = taken.iter().find(|flow| !row.outgoing.contains(flow)) {
            return Err(format!("`{}` leaves by a flow of another node: {stranger:?}", row.id));
        }
        let quantity = row.kind.activity().map_or(1, |activity| activity.completion_quantity) as usize;
        let total = taken.len();
        taken.sort();
        taken.dedup();
        if total != taken.len() * quantity {
            return Err(format!("`{}` puts {total} tokens on {} flows", row.id, taken.len()));
        }
        let all = taken.len() == row.outgoing.len();
        let allowed = match &row.kind {
            NodeKind::ExclusiveGateway => taken.len() == row.outgoing.len().min(1),
            NodeKind::InclusiveGateway => !taken.is_empty() || row.outgoing.is_empty(),
            NodeKind::ComplexGateway { .. } | NodeKind::EventBasedGateway { .. } => true,
            NodeKind::Task(..) | NodeKind::SubProcess(..) | NodeKind::CallActivity(..) => {
                all || row.outgoing.iter().filter(|flow| !conditional(flow)).all(|flow| taken.contains(flow))
            }
            NodeKind::ParallelGateway
            | NodeKind::StartEvent { .. }
            | NodeKind::IntermediateCatchEvent(_)
            | NodeKind::BoundaryEvent { .. }
            | NodeKind::EndEvent(_) => all,
            NodeKind::IntermediateThrowEvent(_) => all,
        };
        if allowed { Ok(()) } else { Err(format!("`{}` may not leave by {taken:?}", row.id)) }
    }

    fn arrive(&mut self, scope: ElementKey, node: NodeIx, via: Via) -> Result<(), String> {
        if via == Via::START {
            return remove(&mut self.starting, scope);
        }
        let Some(flow) = via.get() else {
            return Ok(());
        };
        let process = &self.open.get(&scope).ok_or("the scope is not open")?.process;
        if process.graph().flow(flow).target != node {
            return Err("the flow leads elsewhere".to_owned());
        }
        remove(&mut self.moving, (scope, flow))
    }

    fn enter(
        &mut self,
        key: ElementKey,
        node: NodeIx,
        scope: ElementKey,
        via: Via,
        is_body: bool,
    ) -> Result<(), String> {
        self.arrive(scope, node, via)?;
        let process = self.open.get(&scope).ok_or("the scope is not open")?.process.clone();
        self.open.insert(key, Activation { node: Some(node), scope, process, is_body, is_aside: false });
        Ok(())
    }

    /// What completes holds no token any more.
    fn close(&mut self, key: ElementKey) -> Result<Activation, String> {
        let activation = self.open.remove(&key).ok_or("it is not open")?;
        self.is_empty(key)?;
        Ok(activation)
    }

    fn is_empty(&self, scope: ElementKey) -> Result<(), String> {
        let tokens =
            self.moving.iter().chain(&self.waiting).any(|((owner, _), count)| *owner == scope && *count > 0);
        let starts = self.starting.get(&scope).is_some_and(|count| *count > 0);
        match self.open.iter().find(|(_, inner)| inner.scope == scope) {
            Some((inner, _)) => Err(format!("it completes and element {inner} is still open in it")),
            None if tokens || starts => Err("it completes and a token is left in it".to_owned()),
            None => Ok(()),
        }
    }

    fn clear(&mut self, scope: ElementKey) {
        self.moving.retain(|(owner, _), _| *owner != scope);
        self.waiting.retain(|(owner, _), _| *owner != scope);
        self.starting.remove(&scope);
    }

    fn end(&mut self, key: ElementKey, status: Status) -> Result<(), String> {
        if self.ended {
            return Err("the instance has ended before".to_owned());
        }
        match status {
            Status::Completed => self.is_empty(key)?,
            // What an error leaves is canceled one by one afterwards.
            Status::Failed | Status::Canceled | Status::Terminated | Status::Active => self.clear(key),
        }
        self.ended = key == ElementKey::ROOT;
        self.open.remove(&key);
        Ok(())
    }

    fn join(&mut self, node: NodeIx, scope: ElementKey) -> Result<(), String> {
        let process = self.open.get(&scope).ok_or("the scope is not open")?.process.clone();
        let row = process.graph().node(node);
        let full: BTreeSet<FlowIx> = row
            .incoming
            .iter()
            .filter(|flow| self.waiting.get(&(scope, **flow)).is_some_and(|n| *n > 0))
            .copied()
            .collect();
        match &row.kind {
            NodeKind::ParallelGateway if full.len() < row.incoming.len() => {
                return Err("it joins without a token on each flow".to_owned());
            }
            NodeKind::InclusiveGateway => self.inclusive_may_fire(&process, node, scope, &full)?,
            _ => {}
        }
        if let Some(activity) = row.kind.activity() {
            let mut wanted = activity.start_quantity;
            for flow in &row.incoming {
                while wanted > 0 && remove(&mut self.waiting, (scope, *flow)).is_ok() {
                    wanted -= 1;
                }
            }
            return if wanted == 0 { Ok(()) } else { Err("it starts with too few tokens".to_owned()) };
        }
        // A complex gateway in its reset takes only what its start has not: what is taken cannot be told from here.
        if matches!(row.kind, NodeKind::ComplexGateway { .. }) {
            row.incoming.iter().for_each(|flow| {
                self.waiting.remove(&(scope, *flow));
            });
            return Ok(());
        }
        full.into_iter().try_for_each(|flow| remove(&mut self.waiting, (scope, flow)))
    }

    /// Table 13.3, from each token forwards: can it reach an empty flow of the join, and no non-empty one?
    fn inclusive_may_fire(
        &self,
        process: &Process,
        join: NodeIx,
        scope: ElementKey,
        full: &BTreeSet<FlowIx>,
    ) -> Result<(), String> {
        if full.is_empty() {
            return Err("it joins without any token".to_owned());
        }
        let elsewhere = self.moving.iter().chain(&self.waiting).filter(|((owner, flow), count)| {
            *owner == scope && **count > 0 && process.graph().flow(*flow).target != join
        });
        let mut positions: Vec<Vec<FlowIx>> = elsewhere.map(|((_, flow), _)| vec![*flow]).collect();
        let siblings = self.open.values().filter(|inner| inner.scope == scope && !inner.is_aside);
        let racing = |node: &NodeIx| {
            let source =
                process.graph().node(*node).incoming.first().map(|flow| process.graph().flow(*flow).source);
            source.is_some_and(|source| {
                matches!(process.graph().node(source).kind, NodeKind::EventBasedGateway { .. })
            })
        };
        let (alternatives, others): (Vec<NodeIx>, Vec<NodeIx>) =
            siblings.filter_map(|inner| inner.node).filter(|node| *node != join).partition(racing);
        positions.extend(others.into_iter().map(|node| exits(process, node)));
        positions.push(alternatives.into_iter().flat_map(|node| exits(process, node)).collect());
        for position in positions {
            let reached = reachable(process, join, position);
            let is_blocked = reached.iter().any(|flow| !full.contains(flow)) && reached.is_disjoint(full);
            if is_blocked && !self.waits_in_deadlock(process, scope) {
                return Err(format!("a token elsewhere can still reach {reached:?}, tokens are on {full:?}"));
            }
        }
        Ok(())
    }

    /// Joins that wait for each other: nothing in the scope can move or wait, so the engine stops one of them.
    fn waits_in_deadlock(&self, process: &Process, scope: ElementKey) -> bool {
        let is_moving = self.moving.iter().any(|((owner, _), count)| *owner == scope && *count > 0);
        let is_open = self.open.values().any(|inner| inner.scope == scope);
        let _ = process;
        !is_moving && !is_open
    }
}

fn remove<K: Ord>(tokens: &mut BTreeMap<K, u32>, key: K) -> Result<(), String> {
    match tokens.get_mut(&key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            Ok(())
        }
        Some(_) | None => Err("the token that it takes is not there".to_owned()),
    }
}

/// The flows by which a token can leave a node: its own, those of its boundary events, those of its link's catch.
fn exits(process: &Process, node: NodeIx) -> Vec<FlowIx> {
    let graph = process.graph();
    let row = graph.node(node);
    let mut flows = row.outgoing.clone();
    flows.extend(row.attached.iter().flat_map(|event| graph.node(*event).outgoing.iter()));
    if let NodeKind::IntermediateThrowEvent(trigger) = &row.kind
        && let [EventDefinition::Link { name }] = trigger.definitions.as_slice()
    {
        for other in graph.children(row.scope) {
            if let NodeKind::IntermediateCatchEvent(trigger) = &graph.node(other).kind
                && matches!(trigger.definitions.as_slice(), [EventDefinition::Link { name: other }] if other == name)
            {
                flows.extend(graph.node(other).outgoing.iter());
            }
        }
    }
    let is_handler = matches!(row.kind, NodeKind::SubProcess(SubProcess::Event, _));
    if is_handler { Vec::new() } else { flows }
}

/// The incoming flows of the join that can be reached without passing it.
fn reachable(process: &Process, join: NodeIx, from: Vec<FlowIx>) -> BTreeSet<FlowIx> {
    let mut seen: BTreeSet<FlowIx> = BTreeSet::new();
    let mut open = from;
    let mut reached = BTreeSet::new();
    while let Some(flow) = open.pop() {
        if !seen.insert(flow) {
            continue;
        }
        let target = process.graph().flow(flow).target;
        if target == join {
            reached.insert(flow);
        } else {
            open.extend(exits(process, target));
        }
    }
    reached
}
