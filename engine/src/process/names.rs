//! The names that a process declares; they decide how FEEL reads names with spaces and special characters.

use bpmn_parser::graph::{ProcessGraph, Repeat};

/// Every declared variable of all levels, sorted, each once.
pub(super) fn declared(graph: &ProcessGraph) -> Vec<&str> {
    let mut names: Vec<&str> = graph.data.iter().map(|data| data.name.as_str()).collect();
    names.extend(
        graph.io.iter().flat_map(|io| io.inputs.iter().chain(&io.outputs)).map(|data| data.name.as_str()),
    );
    for node in &graph.nodes {
        names.extend(node.data.iter().map(|data| data.name.as_str()));
        let io = node.io.iter().flat_map(|io| io.inputs.iter().chain(&io.outputs));
        names.extend(io.map(|data| data.name.as_str()));
        let properties = &node.properties;
        let mappings = properties.inputs.iter().chain(&properties.outputs);
        names.extend(mappings.map(|mapping| mapping.target.split('.').next().unwrap_or_default()));
        names.extend(properties.result_variable.as_deref());
        names.extend(properties.loop_data.input_element.as_deref());
        names.extend(properties.loop_data.output_collection.as_deref());
        if let Some(Repeat::MultiInstance(multi)) =
            node.kind.activity().and_then(|activity| activity.repeat.as_ref())
        {
            let data = [&multi.data_input, &multi.data_output, &multi.input_item, &multi.output_item];
            names.extend(data.into_iter().flatten().map(String::as_str));
        }
    }
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    names
}
