//! Scenario texts and what is read from them, or where they are wrong.

use super::parse;
use crate::event::Status;
use crate::scenario::statement::{
    Ask, Block, Clock, Expectation, ExpectedKind, Reply, Setup, StatementKind, Target,
};
use crate::trace::{TextWord, Word};

fn blocks(text: &str) -> Vec<Block> {
    parse(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

fn kind(text: &str) -> StatementKind {
    let mut blocks = blocks(text);
    assert_eq!(blocks.len(), 1, "{text}");
    assert_eq!(blocks[0].statements.len(), 1, "{text}");
    blocks.remove(0).statements.remove(0).kind
}

fn ask(text: &str) -> Ask {
    match kind(text) {
        StatementKind::Ask { ask, .. } => ask,
        other => panic!("{other:?}"),
    }
}

fn expectation(text: &str) -> Expectation {
    match kind(text) {
        StatementKind::Expect(expect) => expect.expectation,
        other => panic!("{other:?}"),
    }
}

fn error(text: &str) -> String {
    match parse(text) {
        Ok(blocks) => panic!("{blocks:?}"),
        Err(error) => error.to_string(),
    }
}

fn target(element: &str) -> Target {
    Target { path: Vec::new(), element: element.to_owned(), n: None, is_body: false }
}

#[test]
fn a_blank_line_ends_a_block() {
    let read =
        blocks("# head\nstart P\ncomplete A\n----\npassed A\n# why\n...\n\nexpect completed\n\n\nrestart");
    assert_eq!(read.len(), 3);
    assert_eq!(read[0].statements.len(), 2);
    let trace = read[0].trace.as_ref().expect("a trace");
    assert_eq!((trace.line, trace.lines.len()), (4, 3));
    assert!(matches!(trace.lines[1].kind, ExpectedKind::Comment));
    assert!(matches!(trace.lines[2].kind, ExpectedKind::Any));
    assert!(read[1].trace.is_none());
    assert_eq!(read[2].statements[0].line, 12);
}

#[test]
fn an_empty_trace_is_a_trace() {
    let read = blocks("start P\n----\n\nexpect rejected NotFound");
    assert!(read[0].trace.as_ref().is_some_and(|trace| trace.lines.is_empty()));
}

#[test]
fn a_payload_spans_lines_until_its_brackets_balance() {
    let read = blocks("start P {\"a\": \"}\", // }\n\n \"b\": [1,\n2]}\nexpect active { a: \"}\" }");
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].statements.len(), 2);
    assert_eq!(read[0].statements[1].line, 5);
}

#[test]
fn start_takes_its_options_in_any_order() {
    let Ask::Start(start) = ask("start as s at Begin version 2 ref deal 42 { x: 1 }") else {
        panic!("a start")
    };
    assert_eq!(start.process, None);
    assert_eq!(start.label.as_deref(), Some("s"));
    assert_eq!(start.at.as_deref(), Some("Begin"));
    assert_eq!(start.version, Some(2));
    assert_eq!(start.reference, Some(("deal".to_owned(), "42".to_owned())));
    assert!(start.payload.is_some());
    let Ask::Start(start) = ask("start \"as\"") else { panic!("a start") };
    assert_eq!(start.process.as_deref(), Some("as"));
}

#[test]
fn targets_name_label_call_and_activation() {
    let Ask::Resolve { target } = ask("resolve m/Call_A#1/Task#2") else { panic!("a resolve") };
    assert_eq!(target.path, ["m", "Call_A#1"]);
    assert_eq!((target.element.as_str(), target.n), ("Task", Some(2)));
    let Ask::Resolve { target } = ask("resolve body Review#3") else { panic!("a resolve") };
    assert!(target.is_body);
    assert_eq!(target.n, Some(3));
    let Ask::Resolve { target: plain } = ask("resolve body") else { panic!("a resolve") };
    assert_eq!(plain, self::target("body"));
}

#[test]
fn standing_answers_have_conditions_and_replies() {
    let StatementKind::On(answer) = kind("on Task#2 times 3 after PT1H fail \"no\" retries 2 backoff PT2.5S")
    else {
        panic!("an answer")
    };
    assert_eq!((answer.pattern.as_str(), answer.n, answer.times), ("Task", Some(2), Some(3)));
    assert_eq!(answer.after.as_deref(), Some("PT1H"));
    let Reply::Fail { message, retries, backoff } = answer.reply else { panic!("a failure") };
    assert_eq!((message.as_str(), retries, backoff.as_deref()), ("no", Some(2), Some("PT2.5S")));
    let StatementKind::On(answer) = kind("on send-mail error BOOM \"it broke\" { a: 1 }") else {
        panic!("an answer")
    };
    assert!(matches!(answer.reply, Reply::Error { message: Some(_), payload: Some(_), .. }));
    let StatementKind::On(answer) = kind("on \"send #1\" #2 once ignore") else { panic!("an answer") };
    assert_eq!((answer.pattern.as_str(), answer.n, answer.times), ("send #1", Some(2), Some(1)));
}

#[test]
fn messages_carry_keys_as_literals_or_expressions() {
    for (text, value) in [
        ("message Paid key 42", "42"),
        ("message Paid key \"42\"", "\"42\""),
        ("message Paid key FV/2026-7", "\"FV/2026-7\""),
        ("message Paid key 2026-7", "\"2026-7\""),
        ("message Paid key (\"a\" + \"b\") ttl PT1H id x to m { a: 1 }", "(\"a\" + \"b\")"),
    ] {
        let Ask::Message(message) = ask(text) else { panic!("a message") };
        assert_eq!(message.key.as_ref().map(|key| key.text()), Some(value), "{text}");
    }
}

#[test]
fn expectations_are_read() {
    let failed = expectation("expect m failed BOOM { x: 1 }");
    let Expectation::Status { label, status, code, subset } = failed else { panic!("a status") };
    assert_eq!((label.as_deref(), status, code.as_deref()), (Some("m"), Status::Failed, Some("BOOM")));
    assert!(subset.is_some());
    let Expectation::Waiting(targets) = expectation("expect waiting A, m/B#2 ,C") else { panic!("waits") };
    assert_eq!(targets.len(), 3);
    assert_eq!(targets[1].path, ["m"]);
    let Expectation::Variable { target, name, value } = expectation("expect variable m/A#2.y = [1,\n 2]")
    else {
        panic!("a variable")
    };
    assert_eq!((target.element.as_str(), name.as_str(), value.text()), ("A", "y", "[1,\n 2]"));
    let refused = expectation("expect refused E0036 Boundary 12:7");
    assert!(matches!(refused, Expectation::Refused { position: Some((12, 7)), .. }));
    let StatementKind::Expect(not) = kind("expect not no waiting") else { panic!("an expectation") };
    assert!(not.negated);
    assert!(matches!(not.expectation, Expectation::NoWaiting));
}

#[test]
fn trace_lines_are_read() {
    let read = blocks(
        "restart\n----\nm/Call_A#1 incident-raised body Review#2 limit \"too many\"\nwaiting waiting job",
    );
    let lines = &read[0].trace.as_ref().expect("a trace").lines;
    let ExpectedKind::Line { label, word, is_body, element, n, details } = &lines[0].kind else {
        panic!("a line")
    };
    assert_eq!(label.as_deref(), Some("m/Call_A#1"));
    assert_eq!(*word, TextWord::Plain(Word::IncidentRaised));
    assert_eq!((*is_body, element.as_str(), *n, details.len()), (true, "Review", 2, 2));
    let ExpectedKind::Line { label, element, .. } = &lines[1].kind else { panic!("a line") };
    assert_eq!((label.as_deref(), element.as_str()), (None, "waiting"));
}

#[test]
fn setup_and_clock_are_typed() {
    assert!(
        matches!(kind("deploy a.bpmn \"b c.bpmn\""), StatementKind::Setup(Setup::Deploy(files)) if files.len() == 2)
    );
    assert!(matches!(
        kind("limit moves_at_one_time 1000"),
        StatementKind::Setup(Setup::Limit { value: 1000, .. })
    ));
    assert!(matches!(kind("zone Europe/Warsaw"), StatementKind::Setup(Setup::Zone(_))));
    assert!(matches!(kind("at 2026-01-02T00:00:00+01:00"), StatementKind::Clock(Clock::At(_))));
    assert!(matches!(kind("idem k-1 complete A"), StatementKind::Ask { idem: Some(_), .. }));
}

#[test]
fn what_is_wrong_is_located() {
    assert_eq!(error("start P\n  finsh A"), "2:3: unknown word `finsh`");
    assert_eq!(error("zone Mars/Olympus"), "1:6: `Mars/Olympus` is not a time zone");
    assert_eq!(error("after 3 days"), "1:7: `3` is not a duration in ISO 8601");
    assert_eq!(error("start P as entered"), "1:12: the event word `entered` cannot be a label");
    assert_eq!(error("start P { x: 1"), "1:9: this bracket is never closed");
    assert_eq!(error("start P { x: ]"), "1:14: `]` closes nothing");
    assert_eq!(error("start P\n----\nfoo bar"), "3:1: `foo` is not an event word");
    assert_eq!(error("expect waiting A B"), "1:16: expected a comma in `A B`");
    assert_eq!(error("expect rejected Nope"), "1:17: `Nope` is not the code of a rejection");
    assert_eq!(error("complete A {x: 1} more"), "1:19: unexpected `more`");
    assert_eq!(error("on A complete ż \"x"), "1:15: unexpected `ż \"x`");
}

#[test]
fn an_expression_that_does_not_parse_is_located_in_the_file() {
    let text = error("start P\ncomplete A {\n  x: 1 +* 2\n}");
    assert!(text.starts_with("3:"), "{text}");
}

/// Quadratic time would be noticed: half an hour rather than a moment.
#[test]
fn a_long_line_takes_linear_time() {
    let (letters, items) = ("a".repeat(500_000), "1, ".repeat(100_000));
    let text = format!("start P {{\"x\": \"{letters}\", \"y\": [{items}0]}}\r\nexpect active");
    assert_eq!(blocks(&text)[0].statements.len(), 2);
}

mod hostile {
    use crate::scenario::grammar::parse;
    use proptest::prelude::*;

    fn piece() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "start",
            "P",
            "as",
            "on",
            "*",
            "#2",
            "once",
            "times",
            "after",
            "PT1H",
            "complete",
            "fail",
            "\"why\"",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            "\"",
            "\\",
            "expect",
            "not",
            "waiting",
            ",",
            "variable",
            "A.x",
            "=",
            "1 +",
            "----",
            "...",
            "\n",
            "\n\n",
            "# note\n",
            "/*",
            "//",
            "message",
            "key",
            "at",
            "2026-01-01T00:00:00Z",
            "ż",
            "\u{FEFF}",
            "\r\n",
            "m/Call_A#1/Task",
            "body",
            "refused",
            "E0001",
            "1:2",
            "limit",
            "idem",
        ]);
        prop_oneof![8 => words.prop_map(str::to_owned), 1 => ".{0,6}"]
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(pieces in prop::collection::vec(piece(), 0..40)) {
            let text = pieces.join(" ");
            if let Err(error) = parse(&text) {
                prop_assert!(error.line >= 1 && error.column >= 1);
                prop_assert!(!error.message.is_empty());
                let lines = text.split('\n').count();
                prop_assert!(error.line as usize <= lines.max(1), "line {} of {lines}", error.line);
            }
        }
    }
}
