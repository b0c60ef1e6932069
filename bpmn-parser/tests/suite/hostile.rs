//! Files that are small to write and would be large to hold: a named limit stops each, and findings stay short.

use crate::support::{definitions, process};
use bpmn_parser::{Outcome, check};

#[test]
fn a_long_name_that_many_refer_to_stops_at_shared_bytes() {
    let name = "x".repeat(1 << 20);
    let tasks = "<receiveTask messageRef=\"M\"/>".repeat(200);
    let text = definitions(&format!(
        "<message id=\"M\" name=\"{name}\"/><process id=\"P\" isExecutable=\"true\">{tasks}</process>"
    ));
    let checked = check(text.as_bytes());
    assert_eq!(checked.outcome(), Outcome::RejectModel);
    let limit = checked.diagnostics.iter().find(|it| it.code.0 == 218).expect("the limit");
    assert!(limit.message.contains("shared_bytes"), "{limit}");
}

#[test]
fn keys_times_participants_stop_at_shared_bytes() {
    let participants: String =
        (0..2000).map(|at| format!("<participant id=\"p{at}\" processRef=\"P{at}\"/>")).collect();
    let keys: String = (0..2000).map(|at| format!("<correlationKey id=\"k{at}\"/>")).collect();
    let processes: String =
        (0..2000).map(|at| format!("<process id=\"P{at}\" isExecutable=\"true\"/>")).collect();
    let text =
        definitions(&format!("<collaboration id=\"C\">{participants}{keys}</collaboration>{processes}"));
    let checked = check(text.as_bytes());
    assert!(checked.diagnostics.iter().any(|it| it.code.0 == 218));
    assert!(checked.model.is_none());
}

#[test]
fn findings_are_counted_and_errors_are_kept_first() {
    let warnings = "<task/>".repeat(500);
    let text = process(&format!("{warnings}<sequenceFlow id=\"F\" sourceRef=\"no\" targetRef=\"no\"/>"));
    let checked = check(text.as_bytes());
    assert_eq!(checked.diagnostics.len(), 101);
    assert!(checked.diagnostics.iter().any(|it| it.code.0 == 10 && it.element.as_deref() == Some("F")));
    let last = checked.diagnostics.last().expect("the total");
    assert!(last.code.0 == 217 && last.message.contains("diagnostics_max"), "{last}");
    assert!(checked.diagnostics[..100].is_sorted_by_key(|it| it.position));
}

#[test]
fn what_findings_quote_is_short_and_printable() {
    let id = format!("a\u{202E}&#10;{}", "b".repeat(100_000));
    let text = process(&format!("<sequenceFlow id=\"{id}\" sourceRef=\"{id}\" targetRef=\"x\"/>"));
    let checked = check(text.as_bytes());
    assert!(!checked.diagnostics.is_empty());
    for diagnostic in &checked.diagnostics {
        let element = diagnostic.element.as_deref().unwrap_or_default();
        for quoted in [diagnostic.message.as_str(), element] {
            assert!(quoted.len() < 8 << 10 && !quoted.contains(['\n', '\u{202E}']), "{quoted:.80}");
        }
    }
}

#[test]
fn long_expressions_are_translated_in_one_pass() {
    let terms = "a &amp;&amp; ".repeat(40_000);
    let text = process(&format!(
        "<task id=\"A\"/><task id=\"B\"/><sequenceFlow id=\"F\" sourceRef=\"A\" targetRef=\"B\">\
         <conditionExpression>${{{terms}a}}</conditionExpression></sequenceFlow>"
    ));
    let graph = crate::support::graph(&text);
    let condition = graph.flows[0].condition.as_ref().expect("a condition");
    assert_eq!(condition.text.len(), "a and ".len() * 40_000 + 1);
}
