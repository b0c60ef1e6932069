//! What events need beside their position: flows, references, one handler each (R062, R069, R070, R074, R076 to R080,
//! R083 to R085).

use super::context::{Checker, Place};
use super::kinds::Kinds;
use super::topology::LevelKind;
use crate::Severity;
use crate::model::{
    BaseElement, ConditionalEventDefinition, Definitions, EventDefinition, FlowElement, FlowElementIx,
    MessageEventDefinition, Reference, RootElement,
};
use std::collections::{HashMap, HashSet};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for row in checker.rows() {
        if checker.process_of(row).is_none() || checker.definitions[row].event().is_none() {
            continue;
        }
        boundary(checker, row);
        in_the_flow(checker, row);
        contained_elsewhere(checker, row);
    }
    for (row, definition) in each_definition(checker) {
        needs(checker, row, definition);
    }
    without_operation(checker);
    conditional_starts(checker);
    handlers(checker);
}

/// R077, which hardly any file keeps: one note for the whole file.
fn without_operation(checker: &mut Checker<'_, '_>) {
    let executed = |row: &FlowElementIx| checker.executed_at(*row, Severity::Error) == Severity::Error;
    let without: Vec<(FlowElementIx, &MessageEventDefinition)> = each_definition(checker)
        .into_iter()
        .filter_map(|(row, definition)| match definition {
            EventDefinition::Message(message) if message.message_ref.is_some() => Some((row, &**message)),
            _ => None,
        })
        .filter(|(row, message)| message.operation_ref.is_none() && executed(row))
        .collect();
    if let Some((row, first)) = without.first() {
        let message =
            format!("message events that name no operation: {}; their messages alone decide", without.len());
        checker.find(Severity::Note, 77, checker.part(*row, *first), message);
    }
}

/// Every event definition of a process with its event; one that several events refer to comes once.
pub(super) fn each_definition<'d>(checker: &Checker<'d, '_>) -> Vec<(FlowElementIx, &'d EventDefinition)> {
    let mut seen = HashSet::new();
    let rows = checker.rows().filter(|row| checker.process_of(*row).is_some());
    let all = rows.flat_map(|row| checker.definitions_of(row).into_iter().map(move |it| (row, it)));
    all.filter(|(_, definition)| seen.insert(std::ptr::from_ref(*definition))).collect()
}

/// R069 and R070.
fn boundary(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    if !matches!(checker.definitions[row], FlowElement::BoundaryEvent(_)) {
        return;
    }
    let place = checker.at(row);
    let has_flow = !checker.outgoing(row).is_empty();
    match (checker.is_compensation_event(row), has_flow) {
        (true, true) => {
            let message = "a compensation boundary event has no flow: an association leads to its activity";
            checker.error(69, place, message);
        }
        (false, false) => checker.error(69, place, "a boundary event has an outgoing flow"),
        (true, false) | (false, true) => {}
    }
    let Some(host) = checker.topology.hosts[row.0 as usize] else { return };
    if checker.process_of(host).map(std::ptr::from_ref) != checker.process_of(row).map(std::ptr::from_ref) {
        let message = format!("`attachedToRef` refers to {} of another process", checker.name(host));
        return checker.error(12, place, message);
    }
    if checker.topology.level_of[host.0 as usize] != checker.topology.level_of[row.0 as usize] {
        let message =
            format!("the boundary event and its activity {} lie in different scopes", checker.name(host));
        checker.find(checker.executed_at(row, Severity::Error), 70, place, message);
    }
}

/// R074: flows lead into and out of an intermediate event; links and ad-hoc content have rules of their own.
fn in_the_flow(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let intermediate = matches!(
        checker.definitions[row],
        FlowElement::IntermediateCatchEvent(_) | FlowElement::IntermediateThrowEvent(_)
    );
    let link = checker.kinds(row).has(Kinds::LINK);
    if !intermediate || link || checker.level_kind(row) == Some(LevelKind::AdHoc) {
        return;
    }
    let place = checker.at(row);
    if checker.incoming(row).is_empty() {
        checker.error(74, place, "an intermediate event in the flow has an incoming flow");
    }
    if checker.outgoing(row).is_empty() {
        checker.error(74, place, "an intermediate event in the flow has an outgoing flow");
    }
}

/// R085: only definitions at the root are shared.
fn contained_elsewhere(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let element = &checker.definitions[row];
    let catch = element.catch_event().map(|it| &it.event_definition_refs);
    let references = catch.or(element.throw_event().map(|it| &it.event_definition_refs));
    for reference in references.into_iter().flatten() {
        let owner = checker.resolve(reference).and_then(|entry| entry.inside);
        if let Some(owner) = owner {
            let message = format!(
                "`eventDefinitionRef` refers to `{}`, which belongs to {}",
                reference.text,
                checker.name(owner)
            );
            checker.error(85, checker.at(row), message);
        }
    }
}

fn needs(checker: &mut Checker<'_, '_>, row: FlowElementIx, definition: &EventDefinition) {
    let throws = checker.definitions[row].throw_event().is_some();
    let binding = checker.executed_at(row, Severity::Error);
    match definition {
        EventDefinition::Message(message) => message_definition(checker, row, message, throws),
        EventDefinition::Signal(signal) => {
            if signal.signal_ref.is_none() {
                checker.find(
                    binding,
                    78,
                    checker.part(row, &**signal),
                    "a signal event names its signal: `signalRef`",
                );
            }
        }
        EventDefinition::Error(error) if throws => {
            let code = root(checker, &error.error_ref).map(|it| match it {
                RootElement::Error(error) => error.error_code.as_deref().unwrap_or_default(),
                _ => "",
            });
            thrown_code(checker, row, 79, "error", &error.base, code);
        }
        EventDefinition::Escalation(escalation) if throws => {
            let code = root(checker, &escalation.escalation_ref).map(|it| match it {
                RootElement::Escalation(escalation) => {
                    escalation.escalation_code.as_deref().unwrap_or_default()
                }
                _ => "",
            });
            thrown_code(checker, row, 80, "escalation", &escalation.base, code);
        }
        EventDefinition::Conditional(conditional) => condition(checker, row, conditional),
        EventDefinition::Error(_)
        | EventDefinition::Escalation(_)
        | EventDefinition::Timer(_)
        | EventDefinition::Cancel(_)
        | EventDefinition::Compensate(_)
        | EventDefinition::Link(_)
        | EventDefinition::Terminate(_) => {}
    }
}

fn root<'d>(checker: &Checker<'d, '_>, reference: &Option<Reference>) -> Option<&'d RootElement> {
    checker.root_element(reference.as_ref()?)
}

/// R079 and R080: what is thrown has a code, or only a handler of every code catches it.
fn thrown_code(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    code: u16,
    what: &str,
    base: &BaseElement,
    thrown: Option<&str>,
) {
    if thrown.unwrap_or_default().is_empty() {
        let severity = checker.executed_at(row, Severity::Warning);
        let place = Place { element: checker.at(row).element, position: base.markup.position };
        let message =
            format!("the {what} is thrown without a code: only a handler of every {what} catches it");
        checker.find(severity, code, place, message);
    }
}

/// R076.
fn message_definition(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    message: &MessageEventDefinition,
    throws: bool,
) {
    let place = checker.part(row, message);
    if message.message_ref.is_none() {
        let by_job = throws && is_job(checker, row, message);
        let severity = checker.executed_at(row, if by_job { Severity::Warning } else { Severity::Error });
        checker.find(severity, 76, place, "a message event names its message: `messageRef`");
    }
}

/// Whether the dialect makes the throw a job of the host.
fn is_job(checker: &Checker<'_, '_>, row: FlowElementIx, message: &MessageEventDefinition) -> bool {
    let element = &checker.definitions[row];
    let of_event = checker.properties(element.name(), element.base());
    let of_definition = checker.properties("messageEventDefinition", &message.base);
    [of_event, of_definition].iter().any(|it| it.job_type.is_some() || it.service_expression.is_some())
}

/// R083.
fn condition(checker: &mut Checker<'_, '_>, row: FlowElementIx, definition: &ConditionalEventDefinition) {
    let Some(condition) = &definition.condition else { return };
    let vague = !condition.is_declared_formal() && !condition.body.text.trim().is_empty();
    if vague && checker.executed_at(row, Severity::Warning) == Severity::Warning {
        let message = "the condition is not declared as `tFormalExpression`; it is read as one";
        checker.warning(83, checker.part(row, condition), message);
    }
}

/// R084: before there is an instance there are no data to read.
fn conditional_starts(checker: &mut Checker<'_, '_>) {
    for level in checker.levels().iter().filter(|level| level.kind == LevelKind::Process) {
        let starts = level.content.iter().copied();
        let starts: Vec<FlowElementIx> =
            starts.filter(|row| matches!(checker.definitions[*row], FlowElement::StartEvent(_))).collect();
        let mut names: Option<HashSet<Vec<String>>> = None;
        for row in starts {
            for definition in checker.definitions_of(row) {
                let EventDefinition::Conditional(conditional) = definition else { continue };
                let Some(condition) = &conditional.condition else { continue };
                let names = names.get_or_insert_with(|| data_names(checker, row, level.content));
                if let Some(name) = first_read(&condition.body.text, names) {
                    let message = format!(
                        "the condition reads `{name}`, but there is no instance yet whose data it could be"
                    );
                    checker.error(84, checker.part(row, condition), message);
                }
            }
        }
    }
}

/// The names of the data of a process, as words.
fn data_names(
    checker: &Checker<'_, '_>,
    row: FlowElementIx,
    content: &[FlowElementIx],
) -> HashSet<Vec<String>> {
    let mut names = HashSet::new();
    let properties = checker.process_of(row).into_iter().flat_map(|process| &process.properties);
    let mut add = |name: Option<&str>| {
        let words = words(name.unwrap_or_default());
        if !words.is_empty() {
            names.insert(words);
        }
    };
    for property in properties {
        add(property.name.as_deref().or(property.base.id.as_deref()));
    }
    for row in content {
        match &checker.definitions[*row] {
            FlowElement::DataObject(object) => add(object.element.name.as_deref()),
            FlowElement::DataObjectReference(reference) => {
                let name = reference.element.name.as_deref().unwrap_or_default();
                add(name.split('[').next());
            }
            _ => {}
        }
    }
    names
}

/// Names of data with more words are not looked for.
const NAME_WORDS: usize = 8;

/// The first name that an expression reads: not in a string, not a part of a path, not the key of a context.
fn first_read(text: &str, names: &HashSet<Vec<String>>) -> Option<String> {
    let longest = names.iter().map(Vec::len).max()?.min(NAME_WORDS);
    let outside: String = text.split('"').step_by(2).collect::<Vec<_>>().join(" \" ");
    let tokens = tokens(&outside);
    for at in 0..tokens.len() {
        if at > 0 && tokens[at - 1] == "." {
            continue;
        }
        for length in (1..=longest.min(tokens.len() - at)).rev() {
            let key = tokens.get(at + length).is_some_and(|next| next == ":" || next == "(");
            if !key && names.contains(&tokens[at..at + length]) {
                return Some(tokens[at..at + length].join(" "));
            }
        }
    }
    None
}

fn words(name: &str) -> Vec<String> {
    name.split_whitespace().map(str::to_owned).collect()
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        let part = c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(last) if part && open => last.push(c),
            _ if c.is_whitespace() => {}
            _ => tokens.push(c.to_string()),
        }
        open = part;
    }
    tokens
}

/// R062: one interrupting handler of one thing at one place.
fn handlers(checker: &mut Checker<'_, '_>) {
    let codes = Codes::new(checker.definitions);
    let mut seen: HashMap<(Around, Declaration), FlowElementIx> = HashMap::new();
    for row in checker.rows() {
        let Some(around) = interrupting_handler(checker, row) else { continue };
        for definition in checker.definitions_of(row) {
            let Some(declaration) = declaration(checker, &codes, definition) else { continue };
            let Some(first) = seen.insert((around, declaration), row).filter(|first| *first != row) else {
                continue;
            };
            let message =
                format!("{} handles the same event already, and interrupts too", checker.name(first));
            checker.error(62, checker.at(row), message);
        }
    }
}

/// What an interrupting handler watches over.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Around {
    Activity(FlowElementIx),
    Level(usize),
}

fn interrupting_handler(checker: &Checker<'_, '_>, row: FlowElementIx) -> Option<Around> {
    match &checker.definitions[row] {
        FlowElement::BoundaryEvent(event) => {
            let host = checker.topology.hosts[row.0 as usize]?;
            let alone = event.cancel_activity != Some(false) && event.catch.parallel_multiple != Some(true);
            alone.then_some(Around::Activity(host))
        }
        FlowElement::StartEvent(event) if checker.level_kind(row) == Some(LevelKind::Event) => {
            let owner = checker.level_of(row)?.owner?;
            let level = checker.topology.level_of[owner.0 as usize]?;
            let alone = event.is_interrupting != Some(false) && event.catch.parallel_multiple != Some(true);
            alone.then_some(Around::Level(level))
        }
        _ => None,
    }
}

/// What is handled: the root element that declares it, the first one of equal code for errors and escalations.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Declaration {
    Root(u32),
    AnyError,
    AnyEscalation,
    Cancel,
}

/// For each root element itself, but for errors and escalations the first one with the same code.
struct Codes {
    first: Vec<u32>,
}

impl Codes {
    fn new(definitions: &Definitions) -> Self {
        let mut errors: HashMap<&str, u32> = HashMap::new();
        let mut escalations: HashMap<&str, u32> = HashMap::new();
        let roots = definitions.root_elements.iter().enumerate();
        let first = roots.map(|(row, root)| {
            let (known, code) = match root {
                RootElement::Error(error) => (&mut errors, error.error_code.as_deref()),
                RootElement::Escalation(escalation) => {
                    (&mut escalations, escalation.escalation_code.as_deref())
                }
                _ => return row as u32,
            };
            match code.filter(|code| !code.is_empty()) {
                Some(code) => *known.entry(code).or_insert(row as u32),
                None => row as u32,
            }
        });
        Codes { first: first.collect() }
    }
}

/// What a definition handles, where two handlers can be told to handle the same thing; timers and conditions cannot.
fn declaration(
    checker: &Checker<'_, '_>,
    codes: &Codes,
    definition: &EventDefinition,
) -> Option<Declaration> {
    let row = |reference: &Option<Reference>| {
        let reference = reference.as_ref()?;
        checker.root_element(reference)?;
        checker.resolve(reference)?.root
    };
    let coded = |reference: &Option<Reference>, any: Declaration| match reference {
        None => Some(any),
        Some(_) => Some(Declaration::Root(codes.first[row(reference)? as usize])),
    };
    match definition {
        EventDefinition::Message(message) => row(&message.message_ref).map(Declaration::Root),
        EventDefinition::Signal(signal) => row(&signal.signal_ref).map(Declaration::Root),
        EventDefinition::Error(error) => coded(&error.error_ref, Declaration::AnyError),
        EventDefinition::Escalation(escalation) => {
            coded(&escalation.escalation_ref, Declaration::AnyEscalation)
        }
        EventDefinition::Cancel(_) => Some(Declaration::Cancel),
        EventDefinition::Timer(_)
        | EventDefinition::Conditional(_)
        | EventDefinition::Compensate(_)
        | EventDefinition::Link(_)
        | EventDefinition::Terminate(_) => None,
    }
}
