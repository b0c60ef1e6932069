//! The tests of the parser in one binary.

mod canonical;
mod corpus;
mod corpus_files;
mod depth;
mod dialect;
mod hostile;
mod lower;
mod property;
mod round_trip;
mod support;
mod well_formed;
