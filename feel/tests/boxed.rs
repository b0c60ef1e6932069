//! Boxed expressions and decision tables: every hit policy, and what the tables record.

use tokenflow_feel::boxed::{
    Aggregation, DecisionTable, HitPolicy, InputClause, IteratorKind, Judgement, OutputClause, Rule,
};
use tokenflow_feel::{Boxed, Context, Env, Scope, Type, Value, compile, compile_boxed};

fn literal(text: &str) -> Boxed {
    Boxed::Literal(text.to_owned())
}

fn boxed(text: &str) -> Box<Boxed> {
    Box::new(literal(text))
}

fn value(text: &str) -> Value {
    compile(text, &[]).expect(text).eval(&[], &Env::default()).expect("no limit")
}

fn evaluate(boxed: &Boxed, names: &[(&str, &str)]) -> Value {
    let program = compile_boxed(boxed, &Scope::default()).unwrap_or_else(|error| panic!("{error}"));
    let names: Context = names.iter().map(|(name, text)| (*name, value(text))).collect();
    program
        .eval_with(|name| names.get(name).cloned().unwrap_or(Value::NULL), &Env::default())
        .expect("no limit")
}

/// A table written as `input, input | output, output` a rule.
fn table(policy: HitPolicy, inputs: &[&str], outputs: &[&str], rules: &[&str]) -> DecisionTable {
    let cells = |text: &str| text.split(';').map(|cell| cell.trim().to_owned()).collect();
    DecisionTable {
        name: "routing".into(),
        inputs: inputs.iter().map(|text| InputClause { expression: (*text).into(), allowed: None }).collect(),
        outputs: outputs
            .iter()
            .map(|name| OutputClause { name: (*name).into(), ..OutputClause::default() })
            .collect(),
        rules: rules
            .iter()
            .map(|rule| {
                let (inputs, outputs) = rule.split_once('|').expect("inputs and outputs");
                Rule { inputs: cells(inputs), outputs: cells(outputs) }
            })
            .collect(),
        policy,
    }
}

fn decide(table: DecisionTable, names: &[(&str, &str)]) -> Value {
    evaluate(&Boxed::DecisionTable(table), names)
}

const RULES: [&str; 4] = ["< 10 | \"low\"", "[5..20] | \"middle\"", "> 15 | \"high\"", "> 15 | \"high\""];

#[test]
fn unique_allows_one_match() {
    let unique = || table(HitPolicy::Unique, &["amount"], &["size"], &RULES[..3]);
    assert_eq!(decide(unique(), &[("amount", "1")]), Value::from("low"));
    assert_eq!(decide(unique(), &[("amount", "12")]), Value::from("middle"));
    assert_eq!(decide(unique(), &[("amount", "30")]), Value::from("high"));
    let both = decide(unique(), &[("amount", "7")]);
    assert!(both.null_reason().is_some_and(|reason| reason.to_string().contains("2 rules match")), "{both}");
    let none = decide(unique(), &[("amount", "\"text\"")]);
    assert!(none.null_reason().is_some_and(|reason| reason.to_string().contains("no rule matches")));
}

#[test]
fn any_wants_equal_outputs() {
    let any = || table(HitPolicy::Any, &["amount"], &["size"], &RULES);
    assert_eq!(decide(any(), &[("amount", "30")]), Value::from("high"));
    assert_eq!(decide(any(), &[("amount", "7")]), Value::NULL);
}

#[test]
fn first_and_the_collecting_policies_keep_the_order_of_the_rules() {
    let with = |policy| table(policy, &["amount"], &["size"], &RULES);
    assert_eq!(decide(with(HitPolicy::First), &[("amount", "7")]), Value::from("low"));
    assert_eq!(decide(with(HitPolicy::RuleOrder), &[("amount", "7")]), value("[\"low\", \"middle\"]"));
    assert_eq!(
        decide(with(HitPolicy::Collect(None)), &[("amount", "18")]),
        value("[\"middle\", \"high\", \"high\"]")
    );
    assert_eq!(
        decide(with(HitPolicy::Collect(Some(Aggregation::Count))), &[("amount", "18")]),
        Value::from(3)
    );
    assert_eq!(
        decide(with(HitPolicy::Collect(Some(Aggregation::Min))), &[("amount", "18")]),
        Value::from("high")
    );
    assert_eq!(decide(with(HitPolicy::Collect(Some(Aggregation::Sum))), &[("amount", "18")]), Value::NULL);
    let numbers = |aggregation| {
        table(
            HitPolicy::Collect(Some(aggregation)),
            &["a"],
            &["x"],
            &["- | 1.5", "true | 2", "false | 100", "- | 3"],
        )
    };
    assert_eq!(decide(numbers(Aggregation::Sum), &[("a", "true")]), value("6.5"));
    assert_eq!(decide(numbers(Aggregation::Max), &[("a", "true")]), Value::from(3));
    assert_eq!(decide(numbers(Aggregation::Min), &[("a", "false")]), value("1.5"));
}

#[test]
fn priority_and_output_order_follow_the_allowed_values() {
    let with = |policy| {
        let mut table = table(policy, &["amount"], &["size"], &RULES);
        table.outputs[0].allowed = Some("\"high\", \"middle\", \"low\"".into());
        table
    };
    assert_eq!(decide(with(HitPolicy::Priority), &[("amount", "7")]), Value::from("middle"));
    assert_eq!(decide(with(HitPolicy::OutputOrder), &[("amount", "7")]), value("[\"middle\", \"low\"]"));
    assert_eq!(
        decide(with(HitPolicy::OutputOrder), &[("amount", "18")]),
        value("[\"high\", \"high\", \"middle\"]")
    );
    let mut several =
        table(HitPolicy::Priority, &["a"], &["x", "y"], &["- | 1; \"b\"", "- | 2; \"a\"", "- | 1; \"a\""]);
    several.outputs[0].allowed = Some("1, 2".into());
    several.outputs[1].allowed = Some("\"a\", \"b\"".into());
    assert_eq!(decide(several, &[]), value("{x: 1, y: \"a\"}"));
}

#[test]
fn several_outputs_are_a_context_and_may_have_defaults() {
    let mut both = table(
        HitPolicy::Unique,
        &["a", "b"],
        &["x", "y"],
        &["1; < 5 | a + b; \"one\"", "2; not(3, 4) | b; \"two\""],
    );
    assert_eq!(decide(both.clone(), &[("a", "1"), ("b", "2")]), value("{x: 3, y: \"one\"}"));
    assert_eq!(decide(both.clone(), &[("a", "2"), ("b", "3")]), Value::NULL);
    both.outputs[1].default = Some("\"none\"".into());
    assert_eq!(decide(both, &[("a", "2"), ("b", "3")]), value("{x: null, y: \"none\"}"));
    let mut single = table(HitPolicy::Collect(None), &["a"], &["x"], &["1 | 10"]);
    single.outputs[0].default = Some("1 + 1".into());
    assert_eq!(decide(single, &[("a", "7")]), Value::from(2));
}

#[test]
fn inputs_must_be_among_the_allowed_ones() {
    let mut limited = table(
        HitPolicy::First,
        &["a"],
        &["x"],
        &["- | \"all\"", ""].map(|rule| if rule.is_empty() { "? > 5 | 1" } else { rule }),
    );
    limited.inputs[0].allowed = Some("1, 2, [5..9]".into());
    assert_eq!(decide(limited.clone(), &[("a", "2")]), Value::from("all"));
    let refused = decide(limited, &[("a", "3")]);
    assert!(
        refused.null_reason().is_some_and(|reason| reason.to_string().contains("not allowed")),
        "{refused}"
    );
}

#[test]
fn a_table_records_what_it_found() {
    let collecting = Boxed::DecisionTable(table(
        HitPolicy::Collect(None),
        &["amount * 2", "name"],
        &["size"],
        &["< 10; - | \"low\"", "-; starts with(?, \"a\") | \"a\"", "> 10; - | \"high\""],
    ));
    let program = compile_boxed(&collecting, &Scope::default()).expect("valid");
    assert_eq!(program.names().iter().map(|name| &**name).collect::<Vec<_>>(), ["amount", "name"]);
    let frame = [Value::from(3), Value::from("anna")];
    let (answer, judgements) = program.eval_recorded(&frame, &Env::default()).expect("no limit");
    assert_eq!(answer, value("[\"low\", \"a\"]"));
    let expected = Judgement {
        table: "routing".into(),
        inputs: vec![Value::from(6), Value::from("anna")],
        rules: vec![1, 2],
        output: answer,
    };
    assert_eq!(judgements, [expected]);
}

#[test]
fn a_graph_of_decisions_is_a_context() {
    let fee =
        table(HitPolicy::Unique, &["size"], &["fee"], &["\"small\" | 1", "\"large\" | surcharge(amount)"]);
    let graph = Boxed::Context {
        entries: vec![
            (
                "surcharge".into(),
                Boxed::Function {
                    parameters: vec![("amount".into(), Some(Type::Number))],
                    body: Box::new(Boxed::DecisionTable(table(
                        HitPolicy::First,
                        &["amount"],
                        &["fee"],
                        &["> 1000 | 1 + surcharge(amount - 1000)", "- | 0"],
                    ))),
                },
            ),
            ("size".into(), literal("if amount > 100 then \"large\" else \"small\"")),
            ("Order Fee".into(), Boxed::DecisionTable(fee)),
        ],
        result: Some(boxed("{fee: Order Fee, size: size}")),
    };
    assert_eq!(evaluate(&graph, &[("amount", "3500")]), value("{fee: 3, size: \"large\"}"));
    assert_eq!(evaluate(&graph, &[("amount", "5")]), value("{fee: 1, size: \"small\"}"));
    let program = compile_boxed(&graph, &Scope::default()).expect("valid");
    let (_, judgements) = program.eval_recorded(&[Value::from(2_500)], &Env::default()).expect("no limit");
    let rules: Vec<Vec<usize>> = judgements.into_iter().map(|judgement| judgement.rules).collect();
    assert_eq!(rules, [vec![2], vec![1], vec![1], vec![2]]);
}

#[test]
fn the_other_boxes_are_what_their_texts_would_be() {
    let list = Boxed::List(vec![literal("1"), literal("a + 1")]);
    assert_eq!(evaluate(&list, &[("a", "1")]), value("[1, 2]"));
    let relation = Boxed::Relation {
        columns: vec!["name".into(), "age".into()],
        rows: vec![vec![literal("\"a\""), literal("1")], vec![literal("\"b\""), literal("2")]],
    };
    assert_eq!(evaluate(&relation, &[]), value("[{name: \"a\", age: 1}, {name: \"b\", age: 2}]"));
    let filter = Boxed::Filter(Box::new(relation), boxed("age > 1"));
    assert_eq!(evaluate(&filter, &[]), value("[{name: \"b\", age: 2}]"));
    let conditional = Boxed::Conditional(boxed("a > 1"), boxed("\"more\""), boxed("\"less\""));
    assert_eq!(evaluate(&conditional, &[("a", "2")]), Value::from("more"));
    let iterate = |kind, body: &str| Boxed::Iterator {
        kind,
        variable: "x".into(),
        list: boxed("[1, 2]"),
        body: boxed(body),
    };
    assert_eq!(evaluate(&iterate(IteratorKind::For, "x + count(partial)"), &[]), value("[1, 3]"));
    assert_eq!(evaluate(&iterate(IteratorKind::Some, "x > 1"), &[]), Value::from(true));
    assert_eq!(evaluate(&iterate(IteratorKind::Every, "x > 1"), &[]), Value::from(false));
    let invocation = Boxed::Invocation {
        function: boxed("function(x, y) x - y"),
        bindings: vec![("y".into(), literal("1")), ("x".into(), literal("a"))],
    };
    assert_eq!(evaluate(&invocation, &[("a", "5")]), Value::from(4));
    let typed = Boxed::Typed(boxed("[a]"), Type::Number);
    assert_eq!(evaluate(&typed, &[("a", "5")]), Value::from(5));
    assert!(evaluate(&typed, &[("a", "\"x\"")]).is_null());
}

#[test]
fn errors_name_the_box_and_the_place() {
    let wrong = table(HitPolicy::Unique, &["a"], &["x"], &["1 | 1", "< | 2"]);
    let graph = Boxed::Context { entries: vec![("fee".into(), Boxed::DecisionTable(wrong))], result: None };
    let error = compile_boxed(&graph, &Scope::default()).expect_err("the cell is wrong");
    assert_eq!(
        error.to_string(),
        "fee / routing / rule 2, input 1: line 1, column 2: expected an expression, found the end"
    );
    let short = table(HitPolicy::Unique, &["a", "b"], &["x"], &["1 | 1"]);
    let error =
        compile_boxed(&Boxed::DecisionTable(short), &Scope::default()).expect_err("a cell is missing");
    assert!(error.to_string().starts_with("routing / rule 1: "), "{error}");
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| {
        (0..depth).fold(literal("1"), |inner, _| Boxed::Context {
            entries: vec![("a".into(), inner)],
            result: None,
        })
    };
    let run = move || {
        let program = compile_boxed(&nested(31), &Scope::default()).expect("within the limit");
        assert_eq!(program.eval(&[], &Env::default()).expect("no limit").depth(), 31);
        let error = compile_boxed(&nested(40), &Scope::default()).expect_err("too deep");
        assert!(error.to_string().contains("boxed_depth 32 exceeded"));
    };
    std::thread::Builder::new()
        .stack_size(128 << 10)
        .spawn(run)
        .expect("a thread")
        .join()
        .expect("no overflow");
}
