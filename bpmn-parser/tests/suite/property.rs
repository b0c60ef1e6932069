//! Whatever a file holds, nothing panics, and what can be read survives being written.

use crate::canonical::canonical;
use crate::corpus_files;
use bpmn_parser::{Outcome, check, parse, write};
use proptest::prelude::*;
use std::sync::OnceLock;

const ELEMENTS: [&str; 44] = [
    "process",
    "subProcess",
    "transaction",
    "adHocSubProcess",
    "task",
    "userTask",
    "serviceTask",
    "callActivity",
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateCatchEvent",
    "exclusiveGateway",
    "complexGateway",
    "sequenceFlow",
    "dataObject",
    "dataObjectReference",
    "ioSpecification",
    "dataInput",
    "inputSet",
    "dataInputRefs",
    "dataInputAssociation",
    "sourceRef",
    "targetRef",
    "assignment",
    "from",
    "to",
    "incoming",
    "outgoing",
    "laneSet",
    "lane",
    "childLaneSet",
    "flowNodeRef",
    "extensionElements",
    "documentation",
    "conditionExpression",
    "timerEventDefinition",
    "timeDuration",
    "multiInstanceLoopCharacteristics",
    "association",
    "collaboration",
    "participant",
    "f:foreign",
    "unheardOf",
];

const ATTRIBUTES: [&str; 18] = [
    "id",
    "name",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "isForCompensation",
    "startQuantity",
    "gatewayDirection",
    "isExecutable",
    "triggeredByEvent",
    "calledElement",
    "language",
    "xsi:type",
    "f:foreign",
    "camunda:assignee",
    "cancelActivity",
    "unheardOf",
];

/// One step of a generated document.
#[derive(Clone, Debug)]
enum Step {
    Open(usize, Vec<(usize, String)>),
    Close,
    Text(String),
    Comment,
    Instruction,
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["a", "b", "c", "1", "true", "0", "Parallel", "x:a", " a ", "${a}", "=a", ""]).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9żß😀<>&\"'\t\n\r\\]\\- ]{0,12}",
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let attributes = prop::collection::vec((0..ATTRIBUTES.len(), value()), 0..4);
    prop_oneof![
        6 => (0..ELEMENTS.len(), attributes).prop_map(|(name, attributes)| Step::Open(name, attributes)),
        4 => Just(Step::Close),
        2 => value().prop_map(Step::Text),
        1 => Just(Step::Comment),
        1 => Just(Step::Instruction),
    ]
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' => out.push_str(&format!("&#{};", u32::from(c))),
            other => out.push(other),
        }
    }
    out
}

fn document(steps: &[Step]) -> String {
    let mut text = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" targetNamespace=\"t\" xmlns:f=\"urn:f\" \
        xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\">"
        .to_owned();
    let mut open = Vec::new();
    for step in steps {
        match step {
            Step::Open(name, attributes) => {
                text.push_str(&format!("<{}", ELEMENTS[*name]));
                let mut seen = Vec::new();
                for (attribute, value) in attributes {
                    if !seen.contains(attribute) {
                        seen.push(*attribute);
                        text.push_str(&format!(" {}=\"{}\"", ATTRIBUTES[*attribute], escaped(value)));
                    }
                }
                text.push('>');
                open.push(ELEMENTS[*name]);
            }
            Step::Close => text.extend(open.pop().map(|name| format!("</{name}>"))),
            Step::Text(value) => text.push_str(&escaped(value)),
            Step::Comment => text.push_str("<!-- c -->"),
            Step::Instruction => text.push_str("<?i d?>"),
        }
    }
    while let Some(name) = open.pop() {
        text.push_str(&format!("</{name}>"));
    }
    text + "</definitions>"
}

/// Small files that between them have everything, and a few of the corpus.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![
        include_bytes!("seeds/executable.bpmn").to_vec(),
        include_bytes!("seeds/collaboration.bpmn").to_vec(),
    ];
    let small = corpus_files::files().into_iter().filter_map(|path| std::fs::read(path).ok());
    seeds.extend(small.filter(|bytes| bytes.len() < 20_000).step_by(9).take(12));
    seeds
}

static SEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();

/// One change to a file: where, how much, and by what.
type Edit = (prop::sample::Index, usize, u8);

fn edited(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    const INSERTED: [&[u8]; 10] =
        [b"<", b">", b"\"", b"&#0;", b"<!DOCTYPE a>", b"]]>", b"<!--", b"\xFF", b"</process>", b" id=\"a\""];
    for (at, length, how) in edits {
        let at = at.index(bytes.len().max(1)).min(bytes.len());
        let end = (at + length).min(bytes.len());
        match how % 4 {
            0 => drop(bytes.drain(at..end)),
            1 => drop(bytes.splice(at..at, INSERTED[usize::from(*how) % INSERTED.len()].iter().copied())),
            2 => bytes[at..end].iter_mut().for_each(|byte| *byte ^= how),
            _ => {
                let copied = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, copied));
            }
        }
    }
    bytes
}

fn survives(bytes: &[u8]) {
    let checked = check(bytes);
    let Ok(first) = parse(bytes) else {
        assert_eq!(checked.outcome(), Outcome::RejectParse);
        return;
    };
    let written = write(&first.definitions);
    let second = parse(written.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert!(first.definitions == second.definitions, "{written}");
    assert_eq!(write(&second.definitions), written);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_documents_survive(steps in prop::collection::vec(step(), 0..60)) {
        let text = document(&steps);
        prop_assert!(parse(text.as_bytes()).is_ok());
        survives(text.as_bytes());
        let written = write(&parse(text.as_bytes()).expect("read before").definitions);
        prop_assert_eq!(canonical(text.as_bytes()), canonical(written.as_bytes()));
    }

    #[test]
    fn damaged_files_never_panic(
        seed in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..40, any::<u8>()), 1..6),
    ) {
        let seeds = SEEDS.get_or_init(seeds);
        survives(&edited(seeds[seed.index(seeds.len())].clone(), &edits));
    }

    #[test]
    fn bytes_of_any_kind_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&bytes);
    }
}
