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
#[cfg(feature = "xml")]
pub mod runtime;
#[cfg(all(feature = "feel", feature = "xml"))]
pub mod scenario;
#[cfg(feature = "xml")]
pub mod support;
#[cfg(all(feature = "feel", feature = "xml"))]
pub mod test;
pub mod timer;
pub mod trace;
