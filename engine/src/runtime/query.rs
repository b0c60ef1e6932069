//! Questions to the runtime: instances, tasks, history.

use super::engine::Engine;
use super::record::{Committed, JournalRecord};
use super::store::{Head, HeadFilter, JournalRow, Position, Reference, StoreError, decode};
use super::view::{InstanceView, TaskView};
use super::{CommandError, Runtime};
use crate::event::Status;
use crate::id::InstanceId;
use crate::instance::Instance;
use std::sync::Arc;

/// Rows that are read at once.
const PAGE: usize = 1_000;

/// Which instances; ends in [`list`](InstanceQuery::list) or [`count`](InstanceQuery::count).
#[must_use = "nothing is asked before `list` or `count`"]
pub struct InstanceQuery<'r> {
    runtime: &'r Runtime,
    filter: HeadFilter,
    element: Option<String>,
    after: Option<InstanceId>,
    max: usize,
}

/// Which user tasks; ends in [`list`](TaskQuery::list) or [`count`](TaskQuery::count).
#[must_use = "nothing is asked before `list` or `count`"]
pub struct TaskQuery<'r> {
    runtime: &'r Runtime,
    assignee: Option<String>,
    group: Option<String>,
    user: Option<String>,
    process: Option<String>,
    element: Option<String>,
    instance: Option<InstanceId>,
    max: usize,
}

impl Runtime {
    /// One instance, for people and programs: status, what waits, incidents, variables.
    ///
    /// # Errors
    /// `NotFound`, or a failure of the store.
    pub fn instance(&self, id: InstanceId) -> Result<InstanceView, CommandError> {
        let mut engine = self.lock();
        let library = Arc::clone(&engine.library);
        let live = engine.view(id)?;
        Ok(InstanceView::of(&live.instance, &live.head, &library))
    }

    /// The instances that are stored, ended ones among them, in the order in which they were started.
    pub fn instances(&self) -> InstanceQuery<'_> {
        InstanceQuery {
            runtime: self,
            filter: HeadFilter::default(),
            element: None,
            after: None,
            max: usize::MAX,
        }
    }

    /// The open user tasks, oldest first.
    pub fn tasks(&self) -> TaskQuery<'_> {
        TaskQuery {
            runtime: self,
            assignee: None,
            group: None,
            user: None,
            process: None,
            element: None,
            instance: None,
            max: usize::MAX,
        }
    }

    /// What happened in one instance, in order.
    ///
    /// # Errors
    /// `NotFound`, or a failure of the store.
    pub fn history(&self, instance: InstanceId) -> Result<Vec<Committed>, CommandError> {
        let engine = self.lock();
        engine.knows(instance)?;
        journal(&engine, Some(instance), Position::default())
    }

    /// What happened anywhere from a position on, in the order of commits. Feed exporters with it: ask again from
    /// one past the last position.
    ///
    /// # Errors
    /// The store failed.
    pub fn tail(&self, from: Position) -> Result<Vec<Committed>, CommandError> {
        journal(&self.lock(), None, from)
    }

    /// Looks at the state of an instance. The closure must not use the runtime.
    ///
    /// # Errors
    /// `NotFound`, or a failure of the store.
    pub fn with_instance<T>(
        &self,
        id: InstanceId,
        look: impl FnOnce(&Instance) -> T,
    ) -> Result<T, CommandError> {
        let mut engine = self.lock();
        Ok(look(&engine.view(id)?.instance))
    }
}

fn journal(
    engine: &Engine,
    instance: Option<InstanceId>,
    from: Position,
) -> Result<Vec<Committed>, CommandError> {
    let mut found = Vec::new();
    let mut from = from;
    loop {
        let page = engine.store.journal(instance, from, PAGE)?;
        let is_last = page.len() < PAGE;
        if let Some(last) = page.last() {
            from = Position(last.position.0.saturating_add(1));
        }
        for row in page {
            found.push(committed(row)?);
        }
        if is_last {
            return Ok(found);
        }
    }
}

fn committed(row: JournalRow) -> Result<Committed, StoreError> {
    let record: JournalRecord = decode("journal", &row.record)?;
    Ok(Committed {
        position: row.position,
        instance: row.instance.unwrap_or_default(),
        by: record.by,
        transition: Arc::new(record.transition),
        message: record.message,
        quarantine: record.quarantine,
    })
}

impl InstanceQuery<'_> {
    /// Those whose root is this process.
    pub fn process(mut self, id: impl Into<String>) -> Self {
        self.filter.process = Some(id.into());
        self
    }

    /// Those with this status.
    pub fn status(mut self, status: Status) -> Self {
        self.filter.status = Some(status);
        self
    }

    /// Those that were started with this business reference.
    pub fn reference(mut self, kind: impl Into<String>, id: impl ToString) -> Self {
        self.filter.reference = Some(Reference { kind: kind.into(), id: id.to_string() });
        self
    }

    /// Those with an open incident, or set aside as a whole.
    pub fn with_incident(mut self) -> Self {
        self.filter.has_incidents = Some(true);
        self
    }

    /// Those in which the element with this id is open.
    pub fn waiting_at(mut self, element: impl Into<String>) -> Self {
        self.element = Some(element.into());
        self
    }

    /// Those after this one: the next page.
    pub fn after(mut self, instance: InstanceId) -> Self {
        self.after = Some(instance);
        self
    }

    /// At most so many.
    pub fn max(mut self, instances: usize) -> Self {
        self.max = instances;
        self
    }

    /// The heads of the instances, by id, which is the order of their starts.
    ///
    /// # Errors
    /// The store failed.
    pub fn list(self) -> Result<Vec<Head>, CommandError> {
        let mut found = Vec::new();
        self.each(|head| found.push(head))?;
        Ok(found)
    }

    /// How many there are.
    ///
    /// # Errors
    /// The store failed.
    pub fn count(self) -> Result<usize, CommandError> {
        let mut count = 0;
        self.each(|_| count += 1)?;
        Ok(count)
    }

    fn each(mut self, mut visit: impl FnMut(Head)) -> Result<(), CommandError> {
        let mut engine = self.runtime.lock();
        let mut left = self.max;
        while left > 0 {
            let page = engine.store.heads(&self.filter, self.after, PAGE)?;
            let is_last = page.len() < PAGE;
            self.after = page.last().map(|head| head.id);
            for head in page {
                let is_wanted = match &self.element {
                    Some(element) => is_open(&mut engine, &head, element)?,
                    None => true,
                };
                if is_wanted && left > 0 {
                    left -= 1;
                    visit(head);
                }
            }
            if is_last {
                break;
            }
        }
        Ok(())
    }
}

fn is_open(engine: &mut Engine, head: &Head, id: &str) -> Result<bool, CommandError> {
    if head.status != Status::Active {
        return Ok(false);
    }
    let library = Arc::clone(&engine.library);
    let live = engine.view(head.id)?;
    Ok(live
        .instance
        .elements()
        .any(|element| element.node.is_some_and(|node| library.process(element.process).node_id(node) == id)))
}

impl TaskQuery<'_> {
    /// Those that this person has.
    pub fn assignee(mut self, user: impl Into<String>) -> Self {
        self.assignee = Some(user.into());
        self
    }

    /// Those that members of this group may claim, or have claimed.
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Those that this person may claim by name.
    pub fn candidate(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Those of this process.
    pub fn process(mut self, id: impl Into<String>) -> Self {
        self.process = Some(id.into());
        self
    }

    /// Those at the user task with this id.
    pub fn element(mut self, id: impl Into<String>) -> Self {
        self.element = Some(id.into());
        self
    }

    /// Those of this instance.
    pub fn instance(mut self, id: InstanceId) -> Self {
        self.instance = Some(id);
        self
    }

    /// At most so many.
    pub fn max(mut self, tasks: usize) -> Self {
        self.max = tasks;
        self
    }

    /// The tasks, oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub fn list(self) -> Result<Vec<TaskView>, CommandError> {
        let engine = self.runtime.lock();
        let mut found = Vec::new();
        let mut after = None;
        while found.len() < self.max {
            let page = engine.store.tasks(after, PAGE)?;
            let is_last = page.len() < PAGE;
            after = page.last().map(|row| row.opened);
            let fitting = page.into_iter().map(TaskView::of).filter(|task| self.accepts(task));
            found.extend(fitting.take(self.max - found.len()));
            if is_last {
                break;
            }
        }
        Ok(found)
    }

    /// How many there are.
    ///
    /// # Errors
    /// The store failed.
    pub fn count(self) -> Result<usize, CommandError> {
        Ok(self.list()?.len())
    }

    fn accepts(&self, task: &TaskView) -> bool {
        let is =
            |wanted: &Option<String>, actual: &str| wanted.as_ref().is_none_or(|wanted| wanted == actual);
        let among =
            |wanted: &Option<String>, of: &[String]| wanted.as_ref().is_none_or(|wanted| of.contains(wanted));
        is(&self.process, &task.process)
            && is(&self.element, &task.element)
            && among(&self.group, &task.groups)
            && among(&self.user, &task.users)
            && self.instance.is_none_or(|instance| instance == task.key.instance)
            && self.assignee.as_ref().is_none_or(|user| task.assignee.as_ref() == Some(user))
    }
}
