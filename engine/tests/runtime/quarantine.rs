//! A step that fails inside sets its instance aside; others go on, and a restart does not loop.

use super::model::{END, START, TASK, builder, code, deployed, file, status, work};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokenflow::command::RejectionCode;
use tokenflow::expression::{Evaluator, HostExpression};
use tokenflow::runtime::Runtime;
use tokenflow_feel::Value;

/// An expression language whose programs panic while told to.
struct Mine {
    explodes: Arc<AtomicBool>,
}

struct Condition(Arc<AtomicBool>);

impl Evaluator for Mine {
    fn compile(&self, language: &str, _: &str) -> Option<Result<Arc<dyn HostExpression>, String>> {
        (language == "mine")
            .then(|| Ok(Arc::new(Condition(Arc::clone(&self.explodes))) as Arc<dyn HostExpression>))
    }
}

impl HostExpression for Condition {
    fn names(&self) -> &[Arc<str>] {
        &[]
    }

    fn eval(&self, _: &[Value]) -> Result<Value, String> {
        assert!(!self.0.load(Ordering::SeqCst), "the expression explodes");
        Ok(Value::from(true))
    }
}

fn model() -> String {
    let process = "<process id=\"P\" isExecutable=\"true\">".to_owned()
        + START.1
        + TASK.1
        + END.1
        + "<exclusiveGateway id=\"Choice\" default=\"F4\"/><intermediateCatchEvent id=\"Wait\">\
           <timerEventDefinition id=\"D\"><timeDuration xsi:type=\"tFormalExpression\">PT1H</timeDuration></timerEventDefinition>\
           </intermediateCatchEvent>\
           <sequenceFlow id=\"F1\" sourceRef=\"Start\" targetRef=\"Task\"/>\
           <sequenceFlow id=\"F2\" sourceRef=\"Task\" targetRef=\"Choice\"/>\
           <sequenceFlow id=\"F0\" sourceRef=\"Start\" targetRef=\"Wait\"/>\
           <sequenceFlow id=\"F5\" sourceRef=\"Wait\" targetRef=\"Choice\"/>\
           <sequenceFlow id=\"F3\" sourceRef=\"Choice\" targetRef=\"End\"><conditionExpression xsi:type=\"tFormalExpression\" language=\"mine\">go</conditionExpression></sequenceFlow>\
           <sequenceFlow id=\"F4\" sourceRef=\"Choice\" targetRef=\"End\"/></process>";
    file(&process)
}

fn explosive() -> (Arc<AtomicBool>, Runtime) {
    let explodes = Arc::new(AtomicBool::new(true));
    let evaluator = Arc::new(Mine { explodes: Arc::clone(&explodes) });
    (explodes, deployed(builder().evaluator(evaluator), &[&model()]))
}

#[test]
fn a_panic_in_a_step_sets_one_instance_aside_until_it_is_resolved() {
    let (explodes, rt) = explosive();
    let (bad, good) = (rt.start("P").send().unwrap(), rt.start("P").send().unwrap());
    let task = work(&rt, bad, "Task");
    assert_eq!(code(rt.complete(task).send()), RejectionCode::Suspended);
    let view = rt.instance(bad).unwrap();
    assert!(view.quarantine.as_deref().unwrap().contains("the expression explodes"), "{view}");
    assert_eq!(work(&rt, bad, "Task"), task, "its state is the one before the failure");
    assert_eq!(code(rt.complete(task).send()), RejectionCode::Suspended);
    assert_eq!(rt.instances().with_incident().list().unwrap()[0].id, bad);

    explodes.store(false, Ordering::SeqCst);
    rt.complete(work(&rt, good, "Task")).send().unwrap();
    rt.restart().unwrap();
    assert_eq!(code(rt.complete(task).send()), RejectionCode::Suspended, "it stays aside over a restart");
    rt.resolve(task).send().unwrap();
    rt.complete(task).send().unwrap();
    rt.advance(super::model::at("2026-01-01T01:00:00Z")).unwrap();
    assert_eq!((status(&rt, bad), status(&rt, good)), ("completed", "completed"));
}

#[test]
fn a_timer_whose_step_panics_is_held_back_and_does_not_loop() {
    let (explodes, rt) = explosive();
    let id = rt.start("P").send().unwrap();
    rt.advance(super::model::at("2026-01-02T00:00:00Z")).unwrap();
    assert!(rt.instance(id).unwrap().quarantine.is_some());
    assert_eq!(rt.next_due().unwrap(), None);
    explodes.store(false, Ordering::SeqCst);
    rt.resolve(work(&rt, id, "Task")).send().unwrap();
    assert_eq!(rt.instance(id).unwrap().waiting.len(), 1, "the timer fired when it was let go on");
}

/// A timer and a job side by side.
fn waiting_and_working() -> String {
    let process = "<process id=\"P\" isExecutable=\"true\">".to_owned()
        + START.1
        + super::model::WORK.1
        + END.1
        + "<intermediateCatchEvent id=\"Wait\"><timerEventDefinition id=\"D\"><timeDuration xsi:type=\"tFormalExpression\">PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>\
           <sequenceFlow id=\"F1\" sourceRef=\"Start\" targetRef=\"Work\"/><sequenceFlow id=\"F2\" sourceRef=\"Start\" targetRef=\"Wait\"/>\
           <sequenceFlow id=\"F3\" sourceRef=\"Work\" targetRef=\"End\"/><sequenceFlow id=\"F4\" sourceRef=\"Wait\" targetRef=\"End\"/></process>";
    file(&process)
}

#[test]
fn an_instance_that_cannot_be_read_is_set_aside_and_blocks_nobody() {
    let (store, rt) = super::faulty::Faulty::runtime(&[&waiting_and_working()]);
    let (bad, good) = (rt.start("P").send().unwrap(), rt.start("P").send().unwrap());
    store.spoil(bad);
    rt.restart().unwrap();
    let jobs = rt.jobs("work").max(5).activate().unwrap();
    assert_eq!(jobs.len(), 1);
    rt.complete(jobs[0].job.key).send().unwrap();
    rt.advance(super::model::at("2026-01-01T02:00:00Z")).unwrap();
    assert_eq!(status(&rt, good), "completed");
    let aside = rt.instances().with_incident().list().unwrap();
    assert_eq!(aside[0].id, bad);
    assert!(aside[0].quarantine.as_deref().unwrap().contains("corrupt"), "{:?}", aside[0].quarantine);
    let record = rt.history(bad).unwrap().pop().unwrap();
    assert!(record.quarantine.is_some(), "the history says when and why");
    rt.restart().unwrap();
    assert_eq!(rt.jobs("work").activate().unwrap(), []);
}

#[test]
fn a_message_for_an_instance_that_cannot_be_read_does_not_stop_the_others() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"M\"/></intermediateThrowEvent>";
    let model = file(
        &("<message id=\"M\" name=\"Paid\"/>".to_owned()
            + &super::model::line("T", &[START, ("Throw", throw), END])),
    );
    let (store, rt) = super::faulty::Faulty::runtime(&[&model, &super::model::paid("P")]);
    let bad = rt.start("P").send().unwrap();
    store.spoil(bad);
    rt.restart().unwrap();
    let sender = rt.start("T").send().unwrap();
    assert_eq!(status(&rt, sender), "completed");
    let good = rt.start("P").send().unwrap();
    assert_eq!(status(&rt, good), "completed", "the message was kept for somebody who can take it");
}
