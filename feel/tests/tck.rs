//! Runs the public cases that lie beside the workspace, when they are there.

use std::path::PathBuf;

use tokenflow_feel::{Context, Env, Number, Scope, Type, Value, compile, compile_in};

fn corpus() -> PathBuf {
    let root = std::env::var_os("TOKENFLOW_CORPUS").map(PathBuf::from);
    root.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus")))
}

#[test]
fn the_public_cases_pass() {
    let path = corpus().join("feel/feel-tck-sample.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is absent", path.display());
        return;
    };
    let (mut passed, mut passed_values, mut values, mut total) = (0, 0, 0, 0);
    let mut failures = Vec::new();
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        let is_null = case["expected"]["t"] == "null";
        total += 1;
        values += usize::from(!is_null);
        match check(&case) {
            Ok(()) => {
                passed += 1;
                passed_values += usize::from(!is_null);
            }
            Err(found) => failures.push(format!(
                "{} {} {}: expected {}, found {found}",
                case["suite"], case["case"], case["expr"], case["expected"]
            )),
        }
    }
    eprintln!("passed {passed}/{total}, of those with a value {passed_values}/{values}");
    // Two cases ask for the types of a decision service's parameters, which no expression tells.
    assert!(failures.len() <= 2, "{}", failures.join("\n"));
    for failure in failures {
        eprintln!("{failure}");
    }
}

fn check(case: &serde_json::Value) -> Result<(), String> {
    let source = case["expr"].as_str().expect("a text");
    let inputs: Context = case["inputs"]
        .as_object()
        .expect("an object")
        .iter()
        .map(|(name, input)| (name.as_str(), typed(input)))
        .collect();
    let names: Vec<&str> = inputs.names().map(|name| &**name).collect();
    let types = types();
    let found = match compile_in(source, &Scope { names: &names, types: &types, ..Scope::default() }) {
        Ok(program) => {
            let value = |name: &str| inputs.get(name).cloned().unwrap_or(Value::NULL);
            program.eval_with(value, &Env::default()).map_err(|error| error.to_string())?
        }
        Err(error) if case["error"] == true => Value::null_because(error.to_string()),
        Err(error) => return Err(error.to_string()),
    };
    let found = match case["type"].as_str().map(|name| Type::parse(name, &types)) {
        Some(Ok(declared)) if !declared.is_unknown() => declared.convert(found),
        _ => found,
    };
    if close(&found, &typed(&case["expected"])) {
        return Ok(());
    }
    match found.null_reason() {
        Some(reason) => Err(format!("null ({reason})")),
        None => Err(found.to_string()),
    }
}

/// The item definitions of the sample's models, as far as its cases need them.
fn types() -> Vec<(&'static str, Type)> {
    let parse = |text: &str| Type::parse(text, &[]).expect("a type");
    vec![
        ("tNumberList", parse("list<number>")),
        ("tStringList", parse("list<string>")),
        ("t_context_013", parse("context<a: string, b: string>")),
    ]
}

fn close(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let tolerance: Number = "0.00000001".parse().expect("a number");
            left.checked_sub(right).is_some_and(|difference| difference.abs() < tolerance)
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| close(left, right))
        }
        (Value::Context(left), Value::Context(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| close(left, right)))
        }
        _ => left == right,
    }
}

fn typed(value: &serde_json::Value) -> Value {
    let content = &value["v"];
    let text = || content.as_str().expect("a text");
    match value["t"].as_str().expect("a type") {
        "null" => Value::NULL,
        "boolean" => Value::from(text() == "true"),
        "string" => Value::from(text()),
        "decimal" => Value::from(text().parse::<Number>().expect("a number")),
        "date" | "time" | "dateTime" | "duration" => {
            let program = compile(&format!("@\"{}\"", text()), &[]).expect("a literal");
            program.eval(&[], &Env::default()).expect("no limit")
        }
        "list" => content.as_array().expect("an array").iter().map(typed).collect(),
        "context" => {
            let entries = content.as_object().expect("an object");
            Value::Context(entries.iter().map(|(name, value)| (name.as_str(), typed(value))).collect())
        }
        other => panic!("unknown type {other}"),
    }
}
