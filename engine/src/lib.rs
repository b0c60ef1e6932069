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
pub mod scenario;
pub mod test;
pub mod timer;
pub mod trace;
