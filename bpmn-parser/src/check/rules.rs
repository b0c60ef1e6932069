//! The structural rules of chapters 7 to 12 that a file can violate, one file per family, all in one pass.
//!
//! A rule `R039` of the list in the fixtures has the code `E0039`. What the schema demands of single attributes the
//! reader has reported already; what needs an evaluated expression is left to the engine.

mod activities;
mod collaboration;
mod compensation;
mod context;
mod correlation;
mod data;
mod defaults;
mod diagram;
mod document;
mod events;
mod executability;
mod gateways;
mod item;
mod kinds;
mod lanes;
mod levels;
mod links;
mod loops;
mod message_flows;
mod positions;
mod references;
mod resources;
mod sequence_flows;
mod timers;
mod topology;

use crate::diagnostic::Findings;
use crate::model::{Definitions, Index};
use context::Checker;

/// Checks every rule over a whole file.
pub(crate) fn run(definitions: &Definitions, index: &Index<'_>, findings: &mut Findings) {
    let mut checker = Checker::new(definitions, index, findings);
    document::check(&mut checker);
    references::check(&mut checker);
    sequence_flows::check(&mut checker);
    defaults::check(&mut checker);
    levels::check(&mut checker);
    positions::check(&mut checker);
    events::check(&mut checker);
    timers::check(&mut checker);
    links::check(&mut checker);
    activities::check(&mut checker);
    resources::check(&mut checker);
    loops::check(&mut checker);
    compensation::check(&mut checker);
    gateways::check(&mut checker);
    data::check(&mut checker);
    item::check(&mut checker);
    collaboration::check(&mut checker);
    message_flows::check(&mut checker);
    correlation::check(&mut checker);
    lanes::check(&mut checker);
    executability::check(&mut checker);
    diagram::check(&mut checker);
}
