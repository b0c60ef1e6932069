//! The binary as scripts see it: exit codes, JSON on standard output and nothing else there, text for people.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tokenflow_feel::value::json::{self, JsonLimits};
use tokenflow_feel::{Context, Value};

/// A folder of its own for one test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("tokenflow-cli-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn model(content: &str) -> String {
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" targetNamespace=\"http://example.org\"\n             \
         expressionLanguage=\"https://www.omg.org/spec/DMN/20191111/FEEL/\">\n  <process id=\"P\" isExecutable=\"true\">\n{content}\n  </process>\n</definitions>\n"
    )
}

fn one_task() -> String {
    model(
        "    <startEvent id=\"Start\"/>\n    <sequenceFlow id=\"F1\" sourceRef=\"Start\" targetRef=\"Task_A\"/>\n    \
         <userTask id=\"Task_A\"/>\n    <sequenceFlow id=\"F2\" sourceRef=\"Task_A\" targetRef=\"End\"/>\n    <endEvent id=\"End\"/>",
    )
}

fn tokenflow(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tokenflow"))
        .args(arguments)
        .env_remove("UPDATE_TRACES")
        .output()
        .expect("the binary runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of text")
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn document(output: &Output) -> Value {
    json::parse(&stdout(output), &JsonLimits::default()).expect("one JSON document")
}

fn object(value: &Value) -> &Context {
    value.as_context().expect("an object")
}

fn list<'a>(object: &'a Context, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_list).expect("a list").as_slice()
}

fn word<'a>(object: &'a Context, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no text {name}"))
}

#[test]
fn check_accepts_a_sound_file() {
    let folder = Folder::new("accept");
    let file = folder.file("m.bpmn", one_task());
    let output = tokenflow(&["check", text(&file), "--format", "json"]);
    assert_eq!(code(&output), Some(0), "{}", stdout(&output));
    let files = document(&output);
    let files = files.as_list().expect("an array, also for one file").as_slice();
    assert_eq!(files.len(), 1);
    assert_eq!(word(object(&files[0]), "outcome"), "accept");
    assert_eq!(word(object(&files[0]), "file"), text(&file));
}

#[test]
fn check_locates_every_finding_in_one_pass() {
    let folder = Folder::new("reject");
    let content = "    <startEvent id=\"Start\"/>\n    <sequenceFlow id=\"F1\" sourceRef=\"Start\" targetRef=\"Nowhere\"/>\n    \
                   <sequenceFlow id=\"F2\" sourceRef=\"Neither\" targetRef=\"Start\"/>";
    let file = folder.file("m.bpmn", model(content));
    let output = tokenflow(&["check", text(&file), "--format", "json"]);
    assert_eq!(code(&output), Some(1));
    let files = document(&output);
    let checked = object(&files.as_list().expect("an array").as_slice()[0]);
    assert_eq!(word(checked, "outcome"), "reject-model");
    let errors: Vec<(&str, Option<i64>)> = list(checked, "diagnostics")
        .iter()
        .map(object)
        .filter(|finding| word(finding, "severity") == "error")
        .map(|finding| {
            let line = finding.get("line").and_then(Value::as_number).and_then(|line| line.to_i64());
            (word(finding, "element"), line)
        })
        .collect();
    assert!(errors.contains(&("F1", Some(5))), "{errors:?}");
    assert!(errors.contains(&("F2", Some(6))), "{errors:?}");

    let output = tokenflow(&["check", text(&file)]);
    let shown = stdout(&output);
    assert!(shown.contains(&format!("{}:5:", text(&file))), "{shown}");
    assert!(shown.contains("5 |     <sequenceFlow id=\"F1\""), "{shown}");
    assert!(shown.contains('^'), "{shown}");
}

#[test]
fn check_tells_broken_from_unreadable() {
    let folder = Folder::new("broken");
    for (name, bytes) in [
        ("empty.bpmn", &b""[..]),
        ("binary.bpmn", &b"\x00\xff\xfe\x00"[..]),
        ("cut.bpmn", &b"<definitions"[..]),
    ] {
        let file = folder.file(name, bytes);
        let output = tokenflow(&["check", text(&file), "--format", "json"]);
        assert_eq!(code(&output), Some(1), "{name}");
        let files = document(&output);
        let checked = object(&files.as_list().expect("an array").as_slice()[0]);
        assert_eq!(word(checked, "outcome"), "reject-parse", "{name}");
        assert!(!list(checked, "diagnostics").is_empty(), "{name}");
    }
    let missing = folder.0.join("missing.bpmn");
    assert_eq!(code(&tokenflow(&["check", text(&missing)])), Some(2));
    assert_eq!(code(&tokenflow(&["check"])), Some(2));
    assert_eq!(code(&tokenflow(&["check", "--colour", text(&missing)])), Some(2));
}

#[test]
fn run_starts_what_can_start_and_leaves_work_open() {
    let folder = Folder::new("run");
    let file = folder.file("m.bpmn", one_task());
    let output = tokenflow(&["run", text(&file), "--vars", "{\"x\": 12.50}", "--format", "json"]);
    assert_eq!(code(&output), Some(0), "{}", stdout(&output));
    let result = document(&output);
    let instances = list(object(&result), "instances");
    assert_eq!(instances.len(), 1);
    let instance = object(&instances[0]);
    assert_eq!(word(instance, "instance"), "1");
    assert_eq!(word(instance, "process"), "P");
    assert_eq!(word(instance, "status"), "active");
    assert!(instance.get("outcome").is_some_and(Value::is_null));
    let waiting = object(&list(instance, "waiting")[0]);
    assert_eq!((word(waiting, "element"), word(waiting, "kind")), ("Task_A", "user-task"));
    let variables = instance.get("variables").and_then(Value::as_context).expect("variables");
    assert_eq!(variables.get("x"), json::parse("12.5", &JsonLimits::default()).ok().as_ref());
    let events: Vec<(&str, &str)> = list(object(&result), "trace")
        .iter()
        .map(|line| (word(object(line), "event"), word(object(line), "element")))
        .collect();
    let expected = [
        ("started", "P"),
        ("entered", "Start"),
        ("completed", "Start"),
        ("taken", "F1"),
        ("entered", "Task_A"),
        ("waiting", "Task_A"),
    ];
    assert_eq!(
        events.iter().filter(|(event, _)| *event != "variable-set").copied().collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn run_follows_a_scenario() {
    let folder = Folder::new("scenario");
    let file = folder.file("m.bpmn", one_task());
    let scenario =
        folder.file("s.scenario", "start P as sale { x: 1 }\ncomplete Nowhere\n\ncomplete Task_A { y: 2 }\n");
    let output = tokenflow(&["run", text(&file), "--scenario", text(&scenario), "--format", "json"]);
    assert_eq!(code(&output), Some(0), "a rejection is an answer: {}", stdout(&output));
    let result = document(&output);
    let instance = object(&list(object(&result), "instances")[0]);
    assert_eq!(word(instance, "instance"), "sale");
    assert_eq!((word(instance, "status"), word(instance, "outcome")), ("completed", "End"));
    let rejection = object(&list(object(&result), "rejections")[0]);
    assert_eq!((word(rejection, "code"), word(rejection, "command")), ("NotFound", "complete Nowhere"));

    let failing = folder.file("f.scenario", "start P\nexpect completed\n");
    assert_eq!(code(&tokenflow(&["run", text(&file), "--scenario", text(&failing)])), Some(1));
    let wrong = folder.file("w.scenario", "strat P\n");
    let output = tokenflow(&["run", text(&file), "--scenario", text(&wrong)]);
    assert_eq!(code(&output), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("w.scenario:1:1: unknown word `strat`"));
}

#[test]
fn run_deploys_the_files_of_the_command_line_and_of_the_scenario() {
    let folder = Folder::new("both");
    let file = folder.file("m.bpmn", one_task());
    folder.file("q.bpmn", one_task().replace("id=\"P\"", "id=\"Q\""));
    let scenario =
        folder.file("s.scenario", "deploy q.bpmn\nstart P\nstart Q\nexpect 1 active\nexpect 2 active\n");
    let output = tokenflow(&["run", text(&file), "--scenario", text(&scenario), "--format", "json"]);
    assert_eq!(code(&output), Some(0), "{}", stdout(&output));
    assert_eq!(list(object(&document(&output)), "instances").len(), 2);
}

#[test]
fn run_refuses_what_check_refuses() {
    let folder = Folder::new("refused");
    let content = "    <startEvent id=\"Start\"/>\n    <sequenceFlow id=\"F1\" sourceRef=\"Start\" targetRef=\"Nowhere\"/>";
    let file = folder.file("m.bpmn", model(content));
    let output = tokenflow(&["run", text(&file), "--format", "json"]);
    assert_eq!(code(&output), Some(1));
    let result = document(&output);
    assert!(list(object(&result), "instances").is_empty());
    assert!(!list(object(&result), "diagnostics").is_empty());
}

#[test]
fn run_starts_a_drawing_only_when_told_to() {
    let folder = Folder::new("drawing");
    let file = folder.file("m.bpmn", one_task().replace("isExecutable=\"true\"", "isExecutable=\"false\""));
    let output = tokenflow(&["run", text(&file), "--format", "json"]);
    assert_eq!(code(&output), Some(0));
    assert!(list(object(&document(&output)), "instances").is_empty());
    let output = tokenflow(&["run", text(&file), "--process", "P", "--format", "json"]);
    assert_eq!(code(&output), Some(1));
    let result = document(&output);
    assert_eq!(word(object(&list(object(&result), "rejections")[0]), "code"), "NotExecutable");
    let output = tokenflow(&["run", text(&file), "--allow-non-executable", "--format", "json"]);
    assert_eq!(code(&output), Some(0));
    assert_eq!(word(object(&list(object(&document(&output)), "instances")[0]), "status"), "active");
}

#[test]
fn run_prints_for_people() {
    let folder = Folder::new("text");
    let file = folder.file("m.bpmn", one_task());
    let output = tokenflow(&["run", text(&file)]);
    let shown = stdout(&output);
    assert!(
        shown.starts_with("started P\npassed Start\nentered Task_A\nwaiting Task_A user-task\n"),
        "{shown}"
    );
    assert!(shown.contains("1 P (version 1): active"), "{shown}");
    assert_eq!(code(&tokenflow(&["run", text(&file), "--vars", "[1]"])), Some(1));
    assert_eq!(code(&tokenflow(&["run", text(&file), "--vars", "{"])), Some(2));
}

#[test]
fn test_shows_a_difference_and_rewrites_only_traces() {
    let folder = Folder::new("test");
    folder.file("m.bpmn", one_task());
    let scenario =
        folder.file("m.scenario", "# fact\nstart   P\n----\nstarted  P\npassed Nothing\n\nexpect active\n");
    let output = tokenflow(&["test", text(&folder.0)]);
    let shown = stdout(&output);
    assert_eq!(code(&output), Some(1));
    assert!(shown.contains("m.scenario:3: the trace differs"), "{shown}");
    assert!(shown.contains("  - passed Nothing"), "{shown}");
    assert!(shown.contains("  + passed Start"), "{shown}");

    let output = tokenflow(&["test", text(&folder.0), "--update"]);
    assert_eq!(code(&output), Some(0), "{}", stdout(&output));
    let rewritten = std::fs::read_to_string(&scenario).expect("the scenario");
    let expected = "# fact\nstart   P\n----\nstarted  P\npassed Start\nentered Task_A\nwaiting Task_A user-task\n\nexpect active\n";
    assert_eq!(rewritten, expected);
    let output = tokenflow(&["test", text(&scenario)]);
    let shown = stdout(&output);
    assert_eq!(code(&output), Some(0), "{shown}");
    assert!(shown.contains("elements 2/3 66 %, sequence flows 1/2 50 % (not End, F2)"), "{shown}");
}

#[test]
fn test_without_anything_to_run_is_usage() {
    let folder = Folder::new("nothing");
    assert_eq!(code(&tokenflow(&["test", text(&folder.0)])), Some(2));
    assert_eq!(code(&tokenflow(&["test", text(&folder.0.join("missing"))])), Some(2));
    folder.file("m.bpmn", one_task());
    folder.file("m.scenario", "start P\n");
    let output = tokenflow(&["test", text(&folder.0)]);
    assert_eq!(code(&output), Some(1), "a file without expectations is no test that passes");
}

#[test]
fn explain_knows_the_codes() {
    let output = tokenflow(&["explain", "E0201"]);
    assert_eq!(code(&output), Some(0));
    assert!(stdout(&output).starts_with("E0201: "));
    assert_eq!(code(&tokenflow(&["explain", "E9999"])), Some(1));
    assert_eq!(code(&tokenflow(&["explain", "flows"])), Some(2));
}
