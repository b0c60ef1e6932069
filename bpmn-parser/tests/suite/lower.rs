//! What a file means as a graph, and what is said of files that mean nothing.

use crate::support::{definitions, findings, graph, model, node, process};
use bpmn_parser::graph::{
    DataKind, EventDefinition, FlowIx, MessageEnd, MultiBehavior, NodeIx, NodeKind, ProcessGraph, Repeat,
    ResourceRoleKind, SubProcess, Task, Timer,
};
use bpmn_parser::{Outcome, Position, check};

fn ids(graph: &ProcessGraph, flows: &[FlowIx]) -> Vec<String> {
    flows.iter().map(|flow| graph.flow(*flow).id.to_string()).collect()
}

#[test]
fn nodes_of_all_levels_stand_in_document_order() {
    let graph = graph(&process(
        "<startEvent id=\"A\"/><subProcess id=\"B\"><task id=\"C\"/><subProcess id=\"D\"><task id=\"E\"/></subProcess>\
         <task id=\"F\"/></subProcess><task id=\"G\"/>",
    ));
    let order: Vec<&str> = graph.nodes.iter().map(|node| &*node.id).collect();
    assert_eq!(order, ["A", "B", "C", "D", "E", "F", "G"]);
    let scopes: Vec<Option<u32>> = graph.nodes.iter().map(|node| node.scope.map(|scope| scope.0)).collect();
    assert_eq!(scopes, [None, None, Some(1), Some(1), Some(3), Some(1), None]);
    assert_eq!(graph.children(Some(NodeIx(1))).collect::<Vec<_>>(), [NodeIx(2), NodeIx(3), NodeIx(5)]);
    assert_eq!(graph.graph.node_count(), 7);
}

#[test]
fn ends_connect_and_outgoing_children_order() {
    let flows = "<sequenceFlow id=\"F1\" sourceRef=\"G\" targetRef=\"A\"/><sequenceFlow id=\"F2\" sourceRef=\"G\" targetRef=\"B\"/>\
        <sequenceFlow id=\"F3\" sourceRef=\"G\" targetRef=\"A\"/><task id=\"A\"/><task id=\"B\"/>";
    let order = |children: &str| {
        let graph =
            graph(&process(&format!("<parallelGateway id=\"G\">{children}</parallelGateway>{flows}")));
        assert_eq!(ids(&graph, &node(&graph, "A").incoming), ["F1", "F3"]);
        ids(&graph, &node(&graph, "G").outgoing)
    };
    assert_eq!(order(""), ["F1", "F2", "F3"]);
    assert_eq!(
        order(
            "<outgoing>F3</outgoing><outgoing>t:F1</outgoing><outgoing>F2</outgoing>"
                .replace("t:", "")
                .as_str()
        ),
        ["F3", "F1", "F2"]
    );
    assert_eq!(order("<outgoing>F3</outgoing><outgoing>F1</outgoing>"), ["F1", "F2", "F3"]);
    assert_eq!(
        order("<outgoing>F3</outgoing><outgoing>F3</outgoing><outgoing>F1</outgoing>"),
        ["F1", "F2", "F3"]
    );
}

#[test]
fn references_resolve_with_any_prefix_or_none() {
    let text = "<bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns=\"urn:d\" xmlns:t=\"urn:t\" \
        targetNamespace=\"urn:t\"><bpmn:message id=\"M\" name=\"paid\"/><bpmn:process id=\"P\" isExecutable=\"true\">\
        <bpmn:receiveTask id=\"A\" messageRef=\"t:M\"/><bpmn:receiveTask id=\"B\" messageRef=\"M\"/>\
        <bpmn:receiveTask id=\"C\" messageRef=\"bpmn:M\"/></bpmn:process></bpmn:definitions>";
    let graph = graph(text);
    for id in ["A", "B", "C"] {
        let NodeKind::Task(Task::Receive { message: Some(message), .. }, _) = &node(&graph, id).kind else {
            panic!("a message at {id}")
        };
        assert_eq!(message.id.as_deref(), Some("M"));
    }
}

#[test]
fn what_has_no_id_is_called_by_its_place() {
    let text = process("<task id=\"A\"/>\n  <task/>\n<sequenceFlow sourceRef=\"A\" targetRef=\"A\"/>");
    let graph = graph(&text);
    assert_eq!(&*graph.nodes[1].id, "unnamed-2-3");
    assert_eq!(&*graph.flows[0].id, "unnamed-3-1");
    assert_eq!(findings(&text), ["E0003 warning -", "E0003 warning -"]);
}

#[test]
fn broken_structure_is_reported_in_one_pass() {
    let text = process(
        "<startEvent id=\"S\"/><task id=\"A\" default=\"F9\"/><task id=\"A\"/><task id=\"1x\"/><dataObject id=\"D\"/>\
         <subProcess id=\"U\"><task id=\"B\"/></subProcess>\
         <sequenceFlow id=\"F1\" sourceRef=\"S\" targetRef=\"nowhere\"/>\
         <sequenceFlow id=\"F2\" sourceRef=\"S\" targetRef=\"D\"/>\
         <sequenceFlow id=\"F3\" sourceRef=\"S\"/>\
         <sequenceFlow id=\"F4\" sourceRef=\"S\" targetRef=\"B\"/>\
         <boundaryEvent id=\"E\" attachedToRef=\"S\"><timerEventDefinition/></boundaryEvent>\
         <boundaryEvent id=\"H\" attachedToRef=\"B\"><errorEventDefinition errorRef=\"no\"/></boundaryEvent>\
         <receiveTask id=\"R\" messageRef=\"D\" startQuantity=\"0\"/>\
         <boundaryEvent id=\"C\" attachedToRef=\"A\"><compensateEventDefinition/></boundaryEvent>",
    );
    let mut found = findings(&text);
    found.sort();
    assert_eq!(
        found,
        [
            "E0002 error 1x",
            "E0002 error A",
            "E0010 error F1",
            "E0010 error F2",
            "E0011 error A",
            "E0012 error E",
            "E0016 error R",
            "E0018 error H",
            "E0034 error F3",
            "E0036 error F4",
            "E0070 error H",
            "E0081 error E",
            "E0099 error R",
            "E0125 error C",
        ]
    );
    assert_eq!(check(text.as_bytes()).outcome(), Outcome::RejectModel);
}

#[test]
fn a_default_flow_leaves_its_own_node() {
    let text = process(
        "<task id=\"A\"/><exclusiveGateway id=\"G\" default=\"F1\"/><sequenceFlow id=\"F1\" sourceRef=\"A\" targetRef=\"G\"/>",
    );
    assert_eq!(findings(&text), ["E0047 error G"]);
    let fine = process(
        "<task id=\"A\" default=\"F1\"/><task id=\"B\"/><sequenceFlow id=\"F1\" sourceRef=\"A\" targetRef=\"B\"/>",
    );
    assert_eq!(node(&graph(&fine), "A").default, Some(FlowIx(0)));
}

#[test]
fn flows_between_processes_are_refused() {
    let text = definitions(
        "<process id=\"P\" isExecutable=\"true\"><task id=\"A\"/><sequenceFlow id=\"F\" sourceRef=\"A\" targetRef=\"B\"/></process>\
         <process id=\"Q\" isExecutable=\"true\"><task id=\"B\"/></process>",
    );
    assert_eq!(findings(&text), ["E0035 error F"]);
}

#[test]
fn events_have_their_definitions_resolved() {
    let graph = graph(&definitions(
        "<signal id=\"Sig\" name=\"go\"/><error id=\"Err\" errorCode=\"E1\" name=\"broken\"/><escalation id=\"Esc\" escalationCode=\"X\"/>\
         <timerEventDefinition id=\"Daily\"><timeCycle xsi:type=\"tFormalExpression\">R/P1D</timeCycle></timerEventDefinition>\
         <process id=\"P\" isExecutable=\"true\">\
         <intermediateCatchEvent id=\"C\" parallelMultiple=\"true\"><signalEventDefinition signalRef=\"Sig\"/>\
         <timerEventDefinition><timeDuration>\n   PT5M </timeDuration></timerEventDefinition>\
         <eventDefinitionRef>Daily</eventDefinitionRef></intermediateCatchEvent>\
         <subProcess id=\"U\"><endEvent id=\"X\"><errorEventDefinition errorRef=\"Err\"/></endEvent></subProcess>\
         <boundaryEvent id=\"B\" attachedToRef=\"U\" cancelActivity=\"false\"><escalationEventDefinition escalationRef=\"Esc\"/>\
         </boundaryEvent>\
         <subProcess id=\"V\" triggeredByEvent=\"true\"><startEvent id=\"W\" isInterrupting=\"false\">\
         <signalEventDefinition signalRef=\"Sig\"/></startEvent></subProcess></process>",
    ));
    let NodeKind::IntermediateCatchEvent(trigger) = &node(&graph, "C").kind else { panic!("a catch event") };
    assert!(trigger.parallel_multiple);
    let [
        EventDefinition::Signal { name: Some(_) },
        EventDefinition::Timer(duration),
        EventDefinition::Timer(cycle),
    ] = trigger.definitions.as_slice()
    else {
        panic!("three definitions: {trigger:?}")
    };
    assert!(
        matches!(duration, Timer::Duration(it) if it.text == "PT5M" && it.position == Position { line: 2, column: 4 })
    );
    assert!(matches!(cycle, Timer::Cycle(it) if it.text == "R/P1D"));
    let Some(EventDefinition::Error(code)) =
        node(&graph, "X").kind.trigger().and_then(|it| it.definitions.first())
    else {
        panic!("an error")
    };
    assert_eq!((code.code.as_deref(), code.name.as_deref()), (Some("E1"), Some("broken")));
    let NodeKind::BoundaryEvent { host, cancel_activity: false, .. } = node(&graph, "B").kind else {
        panic!("boundary")
    };
    assert_eq!(&*graph.node(host).id, "U");
    assert_eq!(graph.node(host).attached, [graph.find("B").expect("B")]);
    assert!(matches!(node(&graph, "V").kind, NodeKind::SubProcess(SubProcess::Event, _)));
    assert!(matches!(node(&graph, "W").kind, NodeKind::StartEvent { is_interrupting: false, .. }));
}

#[test]
fn compensation_is_found_through_associations() {
    let graph = graph(&process(
        "<subProcess id=\"U\"><task id=\"A\"/><boundaryEvent id=\"B\" attachedToRef=\"A\"><compensateEventDefinition/></boundaryEvent>\
         <task id=\"C\" isForCompensation=\"true\"/><textAnnotation id=\"N\"/>\
         <association id=\"X\" sourceRef=\"B\" targetRef=\"N\"/>\
         <association id=\"Y\" associationDirection=\"One\" sourceRef=\"B\" targetRef=\"C\"/></subProcess>\
         <endEvent id=\"E\"><compensateEventDefinition activityRef=\"U\" waitForCompletion=\"false\"/></endEvent>",
    ));
    let NodeKind::BoundaryEvent { compensation, .. } = node(&graph, "B").kind else { panic!("boundary") };
    assert_eq!(compensation, graph.find("C"));
    let Some(EventDefinition::Compensation { activity, wait_for_completion: false }) =
        node(&graph, "E").kind.trigger().and_then(|it| it.definitions.first())
    else {
        panic!("compensation")
    };
    assert_eq!(*activity, graph.find("U"));
}

#[test]
fn loops_and_their_behavior() {
    let graph = graph(&definitions(
        "<signal id=\"Sig\" name=\"done\"/><signalEventDefinition id=\"Def\" signalRef=\"Sig\"/>\
         <process id=\"P\" isExecutable=\"true\"><dataObject id=\"Items\" name=\"items\" isCollection=\"true\"/>\
         <task id=\"A\"><standardLoopCharacteristics testBefore=\"true\" loopMaximum=\"3\"><loopCondition>x</loopCondition>\
         </standardLoopCharacteristics></task>\
         <subProcess id=\"B\"><multiInstanceLoopCharacteristics isSequential=\"true\" behavior=\"One\" oneBehaviorEventRef=\"Def\">\
         <loopDataInputRef>Items</loopDataInputRef><inputDataItem id=\"I\" name=\"item\"/>\
         <completionCondition>y</completionCondition></multiInstanceLoopCharacteristics></subProcess>\
         <task id=\"C\"><multiInstanceLoopCharacteristics behavior=\"Complex\"><loopCardinality>3</loopCardinality>\
         <complexBehaviorDefinition><condition>z</condition><event id=\"T\"><signalEventDefinition signalRef=\"Sig\"/></event>\
         </complexBehaviorDefinition></multiInstanceLoopCharacteristics></task></process>",
    ));
    let repeat =
        |id: &str| node(&graph, id).kind.activity().and_then(|it| it.repeat.clone()).expect("a loop");
    let Repeat::Standard { test_before: true, maximum: Some(3), condition: Some(_) } = repeat("A") else {
        panic!("a standard loop")
    };
    let Repeat::MultiInstance(multi) = repeat("B") else { panic!("multi-instance") };
    assert!(multi.is_sequential && multi.completion_condition.is_some());
    assert_eq!((multi.data_input.as_deref(), multi.input_item.as_deref()), (Some("items"), Some("item")));
    assert!(matches!(&multi.behavior, MultiBehavior::One(Some(EventDefinition::Signal { .. }))));
    let Repeat::MultiInstance(multi) = repeat("C") else { panic!("multi-instance") };
    let MultiBehavior::Complex(behaviors) = &multi.behavior else { panic!("complex behavior") };
    assert_eq!((behaviors.len(), behaviors[0].1.definitions.len()), (1, 1));
}

#[test]
fn data_are_variables_by_their_names() {
    let graph = graph(&definitions(
        "<dataStore id=\"Store\" name=\"crm\"/><process id=\"P\" isExecutable=\"true\"><property id=\"Pr\" name=\"total\"/>\
         <dataObject id=\"O1\"/><dataObjectReference id=\"R1\" name=\"Invoice [draft]\" dataObjectRef=\"O1\"/>\
         <dataObjectReference id=\"R2\" name=\"Invoice [sent]\" dataObjectRef=\"O1\"><dataState name=\"sent\"/></dataObjectReference>\
         <dataStoreReference id=\"R3\" name=\"customers\" dataStoreRef=\"Store\"/>\
         <task id=\"A\"><ioSpecification><dataInput id=\"In\" name=\"invoice\"/><dataOutput id=\"Out\"/>\
         <inputSet id=\"IS\"><dataInputRefs>In</dataInputRefs><optionalInputRefs>In</optionalInputRefs>\
         <outputSetRefs>OS</outputSetRefs></inputSet>\
         <outputSet id=\"OS\"><dataOutputRefs>Out</dataOutputRefs><inputSetRefs>IS</inputSetRefs></outputSet></ioSpecification>\
         <dataInputAssociation id=\"DI\"><sourceRef>R1</sourceRef><targetRef>In</targetRef>\
         <assignment><from>a</from><to>b</to></assignment></dataInputAssociation>\
         <dataOutputAssociation id=\"DO\"><sourceRef>Out</sourceRef><targetRef>R2</targetRef>\
         <transformation>t</transformation></dataOutputAssociation></task></process>",
    ));
    let data: Vec<(&str, &DataKind)> = graph.data.iter().map(|it| (it.name.as_str(), &it.kind)).collect();
    let store = DataKind::Store("crm".to_owned());
    assert_eq!(data, [("Invoice", &DataKind::Object), ("customers", &store), ("total", &DataKind::Property)]);
    let task = node(&graph, "A");
    let io = task.io.as_ref().expect("a specification");
    assert_eq!((io.inputs[0].name.as_str(), io.outputs[0].name.as_str()), ("invoice", "Out"));
    assert_eq!((&io.input_sets[0].members, &io.input_sets[0].optional), (&vec![0], &vec![0]));
    assert_eq!((&io.input_sets[0].paired, &io.output_sets[0].paired), (&vec![0], &vec![0]));
    assert_eq!(
        (task.data_inputs[0].sources.as_slice(), task.data_inputs[0].target.as_str()),
        (&["Invoice".to_owned()][..], "invoice")
    );
    assert_eq!(task.data_inputs[0].assignments.len(), 1);
    assert_eq!(task.data_outputs[0].target, "Invoice");
    assert!(task.data_outputs[0].transformation.is_some());
}

#[test]
fn data_references_that_lead_nowhere_are_reported() {
    let text = process(
        "<dataObjectReference id=\"R\" dataObjectRef=\"T\"/><dataStoreReference id=\"S\" dataStoreRef=\"no\"/>\
         <task id=\"T\"><ioSpecification><inputSet id=\"IS\"><dataInputRefs>no</dataInputRefs></inputSet><outputSet id=\"OS\">\
         <inputSetRefs>no</inputSetRefs></outputSet></ioSpecification>\
         <dataInputAssociation id=\"D\"><sourceRef>T</sourceRef><targetRef>no</targetRef></dataInputAssociation></task>",
    );
    let mut found = findings(&text);
    found.sort();
    let expected = [
        "E0021 error R",
        "E0021 error S",
        "E0022 error IS",
        "E0023 error OS",
        "E0024 error D",
        "E0024 error D",
    ];
    assert_eq!(found, expected);
}

#[test]
fn lanes_and_roles() {
    let graph = graph(&definitions(
        "<resource id=\"Res\" name=\"clerk\"><resourceParameter id=\"Reg\" name=\"region\"/></resource>\
         <process id=\"P\" isExecutable=\"true\"><laneSet id=\"LS\"><lane id=\"L1\" name=\"Company\"><childLaneSet id=\"CS\">\
         <lane id=\"L2\" name=\"Sales\"><flowNodeRef>A</flowNodeRef></lane></childLaneSet></lane></laneSet>\
         <userTask id=\"A\"><potentialOwner id=\"PO\" name=\"owner\"><resourceRef>Res</resourceRef>\
         <resourceParameterBinding parameterRef=\"Reg\"><formalExpression>r</formalExpression></resourceParameterBinding>\
         </potentialOwner><performer id=\"PE\"><resourceAssignmentExpression><formalExpression>who</formalExpression>\
         </resourceAssignmentExpression></performer></userTask></process>",
    ));
    let task = node(&graph, "A");
    assert_eq!(*task.lanes, ["Company".to_owned(), "Sales".to_owned()]);
    assert_eq!(task.roles[0].kind, ResourceRoleKind::PotentialOwner);
    let (resource, bindings) = task.roles[0].resource.clone().expect("a resource");
    assert_eq!(
        (resource.as_str(), bindings[0].0.as_str(), bindings[0].1.text.as_str()),
        ("clerk", "region", "r")
    );
    assert_eq!(task.roles[1].assignment.as_ref().map(|it| it.text.as_str()), Some("who"));
}

#[test]
fn collaborations_route_messages_and_correlate() {
    let model = model(&definitions(
        "<message id=\"M\" name=\"order\"/>\
         <correlationProperty id=\"CP\"><correlationPropertyRetrievalExpression messageRef=\"M\"><messagePath>id</messagePath>\
         </correlationPropertyRetrievalExpression></correlationProperty>\
         <collaboration id=\"C\"><participant id=\"Shop\" processRef=\"P\"/><participant id=\"Buyer\"/>\
         <messageFlow id=\"MF1\" sourceRef=\"T\" targetRef=\"Buyer\" messageRef=\"M\"/>\
         <messageFlow id=\"MF2\" sourceRef=\"Buyer\" targetRef=\"Shop\"/>\
         <conversation id=\"Conv\"><participantRef>Shop</participantRef><participantRef>Buyer</participantRef>\
         <correlationKey id=\"K\"><correlationPropertyRef>CP</correlationPropertyRef></correlationKey></conversation></collaboration>\
         <process id=\"P\" isExecutable=\"true\"><sendTask id=\"T\" messageRef=\"M\"/>\
         <correlationSubscription id=\"Sub\" correlationKeyRef=\"K\"><correlationPropertyBinding correlationPropertyRef=\"CP\">\
         <dataPath>order.id</dataPath></correlationPropertyBinding></correlationSubscription></process>",
    ));
    let [first, second] = model.message_flows.as_slice() else { panic!("two flows") };
    assert_eq!(first.source, MessageEnd::Node { process: "P".to_owned(), node: "T".to_owned() });
    assert_eq!(first.target, MessageEnd::BlackBox("Buyer".to_owned()));
    assert_eq!(first.message.as_deref(), Some("M"));
    assert_eq!(second.target, MessageEnd::Process("P".to_owned()));
    let process = &model.processes[0];
    assert_eq!((process.correlation.len(), process.correlation[0].id.as_str()), (1, "K"));
    let (message, path) = &process.correlation[0].properties[0].retrievals[0];
    assert_eq!((message.as_str(), path.text.as_str()), ("M", "id"));
    let (property, path) = &process.subscriptions[0].bindings[0];
    assert_eq!((property.as_str(), path.text.as_str()), ("CP", "order.id"));
}

#[test]
fn global_tasks_are_processes_of_one_node() {
    let model = model(&definitions(
        "<globalUserTask id=\"G\" name=\"Review\" implementation=\"##unspecified\"/>\
         <globalScriptTask id=\"H\" scriptLanguage=\"text/feel\"><script>1 + 1</script></globalScriptTask>\
         <process id=\"P\" isExecutable=\"true\"><callActivity id=\"C\" calledElement=\"G\"/></process>",
    ));
    let global: Vec<&ProcessGraph> =
        model.processes.iter().filter(|process| process.is_global_task).collect();
    assert_eq!(global.len(), 2);
    assert_eq!((&*global[0].nodes[0].id, global[0].name.as_deref()), ("G", Some("Review")));
    assert!(
        matches!(&global[1].nodes[0].kind, NodeKind::Task(Task::Script { script: Some(it), .. }, _) if it.text == "1 + 1")
    );
}

#[test]
fn rules_for_executable_processes_do_not_bind_drawings() {
    let text = |executable: &str| {
        definitions(&format!(
            "<process id=\"P\" {executable}><startEvent id=\"S\"><timerEventDefinition id=\"T\"/></startEvent></process>"
        ))
    };
    assert_eq!(findings(&text("isExecutable=\"true\"")), ["E0081 error S"]);
    assert_eq!(findings(&text("isExecutable=\"false\"")), ["E0081 note S"]);
    assert_eq!(findings(&text("")), ["E0602 warning P", "E0081 error S"]);
}

#[test]
fn the_sub_process_kinds() {
    let graph = graph(&process(
        "<transaction id=\"A\" method=\"##Compensate\"/><adHocSubProcess id=\"B\" ordering=\"Sequential\" \
         cancelRemainingInstances=\"false\"><task id=\"C\"/><completionCondition>x</completionCondition></adHocSubProcess>\
         <subProcess id=\"D\"><subProcess id=\"E\" triggeredByEvent=\"true\"/></subProcess>",
    ));
    assert!(
        matches!(&node(&graph, "A").kind, NodeKind::SubProcess(SubProcess::Transaction { method: Some(it) }, _) if it == "##Compensate")
    );
    let NodeKind::SubProcess(ad_hoc, _) = &node(&graph, "B").kind else { panic!("a sub-process") };
    assert!(matches!(
        ad_hoc,
        SubProcess::AdHoc {
            sequential: true,
            cancel_remaining_instances: false,
            completion_condition: Some(_)
        }
    ));
    assert_eq!(node(&graph, "D").event_sub_processes, [graph.find("E").expect("E")]);
}

#[test]
fn the_schema_is_checked_where_it_matters() {
    let text = process(
        "<task id=\"A\" startQuantity=\"x\" unknown=\"1\"/><parallelGateway id=\"G\" gatewayDirection=\"diverging\"/>\
         <task id=\"B\"><outgoing>F</outgoing><incoming>F</incoming></task><madeUp id=\"M\"/><other:x xmlns:other=\"o\" id=\"X\"/>\
         stray<task id=\"C\"><ioSpecification/><ioSpecification id=\"Io\"/></task>",
    );
    let mut found = findings(&text);
    found.sort();
    assert_eq!(
        found,
        [
            "E0001 error A",
            "E0001 error A",
            "E0001 error Io",
            "E0001 error M",
            "E0001 error P",
            "E0001 warning B",
            "E0001 warning G",
            "E0001 warning X",
            "E0011 warning B",
            "E0011 warning B",
        ]
    );
}
