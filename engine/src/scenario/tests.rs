//! That the free checks fail when something is broken, and what a played scenario tells.

use super::checks::Faults;
use super::{Cause, Run, RunOptions, Scenario};
use crate::event::Status;
use std::path::PathBuf;

const MODEL: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    targetNamespace="http://example.org" expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/">
  <process id="P" isExecutable="true">
    <startEvent id="Start"/>
    <userTask id="Task_A"/>
    <endEvent id="End"/>
    <sequenceFlow id="F1" sourceRef="Start" targetRef="Task_A"/>
    <sequenceFlow id="F2" sourceRef="Task_A" targetRef="End"/>
  </process>
</definitions>"#;

/// The model on disk, in a folder of its own that is gone at the end.
struct Model(PathBuf);

impl Model {
    fn new(test: &str) -> Model {
        let folder = std::env::temp_dir().join(format!("tokenflow-scenario-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("m.bpmn"), MODEL).expect("a file");
        Model(folder)
    }

    fn run(&self, text: &str, faults: Faults) -> Run {
        let scenario = Scenario::parse(text).expect("a scenario");
        let options = RunOptions::new()
            .default_files(vec![self.0.join("m.bpmn")])
            .base(self.0.clone())
            .with_checks(true);
        scenario.run_with(&options, faults)
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

const STORY: &str = "start P { x: 1 }\ncomplete Nowhere\nexpect rejected NotFound\ncomplete Task_A { y: 2 }\nexpect completed\n";

fn messages(run: &Run) -> Vec<String> {
    run.failures.iter().map(|failure| format!("{}: {}", failure.line, failure.message)).collect()
}

#[test]
fn a_sound_engine_passes_all_checks() {
    let run = Model::new("sound").run(STORY, Faults::default());
    assert_eq!(messages(&run), Vec::<String>::new());
    assert_eq!(run.instances.len(), 1);
    assert_eq!(run.instances[0].status, Status::Completed);
    assert_eq!(run.refusals.len(), 1);
}

#[test]
fn a_replay_that_forgets_is_found() {
    let faults = Faults { replay_forgets: true, ..Faults::default() };
    let run = Model::new("replay").run("start P\nexpect active\n", faults);
    let found = messages(&run);
    assert!(
        found.iter().any(|message| message.contains("replaying the events gives another state")),
        "{found:?}"
    );
}

#[test]
fn a_damaged_save_is_found() {
    let faults = Faults { load_is_damaged: true, ..Faults::default() };
    let run = Model::new("load").run(STORY, faults);
    let found = messages(&run);
    assert!(
        found.iter().any(|message| message.contains("saving and loading changes the instance")),
        "{found:?}"
    );
}

#[test]
fn a_refusal_that_acts_is_found() {
    let faults = Faults { refusal_acts: true, ..Faults::default() };
    let run = Model::new("refusal").run(STORY, faults);
    let found = messages(&run);
    assert!(
        found.iter().any(|message| message.starts_with("2: a rejected command was committed")),
        "{found:?}"
    );
}

#[test]
fn runs_that_differ_are_found() {
    let faults = Faults { runs_differ: true, ..Faults::default() };
    let run = Model::new("runs").run(STORY, faults);
    let found = messages(&run);
    assert!(
        found.iter().any(|message| message.contains("a second run is not equal to the first")),
        "{found:?}"
    );
}

#[test]
fn a_store_that_loses_something_is_found() {
    let faults = Faults { store_differs: true, ..Faults::default() };
    let run = Model::new("store").run(STORY, faults);
    let found = messages(&run);
    let claim = "closing and opening the store between commands changes the run";
    assert!(found.iter().any(|message| message.contains(claim)), "{found:?}");
}

#[test]
fn an_end_that_leaves_work_open_is_found() {
    let faults = Faults { ends_early: true, ..Faults::default() };
    let run = Model::new("end").run("start P\nexpect active\n", faults);
    assert_eq!(messages(&run), ["1: instance 1: it is active and `Task_A` still waits in it"]);
}

#[test]
fn a_refusal_that_nothing_expects_fails() {
    let run = Model::new("unexpected").run("start P\ncomplete Nowhere\nexpect active\n", Faults::default());
    assert_eq!(
        messages(&run),
        ["2: `complete Nowhere` was rejected: NotFound: there is no element `Nowhere`"]
    );
    assert_eq!(run.failures[0].cause, Cause::Rejection);
}

#[test]
fn expectations_that_do_not_hold_say_what_does() {
    let text = "start P { x: 1 }\nexpect completed\nexpect active { x: 2 }\nexpect waiting Task_B\n\
                expect variable P.x = 3\nexpect incident Task_A limit\nexpect count Task_A 1\n\
                expect not waiting Task_A\nexpect rejected Ended\nexpect exactly {}\n";
    let run = Model::new("wrong").run(text, Faults::default());
    let expected = [
        "2: `expect completed`: it is active; waiting: Task_A (user-task)",
        "3: `expect active { x: 2 }`: x is 1",
        "4: `expect waiting Task_B`: waiting: Task_A (user-task)",
        "5: `expect variable P.x = 3`: x is 1",
        "6: `expect incident Task_A limit`: there are no incidents",
        "7: `expect count Task_A 1`: it completed 0 times",
        "8: `expect not waiting Task_A`: waiting: Task_A (user-task)",
        "9: `expect rejected Ended`: the command was not rejected",
        "10: `expect exactly {}`: the variables are {\"x\":1}",
    ];
    assert_eq!(messages(&run), expected);
}

#[test]
fn a_trace_that_differs_is_rewritten() {
    let run = Model::new("trace").run("start P\n----\nstarted P\npassed Nothing\n", Faults::default());
    assert_eq!(run.failures.len(), 1);
    assert_eq!(run.failures[0].cause, Cause::Trace);
    let expected = "start P\n----\nstarted P\npassed Start\nentered Task_A\nwaiting Task_A user-task\n";
    assert_eq!(run.rewritten.as_deref(), Some(expected));
}

#[test]
fn variables_and_flows_show_on_request() {
    let text = "trace flows\ntrace variables\n\nstart P { x: 1 }\n----\nstarted P\nvariable-set P x\npassed Start\n\
                taken F1\nentered Task_A\nwaiting Task_A user-task\n";
    let run = Model::new("topics").run(text, Faults::default());
    assert_eq!(messages(&run), Vec::<String>::new());
}

#[test]
fn the_clock_does_not_go_back_and_setup_stands_first() {
    let model = Model::new("clock");
    let run = model.run("start P\nat 2025-01-01T00:00:00Z\n", Faults::default());
    assert_eq!(messages(&run), ["2: the clock does not go back"]);
    let run = model.run("start P\nzone Europe/Warsaw\n", Faults::default());
    assert_eq!(messages(&run), ["2: this must stand before the first command"]);
    let run = model.run("limit nonsense 3\n", Faults::default());
    assert_eq!(messages(&run), ["1: no limit has the name `nonsense`"]);
}

#[test]
fn settings_may_stand_below_the_files_that_they_concern() {
    let text = "deploy m.bpmn\nclock 2026-03-01T00:00:00Z\nlimit variable_bytes 100\n\nstart P\nafter PT1H\nexpect active\n";
    let run = Model::new("settings").run(text, Faults::default());
    assert_eq!(messages(&run), Vec::<String>::new());
    let first = run.trace.iter().next().expect("a line");
    assert_eq!(first.at.to_string(), "2026-03-01T00:00:00Z");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let run = Model::new("missing").run("deploy other.bpmn\nstart P\nexpect active\n", Faults::default());
    let found = messages(&run);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("1: ") && found[0].contains("other.bpmn"), "{found:?}");
}
