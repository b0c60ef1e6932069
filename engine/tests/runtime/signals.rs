//! Signals reach everybody who catches them now, and nobody later.

use super::model::{END, START, file, line, runtime, status, waits_at};

fn catches() -> String {
    let signal = "<intermediateCatchEvent id=\"Catch\"><signalEventDefinition id=\"D\" signalRef=\"S\"/></intermediateCatchEvent>";
    waits_at(signal).replace("<process", "<signal id=\"S\" name=\"Alarm\"/><process")
}

fn starts() -> String {
    let start = "<startEvent id=\"Start\"><signalEventDefinition id=\"D\" signalRef=\"S\"/></startEvent>";
    file(&("<signal id=\"S\" name=\"Alarm\"/>".to_owned() + &line("Q", &[("Start", start), END])))
}

#[test]
fn a_signal_reaches_all_catchers_and_starts() {
    let rt = runtime(&[&catches(), &starts()]);
    let ids: Vec<_> = (0..3).map(|_| rt.start("P").send().unwrap()).collect();
    let receipt = rt.signal("Alarm").send().unwrap();
    assert_eq!(receipt.instances[..3], ids);
    assert_eq!(receipt.instances.len(), 4);
    assert!(ids.iter().all(|id| status(&rt, *id) == "completed"));
    assert_eq!(rt.instances().process("Q").count().unwrap(), 1);
}

#[test]
fn a_signal_is_not_kept_and_a_suspended_instance_misses_it() {
    let rt = runtime(&[&catches()]);
    assert_eq!(rt.signal("Alarm").send().unwrap().instances, []);
    let id = rt.start("P").send().unwrap();
    rt.suspend(id).send().unwrap();
    rt.signal("Alarm").send().unwrap();
    rt.resume(id).send().unwrap();
    assert_eq!(status(&rt, id), "active");
    rt.signal("Alarm").send().unwrap();
    assert_eq!(status(&rt, id), "completed");
}

#[test]
fn a_thrown_signal_is_delivered_before_the_next_command() {
    let throw = "<intermediateThrowEvent id=\"Throw\"><signalEventDefinition id=\"DT\" signalRef=\"S\"/></intermediateThrowEvent>";
    let thrower =
        file(&("<signal id=\"S\" name=\"Alarm\"/>".to_owned() + &line("T", &[START, ("Throw", throw), END])));
    let rt = runtime(&[&catches(), &thrower]);
    let id = rt.start("P").send().unwrap();
    rt.start("T").send().unwrap();
    assert_eq!(status(&rt, id), "completed");
}
