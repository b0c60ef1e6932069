//! Storms between instances end at a named limit, in the instance that threw.

use super::model::{END, START, builder, deployed, file, line, status};
use tokenflow::limits::Limits;

fn limited(name: &str, value: u64) -> Limits {
    let mut limits = Limits::default();
    assert!(limits.set(name, value));
    limits
}

/// A process that is started by one message and throws another.
fn passes_on(id: &str, from: &str, to: &str) -> String {
    let start = "<startEvent id=\"Start\"><messageEventDefinition id=\"DS\" messageRef=\"MS\"/></startEvent>";
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"MT\"/></intermediateThrowEvent>";
    let messages = format!("<message id=\"MS\" name=\"{from}\"/><message id=\"MT\" name=\"{to}\"/>");
    file(&(messages + &line(id, &[("Start", start), ("Throw", throw), END])))
}

#[test]
fn processes_that_start_each_other_for_ever_stop_at_cascade_depth() {
    let builder = builder().limits(limited("cascade_depth", 20));
    let rt = deployed(builder, &[&passes_on("P", "Ping", "Pong"), &passes_on("Q", "Pong", "Ping")]);
    rt.message("Ping").send().unwrap();
    let stopped = rt.instances().with_incident().list().unwrap();
    assert_eq!(rt.instances().count().unwrap(), 21);
    assert_eq!(stopped.len(), 1);
    let view = rt.instance(stopped[0].id).unwrap();
    assert_eq!((view.incidents[0].element.as_str(), view.incidents[0].kind.as_str()), ("Throw", "limit"));
    assert!(view.incidents[0].message.contains("cascade_depth"));
    let last = stopped[0].id;
    rt.cancel(last).send().unwrap();
    assert_eq!(status(&rt, last), "canceled");
}

#[test]
fn a_message_that_nobody_waits_for_is_kept_up_to_thrown_messages_max() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"M\"/></intermediateThrowEvent>";
    let model =
        file(&("<message id=\"M\" name=\"Paid\"/>".to_owned() + &line("T", &[START, ("Throw", throw), END])));
    let rt =
        deployed(builder().limits(limited("thrown_messages_max", 2)), &[&model, &super::model::paid("P")]);
    let ids: Vec<_> = (0..3).map(|_| rt.start("T").send().unwrap()).collect();
    assert_eq!((status(&rt, ids[1]), status(&rt, ids[2])), ("completed", "active"));
    let view = rt.instance(ids[2]).unwrap();
    assert!(view.incidents[0].message.contains("thrown_messages_max"));
    // One is taken; then there is room.
    let receiver = rt.start("P").send().unwrap();
    assert_eq!(status(&rt, receiver), "completed");
    rt.resolve(view.incidents[0].key).send().unwrap();
    assert_eq!(status(&rt, ids[2]), "completed");
}

#[test]
fn a_thrown_message_that_fits_several_instances_is_an_incident_at_the_thrower() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><messageEventDefinition id=\"DT\" messageRef=\"M\"/></intermediateThrowEvent>";
    let model =
        file(&("<message id=\"M\" name=\"Paid\"/>".to_owned() + &line("T", &[START, ("Throw", throw), END])));
    let rt = deployed(builder(), &[&model, &super::model::paid("P")]);
    let one = rt.start("P").send().unwrap();
    rt.start("P").send().unwrap();
    let sender = rt.start("T").send().unwrap();
    let view = rt.instance(sender).unwrap();
    assert_eq!(
        (view.incidents[0].element.as_str(), view.incidents[0].kind.as_str()),
        ("Throw", "correlation")
    );
    rt.cancel(one).send().unwrap();
    rt.resolve(view.incidents[0].key).send().unwrap();
    assert_eq!(rt.instances().status(tokenflow::event::Status::Completed).count().unwrap(), 2);
}

#[test]
fn a_signal_storm_stops_in_the_instance_that_threw() {
    let start = "<startEvent id=\"Start\"><signalEventDefinition id=\"DS\" signalRef=\"S\"/></startEvent>";
    let throw = "<intermediateThrowEvent id=\"Throw\"><signalEventDefinition id=\"DT\" signalRef=\"S\"/></intermediateThrowEvent>";
    let model = file(
        &("<signal id=\"S\" name=\"Alarm\"/>".to_owned()
            + &line("P", &[("Start", start), ("Throw", throw), END])),
    );
    let rt = deployed(builder().limits(limited("cascade_depth", 10)), &[&model]);
    rt.signal("Alarm").send().unwrap();
    assert_eq!(rt.instances().count().unwrap(), 11);
    assert_eq!(rt.instances().with_incident().count().unwrap(), 1);
}
