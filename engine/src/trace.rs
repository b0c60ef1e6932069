//! What happened, in the words that users see: lines expanded from events, as text and as values for JSON.
//!
//! The journal holds small [`Event`](crate::event::Event)s that name keys and rows. A [`Tracer`] reads them in commit
//! order and gives [`Line`]s that name instances, elements and their numbers. One `Passed` becomes `entered`,
//! `completed` and `taken`; text folds the first two back into `passed`.

mod census;
mod journal;
mod json;
mod line;
mod text;
mod tracer;
mod word;

pub use census::{Activation, Census, Place, ProcessInstance};
pub use journal::{Journal, LINES_MAX};
pub use json::{JsonObject, json_array};
pub use line::{Detail, Line};
pub use text::{Show, TextLine, TextWord, fold};
pub use tracer::Tracer;
pub use word::{Topic, UnknownWord, Word};
