//! Hostile texts and values: a named limit or a result, on a stack of 128 KiB, in time that grows with the input.

use std::time::{Duration, Instant};

use tokenflow_feel::{CompileLimits, Env, EvalError, EvalLimits, Value, compile, compile_unary_tests};

/// Runs in a thread with a small stack, and fails when it takes unreasonably long.
fn small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let begin = Instant::now();
    let thread = std::thread::Builder::new().stack_size(128 << 10).spawn(run).expect("a thread");
    let result = thread.join().expect("no panic and no overflow");
    assert!(begin.elapsed() < Duration::from_secs(20), "took {:?}", begin.elapsed());
    result
}

fn outcome(source: String) -> Result<Value, String> {
    small_stack(move || {
        let program = compile(&source, &[]).map_err(|error| error.to_string())?;
        let frame = vec![Value::NULL; program.names().len()];
        program.eval(&frame, &Env::default()).map_err(|error| error.to_string())
    })
}

#[test]
fn deep_texts_are_refused_by_name() {
    let openings = [
        "(",
        "[",
        "{a:",
        "-",
        "if a then ",
        "if true then 1 else ",
        "for x in y return ",
        "some x in y satisfies ",
        "function(x) ",
        "a[",
        "f(",
        "f(a:",
        "not(",
        "(1+",
        "1+(",
        "[1..",
        "1 in (",
        "1 in ",
        "x between ",
        "< ",
        "]",
        "every x in [1] satisfies ",
        "{a:[",
        "a between 1 and (",
        "for x in 1..",
        "a and (",
        "a or not(",
        "@\"P1D\" + (",
        "sort(a, function(x, y) ",
    ];
    for opening in openings {
        for count in [200, 100_000] {
            let source = opening.repeat(count);
            let result = outcome(source);
            let message = result.expect_err(opening);
            let named = message.contains("expression_depth 128 exceeded")
                || message.contains("expression_bytes 262144 exceeded")
                || message.contains("expected");
            assert!(named, "{opening}: {message}");
        }
    }
    let types = format!("1 instance of {}number{}", "list<".repeat(10_000), ">".repeat(10_000));
    assert!(outcome(types).expect_err("too deep").contains("type_depth 32 exceeded"));
}

#[test]
fn nesting_up_to_the_limit_works() {
    let nested = |open: &str, inner: &str, close: &str, count: usize| {
        outcome(format!("{}{inner}{}", open.repeat(count), close.repeat(count)))
    };
    assert_eq!(nested("(", "1", ")", 128), Ok(Value::from(1)));
    assert_eq!(nested("-", "1", "", 128), Ok(Value::from(1)));
    assert_eq!(nested("if true then ", "1", " else 0", 127), Ok(Value::from(1)));
    assert_eq!(nested("(true and ", "true", ")", 128), Ok(Value::from(true)));
    assert_eq!(nested("(null and ", "true", ")", 128), Ok(Value::NULL));
    assert_eq!(nested("(function(x) x)(", "1", ")", 60), Ok(Value::from(1)));
    let list = nested("[", "1", "]", 128).expect("the deepest list");
    assert_eq!(list.depth(), 128);
    let context = nested("{a: ", "1", "}", 128).expect("the deepest context");
    assert_eq!(context.depth(), 128);
    small_stack(move || {
        let copy = context.clone();
        assert!(copy == context);
        assert_eq!(copy.to_string().len(), 128 * 5 + 1);
        drop(list);
    });
}

#[test]
fn long_texts_just_work() {
    assert_eq!(outcome(format!("1{}", "+1".repeat(100_000))), Ok(Value::from(100_001)));
    assert_eq!(outcome(format!("1{}", " - 1".repeat(60_000))), Ok(Value::from(-59_999)));
    assert_eq!(outcome(format!("true{}", " and true".repeat(25_000))), Ok(Value::from(true)));
    assert_eq!(outcome(format!("false{}", " or null".repeat(25_000))), Ok(Value::NULL));
    assert_eq!(outcome(format!("string length(\"{}\")", "x".repeat(130_000))), Ok(Value::from(130_000)));
    assert_eq!(outcome(format!("a{}", ".a".repeat(100_000))), Ok(Value::NULL));
    assert_eq!(outcome(format!("[1]{}", "[1]".repeat(80_000))), Ok(Value::from(1)));
    assert_eq!(outcome(format!("count([{}])", "1,".repeat(100_000) + "1")), Ok(Value::from(100_001)));
    assert_eq!(outcome(format!("1{}", " = 1".repeat(50_000))), Ok(Value::NULL));
    let entries: String = (0..20_000).map(|index| format!("a {index}:1,")).collect();
    assert!(outcome(format!("{{{entries} b: a 19999}}.b")).is_ok_and(|value| value == Value::from(1)));
    assert!(outcome("1".repeat(130_000)).expect_err("no such number").contains("too large"));
    assert!(outcome(format!("0.{}1", "0".repeat(130_000))).is_ok());
    assert!(outcome("x".repeat(300_000)).expect_err("too long").contains("expression_bytes 262144 exceeded"));
    assert!(outcome(format!("f{}", "(1)".repeat(80_000))).is_ok());
    assert!(
        outcome(format!("1 in ({}1)", "2,".repeat(100_000))).is_ok_and(|value| value == Value::from(true))
    );
}

#[test]
fn endless_work_meets_its_limit() {
    let limit = |source: &str| outcome(source.to_owned()).expect_err(source);
    assert!(limit("for i in 1..10**12 return i").contains("fuel 1000000 exceeded"));
    assert!(limit("count(for i in 1..1000, j in 1..1000, k in 1..1000 return 1)").contains("fuel"));
    assert!(limit("some i in 1..10**15 satisfies i < 0").contains("fuel"));
    assert!(limit("every i in 1..10**15 satisfies i > 0").contains("fuel"));
    assert!(limit("{f: function(n) f(n + 1), r: f(1)}.r").contains("recursion_max 1000 exceeded"));
    assert!(limit("{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(60)}.r").contains("fuel"));
    assert!(limit("{f: function(g) g(g), r: f(f)}.r").contains("recursion_max"));
    let doubling = (0..120).fold("{a0: \"0123456789\"".to_owned(), |text, index| {
        format!("{text}, a{}: [a{index}, a{index}]", index + 1)
    }) + "}";
    assert!(limit(&doubling).contains("expression_memory 16777216 exceeded"));
    let concatenating = (0..100).fold("{a0: \"0123456789\"".to_owned(), |text, index| {
        format!("{text}, a{}: a{index} + a{index}", index + 1)
    }) + "}";
    assert!(limit(&concatenating).contains("expression_memory"));
    assert!(
        limit("for i in 1..100000 return string join(for j in 1..1000 return \"xxxxxxxxxx\")")
            .contains("exceeded")
    );
    assert!(limit("for i in 1..100000 return partial").contains("exceeded"));
    assert!(
        limit("for i in 1..200 return if i = 1 then 1 else [partial[-1]]")
            .contains("json_depth 128 exceeded")
    );
    assert!(limit("for i in 1..200 return if i = 1 then 1 else {a: partial[-1]}").contains("json_depth"));
    let chain = (0..200).fold("{f0: function() 1".to_owned(), |text, index| {
        format!("{text}, f{}: function() f{index}()", index + 1)
    }) + "}";
    assert!(limit(&chain).contains("json_depth"));
    let replace =
        "for i in 1..60 return if i = 1 then \"aaaaaaaaaa\" else replace(partial[-1], \"a\", \"aa\")";
    assert!(limit(replace).contains("exceeded"));
    assert!(limit("sort(for i in 1..200000 return i, function(x, y) x < y)").contains("fuel"));
}

#[test]
fn other_extremes_are_null_or_a_value() {
    let value = |source: &str| outcome(source.to_owned()).unwrap_or_else(|error| panic!("{source}: {error}"));
    for source in [
        "10**9999",
        "10**999999999999",
        "1/0",
        "exp(10000)",
        "10**28*10",
        "0**-1",
        "log(0)",
        "date(\"999999999-12-31\") + duration(\"P1D\")",
        "date(\"999999999-12-31\") + duration(\"P1Y\")",
        "duration(\"P999999999999999999D\") * 10**15",
        "@\"P1Y\" * 10**20",
        "(1..)",
        "[1,2][10**20]",
        "substring(\"a\", 10**20)",
        "matches(\"a\", \"(\")",
        "matches(\"a\", \"(a*)*{1000}{1000}\")",
        "matches(\"aaaa\", \"(?=a)\")",
        "matches(\"a\", \"(((a{100}){100}){100}){100}\")",
        "for i in 1.5..3 return i",
        "for i in 1..10**30 return i",
        "decimal(1, 10**20)",
        "partition([1], 0)",
        "number(\"1e99999999999999999999\")",
        "time(10**20, 0, 0)",
        "date(10**20, 1, 1)",
        "duration(\"P99999999999999999999D\")",
    ] {
        if let Ok(program) = compile(source, &[]) {
            assert_eq!(
                program.eval(&vec![Value::NULL; program.names().len()], &Env::default()),
                Ok(Value::NULL),
                "{source}"
            );
        }
    }
    assert_eq!(value("exp(-10000)"), Value::from(0));
    assert_eq!(value("10**-9999"), Value::from(0));
    assert_eq!(value("1**999999999999"), Value::from(1));
    assert_eq!(
        value("matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"(a+)+b\")"),
        Value::from(false)
    );
    assert_eq!(value("count(distinct values(for i in 1..50000 return i))"), Value::from(50_000));
    assert_eq!(value("count((for i in 1..30000 return {a: i})[a > 10])"), Value::from(29_990));
    assert_eq!(
        value("for i in 1..30000 return if i = 1 then 1 else partial[-1] + 1")
            .as_list()
            .map(|list| list.len()),
        Some(30_000)
    );
}

#[test]
fn each_limit_has_its_error() {
    let error = |source: &str, limits: EvalLimits| {
        let program = compile(source, &[]).expect(source);
        program.eval(&[], &Env { limits, ..Env::default() }).expect_err(source)
    };
    let limits = EvalLimits::default();
    assert_eq!(error("1 + 1 + 1", EvalLimits { fuel: 1, ..limits }), EvalError::Fuel(1));
    assert_eq!(error("\"aaaa\" + \"bbbb\"", EvalLimits { memory: 10, ..limits }), EvalError::Memory(10));
    assert_eq!(error("[1, 2, 3]", EvalLimits { list_max: 2, ..limits }), EvalError::List(2));
    assert_eq!(error("for i in 1..3 return i", EvalLimits { list_max: 2, ..limits }), EvalError::List(2));
    assert_eq!(error("(function() 1)()", EvalLimits { recursion_max: 0, ..limits }), EvalError::Recursion(0));
    let program = compile("a", &[]).expect("a name");
    let wrong = program.eval(&[], &Env::default());
    assert_eq!(wrong, Err(EvalError::Frame { expected: 1, found: 0 }));
    let narrow = CompileLimits { bytes: 3, depth: 1 };
    assert!(compile_unary_tests("1, 2", &[], &narrow).is_err());
    let regex = compile("matches(\"a\", \"a{1000}\")", &[]).expect("a text");
    let limits = EvalLimits { regex_bytes: 100, ..limits };
    let answer = regex.eval(&[], &Env { limits, ..Env::default() }).expect("no limit of the evaluation");
    assert!(
        answer.null_reason().is_some_and(|reason| reason.to_string().contains("regex_bytes 100 exceeded"))
    );
}

#[test]
fn waiting_sides_are_remembered_at_every_depth() {
    // Two operators wait at each level, with and without a decided left side.
    let nested = |open: &str, inner: &str| outcome(format!("{}{inner}{}", open.repeat(127), ")".repeat(127)));
    assert_eq!(nested("false or true and (", "true"), Ok(Value::from(true)));
    assert_eq!(nested("false or true and (", "false"), Ok(Value::from(false)));
    assert_eq!(nested("null or true and (", "false"), Ok(Value::NULL));
    assert_eq!(nested("false or null and (", "true"), Ok(Value::NULL));
    assert_eq!(nested("false or null and (", "false"), Ok(Value::from(false)));
}

#[test]
fn patterns_are_paid_for_once_and_by_their_size() {
    let steps = |source: &str| {
        let program = compile(source, &[]).expect(source);
        let enough = |fuel: u64| {
            let limits = EvalLimits { fuel, ..EvalLimits::default() };
            program.eval(&[], &Env { limits, ..Env::default() }).is_ok()
        };
        (0..20).map(|power| 1_u64 << power).find(|fuel| enough(*fuel)).expect("it ends")
    };
    let loops = |pattern: &str| format!("count(for i in 1..100 return matches(\"abc\", {pattern}))");
    assert!(steps(&loops("\"b\"")) <= 2_048);
    assert!(steps(&loops("\"b\" + string(i)")) > 16_384);
    assert!(steps("matches(\"abc\", \"\\w{20}\")") > 50_000);
    // What a thread remembers does not change the price.
    assert_eq!(steps(&loops("\"b\"")), steps(&loops("\"b\"")));
    let long = format!("matches(\"{}\", \"(a{{100}}){{90}}b\")", "a".repeat(120_000));
    assert!(outcome(long).expect_err("too expensive").contains("fuel"));
}

#[test]
fn dear_operations_cost_more_steps() {
    let limit = |source: &str| outcome(source.to_owned()).expect_err(source);
    assert!(limit("for i in 1..10000 return matches(\"a\", \"(\\w{20}){20}\")").contains("fuel"));
    assert!(limit("for i in 1..100000 return 1.5 ** 2.5").contains("fuel"));
    assert!(limit("for i in 1..100000 return exp(i / 100000)").contains("fuel"));
}
