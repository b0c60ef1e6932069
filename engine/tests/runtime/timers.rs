//! Timers: at their own times, once; start events of the newest version; a runtime that slept.

use super::model::{END, at, file, line, runtime, status, waits_at};
use tokenflow::runtime::store::Position;

fn waits(duration: &str) -> String {
    waits_at(&format!(
        "<intermediateCatchEvent id=\"Catch\"><timerEventDefinition id=\"D\"><timeDuration xsi:type=\"tFormalExpression\">{duration}</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    ))
}

fn cycle(text: &str) -> String {
    let start = format!(
        "<startEvent id=\"Start\"><timerEventDefinition id=\"D\"><timeCycle xsi:type=\"tFormalExpression\">{text}</timeCycle></timerEventDefinition></startEvent>"
    );
    file(&line("Q", &[("Start", &start), END]))
}

#[test]
fn a_timer_fires_when_the_clock_gets_there_and_once() {
    let rt = runtime(&[&waits("PT1H")]);
    let id = rt.start("P").send().unwrap();
    assert_eq!(rt.next_due().unwrap(), Some(at("2026-01-01T01:00:00Z")));
    rt.advance(at("2026-01-01T00:59:59Z")).unwrap();
    assert_eq!(status(&rt, id), "active");
    rt.advance(at("2026-01-01T01:00:00Z")).unwrap();
    assert_eq!(status(&rt, id), "completed");
    assert_eq!(rt.instance(id).unwrap().ended_at, Some(at("2026-01-01T01:00:00Z")));
    assert_eq!(rt.next_due().unwrap(), None);
}

#[test]
fn a_timer_that_is_due_at_once_fires_within_the_command() {
    let rt = runtime(&[&waits("PT0S")]);
    let id = rt.start("P").send().unwrap();
    assert_eq!(status(&rt, id), "completed");
}

#[test]
fn a_start_cycle_creates_an_instance_at_each_of_its_times() {
    let rt = runtime(&[&cycle("R3/PT1H")]);
    rt.advance(at("2026-01-02T00:00:00Z")).unwrap();
    let started: Vec<String> =
        rt.instances().list().unwrap().iter().map(|head| head.started_at.to_string()).collect();
    assert_eq!(started, ["2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z", "2026-01-01T03:00:00Z"]);
    assert_eq!(rt.next_due().unwrap(), None);
}

#[test]
fn a_runtime_that_slept_starts_once_and_counts_what_it_skipped() {
    let rt = runtime(&[&cycle("R5/PT1H")]);
    rt.jump(at("2026-01-01T03:30:00Z")).unwrap();
    assert_eq!(rt.instances().count().unwrap(), 1);
    assert_eq!(rt.next_due().unwrap(), Some(at("2026-01-01T04:00:00Z")));
    rt.advance(at("2026-02-01T00:00:00Z")).unwrap();
    assert_eq!(rt.instances().count().unwrap(), 3);
}

#[test]
fn the_newest_version_alone_is_armed() {
    let rt = runtime(&[&cycle("R/PT1H")]);
    rt.deploy(cycle("R/PT2H")).unwrap();
    rt.deploy(cycle("R/PT2H")).unwrap();
    rt.advance(at("2026-01-01T05:00:00Z")).unwrap();
    let versions: Vec<u32> = rt.instances().list().unwrap().iter().map(|head| head.process_version).collect();
    assert_eq!(versions, [2, 2]);
}

#[test]
fn timers_fire_in_the_order_of_their_times_whatever_the_order_of_arming() {
    let rt = runtime(&[&waits("PT2H"), &waits("PT1H")]);
    let late = rt.start("P").version(1).send().unwrap();
    let early = rt.start("P").version(2).send().unwrap();
    rt.jump(at("2026-01-03T00:00:00Z")).unwrap();
    let order: Vec<_> = rt.tail(Position(1)).unwrap().into_iter().map(|record| record.instance).collect();
    assert_eq!(order, [late, early, early, late]);
}

#[test]
fn a_suspended_instance_is_told_when_it_resumes() {
    let rt = runtime(&[&waits("PT1H")]);
    let id = rt.start("P").send().unwrap();
    rt.suspend(id).send().unwrap();
    assert_eq!(rt.next_due().unwrap(), None);
    rt.advance(at("2026-01-02T00:00:00Z")).unwrap();
    assert_eq!(status(&rt, id), "active");
    rt.resume(id).send().unwrap();
    assert_eq!(status(&rt, id), "completed");
}

#[test]
fn the_clock_never_goes_back() {
    let rt = runtime(&[&waits("PT1H")]);
    rt.advance(at("2026-01-05T00:00:00Z")).unwrap();
    rt.advance(at("2026-01-01T00:00:00Z")).unwrap();
    assert_eq!(rt.now(), at("2026-01-05T00:00:00Z"));
}
