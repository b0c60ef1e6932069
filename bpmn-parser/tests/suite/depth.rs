//! Deep files on a small stack: reading, comparing, copying, printing, writing and dropping never recurse.

use bpmn_parser::{Limits, check_with, parse_with, write};

const STACK_BYTES: usize = 128 << 10;
const DEPTH: usize = 5_000;

fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread");
    thread.join().expect("no panic and no overflow");
}

fn nested(open: &str, close: &str, inside: &str) -> String {
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:x=\"x\" targetNamespace=\"t\">{inside}</definitions>",
        inside = inside.replace("{}", &(open.repeat(DEPTH) + &close.repeat(DEPTH)))
    )
}

fn live_through(text: String) {
    on_a_small_stack(move || {
        let limits = Limits { xml_depth: 10 * DEPTH, ..Limits::default() };
        let parsed = parse_with(text.as_bytes(), &limits).expect("within the limits");
        let copy = parsed.clone();
        assert!(copy == parsed);
        assert!(format!("{parsed:?}").len() > DEPTH);
        let written = write(&parsed.definitions);
        drop(parsed);
        let again = parse_with(written.as_bytes(), &limits).expect("what was written");
        assert!(again.definitions == copy.definitions);
        let checked = check_with(text.as_bytes(), &limits);
        drop(checked);
    });
}

#[test]
fn sub_processes_in_sub_processes() {
    live_through(nested("<subProcess>", "</subProcess>", "<process id=\"P\">{}</process>"));
}

#[test]
fn lanes_in_lanes() {
    let (open, close) = ("<lane><childLaneSet>", "</childLaneSet></lane>");
    live_through(nested(open, close, "<process id=\"P\"><laneSet>{}</laneSet></process>"));
}

#[test]
fn conversations_in_conversations() {
    let (open, close) = ("<subConversation>", "</subConversation>");
    live_through(nested(open, close, "<collaboration id=\"C\">{}</collaboration>"));
}

#[test]
fn choreographies_in_choreographies() {
    let (open, close) = ("<subChoreography>", "</subChoreography>");
    live_through(nested(open, close, "<choreography id=\"C\">{}</choreography>"));
}

#[test]
fn foreign_content() {
    let extension = "<process id=\"P\"><extensionElements>{}</extensionElements></process>";
    live_through(nested("<x:a>", "</x:a>", extension));
}

#[test]
fn unknown_elements() {
    live_through(nested("<unknown>", "</unknown>", "{}"));
}

#[test]
fn the_default_limit_stops_a_deep_file() {
    let text = nested("<a>", "</a>", "{}");
    on_a_small_stack(move || {
        let error = bpmn_parser::parse(text.as_bytes()).expect_err("too deep");
        assert_eq!(error.code, 211);
    });
}
