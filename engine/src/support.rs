//! What runs, found out by asking: each construct at each position is deployed as a model of its own.
//!
//! Nothing here is a list kept by hand of what works: a cell says *runs* because a minimal file with that construct
//! deploys, and otherwise gives the code by which the file is refused.

use crate::process::{DeployOptions, deploy};
use bpmn_parser::Severity;
use bpmn_parser::diagnostic::Code;
use std::fmt::Write;

/// One construct at one position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The event definition, or the element.
    pub construct: &'static str,
    /// Where it stands; empty for what is no event.
    pub position: &'static str,
    /// What becomes of it.
    pub support: Support,
}

/// What becomes of a construct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It is executed as written.
    Runs,
    /// The standard does not allow it there: refused by that rule.
    Forbidden(Code),
    /// It is refused by name, because the engine does not run it yet.
    NotYet(Code),
}

/// The positions of events (standard, Tables 10.84-10.93).
const POSITIONS: &[&str] = &[
    "start",
    "start of a sub-process",
    "event sub-process, interrupting",
    "event sub-process, non-interrupting",
    "intermediate catch",
    "boundary, interrupting",
    "boundary, non-interrupting",
    "intermediate throw",
    "end",
];

const MESSAGE: &str = "<messageEventDefinition messageRef=\"M\"/>";
const SIGNAL: &str = "<signalEventDefinition signalRef=\"S\"/>";

const DEFINITIONS: &[(&str, &str)] = &[
    ("none", ""),
    ("message", MESSAGE),
    ("timer", "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"),
    (
        "conditional",
        "<conditionalEventDefinition><condition xsi:type=\"tFormalExpression\">x = 1</condition></conditionalEventDefinition>",
    ),
    ("signal", SIGNAL),
    ("escalation", "<escalationEventDefinition escalationRef=\"X\"/>"),
    ("error", "<errorEventDefinition errorRef=\"E\"/>"),
    ("cancel", "<cancelEventDefinition/>"),
    ("compensation", "<compensateEventDefinition/>"),
    ("link", "<linkEventDefinition name=\"L\"/>"),
    ("terminate", "<terminateEventDefinition/>"),
    ("multiple", "<messageEventDefinition messageRef=\"M\"/><signalEventDefinition signalRef=\"S\"/>"),
    (
        "parallel multiple",
        "<messageEventDefinition messageRef=\"M\"/><signalEventDefinition signalRef=\"S\"/>",
    ),
];

/// Everything that is no event: its name, and the element between `from` and `to`.
const ELEMENTS: &[(&str, &str)] = &[
    ("abstract task", "<task id=\"A\"/>"),
    ("manual task", "<manualTask id=\"A\"/>"),
    ("user task", "<userTask id=\"A\"/>"),
    ("service task", "<serviceTask id=\"A\"/>"),
    ("send task", "<sendTask id=\"A\" messageRef=\"M\"/>"),
    ("receive task", "<receiveTask id=\"A\" messageRef=\"M\"/>"),
    ("script task", "<scriptTask id=\"A\" scriptFormat=\"text/x-feel\"><script>1</script></scriptTask>"),
    ("business rule task", "<businessRuleTask id=\"A\"/>"),
    ("embedded sub-process", "<subProcess id=\"A\"><task id=\"B\"/></subProcess>"),
    ("ad-hoc sub-process", "<adHocSubProcess id=\"A\"><task id=\"B\"/></adHocSubProcess>"),
    ("transaction", "<transaction id=\"A\"><task id=\"B\"/></transaction>"),
    ("call activity", "<callActivity id=\"A\" calledElement=\"Q\"/>"),
    (
        "standard loop",
        "<task id=\"A\"><standardLoopCharacteristics loopMaximum=\"2\"><loopCondition xsi:type=\"tFormalExpression\">true</loopCondition></standardLoopCharacteristics></task>",
    ),
    (
        "multi-instance, parallel",
        "<task id=\"A\"><multiInstanceLoopCharacteristics><loopCardinality xsi:type=\"tFormalExpression\">2</loopCardinality></multiInstanceLoopCharacteristics></task>",
    ),
    (
        "multi-instance, sequential",
        "<task id=\"A\"><multiInstanceLoopCharacteristics isSequential=\"true\"><loopCardinality xsi:type=\"tFormalExpression\">2</loopCardinality></multiInstanceLoopCharacteristics></task>",
    ),
    ("start and completion quantity", "<task id=\"A\" startQuantity=\"2\" completionQuantity=\"2\"/>"),
    ("exclusive gateway", "<exclusiveGateway id=\"A\"/>"),
    ("parallel gateway", "<parallelGateway id=\"A\"/>"),
    ("inclusive gateway", "<inclusiveGateway id=\"A\"/>"),
    (
        "complex gateway",
        "<complexGateway id=\"A\"><activationCondition xsi:type=\"tFormalExpression\">activationCount &gt;= 1</activationCondition></complexGateway>",
    ),
];

/// Every construct at every position.
pub fn matrix() -> Vec<Cell> {
    let events = DEFINITIONS.iter().flat_map(|(construct, definition)| {
        POSITIONS.iter().map(move |position| {
            // Only catch events have the attribute `parallelMultiple` (10.5.4).
            let is_throw = matches!(*position, "intermediate throw" | "end");
            let support = match *construct {
                "parallel multiple" if is_throw => Support::Forbidden(Code(63)),
                _ => ask(&event(construct, definition, position)),
            };
            Cell { construct, position, support }
        })
    });
    let elements = ELEMENTS.iter().map(|(construct, element)| Cell {
        construct,
        position: "",
        support: ask(&process(&between(element))),
    });
    events.chain(elements).collect()
}

fn ask(file: &str) -> Support {
    let Err(refused) = deploy(file.as_bytes(), &DeployOptions::default()) else {
        return Support::Runs;
    };
    let errors = || refused.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    let not_yet = errors().find(|finding| (400..500).contains(&finding.code.0));
    match (not_yet, errors().next()) {
        (Some(finding), _) => Support::NotYet(finding.code),
        (None, Some(finding)) => Support::Forbidden(finding.code),
        (None, None) => Support::Runs,
    }
}

fn process(content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" targetNamespace=\"http://tokenflow.dev/support\">\
         <message id=\"M\" name=\"M\"/><signal id=\"S\" name=\"S\"/><error id=\"E\" errorCode=\"E\"/>\
         <escalation id=\"X\" escalationCode=\"X\"/><process id=\"P\" isExecutable=\"true\">{content}</process></definitions>"
    )
}

/// From a start event through element `A` to an end event.
fn between(element: &str) -> String {
    format!("<startEvent id=\"From\"/>{element}<endEvent id=\"To\"/>{}{}", flow("From", "A"), flow("A", "To"))
}

fn flow(from: &str, to: &str) -> String {
    format!("<sequenceFlow id=\"{from}_{to}\" sourceRef=\"{from}\" targetRef=\"{to}\"/>")
}

/// A file with one event of that kind at that position, and around it what the standard asks for.
fn event(construct: &str, definition: &str, position: &str) -> String {
    let parallel = if construct == "parallel multiple" { " parallelMultiple=\"true\"" } else { "" };
    let starts = |id: &str, attributes: &str| {
        let (task, end) = (format!("{id}_Task"), format!("{id}_End"));
        format!(
            "<startEvent id=\"{id}\"{attributes}{parallel}>{definition}</startEvent><task id=\"{task}\"/><endEvent id=\"{end}\"/>{}{}",
            flow(id, &task),
            flow(&task, &end)
        )
    };
    let handler = |interrupting: bool| {
        let start = starts("Event", &format!(" isInterrupting=\"{interrupting}\""));
        let handler = format!("<subProcess id=\"Handler\" triggeredByEvent=\"true\">{start}</subProcess>");
        process(&between(&format!("<subProcess id=\"A\"><task id=\"B\"/>{handler}</subProcess>")))
    };
    match position {
        "start" => process(&starts("Event", "")),
        "start of a sub-process" => {
            process(&between(&format!("<subProcess id=\"A\">{}</subProcess>", starts("Event", ""))))
        }
        "event sub-process, interrupting" => handler(true),
        "event sub-process, non-interrupting" => handler(false),
        "intermediate catch" if construct == "link" => link(),
        "intermediate throw" if construct == "link" => link(),
        "intermediate catch" => process(&between(&format!(
            "<intermediateCatchEvent id=\"A\"{parallel}>{definition}</intermediateCatchEvent>"
        ))),
        "intermediate throw" => process(&between(&format!(
            "<intermediateThrowEvent id=\"A\">{definition}</intermediateThrowEvent>"
        ))),
        "boundary, interrupting" => boundary(construct, definition, parallel, true),
        "boundary, non-interrupting" => boundary(construct, definition, parallel, false),
        _ if construct == "cancel" => process(&between(&format!(
            "<transaction id=\"A\"><startEvent id=\"In\"/><endEvent id=\"Event\">{definition}</endEvent>{}</transaction>{}",
            flow("In", "Event"),
            way_out("<cancelEventDefinition/>", "")
        ))),
        _ => process(&format!(
            "<startEvent id=\"From\"/><endEvent id=\"Event\">{definition}</endEvent>{}",
            flow("From", "Event")
        )),
    }
}

fn link() -> String {
    process(&format!(
        "<startEvent id=\"From\"/><intermediateThrowEvent id=\"Out\"><linkEventDefinition name=\"L\"/></intermediateThrowEvent>\
         <intermediateCatchEvent id=\"In\"><linkEventDefinition name=\"L\"/></intermediateCatchEvent><endEvent id=\"To\"/>{}{}",
        flow("From", "Out"),
        flow("In", "To")
    ))
}

/// A boundary event on `A` and where it leads.
fn way_out(definition: &str, attributes: &str) -> String {
    format!(
        "<boundaryEvent id=\"Way\" attachedToRef=\"A\"{attributes}>{definition}</boundaryEvent><endEvent id=\"Out\"/>{}",
        flow("Way", "Out")
    )
}

fn boundary(construct: &str, definition: &str, parallel: &str, interrupting: bool) -> String {
    let attributes = format!(" cancelActivity=\"{interrupting}\"{parallel}");
    let host = if construct == "cancel" { "transaction" } else { "subProcess" };
    let mut content = between(&format!("<{host} id=\"A\"><task id=\"B\"/></{host}>"));
    if construct == "compensation" {
        let _ = write!(
            content,
            "<boundaryEvent id=\"Way\" attachedToRef=\"A\"{attributes}>{definition}</boundaryEvent>\
             <task id=\"Undo\" isForCompensation=\"true\"/>\
             <association id=\"Link\" sourceRef=\"Way\" targetRef=\"Undo\" associationDirection=\"One\"/>"
        );
    } else {
        content.push_str(&way_out(definition, &attributes));
    }
    process(&content)
}

/// The matrix as a table in Markdown, as it stands in the README.
pub fn table() -> String {
    let cells = matrix();
    let mut text = String::from("| Event |");
    POSITIONS.iter().for_each(|position| {
        let _ = write!(text, " {position} |");
    });
    text.push_str("\n|---|");
    POSITIONS.iter().for_each(|_| text.push_str("---|"));
    text.push('\n');
    for (construct, _) in DEFINITIONS {
        let _ = write!(text, "| {construct} |");
        for cell in cells.iter().filter(|cell| cell.construct == *construct) {
            let _ = write!(text, " {} |", mark(cell.support));
        }
        text.push('\n');
    }
    let _ = write!(text, "\nAlso run: ");
    let runs = cells.iter().filter(|cell| cell.position.is_empty() && cell.support == Support::Runs);
    text.push_str(&runs.map(|cell| cell.construct).collect::<Vec<_>>().join(", "));
    text.push_str(".\n");
    for cell in cells.iter().filter(|cell| cell.position.is_empty() && cell.support != Support::Runs) {
        let _ = writeln!(text, "Refused: {} ({}).", cell.construct, mark(cell.support));
    }
    text
}

fn mark(support: Support) -> String {
    match support {
        Support::Runs => "runs".to_owned(),
        Support::Forbidden(_) => "–".to_owned(),
        Support::NotYet(code) => format!("not yet ({code})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_standard_allows_runs_or_is_said_not_to() {
        let cells = matrix();
        let runs = |construct: &str, position: &str| {
            let cell = cells.iter().find(|cell| cell.construct == construct && cell.position == position);
            cell.expect("the cell is there").support == Support::Runs
        };
        assert!(
            runs("none", "start") && runs("message", "end") && runs("timer", "boundary, non-interrupting")
        );
        assert!(!runs("error", "intermediate throw") && !runs("terminate", "start"));
    }

    #[test]
    fn the_table_in_the_readme_is_this_one() {
        let readme = include_str!("../../README.md");
        assert!(readme.contains(&table()), "the README should hold\n{}", table());
    }
}
