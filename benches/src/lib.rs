//! What the benchmarks and the peer program share: the workloads, their models, and how one instance is driven.

pub mod clock;
pub mod condition;
pub mod drive;
pub mod host;
pub mod model;
pub mod park;
pub mod workload;
