//! Jobs: handlers in the process, outside workers, retries, leases.

use super::model::{END, START, TASK, WORK, at, builder, code, deployed, file, line, runtime, status, work};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokenflow::command::RejectionCode;
use tokenflow::runtime::{Job, JobError, LeaseId};

#[derive(serde::Deserialize)]
struct Order {
    amount: i64,
}

#[derive(serde::Serialize)]
struct Invoice {
    number: String,
}

fn works() -> String {
    file(&line("P", &[START, WORK, END]))
}

#[test]
fn a_handler_reads_and_writes_typed_variables() {
    let builder = builder()
        .handle("work", |job: Job<Order>| Ok(Invoice { number: format!("FV/{}", job.input.amount) }));
    let rt = deployed(builder, &[&works()]);
    let id = rt.start("P").variables(json!({ "amount": 7 })).unwrap().send().unwrap();
    assert_eq!(status(&rt, id), "active", "handlers run after the job is durable");
    rt.run_until_idle().unwrap();
    let view = rt.instance(id).unwrap();
    assert_eq!(view.status.as_str(), "completed");
    assert_eq!(view.variables.get("number").and_then(|number| number.as_str()), Some("FV/7"));
}

#[test]
fn an_inline_handler_answers_inside_the_step() {
    let builder =
        builder().handle_inline("work", |job: Job<Order>| Ok(json!({ "double": job.input.amount * 2 })));
    let rt = deployed(builder, &[&works()]);
    let id = rt.start("P").variables(json!({ "amount": 4 })).unwrap().send().unwrap();
    let view = rt.instance(id).unwrap();
    assert_eq!(view.status.as_str(), "completed");
    assert_eq!(view.variables.get("double").map(ToString::to_string), Some("8".to_owned()));
}

#[test]
fn a_missing_variable_is_a_failed_job_that_names_it() {
    let rt = deployed(builder().handle("work", |_: Job<Order>| Ok(())), &[&works()]);
    let id = rt.start("P").send().unwrap();
    rt.run_until_idle().unwrap();
    let view = rt.instance(id).unwrap();
    assert_eq!(view.incidents.len(), 1);
    assert_eq!(view.incidents[0].kind.as_str(), "job-retries");
    assert!(view.incidents[0].message.contains("amount"), "{}", view.incidents[0].message);
}

#[test]
fn a_failing_handler_is_tried_again_and_then_an_incident() {
    let tries = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&tries);
    let builder = builder().handle("work", move |job: Job<()>| {
        counted.fetch_add(1, Ordering::SeqCst);
        if job.attempt == 2 {
            panic!("the second try breaks")
        }
        "no number".parse::<i32>()?;
        Ok(())
    });
    let rt = deployed(builder, &[&works()]);
    let id = rt.start("P").send().unwrap();
    rt.run_until_idle().unwrap();
    assert_eq!(tries.load(Ordering::SeqCst), 3);
    let view = rt.instance(id).unwrap();
    assert_eq!(view.incidents[0].element, "Work");
    rt.run_until_idle().unwrap();
    assert_eq!(tries.load(Ordering::SeqCst), 3, "a job at an incident is not handed out");
    rt.resolve(view.incidents[0].key).send().unwrap();
    rt.run_until_idle().unwrap();
    assert!(tries.load(Ordering::SeqCst) > 3);
}

#[test]
fn a_failed_job_waits_for_its_back_off() {
    let builder = builder().handle("work", |job: Job<()>| {
        if job.attempt == 1 {
            Err(JobError::fail("closed").retry_after(Duration::from_secs(3600)))
        } else {
            Ok(())
        }
    });
    let rt = deployed(builder, &[&works()]);
    let id = rt.start("P").send().unwrap();
    rt.run_until_idle().unwrap();
    assert_eq!(status(&rt, id), "active");
    assert_eq!(rt.next_due().unwrap(), Some(at("2026-01-01T01:00:00Z")));
    assert_eq!(rt.jobs("work").activate().unwrap(), []);
    rt.advance(at("2026-01-01T01:00:00Z")).unwrap();
    rt.run_until_idle().unwrap();
    assert_eq!(status(&rt, id), "completed");
}

#[test]
fn an_error_of_a_handler_goes_to_its_boundary_event() {
    let boundary = "<boundaryEvent id=\"OnError\" attachedToRef=\"Work\"><errorEventDefinition id=\"DE\" errorRef=\"E\"/></boundaryEvent>\
        <endEvent id=\"Handled\"/><sequenceFlow id=\"FE\" sourceRef=\"OnError\" targetRef=\"Handled\"/>";
    let work = WORK.1.to_owned() + boundary;
    let model = file(
        &("<error id=\"E\" errorCode=\"EMPTY\"/>".to_owned() + &line("P", &[START, ("Work", &work), END])),
    );
    let builder =
        builder().handle("work", |_: Job<()>| -> Result<(), JobError> { Err(JobError::bpmn("EMPTY")) });
    let rt = deployed(builder, &[&model]);
    let id = rt.start("P").send().unwrap();
    rt.run_until_idle().unwrap();
    assert_eq!(rt.instance(id).unwrap().outcome.as_deref(), Some("Handled"));
}

#[test]
fn an_outside_worker_pulls_and_a_late_answer_is_refused() {
    let rt = runtime(&[&works()]);
    let id = rt.start("P").variables(json!({ "amount": 1 })).unwrap().send().unwrap();
    let lease = Duration::from_secs(60);
    let first = rt.jobs("work").max(10).lease(lease).activate().unwrap().remove(0);
    assert_eq!(first.job.input.get("amount").map(ToString::to_string), Some("1".to_owned()));
    assert_eq!(rt.jobs("work").activate().unwrap(), [], "it is in somebody's hands");
    rt.advance(at("2026-01-01T00:01:00Z")).unwrap();
    let second = rt.jobs("work").lease(lease).activate().unwrap().remove(0);
    assert_eq!(second.job.key, first.job.key, "the key is stable");
    let late = rt.complete(first.job.key).lease(first.lease).send();
    assert_eq!(code(late), RejectionCode::JobNotActive);
    assert_eq!(code(rt.complete(first.job.key).lease(LeaseId(1)).send()), RejectionCode::JobNotActive);
    rt.extend(second.job.key, second.lease, Duration::from_secs(600)).unwrap();
    rt.advance(at("2026-01-01T00:05:00Z")).unwrap();
    rt.complete(second.job.key).lease(second.lease).send().unwrap();
    assert_eq!(status(&rt, id), "completed");
    assert_eq!(code(rt.complete(second.job.key).lease(second.lease).send()), RejectionCode::JobNotActive);
    assert_eq!(code(rt.complete(second.job.key).send()), RejectionCode::Ended);
}

#[test]
fn a_forged_key_is_refused_by_name() {
    let rt = runtime(&[&file(&line("P", &[START, TASK, END]))]);
    let id = rt.start("P").send().unwrap();
    let task = work(&rt, id, "Task");
    let mut forged = task;
    forged.key = tokenflow::id::ElementKey(99);
    assert_eq!(code(rt.complete(forged).send()), RejectionCode::NotFound);
    forged.instance = tokenflow::id::InstanceId(7);
    assert_eq!(code(rt.complete(forged).send()), RejectionCode::NotFound);
    let twin: tokenflow::runtime::JobKey = task.to_string().parse().unwrap();
    rt.complete(twin).send().unwrap();
}

#[test]
fn two_handlers_of_one_type_are_refused() {
    let twice =
        builder().handle("work", |_: Job<()>| Ok(())).handle_inline("work", |_: Job<()>| Ok(())).build();
    assert!(twice.unwrap_err().to_string().contains("`work`"));
}

#[test]
fn a_deployment_lists_job_types_without_handler() {
    let rt = builder().build().unwrap();
    assert_eq!(rt.deploy(works()).unwrap().unhandled_job_types, ["work"]);
    let rt = builder().handle("work", |_: Job<()>| Ok(())).build().unwrap();
    assert_eq!(rt.deploy(works()).unwrap().unhandled_job_types, [""; 0]);
}

#[test]
fn a_worker_thread_does_the_jobs_of_the_system_clock() {
    let builder = tokenflow::runtime::Runtime::memory().handle("work", |_: Job<()>| Ok(()));
    let rt = deployed(builder, &[&works()]);
    let worker = rt.spawn_worker();
    let id = rt.start("P").send().unwrap();
    for _ in 0..500 {
        if status(&rt, id) == "completed" {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(status(&rt, id), "completed");
    worker.stop();
}

#[test]
fn oldest_jobs_come_first() {
    let rt = runtime(&[&works()]);
    let ids: Vec<_> = (0..3).map(|_| rt.start("P").send().unwrap()).collect();
    let jobs = rt.jobs("work").max(2).activate().unwrap();
    let order: Vec<_> = jobs.iter().map(|activated| activated.job.key.instance).collect();
    assert_eq!(order, ids[..2]);
}

#[test]
fn an_escalation_of_a_handler_leaves_the_job_done() {
    let boundary = "<boundaryEvent id=\"OnLate\" attachedToRef=\"Work\" cancelActivity=\"false\"><escalationEventDefinition id=\"DE\" escalationRef=\"L\"/></boundaryEvent>\
        <userTask id=\"Look\"/><sequenceFlow id=\"FE\" sourceRef=\"OnLate\" targetRef=\"Look\"/>";
    let work = WORK.1.to_owned() + boundary;
    let model = file(
        &("<escalation id=\"L\" escalationCode=\"LATE\"/>".to_owned()
            + &line("P", &[START, ("Work", &work), TASK, END])),
    );
    let builder =
        builder().handle("work", |_: Job<()>| -> Result<(), JobError> { Err(JobError::escalate("LATE")) });
    let rt = deployed(builder, &[&model]);
    let id = rt.start("P").send().unwrap();
    rt.run_until_idle().unwrap();
    let view = rt.instance(id).unwrap();
    let open: Vec<&str> = view.waiting.iter().map(|line| line.element.as_str()).collect();
    assert_eq!(open, ["Look", "Task"]);
}

#[test]
fn jobs_of_a_suspended_instance_are_not_handed_out() {
    let rt = runtime(&[&works()]);
    let id = rt.start("P").send().unwrap();
    let held = rt.jobs("work").activate().unwrap().remove(0);
    rt.suspend(id).send().unwrap();
    assert_eq!(code(rt.complete(held.job.key).lease(held.lease).send()), RejectionCode::Suspended);
    rt.advance(at("2026-01-01T01:00:00Z")).unwrap();
    assert_eq!(rt.jobs("work").activate().unwrap(), []);
    rt.resume(id).send().unwrap();
    assert_eq!(rt.jobs("work").activate().unwrap().len(), 1);
}

#[test]
fn the_system_clock_is_not_moved() {
    let rt = deployed(tokenflow::runtime::Runtime::memory(), &[&works()]);
    let before = rt.now();
    let far = tokenflow::id::Timestamp(before.0 + 3_600_000_000);
    rt.message("Paid").ttl(Duration::from_secs(60)).send().unwrap();
    rt.advance(far).unwrap();
    rt.jump(far).unwrap();
    assert!(rt.now() < far);
    assert!(rt.next_due().unwrap().is_some(), "what is not due yet has not happened");
}
