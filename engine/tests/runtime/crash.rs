//! The runtime dies at every single write of a schedule, and the end is the same.

use super::faulty::{AMBIGUOUS_BEFORE, FAIL_BEFORE, Faulty, LOSE_ANSWER};
use super::model::{END, START, TASK, WORK, at, file, line, paid, status, work};
use serde_json::json;
use std::time::Duration;
use tokenflow::id::InstanceId;
use tokenflow::limits::Limits;
use tokenflow::runtime::{CommandError, Runtime};

/// Three processes that start, call and signal each other.
fn models() -> Vec<String> {
    let timer = "<intermediateCatchEvent id=\"Wait\"><timerEventDefinition id=\"D\"><timeDuration xsi:type=\"tFormalExpression\">PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>";
    let order = "<intermediateThrowEvent id=\"Order\"><messageEventDefinition id=\"DO\" messageRef=\"MO\"/></intermediateThrowEvent>";
    let alarm = "<intermediateThrowEvent id=\"Alarm\"><signalEventDefinition id=\"DA\" signalRef=\"S\"/></intermediateThrowEvent>";
    let ordered =
        "<startEvent id=\"Start\"><messageEventDefinition id=\"DS\" messageRef=\"M\"/></startEvent>";
    let alarmed = "<intermediateCatchEvent id=\"Alarmed\"><signalEventDefinition id=\"DC\" signalRef=\"S\"/></intermediateCatchEvent>";
    let caller = "<message id=\"MO\" name=\"Order\"/><signal id=\"S\" name=\"Alarm\"/>".to_owned()
        + &line("P", &[START, TASK, ("Order", order), ("Wait", timer), ("Alarm", alarm), WORK, END]);
    let called = "<message id=\"M\" name=\"Order\"/><signal id=\"S\" name=\"Alarm\"/>".to_owned()
        + &line("Q", &[("Start", ordered), ("Alarmed", alarmed), END]);
    vec![file(&caller), file(&called), paid("M")]
}

/// Sends a command until it is carried out; a failure of the store is a crash of the runtime.
fn insist<T>(rt: &Runtime, send: impl Fn() -> Result<T, CommandError>) -> T {
    for _ in 0..4 {
        match send() {
            Ok(answer) => return answer,
            Err(CommandError::Store(_) | CommandError::Unknown(_)) => while rt.restart().is_err() {},
            Err(other) => panic!("{other}"),
        }
    }
    panic!("one fault cannot fail four times");
}

/// Commands with keys, as a careful client sends them.
fn schedule(rt: &Runtime) -> Vec<InstanceId> {
    let id = insist(rt, || rt.start("P").variables(json!({ "amount": 1 }))?.key("start").send());
    insist(rt, || rt.message("Paid").ttl(Duration::from_secs(9_000)).key("paid").send());
    let task = work(rt, id, "Task");
    insist(rt, || rt.complete(task).key("task").send());
    let waits = insist(rt, || rt.start("M").key("other").send());
    insist(rt, || rt.advance(at("2026-01-01T02:00:00Z")));
    let job = insist(rt, || {
        let mut jobs = rt.jobs("work").activate()?;
        Ok(jobs.remove(0))
    });
    insist(rt, || rt.complete(job.job.key).with(&json!({ "done": true }))?.key("work").send());
    vec![id, waits]
}

/// What people would see in the end.
fn ends(rt: &Runtime) -> Vec<String> {
    let heads = rt.instances().list().unwrap();
    heads.iter().map(|head| format!("{} {}", head.id, rt.instance(head.id).unwrap())).collect()
}

/// Every event of every instance, in order.
fn events(rt: &Runtime) -> Vec<String> {
    let heads = rt.instances().list().unwrap();
    let transitions = heads.iter().flat_map(|head| rt.history(head.id).unwrap());
    transitions.map(|record| format!("{} {:?}", record.instance, record.transition)).collect()
}

fn die_at_every_write(limits: Limits, writes_min: u32) {
    let models = models();
    let refs: Vec<&str> = models.iter().map(String::as_str).collect();
    let (store, rt) = Faulty::limited(&refs, limits);
    let deployed = store.commits();
    let ids = schedule(&rt);
    assert!(ids.iter().all(|id| status(&rt, *id) == "completed"));
    let (writes, expected_ends, expected_events) = (store.commits() - deployed, ends(&rt), events(&rt));
    assert!(writes >= writes_min && expected_ends.len() == 3, "{writes} writes, {expected_ends:?}");
    for fault in [FAIL_BEFORE, LOSE_ANSWER, AMBIGUOUS_BEFORE] {
        for write in 0..writes {
            let (store, rt) = Faulty::limited(&refs, limits);
            store.after(write, fault);
            assert_eq!(schedule(&rt), ids, "fault {fault} at write {write}");
            assert!(!store.is_armed(), "write {write} did happen");
            assert_eq!(ends(&rt), expected_ends, "fault {fault} at write {write}");
            assert_eq!(events(&rt), expected_events, "fault {fault} at write {write}");
        }
    }
}

#[test]
fn a_crash_at_any_write_changes_nothing_in_the_end() {
    die_at_every_write(Limits::default(), 10);
}

#[test]
fn nor_does_one_in_the_middle_of_a_long_command() {
    let mut limits = Limits::default();
    assert!(limits.set("moves_per_step", 1));
    die_at_every_write(limits, 14);
}
