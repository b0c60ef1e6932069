//! Runs the tables in `cases/`: one line each, `expression ==> expected expression`, `!` for an error of the text.

use tokenflow_feel::{CompileLimits, Context, Env, Value, compile, compile_unary_tests};

fn env() -> Env {
    Env { now: 1_700_000_000_000_000, zone: chrono_tz::Europe::Berlin, ..Env::default() }
}

/// The lines of a table without comments, cut at the last arrow.
fn lines(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let is_case = |line: &&str| line.contains("==>") && !line.starts_with("# ") || line.starts_with("# ==>");
    table
        .lines()
        .filter(is_case)
        .filter_map(|line| line.rsplit_once("==>"))
        .map(|(left, right)| (left.trim_end(), right.trim()))
}

fn evaluate(source: &str, names: &Context) -> Result<Value, String> {
    let program = compile(source, &[]).map_err(|error| error.to_string())?;
    let value = |name: &str| names.get(name).cloned().unwrap_or(Value::NULL);
    Ok(program.eval_with(value, &env()).expect("no limit"))
}

fn run(table: &'static str, evaluate_case: impl Fn(&str) -> Result<Value, String>) -> usize {
    let mut count = 0;
    let mut failures = Vec::new();
    for (source, expected) in lines(table) {
        count += 1;
        let found = evaluate_case(source);
        if expected == "!" {
            if let Ok(value) = found {
                failures.push(format!("{source}: expected an error, found {value}"));
            }
            continue;
        }
        let expected =
            evaluate(expected, &Context::new()).unwrap_or_else(|error| panic!("{expected}: {error}"));
        match found {
            Ok(value) if value == expected => {}
            Ok(value) => {
                let reason = value.null_reason().map(ToString::to_string).unwrap_or_default();
                failures.push(format!("{source}: expected {expected}, found {value} {reason}"));
            }
            Err(error) => failures.push(format!("{source}: expected {expected}, found error {error}")),
        }
    }
    assert!(failures.is_empty(), "{} of {count}\n{}", failures.len(), failures.join("\n"));
    count
}

fn plain(source: &str) -> Result<Value, String> {
    evaluate(source, &Context::new())
}

const PLAIN: [&str; 6] = [
    include_str!("cases/syntax.txt"),
    include_str!("cases/arithmetic.txt"),
    include_str!("cases/comparison.txt"),
    include_str!("cases/collections.txt"),
    include_str!("cases/functions.txt"),
    include_str!("cases/temporal.txt"),
];

#[test]
fn syntax_is_read_as_the_grammar_says() {
    run(PLAIN[0], plain);
}

#[test]
fn arithmetic_is_exact() {
    run(PLAIN[1], plain);
}

#[test]
fn comparisons_are_three_valued() {
    run(PLAIN[2], plain);
}

#[test]
fn collections_are_filtered_and_iterated() {
    run(PLAIN[3], plain);
}

#[test]
fn builtin_functions_follow_their_tables() {
    run(PLAIN[4], plain);
}

#[test]
fn dates_and_times_are_converted() {
    run(PLAIN[5], plain);
}

#[test]
fn unary_tests_decide() {
    run(include_str!("cases/unary.txt"), |case| {
        let (input, tests) = case.split_once('|').expect("a value and its tests");
        let program = compile_unary_tests(tests.trim(), &["limit"], &CompileLimits::default())
            .map_err(|error| error.to_string())?;
        let names: Context = [("?", plain(input.trim())?), ("limit", Value::from(5))].into_iter().collect();
        let value = |name: &str| names.get(name).cloned().unwrap_or(Value::NULL);
        Ok(program.eval_with(value, &env()).expect("no limit"))
    });
}

#[test]
fn a_null_tells_its_reason() {
    for (source, expected) in lines(include_str!("cases/reasons.txt")) {
        let value = plain(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        assert!(value.is_null(), "{source}: {value}");
        let reason = value.null_reason().map(ToString::to_string).unwrap_or_default();
        assert_eq!(reason, expected, "{source}");
    }
}

#[test]
fn there_are_many_cases() {
    let count: usize = PLAIN.iter().map(|table| lines(table).count()).sum();
    assert!(count >= 600, "{count}");
}
