//! CPU time of the calling thread, as Linux accounts it.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// CPU time that this thread has used; wall time since the first call where the system does not tell.
///
/// Linux brings the number up to date at each tick, so it is good for spans from about 50 ms on.
pub fn thread_cpu() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let accounted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = accounted.as_deref().and_then(|text| text.split(' ').next()?.parse().ok());
    match nanoseconds {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds),
        None => BEGUN.get_or_init(Instant::now).elapsed(),
    }
}

/// Resident memory of this program in bytes; 0 where the system does not tell.
pub fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
