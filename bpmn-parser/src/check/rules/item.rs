//! The types of what moves: items of messages, data and associations agree (R086, R087, R103 to R106, R148, R150).

use super::context::{Checker, Place, quoted};
use crate::model::{
    BaseElement, DataAssociation, DataInput, DataOutput, Definitions, Element, EventDefinition, FlowElement,
    FlowElementIx, InputOutputSpecification, Operation, Reference, RootElement,
};
use std::collections::HashMap;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    collections(checker);
    let operations = operations(checker.definitions);
    for row in checker.rows() {
        if checker.process_of(row).is_none() {
            continue;
        }
        event_data(checker, row);
        tasks(checker, row, &operations);
        let element = &checker.definitions[row];
        let activity = element.activity();
        let inputs = activity.map(|it| it.data_input_associations.as_slice()).unwrap_or_default();
        let thrown =
            element.throw_event().map(|it| it.data_input_associations.as_slice()).unwrap_or_default();
        for it in inputs.iter().chain(thrown) {
            same_item(checker, row, &it.association);
        }
        let outputs = activity.map(|it| it.data_output_associations.as_slice()).unwrap_or_default();
        let caught =
            element.catch_event().map(|it| it.data_output_associations.as_slice()).unwrap_or_default();
        for it in outputs.iter().chain(caught) {
            same_item(checker, row, &it.association);
        }
    }
}

/// R148: where `isCollection` is written, it says what the item definition says.
fn collections(checker: &mut Checker<'_, '_>) {
    let definitions = checker.definitions;
    let mut wrong = Vec::new();
    definitions.walk(&mut |entry| {
        if !matches!(
            entry.name,
            "dataObject" | "dataInput" | "dataOutput" | "inputDataItem" | "outputDataItem"
        ) {
            return;
        }
        let written = boolean(entry.element, "isCollection");
        let item = reference(entry.element, "itemSubjectRef").and_then(|it| checker.root_element(it));
        if let (Some(written), Some(RootElement::ItemDefinition(item))) = (written, item)
            && written != item.is_collection.unwrap_or(false)
        {
            wrong.push((checker.entry_place(&entry), written, item.base.id.as_deref().unwrap_or_default()));
        }
    });
    for (place, written, item) in wrong {
        let message = format!("`isCollection` is {written}, but not of the item definition `{item}`");
        checker.error(148, place, message);
    }
}

fn boolean(element: &dyn Element, wanted: &str) -> Option<bool> {
    let mut found = None;
    element.attributes(&mut |name, value| {
        if let ("isCollection", crate::model::AttributeValue::Boolean(value)) = (name, value)
            && wanted == name
        {
            found = Some(value);
        }
    });
    found
}

fn reference<'e>(element: &'e dyn Element, wanted: &str) -> Option<&'e Reference> {
    let mut found = None;
    element.attributes(&mut |name, value| {
        if let crate::model::AttributeValue::Reference(reference) = value
            && wanted == name
        {
            found = Some(reference);
        }
    });
    found
}

/// The item definition that a reference means, by its id.
fn item<'d>(checker: &Checker<'d, '_>, reference: Option<&Reference>) -> Option<&'d str> {
    match checker.root_element(reference?)? {
        RootElement::ItemDefinition(item) => item.base.id.as_deref(),
        _ => None,
    }
}

/// The item of the message that a reference means.
fn message_item<'d>(checker: &Checker<'d, '_>, reference: Option<&Reference>) -> Option<&'d str> {
    match checker.root_element(reference?)? {
        RootElement::Message(message) => item(checker, message.item_ref.as_ref()),
        _ => None,
    }
}

/// R086 and R087: inputs and outputs of an event belong to its definitions, in order.
fn event_data(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let element = &checker.definitions[row];
    let data: Vec<(&BaseElement, Option<&Reference>)> = match (element.catch_event(), element.throw_event()) {
        (Some(catch), _) => {
            catch.data_outputs.iter().map(|it| (&it.base, it.item_subject_ref.as_ref())).collect()
        }
        (_, Some(throw)) => {
            throw.data_inputs.iter().map(|it| (&it.base, it.item_subject_ref.as_ref())).collect()
        }
        (None, None) => return,
    };
    let definitions = checker.definitions_of(row);
    let carriers: Vec<Option<&str>> = definitions.iter().filter_map(|it| carried(checker, it)).collect();
    if data.is_empty() || carriers.is_empty() {
        return;
    }
    let typed = carriers.iter().flatten().count();
    let place = checker.at(row);
    if data.len() > carriers.len() || data.len() < typed {
        let message = format!(
            "the event has {} data inputs or outputs, but {} of its definitions carry an item",
            data.len(),
            carriers.len()
        );
        return checker.error(86, place, message);
    }
    if data.len() != carriers.len() {
        return;
    }
    for ((base, own), carried) in data.iter().zip(carriers) {
        let own = item(checker, *own);
        if let (Some(own), Some(carried)) = (own, carried)
            && own != carried
        {
            let message =
                format!("the item is `{}`, but the event carries `{}`", quoted(own), quoted(carried));
            checker.error(87, Place { element: place.element, position: base.markup.position }, message);
        }
    }
}

/// What a definition carries: nothing at all, or an item that may be unknown.
fn carried<'d>(checker: &Checker<'d, '_>, definition: &EventDefinition) -> Option<Option<&'d str>> {
    let structure = |reference: &Option<Reference>| {
        let root = checker.root_element(reference.as_ref()?)?;
        let structure = match root {
            RootElement::Signal(signal) => &signal.structure_ref,
            RootElement::Error(error) => &error.structure_ref,
            RootElement::Escalation(escalation) => &escalation.structure_ref,
            _ => return None,
        };
        item(checker, structure.as_ref())
    };
    match definition {
        EventDefinition::Message(message) => Some(message_item(checker, message.message_ref.as_ref())),
        EventDefinition::Signal(signal) => Some(structure(&signal.signal_ref)),
        EventDefinition::Error(error) => Some(structure(&error.error_ref)),
        EventDefinition::Escalation(escalation) => Some(structure(&escalation.escalation_ref)),
        EventDefinition::Timer(_)
        | EventDefinition::Conditional(_)
        | EventDefinition::Cancel(_)
        | EventDefinition::Compensate(_)
        | EventDefinition::Link(_)
        | EventDefinition::Terminate(_) => None,
    }
}

/// R103 to R106.
fn tasks(checker: &mut Checker<'_, '_>, row: FlowElementIx, operations: &HashMap<&str, &Operation>) {
    let (activity, operation, message) = match &checker.definitions[row] {
        FlowElement::ServiceTask(task) => (&task.activity, task.operation_ref.as_ref(), None),
        FlowElement::SendTask(task) => {
            (&task.activity, task.operation_ref.as_ref(), task.message_ref.as_ref())
        }
        FlowElement::ReceiveTask(task) => {
            (&task.activity, task.operation_ref.as_ref(), task.message_ref.as_ref())
        }
        _ => return,
    };
    let io = activity.io_specification.as_deref();
    let found = operation.and_then(|it| checker.resolve(it)).and_then(|it| it.element.id());
    let found = found.and_then(|id| operations.get(id));
    let inward = found.and_then(|it| it.in_message_ref.as_ref());
    let outward = found.and_then(|it| it.out_message_ref.as_ref());
    match (&checker.definitions[row], io) {
        (FlowElement::ServiceTask(_), Some(io)) if operation.is_some() => {
            let expected = message_item(checker, inward);
            input_item(checker, row, 103, io, expected);
            let expected = message_item(checker, outward);
            output_item(checker, row, 103, io, expected);
        }
        (FlowElement::SendTask(_), Some(io)) => {
            if io.input_sets.len() > 1 || io.data_inputs.len() > 1 {
                let message = "a send task has at most one input set and one data input: the message";
                checker.error(104, checker.at(row), message);
            } else {
                let expected = message_item(checker, message);
                input_item(checker, row, 104, io, expected);
            }
        }
        (FlowElement::ReceiveTask(_), Some(io)) => {
            if io.output_sets.len() > 1 || io.data_outputs.len() > 1 {
                let message = "a receive task has at most one output set and one data output: the message";
                checker.error(105, checker.at(row), message);
            } else {
                let expected = message_item(checker, message);
                output_item(checker, row, 105, io, expected);
            }
        }
        _ => {}
    }
    operation_message(checker, row, message, [inward, outward]);
}

/// R106: the message of the task is one of its operation.
fn operation_message(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    message: Option<&Reference>,
    of_operation: [Option<&Reference>; 2],
) {
    let Some(message) = message.filter(|_| of_operation.iter().any(Option::is_some)) else { return };
    if !of_operation.iter().flatten().any(|it| it.local() == message.local()) {
        let text = format!("`messageRef` is `{}`, which is no message of the operation", message.text);
        checker.warning(106, checker.at(row), text);
    }
}

/// The operations of all interfaces by their ids.
fn operations(definitions: &Definitions) -> HashMap<&str, &Operation> {
    let interfaces = definitions.root_elements.iter().filter_map(|root| match root {
        RootElement::Interface(interface) => Some(interface),
        _ => None,
    });
    let operations = interfaces.flat_map(|interface| &interface.operations);
    operations.filter_map(|it| Some((it.base.id.as_deref()?, it))).collect()
}

fn input_item(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    code: u16,
    io: &InputOutputSpecification,
    expected: Option<&str>,
) {
    let only: Option<&DataInput> = io.data_inputs.first().filter(|_| io.data_inputs.len() == 1);
    if let Some(input) = only {
        fits(checker, row, code, &input.base, input.item_subject_ref.as_ref(), expected);
    }
}

fn output_item(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    code: u16,
    io: &InputOutputSpecification,
    expected: Option<&str>,
) {
    let only: Option<&DataOutput> = io.data_outputs.first().filter(|_| io.data_outputs.len() == 1);
    if let Some(output) = only {
        fits(checker, row, code, &output.base, output.item_subject_ref.as_ref(), expected);
    }
}

fn fits(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    code: u16,
    base: &BaseElement,
    own: Option<&Reference>,
    expected: Option<&str>,
) {
    let own = item(checker, own);
    if let (Some(own), Some(expected)) = (own, expected)
        && own != expected
    {
        let place = Place { element: checker.at(row).element, position: base.markup.position };
        checker.error(
            code,
            place,
            format!("the item is `{}`, but that of the message is `{}`", quoted(own), quoted(expected)),
        );
    }
}

/// R150: a plain copy does not change the type.
fn same_item(checker: &mut Checker<'_, '_>, row: FlowElementIx, association: &DataAssociation) {
    if association.transformation.is_some() || !association.assignments.is_empty() {
        return;
    }
    let ([source], Some(target)) = (association.source_refs.as_slice(), &association.target_ref) else {
        return;
    };
    let (from, to) = (item_of(checker, source), item_of(checker, target));
    if let (Some(from), Some(to)) = (from, to)
        && from != to
    {
        let message = format!(
            "the source is a `{}`, the target a `{}`: that needs a transformation",
            quoted(from),
            quoted(to)
        );
        checker.error(150, checker.own_part(row, association), message);
    }
}

/// The item definition of an item-aware element; a data object reference takes it from its object.
fn item_of<'d>(checker: &Checker<'d, '_>, end: &Reference) -> Option<&'d str> {
    let entry = checker.resolve(end)?;
    if let Some(own) = reference(entry.element, "itemSubjectRef") {
        return item(checker, Some(own));
    }
    let object =
        reference(entry.element, "dataObjectRef").or_else(|| reference(entry.element, "dataStoreRef"))?;
    let object = checker.resolve(object)?;
    item(checker, Some(reference(object.element, "itemSubjectRef")?))
}
