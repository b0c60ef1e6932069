//! Many instances of many versions over a store: jobs, timers, messages, people and history behind one handle.
//!
//! A [`Runtime`] is cheap to clone and may be used from every thread. Each command is one step of one instance, made
//! durable before anything of it leaves; what it throws is delivered to others in commit order before the next
//! command. Effects that leave (jobs, messages to black-box pools) happen at least once under a stable key; the
//! state changes exactly once.
//!
//! ```
//! use tokenflow::runtime::{Clock, Job, JobError, Runtime, VirtualClock};
//!
//! #[derive(serde::Deserialize)]
//! struct Order { amount: i64 }
//! #[derive(serde::Serialize)]
//! struct Invoice { number: String }
//!
//! let model = br#"<?xml version="1.0" encoding="UTF-8"?>
//! <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org"
//!              xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
//!   <process id="Sale" isExecutable="true">
//!     <startEvent id="Start"/>
//!     <sequenceFlow id="F1" sourceRef="Start" targetRef="Invoice"/>
//!     <serviceTask id="Invoice">
//!       <extensionElements><zeebe:taskDefinition type="send-invoice"/></extensionElements>
//!     </serviceTask>
//!     <sequenceFlow id="F2" sourceRef="Invoice" targetRef="End"/>
//!     <endEvent id="End"/>
//!   </process>
//! </definitions>"#;
//!
//! let rt = Runtime::memory()
//!     .clock(Clock::Virtual(VirtualClock::default()))
//!     .handle("send-invoice", |job: Job<Order>| {
//!         if job.input.amount == 0 {
//!             return Err(JobError::bpmn("EMPTY_ORDER"));
//!         }
//!         Ok(Invoice { number: "FV/2026/01/0001".into() })
//!     })
//!     .build()?;
//! rt.deploy(model)?;
//! let sale = rt.start("Sale").variables(serde_json::json!({ "amount": 12000 }))?.reference("deal", "42").send()?;
//! rt.run_until_idle()?;
//! assert!(rt.instance(sale)?.to_string().starts_with("Sale (version 1) completed"));
//! # Ok::<(), tokenflow::runtime::Error>(())
//! ```

mod builder;
mod clock;
mod engine;
mod error;
mod handler;
mod identity;
mod options;
mod publish;
mod query;
mod record;
mod remember;
mod request;
mod router;
mod start;
pub mod store;
mod view;
mod work;

pub use builder::RuntimeBuilder;
pub use clock::{Clock, VirtualClock};
pub use error::{BuildError, CommandError, DeploymentError, Error};
pub use handler::{Ctx, Job, JobError};
pub use identity::{JobKey, KeyError, TaskKey};
pub use publish::{Publish, Signal};
pub use query::{InstanceQuery, TaskQuery};
pub use record::{Committed, HostMessage, MessageNote, MessageNoteKind, Receipt};
pub use request::{Carrying, Failing, Intent, Plain, Request};
pub use start::Start;
pub use view::{IncidentLine, InstanceView, TaskView, WaitingLine};
pub use work::{Activated, Activation, LeaseId, Worker};

use crate::id::Timestamp;
use crate::process::Library;
use bpmn_parser::Diagnostic;
use engine::Engine;
use handler::Handlers;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

/// The handle of a runtime. See the [module](self).
#[derive(Clone)]
pub struct Runtime {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Mutex<Engine>,
    /// Something was committed, or a worker is to stop.
    changed: Condvar,
    handlers: Arc<Handlers>,
}

/// What a deployment brought.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Deployed {
    /// The processes of the file by id and version, in document order.
    pub processes: Vec<(String, u32)>,
    /// Warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
    /// Job types that no handler of this runtime does; outside workers may.
    pub unhandled_job_types: Vec<String>,
}

impl Runtime {
    /// A runtime whose data lives in memory.
    pub fn memory() -> RuntimeBuilder {
        RuntimeBuilder::new(Arc::new(store::MemoryStore::new()))
    }

    /// A runtime over a store.
    pub fn over(store: Arc<dyn store::Store>) -> RuntimeBuilder {
        RuntimeBuilder::new(store)
    }

    fn new(engine: Engine) -> Runtime {
        let handlers = Arc::clone(&engine.handlers);
        Runtime { shared: Arc::new(Shared { engine: Mutex::new(engine), changed: Condvar::new(), handlers }) }
    }

    /// Deploys a BPMN file. The same content is the version that is there already; changed content is the next
    /// version, which new instances take while running ones keep theirs.
    ///
    /// # Errors
    /// All findings of the file at once, or a failure of the store; nothing is deployed then.
    pub fn deploy(&self, bytes: impl AsRef<[u8]>) -> Result<Deployed, DeploymentError> {
        let mut engine = self.lock();
        let (added, diagnostics) = engine.deploy(bytes.as_ref())?;
        let library = &engine.library;
        let processes = added.iter().map(|ix| library.process(*ix));
        let mut unhandled_job_types: Vec<String> = Vec::new();
        for job_type in processes.clone().flat_map(|process| process.job_types()) {
            if !self.shared.handlers.knows(job_type)
                && !unhandled_job_types.iter().any(|known| known == job_type)
            {
                unhandled_job_types.push(job_type.to_owned());
            }
        }
        let processes = processes.map(|process| (process.id().to_owned(), process.version())).collect();
        Ok(Deployed { processes, diagnostics, unhandled_job_types })
    }

    /// All deployed definitions.
    pub fn library(&self) -> Arc<Library> {
        Arc::clone(&self.lock().library)
    }

    /// The time by the runtime's clock.
    pub fn now(&self) -> Timestamp {
        self.lock().now()
    }

    /// When something is due next: a timer, a timer start event, the next try of a failed job, the end of a message.
    ///
    /// # Errors
    /// The store failed.
    pub fn next_due(&self) -> Result<Option<Timestamp>, CommandError> {
        Ok(self.lock().next_due()?)
    }

    /// Moves a virtual clock forward, from due time to due time: everything fires at its own time. Under the system
    /// clock it fires what is due.
    ///
    /// # Errors
    /// The store failed; the clock stands where it failed.
    pub fn advance(&self, to: Timestamp) -> Result<(), CommandError> {
        self.lock().advance(to)
    }

    /// Moves a virtual clock forward at once, as a machine that slept: what came due meanwhile fires once, now.
    ///
    /// # Errors
    /// The store failed.
    pub fn jump(&self, to: Timestamp) -> Result<(), CommandError> {
        self.lock().jump(to)
    }

    /// Drops everything that is in memory and opens the store again, as after a crash of the process.
    ///
    /// # Errors
    /// The store failed, or holds a definition that this build refuses.
    pub fn restart(&self) -> Result<(), BuildError> {
        let mut engine = self.lock();
        let reopened = Engine::open(
            Arc::clone(&engine.store),
            engine.clock.clone(),
            engine.options.clone(),
            Arc::clone(&self.shared.handlers),
        )?;
        *engine = reopened;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Engine> {
        self.shared.engine.lock().unwrap_or_else(|poisoned| {
            // A panic inside the runtime itself: what memory holds may be half done, the store never is.
            let mut engine = poisoned.into_inner();
            engine.forget();
            self.shared.engine.clear_poison();
            engine
        })
    }

    fn notify(&self) {
        self.shared.changed.notify_all();
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}
