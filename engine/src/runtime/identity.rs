//! Ids that come from outside the core: instances by time, writes by their writer, work by instance and key.

use super::clock::Clock;
use super::store::WriteId;
use crate::id::{ElementKey, InstanceId, Timestamp};
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::str::FromStr;

/// Bits below the milliseconds of an instance id.
const BELOW_TIME: u32 = 80;

/// Makes ids that never repeat and never go back.
///
/// An instance id is 48 bits of milliseconds, 12 bits of partition and entropy. Under a virtual clock the entropy is
/// a counter, so that two runs have equal ids, also when one of them reopened its store between two commands.
pub(super) struct IdSource {
    last: u128,
    write: WriteId,
    is_virtual: bool,
}

impl IdSource {
    pub(super) fn new(clock: &Clock, last: Option<InstanceId>) -> IdSource {
        let is_virtual = matches!(clock, Clock::Virtual(_));
        let writer = if is_virtual { 0 } else { entropy() };
        IdSource { last: last.map_or(0, |id| id.0), write: WriteId { writer, count: 0 }, is_virtual }
    }

    /// The id of the next instance; it is free again unless it is [used](IdSource::used).
    pub(super) fn instance(&self, now: Timestamp) -> InstanceId {
        let millis = u128::try_from(now.0 / 1_000).unwrap_or(0) & ((1 << 48) - 1);
        let below = if self.is_virtual { 1 } else { u128::from(entropy()) & ((1 << 60) - 1) };
        InstanceId(((millis << BELOW_TIME) | below).max(self.last + 1))
    }

    /// The instance is stored, or may be.
    pub(super) fn used(&mut self, id: InstanceId) {
        self.last = self.last.max(id.0);
    }

    /// Where the numbers of leases begin: not where those of a runtime before this one did.
    pub(super) fn leases(&self) -> u64 {
        self.write.writer.wrapping_add((self.last as u64).wrapping_mul(1 << 20))
    }

    pub(super) fn write(&mut self) -> WriteId {
        self.write.count += 1;
        self.write
    }
}

/// Each `RandomState` has keys of its own, which the standard library draws from the system.
fn entropy() -> u64 {
    std::hash::RandomState::new().build_hasher().finish()
}

/// One piece of open work, or any other element, from outside: stable, so that it is a handler's idempotency key.
///
/// ```
/// use tokenflow::runtime::JobKey;
/// let key: JobKey = "0000019c2a6f00000000000000000001-17".parse()?;
/// assert_eq!(key.to_string(), "0000019c2a6f00000000000000000001-17");
/// # Ok::<(), tokenflow::runtime::KeyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct JobKey {
    /// The root instance.
    pub instance: InstanceId,
    /// The element in it.
    pub key: ElementKey,
}

/// The key of a user task.
pub type TaskKey = JobKey;

/// A text that is not the key of any work.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{text}` is not a key: 32 hexadecimal digits, a hyphen and a number are")]
pub struct KeyError {
    text: String,
}

impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.instance, self.key)
    }
}

impl FromStr for JobKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<JobKey, KeyError> {
        let read = || {
            let (instance, key) = text.split_once('-')?;
            let is_hex = instance.len() == 32 && instance.bytes().all(|byte| byte.is_ascii_hexdigit());
            let is_number = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
            if !is_hex || !is_number {
                return None;
            }
            let instance = InstanceId(u128::from_str_radix(instance, 16).ok()?);
            Some(JobKey { instance, key: ElementKey(key.parse().ok()?) })
        };
        read().ok_or_else(|| KeyError { text: text.chars().take(80).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock::VirtualClock;
    use super::*;

    #[test]
    fn virtual_ids_are_equal_in_every_run_and_survive_a_reopening() {
        let clock = Clock::Virtual(VirtualClock::default());
        let mut one = IdSource::new(&clock, None);
        let first = one.instance(clock.now());
        assert_eq!(one.instance(clock.now()), first, "an id that was not used is free");
        one.used(first);
        let second = one.instance(clock.now());
        let other = IdSource::new(&clock, Some(first));
        assert_eq!(other.instance(clock.now()), second);
        assert!(second > first);
    }

    #[test]
    fn ids_never_go_back_with_the_clock() {
        let mut ids = IdSource::new(&Clock::System, None);
        let late = ids.instance(Timestamp(2_000_000_000));
        ids.used(late);
        assert!(ids.instance(Timestamp(1_000_000_000)) > late);
    }

    #[test]
    fn a_forged_key_is_refused() {
        for wrong in
            ["", "-", "1-1", "0000019c2a6f00000000000000000001", "0000019c2a6f00000000000000000001-+1"]
        {
            assert!(wrong.parse::<JobKey>().is_err(), "{wrong}");
        }
    }
}
