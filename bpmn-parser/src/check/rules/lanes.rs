//! Lanes (R171 to R174).

use super::context::{Checker, Place, quoted};
use crate::model::{FlowElementIx, Lane, LaneSet, LaneSetIx, RootElement};
use std::collections::HashMap;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let definitions = checker.definitions;
    let mut waiting: Vec<(LaneSetIx, usize)> = Vec::new();
    for (at, level) in checker.topology.levels.iter().enumerate() {
        let sets = match level.owner {
            Some(owner) => definitions[owner].sub_process().map_or(&[][..], |it| it.lane_sets.as_slice()),
            None => match &definitions.root_elements[level.root as usize] {
                RootElement::Process(process) => process.lane_sets.as_slice(),
                _ => &[],
            },
        };
        waiting.extend(sets.iter().map(|set| (*set, at)));
    }
    while let Some((set, level)) = waiting.pop() {
        lane_set(checker, &definitions[set], level);
        waiting.extend(definitions[set].lanes.iter().filter_map(|lane| Some((lane.child_lane_set?, level))));
    }
}

fn lane_set(checker: &mut Checker<'_, '_>, set: &LaneSet, level: usize) {
    let mut lane_of: HashMap<FlowElementIx, &Lane> = HashMap::new();
    let mut partitions: Vec<&str> = Vec::new();
    for lane in &set.lanes {
        let place = Place::of(&lane.base);
        for reference in &lane.flow_node_refs {
            let Some(row) = checker.flow_element(reference) else { continue };
            if checker.definitions[row].flow_node().is_none() {
                continue;
            }
            if checker.topology.level_of[row.0 as usize] != Some(level) {
                let message =
                    format!("{} lies in another process or sub-process than the lane", checker.name(row));
                checker.warning(171, place, message);
            }
            let first = *lane_of.entry(row).or_insert(lane);
            if !std::ptr::eq(first, lane) {
                let other = first.base.id.as_deref().or(first.name.as_deref()).unwrap_or_default();
                let message = format!(
                    "{} is in the lane `{}` of this lane set already",
                    checker.name(row),
                    quoted(other)
                );
                checker.warning(172, place, message);
            }
        }
        if lane.partition_element.is_some() && lane.partition_element_ref.is_some() {
            checker.warning(
                174,
                place,
                "a lane has a `partitionElement` or a `partitionElementRef`, not both",
            );
        }
        let partition = lane.partition_element_ref.as_ref().and_then(|it| checker.resolve(it));
        partitions.extend(partition.map(|it| it.name));
    }
    if let Some(other) = partitions.iter().find(|it| **it != partitions[0]) {
        let message =
            format!("the lanes of one lane set stand for a `{}` and for a `{other}`", partitions[0]);
        checker.error(173, Place::of(&set.base), message);
    }
}
