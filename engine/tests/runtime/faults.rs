//! A store that fails, loses its answer, or returns what was never written.

use super::faulty::{AMBIGUOUS_BEFORE, FAIL_BEFORE, Faulty, LOSE_ANSWER};
use super::model::{END, START, TASK, code, file, line, paid, status, work};
use tokenflow::command::RejectionCode;
use tokenflow::runtime::CommandError;
use tokenflow::runtime::store::StoreError;

fn two_tasks() -> String {
    file(&line("P", &[START, TASK, ("Next", "<userTask id=\"Next\"/>"), END]))
}

#[test]
fn a_failed_commit_changes_nothing_and_the_command_can_be_sent_again() {
    let (store, rt) = Faulty::runtime(&[&two_tasks()]);
    let id = rt.start("P").send().unwrap();
    let task = work(&rt, id, "Task");
    store.next(FAIL_BEFORE);
    assert!(matches!(rt.complete(task).send(), Err(CommandError::Store(StoreError::Io(_)))));
    assert_eq!(work(&rt, id, "Task"), task);
    rt.complete(task).send().unwrap();
    work(&rt, id, "Next");
}

#[test]
fn a_commit_whose_answer_was_lost_is_recognised_by_its_own_id() {
    let (store, rt) = Faulty::runtime(&[&two_tasks()]);
    let id = rt.start("P").send().unwrap();
    store.next(LOSE_ANSWER);
    rt.complete(work(&rt, id, "Task")).send().unwrap();
    work(&rt, id, "Next");
    assert_eq!(rt.history(id).unwrap().len(), 2);
}

#[test]
fn an_ambiguous_commit_that_did_not_happen_is_an_error_and_no_change() {
    let (store, rt) = Faulty::runtime(&[&two_tasks()]);
    let id = rt.start("P").send().unwrap();
    store.next(AMBIGUOUS_BEFORE);
    assert!(rt.complete(work(&rt, id, "Task")).send().is_err());
    rt.complete(work(&rt, id, "Task")).send().unwrap();
    work(&rt, id, "Next");
}

#[test]
fn effects_of_a_command_survive_a_store_that_fails_while_they_are_delivered() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"MT\"/></intermediateThrowEvent>";
    let thrower = file(
        &("<message id=\"MT\" name=\"Paid\"/>".to_owned()
            + &line("T", &[START, TASK, ("Throw", throw), END])),
    );
    let (store, rt) = Faulty::runtime(&[&thrower, &paid("P")]);
    let receiver = rt.start("P").send().unwrap();
    let sender = rt.start("T").send().unwrap();
    let task = work(&rt, sender, "Task");
    // The thrower's commit succeeds, the delivery's does not: the command itself is done.
    store.after(1, FAIL_BEFORE);
    rt.complete(task).send().unwrap();
    assert_eq!((status(&rt, sender), status(&rt, receiver)), ("completed", "active"));
    // What is left is delivered before the next command.
    assert_eq!(code(rt.message("Paid").send()), RejectionCode::NotFound);
    assert_eq!(status(&rt, receiver), "completed");
}

#[test]
fn effects_of_a_command_survive_a_crash_before_their_delivery() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"MT\"/></intermediateThrowEvent>";
    let thrower = file(
        &("<message id=\"MT\" name=\"Paid\"/>".to_owned()
            + &line("T", &[START, TASK, ("Throw", throw), END])),
    );
    let (store, rt) = Faulty::runtime(&[&thrower, &paid("P")]);
    let receiver = rt.start("P").send().unwrap();
    let sender = rt.start("T").send().unwrap();
    store.after(1, FAIL_BEFORE);
    rt.complete(work(&rt, sender, "Task")).send().unwrap();
    rt.restart().unwrap();
    assert_eq!((status(&rt, sender), status(&rt, receiver)), ("completed", "completed"));
}

#[test]
fn a_record_that_was_changed_in_the_store_is_named_and_never_used() {
    let (store, rt) = Faulty::runtime(&[&two_tasks()]);
    let id = rt.start("P").send().unwrap();
    store.spoil(id);
    rt.restart().unwrap();
    let error =
        rt.complete(tokenflow::runtime::JobKey { instance: id, key: tokenflow::id::ElementKey(2) }).send();
    assert!(matches!(error, Err(CommandError::Store(StoreError::Corrupt(_)))), "{error:?}");
    let other = rt.start("P").send().unwrap();
    assert_eq!(status(&rt, other), "active", "others go on");
}
