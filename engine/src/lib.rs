#![doc = include_str!("../../README.md")]

mod behavior;
pub mod command;
pub mod event;
pub mod executor;
pub mod expression;
pub mod id;
pub mod instance;
pub mod limits;
pub mod process;
pub mod runtime;
#[cfg(all(feature = "feel", feature = "xml"))]
pub mod scenario;
#[cfg(all(feature = "feel", feature = "xml"))]
pub mod test;
pub mod timer;
pub mod trace;
