//! Links join a throw and a catch of one level by their name (R093 to R098).

use super::context::{Checker, quoted};
use super::sequence_flows::nodes;
use crate::model::{EventDefinition, FlowElement, FlowElementIx, LinkEventDefinition};
use std::collections::{HashMap, HashSet};

/// A link event with its definition.
struct Link<'d> {
    row: FlowElementIx,
    definition: &'d LinkEventDefinition,
    name: &'d str,
    /// The number of the name: names are compared once for each definition, however many events refer to it.
    number: u32,
    catches: bool,
}

/// The numbers of names, by name and by the address of a definition.
#[derive(Default)]
struct Names<'d> {
    numbers: HashMap<&'d str, u32>,
    of_definitions: HashMap<*const (), u32>,
}

impl<'d> Names<'d> {
    fn number(&mut self, definition: &'d LinkEventDefinition) -> u32 {
        let address = std::ptr::from_ref(definition).cast();
        if let Some(number) = self.of_definitions.get(&address) {
            return *number;
        }
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry(definition.name.as_deref().unwrap_or_default()).or_insert(next);
        self.of_definitions.insert(address, number);
        number
    }
}

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let levels = checker.levels();
    let mut names = Names::default();
    let mut links: Vec<Vec<Link<'_>>> = Vec::new();
    for level in &levels {
        let nodes = nodes(checker, level).into_iter();
        links.push(nodes.flat_map(|row| links_of(checker, row, &mut names)).collect());
    }
    let mut elsewhere: HashSet<(u32, bool, u32)> = HashSet::new();
    for (level, links) in levels.iter().zip(&links) {
        elsewhere.extend(links.iter().map(|it| (level.root, it.catches, it.number)));
    }
    let mut seen = HashSet::new();
    for (level, links) in levels.iter().zip(&links) {
        pairs(checker, level.root, links, &elsewhere);
        for link in links {
            flows(checker, link);
            if seen.insert(std::ptr::from_ref(link.definition)) {
                explicit_ends(checker, link, &names);
            }
        }
    }
}

/// The link definitions of an intermediate event; elsewhere they are not allowed at all.
fn links_of<'d>(checker: &Checker<'d, '_>, row: FlowElementIx, names: &mut Names<'d>) -> Vec<Link<'d>> {
    let catches = match checker.definitions[row] {
        FlowElement::IntermediateCatchEvent(_) => true,
        FlowElement::IntermediateThrowEvent(_) => false,
        _ => return Vec::new(),
    };
    let definitions = checker.definitions_of(row).into_iter();
    let links = definitions.filter_map(|definition| match definition {
        EventDefinition::Link(definition) => {
            let name = definition.name.as_deref().unwrap_or_default();
            Some(Link { row, definition, name, number: names.number(definition), catches })
        }
        _ => None,
    });
    links.collect()
}

fn pairs(
    checker: &mut Checker<'_, '_>,
    root: u32,
    links: &[Link<'_>],
    elsewhere: &HashSet<(u32, bool, u32)>,
) {
    let mut catches: HashMap<u32, FlowElementIx> = HashMap::new();
    for link in links.iter().filter(|it| it.catches && !it.name.is_empty()) {
        if let Some(first) = catches.insert(link.number, link.row) {
            let message = format!("{} catches the link `{}` already", checker.name(first), quoted(link.name));
            checker.error(94, checker.at(link.row), message);
        }
    }
    let thrown: HashSet<u32> = links.iter().filter(|it| !it.catches).map(|it| it.number).collect();
    for link in links {
        let place = checker.at(link.row);
        let (name, number) = (quoted(link.name), link.number);
        if name.is_empty() {
            checker.error(93, place, "a link event has a `name`, which joins it with the other end");
        } else if link.catches && !thrown.contains(&number) {
            if !elsewhere.contains(&(root, false, number)) {
                checker.warning(94, place, format!("no event throws the link `{name}`"));
            }
        } else if !link.catches && !catches.contains_key(&number) {
            if elsewhere.contains(&(root, true, number)) {
                let message =
                    format!("the link `{name}` is caught in another sub-process, where no link leads");
                checker.error(95, place, message);
            } else {
                checker.error(93, place, format!("no event catches the link `{name}`"));
            }
        }
        if checker.definition_count(link.row) > 1 {
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
fn explicit_ends(checker: &mut Checker<'_, '_>, link: &Link<'_>, names: &Names<'_>) {
    for reference in link.definition.sources.iter().chain(&link.definition.target) {
        let Some(other) = checker.resolve(reference).filter(|it| it.name == "linkEventDefinition") else {
            continue;
        };
        let address = std::ptr::from_ref(other.element).cast::<()>();
        if names.of_definitions.get(&address).is_some_and(|number| *number != link.number) {
            let message =
                format!("`{}` is a link with another name than `{}`", reference.text, quoted(link.name));
            checker.warning(97, checker.at(link.row), message);
        }
    }
}
