//! Data objects, specifications and associations (10.4).

use super::{Build, EXPRESSION};
use crate::process::support::NOT_SUPPORTED;
use crate::process::{Association, Data, Io};
use bpmn_parser::graph::{DataAssociation, DataElement, DataKind, IoSpecification, Node};
use bpmn_parser::property::Expression;
use std::sync::Arc;

/// The data objects and properties among what is declared; a reference to a store declares nothing.
pub(super) fn declared(data: &[DataElement]) -> Vec<Arc<str>> {
    let lives = |data: &&DataElement| matches!(data.kind, DataKind::Object | DataKind::Property);
    data.iter().filter(lives).map(|data| Arc::from(data.name.as_str())).collect()
}

pub(super) fn specification(io: &IoSpecification) -> Io {
    let names = |data: &[DataElement]| {
        data.iter().map(|data| Arc::from(data.name.as_str())).collect::<Vec<Arc<str>>>()
    };
    let (inputs, outputs) = (names(&io.inputs), names(&io.outputs));
    let required = |sets: &[bpmn_parser::graph::DataSet], names: &[Arc<str>]| -> Vec<Vec<Arc<str>>> {
        let of = |set: &bpmn_parser::graph::DataSet| {
            let needed = set.members.iter().filter(|member| !set.optional.contains(member));
            needed.filter_map(|member| names.get(*member as usize).cloned()).collect()
        };
        sets.iter().map(of).collect()
    };
    Io {
        input_sets: required(&io.input_sets, &inputs),
        output_sets: required(&io.output_sets, &outputs),
        inputs,
        outputs,
    }
}

impl Build<'_> {
    pub(super) fn data(&mut self, node: &Node) -> Option<Data> {
        let data = Data {
            declared: declared(&node.data),
            io: node.io.as_ref().map(specification),
            inputs: node.data_inputs.iter().map(|association| self.association(node, association)).collect(),
            outputs: node
                .data_outputs
                .iter()
                .map(|association| self.association(node, association))
                .collect(),
        };
        let is_empty = data.declared.is_empty()
            && data.io.is_none()
            && data.inputs.is_empty()
            && data.outputs.is_empty();
        (!is_empty).then_some(data)
    }

    fn association(&mut self, node: &Node, association: &DataAssociation) -> Association {
        let ends = association.sources.iter().chain([&association.target]);
        if let Some(store) = ends.into_iter().find(|name| self.is_store(name)) {
            let message =
                format!("the data store `{store}` that `{}` reads or writes is not supported yet", node.id);
            self.error(NOT_SUPPORTED, &node.id, association.position, message);
        }
        let assignments = association
            .assignments
            .iter()
            .map(|(from, to)| (self.expression(&node.id, from), self.path(node, &association.target, to)))
            .collect();
        Association {
            sources: association.sources.iter().map(|name| Arc::from(name.as_str())).collect(),
            target: Arc::from(association.target.as_str()),
            transformation: self.optional(&node.id, association.transformation.as_ref()),
            assignments,
        }
    }

    fn is_store(&self, name: &str) -> bool {
        let levels = self.graph.nodes.iter().map(|node| &node.data).chain([&self.graph.data]);
        levels.flatten().any(|data| match &data.kind {
            DataKind::Store(store) => store == name || data.name == name || data.id == name,
            DataKind::Object | DataKind::Property | DataKind::Input | DataKind::Output => false,
        })
    }

    /// `to` names a part of the target: a path that may begin with the target's own name.
    fn path(&mut self, node: &Node, target: &str, to: &Expression) -> Vec<Arc<str>> {
        let mut steps: Vec<&str> = to.text.trim().split('.').map(str::trim).collect();
        if steps
            .iter()
            .any(|step| step.is_empty() || !step.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ' '))
        {
            let message = format!("`{}` of `{}` is no path into `{target}`", to.text.trim(), node.id);
            self.error(EXPRESSION, &node.id, to.position, message);
            return Vec::new();
        }
        if steps.first() == Some(&target) {
            steps.remove(0);
        }
        steps.into_iter().map(Arc::from).collect()
    }
}
