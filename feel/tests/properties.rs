//! What holds for every value and every text.

use proptest::prelude::*;
use tokenflow_feel::value::json::{self, JsonLimits};
use tokenflow_feel::value::typed::{from_value, to_value};
use tokenflow_feel::{
    CompileLimits, Context, Date, DateTime, DayTimeDuration, Env, EvalLimits, Number, Time, Value,
    YearMonthDuration, Zone, compile, compile_unary_tests,
};

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        (any::<i64>(), 0_u32..=28)
            .prop_map(|(mantissa, scale)| Number::new(mantissa, scale).expect("it fits")),
        (any::<u32>(), any::<u64>(), any::<bool>(), 0_u32..=28).prop_map(|(high, low, negative, scale)| {
            let mantissa = i128::from(high) << 64 | i128::from(low);
            let mantissa = if negative { -mantissa } else { mantissa };
            let decimal = rust_decimal::Decimal::try_from_i128_with_scale(mantissa, scale).expect("96 bits");
            Number::from(decimal)
        }),
        (-1_000_i64..1_000).prop_map(Number::from),
    ]
}

fn zone() -> impl Strategy<Value = Option<Zone>> {
    prop_oneof![
        Just(None),
        Just(Some(Zone::UTC)),
        (-18_i64 * 3_600..=18 * 3_600).prop_map(Zone::offset),
        proptest::sample::select(chrono_tz::TZ_VARIANTS.to_vec()).prop_map(|zone| Some(Zone::Named(zone))),
    ]
}

fn date() -> impl Strategy<Value = Date> {
    prop_oneof![
        (-999_999_999_i32..=999_999_999, 1_u32..=12, 1_u32..=28)
            .prop_map(|(year, month, day)| Date::new(year, month, day).expect("there is such a day")),
        (-50_000_i64..50_000).prop_map(|days| Date::from_days(days).expect("near the epoch")),
    ]
}

fn time() -> impl Strategy<Value = Time> {
    (0_i64..86_400_000_000_000, zone()).prop_map(|(nanos, zone)| Time::from_nanos(nanos, zone))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z ]{0,6}", "\\PC{0,8}", "[\\t\\n\\r\"\\\\u0{}]{0,6}"]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::NULL),
        any::<bool>().prop_map(Value::from),
        number().prop_map(Value::from),
        text().prop_map(Value::from),
        date().prop_map(Value::from),
        time().prop_map(Value::from),
        (date(), time()).prop_map(|(date, time)| Value::from(DateTime::new(date, time))),
        (-20_000_000_000_i64..20_000_000_000)
            .prop_map(|months| Value::from(YearMonthDuration::from_months(months).expect("in range"))),
        any::<i64>().prop_map(|nanos| {
            Value::from(DayTimeDuration::from_nanos(i128::from(nanos) * 1_000).expect("in range"))
        }),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((text(), inner), 0..6)
                .prop_map(|entries| Value::Context(entries.into_iter().collect())),
        ]
    })
}

/// Pieces of expressions, so that random texts get far into the language.
fn expression() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "1",
        "2.5",
        "x",
        "y",
        "item",
        "?",
        "\"a\"",
        "true",
        "false",
        "null",
        "+",
        "-",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "and",
        "or",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "..",
        ".",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "instance of",
        "number",
        "list<",
        ">",
        "function(x)",
        "@\"2020-01-01\"",
        "@\"P1D\"",
        "a: ",
        "count(",
        "sort(",
        "partial",
        "date and time(",
        "substring(",
        "not(",
        "matches(",
        "string(",
        "1..3",
        "[1..3]",
        "x.y",
        "[x > 1]",
        "10**9",
        "\"\\\\d\"",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.join(" "))
}

fn env() -> Env {
    let limits = EvalLimits { fuel: 20_000, memory: 1 << 20, ..EvalLimits::default() };
    Env { now: 1_700_000_000_000_000, zone: chrono_tz::Europe::Berlin, limits }
}

fn evaluate(source: &str) -> Option<Value> {
    let program = compile(source, &["x", "y"]).ok()?;
    let frame: Vec<Value> = (0..program.names().len() as i64).map(Value::from).collect();
    program.eval(&frame, &env()).ok()
}

/// What is compared of a value: a function is equal to itself only.
fn printed(value: Option<Value>) -> Option<String> {
    value.map(|value| value.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_value_reads_back(value in value()) {
        let text = value.to_string();
        let program = compile(&text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"));
        prop_assert_eq!(program.eval(&[], &Env::default()), Ok(value));
    }

    #[test]
    fn stored_bytes_read_back(value in value()) {
        let bytes = postcard::to_allocvec(&value).expect("it can be stored");
        prop_assert_eq!(postcard::from_bytes::<Value>(&bytes).expect("it reads back"), value);
    }

    #[test]
    fn damaged_bytes_are_refused_or_read(value in value(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = postcard::to_allocvec(&value).expect("it can be stored");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = postcard::from_bytes::<Value>(&bytes) {
            prop_assert!(postcard::to_allocvec(&read).is_ok());
        }
    }

    #[test]
    fn json_reads_back(value in value()) {
        let text = json::write(&value);
        let read = json::parse(&text, &JsonLimits::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
        prop_assert_eq!(json::write(&read), text);
        prop_assert_eq!(json::parse(&json::write_pretty(&read), &JsonLimits::default()), Ok(read));
    }

    #[test]
    fn any_text_is_json_or_an_error(text in "[\\[\\]{}:,\"a0-9.eE+\\\\u \\n-]{0,40}") {
        let ours = json::parse(&text, &JsonLimits::default());
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        // We refuse more (duplicates, long numbers, control characters), never less.
        if ours.is_ok() {
            prop_assert!(theirs.is_ok(), "{text}");
        }
    }

    #[test]
    fn the_serde_bridge_keeps_values(value in value()) {
        prop_assert_eq!(to_value(&value), Ok(value.clone()));
        prop_assert_eq!(from_value::<Value>(&value), Ok(value));
    }

    #[test]
    fn floats_keep_their_shortest_form(float in any::<f64>()) {
        match Number::from_f64(float) {
            Some(number) => prop_assert_eq!(number.to_f64(), Some(float + 0.0)),
            None => prop_assert!(!float.is_finite() || float.abs() > 1e28 || float.abs() < 1e-11 || float.to_string().len() > 20),
        }
    }

    #[test]
    fn numbers_keep_their_order(left in number(), right in number()) {
        prop_assert_eq!(left.cmp(&right), left.to_decimal().cmp(&right.to_decimal()));
        prop_assert_eq!(left == right, left.to_decimal() == right.to_decimal());
        let sum = left.checked_add(&right);
        prop_assert_eq!(sum, left.to_decimal().checked_add(right.to_decimal()).map(Number::from));
        let product = left.checked_mul(&right);
        prop_assert_eq!(product, left.to_decimal().checked_mul(right.to_decimal()).map(Number::from));
        prop_assert_eq!(left.to_string().parse::<Number>(), Ok(left));
    }

    #[test]
    fn dates_count_like_chrono(days in -80_000_000_i64..80_000_000) {
        use chrono::Datelike;
        let date = Date::from_days(days).expect("in range");
        let other = chrono::NaiveDate::from_num_days_from_ce_opt(days as i32 + 719_163).expect("in range");
        prop_assert_eq!((date.year(), date.month(), date.day()), (other.year(), other.month(), other.day()));
        prop_assert_eq!(date.to_days(), days);
        prop_assert_eq!(date.weekday(), other.weekday().number_from_monday());
        prop_assert_eq!(date.day_of_year(), other.ordinal());
        prop_assert_eq!(date.week_of_year(), other.iso_week().week());
    }

    #[test]
    fn random_texts_never_panic(source in "\\PC{0,40}") {
        evaluate(&source);
    }

    #[test]
    fn random_expressions_never_panic(source in expression()) {
        let again = printed(evaluate(&source));
        prop_assert_eq!(printed(evaluate(&source)), again, "evaluation is a function of its input");
        if let Ok(program) = compile(&source, &["x", "y"]) {
            // The recorded evaluation never takes the short way.
            let frame: Vec<Value> = (0..program.names().len() as i64).map(Value::from).collect();
            let recorded = program.eval_recorded(&frame, &env()).map(|(value, _)| value.to_string());
            prop_assert_eq!(program.eval(&frame, &env()).map(|value| value.to_string()), recorded);
        }
        if let Ok(program) = compile_unary_tests(&source, &["x"], &CompileLimits::default()) {
            let frame = vec![Value::from(1); program.names().len()];
            if let Ok(answer) = program.eval(&frame, &env()) {
                prop_assert!(answer.is_null() || answer.as_bool().is_some(), "{source}: {answer}");
            }
        }
    }

    #[test]
    fn random_tables_never_panic(cells in proptest::collection::vec(expression(), 6), policy in 0_usize..7) {
        use tokenflow_feel::boxed::{Aggregation, DecisionTable, HitPolicy, InputClause, OutputClause, Rule};
        let policies = [
            HitPolicy::Unique,
            HitPolicy::Any,
            HitPolicy::Priority,
            HitPolicy::First,
            HitPolicy::Collect(Some(Aggregation::Sum)),
            HitPolicy::RuleOrder,
            HitPolicy::OutputOrder,
        ];
        let rule = |test: &str, output: &str| Rule { inputs: vec![test.into()], outputs: vec![output.into()] };
        let table = DecisionTable {
            name: "random".into(),
            inputs: vec![InputClause { expression: "x".into(), allowed: None }],
            outputs: vec![OutputClause { name: "y".into(), allowed: Some("1, 2".into()), default: None }],
            rules: vec![rule("-", "1"), rule(&cells[0], &cells[1]), rule(&cells[2], "2"), rule("> 1", &cells[3])],
            policy: policies[policy],
        };
        let table = tokenflow_feel::Boxed::DecisionTable(table);
        if let Ok(program) = tokenflow_feel::compile_boxed(&table, &tokenflow_feel::Scope::default()) {
            let frame = vec![Value::from(2); program.names().len()];
            let recorded = program.eval_recorded(&frame, &env());
            let plain = program.eval(&frame, &env()).map(|value| value.to_string());
            prop_assert_eq!(recorded.map(|(value, _)| value.to_string()), plain);
        }
    }

    #[test]
    fn conjunction_and_disjunction_follow_the_table(left in 0_usize..4, right in 0_usize..4) {
        let values = [Value::from(true), Value::from(false), Value::NULL, Value::from("otherwise")];
        let (left, right) = (&values[left], &values[right]);
        let context: Context = [("a", left.clone()), ("b", right.clone())].into_iter().collect();
        let run = |source: &str| {
            let program = compile(source, &[]).expect("valid");
            program.eval_with(|name| context.get(name).cloned().unwrap_or(Value::NULL), &Env::default())
        };
        let and = match (left.as_bool(), right.as_bool()) {
            (Some(false), _) | (_, Some(false)) => Value::from(false),
            (Some(true), Some(true)) => Value::from(true),
            _ => Value::NULL,
        };
        let or = match (left.as_bool(), right.as_bool()) {
            (Some(true), _) | (_, Some(true)) => Value::from(true),
            (Some(false), Some(false)) => Value::from(false),
            _ => Value::NULL,
        };
        prop_assert_eq!(run("a and b"), Ok(and.clone()));
        prop_assert_eq!(run("a or b"), Ok(or));
        // The long way and the short one agree.
        prop_assert_eq!(run("[a and b][1]"), Ok(and));
    }
}
