//! The runtime from outside: correlation, timers, jobs, idempotency, restart.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod runtime {
    mod correlation;
    mod crash;
    mod durability;
    mod faults;
    mod faulty;
    mod idempotency;
    mod jobs;
    mod limits;
    mod model;
    mod people;
    mod quarantine;
    mod sharing;
    mod signals;
    mod timers;
}
