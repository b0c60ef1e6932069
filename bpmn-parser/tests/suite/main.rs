//! The tests of the parser in one binary.

mod canonical;
mod corpus;
mod corpus_files;
mod depth;
mod round_trip;
mod well_formed;
