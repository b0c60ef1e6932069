//! Worklists, queries and what people read.

use super::model::{END, START, code, file, line, runtime, status};
use tokenflow::command::RejectionCode;

fn approval() -> String {
    let task = "<userTask id=\"Approve\" name=\"Approve the offer\"><extensionElements><zeebe:userTask/>\
        <zeebe:assignmentDefinition candidateGroups=\"sales, boss\"/></extensionElements></userTask>";
    file(&line("P", &[START, ("Approve", task), END]))
}

#[test]
fn a_task_is_found_by_group_claimed_and_completed_by_its_owner() {
    let rt = runtime(&[&approval()]);
    let id = rt.start("P").reference("deal", 42).send().unwrap();
    assert_eq!(rt.tasks().group("warehouse").count().unwrap(), 0);
    let task = rt.tasks().group("sales").list().unwrap().remove(0);
    assert_eq!((task.element.as_str(), task.name.as_deref()), ("Approve", Some("Approve the offer")));
    rt.claim(task.key, "anna").send().unwrap();
    assert_eq!(rt.tasks().assignee("anna").count().unwrap(), 1);
    assert_eq!(code(rt.claim(task.key, "piotr").send()), RejectionCode::Forbidden);
    assert_eq!(code(rt.complete(task.key).by("piotr").send()), RejectionCode::Forbidden);
    rt.complete(task.key).by("anna").send().unwrap();
    assert_eq!(status(&rt, id), "completed");
    assert_eq!(rt.tasks().count().unwrap(), 0);
    assert_eq!(rt.history(id).unwrap().last().unwrap().by.as_deref(), Some("anna"));
}

#[test]
fn instances_are_found_by_reference_status_and_element() {
    let rt = runtime(&[&approval()]);
    let one = rt.start("P").reference("deal", 1).send().unwrap();
    let two = rt.start("P").reference("deal", 2).send().unwrap();
    assert_eq!(rt.instances().reference("deal", 2).list().unwrap()[0].id, two);
    rt.cancel(one).send().unwrap();
    let open: Vec<_> =
        rt.instances().waiting_at("Approve").list().unwrap().iter().map(|head| head.id).collect();
    assert_eq!(open, [two]);
    let canceled = rt.instances().status(tokenflow::event::Status::Canceled).list().unwrap();
    assert_eq!(canceled[0].id, one);
    assert_eq!(rt.instances().max(1).list().unwrap()[0].id, one);
    assert_eq!(rt.instances().after(one).list().unwrap()[0].id, two);
    assert_eq!(rt.instances().with_incident().count().unwrap(), 0);
}

#[test]
fn an_instance_tells_people_what_it_waits_for() {
    let rt = runtime(&[&approval()]);
    let id = rt.start("P").reference("deal", 42).send().unwrap();
    let text = rt.instance(id).unwrap().to_string();
    assert_eq!(
        text,
        "P (version 1) active for deal 42 since 2026-01-01T00:00:00Z\n  Approve the offer waits for user-task"
    );
}

#[test]
fn what_is_not_there_is_refused_by_name() {
    let rt = runtime(&[&approval()]);
    assert_eq!(code(rt.start("Q").send()), RejectionCode::NotFound);
    assert_eq!(code(rt.start("P").version(9).send()), RejectionCode::NotFound);
    assert_eq!(code(rt.start("P").at("Nowhere").send()), RejectionCode::NotFound);
    assert_eq!(code(rt.start("P").at("Approve").send()), RejectionCode::InvalidTarget);
    assert_eq!(code(rt.instance(tokenflow::id::InstanceId(1))), RejectionCode::NotFound);
    assert_eq!(code(rt.cancel(tokenflow::id::InstanceId(1)).send()), RejectionCode::NotFound);
    assert_eq!(code(rt.start("P").variables(5).map(|_| ())), RejectionCode::InvalidPayload);
}

#[test]
fn a_process_that_is_not_executable_does_not_start_unless_allowed() {
    let drawing = approval().replace("isExecutable=\"true\"", "isExecutable=\"false\"");
    let rt = runtime(&[&drawing]);
    assert_eq!(code(rt.start("P").send()), RejectionCode::NotExecutable);
    let rt = super::model::deployed(super::model::builder().allow_non_executable(true), &[&drawing]);
    rt.start("P").send().unwrap();
}
