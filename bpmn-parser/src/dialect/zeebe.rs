//! The table of Camunda 8 (`zeebe:`).

use super::{DialectReader, ZEEBE, attribute, names};
use crate::model::{BaseElement, FragmentRef};
use crate::property::{Binding, Mapping, Properties};

/// The attributes of each extension element; others are not known.
const ATTRIBUTES: [(&str, &[&str]); 23] = [
    ("taskDefinition", &["type", "retries"]),
    ("jobPriorityDefinition", &["priority"]),
    ("ioMapping", &[]),
    ("input", &["source", "target"]),
    ("output", &["source", "target"]),
    ("subscription", &["correlationKey"]),
    ("publishMessage", &["correlationKey", "messageId", "timeToLive"]),
    ("userTask", &[]),
    ("assignmentDefinition", &["assignee", "candidateGroups", "candidateUsers"]),
    ("formDefinition", &["formId", "formKey", "externalReference", "bindingType", "versionTag"]),
    ("taskSchedule", &["dueDate", "followUpDate"]),
    ("priorityDefinition", &["priority"]),
    (
        "calledElement",
        &[
            "processId",
            "propagateAllChildVariables",
            "propagateAllParentVariables",
            "bindingType",
            "versionTag",
        ],
    ),
    ("calledDecision", &["decisionId", "resultVariable", "bindingType", "versionTag"]),
    ("script", &["expression", "resultVariable"]),
    ("taskHeaders", &[]),
    ("header", &["key", "value"]),
    ("versionTag", &["value"]),
    ("adHoc", &["activeElementsCollection", "outputCollection", "outputElement"]),
    ("conditionalFilter", &["variableNames", "variableEvents"]),
    ("loopCharacteristics", &["inputCollection", "inputElement", "outputCollection", "outputElement"]),
    ("userTaskForm", &["id"]),
    ("properties", &[]),
];

/// Reads the extension elements of one element.
pub(super) fn read(
    reader: &mut DialectReader<'_>,
    name: &str,
    base: &BaseElement,
    properties: &mut Properties,
) {
    for element in base.extensions().filter(|it| it.namespace() == Some(ZEEBE)) {
        report_attributes(reader, base, &element);
        read_element(reader, name, base, &element, properties);
    }
    for foreign in base.markup.attributes.iter().filter(|it| it.namespace.as_deref() == Some(ZEEBE)) {
        match foreign.local.as_str() {
            "modelerTemplate" | "modelerTemplateVersion" | "modelerTemplateIcon" => {}
            other => reader.unknown(other, base, base.markup.position),
        }
    }
}

/// Says which attributes of an extension element are not known, or make no difference.
fn report_attributes(reader: &mut DialectReader<'_>, base: &BaseElement, element: &FragmentRef<'_>) {
    let Some((name, known)) = ATTRIBUTES.iter().find(|(name, _)| *name == element.local()) else { return };
    for attribute in element.attributes() {
        let what = format!("{name} {}", attribute.local);
        if attribute.namespace.is_some() || !known.contains(&attribute.local.as_str()) {
            reader.unknown(&what, base, element.position());
        } else if *name == "formDefinition"
            && matches!(attribute.local.as_str(), "bindingType" | "versionTag")
        {
            reader.without_effect(&what, base, element.position());
        }
    }
}

fn read_element(
    reader: &mut DialectReader<'_>,
    name: &str,
    base: &BaseElement,
    element: &FragmentRef<'_>,
    properties: &mut Properties,
) {
    let position = element.position();
    let mut text = |local: &str| attribute(element, local).map(|value| reader.text(value, position));
    match element.local() {
        "taskDefinition" => {
            properties.job_type = text("type");
            properties.retries = text("retries");
        }
        "jobPriorityDefinition" => properties.job_priority = text("priority"),
        "ioMapping" => read_mappings(reader, base, element, properties),
        "subscription" => {
            let key = attribute(element, "correlationKey");
            properties.correlation_key = key.map(|key| reader.value_expression(key, position));
        }
        "publishMessage" => {
            properties.message_id = text("messageId");
            properties.message_ttl = text("timeToLive");
            let key = attribute(element, "correlationKey");
            properties.correlation_key = key.map(|key| reader.value_expression(key, position));
        }
        "userTask" => properties.native_user_task = true,
        "assignmentDefinition" => {
            properties.people.assignee = text("assignee");
            properties.people.candidate_groups = text("candidateGroups");
            properties.people.candidate_users = text("candidateUsers");
        }
        "formDefinition" => {
            let form = text("formId").or_else(|| text("formKey"));
            properties.people.form = form.or_else(|| text("externalReference"));
        }
        "taskSchedule" => {
            properties.people.due_date = text("dueDate");
            properties.people.follow_up_date = text("followUpDate");
        }
        "priorityDefinition" => properties.people.priority = text("priority"),
        "calledElement" | "calledDecision" | "script" => read_call(reader, base, element, properties),
        "taskHeaders" => read_headers(element, properties),
        "versionTag" => properties.version_tag = attribute(element, "value").map(str::to_owned),
        "adHoc" => read_ad_hoc(reader, element, properties),
        "conditionalFilter" => {
            let list = |local| attribute(element, local).map(names).unwrap_or_default();
            properties.condition_filter = Some((list("variableNames"), list("variableEvents")));
        }
        "loopCharacteristics" if name == "multiInstanceLoopCharacteristics" => {
            read_loop_data(reader, element, properties);
        }
        // The form of a modeler and what only the modeler reads.
        "userTaskForm" | "properties" => {}
        other @ ("executionListeners" | "taskListeners" | "linkedResources" | "agentDefinition") => {
            reader.unsupported(other, base, position);
        }
        other => reader.unknown(other, base, position),
    }
}

/// What is called or evaluated, and where its result goes.
fn read_call(
    reader: &mut DialectReader<'_>,
    base: &BaseElement,
    element: &FragmentRef<'_>,
    properties: &mut Properties,
) {
    let position = element.position();
    if element.local() == "script" {
        let script = attribute(element, "expression");
        properties.script = script.map(|script| reader.value_expression(script, position));
    } else {
        let id = attribute(element, "processId").or_else(|| attribute(element, "decisionId"));
        properties.called.id = id.map(|id| reader.text(id, position));
        properties.called.binding = binding(reader, base, element);
    }
    if element.local() == "calledElement" {
        properties.called.propagate_all_parent_variables = flag(element, "propagateAllParentVariables");
        properties.called.propagate_all_child_variables = flag(element, "propagateAllChildVariables");
    } else {
        properties.result_variable = attribute(element, "resultVariable").map(str::to_owned);
    }
}

fn read_loop_data(reader: &mut DialectReader<'_>, element: &FragmentRef<'_>, properties: &mut Properties) {
    let position = element.position();
    let data = &mut properties.loop_data;
    data.input_collection = attribute(element, "inputCollection").map(|value| reader.text(value, position));
    data.input_element = attribute(element, "inputElement").map(str::to_owned);
    data.output_collection = attribute(element, "outputCollection").map(str::to_owned);
    data.output_element = attribute(element, "outputElement").map(|value| reader.text(value, position));
}

fn read_mappings(
    reader: &mut DialectReader<'_>,
    base: &BaseElement,
    element: &FragmentRef<'_>,
    properties: &mut Properties,
) {
    for entry in element.elements().filter(|it| it.namespace() == Some(ZEEBE)) {
        report_attributes(reader, base, &entry);
        let list = match entry.local() {
            "input" => &mut properties.inputs,
            "output" => &mut properties.outputs,
            other => {
                reader.unknown(other, base, entry.position());
                continue;
            }
        };
        let source = entry.attribute("source").unwrap_or_default();
        list.push(Mapping {
            source: reader.text(source, entry.position()),
            target: entry.attribute("target").unwrap_or_default().to_owned(),
            position: entry.position(),
        });
    }
}

fn read_headers(element: &FragmentRef<'_>, properties: &mut Properties) {
    for header in element.elements().filter(|it| it.is(ZEEBE, "header")) {
        let key = header.attribute("key").unwrap_or_default().to_owned();
        let value = header.attribute("value").unwrap_or_default().to_owned();
        properties.headers.push((key, value));
    }
}

fn read_ad_hoc(reader: &mut DialectReader<'_>, element: &FragmentRef<'_>, properties: &mut Properties) {
    let position = element.position();
    let active = attribute(element, "activeElementsCollection");
    properties.active_elements = active.map(|value| reader.value_expression(value, position));
    properties.loop_data.output_collection = attribute(element, "outputCollection").map(str::to_owned);
    let output = attribute(element, "outputElement");
    properties.loop_data.output_element = output.map(|value| reader.text(value, position));
}

fn binding(reader: &mut DialectReader<'_>, base: &BaseElement, element: &FragmentRef<'_>) -> Binding {
    match attribute(element, "bindingType") {
        None | Some("latest") => Binding::Latest,
        Some("deployment") => Binding::Deployment,
        Some("versionTag") => {
            let tag = attribute(element, "versionTag").unwrap_or_default();
            Binding::VersionTag(reader.text(tag, element.position()))
        }
        Some(other) => {
            reader.unknown(&format!("bindingType={other}"), base, element.position());
            Binding::Latest
        }
    }
}

fn flag(element: &FragmentRef<'_>, local: &str) -> Option<bool> {
    element.attribute(local).map(|value| value == "true")
}
