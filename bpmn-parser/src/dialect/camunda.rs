//! The table of Camunda 7 (`camunda:`), which Flowable and Activiti share under their own namespaces.

use super::{DialectReader, attribute};
use crate::model::{BaseElement, FragmentRef};
use crate::property::{Binding, Mapping, Properties, Text};

/// Reads the attributes and extension elements of one element.
pub(super) fn read(
    reader: &mut DialectReader<'_>,
    namespace: &str,
    name: &str,
    base: &BaseElement,
    properties: &mut Properties,
) {
    let attributes = base.markup.attributes.iter().filter(|it| it.namespace.as_deref() == Some(namespace));
    for attribute in attributes {
        read_attribute(reader, name, base, (&attribute.local, &attribute.value), properties);
    }
    for element in base.extensions().filter(|it| it.namespace() == Some(namespace)) {
        read_element(reader, namespace, base, &element, properties);
    }
}

fn read_attribute(
    reader: &mut DialectReader<'_>,
    name: &str,
    base: &BaseElement,
    (local, value): (&str, &str),
    properties: &mut Properties,
) {
    let position = base.markup.position;
    let people = &mut properties.people;
    match local {
        "topic" => properties.job_type = Some(reader.text(value, position)),
        "class" | "delegateExpression" if is_job(name) => {
            let bean = value.trim().trim_start_matches(['$', '#']).trim_matches(['{', '}']).trim();
            properties.job_type.get_or_insert_with(|| Text::Literal(bean.to_owned()));
        }
        "expression" => properties.service_expression = Some(reader.value_expression(value, position)),
        "type" if value == "external" => {}
        "type" => {
            properties.job_type.get_or_insert_with(|| Text::Literal(value.to_owned()));
        }
        "resultVariable" | "resultVariableName" => properties.result_variable = Some(value.to_owned()),
        "taskPriority" | "jobPriority" => properties.job_priority = Some(reader.text(value, position)),
        "assignee" => people.assignee = Some(reader.text(value, position)),
        "candidateUsers" => people.candidate_users = Some(reader.text(value, position)),
        "candidateGroups" => people.candidate_groups = Some(reader.text(value, position)),
        "dueDate" => people.due_date = Some(reader.text(value, position)),
        "followUpDate" => people.follow_up_date = Some(reader.text(value, position)),
        "priority" => people.priority = Some(reader.text(value, position)),
        "formKey" | "formRef" => people.form = Some(reader.text(value, position)),
        "decisionRef" => properties.called.id = Some(reader.text(value, position)),
        "mapDecisionResult" => properties.called.map_decision_result = Some(value.to_owned()),
        "calledElementBinding" | "decisionRefBinding" => match value {
            "deployment" => properties.called.binding = Binding::Deployment,
            "latest" | "version" | "versionTag" => {}
            other => reader.unknown(&format!("{local}={other}"), base, position),
        },
        "calledElementVersion" | "decisionRefVersion" => {
            properties.called.binding = Binding::Version(reader.text(value, position));
        }
        "calledElementVersionTag" | "decisionRefVersionTag" => {
            properties.called.binding = Binding::VersionTag(reader.text(value, position));
        }
        "errorCodeVariable" | "escalationCodeVariable" => properties.code_variable = Some(value.to_owned()),
        "errorMessageVariable" => properties.message_variable = Some(value.to_owned()),
        "initiator" => properties.initiator = Some(value.to_owned()),
        "versionTag" => properties.version_tag = Some(value.to_owned()),
        "historyTimeToLive" => properties.history_time_to_live = Some(value.to_owned()),
        "asyncBefore" | "asyncAfter" | "async" | "exclusive" => reader.without_effect(local, base, position),
        "modelerTemplate"
        | "modelerTemplateVersion"
        | "modelerTemplateIcon"
        | "formRefBinding"
        | "formRefVersion" => {}
        "class"
        | "delegateExpression"
        | "caseRef"
        | "caseBinding"
        | "caseVersion"
        | "caseTenantId"
        | "variableMappingClass"
        | "variableMappingDelegateExpression"
        | "candidateStarterGroups"
        | "candidateStarterUsers"
        | "isStartableInTasklist"
        | "calledElementTenantId"
        | "decisionRefTenantId"
        | "resource"
        | "variableName"
        | "variableEvents" => reader.unsupported(local, base, position),
        other => reader.unknown(other, base, position),
    }
}

fn read_element(
    reader: &mut DialectReader<'_>,
    namespace: &str,
    base: &BaseElement,
    element: &FragmentRef<'_>,
    properties: &mut Properties,
) {
    let position = element.position();
    match element.local() {
        "inputOutput" => read_mappings(reader, namespace, base, element, properties),
        "in" => read_in(reader, base, element, properties),
        "out" => read_out(reader, base, element, properties),
        "failedJobRetryTimeCycle" => {
            let cycle = element.joined_text();
            properties.retry_cycle = Some(reader.text(cycle.trim(), position));
        }
        // What only the modeler or a worklist reads.
        "properties" | "formData" | "formProperty" => {}
        other @ ("executionListener"
        | "taskListener"
        | "field"
        | "connector"
        | "errorEventDefinition"
        | "script") => {
            reader.unsupported(other, base, position);
        }
        other => reader.unknown(other, base, position),
    }
}

/// Reads the data side of a multi-instance activity.
pub(super) fn read_loop(
    reader: &mut DialectReader<'_>,
    namespace: &str,
    base: &BaseElement,
    properties: &mut Properties,
) {
    let position = base.markup.position;
    if let Some(collection) = base.foreign(namespace, "collection") {
        // A bare name is a variable.
        let text = match reader.text(collection, position) {
            Text::Literal(name) => Text::Expression(crate::property::Expression {
                text: name,
                language: crate::property::Language::Feel,
                position,
            }),
            expression @ Text::Expression(_) => expression,
        };
        properties.loop_data.input_collection = Some(text);
    }
    properties.loop_data.input_element = base.foreign(namespace, "elementVariable").map(str::to_owned);
}

fn read_mappings(
    reader: &mut DialectReader<'_>,
    namespace: &str,
    base: &BaseElement,
    element: &FragmentRef<'_>,
    properties: &mut Properties,
) {
    for entry in element.elements().filter(|it| it.namespace() == Some(namespace)) {
        let list = match entry.local() {
            "inputParameter" => &mut properties.inputs,
            "outputParameter" => &mut properties.outputs,
            other => {
                reader.unknown(other, base, entry.position());
                continue;
            }
        };
        if entry.elements().next().is_some() {
            let inner = entry.elements().next().map_or("", |it| it.local()).to_owned();
            reader.unsupported(&inner, base, entry.position());
            continue;
        }
        list.push(Mapping {
            source: reader.text(entry.joined_text().trim(), entry.position()),
            target: entry.attribute("name").unwrap_or_default().to_owned(),
            position: entry.position(),
        });
    }
}

fn read_in(
    reader: &mut DialectReader<'_>,
    base: &BaseElement,
    element: &FragmentRef<'_>,
    properties: &mut Properties,
) {
    let called = &mut properties.called;
    if attribute(element, "variables") == Some("all") {
        called.propagate_all_parent_variables = Some(true);
    } else if element.attribute("businessKey").is_some() {
        reader.unsupported("in businessKey", base, element.position());
    } else {
        called.inputs.extend(mapping(reader, element));
    }
}

fn read_out(
    reader: &mut DialectReader<'_>,
    base: &BaseElement,
    element: &FragmentRef<'_>,
    properties: &mut Properties,
) {
    if attribute(element, "variables") == Some("all") {
        properties.called.propagate_all_child_variables = Some(true);
        return;
    }
    match mapping(reader, element) {
        Some(mapping) => properties.called.outputs.push(mapping),
        None => reader.unknown("out", base, element.position()),
    }
}

fn mapping(reader: &mut DialectReader<'_>, element: &FragmentRef<'_>) -> Option<Mapping> {
    let position = element.position();
    let source = match attribute(element, "sourceExpression") {
        Some(expression) => reader.text(expression, position),
        None => Text::Expression(crate::property::Expression {
            text: attribute(element, "source")?.to_owned(),
            language: crate::property::Language::Feel,
            position,
        }),
    };
    let target = attribute(element, "target")?.to_owned();
    Some(Mapping { source, target, position })
}

/// Whether the element's work is done by a job.
fn is_job(name: &str) -> bool {
    matches!(
        name,
        "serviceTask"
            | "sendTask"
            | "businessRuleTask"
            | "messageEventDefinition"
            | "intermediateThrowEvent"
            | "endEvent"
    )
}
