//! Plays the script on a virtual clock: people and customers do what it says, the processes do the rest.

mod narrator;
mod phrase;
mod scenes;

use crate::handlers::{self, Answers};
use crate::office::Office;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use narrator::Narrator;
use scenes::{Deed, Person, Scene};
use std::io::{self, Write};
use std::sync::Arc;
use tokenflow::id::Timestamp;
use tokenflow::runtime::{BuildError, Clock, CommandError, DeploymentError, Runtime, TaskView, VirtualClock};

/// The models, as Camunda Modeler saves them.
pub const MODELS: [(&str, &[u8]); 3] = [
    ("sales.bpmn", include_bytes!("../processes/sales.bpmn")),
    ("invoicing.bpmn", include_bytes!("../processes/invoicing.bpmn")),
    ("month-end.bpmn", include_bytes!("../processes/month-end.bpmn")),
];

/// Where the company is: local dates and calendar days are those of Warsaw.
const ZONE: Tz = chrono_tz::Europe::Warsaw;

/// Why the story broke off.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoryError {
    /// A model was refused.
    #[error("{file}: {error}")]
    Model {
        /// Which.
        file: &'static str,
        /// All findings.
        error: DeploymentError,
    },
    /// A model asks for work that nobody does.
    #[error("{file}: nobody does `{job_type}`")]
    Unhandled {
        /// Which.
        file: &'static str,
        /// The type of the job.
        job_type: String,
    },
    /// The runtime was not built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A command of the script was refused.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The script asks for work that is not there.
    #[error("{person} finds no {task} of {deal} in the worklist")]
    NoTask {
        /// Who looks for it.
        person: &'static str,
        /// The id of the task.
        task: &'static str,
        /// The deal.
        deal: &'static str,
    },
    /// The story could not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What goes wrong behind the scenes; the story is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// Before every scene the engine loses everything that it holds in memory.
    Outages,
    /// Every job is done twice, because its first answer gets lost.
    LostAnswers,
}

/// Tells the whole story.
///
/// # Errors
/// What the engine or the output refuses; the script itself asks for nothing that it should.
pub fn tell(out: impl Write, trouble: Trouble) -> Result<(), StoryError> {
    let script = scenes::script();
    let begin = script.first().map_or(Timestamp::default(), |scene| moment(scene.at));
    let clock = Clock::Virtual(VirtualClock::new(begin));
    let office = Arc::new(Office::default());
    let answers = if trouble == Trouble::LostAnswers { Answers::GetLostOnce } else { Answers::Arrive };
    let builder = Runtime::memory().clock(clock).zone(ZONE);
    let runtime = handlers::register(builder, &office, answers).build()?;
    for (file, model) in MODELS {
        let deployed = runtime.deploy(model).map_err(|error| StoryError::Model { file, error })?;
        if let Some(job_type) = deployed.unhandled_job_types.into_iter().next() {
            return Err(StoryError::Unhandled { file, job_type });
        }
    }
    let narrator = Narrator::new(out, &runtime, office)?;
    let mut stage = Stage { runtime, narrator };
    for scene in script {
        if trouble == Trouble::Outages {
            stage.runtime.restart()?;
        }
        stage.play(scene)?;
    }
    stage.narrator.finish()
}

struct Stage<W> {
    runtime: Runtime,
    narrator: Narrator<W>,
}

impl<W: Write> Stage<W> {
    fn play(&mut self, scene: Scene) -> Result<(), StoryError> {
        self.wait_until(moment(scene.at))?;
        match scene.deed {
            Deed::Note { by, variables } => {
                self.runtime.start("Process_Sales").variables(variables)?.by(by.name).send()?;
            }
            Deed::Message { name, key, variables } => {
                let mut message = self.runtime.message(name).variables(variables)?;
                if let Some(key) = key {
                    message = message.correlation_key(key);
                }
                message.send()?;
            }
            Deed::Look(person) => {
                let tasks = self.runtime.tasks().group(person.group).list()?;
                return self.narrator.worklist(person, &tasks);
            }
            Deed::Work { by, task, deal, variables } => {
                let found = self.find(by, task, deal)?;
                self.runtime.claim(found.key, by.name).send()?;
                self.runtime.complete(found.key).by(by.name).variables(variables)?.send()?;
            }
        }
        self.settle()
    }

    /// Lets time pass from one due time to the next, so that what a timer causes is done at its own hour.
    fn wait_until(&mut self, moment: Timestamp) -> Result<(), StoryError> {
        while let Some(due) = self.runtime.next_due()?.filter(|due| *due <= moment) {
            self.runtime.advance(due)?;
            self.settle()?;
        }
        Ok(self.runtime.advance(moment)?)
    }

    fn settle(&mut self) -> Result<(), StoryError> {
        self.runtime.run_until_idle()?;
        self.narrator.catch_up()
    }

    fn find(&self, person: Person, task: &'static str, deal: &'static str) -> Result<TaskView, StoryError> {
        let mut offered = self.runtime.tasks().group(person.group).element(task).list()?.into_iter();
        let found = offered.find(|offered| self.narrator.case(offered.key.instance) == deal);
        found.ok_or(StoryError::NoTask { person: person.name, task, deal })
    }
}

fn moment(text: &str) -> Timestamp {
    let moment: DateTime<Utc> = text.parse().expect("the script gives its times in RFC 3339");
    Timestamp::from(moment)
}
