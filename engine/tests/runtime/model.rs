//! Small models and runtimes for the tests beside it.

use tokenflow::command::RejectionCode;
use tokenflow::id::{InstanceId, Timestamp};
use tokenflow::runtime::{Clock, CommandError, JobKey, Runtime, RuntimeBuilder, VirtualClock};

/// A file around the content of its definitions.
pub(super) fn file(content: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             targetNamespace="http://tokenflow.dev/tests"
             expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/">
{content}
</definitions>"#
    )
}

/// A process whose nodes stand in one line, joined by sequence flows; each node is `(id, element with {} for flows)`.
pub(super) fn line(id: &str, nodes: &[(&str, &str)]) -> String {
    let mut content = format!("<process id=\"{id}\" isExecutable=\"true\">\n");
    for (_, xml) in nodes {
        content += xml;
        content.push('\n');
    }
    for pair in nodes.windows(2) {
        let (from, to) = (pair[0].0, pair[1].0);
        content += &format!("<sequenceFlow id=\"{from}_{to}\" sourceRef=\"{from}\" targetRef=\"{to}\"/>\n");
    }
    content + "</process>"
}

pub(super) const START: (&str, &str) = ("Start", "<startEvent id=\"Start\"/>");
pub(super) const END: (&str, &str) = ("End", "<endEvent id=\"End\"/>");
pub(super) const TASK: (&str, &str) = ("Task", "<userTask id=\"Task\"/>");

/// A service task `Work` of job type `work`.
pub(super) const WORK: (&str, &str) = (
    "Work",
    "<serviceTask id=\"Work\"><extensionElements><zeebe:taskDefinition type=\"work\" retries=\"3\"/>\
     </extensionElements></serviceTask>",
);

pub(super) fn waits_at(kind: &str) -> String {
    file(&line("P", &[START, ("Catch", kind), END]))
}

/// A process that starts, waits for message `Paid` by the variable `order`, and ends.
pub(super) fn paid_by_order(id: &str) -> String {
    let message = format!(
        "<message id=\"M_{id}\" name=\"Paid\"><extensionElements>\
         <zeebe:subscription correlationKey=\"=order\"/></extensionElements></message>"
    );
    let catch = format!(
        "<intermediateCatchEvent id=\"Catch\"><messageEventDefinition id=\"D_{id}\" messageRef=\"M_{id}\"/></intermediateCatchEvent>"
    );
    file(&(message + &line(id, &[START, ("Catch", &catch), END])))
}

/// The same without a key.
pub(super) fn paid(id: &str) -> String {
    let catch = format!(
        "<intermediateCatchEvent id=\"Catch\"><messageEventDefinition id=\"D_{id}\" messageRef=\"M_{id}\"/></intermediateCatchEvent>"
    );
    file(&(format!("<message id=\"M_{id}\" name=\"Paid\"/>") + &line(id, &[START, ("Catch", &catch), END])))
}

pub(super) fn builder() -> RuntimeBuilder {
    Runtime::memory().clock(Clock::Virtual(VirtualClock::default()))
}

pub(super) fn runtime(models: &[&str]) -> Runtime {
    deployed(builder(), models)
}

pub(super) fn deployed(builder: RuntimeBuilder, models: &[&str]) -> Runtime {
    let rt = builder.build().unwrap();
    for model in models {
        if let Err(error) = rt.deploy(model) {
            panic!("{error}\n{model}");
        }
    }
    rt
}

pub(super) fn at(moment: &str) -> Timestamp {
    VirtualClock::starting_at(moment).unwrap().now()
}

pub(super) fn status(rt: &Runtime, id: InstanceId) -> &'static str {
    rt.instance(id).unwrap().status.as_str()
}

pub(super) fn code<T: std::fmt::Debug>(result: Result<T, CommandError>) -> RejectionCode {
    match result {
        Err(CommandError::Rejected(rejection)) => rejection.code,
        other => panic!("not a rejection: {other:?}"),
    }
}

/// The only open work of an instance at that element.
pub(super) fn work(rt: &Runtime, id: InstanceId, element: &str) -> JobKey {
    let view = rt.instance(id).unwrap();
    let mut open = view.waiting.iter().filter(|line| line.element == element);
    let first = open.next().unwrap_or_else(|| panic!("{element} is not open:\n{view}"));
    assert!(open.next().is_none(), "{element} is open several times");
    first.key
}
