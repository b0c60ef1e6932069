//! Each row of the dialect tables: what a vendor's file says arrives in the neutral properties.

use crate::support::{definitions, feel, findings, graph, literal, model, node, process};
use bpmn_parser::graph::{EventDefinition, NodeKind};
use bpmn_parser::property::{Binding, Dialect, Language, Properties, Text};

/// The properties of one element with an id `T`.
fn of(element: &str) -> Properties {
    (*node(&graph(&process(element)), "T").properties).clone()
}

fn zeebe(name: &str, extension: &str) -> Properties {
    of(&format!("<{name} id=\"T\"><extensionElements>{extension}</extensionElements></{name}>"))
}

#[test]
fn zeebe_jobs() {
    let properties = zeebe(
        "serviceTask",
        "<zeebe:taskDefinition type=\"pay\" retries=\"=tries + 1\"/><zeebe:jobPriorityDefinition priority=\"7\"/>\
         <zeebe:taskHeaders><zeebe:header key=\"b\" value=\"1\"/><zeebe:header key=\"a\" value=\"2\"/></zeebe:taskHeaders>",
    );
    assert_eq!(literal(&properties.job_type), "pay");
    assert_eq!(feel(&properties.retries), "tries + 1");
    assert_eq!(literal(&properties.job_priority), "7");
    let headers = [("b".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
    assert_eq!(properties.headers, headers);
}

#[test]
fn zeebe_mappings() {
    let properties = zeebe(
        "task",
        "<zeebe:ioMapping><zeebe:input source=\"=order.total\" target=\"total\"/>\
         <zeebe:input source=\"PLN\" target=\"currency\"/><zeebe:output source=\"= paid\" target=\"order.paid\"/></zeebe:ioMapping>",
    );
    let [total, currency] = properties.inputs.as_slice() else { panic!("two inputs") };
    assert_eq!((feel(&Some(total.source.clone())), total.target.as_str()), ("order.total", "total"));
    assert_eq!((literal(&Some(currency.source.clone())), currency.target.as_str()), ("PLN", "currency"));
    assert_eq!(properties.outputs[0].target, "order.paid");
    assert_eq!(feel(&Some(properties.outputs[0].source.clone())), "paid");
}

#[test]
fn zeebe_user_tasks() {
    let properties = zeebe(
        "userTask",
        "<zeebe:userTask/><zeebe:assignmentDefinition assignee=\"=owner\" candidateGroups=\"sales, office\" candidateUsers=\"ann\"/>\
         <zeebe:taskSchedule dueDate=\"=due\" followUpDate=\"2026-01-01T00:00:00Z\"/><zeebe:priorityDefinition priority=\"80\"/>\
         <zeebe:formDefinition formId=\"form-1\"/>",
    );
    let people = &properties.people;
    assert!(properties.native_user_task);
    assert_eq!(feel(&people.assignee), "owner");
    assert_eq!(literal(&people.candidate_groups), "sales, office");
    assert_eq!(literal(&people.candidate_users), "ann");
    assert_eq!(feel(&people.due_date), "due");
    assert_eq!(literal(&people.follow_up_date), "2026-01-01T00:00:00Z");
    assert_eq!(literal(&people.priority), "80");
    assert_eq!(literal(&people.form), "form-1");
    let key = zeebe("userTask", "<zeebe:formDefinition formKey=\"camunda-forms:bpmn:f\"/>");
    assert_eq!(literal(&key.people.form), "camunda-forms:bpmn:f");
    let reference = zeebe("userTask", "<zeebe:formDefinition externalReference=\"https://f\"/>");
    assert_eq!(literal(&reference.people.form), "https://f");
}

#[test]
fn zeebe_calls_and_decisions() {
    let call = zeebe(
        "callActivity",
        "<zeebe:calledElement processId=\"=target\" propagateAllChildVariables=\"false\" bindingType=\"deployment\"/>",
    );
    assert_eq!(feel(&call.called.id), "target");
    assert_eq!(call.called.propagate_all_child_variables, Some(false));
    assert_eq!(call.called.propagate_all_parent_variables, None);
    assert_eq!(call.called.binding, Binding::Deployment);
    let decision = zeebe(
        "businessRuleTask",
        "<zeebe:calledDecision decisionId=\"discount\" resultVariable=\"rate\" bindingType=\"versionTag\" versionTag=\"v2\"/>",
    );
    assert_eq!(literal(&decision.called.id), "discount");
    assert_eq!(decision.result_variable.as_deref(), Some("rate"));
    assert_eq!(decision.called.binding, Binding::VersionTag(Text::Literal("v2".to_owned())));
    let script = zeebe("scriptTask", "<zeebe:script expression=\"=a + 1\" resultVariable=\"b\"/>");
    assert_eq!(script.script.map(|script| script.text).as_deref(), Some("a + 1"));
    assert_eq!(script.result_variable.as_deref(), Some("b"));
}

#[test]
fn zeebe_loops() {
    let properties = of("<serviceTask id=\"T\"><multiInstanceLoopCharacteristics><extensionElements>\
         <zeebe:loopCharacteristics inputCollection=\"=items\" inputElement=\"item\" outputCollection=\"results\" \
         outputElement=\"=result\"/></extensionElements></multiInstanceLoopCharacteristics></serviceTask>");
    let data = &properties.loop_data;
    assert_eq!(feel(&data.input_collection), "items");
    assert_eq!(data.input_element.as_deref(), Some("item"));
    assert_eq!(data.output_collection.as_deref(), Some("results"));
    assert_eq!(feel(&data.output_element), "result");
    let ad_hoc = zeebe("adHocSubProcess", "<zeebe:adHoc activeElementsCollection=\"=chosen\"/>");
    assert_eq!(ad_hoc.active_elements.map(|it| it.text).as_deref(), Some("chosen"));
}

#[test]
fn zeebe_messages() {
    let text = definitions(
        "<message id=\"M\" name=\"=&quot;paid-&quot; + region\"><extensionElements>\
         <zeebe:subscription correlationKey=\"=invoiceId\"/></extensionElements></message>\
         <process id=\"P\" isExecutable=\"true\"><receiveTask id=\"R\" messageRef=\"M\"/>\
         <intermediateCatchEvent id=\"C\"><messageEventDefinition messageRef=\"M\"/></intermediateCatchEvent>\
         <intermediateThrowEvent id=\"T\"><extensionElements><zeebe:publishMessage correlationKey=\"=key\" messageId=\"=id\" timeToLive=\"PT1H\"/>\
         </extensionElements><messageEventDefinition messageRef=\"M\"/></intermediateThrowEvent></process>",
    );
    let graph = graph(&text);
    let trigger = node(&graph, "C").kind.trigger().expect("an event");
    let [EventDefinition::Message(message)] = trigger.definitions.as_slice() else { panic!("a message") };
    assert_eq!(message.id.as_deref(), Some("M"));
    assert_eq!(feel(&message.name), "\"paid-\" + region");
    assert_eq!(message.correlation_key.as_ref().map(|key| key.text.as_str()), Some("invoiceId"));
    let NodeKind::Task(bpmn_parser::graph::Task::Receive { message: received, .. }, _) =
        &node(&graph, "R").kind
    else {
        panic!("a receive task")
    };
    assert_eq!(received.as_ref(), Some(message));
    let key = node(&graph, "T").properties.correlation_key.as_ref();
    assert_eq!(key.map(|key| key.text.as_str()), Some("key"));
    assert_eq!(feel(&node(&graph, "T").properties.message_id), "id");
    assert_eq!(literal(&node(&graph, "T").properties.message_ttl), "PT1H");
}

#[test]
fn zeebe_conditions_and_processes() {
    let text = definitions(
        "<process id=\"P\" isExecutable=\"true\"><extensionElements><zeebe:versionTag value=\"v7\"/></extensionElements>\
         <startEvent id=\"S\"/><task id=\"A\"/><sequenceFlow id=\"F\" sourceRef=\"S\" targetRef=\"A\"/>\
         <exclusiveGateway id=\"G\"/><sequenceFlow id=\"H\" sourceRef=\"A\" targetRef=\"G\"/><task id=\"B\"/><task id=\"C\"/>\
         <sequenceFlow id=\"I\" sourceRef=\"G\" targetRef=\"B\"><conditionExpression xsi:type=\"tFormalExpression\"> = a &gt; 1 \
         </conditionExpression></sequenceFlow>\
         <sequenceFlow id=\"J\" sourceRef=\"G\" targetRef=\"C\"><conditionExpression xsi:type=\"tFormalExpression\">a = 1\
         </conditionExpression></sequenceFlow>\
         <boundaryEvent id=\"T\" attachedToRef=\"A\"><conditionalEventDefinition><extensionElements>\
         <zeebe:conditionalFilter variableNames=\"a, b\" variableEvents=\"create,update\"/></extensionElements>\
         <condition xsi:type=\"tFormalExpression\">=a</condition></conditionalEventDefinition></boundaryEvent></process>",
    );
    let graph = graph(&text);
    assert_eq!(graph.dialect, Dialect::Zeebe);
    assert_eq!(graph.properties.version_tag.as_deref(), Some("v7"));
    let condition = graph.flows.iter().find(|flow| &*flow.id == "I").and_then(|flow| flow.condition.as_ref());
    let condition = condition.expect("a condition");
    assert_eq!((condition.text.as_str(), &condition.language), ("a > 1", &Language::Feel));
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let filter = node(&graph, "T").properties.condition_filter.clone();
    assert_eq!(filter, Some((names(&["a", "b"]), names(&["create", "update"]))));
    assert_eq!(findings(&text), ["E0503 warning J"]);
}

#[test]
fn what_zeebe_says_and_nobody_runs_is_a_finding() {
    let task = |extension: &str| {
        findings(&process(&format!(
            "<serviceTask id=\"T\"><extensionElements><zeebe:taskDefinition type=\"t\"/>{extension}</extensionElements></serviceTask>"
        )))
    };
    assert_eq!(task("<zeebe:executionListeners/>"), ["E0502 warning T"]);
    assert_eq!(task("<zeebe:taskListeners/>"), ["E0502 warning T"]);
    assert_eq!(task("<zeebe:linkedResources/>"), ["E0502 warning T"]);
    assert_eq!(task("<zeebe:unheardOf/>"), ["E0505 warning T"]);
    assert_eq!(task("<zeebe:properties/>"), [] as [&str; 0]);
    assert_eq!(task("<zeebe:taskSchedule dueDate=\"=d\" dueDat=\"\"/>"), ["E0505 warning T"]);
    assert_eq!(task("<zeebe:formDefinition formId=\"f\" bindingType=\"deployment\"/>"), ["E0506 note T"]);
    assert_eq!(task("<camunda:properties/>"), ["E0501 warning T"]);
    let code = "<error id=\"E\" errorCode=\"=code\"/><process id=\"P\" isExecutable=\"true\"><endEvent id=\"T\"><extensionElements>\
        <zeebe:properties/></extensionElements><errorEventDefinition errorRef=\"E\"/></endEvent></process>";
    assert_eq!(findings(&definitions(code)), ["E0507 error E"]);
}

#[test]
fn camunda_work() {
    let external = of(
        "<serviceTask id=\"T\" camunda:type=\"external\" camunda:topic=\"pay\" camunda:taskPriority=\"${p}\"/>",
    );
    assert_eq!(literal(&external.job_type), "pay");
    assert_eq!(feel(&external.job_priority), "p");
    let class = of("<sendTask id=\"T\" camunda:class=\"com.acme.Pay\"/>");
    assert_eq!(literal(&class.job_type), "com.acme.Pay");
    let bean = of("<businessRuleTask id=\"T\" camunda:delegateExpression=\"${payBean}\"/>");
    assert_eq!(literal(&bean.job_type), "payBean");
    let expression =
        of("<serviceTask id=\"T\" camunda:expression=\"${a &gt; b}\" camunda:resultVariable=\"c\"/>");
    assert_eq!(expression.service_expression.map(|it| it.text).as_deref(), Some("a > b"));
    assert_eq!(expression.result_variable.as_deref(), Some("c"));
    let retried = of("<serviceTask id=\"T\" camunda:topic=\"t\"><extensionElements>\
         <camunda:failedJobRetryTimeCycle>R5/PT10M</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>");
    assert_eq!(literal(&retried.retry_cycle), "R5/PT10M");
    let throw = of(
        "<intermediateThrowEvent id=\"T\"><messageEventDefinition camunda:type=\"external\" camunda:topic=\"send\"/>\
         </intermediateThrowEvent>",
    );
    assert_eq!(literal(&throw.job_type), "send");
}

#[test]
fn camunda_people() {
    let properties = of(
        "<userTask id=\"T\" camunda:assignee=\"${owner}\" camunda:candidateUsers=\"ann,bob\" camunda:candidateGroups=\"sales\" \
         camunda:dueDate=\"${due}\" camunda:followUpDate=\"2026-01-01\" camunda:priority=\"10\" camunda:formKey=\"embedded:f\"/>",
    );
    let people = &properties.people;
    assert_eq!(feel(&people.assignee), "owner");
    assert_eq!(literal(&people.candidate_users), "ann,bob");
    assert_eq!(literal(&people.candidate_groups), "sales");
    assert_eq!(feel(&people.due_date), "due");
    assert_eq!(literal(&people.follow_up_date), "2026-01-01");
    assert_eq!(literal(&people.priority), "10");
    assert_eq!(literal(&people.form), "embedded:f");
}

#[test]
fn camunda_mappings() {
    let properties = of("<serviceTask id=\"T\" camunda:topic=\"t\"><extensionElements><camunda:inputOutput>\
         <camunda:inputParameter name=\"a\">${x.y}</camunda:inputParameter>\
         <camunda:inputParameter name=\"b\">text</camunda:inputParameter>\
         <camunda:inputParameter name=\"c\"><camunda:list><camunda:value>${x}</camunda:value><camunda:value>y</camunda:value>\
         </camunda:list></camunda:inputParameter>\
         <camunda:inputParameter name=\"d\"><camunda:map><camunda:entry key=\"k\">${x}</camunda:entry></camunda:map>\
         </camunda:inputParameter>\
         <camunda:outputParameter name=\"e\">${f}</camunda:outputParameter></camunda:inputOutput></extensionElements></serviceTask>");
    let sources: Vec<&Text> = properties.inputs.iter().map(|it| &it.source).collect();
    assert_eq!(feel(&Some(sources[0].clone())), "x.y");
    assert_eq!(literal(&Some(sources[1].clone())), "text");
    assert_eq!(feel(&Some(sources[2].clone())), "[x, \"y\"]");
    assert_eq!(feel(&Some(sources[3].clone())), "{\"k\": x}");
    assert_eq!(properties.outputs[0].target, "e");
    let script = process(
        "<serviceTask id=\"T\" camunda:topic=\"t\"><extensionElements><camunda:inputOutput><camunda:inputParameter name=\"a\">\
         <camunda:script scriptFormat=\"groovy\">1</camunda:script></camunda:inputParameter></camunda:inputOutput>\
         </extensionElements></serviceTask>",
    );
    assert_eq!(findings(&script), ["E0502 warning T"]);
}

#[test]
fn camunda_calls_decisions_and_loops() {
    let call = of(
        "<callActivity id=\"T\" calledElement=\"Q\" camunda:calledElementBinding=\"version\" camunda:calledElementVersion=\"3\">\
         <extensionElements><camunda:in source=\"a\" target=\"b\"/><camunda:in sourceExpression=\"${a + 1}\" target=\"c\"/>\
         <camunda:in variables=\"all\"/><camunda:out source=\"d\" target=\"e\"/><camunda:out variables=\"all\"/></extensionElements>\
         </callActivity>",
    );
    let sources: Vec<&str> = call
        .called
        .inputs
        .iter()
        .map(|it| match &it.source {
            Text::Expression(expression) => expression.text.as_str(),
            Text::Literal(text) => text,
        })
        .collect();
    assert_eq!(sources, ["a", "a + 1"]);
    assert_eq!(call.called.outputs[0].target, "e");
    assert_eq!(call.called.propagate_all_parent_variables, Some(true));
    assert_eq!(call.called.propagate_all_child_variables, Some(true));
    assert_eq!(call.called.binding, Binding::Version(Text::Literal("3".to_owned())));
    let decision =
        of("<businessRuleTask id=\"T\" camunda:decisionRef=\"d\" camunda:mapDecisionResult=\"singleEntry\" \
         camunda:resultVariable=\"r\" camunda:decisionRefVersionTag=\"v\"/>");
    assert_eq!(literal(&decision.called.id), "d");
    assert_eq!(decision.called.map_decision_result.as_deref(), Some("singleEntry"));
    assert_eq!(decision.called.binding, Binding::VersionTag(Text::Literal("v".to_owned())));
    let items = of(
        "<task id=\"T\"><multiInstanceLoopCharacteristics camunda:collection=\"items\" camunda:elementVariable=\"item\"/></task>",
    );
    assert_eq!(feel(&items.loop_data.input_collection), "items");
    assert_eq!(items.loop_data.input_element.as_deref(), Some("item"));
}

#[test]
fn a_called_element_may_be_an_expression() {
    let camunda =
        of("<callActivity id=\"T\" calledElement=\"${target}\" camunda:calledElementBinding=\"latest\"/>");
    assert_eq!(feel(&camunda.called.id), "target");
    let plain = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" targetNamespace=\"t\"><process id=\"P\" \
        isExecutable=\"true\"><callActivity id=\"T\" calledElement=\"Q\"/></process></definitions>";
    let graph = graph(plain);
    let NodeKind::CallActivity(call, _) = &node(&graph, "T").kind else { panic!("a call") };
    assert_eq!(call.called_element.as_deref(), Some("Q"));
}

#[test]
fn camunda_events_and_processes() {
    let text = definitions(
        "<error id=\"E\" errorCode=\"e\"/><process id=\"P\" isExecutable=\"true\" camunda:versionTag=\"v\" \
         camunda:historyTimeToLive=\"P180D\"><startEvent id=\"S\" camunda:initiator=\"starter\"/>\
         <task id=\"A\"/><sequenceFlow id=\"F\" sourceRef=\"S\" targetRef=\"A\"/>\
         <boundaryEvent id=\"B\" attachedToRef=\"A\"><errorEventDefinition errorRef=\"E\" camunda:errorCodeVariable=\"code\" \
         camunda:errorMessageVariable=\"text\"/></boundaryEvent>\
         <boundaryEvent id=\"C\" attachedToRef=\"A\"><conditionalEventDefinition camunda:variableName=\"x\" \
         camunda:variableEvents=\"create, update\"><condition>${x}</condition></conditionalEventDefinition></boundaryEvent></process>",
    );
    let graph = graph(&text);
    assert_eq!(graph.dialect, Dialect::Camunda);
    assert_eq!(graph.properties.version_tag.as_deref(), Some("v"));
    assert_eq!(graph.properties.history_time_to_live.as_deref(), Some("P180D"));
    assert_eq!(node(&graph, "S").properties.initiator.as_deref(), Some("starter"));
    assert_eq!(node(&graph, "B").properties.code_variable.as_deref(), Some("code"));
    assert_eq!(node(&graph, "B").properties.message_variable.as_deref(), Some("text"));
    let filter = node(&graph, "C").properties.condition_filter.clone().expect("a filter");
    assert_eq!(filter, (vec!["x".to_owned()], vec!["create".to_owned(), "update".to_owned()]));
}

#[test]
fn what_camunda_says_and_nobody_runs_is_a_finding() {
    let task = |attributes: &str, extension: &str| {
        findings(&process(&format!(
            "<serviceTask id=\"T\" camunda:topic=\"t\" {attributes}><extensionElements>{extension}</extensionElements></serviceTask>"
        )))
    };
    for name in ["executionListener", "taskListener", "field", "connector", "errorEventDefinition"] {
        assert_eq!(task("", &format!("<camunda:{name}/>")), ["E0502 warning T"], "{name}");
    }
    assert_eq!(task("camunda:asyncBefore=\"true\"", ""), ["E0506 note T"]);
    assert_eq!(task("", "<camunda:formData/>"), ["E0506 note T"]);
    assert_eq!(task("", "<camunda:in source=\"a\" target=\"b\" local=\"true\"/>"), ["E0502 warning T"]);
    assert_eq!(task("camunda:caseRef=\"c\"", ""), ["E0502 warning T"]);
    assert_eq!(task("camunda:unheardOf=\"c\"", ""), ["E0505 warning T"]);
    assert_eq!(
        task("", "<camunda:in businessKey=\"#{execution.processBusinessKey}\"/>"),
        ["E0502 warning T"]
    );
    assert_eq!(task("zeebe:modelerTemplate=\"c\"", ""), ["E0501 warning T"]);
}

#[test]
fn flowable_and_activiti_share_the_table() {
    for (prefix, dialect) in [("flowable", Dialect::Flowable), ("activiti", Dialect::Activiti)] {
        let text =
            process(&format!("<userTask id=\"T\" {prefix}:assignee=\"${{who}}\" {prefix}:formKey=\"f\"/>"));
        let graph = graph(&text);
        assert_eq!(graph.dialect, dialect);
        assert_eq!(feel(&node(&graph, "T").properties.people.assignee), "who");
        assert_eq!(literal(&node(&graph, "T").properties.people.form), "f");
    }
    let mail = of("<serviceTask id=\"T\" flowable:type=\"mail\"/>");
    assert_eq!(literal(&mail.job_type), "mail");
    let call = of(
        "<callActivity id=\"T\" calledElement=\"Q\" flowable:inheritVariables=\"true\" flowable:sameDeployment=\"true\"/>",
    );
    assert_eq!(call.called.propagate_all_parent_variables, Some(true));
    assert_eq!(call.called.binding, Binding::Deployment);
}

#[test]
fn the_platform_decides_the_dialect_then_the_use() {
    let with = |attribute: &str| {
        let text = process(
            "<serviceTask id=\"T\" camunda:topic=\"a\"><extensionElements><zeebe:taskDefinition type=\"b\"/>\
            <zeebe:taskHeaders/></extensionElements></serviceTask>",
        );
        let modeler =
            format!("<definitions xmlns:modeler=\"http://camunda.org/schema/modeler/1.0\" {attribute} ");
        let graph = graph(&text.replacen("<definitions ", &modeler, 1));
        (graph.dialect, literal(&node(&graph, "T").properties.job_type).to_owned())
    };
    assert_eq!(with("modeler:executionPlatform=\"Camunda Cloud\""), (Dialect::Zeebe, "b".to_owned()));
    assert_eq!(with("modeler:executionPlatform=\"Camunda Platform\""), (Dialect::Camunda, "a".to_owned()));
    assert_eq!(with(""), (Dialect::Zeebe, "b".to_owned()));
    let plain = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" targetNamespace=\"t\">\
        <process id=\"P\" isExecutable=\"true\"/></definitions>";
    assert_eq!(graph(plain).dialect, Dialect::Plain);
    assert_eq!(graph(&process("")).dialect, Dialect::Plain);
    let declared = plain
        .replace("targetNamespace", "xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" targetNamespace");
    assert_eq!(graph(&declared).dialect, Dialect::Zeebe);
}

#[test]
fn a_prefix_means_nothing_by_itself() {
    let text = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" targetNamespace=\"t\" \
        xmlns:zeebe=\"http://camunda.org/schema/1.0/bpmn\" xmlns:camunda=\"urn:other\"><process id=\"P\" isExecutable=\"true\">\
        <serviceTask id=\"T\" zeebe:topic=\"pay\" camunda:topic=\"other\"/></process></definitions>";
    let graph = graph(text);
    assert_eq!(graph.dialect, Dialect::Camunda);
    assert_eq!(literal(&node(&graph, "T").properties.job_type), "pay");
}

#[test]
fn languages_are_found_by_any_of_their_names() {
    let condition = |language: &str, text: &str, dialect: &str| {
        let text = process(&format!(
            "<task id=\"A\" {dialect}/><task id=\"B\"/><sequenceFlow id=\"F\" sourceRef=\"A\" targetRef=\"B\">\
             <conditionExpression {language}>{text}</conditionExpression></sequenceFlow>"
        ));
        let model = model(&text);
        let condition = model.processes[0].flows[0].condition.clone().expect("a condition");
        (condition.text, condition.language)
    };
    for uri in [
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "http://www.omg.org/spec/FEEL/20140401",
        "feel",
    ] {
        let (_, language) = condition(&format!("language=\"{uri}\""), "a", "");
        assert_eq!(language, Language::Feel, "{uri}");
    }
    assert_eq!(condition("", "a", "").1, Language::Unnamed);
    assert_eq!(condition("language=\"peer\"", "a", "").1, Language::Other("peer".to_owned()));
    let camunda = "camunda:asyncBefore=\"true\"";
    assert_eq!(condition("", "${a == 'b'}", camunda), ("a = \"b\"".to_owned(), Language::Feel));
    assert_eq!(condition("", "${a.b()}", camunda), ("${a.b()}".to_owned(), Language::Juel));
    assert_eq!(
        condition("language=\"javascript\"", "a", camunda).1,
        Language::Other("javascript".to_owned())
    );
    assert_eq!(condition("language=\"JUEL\"", "${a}", camunda).1, Language::Feel);
    assert_eq!(condition("language=\"http://www.w3.org/1999/XPath\"", "${a}", camunda).1, Language::Feel);
    assert_eq!(condition("language=\"groovy\"", "${a}", camunda).1, Language::Other("groovy".to_owned()));
    assert_eq!(condition("", "=a", camunda), ("a".to_owned(), Language::Feel));
    assert_eq!(condition("language=\"feel\"", "\"${a}\"", camunda), ("\"${a}\"".to_owned(), Language::Feel));
}
