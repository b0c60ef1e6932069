//! What the store holds is all there is: a restart between any two commands changes nothing.

use super::model::{END, START, TASK, WORK, at, builder, deployed, file, line, paid, status, work};
use serde_json::json;
use std::sync::Arc;
use tokenflow::runtime::store::{MemoryStore, Position};
use tokenflow::runtime::{Clock, Committed, Job, Runtime, VirtualClock};

fn models() -> [String; 4] {
    let timer = "<intermediateCatchEvent id=\"Wait\"><timerEventDefinition id=\"D\"><timeDuration xsi:type=\"tFormalExpression\">PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>";
    let cycle = "<startEvent id=\"Start\"><timerEventDefinition id=\"D\"><timeCycle xsi:type=\"tFormalExpression\">R/PT1H</timeCycle></timerEventDefinition></startEvent>";
    [
        file(&line("P", &[START, TASK, ("Wait", timer), WORK, END])),
        paid("M"),
        file(&line("C", &[("Start", cycle), END])),
        file(&line("P", &[START, ("Wait", timer), END])),
    ]
}

/// The same schedule, with a restart after every command where asked for.
fn schedule(restarts: bool) -> Vec<Committed> {
    let models = models();
    let refs: Vec<&str> = models[..3].iter().map(String::as_str).collect();
    let rt = deployed(builder().handle("work", |job: Job<()>| Ok(json!({ "tries": job.attempt }))), &refs);
    let pause = || {
        if restarts {
            rt.restart().unwrap();
        }
    };
    pause();
    let id = rt.start("P").variables(json!({ "amount": 12 })).unwrap().key("k").send().unwrap();
    pause();
    rt.message("Paid").ttl(std::time::Duration::from_secs(100)).send().unwrap();
    pause();
    rt.complete(work(&rt, id, "Task")).send().unwrap();
    pause();
    rt.deploy(&models[3]).unwrap();
    pause();
    let newer = rt.start("P").send().unwrap();
    pause();
    let waits = rt.start("M").send().unwrap();
    assert_eq!(status(&rt, waits), "completed");
    pause();
    rt.advance(at("2026-01-01T01:30:00Z")).unwrap();
    pause();
    rt.run_until_idle().unwrap();
    pause();
    assert_eq!((status(&rt, id), status(&rt, newer)), ("completed", "completed"));
    assert_eq!(rt.instances().process("C").count().unwrap(), 1);
    rt.tail(Position::default()).unwrap()
}

#[test]
fn a_restart_between_any_two_commands_changes_nothing() {
    let (one, other) = (schedule(false), schedule(true));
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
}

#[test]
fn two_runtimes_over_one_store_see_the_same() {
    let store = Arc::new(MemoryStore::new());
    let clock = Clock::Virtual(VirtualClock::default());
    let one = Runtime::over(store.clone()).clock(clock.clone()).build().unwrap();
    one.deploy(&models()[0]).unwrap();
    let id = one.start("P").send().unwrap();
    drop(one);
    let two = Runtime::over(store).clock(clock).build().unwrap();
    assert_eq!(two.library().iter().count(), 1);
    two.complete(work(&two, id, "Task")).send().unwrap();
    assert_eq!(two.instance(id).unwrap().waiting[0].element, "Wait");
}

#[test]
fn the_journal_replays_to_the_stored_instance() {
    let models = models();
    let rt = deployed(builder(), &[&models[0]]);
    let id = rt.start("P").variables(json!({ "amount": 12 })).unwrap().send().unwrap();
    rt.complete(work(&rt, id, "Task")).with(&json!({ "note": "fine" })).unwrap().send().unwrap();
    let mut replayed = tokenflow::instance::Instance::new(id);
    for record in rt.history(id).unwrap() {
        replayed.apply_transition(&rt.library(), &record.transition);
    }
    let stored = rt.with_instance(id, |instance| instance.to_bytes()).unwrap();
    assert_eq!(replayed.to_bytes(), stored);
}

#[test]
fn instances_that_were_dropped_from_memory_are_loaded_again() {
    let models = models();
    let rt = deployed(builder().live_max(2), &[&models[0]]);
    let ids: Vec<_> = (0..10).map(|_| rt.start("P").send().unwrap()).collect();
    for id in &ids {
        rt.complete(work(&rt, *id, "Task")).send().unwrap();
    }
    assert_eq!(rt.instances().waiting_at("Wait").count().unwrap(), 10);
}
