//! A store that fails, loses its answer, or says no.

use super::model::{END, START, TASK, code, file, line, paid, status, work};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokenflow::command::RejectionCode;
use tokenflow::id::{InstanceId, Timestamp};
use tokenflow::runtime::store::{
    BufferRow, Capabilities, Consumed, DefinitionRow, Due, EffectId, Group, Head, HeadFilter, InstanceChange,
    JobRow, JournalRow, KeyFilter, MemoryStore, Opened, OutboxRow, Outcome, Position, Store, StoreError,
    StoredInstance, SubscriptionKind, SubscriptionRow, WaitAddress, WriteId,
};
use tokenflow::runtime::{Clock, CommandError, Runtime, VirtualClock};

const FINE: u8 = 0;
const FAIL_BEFORE: u8 = 1;
const LOSE_ANSWER: u8 = 2;
const AMBIGUOUS_BEFORE: u8 = 3;

/// Passes everything on, and misbehaves at one commit where told to.
struct Faulty {
    inner: MemoryStore,
    fault: AtomicU8,
    /// Commits that succeed before.
    skip: AtomicU8,
}

impl Faulty {
    fn runtime(models: &[&str]) -> (Arc<Faulty>, Runtime) {
        let store = Arc::new(Faulty {
            inner: MemoryStore::new(),
            fault: AtomicU8::new(FINE),
            skip: AtomicU8::new(0),
        });
        let clock = Clock::Virtual(VirtualClock::default());
        let rt = Runtime::over(store.clone()).clock(clock).build().unwrap();
        for model in models {
            rt.deploy(model).unwrap();
        }
        (store, rt)
    }

    fn next(&self, fault: u8) {
        self.after(0, fault);
    }

    /// Cuts the stored state of an instance short.
    fn spoil(&self, id: InstanceId) {
        let stored = self.inner.load(&[id]).unwrap().remove(0).unwrap();
        let half = stored.state[..stored.state.len() / 2].to_vec();
        let change = InstanceChange {
            id,
            expected: Some(stored.version),
            version: stored.version,
            state: Some(half),
            head: stored.head,
        };
        let group = Group {
            write: WriteId::default(),
            at: Timestamp::default(),
            instance: Some(change),
            rows: Vec::new(),
            journal: None,
            consumed: Vec::new(),
        };
        assert!(matches!(self.inner.commit(vec![group]).unwrap()[0], Outcome::Committed(_)));
    }

    fn after(&self, skip: u8, fault: u8) {
        self.skip.store(skip, Ordering::SeqCst);
        self.fault.store(fault, Ordering::SeqCst);
    }
}

impl Store for Faulty {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn commit(&self, groups: Vec<Group>) -> Result<Vec<Outcome>, StoreError> {
        if self.skip.load(Ordering::SeqCst) > 0 {
            self.skip.fetch_sub(1, Ordering::SeqCst);
            return self.inner.commit(groups);
        }
        match self.fault.swap(FINE, Ordering::SeqCst) {
            FAIL_BEFORE => Err(StoreError::Io("no space left".into())),
            AMBIGUOUS_BEFORE => Err(StoreError::Ambiguous("connection lost".into())),
            LOSE_ANSWER => {
                self.inner.commit(groups)?;
                Err(StoreError::Ambiguous("connection lost".into()))
            }
            _ => self.inner.commit(groups),
        }
    }

    fn load(&self, ids: &[InstanceId]) -> Result<Vec<Option<StoredInstance>>, StoreError> {
        self.inner.load(ids)
    }

    fn written(&self, instance: InstanceId, version: u64) -> Result<Option<(WriteId, Position)>, StoreError> {
        self.inner.written(instance, version)
    }

    fn last_instance(&self) -> Result<Option<InstanceId>, StoreError> {
        self.inner.last_instance()
    }

    fn heads(
        &self,
        filter: &HeadFilter,
        after: Option<InstanceId>,
        max: usize,
    ) -> Result<Vec<Head>, StoreError> {
        self.inner.heads(filter, after, max)
    }

    fn definitions(&self) -> Result<Vec<DefinitionRow>, StoreError> {
        self.inner.definitions()
    }

    fn due(&self, until: Timestamp, max: usize) -> Result<Vec<Due>, StoreError> {
        self.inner.due(until, max)
    }

    fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due()
    }

    fn subscribers(
        &self,
        kind: SubscriptionKind,
        name: &str,
        key: KeyFilter<'_>,
        after: Option<Opened>,
        max: usize,
    ) -> Result<Vec<SubscriptionRow>, StoreError> {
        self.inner.subscribers(kind, name, key, after, max)
    }

    fn subscription(&self, at: WaitAddress) -> Result<Option<SubscriptionRow>, StoreError> {
        self.inner.subscription(at)
    }

    fn jobs(&self, job_type: &str, after: Option<Opened>, max: usize) -> Result<Vec<JobRow>, StoreError> {
        self.inner.jobs(job_type, after, max)
    }

    fn tasks(&self, after: Option<Opened>, max: usize) -> Result<Vec<JobRow>, StoreError> {
        self.inner.tasks(after, max)
    }

    fn outbox(&self, after: Option<EffectId>, max: usize) -> Result<Vec<OutboxRow>, StoreError> {
        self.inner.outbox(after, max)
    }

    fn buffered(
        &self,
        name: Option<&str>,
        after: Option<EffectId>,
        max: usize,
    ) -> Result<Vec<BufferRow>, StoreError> {
        self.inner.buffered(name, after, max)
    }

    fn buffered_count(&self, name: &str, key: Option<&str>) -> Result<usize, StoreError> {
        self.inner.buffered_count(name, key)
    }

    fn journal(
        &self,
        instance: Option<InstanceId>,
        from: Position,
        max: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        self.inner.journal(instance, from, max)
    }

    fn command(&self, key: &str) -> Result<Option<Consumed>, StoreError> {
        self.inner.command(key)
    }

    fn forget_commands(&self, before: Timestamp) -> Result<(), StoreError> {
        self.inner.forget_commands(before)
    }
}

fn two_tasks() -> String {
    file(&line("P", &[START, TASK, ("Next", "<userTask id=\"Next\"/>"), END]))
}

#[test]
fn a_failed_commit_changes_nothing_and_the_command_can_be_sent_again() {
    let (store, rt) = Faulty::runtime(&[&two_tasks()]);
    let id = rt.start("P").send().unwrap();
    let task = work(&rt, id, "Task");
    store.next(FAIL_BEFORE);
    assert!(matches!(rt.complete(task).send(), Err(CommandError::Store(StoreError::Io(_)))));
    assert_eq!(work(&rt, id, "Task"), task);
    rt.complete(task).send().unwrap();
    work(&rt, id, "Next");
}

#[test]
fn a_commit_whose_answer_was_lost_is_recognised_by_its_own_id() {
    let (store, rt) = Faulty::runtime(&[&two_tasks()]);
    let id = rt.start("P").send().unwrap();
    store.next(LOSE_ANSWER);
    rt.complete(work(&rt, id, "Task")).send().unwrap();
    work(&rt, id, "Next");
    assert_eq!(rt.history(id).unwrap().len(), 2);
}

#[test]
fn an_ambiguous_commit_that_did_not_happen_is_an_error_and_no_change() {
    let (store, rt) = Faulty::runtime(&[&two_tasks()]);
    let id = rt.start("P").send().unwrap();
    store.next(AMBIGUOUS_BEFORE);
    assert!(rt.complete(work(&rt, id, "Task")).send().is_err());
    rt.complete(work(&rt, id, "Task")).send().unwrap();
    work(&rt, id, "Next");
}

#[test]
fn effects_of_a_command_survive_a_store_that_fails_while_they_are_delivered() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"MT\"/></intermediateThrowEvent>";
    let thrower = file(
        &("<message id=\"MT\" name=\"Paid\"/>".to_owned()
            + &line("T", &[START, TASK, ("Throw", throw), END])),
    );
    let (store, rt) = Faulty::runtime(&[&thrower, &paid("P")]);
    let receiver = rt.start("P").send().unwrap();
    let sender = rt.start("T").send().unwrap();
    let task = work(&rt, sender, "Task");
    // The thrower's commit succeeds, the delivery's does not: the command itself is done.
    store.after(1, FAIL_BEFORE);
    rt.complete(task).send().unwrap();
    assert_eq!((status(&rt, sender), status(&rt, receiver)), ("completed", "active"));
    // What is left is delivered before the next command.
    assert_eq!(code(rt.message("Paid").send()), RejectionCode::NotFound);
    assert_eq!(status(&rt, receiver), "completed");
}

#[test]
fn effects_of_a_command_survive_a_crash_before_their_delivery() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"MT\"/></intermediateThrowEvent>";
    let thrower = file(
        &("<message id=\"MT\" name=\"Paid\"/>".to_owned()
            + &line("T", &[START, TASK, ("Throw", throw), END])),
    );
    let (store, rt) = Faulty::runtime(&[&thrower, &paid("P")]);
    let receiver = rt.start("P").send().unwrap();
    let sender = rt.start("T").send().unwrap();
    store.after(1, FAIL_BEFORE);
    rt.complete(work(&rt, sender, "Task")).send().unwrap();
    rt.restart().unwrap();
    assert_eq!((status(&rt, sender), status(&rt, receiver)), ("completed", "completed"));
}

#[test]
fn a_record_that_was_changed_in_the_store_is_named_and_never_used() {
    let (store, rt) = Faulty::runtime(&[&two_tasks()]);
    let id = rt.start("P").send().unwrap();
    store.spoil(id);
    rt.restart().unwrap();
    let error =
        rt.complete(tokenflow::runtime::JobKey { instance: id, key: tokenflow::id::ElementKey(2) }).send();
    assert!(matches!(error, Err(CommandError::Store(StoreError::Corrupt(_)))), "{error:?}");
    let other = rt.start("P").send().unwrap();
    assert_eq!(status(&rt, other), "active", "others go on");
}
