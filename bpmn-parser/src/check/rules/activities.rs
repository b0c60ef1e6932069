//! Activities (R099 to R102, R108 to R116); what moves into and out of them has a file of its own.

use super::context::{Checker, Place};
use super::document::is_mime_type;
use super::topology::LevelKind;
use crate::Severity;
use crate::model::{
    AdHocOrdering, CallActivity, CallableElement, FlowElement, FlowElementIx, InputOutputSpecification,
    RootElement, ScriptTask,
};
use crate::property::Dialect;
use std::collections::HashSet;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for row in checker.rows() {
        if checker.process_of(row).is_none() || checker.definitions[row].activity().is_none() {
            continue;
        }
        quantities(checker, row);
        operation_sets(checker, row);
        sub_process(checker, row);
        match &checker.definitions[row] {
            FlowElement::ReceiveTask(task)
                if task.instantiate == Some(true) && !checker.incoming(row).is_empty() =>
            {
                let message = "a receive task that creates instances has no incoming flow";
                checker.error(100, checker.at(row), message);
            }
            FlowElement::ScriptTask(task) => script(checker, row, task),
            FlowElement::CallActivity(call) => called_io(checker, row, call),
            _ => {}
        }
    }
    ad_hoc(checker);
    bindings(checker);
}

/// R099.
fn quantities(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let Some(activity) = checker.definitions[row].activity() else { return };
    let quantities =
        [("startQuantity", activity.start_quantity), ("completionQuantity", activity.completion_quantity)];
    for (name, value) in quantities {
        if let Some(value) = value.filter(|value| !(1..=i64::from(u32::MAX)).contains(value)) {
            checker.error(
                99,
                checker.at(row),
                format!("`{name}` is {value}; it is between 1 and {}", u32::MAX),
            );
        }
    }
}

/// R101; a script task of a dialect may hold its script in an extension instead.
fn script(checker: &mut Checker<'_, '_>, row: FlowElementIx, task: &ScriptTask) {
    let Some(script) = &task.script else { return };
    let format = task.script_format.as_deref().unwrap_or_default();
    if format.is_empty() {
        let in_extension = checker.properties("scriptTask", checker.definitions[row].base()).script.is_some();
        let severity = if in_extension { Severity::Warning } else { Severity::Error };
        checker.find(severity, 101, checker.part(row, script), "the script has no `scriptFormat`");
    } else if checker.dialect == Dialect::Plain && !is_mime_type(format) {
        let message =
            format!("`scriptFormat` is `{format}`, which is not a MIME type such as `text/x-python`");
        checker.warning(101, checker.at(row), message);
    }
}

/// R102: an operation has one message in and at most one out.
fn operation_sets(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let FlowElement::ServiceTask(task) = &checker.definitions[row] else { return };
    let Some(io) = task.activity.io_specification.as_deref().filter(|_| task.operation_ref.is_some()) else {
        return;
    };
    if io.input_sets.len() > 1 || io.output_sets.len() > 1 {
        let message = "a service task with an operation has one input set and at most one output set";
        checker.error(102, checker.at(row), message);
    }
}

/// R108 to R110, R113, R114.
fn sub_process(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let element = &checker.definitions[row];
    let Some(sub_process) = element.sub_process() else { return };
    let place = checker.at(row);
    if sub_process.activity.io_specification.is_some() && sub_process.activity.loop_characteristics.is_none()
    {
        checker.warning(
            108,
            place,
            "a sub-process has no input and output specification: it sees the data around it",
        );
    }
    let has_flow = !checker.incoming(row).is_empty() || !checker.outgoing(row).is_empty();
    if checker.is_event_sub_process(row) && has_flow {
        checker.error(109, place, "an event sub-process has no incoming and no outgoing flows");
    }
    match element {
        FlowElement::Transaction(transaction) => {
            if sub_process.triggered_by_event == Some(true) {
                checker.warning(110, place, "a transaction is not triggered by an event");
            }
            let method = transaction.method.as_deref().unwrap_or("##Compensate");
            if !method.starts_with("##") && !method.contains(':') {
                let message =
                    format!("`method` is `{method}`, which is no address of a transaction protocol");
                let severity = checker.executed_at(row, Severity::Warning);
                checker.find(severity, 114, place, message);
            }
        }
        FlowElement::AdHocSubProcess(ad_hoc) => {
            if sub_process.triggered_by_event == Some(true) {
                checker.warning(110, place, "an ad-hoc sub-process is not triggered by an event");
            }
            let sequential = ad_hoc.ordering == Some(AdHocOrdering::Sequential);
            if sequential && ad_hoc.cancel_remaining_instances == Some(false) {
                let message =
                    "`cancelRemainingInstances` has no effect: with sequential ordering only one runs";
                checker.warning(113, place, message);
            }
        }
        _ => {}
    }
}

/// R111 and R112.
fn ad_hoc(checker: &mut Checker<'_, '_>) {
    for level in checker.levels().iter().filter(|level| level.kind == LevelKind::AdHoc) {
        let Some(owner) = level.owner else { continue };
        let mut has_activity = false;
        for row in level.content {
            let element = &checker.definitions[*row];
            has_activity |= element.activity().is_some();
            match element {
                FlowElement::StartEvent(_) | FlowElement::EndEvent(_) => {
                    let message = format!(
                        "an ad-hoc sub-process has no `{}`; {} is one",
                        element.name(),
                        checker.name(*row)
                    );
                    checker.error(111, checker.at(owner), message);
                }
                FlowElement::IntermediateCatchEvent(_) | FlowElement::IntermediateThrowEvent(_)
                    if checker.outgoing(*row).is_empty() =>
                {
                    let message = "an intermediate event in an ad-hoc sub-process has an outgoing flow";
                    checker.error(112, checker.at(*row), message);
                }
                _ => {}
            }
        }
        if !has_activity {
            checker.error(111, checker.at(owner), "an ad-hoc sub-process contains an activity");
        }
    }
}

/// R115: a call passes what the called element takes and gives.
fn called_io(checker: &mut Checker<'_, '_>, row: FlowElementIx, call: &CallActivity) {
    let own = call.activity.io_specification.as_deref();
    let called = call.called_element.as_ref().and_then(|it| checker.root_element(it)).and_then(callable);
    let (Some(own), Some(called)) = (own, called.and_then(|it| it.io_specification.as_deref())) else {
        return;
    };
    let shape = |io: &InputOutputSpecification| {
        [io.data_inputs.len(), io.data_outputs.len(), io.input_sets.len(), io.output_sets.len()]
    };
    let (own_shape, called_shape) = (shape(own), shape(called));
    if own_shape != called_shape {
        let [inputs, outputs, input_sets, output_sets] = called_shape;
        let message = format!(
            "the called element has {inputs} inputs and {outputs} outputs in {input_sets} and {output_sets} sets, \
             this call has others"
        );
        checker.error(115, checker.at(row), message);
    }
}

/// What processes and global tasks share.
fn callable(root: &RootElement) -> Option<&CallableElement> {
    match root {
        RootElement::Process(process) => Some(&process.callable),
        RootElement::GlobalTask(task) => Some(&task.callable),
        RootElement::GlobalUserTask(task) => Some(&task.task.callable),
        RootElement::GlobalManualTask(task) => Some(&task.task.callable),
        RootElement::GlobalBusinessRuleTask(task) => Some(&task.task.callable),
        RootElement::GlobalScriptTask(task) => Some(&task.task.callable),
        _ => None,
    }
}

/// R116: what is offered as a service says which operation is which input and output.
fn bindings(checker: &mut Checker<'_, '_>) {
    for root in &checker.definitions.root_elements {
        let Some(callable) = callable(root) else { continue };
        let place = Place::of(&callable.base);
        if !callable.supported_interface_refs.is_empty() && callable.io_bindings.is_empty() {
            checker.error(
                116,
                place,
                "an element that supports an interface has an `ioBinding` for its operations",
            );
        }
        let supported = callable.supported_interface_refs.iter();
        let supported: HashSet<u32> =
            supported.filter_map(|it| checker.resolve(it)).filter_map(|it| it.root).collect();
        for binding in &callable.io_bindings {
            let Some(operation) = &binding.operation_ref else { continue };
            let found = checker.resolve(operation).filter(|it| it.name == "operation");
            if found.and_then(|it| it.root).is_some_and(|interface| !supported.contains(&interface)) {
                let message = format!("`{}` is no operation of a supported interface", operation.text);
                let place = Place { element: place.element, position: binding.base.markup.position };
                checker.error(116, place, message);
            }
        }
    }
}
