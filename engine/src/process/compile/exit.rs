//! How a token leaves a node, as far as that is known without looking at data.

use super::Build;
use crate::event::Exit;
use crate::process::{FlowRow, Row};

impl Build<'_> {
    /// Finds the nodes that have one way out, which the executor then takes without looking further.
    pub(super) fn exits(&mut self, rows: &mut [Row], flows: &[FlowRow]) {
        for row in rows {
            if let [only] = *row.outgoing
                && flows[only.index()].condition.is_none()
                && row.default != Some(only)
                && row.completion_quantity == 1
            {
                row.exit = Exit::flow(only);
            }
            row.is_without_data = row.inputs.is_empty() && row.outputs.is_empty() && row.data.is_none();
            row.is_plain = row.is_without_data
                && row.exit != Exit::NONE
                && row.catches.is_empty()
                && row.compensation.is_none()
                && !row.is_for_compensation;
        }
    }
}
