//! The rows that a store keeps beside the states: indexes, outbox, heads and the memory of commands.

use super::Position;
use crate::event::Status;
use crate::id::{ElementKey, InstanceId, Timestamp, Which};
use crate::process::ContentHash;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One wait of one element: what timers, subscriptions and jobs are addressed by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct WaitAddress {
    /// The root instance.
    pub instance: InstanceId,
    /// The element.
    pub key: ElementKey,
    /// Which of its waits.
    pub which: Which,
}

/// When a wait was opened: the order in which older ones go first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// The commit that opened it.
    pub position: Position,
    /// Its place among what that commit opened.
    pub ordinal: u32,
}

/// An effect by where it was thrown; part of the order in which effects are delivered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct EffectId {
    /// The commit that threw it.
    pub position: Position,
    /// Its place among the effects of that commit.
    pub ordinal: u32,
    /// One of several receivers of the effect, from 1; 0 is the effect itself.
    pub part: u32,
}

impl fmt::Display for EffectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.position.0, self.ordinal, self.part)
    }
}

/// What the caller knows an instance by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Reference {
    /// What kind of thing, such as `deal`.
    pub kind: String,
    /// Which of them.
    pub id: String,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

/// What queries see of a root instance without loading its state.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Head {
    /// The instance.
    pub id: InstanceId,
    /// The id of its root process.
    pub process: String,
    /// The version of that process.
    pub process_version: u32,
    /// How far it is.
    pub status: Status,
    /// It takes no answers.
    pub is_suspended: bool,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What the caller knows it by.
    pub reference: Option<Reference>,
    /// The number of open incidents.
    pub incidents: u32,
    /// Why it was set aside: its step failed inside.
    pub quarantine: Option<String>,
}

/// A moment at which an instance must be told, or a failed job may be tried again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TimerRow {
    /// The wait.
    pub at: WaitAddress,
    /// When.
    pub due: Timestamp,
    /// The instance is suspended or set aside: it is not told until it goes on.
    pub is_held: bool,
}

/// What a subscription catches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum SubscriptionKind {
    /// A message, by name and key.
    Message,
    /// A signal, by name.
    Signal,
}

/// An open subscription.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SubscriptionRow {
    /// The wait.
    pub at: WaitAddress,
    /// What it catches.
    pub kind: SubscriptionKind,
    /// The name of the message or signal.
    pub name: String,
    /// The text of the correlation key; none where it has none.
    pub key: Option<String>,
    /// The id of the process that the catching node stands in.
    pub process: String,
    /// The version of that process.
    pub version: u32,
    /// The instance of that process: the root, or one that is called.
    pub process_instance: ElementKey,
    /// The id of the catching node.
    pub element: String,
    /// When it was opened.
    pub opened: Opened,
    /// The instance is suspended or set aside.
    pub is_held: bool,
}

/// Who does the work of a [`JobRow`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum JobRowKind {
    /// The host.
    Job,
    /// A person.
    UserTask,
}

/// Open work.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct JobRow {
    /// The wait.
    pub at: WaitAddress,
    /// Who does it.
    pub kind: JobRowKind,
    /// The type of the job.
    pub job_type: String,
    /// The id of the process that the activity stands in.
    pub process: String,
    /// The id of the activity.
    pub element: String,
    /// The name of the activity, for people.
    pub name: Option<String>,
    /// When it was opened.
    pub opened: Opened,
    /// When it was opened, by the clock.
    pub created_at: Timestamp,
    /// It can be handed out: it has tries left, does not back off and has no incident.
    pub is_ready: bool,
    /// Who has the task.
    pub assignee: Option<String>,
    /// The groups whose members may claim it.
    pub groups: Vec<String>,
    /// The users who may claim it.
    pub users: Vec<String>,
    /// When the task should be done, as the model says it.
    pub due_date: Option<String>,
    /// The instance is suspended or set aside.
    pub is_held: bool,
}

/// When a timer start event creates its next instance.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StartTimerRow {
    /// The id of the process.
    pub process: String,
    /// The version it belongs to.
    pub version: u32,
    /// The id of the start event.
    pub element: String,
    /// When it was armed.
    pub anchor: Timestamp,
    /// Which repetition comes next, from 0.
    pub repetition: u32,
    /// When that one is due.
    pub due: Timestamp,
}

/// An effect that has not been delivered yet; framed by the runtime.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OutboxRow {
    /// Its place in the order of effects.
    pub id: EffectId,
    /// What is to be done.
    pub dispatch: Vec<u8>,
}

/// A message that waits for its catcher; framed by the runtime.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BufferRow {
    /// The effect that it was, or would have been.
    pub id: EffectId,
    /// The name of the message.
    pub name: String,
    /// The text of its key.
    pub key: Option<String>,
    /// When it is dropped; never for one that was thrown inside.
    pub expires: Timestamp,
    /// The message.
    pub message: Vec<u8>,
}

/// What was deployed, and how.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DefinitionRow {
    /// The digest of the content and the zone.
    pub hash: ContentHash,
    /// The file.
    pub bytes: Vec<u8>,
    /// The name of the zone in which its local times are meant.
    pub zone: String,
    /// When it was deployed.
    pub at: Timestamp,
}

/// A command that was carried out, and how it was answered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Consumed {
    /// The caller's key.
    pub key: String,
    /// The digest of the command: the same key with another digest is a conflict.
    pub digest: [u8; 32],
    /// The answer, framed by the runtime.
    pub answer: Vec<u8>,
    /// When it was carried out.
    pub at: Timestamp,
}

/// One record of the journal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct JournalRow {
    /// Where it stands.
    pub position: Position,
    /// The instance it is about; none where it is about a message that reached no instance.
    pub instance: Option<InstanceId>,
    /// What happened, framed by the runtime.
    pub record: Vec<u8>,
}

/// Something whose moment has come.
#[derive(Clone, PartialEq, Debug)]
pub enum Due {
    /// A kept message is dropped.
    Expiry(BufferRow),
    /// A timer start event creates an instance.
    Start(StartTimerRow),
    /// A timer of an instance.
    Timer(TimerRow),
}

/// One change of the indexes.
#[derive(Clone, PartialEq, Debug)]
pub enum RowChange {
    /// Sets the timer of a wait.
    TimerSet(TimerRow),
    /// Clears the timer of a wait.
    TimerClear(WaitAddress),
    /// Opens a subscription, or changes its key.
    SubscriptionPut(SubscriptionRow),
    /// Opens a job or user task, or changes what is known of it.
    JobPut(JobRow),
    /// Removes whatever stands at that address.
    Close(WaitAddress),
    /// Removes whatever belongs to that instance.
    CloseAll(InstanceId),
    /// Adds an effect that is to be delivered.
    OutboxPut(OutboxRow),
    /// Takes an effect; where it is not there any more, the whole group is refused as taken.
    OutboxTake(EffectId),
    /// Keeps a message.
    BufferPut(BufferRow),
    /// Drops a kept message; where it is not there any more, the whole group is refused as taken.
    BufferTake(EffectId),
    /// Arms a timer start event, or moves it to its next repetition.
    StartTimerSet(StartTimerRow),
    /// Disarms a timer start event.
    StartTimerClear {
        /// The id of the process.
        process: String,
        /// The id of the start event.
        element: String,
    },
    /// Adds a definition.
    DefinitionPut(DefinitionRow),
}
