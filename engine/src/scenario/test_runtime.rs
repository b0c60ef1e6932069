//! A runtime with its clock in hand, for tests that are Rust rather than scenario files.

use crate::runtime::{Runtime, RuntimeBuilder};
use crate::scenario::play::Play;
use crate::scenario::world::World;
use crate::scenario::{RunOptions, Scenario, manner};
use crate::trace::{Show, fold};
use serde::Serialize;
use tokenflow_feel::Value;
use tokenflow_feel::value::{json, typed};

/// A runtime in memory on a virtual clock, driven step by step; handlers are called as soon as they have work.
///
/// Each method is a line of a scenario (see [`crate::scenario`]), and [`play`](TestRuntime::play) takes any such
/// lines. What does not hold panics with what holds instead and with the trace so far.
///
/// ```
/// use serde_json::json;
/// use tokenflow::runtime::Job;
/// use tokenflow::test::TestRuntime;
///
/// # let model = br#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://e.org"
/// #   xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><process id="Sale" isExecutable="true">
/// #   <startEvent id="Start"/><userTask id="Task_Approve"/><endEvent id="End"/>
/// #   <serviceTask id="Task_Invoice">
/// #     <extensionElements><zeebe:taskDefinition type="send-invoice"/></extensionElements></serviceTask>
/// #   <sequenceFlow id="F1" sourceRef="Start" targetRef="Task_Approve"/>
/// #   <sequenceFlow id="F2" sourceRef="Task_Approve" targetRef="Task_Invoice"/>
/// #   <sequenceFlow id="F3" sourceRef="Task_Invoice" targetRef="End"/></process></definitions>"#;
/// TestRuntime::new(|runtime| {
///     runtime.handle("send-invoice", |_: Job<()>| Ok(json!({ "invoice": "FV/1" })))
/// })
/// .deploy(model)
/// .start("Sale", json!({ "amount": 12000 }))
/// .expect_waiting("Task_Approve")
/// .after("P14D")
/// .complete("Task_Approve", json!({ "approved": true }))
/// .expect_completed(json!({ "invoice": "FV/1" }));
/// ```
pub struct TestRuntime {
    play: Play,
}

impl TestRuntime {
    /// A runtime with the handlers that the closure adds, in UTC, at 2026-01-01T00:00:00Z.
    ///
    /// # Panics
    /// Where the runtime cannot be built.
    #[track_caller]
    pub fn new(add_handlers: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder) -> TestRuntime {
        let manner = manner(&RunOptions::new());
        match World::with_handlers(manner.setting.clone(), manner.faults, add_handlers, true) {
            Ok(world) => TestRuntime { play: Play::within(manner, world) },
            Err(message) => panic!("{message}"),
        }
    }

    /// Deploys a BPMN file.
    ///
    /// # Panics
    /// Where the file is refused, with all findings.
    #[track_caller]
    pub fn deploy(&mut self, bytes: impl AsRef<[u8]>) -> &mut TestRuntime {
        if let Err(refusal) = self.runtime().deploy(bytes) {
            panic!("{refusal}");
        }
        self
    }

    /// Plays lines of a scenario.
    ///
    /// # Panics
    /// Where they are no scenario, or something does not hold.
    #[track_caller]
    pub fn play(&mut self, lines: &str) -> &mut TestRuntime {
        let scenario = match Scenario::parse(lines) {
            Ok(scenario) => scenario,
            Err(error) => panic!("{error} in\n{lines}"),
        };
        for block in &scenario.blocks {
            self.play.play_block(block);
        }
        let failures: Vec<String> =
            self.play.failures.drain(..).map(|failure| failure.message.trim_end().to_owned()).collect();
        assert!(failures.is_empty(), "{}\ntrace:\n{}", failures.join("\n"), self.trace());
        self
    }

    /// Starts an instance.
    ///
    /// # Panics
    /// Where it is refused.
    #[track_caller]
    pub fn start(&mut self, process: &str, variables: impl Serialize) -> &mut TestRuntime {
        self.play(&format!("start {} {}", quoted(process), payload(&variables)))
    }

    /// Completes a job or user task: `Task_A`, `Task_A#2`, `label/Task_A`.
    ///
    /// # Panics
    /// Where it is refused.
    #[track_caller]
    pub fn complete(&mut self, target: &str, variables: impl Serialize) -> &mut TestRuntime {
        self.play(&format!("complete {} {}", quoted(target), payload(&variables)))
    }

    /// Publishes a message, with its correlation key.
    ///
    /// # Panics
    /// Where it is refused.
    #[track_caller]
    pub fn message(&mut self, name: &str, key: &str, variables: impl Serialize) -> &mut TestRuntime {
        self.play(&format!("message {} key {} {}", quoted(name), quoted(key), payload(&variables)))
    }

    /// Moves the clock by an ISO-8601 duration, from due time to due time.
    ///
    /// # Panics
    /// Where that is no duration.
    #[track_caller]
    pub fn after(&mut self, duration: &str) -> &mut TestRuntime {
        self.play(&format!("after {duration}"))
    }

    /// Exactly these elements wait: `A, B#2`.
    ///
    /// # Panics
    /// Where others do.
    #[track_caller]
    pub fn expect_waiting(&mut self, targets: &str) -> &mut TestRuntime {
        self.play(&format!("expect waiting {targets}"))
    }

    /// The only instance has completed, with at least these variables.
    ///
    /// # Panics
    /// Where it has not, or has others.
    #[track_caller]
    pub fn expect_completed(&mut self, variables: impl Serialize) -> &mut TestRuntime {
        self.play(&format!("expect completed {}", payload(&variables)))
    }

    /// The runtime itself, for everything else.
    pub fn runtime(&self) -> &Runtime {
        self.world().runtime()
    }

    /// What has happened so far, a line each.
    pub fn trace(&self) -> String {
        let chronicle = &self.world().chronicle;
        let with_label = chronicle.tracer.roots().len() > 1;
        let lines = fold(chronicle.journal.iter(), Show::default());
        lines.iter().map(|line| line.to_text(with_label)).collect::<Vec<_>>().join("\n")
    }

    fn world(&self) -> &World {
        self.play.world.as_ref().expect("a test runtime is made with its world")
    }
}

/// Variables as JSON; those that are none show where they are used, as a payload that is no context.
#[track_caller]
fn payload(variables: &impl Serialize) -> String {
    match typed::to_value(variables) {
        Ok(Value::Null(_)) => "{}".to_owned(),
        Ok(value @ Value::Context(_)) => json::write(&value),
        Ok(value) => panic!("variables are an object, not {}", value.type_name()),
        Err(error) => panic!("{error}"),
    }
}

fn quoted(word: &str) -> String {
    json::write(&Value::string(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const MODEL: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
        targetNamespace="http://example.org" expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/">
      <process id="P" isExecutable="true">
        <startEvent id="Start"/><userTask id="Task_A"/><endEvent id="End"/>
        <boundaryEvent id="Late" attachedToRef="Task_A">
          <timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>
        </boundaryEvent>
        <sequenceFlow id="F1" sourceRef="Start" targetRef="Task_A"/>
        <sequenceFlow id="F2" sourceRef="Task_A" targetRef="End"/>
        <sequenceFlow id="F3" sourceRef="Late" targetRef="End"/>
      </process>
    </definitions>"#;

    #[test]
    fn time_is_in_the_hand_of_the_test() {
        let mut test = TestRuntime::new(|runtime| runtime);
        test.deploy(MODEL).start("P", json!({ "x": 1 })).expect_waiting("Task_A").after("PT1H");
        test.expect_completed(json!({ "x": 1 }));
        assert!(
            test.trace().ends_with(
                "triggered Late timer\ncanceled Task_A\npassed Late\npassed End\nended P completed"
            )
        );
    }

    #[test]
    #[should_panic(
        expected = "`expect completed {}`: it is active; waiting: Task_A (user-task)\ntrace:\nstarted P"
    )]
    fn a_failure_shows_the_trace() {
        TestRuntime::new(|runtime| runtime).deploy(MODEL).start("P", ()).expect_completed(());
    }

    #[test]
    #[should_panic(expected = "was rejected: NotWaiting")]
    fn a_refusal_is_a_failure() {
        TestRuntime::new(|runtime| runtime).deploy(MODEL).start("P", ()).complete("End", ());
    }
}
