//! Reading, writing and reading again loses nothing: equal models, and the same canonical XML.

use crate::canonical::canonical;
use crate::corpus_files;
use bpmn_parser::model::{
    Container, Definitions, Documentation, FlowElement, Process, Reference, RootElement, StartEvent,
};
use bpmn_parser::{parse, write};
use std::collections::BTreeSet;

#[test]
fn every_file_of_the_corpus_survives() {
    let mut count = 0;
    for path in corpus_files::files() {
        let bytes = std::fs::read(&path).expect("a readable file");
        let Ok(first) = parse(&bytes) else { continue };
        let written = write(&first.definitions);
        let second = parse(written.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(first.definitions == second.definitions, "{}: the models differ", path.display());
        assert_eq!(write(&second.definitions), written, "{}: writing is not stable", path.display());
        let (before, after) = (canonical(&bytes), canonical(written.as_bytes()));
        for (line, (before, after)) in before.iter().zip(&after).enumerate() {
            assert_eq!(before, after, "{}: line {line} of the canonical form", path.display());
        }
        assert_eq!(before.len(), after.len(), "{}", path.display());
        count += 1;
    }
    eprintln!("{count} files survived");
}

/// One of everything that the schema allows, each with all its attributes, formatted as the writer does it.
const SCHEMA: &str = include_str!("seeds/schema.bpmn");

#[test]
fn the_whole_schema_is_known() {
    let parsed = parse(SCHEMA.as_bytes()).expect("well-formed");
    assert_eq!(parsed.diagnostics, []);
    let mut names = BTreeSet::new();
    parsed.definitions.walk(&mut |entry| {
        names.insert(entry.name);
        assert_eq!(entry.element.markup().others(), [], "{}", entry.name);
        assert_eq!(entry.element.markup().attributes, [], "{}", entry.name);
    });
    assert_eq!(names.len(), 147, "{names:?}");
}

#[test]
fn what_is_formatted_stays_as_it_is() {
    let parsed = parse(SCHEMA.as_bytes()).expect("well-formed");
    assert_eq!(write(&parsed.definitions), SCHEMA);
}

#[test]
fn order_comments_and_spelling_survive() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!-- before -->
<?target data?>
<b:definitions xmlns:b=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:x=\"urn:x\" targetNamespace=\"t\">
  <b:process id=\"P\" isClosed=\"TRUE\" isExecutable=\"1\" x:own=\"&quot;&#10;\" unknown=\"u\">
    <b:endEvent id=\"E\"/>
    <b:laneSet id=\"L\"/>
    <!-- between -->
    <x:vendor><x:a>  kept  </x:a> <x:b xmlns=\"urn:y\"><c/></x:b></x:vendor>
    <b:startEvent id=\"S\">
      <b:outgoing x:a=\"1\">F<!-- c --></b:outgoing>
      <b:incoming>F</b:incoming>
    </b:startEvent>
    <b:sequenceFlow id=\"F\" sourceRef=\"S\" targetRef=\"E\">
      <b:conditionExpression>a <!-- c -->&lt; b<b:extensionElements/></b:conditionExpression>
    </b:sequenceFlow>
    <b:script>not here</b:script>
  </b:process>
  <b:message id=\"M\"/>
</b:definitions>
<!-- after -->
";
    let parsed = parse(text.as_bytes()).expect("well-formed");
    assert_eq!(write(&parsed.definitions), text);
    assert_eq!(canonical(write(&parsed.definitions).as_bytes()), canonical(text.as_bytes()));
}

#[test]
fn a_model_made_by_hand_is_written_with_the_usual_prefixes() {
    let mut process = Process { is_executable: Some(true), ..Process::default() };
    process.callable.base.id = Some("P".to_owned());
    let mut definitions = Definitions { target_namespace: Some("t".to_owned()), ..Definitions::default() };
    let mut start = StartEvent::default();
    start.catch.event.node.element.base.id = Some("S".to_owned());
    start.catch.event.node.element.name = Some("a < b & \"c\"\u{1}".to_owned());
    let row = definitions.add_flow_element(Container::Root(0), FlowElement::StartEvent(Box::new(start)));
    process.flow_elements.push(row);
    definitions.root_elements.push(RootElement::Process(Box::new(process)));
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" targetNamespace=\"t\">
  <bpmn:process id=\"P\" isExecutable=\"true\">
    <bpmn:startEvent id=\"S\" name=\"a &lt; b &amp; &quot;c&quot;\u{FFFD}\"/>
  </bpmn:process>
</bpmn:definitions>
";
    assert_eq!(write(&definitions), expected);
}

#[test]
fn what_is_added_stands_where_the_schema_wants_it() {
    let text = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" targetNamespace=\"t\"><process id=\"P\">\
        <task id=\"T\"><outgoing>A</outgoing><incoming>B</incoming></task></process></definitions>";
    let mut definitions = parse(text.as_bytes()).expect("well-formed").definitions;
    let FlowElement::Task(task) = &mut definitions.flow_elements[0] else { panic!("a task") };
    task.activity.node.incoming.push(Reference::to("C"));
    task.activity.node.element.base.documentation.push(Documentation::default());
    let written = write(&definitions);
    let order: Vec<&str> =
        written.lines().map(str::trim).filter(|line| line.contains("ing>") || line.contains("doc")).collect();
    assert_eq!(
        order,
        ["<documentation/>", "<outgoing>A</outgoing>", "<incoming>B</incoming>", "<incoming>C</incoming>"]
    );
}
