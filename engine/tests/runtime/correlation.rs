//! Messages: by key, oldest first, at most one instance of each process, kept for a time, started by.

use super::model::{END, START, code, file, line, paid, paid_by_order, runtime, status};
use serde_json::json;
use std::time::Duration;
use tokenflow::command::RejectionCode;
use tokenflow::runtime::{MessageNoteKind, Runtime, store::Position};

fn order(rt: &Runtime, process: &str, order: serde_json::Value) -> tokenflow::id::InstanceId {
    rt.start(process).variables(json!({ "order": order })).unwrap().send().unwrap()
}

#[test]
fn a_key_chooses_the_instance() {
    let rt = runtime(&[&paid_by_order("P")]);
    let (one, two) = (order(&rt, "P", json!("A")), order(&rt, "P", json!("B")));
    let receipt = rt.message("Paid").correlation_key("B").send().unwrap();
    assert_eq!(receipt.instances, [two]);
    assert_eq!((status(&rt, one), status(&rt, two)), ("active", "completed"));
}

#[test]
fn a_number_and_its_string_form_are_the_same_key() {
    let rt = runtime(&[&paid_by_order("P")]);
    let one = order(&rt, "P", json!(7));
    assert_eq!(rt.message("Paid").correlation_key("7").send().unwrap().instances, [one]);
    let two = order(&rt, "P", json!("7"));
    assert_eq!(rt.message("Paid").correlation_key(7).send().unwrap().instances, [two]);
}

#[test]
fn of_equal_keys_the_oldest_subscription_is_first() {
    let rt = runtime(&[&paid_by_order("P")]);
    let (one, two) = (order(&rt, "P", json!("A")), order(&rt, "P", json!("A")));
    assert_eq!(rt.message("Paid").correlation_key("A").send().unwrap().instances, [one]);
    assert_eq!(rt.message("Paid").correlation_key("A").send().unwrap().instances, [two]);
    assert_eq!(code(rt.message("Paid").correlation_key("A").send()), RejectionCode::NotFound);
}

#[test]
fn one_instance_of_each_process_is_reached() {
    let rt = runtime(&[&paid_by_order("P"), &paid_by_order("Q")]);
    let (p, q) = (order(&rt, "P", json!("A")), order(&rt, "Q", json!("A")));
    let left = order(&rt, "P", json!("A"));
    assert_eq!(rt.message("Paid").correlation_key("A").send().unwrap().instances, [p, q]);
    assert_eq!(status(&rt, left), "active");
}

#[test]
fn without_a_key_several_instances_of_one_process_are_ambiguous() {
    let rt = runtime(&[&paid("P")]);
    let one = rt.start("P").send().unwrap();
    let two = rt.start("P").send().unwrap();
    assert_eq!(code(rt.message("Paid").send()), RejectionCode::AmbiguousTarget);
    assert_eq!((status(&rt, one), status(&rt, two)), ("active", "active"));
    assert_eq!(rt.message("Paid").to(two).send().unwrap().instances, [two]);
    assert_eq!(rt.message("Paid").send().unwrap().instances, [one]);
}

#[test]
fn nobody_and_no_time_to_live_is_not_found() {
    let rt = runtime(&[&paid("P")]);
    assert_eq!(code(rt.message("Paid").send()), RejectionCode::NotFound);
    let id = rt.start("P").send().unwrap();
    assert_eq!(code(rt.message("Shipped").send()), RejectionCode::NotFound);
    assert_eq!(status(&rt, id), "active", "the refused message was not kept");
}

#[test]
fn a_kept_message_waits_for_its_catcher_and_expires() {
    let rt = runtime(&[&paid_by_order("P")]);
    let send = |key: &str| {
        let message = rt.message("Paid").correlation_key(key).ttl(Duration::from_secs(60));
        message.variables(json!({ "paid": key })).unwrap().send().unwrap()
    };
    assert!(send("A").is_buffered && send("B").is_buffered);
    let one = order(&rt, "P", json!("A"));
    assert_eq!(status(&rt, one), "completed");
    assert_eq!(rt.instance(one).unwrap().variables.get("paid").and_then(|paid| paid.as_str()), Some("A"));
    rt.advance(super::model::at("2026-01-01T00:01:00Z")).unwrap();
    let two = order(&rt, "P", json!("B"));
    assert_eq!(status(&rt, two), "active");
    let notes: Vec<MessageNoteKind> = rt
        .tail(Position::default())
        .unwrap()
        .into_iter()
        .filter_map(|record| record.message)
        .map(|note| note.kind)
        .collect();
    use MessageNoteKind::{Buffered, Correlated, Expired};
    assert_eq!(notes, [Buffered, Buffered, Correlated, Expired]);
}

#[test]
fn kept_messages_are_taken_oldest_first_and_once() {
    let rt = runtime(&[&paid("P")]);
    for paid in [1, 2] {
        let message = rt.message("Paid").ttl(Duration::from_secs(60));
        message.variables(json!({ "paid": paid })).unwrap().send().unwrap();
    }
    for paid in [1, 2] {
        let id = rt.start("P").send().unwrap();
        let view = rt.instance(id).unwrap();
        assert_eq!(view.variables.get("paid").map(ToString::to_string), Some(paid.to_string()));
    }
    let third = rt.start("P").send().unwrap();
    assert_eq!(status(&rt, third), "active");
}

fn started_by_message(version: &str) -> String {
    let start = "<startEvent id=\"Start\"><messageEventDefinition id=\"D\" messageRef=\"M\"/></startEvent>";
    let task = format!("<userTask id=\"{version}\"/>");
    file(
        &("<message id=\"M\" name=\"Order\"/>".to_owned()
            + &line("P", &[("Start", start), (version, &task), END])),
    )
}

#[test]
fn a_message_starts_the_newest_version_only() {
    let rt = runtime(&[&started_by_message("Old"), &started_by_message("New")]);
    let receipt = rt.message("Order").variables(json!({ "amount": 3 })).unwrap().send().unwrap();
    assert_eq!(receipt.instances.len(), 1);
    let view = rt.instance(receipt.instances[0]).unwrap();
    assert_eq!(view.process_version, 2);
    assert_eq!(view.variables.get("amount").map(ToString::to_string), Some("3".to_owned()));
}

#[test]
fn a_kept_message_starts_a_process_that_is_deployed_later() {
    let rt = runtime(&[]);
    assert!(rt.message("Order").ttl(Duration::from_secs(60)).send().unwrap().is_buffered);
    rt.deploy(started_by_message("Work")).unwrap();
    assert_eq!(rt.instances().process("P").count().unwrap(), 1);
}

#[test]
fn a_thrown_message_is_kept_without_limit_of_time() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"MT\"/></intermediateThrowEvent>";
    let thrower = file(
        &("<message id=\"MT\" name=\"Paid\"/>".to_owned() + &line("T", &[START, ("Throw", throw), END])),
    );
    let rt = runtime(&[&thrower, &paid("P")]);
    let sender = rt.start("T").send().unwrap();
    assert_eq!(status(&rt, sender), "completed");
    rt.jump(super::model::at("2036-01-01T00:00:00Z")).unwrap();
    let receiver = rt.start("P").send().unwrap();
    assert_eq!(status(&rt, receiver), "completed");
}

#[test]
fn a_message_flow_decides_before_the_name() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"M\"/></intermediateThrowEvent>";
    let catch = |id: &str| {
        format!(
            "<intermediateCatchEvent id=\"Catch_{id}\"><messageEventDefinition id=\"D_{id}\" messageRef=\"M\"/></intermediateCatchEvent>"
        )
    };
    let content = "<collaboration id=\"C\"><participant id=\"Pool_T\" processRef=\"T\"/><participant id=\"Pool_Q\" processRef=\"Q\"/>\
        <messageFlow id=\"F\" sourceRef=\"Throw\" targetRef=\"Catch_Q\"/></collaboration>\
        <message id=\"M\" name=\"Paid\"/>"
        .to_owned()
        + &line("P", &[("SP", "<startEvent id=\"SP\"/>"), ("Catch_P", &catch("P")), ("EP", "<endEvent id=\"EP\"/>")])
        + &line("Q", &[("SQ", "<startEvent id=\"SQ\"/>"), ("Catch_Q", &catch("Q")), ("EQ", "<endEvent id=\"EQ\"/>")])
        + &line("T", &[START, ("Throw", throw), END]);
    let rt = runtime(&[&file(&content)]);
    let (p, q) = (rt.start("P").send().unwrap(), rt.start("Q").send().unwrap());
    rt.start("T").send().unwrap();
    assert_eq!((status(&rt, p), status(&rt, q)), ("active", "completed"));
}

#[test]
fn a_message_to_a_black_box_pool_goes_to_the_host() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"M\"/></intermediateThrowEvent>";
    let content = "<collaboration id=\"C\"><participant id=\"Pool_T\" processRef=\"T\"/><participant id=\"Bank\" name=\"Bank\"/>\
        <messageFlow id=\"F\" sourceRef=\"Throw\" targetRef=\"Bank\"/></collaboration>\
        <message id=\"M\" name=\"Transfer\"/>"
        .to_owned()
        + &line("T", &[START, ("Throw", throw), END]);
    let rt = runtime(&[&file(&content)]);
    let id = rt.start("T").variables(json!({ "amount": 5 })).unwrap().send().unwrap();
    rt.restart().unwrap();
    let messages = rt.host_messages();
    assert_eq!(messages.len(), 1);
    assert_eq!((messages[0].participant.as_str(), messages[0].name.as_str()), ("Bank", "Transfer"));
    assert_eq!(messages[0].instance, Some(id));
    rt.acknowledge(messages[0].id).unwrap();
    rt.restart().unwrap();
    assert_eq!(rt.host_messages(), []);
    assert_eq!(code(rt.acknowledge(messages[0].id)), RejectionCode::NotFound);
}

#[test]
fn a_handler_passes_messages_on_until_it_succeeds() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"M\"/></intermediateThrowEvent>";
    let content = "<collaboration id=\"C\"><participant id=\"Pool_T\" processRef=\"T\"/><participant id=\"Bank\" name=\"Bank\"/>\
        <messageFlow id=\"F\" sourceRef=\"Throw\" targetRef=\"Bank\"/></collaboration>\
        <message id=\"M\" name=\"Transfer\"/>"
        .to_owned()
        + &line("T", &[START, ("Throw", throw), END]);
    let calls = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = calls.clone();
    let builder = super::model::builder().on_host_message(move |message| {
        let mut log = log.lock().unwrap();
        log.push(message.id);
        if log.len() == 1 { Err(tokenflow::runtime::JobError::fail("the line is busy")) } else { Ok(()) }
    });
    let rt = super::model::deployed(builder, &[&file(&content)]);
    rt.start("T").send().unwrap();
    rt.run_until_idle().unwrap();
    assert_eq!(rt.host_messages().len(), 1);
    rt.run_until_idle().unwrap();
    rt.run_until_idle().unwrap();
    assert_eq!(rt.host_messages(), []);
    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0], calls[1], "its id is stable");
}

#[test]
fn a_suspended_instance_refuses_a_message_and_takes_a_kept_one_when_it_resumes() {
    let rt = runtime(&[&paid("P")]);
    let id = rt.start("P").send().unwrap();
    rt.suspend(id).send().unwrap();
    assert_eq!(code(rt.message("Paid").send()), RejectionCode::Suspended);
    assert!(rt.message("Paid").ttl(Duration::from_secs(60)).send().unwrap().is_buffered);
    assert_eq!(status(&rt, id), "active");
    rt.resume(id).send().unwrap();
    assert_eq!(status(&rt, id), "completed");
}
