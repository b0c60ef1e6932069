//! The runtime from outside: correlation, timers, jobs, idempotency, restart.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod runtime {
    mod correlation;
    mod durability;
    mod faults;
    mod idempotency;
    mod jobs;
    mod model;
    mod people;
    mod signals;
    mod timers;
}
