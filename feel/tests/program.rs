//! What a program tells about itself before it is evaluated.

use tokenflow_feel::{CompileLimits, Env, Program, Value, compile, compile_unary_tests};

fn names(program: &Program) -> Vec<&str> {
    program.names().iter().map(|name| &**name).collect()
}

#[test]
fn programs_and_values_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Program>();
    crosses::<Value>();
    crosses::<Env>();
}

#[test]
fn names_are_those_that_come_from_outside() {
    let program = compile("a + {b: c, d: b + 1}.d + count(for x in e return x + a)", &[]).expect("valid");
    assert_eq!(names(&program), ["a", "c", "e"]);
    let program = compile("function(x) x + y", &[]).expect("valid");
    assert_eq!(names(&program), ["y"]);
    assert!(names(&compile("1 + 1", &[]).expect("valid")).is_empty());
    let program = compile("Total Amount - 1", &["Total Amount"]).expect("valid");
    assert_eq!(names(&program), ["Total Amount"]);
    let program = compile("price-list", &["price-list"]).expect("valid");
    assert_eq!(names(&program), ["price-list"]);
    assert_eq!(names(&compile("price-list", &[]).expect("valid")), ["price", "list"]);
    assert!(compile("Total Amount", &[]).is_err());
}

#[test]
fn entries_of_items_are_optional_names() {
    let program = compile("items[price > limit]", &[]).expect("valid");
    assert_eq!(names(&program), ["items", "price", "limit"]);
    assert_eq!((0..3).map(|slot| program.is_optional(slot)).collect::<Vec<_>>(), [false, true, true]);
    let program = compile("items[price > limit] and limit > 1", &[]).expect("valid");
    assert!(!program.is_optional(2));
}

#[test]
fn invoked_names_are_told_apart() {
    let program = compile("rate(x) + count(y) + {f: function(n) f(n)}.f(1)", &[]).expect("valid");
    let invoked: Vec<&str> = program
        .names()
        .iter()
        .enumerate()
        .filter(|(slot, _)| program.is_invoked(*slot))
        .map(|(_, name)| &**name)
        .collect();
    assert_eq!(invoked, ["rate"]);
}

#[test]
fn a_variable_may_have_the_name_of_a_function() {
    let run = |source: &str, names: &[&str]| {
        let program = compile(source, names).expect("valid");
        program.eval_with(|name| if name == "count" { Value::from(2) } else { Value::NULL }, &Env::default())
    };
    for names in [&[][..], &["count"]] {
        assert_eq!(run("count > 1", names), Ok(Value::from(true)));
        assert_eq!(run("count([1, 2, 3]) + count", names), Ok(Value::from(5)));
        assert_eq!(run("count(list: [1, 2, 3])", names), Ok(Value::from(3)));
    }
}

#[test]
fn functions_of_one_program_run_in_another() {
    let adder = compile("function(x) x + offset", &[]).expect("valid");
    let function = adder.eval(&[Value::from(10)], &Env::default()).expect("no limit");
    assert!(!function.is_storable());
    let program = compile("[f(1), sort([3, 1], function(a, b) f(a) < f(b))]", &[]).expect("valid");
    let answer = program.eval(&[function], &Env::default()).expect("no limit");
    assert_eq!(answer.to_string(), "[11, [1, 3]]");
}

#[test]
fn unary_tests_read_their_value_under_a_name() {
    let program = compile_unary_tests("< limit, 7", &[], &CompileLimits::default()).expect("valid");
    assert_eq!(names(&program), ["?", "limit"]);
    assert_eq!(program.eval(&[Value::from(7), Value::from(3)], &Env::default()), Ok(Value::from(true)));
    assert_eq!(program.source(), "< limit, 7");
}

#[test]
fn errors_tell_line_and_column() {
    let error = compile("a +\n  ä ) b", &[]).expect_err("a bracket too many");
    assert_eq!((error.line, error.column, error.offset), (2, 5, 9));
    assert_eq!(error.to_string(), "line 2, column 5: expected an operator or the end, found `)`");
    let error = compile("if a then b", &[]).expect_err("no else");
    assert_eq!(error.to_string(), "line 1, column 12: expected `else`, found the end");
    let error = compile("{a: 1, a: 2}", &[]).expect_err("twice");
    assert_eq!(error.to_string(), "line 1, column 8: the entry \"a\" occurs twice");
}
