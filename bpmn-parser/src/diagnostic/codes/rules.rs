//! `E0001` to `E0184`: the rules of the standard, one for one; each text ends with its severity.

mod activities;
mod collaboration;
mod document;
mod events;
mod flows;
mod gateways_and_data;

use super::Explanation;

pub(super) const TABLES: [&[Explanation]; 6] = [
    document::TABLE,
    flows::TABLE,
    events::TABLE,
    activities::TABLE,
    gateways_and_data::TABLE,
    collaboration::TABLE,
];

const fn rule(code: u16, title: &'static str, text: &'static str) -> Explanation {
    Explanation { code, title, text }
}
