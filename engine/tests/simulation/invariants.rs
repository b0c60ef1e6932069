//! What must hold after every command, whatever was drawn and whatever happened.

use crate::model::Model;
use crate::naive::Game;
use std::collections::BTreeMap;
use tokenflow::command::{Command, Rejection};
use tokenflow::event::Transition;
use tokenflow::executor::{Executor, NoHost};
use tokenflow::id::{ElementKey, InstanceId, Timestamp, Which};
use tokenflow::instance::Instance;
use tokenflow::limits::Limits;
use tokenflow::process::{DeployOptions, Library, deploy};

/// A fault built into the checks themselves, to show that they can fail.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Sabotage {
    None,
    LoseLastEvent,
}

/// An instance under test, with its checks.
pub(crate) struct Subject {
    pub(crate) library: Library,
    pub(crate) instance: Instance,
    pub(crate) now: Timestamp,
    executor: Executor,
    sabotage: Sabotage,
    /// The same events by a second interpreter.
    game: Game,
    /// One seed is looked at: its commands are printed.
    is_shown: bool,
}

/// Deploys a model; the findings where it is refused.
pub(crate) fn library(model: &Model) -> Result<Library, String> {
    let mut library = Library::default();
    for file in &model.files {
        let deployment =
            deploy(file.as_bytes(), &DeployOptions::default()).map_err(|error| error.to_string())?;
        library.add_deployment(deployment);
    }
    Ok(library)
}

impl Subject {
    pub(crate) fn new(library: Library, sabotage: Sabotage) -> Subject {
        let mut limits = Limits::default();
        limits.set("moves_at_one_time", 3_000);
        limits.set("tokens_max", 400);
        limits.set("call_depth", 4);
        let instance = Instance::new(InstanceId(1));
        let is_shown = std::env::var_os("SIMULATION_SEED").is_some();
        Subject {
            library,
            instance,
            now: Timestamp(0),
            executor: Executor::new(limits),
            sabotage,
            game: Game::default(),
            is_shown,
        }
    }

    /// Carries out a command and all that it leaves over, and looks at everything.
    pub(crate) fn command(&mut self, command: Command) -> Result<Result<(), Rejection>, String> {
        let is_modified = matches!(command, Command::Begin { .. });
        let mut next = command;
        loop {
            let before = self.instance.to_bytes();
            let what = format!("{next:?}");
            if self.is_shown {
                eprintln!("{what}");
            }
            let answer = self.executor.step(&self.library, &mut self.instance, next, self.now, &mut NoHost);
            let transition = match answer {
                Ok(transition) => transition,
                Err(rejection) => {
                    if self.instance.to_bytes() != before {
                        return Err(format!("{what} was rejected ({rejection}) and changed the instance"));
                    }
                    return Ok(Err(rejection));
                }
            };
            if self.is_shown {
                transition.events.iter().for_each(|event| eprintln!("  {event:?}"));
            }
            self.check(&before, &transition).map_err(|wrong| format!("after {what}: {wrong}"))?;
            self.game
                .play(&self.library, &transition, is_modified)
                .map_err(|wrong| format!("after {what}, against the token game: {wrong}"))?;
            if !transition.more {
                return Ok(Ok(()));
            }
            next = Command::Continue;
        }
    }

    fn check(&self, before: &[u8], transition: &Transition) -> Result<(), String> {
        let after = self.instance.to_bytes();
        let old = Instance::from_bytes(&self.library, before).map_err(|error| error.to_string())?;
        let loaded = Instance::from_bytes(&self.library, &after).map_err(|error| error.to_string())?;
        if loaded.to_bytes() != after {
            return Err("loading changes the instance".to_owned());
        }
        loaded.audit(&self.library).map_err(|wrong| format!("loaded: {wrong}"))?;
        self.instance.audit(&self.library)?;
        let mut replayed = old.clone();
        let mut replay = transition.clone();
        if self.sabotage == Sabotage::LoseLastEvent {
            replay.events.pop();
        }
        replayed.apply_transition(&self.library, &replay);
        if replayed.to_bytes() != after {
            return Err("replaying the events gives another instance".to_owned());
        }
        self.check_changes(&old, transition)
    }

    /// The list of changes names every wait that differs; a runtime keeps its indexes by nothing else.
    fn check_changes(&self, old: &Instance, transition: &Transition) -> Result<(), String> {
        let waits = |instance: &Instance| -> BTreeMap<(ElementKey, Which), String> {
            instance.waits(&self.library).map(|wait| ((wait.key, wait.which), format!("{wait:?}"))).collect()
        };
        let (before, after) = (waits(old), waits(&self.instance));
        for at in before.keys().chain(after.keys()) {
            if before.get(at) != after.get(at) && !transition.changed.contains(at) {
                return Err(format!("the wait {at:?} changed and is not among the changes"));
            }
        }
        Ok(())
    }
}
