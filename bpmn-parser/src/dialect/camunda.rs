//! The table of Camunda 7 (`camunda:`), which Flowable and Activiti share under their own namespaces.

mod parameter;

use super::{DialectReader, attribute, names};
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
    for foreign in base.markup.attributes.iter().filter(|it| it.namespace.as_deref() == Some(namespace)) {
        let (local, value) = (foreign.local.as_str(), foreign.value.as_str());
        let read = read_work(reader, name, base, (local, value), properties)
            || read_people(reader, base, (local, value), properties)
            || read_call(reader, base, (local, value), properties)
            || read_variables(reader, base, (local, value), properties);
        if !read {
            read_rest(reader, base, local);
        }
    }
    for element in base.extensions().filter(|it| it.namespace() == Some(namespace)) {
        read_element(reader, namespace, base, &element, properties);
    }
}

/// Who does the work of a task, and how often.
fn read_work(
    reader: &mut DialectReader<'_>,
    name: &str,
    base: &BaseElement,
    (local, value): (&str, &str),
    properties: &mut Properties,
) -> bool {
    let position = base.markup.position;
    match local {
        "topic" => properties.job_type = Some(reader.text(value, position)),
        "class" | "delegateExpression" if is_job(name) => {
            let bean = value.trim().trim_start_matches(['$', '#']).trim_matches(['{', '}']).trim();
            properties.job_type.get_or_insert_with(|| Text::Literal(bean.to_owned()));
        }
        "expression" if is_job(name) => {
            properties.service_expression = Some(reader.value_expression(value, position));
        }
        "type" if value == "external" => {}
        "type" => {
            properties.job_type.get_or_insert_with(|| Text::Literal(value.to_owned()));
        }
        "resultVariable" | "resultVariableName" => properties.result_variable = Some(value.to_owned()),
        "taskPriority" | "jobPriority" => properties.job_priority = Some(reader.text(value, position)),
        _ => return false,
    }
    true
}

/// The people side of a user task.
fn read_people(
    reader: &mut DialectReader<'_>,
    base: &BaseElement,
    (local, value): (&str, &str),
    properties: &mut Properties,
) -> bool {
    let people = &mut properties.people;
    let field = match local {
        "assignee" => &mut people.assignee,
        "candidateUsers" => &mut people.candidate_users,
        "candidateGroups" => &mut people.candidate_groups,
        "dueDate" => &mut people.due_date,
        "followUpDate" => &mut people.follow_up_date,
        "priority" => &mut people.priority,
        "formKey" | "formRef" => &mut people.form,
        _ => return false,
    };
    *field = Some(reader.text(value, base.markup.position));
    true
}

/// What is called, and in which version.
fn read_call(
    reader: &mut DialectReader<'_>,
    base: &BaseElement,
    (local, value): (&str, &str),
    properties: &mut Properties,
) -> bool {
    let position = base.markup.position;
    let called = &mut properties.called;
    match local {
        "decisionRef" => called.id = Some(reader.text(value, position)),
        "mapDecisionResult" => called.map_decision_result = Some(value.to_owned()),
        "calledElementBinding" | "decisionRefBinding" => match value {
            "deployment" => called.binding = Binding::Deployment,
            "latest" | "version" | "versionTag" => {}
            other => reader.unknown(&format!("{local}={other}"), base, position),
        },
        "sameDeployment" if value == "true" => called.binding = Binding::Deployment,
        "sameDeployment" => {}
        "calledElementVersion" | "decisionRefVersion" => {
            called.binding = Binding::Version(reader.text(value, position));
        }
        "calledElementVersionTag" | "decisionRefVersionTag" => {
            called.binding = Binding::VersionTag(reader.text(value, position));
        }
        "inheritVariables" => called.propagate_all_parent_variables = Some(value == "true"),
        _ => return false,
    }
    true
}

/// Loops, conditions, what is caught, and the process itself.
fn read_variables(
    reader: &mut DialectReader<'_>,
    base: &BaseElement,
    (local, value): (&str, &str),
    properties: &mut Properties,
) -> bool {
    let position = base.markup.position;
    match local {
        "collection" => {
            let collection = match reader.text(value, position) {
                Text::Literal(name) => parameter::variable(&name, position),
                expression @ Text::Expression(_) => expression,
            };
            properties.loop_data.input_collection = Some(collection);
        }
        "elementVariable" => properties.loop_data.input_element = Some(value.to_owned()),
        "variableName" => properties.condition_filter.get_or_insert_default().0 = vec![value.to_owned()],
        "variableEvents" => properties.condition_filter.get_or_insert_default().1 = names(value),
        "errorCodeVariable" | "escalationCodeVariable" => properties.code_variable = Some(value.to_owned()),
        "errorMessageVariable" => properties.message_variable = Some(value.to_owned()),
        "initiator" => properties.initiator = Some(value.to_owned()),
        "versionTag" => properties.version_tag = Some(value.to_owned()),
        "historyTimeToLive" => properties.history_time_to_live = Some(value.to_owned()),
        _ => return false,
    }
    true
}

fn read_rest(reader: &mut DialectReader<'_>, base: &BaseElement, local: &str) {
    let position = base.markup.position;
    match local {
        // What only a modeler reads.
        "modelerTemplate" | "modelerTemplateVersion" | "modelerTemplateIcon" | "extensionId" => {}
        "asyncBefore"
        | "asyncAfter"
        | "async"
        | "exclusive"
        | "formRefBinding"
        | "formRefVersion"
        | "category"
        | "formFieldValidation"
        | "isStartableInTasklist" => reader.without_effect(local, base, position),
        "class"
        | "delegateExpression"
        | "expression"
        | "caseRef"
        | "caseBinding"
        | "caseVersion"
        | "caseTenantId"
        | "variableMappingClass"
        | "variableMappingDelegateExpression"
        | "candidateStarterGroups"
        | "candidateStarterUsers"
        | "calledElementTenantId"
        | "decisionRefTenantId"
        | "resource"
        | "skipExpression"
        | "triggerable"
        | "useLocalScopeForResultVariable"
        | "storeResultVariableAsTransient"
        | "elementIndexVariable"
        | "businessKey"
        | "inheritBusinessKey"
        | "calledElementType"
        | "fallbackToDefaultTenant"
        | "completeAsync"
        | "formHandlerClass" => reader.unsupported(local, base, position),
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
    report_attributes(reader, base, element);
    match element.local() {
        "inputOutput" => read_mappings(reader, namespace, base, element, properties),
        "in" => read_in(reader, base, element, properties),
        "out" => read_out(reader, base, element, properties),
        "failedJobRetryTimeCycle" => {
            let cycle = element.joined_text();
            properties.retry_cycle = Some(reader.text(cycle.trim(), position));
        }
        // What only a modeler reads.
        "properties" => {}
        other @ ("formData" | "formProperty") => reader.without_effect(other, base, position),
        other @ ("executionListener"
        | "taskListener"
        | "field"
        | "connector"
        | "errorEventDefinition"
        | "script"
        | "potentialStarter"
        | "customResource"
        | "eventType"
        | "eventInParameter"
        | "eventOutParameter"
        | "eventCorrelationParameter"
        | "channelKey"
        | "mapException"
        | "failedJobRetry") => {
            reader.unsupported(other, base, position);
        }
        other => reader.unknown(other, base, position),
    }
}

/// Says which attributes of a mapping are not known, or not run.
fn report_attributes(reader: &mut DialectReader<'_>, base: &BaseElement, element: &FragmentRef<'_>) {
    const KNOWN: [&str; 5] = ["source", "sourceExpression", "target", "variables", "businessKey"];
    let name = element.local();
    if !matches!(name, "in" | "out") {
        return;
    }
    for attribute in element.attributes().iter().filter(|it| !KNOWN.contains(&it.local.as_str())) {
        let what = format!("{name} {}", attribute.local);
        match attribute.local.as_str() {
            "local" if attribute.value == "false" => {}
            "local" | "transient" => reader.unsupported(&what, base, element.position()),
            _ => reader.unknown(&what, base, element.position()),
        }
    }
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
        let Some(source) = parameter::value(reader, base, &entry) else { continue };
        let target = entry.attribute("name").unwrap_or_default().to_owned();
        list.push(Mapping { source, target, position: entry.position() });
    }
}

fn read_in(
    reader: &mut DialectReader<'_>,
    base: &BaseElement,
    element: &FragmentRef<'_>,
    properties: &mut Properties,
) {
    if attribute(element, "variables") == Some("all") {
        properties.called.propagate_all_parent_variables = Some(true);
    } else if element.attribute("businessKey").is_some() {
        reader.unsupported("in businessKey", base, element.position());
    } else {
        match mapping(reader, element) {
            Some(mapping) => properties.called.inputs.push(mapping),
            None => reader.unknown("in", base, element.position()),
        }
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
        None => parameter::variable(attribute(element, "source")?, position),
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
            | "globalBusinessRuleTask"
    )
}
