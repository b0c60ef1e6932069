//! What is checked while a scenario is played: replay, save and load, refusals that change nothing, equal runs.

use super::{Play, Played, Stop};
use crate::command::Command;
use crate::id::{ElementKey, InstanceId, Which};
use crate::scenario::world::World;
use std::collections::BTreeSet;

impl Play {
    pub(super) fn check(&mut self, line: u32) -> Played {
        if self.manner.probes {
            self.probe(line)?;
        }
        if !self.manner.checks {
            return Ok(());
        }
        let touched = self.world().twins.take_touched();
        self.compare_states(line, touched)
    }

    pub(super) fn compare_states(&mut self, line: u32, instances: BTreeSet<InstanceId>) -> Played {
        for id in instances {
            let world = self.world();
            let checked = world.with_instance(id, |library, instance| {
                world.twins.check_replay(instance)?;
                world.twins.check_end(library, instance)?;
                world.twins.check_load(library, instance)
            });
            if let Some(Err(why)) = checked {
                let label = self.world().label(id);
                self.fail(line, format!("instance {label}: {why}"));
                return Err(Stop);
            }
        }
        Ok(())
    }

    pub(super) fn nothing_changed(&mut self, line: u32) -> Played {
        if !self.manner.checks && !self.manner.probes {
            return Ok(());
        }
        let news = self.with_world(line, World::catch_up)?;
        if news > 0 {
            self.fail(line, format!("a rejected command was committed: {news} records"));
            return Err(Stop);
        }
        let all = self.world().twins.all().collect();
        self.compare_states(line, all)
    }

    /// Commands that no instance can carry out: keys that were never given.
    pub(super) fn probe(&mut self, line: u32) -> Played {
        const PROBED_MAX: usize = 4;
        let roots: Vec<InstanceId> =
            self.world().chronicle.tracer.roots().iter().copied().take(PROBED_MAX).collect();
        let key = ElementKey(u32::MAX - 1);
        for root in roots {
            let forged = [
                Command::Complete { key, by: None, variables: Default::default() },
                Command::Due { key, which: Which(0) },
                Command::Message { key, which: Which(0), message: Default::default() },
                Command::Resolve { key },
            ];
            for command in forged {
                let name = format!("{command:?}");
                if !self.with_world(line, |world| world.probe(root, command))? {
                    self.fail(line, format!("a forged command was carried out: {name}"));
                    return Err(Stop);
                }
            }
        }
        self.nothing_changed(line)
    }

    pub(super) fn act_unasked(&mut self) {
        let world = self.world();
        if let Some(root) = world.chronicle.tracer.roots().first().copied() {
            let variables = [("planted".to_owned(), tokenflow_feel::Value::from(true))].into_iter().collect();
            drop(world.probe(root, Command::Set { scope: ElementKey::ROOT, variables }));
        }
    }

    /// Where another play of the same scenario parts from this one: the line, and what is different.
    pub(in crate::scenario) fn difference(&self, other: &Play) -> Option<(u32, String)> {
        if let Some(failure) = other.failures.iter().find(|failure| !self.failures.contains(failure)) {
            return Some((failure.line, failure.message.clone()));
        }
        let (Some(one), Some(two)) = (&self.world, &other.world) else { return None };
        let place = one.twins.first_difference(&two.twins)?;
        let lines = one.chronicle.journal.iter().zip(two.chronicle.journal.iter());
        let parting = lines.into_iter().find(|(one, two)| one != two);
        let shown = parting.map_or(String::new(), |(one, two)| {
            format!(
                " (`{} {}` at {}, `{} {}` at {})",
                one.word, one.element, one.at, two.word, two.element, two.at
            )
        });
        Some((1, format!("transition {place} of {} differs{shown}", one.twins.len())))
    }
}
