//! The same key gives the same answer and no second effect, also after a restart; other content is a conflict.

use super::model::{END, START, TASK, at, code, file, line, paid, runtime, status, work};
use serde_json::json;
use tokenflow::command::RejectionCode;

fn task() -> String {
    file(&line("P", &[START, TASK, TASK2, END]))
}

const TASK2: (&str, &str) = ("Next", "<userTask id=\"Next\"/>");

#[test]
fn a_start_under_a_key_happens_once() {
    let rt = runtime(&[&task()]);
    let start = |amount: i64| {
        rt.start("P").variables(json!({ "amount": amount, "x": 1 })).unwrap().key("order-7").send()
    };
    let id = start(1).unwrap();
    assert_eq!(start(1).unwrap(), id);
    let reordered = rt.start("P").variables(json!({ "x": 1, "amount": 1 })).unwrap().key("order-7").send();
    assert_eq!(reordered.unwrap(), id, "the order of the names is no content");
    rt.restart().unwrap();
    assert_eq!(start(1).unwrap(), id);
    assert_eq!(rt.instances().count().unwrap(), 1);
    assert_eq!(code(start(2)), RejectionCode::KeyConflict);
}

#[test]
fn a_completion_under_a_key_happens_once() {
    let rt = runtime(&[&task()]);
    let id = rt.start("P").send().unwrap();
    let key = work(&rt, id, "Task");
    rt.complete(key).key("done").send().unwrap();
    let events = rt.history(id).unwrap().len();
    rt.complete(key).key("done").send().unwrap();
    assert_eq!(rt.history(id).unwrap().len(), events);
    assert_eq!(code(rt.complete(key).send()), RejectionCode::JobNotActive);
    assert_eq!(code(rt.complete(work(&rt, id, "Next")).key("done").send()), RejectionCode::KeyConflict);
}

#[test]
fn a_refused_command_does_not_use_up_its_key() {
    let rt = runtime(&[&paid("P")]);
    assert_eq!(code(rt.message("Paid").key("m").send()), RejectionCode::NotFound);
    let id = rt.start("P").send().unwrap();
    assert_eq!(rt.message("Paid").key("m").send().unwrap().instances, [id]);
}

#[test]
fn a_message_with_an_id_is_delivered_once() {
    let rt = runtime(&[&paid("P")]);
    let one = rt.start("P").send().unwrap();
    let receipt = rt.message("Paid").id("transfer-1").send().unwrap();
    let two = rt.start("P").send().unwrap();
    assert_eq!(rt.message("Paid").id("transfer-1").send().unwrap(), receipt);
    assert_eq!((status(&rt, one), status(&rt, two)), ("completed", "active"));
    assert_eq!(rt.message("Paid").id("transfer-2").send().unwrap().instances, [two]);
}

#[test]
fn keys_are_forgotten_after_a_week() {
    let rt = runtime(&[&task()]);
    let first = rt.start("P").key("weekly").send().unwrap();
    rt.advance(at("2026-01-09T00:00:00Z")).unwrap();
    for _ in 0..300 {
        rt.start("P").send().unwrap();
    }
    assert_ne!(rt.start("P").key("weekly").send().unwrap(), first);
}

#[test]
fn a_version_that_has_moved_on_is_a_conflict() {
    let rt = runtime(&[&task()]);
    let id = rt.start("P").send().unwrap();
    let seen = rt.instance(id).unwrap().version;
    rt.complete(work(&rt, id, "Task")).at_version(seen).send().unwrap();
    let stale = rt.complete(work(&rt, id, "Next")).at_version(seen).send();
    assert!(matches!(stale, Err(tokenflow::runtime::CommandError::VersionConflict { .. })), "{stale:?}");
    assert_eq!(status(&rt, id), "active");
}
