//! Broken and hostile XML: each case is refused with its code and place, or read as it must be.

use bpmn_parser::{Limits, Position, XmlError, parse, parse_with};

const MODEL: &str = "xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"";

fn definitions(content: &str) -> String {
    format!("<definitions {MODEL} targetNamespace=\"t\">{content}</definitions>")
}

fn refused(text: &str) -> XmlError {
    parse(text.as_bytes()).err().unwrap_or_else(|| panic!("must be refused: {text}"))
}

fn code(text: &str) -> u16 {
    refused(text).code
}

#[test]
fn a_document_type_is_refused_in_any_form() {
    let cases = [
        "<!DOCTYPE definitions>",
        "<!DOCTYPE definitions SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE d [<!ENTITY a \"b\">]>",
        "<!DOCTYPE d [<!ENTITY a SYSTEM \"http://example.com/\">]>",
        "<!DOCTYPE d [<!ENTITY % p \"<!ENTITY a 'b'>\"> %p;]>",
        "<!DOCTYPE",
        "<!doctype definitions>",
        "<!DOCTYPE d [",
    ];
    for case in cases {
        let error = refused(&format!("<?xml version=\"1.0\"?>\n{case}{}", definitions("")));
        assert_eq!((error.code, error.position), (201, Position { line: 2, column: 1 }), "{case}");
    }
}

#[test]
fn what_is_not_well_formed_is_located() {
    let cases = [("<a>", 1, 76 + 3 + 14), ("<a></b>", 1, 79), ("<a></A>", 1, 79), ("text", 0, 0)];
    for (content, line, _) in cases {
        let text = definitions(content);
        if line == 0 {
            assert!(parse(text.as_bytes()).is_ok());
        } else {
            assert_eq!(code(&text), 202, "{content}");
        }
    }
    let error = refused(&definitions("\n  <task id='ż'>\n  </tsk>"));
    assert_eq!(error.position, Position { line: 3, column: 3 });
    assert!(error.message.contains("</tsk>") && error.message.contains("</task>"), "{error}");
}

#[test]
fn everything_else_that_breaks_a_rule_is_refused() {
    let inside = [
        "<a b=c/>",
        "<a b/>",
        "<a b=\"<\"/>",
        "<a b=\"1\"c=\"2\"/>",
        "<a b='1\"/>",
        "<1a/>",
        "<a:b:c xmlns:a='x'/>",
        "< a/>",
        "<a/ >",
        "<a",
        "&undefined;",
        "&amp",
        "& ",
        "<a b='&x;'/>",
        "<a b='&'/>",
        "]]>",
        "<!-- a -- b -->",
        "<!-- a --->",
        "<!-- a",
        "<![CDATA[ a",
        "<?xml version='1.0'?>",
        "<?XML a?>",
        "<? a?>",
        "<?a",
        "<a xmlns:xmlns='x'/>",
        "<a xmlns:xml='x'/>",
        "<a xmlns:p=''/>",
        "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
    ];
    for case in inside {
        assert_eq!(code(&definitions(case)), 202, "{case}");
    }
    let whole = [
        format!("{0}{0}", definitions("")),
        format!("{}text", definitions("")),
        format!("{}&amp;", definitions("")),
        format!("{}<![CDATA[]]>", definitions("")),
        format!("{}</definitions>", definitions("")),
        format!(" <?xml version=\"1.0\"?>{}", definitions("")),
        format!("<?xml?>{}", definitions("")),
        format!("<?xml version=\"2.0\"?>{}", definitions("")),
        format!("<?xml encoding=\"UTF-8\" version=\"1.0\"?>{}", definitions("")),
        format!("<?xml version=\"1.0\" standalone=\"maybe\"?>{}", definitions("")),
        "<".to_owned(),
        "<!".to_owned(),
        "<!-- -->text".to_owned(),
    ];
    for case in whole {
        assert_eq!(code(&case), 202, "{case}");
    }
}

#[test]
fn names_are_compared_with_their_namespaces() {
    assert_eq!(code(&definitions("<p:a/>")), 205);
    assert_eq!(code(&definitions("<a p:b='1'/>")), 205);
    assert_eq!(code(&definitions("<a b='1' b='2'/>")), 206);
    assert_eq!(code(&definitions("<a xmlns:p='x' xmlns:q='x' p:b='1' q:b='2'/>")), 206);
    assert_eq!(code(&definitions("<a xmlns:p='x' xmlns:p='y'/>")), 206);
    assert_eq!(code("<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL/'/>"), 207);
    assert_eq!(code("<definitions/>"), 207);
    assert_eq!(code(&format!("<process {MODEL}/>")), 207);
    let many: String = (0..20).map(|at| format!(" a{at}='x'")).collect();
    assert_eq!(code(&definitions(&format!("<a{many} a7='y'/>"))), 206);
    let other = "<a xmlns='other'/><x:process xmlns:x='other' id='P'/>";
    let parsed = parse(definitions(other).as_bytes()).expect("well-formed");
    assert!(parsed.definitions.root_elements.is_empty());
}

#[test]
fn illegal_characters_and_references_are_refused() {
    for case in [
        "\u{0}",
        "\u{1}",
        "\u{FFFE}",
        "&#0;",
        "&#x1;",
        "&#xD800;",
        "&#xFFFF;",
        "&#x110000;",
        "&#99999999999;",
    ] {
        assert_eq!(code(&definitions(case)), 204, "{case:?}");
        assert_eq!(code(&definitions(&format!("<a b='{case}'/>"))), 204, "{case:?}");
    }
    for case in ["&#;", "&#x;", "&#-1;", "&#+65;", "&# 65;"] {
        assert_eq!(code(&definitions(case)), 204, "{case:?}");
    }
}

#[test]
fn what_is_no_xml_at_all_is_named_so() {
    assert_eq!(code(""), 208);
    assert_eq!(code("\u{FEFF}"), 208);
    assert_eq!(code("hello"), 208);
    assert_eq!(code("<!-- only a comment -->"), 208);
    assert_eq!(parse(b"\x1F\x8B\x08\x00\x00").err().map(|error| error.code), Some(208));
}

#[test]
fn each_limit_is_named_in_its_error() {
    let limits = Limits {
        file_bytes: 1000,
        xml_depth: 4,
        elements_max: 6,
        attributes_max: 3,
        namespaces_max: 3,
        attribute_bytes: 100,
        text_bytes: 50,
        diagnostics_max: 5,
    };
    let cases = [
        (210, "file_bytes", "x".repeat(1001)),
        (211, "xml_depth", definitions("<a><b><c><d/></c></b></a>")),
        (212, "elements_max", definitions("<a/><a/><!-- --><?a?><a/><a/>")),
        (213, "attributes_max", definitions("<a b='1' c='1' d='1' e='1'/>")),
        (214, "namespaces_max", definitions("<a xmlns:b='1' xmlns:c='1'><a xmlns:d='1'/></a>")),
        (215, "attribute_bytes", definitions(&format!("<a b='{}'/>", "x".repeat(101)))),
        (216, "text_bytes", definitions(&format!("{0}<![CDATA[{0}]]>", "x".repeat(30)))),
    ];
    for (code, name, text) in cases {
        let error = parse_with(text.as_bytes(), &limits).expect_err(name);
        assert_eq!(error.code, code, "{name}");
        assert!(error.message.contains(name), "{error}");
    }
    let findings = definitions("<a/><a/><a/><a/><a/>");
    let parsed =
        parse_with(findings.as_bytes(), &Limits { diagnostics_max: 3, ..Limits::default() }).expect("read");
    assert_eq!(parsed.diagnostics.len(), 4);
    assert!(parsed.diagnostics[3].message.contains("diagnostics_max"), "{}", parsed.diagnostics[3]);
}

#[test]
fn text_is_joined_whatever_it_is_written_with() {
    let process = "<process id='P'><sequenceFlow id='F' sourceRef='A' targetRef='B'>\
        <conditionExpression>a &lt;<!-- c --> <![CDATA[b && ]]>&#99;\r\n<?p?>d</conditionExpression></sequenceFlow></process>";
    let parsed = parse(definitions(process).as_bytes()).expect("read");
    let bpmn_parser::model::FlowElement::SequenceFlow(flow) = &parsed.definitions.flow_elements[0] else {
        panic!("a sequence flow")
    };
    let condition = flow.condition_expression.as_ref().expect("a condition");
    assert_eq!(condition.body.text, "a < b && c\nd");
}

#[test]
fn nothing_outside_the_file_is_asked_for() {
    let text = format!(
        "<?xml-stylesheet href='http://example.com/a.xsl'?>{}",
        definitions(
            "<import namespace='n' location='http://example.com/a.bpmn' importType='t'/>\
             <xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>"
        )
    );
    let parsed = parse(text.as_bytes()).expect("read");
    assert_eq!(parsed.definitions.imports[0].location.as_deref(), Some("http://example.com/a.bpmn"));
    assert_eq!(parsed.definitions.base.markup.others().len(), 1);
    assert_eq!(parsed.definitions.prolog.nodes.len(), 1);
}
