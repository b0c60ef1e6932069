//! Work and people: who may answer a job or user task, and when a failed job is tried again.

use super::{Admission, Admitted, Code, Desk, refuse};
use crate::command::Rejection;
use crate::event::{Event, WaitKind};
use crate::id::{ElementKey, Timestamp, Which};
use crate::instance::{Role, Slot, WaitState};
use crate::process::Kind;
use tokenflow_feel::Context;

impl Desk<'_> {
    pub(super) fn complete(&self, key: ElementKey, by: Option<&str>, variables: Context) -> Admission {
        let (slot, work) = self.work(key)?;
        self.storable(&variables)?;
        self.may_act(work, by)?;
        Ok(Admitted::Complete { slot, variables })
    }

    pub(super) fn fail(
        &self,
        key: ElementKey,
        message: String,
        retries: Option<u32>,
        backoff: Option<i64>,
    ) -> Admission {
        let (slot, work) = self.work(key)?;
        let retries = match work.kind {
            WaitKind::UserTask => 0,
            _ => retries.unwrap_or_else(|| work.count.saturating_sub(1)),
        };
        let due = self.next_try(slot, work, retries, backoff)?;
        Ok(Admitted::Fail { slot, message, retries, due })
    }

    pub(super) fn claim(&self, key: ElementKey, user: String) -> Admission {
        let (slot, task) = self.user_task(key)?;
        if let Some(owner) = assignee(task) {
            return refuse(Code::Forbidden, format!("`{owner}` has the task already"));
        }
        self.may_claim(task, &user)?;
        Ok(Admitted::Own { slot, event: |key, data| Event::Claimed { key, data }, user })
    }

    pub(super) fn release(&self, key: ElementKey, by: Option<&str>) -> Admission {
        let (slot, task) = self.user_task(key)?;
        self.may_act(task, by)?;
        if assignee(task).is_none() {
            return refuse(Code::NotWaiting, "nobody has the task");
        }
        Ok(Admitted::Release { slot })
    }

    pub(super) fn assign(&self, key: ElementKey, user: String) -> Admission {
        let (slot, _) = self.user_task(key)?;
        Ok(Admitted::Own { slot, event: |key, data| Event::Assigned { key, data }, user })
    }

    pub(super) fn delegate(&self, key: ElementKey, user: String, by: Option<&str>) -> Admission {
        let (_, task) = self.user_task(key)?;
        if assignee(task).is_none() {
            return refuse(Code::Forbidden, "only who has the task can delegate it, and nobody has it");
        }
        self.may_act(task, by)?;
        self.assign(key, user)
    }

    /// The open job or user task of an element.
    pub(super) fn work(&self, key: ElementKey) -> Result<(Slot, &WaitState), Rejection> {
        let Some(slot) = self.instance.slot(key) else {
            let was_there = key.is_some() && key < self.instance.next_key();
            let (code, what) = if was_there {
                (Code::JobNotActive, "not open any more")
            } else {
                (Code::NotFound, "unknown")
            };
            return refuse(code, format!("the job with key {key} is {what}"));
        };
        let work = self.instance.find_wait(slot, Which(0));
        match work.filter(|work| matches!(work.kind, WaitKind::Job | WaitKind::UserTask)) {
            Some(work) => {
                self.not_suspended()?;
                Ok((slot, work))
            }
            None if work.is_none() && self.has_work(slot) => {
                refuse(Code::JobNotActive, format!("{} has no open job", self.name(slot)))
            }
            None => refuse(Code::NotWaiting, format!("{} does not wait for work", self.name(slot))),
        }
    }

    fn has_work(&self, slot: Slot) -> bool {
        let element = &self.instance.elements[slot];
        let is_node = element.role == Role::Node;
        let process = self.instance.process_of(self.library, slot);
        is_node
            && matches!(process.row(element.node).kind, Kind::JobTask | Kind::UserTask | Kind::JobThrowEvent)
    }

    fn user_task(&self, key: ElementKey) -> Result<(Slot, &WaitState), Rejection> {
        let (slot, work) = self.work(key)?;
        if work.kind != WaitKind::UserTask {
            return refuse(Code::NotWaiting, format!("{} is no user task", self.name(slot)));
        }
        Ok((slot, work))
    }

    /// A person may act on a task that nobody else has.
    fn may_act(&self, task: &WaitState, by: Option<&str>) -> Result<(), Rejection> {
        match (assignee(task), by) {
            (Some(owner), Some(user)) if owner != user => {
                refuse(Code::Forbidden, format!("`{owner}` has the task, not `{user}`"))
            }
            (None, Some(user)) => self.may_claim(task, user),
            (Some(_), Some(_)) | (_, None) => Ok(()),
        }
    }

    /// Where candidates are named, only they may take the task. Groups are the host's to know: where there are any,
    /// it has to check them itself.
    fn may_claim(&self, task: &WaitState, user: &str) -> Result<(), Rejection> {
        let people = task.data.as_context();
        let listed = |name: &str| people.and_then(|people| people.get(name)?.as_list());
        if let Some(users) = listed("candidateUsers")
            && listed("candidateGroups").is_none()
            && !users.iter().any(|candidate| candidate.as_str() == Some(user))
        {
            return refuse(Code::Forbidden, format!("`{user}` is no candidate for the task"));
        }
        Ok(())
    }

    fn next_try(
        &self,
        slot: Slot,
        job: &WaitState,
        retries: u32,
        backoff: Option<i64>,
    ) -> Result<Timestamp, Rejection> {
        if retries == 0 {
            return Ok(Timestamp::NEVER);
        }
        if let Some(wait) = backoff {
            return match self.now.0.checked_add(wait).filter(|_| wait >= 0) {
                Some(due) if wait > 0 => Ok(Timestamp(due)),
                Some(_) => Ok(Timestamp::NEVER),
                None => refuse(Code::InvalidPayload, "the back-off is out of range"),
            };
        }
        let process = self.instance.process_of(self.library, slot);
        let work = process.row(self.instance.elements[slot].node).work.as_deref();
        let waits = work.map_or(&[][..], |work| &work.retry_cycle);
        let wait = waits.get(job.attempts as usize).or(waits.last());
        Ok(wait.and_then(|wait| wait.add(self.now, 1, process.zone())).unwrap_or(Timestamp::NEVER))
    }
}

fn assignee(task: &WaitState) -> Option<&str> {
    task.data.as_context()?.get("assignee")?.as_str()
}
