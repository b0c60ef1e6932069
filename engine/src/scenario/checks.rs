//! What is checked of every scenario for free: replay, save and load, refusals that change nothing, equal runs, clean ends.

use crate::event::{Status, Transition};
use crate::id::InstanceId;
use crate::instance::Instance;
use crate::process::Library;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The digest of one committed transition.
type Fingerprint = [u8; 32];

/// Instances that are made from the events alone, and the digests of all transitions in commit order.
#[derive(Debug, Default)]
pub(super) struct Twins {
    twins: BTreeMap<InstanceId, Instance>,
    touched: BTreeSet<InstanceId>,
    fingerprints: Vec<Fingerprint>,
    faults: Faults,
}

/// What a test breaks on purpose, so that each check is seen to fail. All false otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Faults {
    /// The replay leaves out the last event of each transition.
    pub(super) replay_forgets: bool,
    /// What is loaded is not what was saved.
    pub(super) load_is_damaged: bool,
    /// A refused command is followed by one that is carried out.
    pub(super) refusal_acts: bool,
    /// The second run begins a second later.
    pub(super) runs_differ: bool,
    /// A store that is opened again holds something else.
    pub(super) store_differs: bool,
    /// An instance that waits is taken for one that has ended.
    pub(super) ends_early: bool,
}

impl Twins {
    pub(super) fn new(faults: Faults) -> Twins {
        Twins { faults, ..Twins::default() }
    }

    /// Applies a transition to the twin of its instance.
    pub(super) fn replay(&mut self, library: &Library, instance: InstanceId, transition: &Transition) {
        let bytes = postcard::to_allocvec(transition).expect("encoding into memory cannot fail");
        self.fingerprints.push(Sha256::digest(&bytes).into());
        self.touched.insert(instance);
        let twin = self.twins.entry(instance).or_insert_with(|| Instance::new(instance));
        if self.faults.replay_forgets {
            let mut forgetful = transition.clone();
            forgetful.events.pop();
            return twin.apply_transition(library, &forgetful);
        }
        twin.apply_transition(library, transition);
    }

    /// The instances that have changed since the last time this was asked.
    pub(super) fn take_touched(&mut self) -> BTreeSet<InstanceId> {
        std::mem::take(&mut self.touched)
    }

    /// All instances.
    pub(super) fn all(&self) -> impl Iterator<Item = InstanceId> {
        self.twins.keys().copied()
    }

    /// Compares an instance with its replay.
    pub(super) fn check_replay(&self, instance: &Instance) -> Result<(), String> {
        let replayed = self.twins.get(&instance.id()).map(Instance::to_bytes);
        if replayed.as_ref() == Some(&instance.to_bytes()) {
            return Ok(());
        }
        Err("replaying the events gives another state than the instance has".to_owned())
    }

    /// Compares an instance with what saving and loading makes of it.
    pub(super) fn check_load(&self, library: &Library, instance: &Instance) -> Result<(), String> {
        let mut saved = instance.to_bytes();
        let loaded = Instance::from_bytes(library, &saved)
            .map_err(|error| format!("the saved instance does not load: {error}"))?;
        if self.faults.load_is_damaged {
            saved.push(0);
        }
        if loaded.to_bytes() == saved {
            return Ok(());
        }
        Err("saving and loading changes the instance".to_owned())
    }

    /// What has ended keeps nothing open: no job, no timer, no subscription, no activation.
    pub(super) fn check_end(&self, library: &Library, instance: &Instance) -> Result<(), String> {
        if instance.status() == Status::Active && !self.faults.ends_early {
            return Ok(());
        }
        if let Some(wait) = instance.waits(library).next() {
            let host = library.process(wait.process).node_id(wait.node);
            return Err(format!("it is {} and `{host}` still waits in it", instance.status().as_str()));
        }
        match instance.elements().find(|element| element.node.is_some()) {
            Some(_) => Err(format!("it is {} and has open elements", instance.status().as_str())),
            None => Ok(()),
        }
    }

    /// How many transitions there were.
    pub(super) fn len(&self) -> usize {
        self.fingerprints.len()
    }

    /// Where two runs part: the number of the first transition that differs, from 1.
    pub(super) fn first_difference(&self, other: &Twins) -> Option<usize> {
        let count = self.fingerprints.len().max(other.fingerprints.len());
        (0..count)
            .find(|place| self.fingerprints.get(*place) != other.fingerprints.get(*place))
            .map(|at| at + 1)
    }
}
