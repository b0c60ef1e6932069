//! Message flows: between two pools, from what sends to what receives (R058, R088 to R092, R107, R157 to R159).

use super::context::{Checker, Place, quoted};
use super::kinds::Kinds;
use crate::model::{
    Collaboration, EventDefinition, FlowElement, FlowElementIx, MessageFlow, Reference, RootElement,
};
use std::collections::{HashMap, HashSet};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let mut drawn: HashMap<u32, usize> = HashMap::new();
    let collaborations: Vec<&Collaboration> =
        checker.definitions.root_elements.iter().filter_map(RootElement::collaboration).collect();
    for participant in collaborations.iter().flat_map(|it| &it.participants) {
        let process =
            participant.process_ref.as_ref().and_then(|it| checker.resolve(it)).and_then(|it| it.root);
        *drawn.entry(process.unwrap_or(u32::MAX)).or_default() += 1;
    }
    for flow in collaborations.iter().flat_map(|it| &it.message_flows) {
        pools(checker, flow, &drawn);
        ends(checker, flow);
    }
    for row in checker.rows() {
        match &checker.definitions[row] {
            FlowElement::StartEvent(_) | FlowElement::EndEvent(_) => start_or_end(checker, row),
            FlowElement::IntermediateCatchEvent(_)
            | FlowElement::IntermediateThrowEvent(_)
            | FlowElement::BoundaryEvent(_) => intermediate(checker, row),
            element if element.activity().is_some() => task(checker, row),
            _ => {}
        }
    }
}

/// What is at an end of a message flow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pool<'d> {
    /// A participant without a process here.
    Participant(&'d str),
    /// The pool of a process.
    Process(u32),
}

/// R157: the ends lie in two pools. Where several pools show one process, nobody can say which is meant.
fn pools(checker: &mut Checker<'_, '_>, flow: &MessageFlow, drawn: &HashMap<u32, usize>) {
    let source = flow.source_ref.as_ref().and_then(|it| pool(checker, it));
    let target = flow.target_ref.as_ref().and_then(|it| pool(checker, it));
    let (Some(source), Some(target)) = (source, target) else { return };
    let several = matches!(source, Pool::Process(root) if drawn.get(&root).is_some_and(|count| *count > 1));
    if source == target && !several {
        checker.error(157, Place::of(&flow.base), "the message flow stays within one pool");
    }
}

fn pool<'d>(checker: &Checker<'d, '_>, reference: &Reference) -> Option<Pool<'d>> {
    let found = checker.resolve(reference)?;
    if let Some(row) = found.flow_element {
        return checker.topology.roots[row.0 as usize].map(Pool::Process);
    }
    if found.name != "participant" {
        return None;
    }
    let mut process = None;
    found.element.attributes(&mut |name, value| {
        if let ("processRef", crate::model::AttributeValue::Reference(reference)) = (name, value) {
            process = checker.resolve(reference).filter(|it| it.name == "process").and_then(|it| it.root);
        }
    });
    process.map(Pool::Process).or_else(|| found.element.id().map(Pool::Participant))
}

/// R158: neither end is an event sub-process.
fn ends(checker: &mut Checker<'_, '_>, flow: &MessageFlow) {
    for reference in [&flow.source_ref, &flow.target_ref].into_iter().flatten() {
        let Some(row) = checker.flow_element(reference) else { continue };
        if checker.is_event_sub_process(row) {
            let message =
                format!("no message flow begins or ends at {}, an event sub-process", checker.name(row));
            checker.error(158, Place::of(&flow.base), message);
        }
    }
}

fn messages_in<'d>(checker: &Checker<'d, '_>, row: FlowElementIx) -> Vec<&'d MessageFlow> {
    checker.topology.messages_in[row.0 as usize].clone()
}

fn messages_out<'d>(checker: &Checker<'d, '_>, row: FlowElementIx) -> Vec<&'d MessageFlow> {
    checker.topology.messages_out[row.0 as usize].clone()
}

fn has_message(checker: &Checker<'_, '_>, row: FlowElementIx) -> bool {
    checker.kinds(row).has(Kinds::MESSAGE)
}

/// R058, R089 and R090.
fn start_or_end(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let starts = matches!(checker.definitions[row], FlowElement::StartEvent(_));
    let (fitting, wrong) = match starts {
        true => (messages_in(checker, row), messages_out(checker, row)),
        false => (messages_out(checker, row), messages_in(checker, row)),
    };
    let place = checker.at(row);
    if !wrong.is_empty() {
        let message =
            if starts { "a start event sends no message" } else { "an end event receives no message" };
        checker.error(58, place, message);
    }
    if fitting.is_empty() {
        return;
    }
    let (code, what, way) =
        if starts { (89, "a start event", "into") } else { (90, "an end event", "out of") };
    if !has_message(checker, row) {
        let message = format!("{what} with a message flow {way} it has a message event definition");
        checker.error(code, place, message);
    } else if fitting.len() > 1 && checker.definition_count(row) == 1 {
        let message = format!("{what} with several message flows {way} it is a multiple event");
        checker.error(code, place, message);
    } else {
        same_message(checker, row, &fitting);
    }
}

/// R088, R091 and R159 at an event in the middle.
fn intermediate(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let throws = checker.definitions[row].throw_event().is_some();
    let (into, out) = (messages_in(checker, row), messages_out(checker, row));
    let place = checker.at(row);
    if !into.is_empty() && !out.is_empty() {
        return checker.error(91, place, "an intermediate event sends or receives, it does not do both");
    }
    let (fitting, wrong) = if throws { (out, into) } else { (into, out) };
    for flow in wrong {
        let message = if throws {
            "an event that throws receives no message"
        } else {
            "an event that waits sends no message"
        };
        checker.error(159, Place::of(&flow.base), format!("{message}: {}", checker.name(row)));
    }
    if fitting.is_empty() {
        return;
    }
    if !has_message(checker, row) {
        for flow in &fitting {
            let message = format!("{} has no message event definition", checker.name(row));
            checker.error(159, Place::of(&flow.base), message);
        }
    } else if fitting.len() > 1 && checker.definition_count(row) == 1 {
        let message = format!("one message event has {} message flows", fitting.len());
        checker.error(88, place, message);
    } else {
        same_message(checker, row, &fitting);
    }
}

/// R092: the message of the flow is that of the event.
fn same_message(checker: &mut Checker<'_, '_>, row: FlowElementIx, flows: &[&MessageFlow]) {
    let definitions = checker.definitions_of(row);
    let messages = definitions.iter().filter_map(|definition| match definition {
        EventDefinition::Message(message) => message.message_ref.as_ref().map(Reference::local),
        _ => None,
    });
    let own: HashSet<&str> = messages.clone().collect();
    let Some(first) = messages.min() else { return };
    for flow in flows {
        let Some(shown) = flow.message_ref.as_ref().filter(|it| !own.contains(it.local())) else { continue };
        let message = format!(
            "the flow shows the message `{}`, the event {} has `{}`",
            shown.text,
            checker.name(row),
            quoted(first)
        );
        checker.warning(92, Place::of(&flow.base), message);
    }
}

/// R107.
fn task(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let (into, out) = (messages_in(checker, row), messages_out(checker, row));
    let place = checker.at(row);
    match &checker.definitions[row] {
        FlowElement::SendTask(_) if !into.is_empty() => {
            checker.warning(107, place, "a send task receives no message");
        }
        FlowElement::ReceiveTask(_) if !out.is_empty() => {
            checker.warning(107, place, "a receive task sends no message");
        }
        FlowElement::ScriptTask(_) | FlowElement::BusinessRuleTask(_)
            if !into.is_empty() || !out.is_empty() =>
        {
            checker.warning(107, place, "scripts and decisions neither send nor receive messages");
        }
        _ => {}
    }
}
