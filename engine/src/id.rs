//! Identities and logical time: newtypes, so that a bare number never crosses a function boundary.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A root instance: 128 bits that come from outside the core (time-ordered where the runtime makes them).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct InstanceId(pub u128);

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One activation inside a root instance: from the instance's counter, never reused, from 1.
///
/// The root process instance has the first key. Called processes share the counter of their root.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ElementKey(pub u32);

impl ElementKey {
    /// No element: the parent of the root.
    pub const NONE: ElementKey = ElementKey(0);
    /// The root process instance.
    pub const ROOT: ElementKey = ElementKey(1);

    /// False for [`ElementKey::NONE`].
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }
}

impl fmt::Display for ElementKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A deployed process by its place in the [`Library`](crate::process::Library).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProcessIx(pub u32);

/// A process among those that one instance has bound, by its place in the instance's own list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct BoundIx(pub u16);

/// Which of an element's waits: 0.. its own (a catch event: one for each definition), then those of the
/// boundary events and event sub-process starts it keeps armed, in document order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Which(pub u16);

/// A moment in microseconds since 1970-01-01T00:00:00Z. It comes from outside; the core reads no clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// No moment: a wait that no time ends.
    pub const NEVER: Timestamp = Timestamp(i64::MAX);

    /// The moment as chrono sees it; none past the years that chrono knows.
    pub fn to_utc(self) -> Option<chrono::DateTime<chrono::Utc>> {
        chrono::DateTime::from_timestamp_micros(self.0)
    }
}

impl From<chrono::DateTime<chrono::Utc>> for Timestamp {
    fn from(moment: chrono::DateTime<chrono::Utc>) -> Self {
        Timestamp(moment.timestamp_micros())
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with as many fractional digits as needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_utc() {
            Some(moment) => f.write_str(&moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
            None => write!(f, "{}us", self.0),
        }
    }
}
