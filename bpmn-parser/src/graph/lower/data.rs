//! Data: which variable each item-aware element is, the data of each scope, inputs and outputs, associations.

use super::process::Level;
use super::{Lowering, id_or_place};
use crate::graph::{DataAssociation, DataElement, DataKind, DataSet, IoSpecification, Node};
use crate::model::{
    self, BaseElement, Container, DataInput, DataOutput, DataState, Definitions, FlowElement, FlowElementIx,
    InputOutputSpecification, InputSet, OutputSet, Process, Property, Reference,
};
use std::borrow::Cow;
use std::collections::HashMap;

/// The names of data objects that only their references name, by the id of the object.
pub(super) fn object_names(definitions: &Definitions) -> HashMap<&str, &str> {
    let mut names = HashMap::new();
    for element in &definitions.flow_elements {
        let FlowElement::DataObjectReference(reference) = element else { continue };
        if let (Some(object), Some(name)) = (&reference.data_object_ref, &reference.element.name) {
            names.entry(object.local()).or_insert(without_state(name));
        }
    }
    names
}

/// A reference is labelled `name [state]` (R143); the state is no part of the variable.
fn without_state(name: &str) -> &str {
    match name.strip_suffix(']').and_then(|name| name.rsplit_once('[')) {
        Some((name, _)) if !name.trim().is_empty() => name.trim(),
        Some(_) | None => name.trim(),
    }
}

impl<'d> Lowering<'d, '_> {
    pub(super) fn process_data(&mut self, process: &'d Process, level: &Level) -> Vec<DataElement> {
        let mut data = self.contained_data(Container::Root(level.root));
        data.extend(process.properties.iter().map(property));
        data
    }

    /// The data objects and store references directly inside a container.
    fn contained_data(&mut self, container: Container) -> Vec<DataElement> {
        let definitions = self.definitions;
        let elements = definitions.content(container).iter().map(|row| &definitions[*row]);
        let mut data = Vec::new();
        for element in elements {
            if let FlowElement::DataObject(object) = element {
                data.push(DataElement {
                    id: id_or_place(object.element.base.id.as_deref(), element.position()),
                    name: self.object_name(object).into_owned(),
                    kind: DataKind::Object,
                    is_collection: object.is_collection.unwrap_or(false),
                    state: state(&object.data_state),
                    position: element.position(),
                });
            } else if let FlowElement::DataStoreReference(reference) = element {
                let store = self.store_name(reference);
                data.push(DataElement {
                    id: id_or_place(reference.element.base.id.as_deref(), element.position()),
                    name: reference.element.name.clone().unwrap_or_else(|| store.clone()),
                    kind: DataKind::Store(store),
                    is_collection: false,
                    state: state(&reference.data_state),
                    position: element.position(),
                });
            }
        }
        data
    }

    fn store_name(&mut self, reference: &'d model::DataStoreReference) -> String {
        let base = &reference.element.base;
        let store = reference.data_store_ref.as_ref().and_then(|store| {
            self.resolve_root(store, |root| {
                let model::RootElement::DataStore(store) = root else { return None };
                Some(store)
            })
        });
        let named = store.and_then(|store| store.name.as_ref().or(store.base.id.as_ref()));
        let named = named.map(|name| self.shared(name));
        named.unwrap_or_else(|| id_or_place(base.id.as_deref(), base.markup.position))
    }

    fn object_name(&self, object: &'d model::DataObject) -> Cow<'d, str> {
        let base = &object.element.base;
        if let Some(name) = object.element.name.as_deref().filter(|name| !name.trim().is_empty()) {
            return Cow::Borrowed(name.trim());
        }
        let referred = base.id.as_deref().and_then(|id| self.object_names.get(id));
        match referred {
            Some(name) if !name.is_empty() => Cow::Borrowed(name),
            Some(_) | None => match &base.id {
                Some(id) => Cow::Borrowed(id.as_str()),
                None => Cow::Owned(id_or_place(None, base.markup.position)),
            },
        }
    }

    /// The data, inputs, outputs and associations of a node.
    pub(super) fn node_data(&mut self, row: FlowElementIx, node: &mut Node) {
        let element = &self.definitions[row];
        if element.sub_process().is_some() {
            node.data = self.contained_data(Container::FlowElement(row));
        }
        if let Some(activity) = element.activity() {
            node.data.extend(activity.properties.iter().map(property));
            node.io = activity.io_specification.as_ref().map(|io| self.io_specification(io));
            let inputs = activity.data_input_associations.iter().map(|it| &it.association);
            node.data_inputs = self.associations(inputs);
            let outputs = activity.data_output_associations.iter().map(|it| &it.association);
            node.data_outputs = self.associations(outputs);
        }
        if let Some(event) = element.event() {
            node.data.extend(event.properties.iter().map(property));
        }
        if let Some(catch) = element.catch_event() {
            let outputs = catch.data_output_associations.iter().map(|it| &it.association);
            node.data_outputs = self.associations(outputs);
            if !catch.data_outputs.is_empty() {
                node.io =
                    Some(self.specification(&[], &catch.data_outputs, &[], catch.output_set.as_deref()));
            }
        }
        if let Some(throw) = element.throw_event() {
            let inputs = throw.data_input_associations.iter().map(|it| &it.association);
            node.data_inputs = self.associations(inputs);
            if !throw.data_inputs.is_empty() {
                node.io = Some(self.specification(&throw.data_inputs, &[], throw.input_set.as_deref(), &[]));
            }
        }
    }

    pub(super) fn io_specification(&mut self, io: &'d InputOutputSpecification) -> IoSpecification {
        self.specification(&io.data_inputs, &io.data_outputs, &io.input_sets, &io.output_sets)
    }

    fn specification(
        &mut self,
        inputs: &'d [DataInput],
        outputs: &'d [DataOutput],
        input_sets: impl IntoIterator<Item = &'d InputSet> + Clone,
        output_sets: impl IntoIterator<Item = &'d OutputSet> + Clone,
    ) -> IoSpecification {
        let input_rows = rows(inputs.iter().map(|it| &it.base));
        let output_rows = rows(outputs.iter().map(|it| &it.base));
        let input_set_rows = rows(input_sets.clone().into_iter().map(|it| &it.base));
        let output_set_rows = rows(output_sets.clone().into_iter().map(|it| &it.base));
        let mut io = IoSpecification {
            inputs: inputs.iter().map(input).collect(),
            outputs: outputs.iter().map(output).collect(),
            input_sets: Vec::new(),
            output_sets: Vec::new(),
        };
        for set in input_sets {
            io.input_sets.push(DataSet {
                members: members(&set.data_input_refs, &input_rows),
                optional: members(&set.optional_input_refs, &input_rows),
                paired: members(&set.output_set_refs, &output_set_rows),
            });
        }
        for set in output_sets {
            io.output_sets.push(DataSet {
                members: members(&set.data_output_refs, &output_rows),
                optional: members(&set.optional_output_refs, &output_rows),
                paired: members(&set.input_set_refs, &input_set_rows),
            });
        }
        io
    }

    fn associations(
        &mut self,
        associations: impl Iterator<Item = &'d model::DataAssociation>,
    ) -> Vec<DataAssociation> {
        let mut lowered = Vec::new();
        for association in associations {
            let target = association.target_ref.as_ref().and_then(|target| self.data_name(target));
            let Some(target) = target else { continue };
            let sources: Vec<Option<String>> =
                association.source_refs.iter().map(|it| self.data_name(it)).collect();
            let assignments =
                association.assignments.iter().filter_map(|it| it.from.as_ref().zip(it.to.as_ref()));
            lowered.push(DataAssociation {
                sources: sources.into_iter().flatten().collect(),
                target,
                transformation: association.transformation.as_ref().map(|it| self.dialect.expression(it)),
                assignments: assignments
                    .map(|(from, to)| (self.dialect.expression(from), self.dialect.expression(to)))
                    .collect(),
                position: association.base.markup.position,
            });
        }
        lowered
    }

    /// The variable of an item-aware element that a reference means.
    pub(super) fn data_name(&mut self, reference: &Reference) -> Option<String> {
        const KINDS: [&str; 9] = [
            "inputDataItem",
            "outputDataItem",
            "dataObject",
            "dataObjectReference",
            "dataStore",
            "dataStoreReference",
            "property",
            "dataInput",
            "dataOutput",
        ];
        let entry = self.resolve(reference).filter(|entry| KINDS.contains(&entry.name))?;
        match self.data_object(&entry) {
            Some(object) => {
                let name = self.object_name(object);
                Some(self.shared(&name))
            }
            None => self.name_of(&entry),
        }
    }

    /// The data object that an entry is or refers to.
    fn data_object(&self, entry: &model::Entry<'d>) -> Option<&'d model::DataObject> {
        let definitions = self.definitions;
        let mut element = &definitions[entry.flow_element?];
        if let FlowElement::DataObjectReference(reference) = element {
            element = &definitions[self.index.resolve(reference.data_object_ref.as_ref()?)?.flow_element?];
        }
        let FlowElement::DataObject(object) = element else { return None };
        Some(object)
    }
}

/// The rows of the members of a set.
fn members(references: &[Reference], rows: &HashMap<&str, u32>) -> Vec<u32> {
    let row = |it: &Reference| rows.get(it.local()).or_else(|| rows.get(it.text.as_str())).copied();
    references.iter().filter_map(row).collect()
}

fn rows<'d>(elements: impl Iterator<Item = &'d BaseElement>) -> HashMap<&'d str, u32> {
    elements.enumerate().filter_map(|(row, base)| Some((base.id.as_deref()?, row as u32))).collect()
}

fn state(state: &Option<DataState>) -> Option<String> {
    state.as_ref().and_then(|state| state.name.clone())
}

fn property(property: &Property) -> DataElement {
    data_element(&property.base, &property.name, DataKind::Property, false, &property.data_state)
}

fn input(input: &DataInput) -> DataElement {
    let is_collection = input.is_collection.unwrap_or(false);
    data_element(&input.base, &input.name, DataKind::Input, is_collection, &input.data_state)
}

fn output(output: &DataOutput) -> DataElement {
    let is_collection = output.is_collection.unwrap_or(false);
    data_element(&output.base, &output.name, DataKind::Output, is_collection, &output.data_state)
}

fn data_element(
    base: &BaseElement,
    name: &Option<String>,
    kind: DataKind,
    is_collection: bool,
    data_state: &Option<DataState>,
) -> DataElement {
    let position = base.markup.position;
    let id = id_or_place(base.id.as_deref(), position);
    let name = name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
    DataElement { id, name, kind, is_collection, state: state(data_state), position }
}
