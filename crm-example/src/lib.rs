//! A furniture company sells on Tokenflow: real domain types, two process models and a story told on a virtual clock.

pub mod domain;
