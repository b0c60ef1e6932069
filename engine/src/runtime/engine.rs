//! Everything that is behind the runtime's lock: one command at a time is stepped, committed and its effects drained.

mod commit;
mod deploy;
mod dispatch;
mod due;
mod host;
mod rows;
mod step;

pub(super) use step::{Request, Target};

use super::clock::Clock;
use super::error::{BuildError, CommandError};
use super::handler::Handlers;
use super::identity::{IdSource, JobKey};
use super::options::Options;
use super::record::{Dispatch, HostMessage, Receiver};
use super::router::{Router, Routes};
use super::store::{EffectId, Head, Store, StoreError, decode};
use crate::command::RejectionCode;
use crate::executor::Executor;
use crate::id::{InstanceId, Timestamp};
use crate::instance::Instance;
use crate::process::Library;
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokenflow_feel::Context;

/// Effects that are read at once when a store is opened.
const PAGE: usize = 1_000;

/// An instance in memory, as it is stored.
pub(super) struct Live {
    pub(super) instance: Instance,
    pub(super) head: Head,
    /// The stored version; none before the first commit.
    pub(super) version: Option<u64>,
}

/// A job that somebody works on.
pub(super) struct Lease {
    pub(super) number: u64,
    pub(super) until: Timestamp,
}

/// The runtime's single-threaded heart.
pub(super) struct Engine {
    pub(super) store: Arc<dyn Store>,
    pub(super) library: Arc<Library>,
    pub(super) handlers: Arc<Handlers>,
    pub(super) clock: Clock,
    pub(super) options: Options,
    pub(super) leases: BTreeMap<JobKey, Lease>,
    pub(super) leases_given: u64,
    pub(super) host_messages: BTreeMap<EffectId, HostMessage>,
    executor: Executor,
    routes: Routes,
    ids: IdSource,
    live: IndexMap<InstanceId, Live>,
    /// What is to be done before the next command, in commit order; its rows are in the outbox.
    pending: BTreeMap<EffectId, Box<Dispatch>>,
    commits: u64,
    /// Other runtimes write to the store.
    is_shared: bool,
    is_draining: bool,
    must_reload: bool,
}

impl Engine {
    /// Opens a store: deploys what it holds and goes on with what a crash has interrupted.
    pub(super) fn open(
        store: Arc<dyn Store>,
        clock: Clock,
        options: Options,
        handlers: Arc<Handlers>,
    ) -> Result<Engine, BuildError> {
        let ids = IdSource::new(&clock, store.last_instance()?);
        let leases_given = ids.leases();
        let is_shared = store.capabilities().is_shared;
        let mut engine = Engine {
            executor: executor(&options),
            store,
            library: Arc::default(),
            handlers,
            clock,
            options,
            leases: BTreeMap::new(),
            leases_given,
            host_messages: BTreeMap::new(),
            routes: Routes::default(),
            ids,
            live: IndexMap::new(),
            pending: BTreeMap::new(),
            commits: 0,
            is_shared,
            is_draining: false,
            must_reload: false,
        };
        engine.load_definitions()?;
        engine.load_effects()?;
        engine.settle();
        Ok(engine)
    }

    fn load_effects(&mut self) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = self.store.outbox(after, PAGE)?;
            for row in &page {
                let dispatch: Dispatch = decode("outbox", &row.dispatch)?;
                self.expect(row.id, dispatch);
            }
            if page.len() < PAGE {
                return Ok(());
            }
            after = page.last().map(|row| row.id);
        }
    }

    /// Notes an effect whose row is in the outbox.
    fn expect(&mut self, id: EffectId, dispatch: Dispatch) {
        match dispatch {
            Dispatch::Deliver(Receiver::Host { participant }, posted) => {
                let message = HostMessage {
                    id,
                    participant,
                    instance: posted.from.as_ref().map(|from| from.instance),
                    element: posted.from.as_ref().map(|from| from.node.clone()),
                    name: posted.name.clone(),
                    key: posted.key.clone(),
                    payload: posted.payload.as_context().cloned().unwrap_or_default(),
                };
                self.host_messages.insert(id, message);
            }
            dispatch => {
                self.pending.insert(id, Box::new(dispatch));
            }
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Writes since the store was opened: what tells that nothing has happened.
    pub(super) fn commits(&self) -> u64 {
        self.commits
    }

    fn router(&self) -> Router<'_> {
        Router { store: &*self.store, library: &self.library, routes: &self.routes }
    }

    /// Brings an instance into memory and leaves it there.
    pub(super) fn view(&mut self, id: InstanceId) -> Result<&Live, CommandError> {
        self.drop_stale(id)?;
        if !self.live.contains_key(&id) {
            let live = self.load_or_set_aside(id)?;
            self.keep(live);
        }
        let Some(live) = self.live.get(&id) else { return Err(not_found(id)) };
        Ok(live)
    }

    /// Drops what memory holds of an instance that another runtime has changed.
    fn drop_stale(&mut self, id: InstanceId) -> Result<(), StoreError> {
        if self.is_shared
            && let Some(live) = self.live.get(&id)
            && live.version != self.store.version(id)?
        {
            self.live.swap_remove(&id);
        }
        Ok(())
    }

    /// An instance whose stored state cannot be read is set aside, so that nothing asks for it again.
    fn load_or_set_aside(&mut self, id: InstanceId) -> Result<Live, CommandError> {
        match self.load(id) {
            Err(CommandError::Store(StoreError::Corrupt(corrupt))) => {
                self.set_aside_unread(id, &corrupt)?;
                Err(StoreError::Corrupt(corrupt).into())
            }
            loaded => loaded,
        }
    }

    fn load(&self, id: InstanceId) -> Result<Live, CommandError> {
        let Some(stored) = self.store.load(&[id])?.pop().flatten() else { return Err(not_found(id)) };
        let instance = Instance::from_bytes(&self.library, &stored.state).map_err(|error| {
            StoreError::Corrupt(super::store::CorruptRecord {
                kind: "instance",
                reason: format!("{id}: {error}"),
            })
        })?;
        Ok(Live { instance, head: stored.head, version: Some(stored.version) })
    }

    /// Keeps an instance in memory; past the bound, some other one is dropped, since the store has it.
    fn keep(&mut self, live: Live) {
        while self.live.len() >= self.options.live_max.max(1) {
            self.live.swap_remove_index(0);
        }
        self.live.insert(live.head.id, live);
    }

    /// After a panic inside the runtime: memory may be half done, so it is read again from the store.
    pub(super) fn forget(&mut self) {
        self.live.clear();
        self.pending.clear();
        self.host_messages.clear();
        self.executor = executor(&self.options);
        self.is_draining = false;
        self.must_reload = true;
    }

    /// Reads again what [`forget`](Engine::forget) dropped.
    fn reload(&mut self) -> Result<(), StoreError> {
        if self.must_reload {
            self.load_effects()?;
            self.must_reload = false;
        }
        Ok(())
    }
}

fn executor(options: &Options) -> Executor {
    let mut executor = Executor::new(options.limits);
    executor.allow_non_executable = options.allow_non_executable;
    executor
}

/// What a job sees: the variables of its element and, behind them, those of the scopes around it.
pub(super) fn visible(instance: &Instance, key: crate::id::ElementKey) -> Context {
    let mut seen = Context::new();
    let mut scope = Some(key);
    while let Some(element) = scope.and_then(|key| instance.element(key)) {
        for (name, value) in instance.variables(element.key).iter() {
            if !seen.contains(name) {
                seen.insert(name.clone(), value.clone());
            }
        }
        if element.key == element.process_instance {
            break;
        }
        scope = element.scope;
    }
    seen
}

fn not_found(id: InstanceId) -> CommandError {
    CommandError::rejected(RejectionCode::NotFound, format!("there is no instance {id}"))
}
