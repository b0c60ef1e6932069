//! The two clocks: the system's, and one in the hand of a test or simulation.

use crate::id::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where a runtime takes the time from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system's wall clock.
    #[default]
    System,
    /// A clock that stands still until somebody moves it.
    Virtual(VirtualClock),
}

impl Clock {
    /// The current time.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => system_now(),
            Clock::Virtual(clock) => clock.now(),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the runtime is the one place that reads the clock")]
fn system_now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(Timestamp::NEVER.0 - 1))
}

/// A clock that only moves when it is told to; clones show the same time.
///
/// ```
/// use tokenflow::runtime::VirtualClock;
/// let clock = VirtualClock::starting_at("2026-11-24T10:00:00Z").expect("an RFC 3339 moment");
/// assert_eq!(clock.now().to_string(), "2026-11-24T10:00:00Z");
/// ```
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<AtomicI64>);

impl VirtualClock {
    /// A clock that stands at a moment.
    pub fn new(now: Timestamp) -> VirtualClock {
        VirtualClock(Arc::new(AtomicI64::new(now.0)))
    }

    /// A clock that stands at a moment in RFC 3339; none where the text is no such moment.
    pub fn starting_at(moment: &str) -> Option<VirtualClock> {
        let moment = chrono::DateTime::parse_from_rfc3339(moment).ok()?;
        Some(VirtualClock::new(Timestamp::from(moment.with_timezone(&chrono::Utc))))
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    /// Moves it forward; a moment in its past leaves it where it is.
    pub(super) fn move_to(&self, to: Timestamp) {
        self.0.fetch_max(to.0, Ordering::SeqCst);
    }
}

impl Default for VirtualClock {
    /// 2026-01-01T00:00:00Z, as scenario files have it.
    fn default() -> VirtualClock {
        VirtualClock::new(Timestamp(1_767_225_600_000_000))
    }
}
