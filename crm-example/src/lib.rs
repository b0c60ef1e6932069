//! A furniture company sells on Tokenflow: real domain types, process models and a story told on a virtual clock.

pub mod domain;
pub mod handlers;
pub mod office;
pub mod story;
pub mod timeline;
