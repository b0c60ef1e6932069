//! Data: objects, inputs and outputs with their sets, associations (R022, R023, R142 to R156).

use super::context::{Checker, Place};
use crate::Severity;
use crate::model::{
    BaseElement, DataAssociation, DataInput, DataOutput, Entry, Expression, FlowElement, FlowElementIx,
    InputOutputSpecification, InputSet, OutputSet, Reference, RootElement,
};
use std::collections::{HashMap, HashSet};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for row in checker.rows() {
        objects(checker, row);
        let element = &checker.definitions[row];
        if let Some(activity) = element.activity() {
            if let Some(io) = &activity.io_specification {
                specification(checker, element.id(), io);
            }
            for it in &activity.data_input_associations {
                association(checker, row, &it.association, true);
            }
            for it in &activity.data_output_associations {
                association(checker, row, &it.association, false);
            }
        }
        if let Some(throw) = element.throw_event() {
            for it in &throw.data_input_associations {
                association(checker, row, &it.association, true);
            }
            let sets = throw.input_set.as_deref().map(std::slice::from_ref).unwrap_or_default();
            Sets { owner: element.id(), inputs: &throw.data_inputs, outputs: &[], ins: sets, outs: &[] }
                .check(checker);
        }
        if let Some(catch) = element.catch_event() {
            for it in &catch.data_output_associations {
                association(checker, row, &it.association, false);
            }
            let sets = catch.output_set.as_deref().map(std::slice::from_ref).unwrap_or_default();
            Sets { owner: element.id(), inputs: &[], outputs: &catch.data_outputs, ins: &[], outs: sets }
                .check(checker);
        }
    }
    for root in &checker.definitions.root_elements {
        let io = match root {
            RootElement::Process(process) => process.callable.io_specification.as_deref(),
            RootElement::GlobalTask(task) => task.callable.io_specification.as_deref(),
            RootElement::GlobalUserTask(task) => task.task.callable.io_specification.as_deref(),
            RootElement::GlobalManualTask(task) => task.task.callable.io_specification.as_deref(),
            RootElement::GlobalBusinessRuleTask(task) => task.task.callable.io_specification.as_deref(),
            RootElement::GlobalScriptTask(task) => task.task.callable.io_specification.as_deref(),
            RootElement::DataStore(store) => {
                if store.capacity.is_some() && store.is_unlimited == Some(true) {
                    checker.warning(
                        156,
                        Place::of(&store.base),
                        "`capacity` means nothing where `isUnlimited` is true",
                    );
                }
                None
            }
            _ => None,
        };
        if let Some(io) = io {
            specification(checker, root.id(), io);
        }
    }
}

/// R142 and R143.
fn objects(checker: &mut Checker<'_, '_>, row: FlowElementIx) {
    let element = &checker.definitions[row];
    let data = matches!(
        element,
        FlowElement::DataObject(_) | FlowElement::DataObjectReference(_) | FlowElement::DataStoreReference(_)
    );
    if data && checker.level_of(row).is_none() {
        let message = format!("a `{}` stands in a process or sub-process", element.name());
        checker.error(142, checker.at(row), message);
    }
    let FlowElement::DataObjectReference(reference) = element else { return };
    let state = reference.data_state.as_ref().and_then(|state| state.name.as_deref());
    let (Some(state), Some(name)) = (state, reference.element.name.as_deref()) else { return };
    let labelled = name.trim_end().strip_suffix(']').and_then(|name| name.rsplit_once('['));
    if labelled.map(|(_, label)| label.trim()) != Some(state.trim()) {
        let message = format!("a data object reference with a state is labelled `{} [{state}]`", name.trim());
        checker.warning(143, checker.at(row), message);
    }
}

/// R144, and the rules of sets.
fn specification(checker: &mut Checker<'_, '_>, owner: Option<&str>, io: &InputOutputSpecification) {
    if io.input_sets.is_empty() || io.output_sets.is_empty() {
        let place = Place { element: owner, position: io.base.markup.position };
        checker.error(144, place, "an input and output specification has an input set and an output set");
        return;
    }
    let sets = Sets {
        owner,
        inputs: &io.data_inputs,
        outputs: &io.data_outputs,
        ins: &io.input_sets,
        outs: &io.output_sets,
    };
    sets.check(checker);
}

/// Inputs and outputs with their sets, of a specification or of an event.
struct Sets<'d> {
    owner: Option<&'d str>,
    inputs: &'d [DataInput],
    outputs: &'d [DataOutput],
    ins: &'d [InputSet],
    outs: &'d [OutputSet],
}

impl Sets<'_> {
    fn check(&self, checker: &mut Checker<'_, '_>) {
        let inputs: HashSet<&str> = self.inputs.iter().filter_map(|it| it.base.id.as_deref()).collect();
        let outputs: HashSet<&str> = self.outputs.iter().filter_map(|it| it.base.id.as_deref()).collect();
        let mut used: HashSet<&str> = HashSet::new();
        for set in self.ins {
            let place = self.place(&set.base);
            let all = &set.data_input_refs;
            self.members(checker, place, "dataInput", all, &inputs);
            self.subset(checker, place, "optionalInputRefs", &set.optional_input_refs, all);
            self.subset(checker, place, "whileExecutingInputRefs", &set.while_executing_input_refs, all);
            used.extend(all.iter().map(|it| own_id(it, &inputs)));
        }
        for set in self.outs {
            let place = self.place(&set.base);
            let all = &set.data_output_refs;
            self.members(checker, place, "dataOutput", all, &outputs);
            self.subset(checker, place, "optionalOutputRefs", &set.optional_output_refs, all);
            self.subset(checker, place, "whileExecutingOutputRefs", &set.while_executing_output_refs, all);
            used.extend(all.iter().map(|it| own_id(it, &outputs)));
        }
        // An event without a set has one that holds everything.
        if self.ins.is_empty() && self.outs.is_empty() {
            return;
        }
        let inputs = self.inputs.iter().map(|it| (&it.base, "input"));
        let outputs = self.outputs.iter().map(|it| (&it.base, "output"));
        for (base, what) in inputs.chain(outputs) {
            if !base.id.as_deref().is_some_and(|id| used.contains(id)) {
                let id = base.id.as_deref().unwrap_or_default();
                let message = format!("the data {what} `{id}` is in no {what} set");
                let place = Place { element: self.owner, position: base.markup.position };
                checker.error(145, place, message);
            }
        }
        self.pairs(checker);
    }

    fn place<'e>(&'e self, part: &'e BaseElement) -> Place<'e> {
        Place { element: part.id.as_deref().or(self.owner), position: part.markup.position }
    }

    /// R022: members of the right kind are of this very specification.
    fn members(
        &self,
        checker: &mut Checker<'_, '_>,
        place: Place<'_>,
        kind: &str,
        references: &[Reference],
        own: &HashSet<&str>,
    ) {
        for reference in references {
            let found = checker.resolve(reference).filter(|it| it.name == kind);
            let id = found.and_then(|it| it.element.id());
            if id.is_some_and(|id| !own.contains(id)) {
                let message = format!("`{}` belongs to another specification", reference.text);
                checker.error(22, place, message);
            }
        }
    }

    /// R146.
    fn subset(
        &self,
        checker: &mut Checker<'_, '_>,
        place: Place<'_>,
        name: &str,
        part: &[Reference],
        all: &[Reference],
    ) {
        let all: HashSet<&str> = all.iter().map(Reference::local).collect();
        for reference in part.iter().filter(|it| !all.contains(it.local())) {
            let message = format!("`{name}` holds `{}`, which is not in the set itself", reference.text);
            checker.error(146, place, message);
        }
    }

    /// R023 and R147: pairs of sets name each other.
    fn pairs(&self, checker: &mut Checker<'_, '_>) {
        let ins: HashMap<&str, HashSet<&str>> = self
            .ins
            .iter()
            .filter_map(|it| Some((it.base.id.as_deref()?, locals(&it.output_set_refs))))
            .collect();
        let outs: HashMap<&str, HashSet<&str>> = self
            .outs
            .iter()
            .filter_map(|it| Some((it.base.id.as_deref()?, locals(&it.input_set_refs))))
            .collect();
        for set in self.ins {
            let place = self.place(&set.base);
            self.paired(checker, place, set.base.id.as_deref(), "outputSet", &set.output_set_refs, &outs);
        }
        for set in self.outs {
            let place = self.place(&set.base);
            self.paired(checker, place, set.base.id.as_deref(), "inputSet", &set.input_set_refs, &ins);
        }
    }

    fn paired(
        &self,
        checker: &mut Checker<'_, '_>,
        place: Place<'_>,
        own: Option<&str>,
        kind: &str,
        references: &[Reference],
        others: &HashMap<&str, HashSet<&str>>,
    ) {
        for reference in references {
            let text = &reference.text;
            match others.get(reference.local()) {
                Some(back) if own.is_some_and(|own| back.contains(own)) => {}
                Some(_) => {
                    checker.error(147, place, format!("the {kind} `{text}` does not name this set in turn"))
                }
                None if checker.resolve(reference).is_some_and(|it| it.name == kind) => {
                    checker.error(23, place, format!("the {kind} `{text}` belongs to another specification"));
                }
                None => {}
            }
        }
    }
}

fn locals(references: &[Reference]) -> HashSet<&str> {
    references.iter().map(Reference::local).collect()
}

/// The id that a reference means, where it may hold a colon itself.
fn own_id<'r>(reference: &'r Reference, own: &HashSet<&str>) -> &'r str {
    if own.contains(reference.local()) { reference.local() } else { &reference.text }
}

/// R149, R151, R152, R154.
fn association(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    association: &DataAssociation,
    is_input: bool,
) {
    if checker.process_of(row).is_none() {
        return;
    }
    let place = checker.own_part(row, association);
    let moves_parts = association.transformation.is_some() || !association.assignments.is_empty();
    match association.source_refs.len() {
        1 => {}
        0 if !moves_parts => {
            checker.warning(
                149,
                place,
                "the association has no source, no transformation and no assignment: it moves nothing",
            );
        }
        count if count > 1 && !moves_parts => {
            let message =
                format!("an association without transformation has one source; this one has {count}");
            checker.error(149, place, message);
        }
        _ => {}
    }
    let targets = association.target_ref.as_slice();
    let (own, others) = if is_input {
        (targets, association.source_refs.as_slice())
    } else {
        (association.source_refs.as_slice(), targets)
    };
    for reference in own {
        own_end(checker, row, place, reference, is_input);
    }
    for reference in others {
        let Some(found) = checker.resolve(reference) else { continue };
        if !is_visible(checker, &found, row) {
            let message = format!("`{}` is not in scope here", reference.text);
            checker.error(152, place, message);
        }
    }
    let assignments = association.assignments.iter().flat_map(|it| [&it.from, &it.to]).flatten();
    for expression in assignments {
        formal(checker, row, expression);
    }
}

/// R151: the inner end is a data input or output of the element itself. A property of its own may stand in for it,
/// as common tools write.
fn own_end(
    checker: &mut Checker<'_, '_>,
    row: FlowElementIx,
    place: Place<'_>,
    reference: &Reference,
    is_input: bool,
) {
    let Some(found) = checker.resolve(reference) else { return };
    let (kind, item) =
        if is_input { ("dataInput", "inputDataItem") } else { ("dataOutput", "outputDataItem") };
    let inside = found.inside == Some(row);
    let of_process = found.inside.is_none() && found.flow_element.is_none();
    let process_data = match checker.definitions[row] {
        FlowElement::StartEvent(_) => found.name == "dataInput" && of_process,
        FlowElement::EndEvent(_) => found.name == "dataOutput" && of_process,
        _ => false,
    };
    if (inside && (found.name == kind || found.name == item)) || process_data {
        return;
    }
    if inside && found.name == "property" {
        let message = format!(
            "`{}` is a property; the association moves nothing into or out of the element",
            reference.text
        );
        return checker.warning(151, place, message);
    }
    let message = format!("`{}` is no {kind} of this element", reference.text);
    checker.error(151, place, message);
}

/// R154.
fn formal(checker: &mut Checker<'_, '_>, row: FlowElementIx, expression: &Expression) {
    let vague = !expression.is_declared_formal() && !expression.body.text.trim().is_empty();
    if vague && checker.executed_at(row, Severity::Warning) == Severity::Warning {
        let message =
            "the expression of an assignment is not declared as `tFormalExpression`; it is read as one";
        checker.warning(154, checker.part(row, expression), message);
    }
}

/// Whether a flow element sees an item-aware element: its own, or one of a scope around it.
pub(super) fn is_visible(checker: &Checker<'_, '_>, found: &Entry<'_>, from: FlowElementIx) -> bool {
    if found.name == "dataStore" {
        return true;
    }
    let root = checker.topology.roots[from.0 as usize];
    if found.root != root {
        return false;
    }
    match (found.flow_element, found.inside) {
        // A data object or reference: its container is around the element.
        (Some(data), _) => is_around(checker, checker.level_of(data).and_then(|level| level.owner), from),
        // A property, input or output of a flow element: the element itself or one around it.
        (None, Some(owner)) => owner == from || is_around(checker, Some(owner), from),
        // Of the process.
        (None, None) => true,
    }
}

/// Whether a sub-process, or the process if there is none, is around a flow element.
fn is_around(checker: &Checker<'_, '_>, owner: Option<FlowElementIx>, from: FlowElementIx) -> bool {
    let mut here = Some(from);
    while let Some(row) = here {
        let around = checker.level_of(row).and_then(|level| level.owner);
        if around == owner {
            return true;
        }
        here = around;
    }
    false
}
