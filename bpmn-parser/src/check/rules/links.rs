//! Links join a throw and a catch of one level by their name (R093 to R098).

use super::context::Checker;
use super::sequence_flows::nodes;
use crate::model::{EventDefinition, FlowElement, FlowElementIx, LinkEventDefinition};
use std::collections::{HashMap, HashSet};

/// A link event with its definition.
struct Link<'d> {
    row: FlowElementIx,
    definition: &'d LinkEventDefinition,
    name: &'d str,
    catches: bool,
}

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let levels = checker.levels();
    let links: Vec<Vec<Link<'_>>> = levels
        .iter()
        .map(|level| nodes(checker, level).into_iter().flat_map(|row| links_of(checker, row)).collect())
        .collect();
    let mut elsewhere: HashSet<(u32, bool, &str)> = HashSet::new();
    for (level, links) in levels.iter().zip(&links) {
        elsewhere.extend(links.iter().map(|it| (level.root, it.catches, it.name)));
    }
    for (level, links) in levels.iter().zip(&links) {
        pairs(checker, level.root, links, &elsewhere);
        for link in links {
            flows(checker, link);
            explicit_ends(checker, link);
        }
    }
}

/// The link definitions of an intermediate event; elsewhere they are not allowed at all.
fn links_of<'d>(checker: &Checker<'d, '_>, row: FlowElementIx) -> Vec<Link<'d>> {
    let catches = match checker.definitions[row] {
        FlowElement::IntermediateCatchEvent(_) => true,
        FlowElement::IntermediateThrowEvent(_) => false,
        _ => return Vec::new(),
    };
    let definitions = checker.definitions_of(row).into_iter();
    let links = definitions.filter_map(|definition| match definition {
        EventDefinition::Link(definition) => {
            let name = definition.name.as_deref().unwrap_or_default();
            Some(Link { row, definition, name, catches })
        }
        _ => None,
    });
    links.collect()
}

fn pairs<'d>(
    checker: &mut Checker<'_, '_>,
    root: u32,
    links: &[Link<'d>],
    elsewhere: &HashSet<(u32, bool, &'d str)>,
) {
    let mut catches: HashMap<&str, FlowElementIx> = HashMap::new();
    for link in links.iter().filter(|it| it.catches && !it.name.is_empty()) {
        if let Some(first) = catches.insert(link.name, link.row) {
            let message = format!("{} catches the link `{}` already", checker.name(first), link.name);
            checker.error(94, checker.at(link.row), message);
        }
    }
    let thrown: HashSet<&str> = links.iter().filter(|it| !it.catches).map(|it| it.name).collect();
    for link in links {
        let place = checker.at(link.row);
        let name = link.name;
        if name.is_empty() {
            checker.error(93, place, "a link event has a `name`, which joins it with the other end");
        } else if link.catches && !thrown.contains(name) {
            if !elsewhere.contains(&(root, false, name)) {
                checker.warning(94, place, format!("no event throws the link `{name}`"));
            }
        } else if !link.catches && !catches.contains_key(name) {
            if elsewhere.contains(&(root, true, name)) {
                let message =
                    format!("the link `{name}` is caught in another sub-process, where no link leads");
                checker.error(95, place, message);
            } else {
                checker.error(93, place, format!("no event catches the link `{name}`"));
            }
        }
        if checker.definitions_of(link.row).len() > 1 {
            checker.warning(98, place, "a link event has no other event definition");
        }
    }
}

/// R096.
fn flows(checker: &mut Checker<'_, '_>, link: &Link<'_>) {
    let has_incoming = !checker.incoming(link.row).is_empty();
    let has_outgoing = !checker.outgoing(link.row).is_empty();
    let place = checker.at(link.row);
    if link.catches && (has_incoming || !has_outgoing) {
        checker.error(96, place, "an event that catches a link has an outgoing flow and no incoming one");
    }
    if !link.catches && (!has_incoming || has_outgoing) {
        checker.error(96, place, "an event that throws a link has an incoming flow and no outgoing one");
    }
}

/// R097: `source` and `target` lead to links of the same name.
fn explicit_ends(checker: &mut Checker<'_, '_>, link: &Link<'_>) {
    for reference in link.definition.sources.iter().chain(&link.definition.target) {
        let Some(other) = checker.resolve(reference).filter(|it| it.name == "linkEventDefinition") else {
            continue;
        };
        let mut name = String::new();
        other.element.attributes(&mut |attribute, value| {
            if attribute == "name" {
                name = value.to_string();
            }
        });
        if name != link.name {
            let message = format!("`{}` is a link named `{name}`, not `{}`", reference.text, link.name);
            checker.warning(97, checker.at(link.row), message);
        }
    }
}
