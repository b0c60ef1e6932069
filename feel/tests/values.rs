//! The values: their size, their forms and the bridges to JSON, serde and stored bytes.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tokenflow_feel::value::json::{self, JsonLimits};
use tokenflow_feel::value::typed::{from_value, to_value};
use tokenflow_feel::{Context, Date, DateTime, DayTimeDuration, List, Number, Range, Time, Value};

fn parse(text: &str) -> Value {
    json::parse(text, &JsonLimits::default()).expect("the text is JSON")
}

fn number(text: &str) -> Number {
    text.parse().expect("the text is a number")
}

#[test]
fn a_value_is_two_words() {
    assert_eq!(size_of::<Value>(), 16);
    assert_eq!(size_of::<Option<Value>>(), 16);
}

#[test]
fn numbers_are_canonical() {
    assert_eq!(number("1.50"), number("1.5"));
    assert_eq!(number("100").to_string(), "100");
    assert_eq!(number("-0.0").to_string(), "0");
    assert_eq!(number("1e3").to_i64(), Some(1_000));
    assert_eq!(number("1.5").to_i64(), None);
    assert_eq!(number("79228162514264337593543950335").to_string(), "79228162514264337593543950335");
    assert!(Number::parse_exact("79228162514264337593543950336").is_err());
    assert!(Number::parse_exact("0.12345678901234567890123456789").is_err());
    assert_eq!(
        Number::parse_rounded("0.12345678901234567890123456785").map(|it| it.to_string()).as_deref(),
        Ok("0.1234567890123456789012345678")
    );
    assert_eq!(Number::parse_rounded("1e-9999999999999999999999"), Ok(Number::ZERO));
    assert!(Number::parse_rounded("1e9999999999999999999999").is_err());
    assert_eq!(Number::parse_rounded("0e9999999999999999999999"), Ok(Number::ZERO));
    for text in ["", "-", ".", "1.", "1e", "e1", "+1", "1 ", "--1", "0x1", "1e+", "NaN"] {
        assert!(Number::parse_exact(text).is_err(), "{text:?}");
    }
}

#[test]
fn number_arithmetic_is_exact_across_its_forms() {
    let large = number("9223372036854775807").checked_add(&Number::ONE).expect("it fits");
    assert_eq!(large.to_string(), "9223372036854775808");
    assert_eq!(large.checked_sub(&Number::ONE), Some(Number::from(i64::MAX)));
    assert_eq!(number("0.1").checked_add(&number("0.2")), Some(number("0.3")));
    assert_eq!(number("-9223372036854775808").negated(), large);
    assert_eq!(number("-9223372036854775808").checked_div(&number("-1")), Some(large));
    assert_eq!(number("10").checked_div(&number("4")), Some(number("2.5")));
    assert_eq!(number("1").checked_div(&Number::ZERO), None);
    assert_eq!(number("-12").checked_modulo(&number("5")), Some(number("3")));
    assert_eq!(number("12").checked_modulo(&number("-5")), Some(number("-3")));
    assert!(number("79228162514264337593543950335").checked_mul(&number("10")).is_none());
    assert!(number("1.5") > number("1.49999999999999999999"));
    assert!(number("-1.5") < number("0.000000000000000000000001"));
}

#[test]
fn numbers_round_before_and_after_the_point() {
    use rust_decimal::RoundingStrategy::{AwayFromZero, MidpointAwayFromZero, MidpointNearestEven};
    assert_eq!(number("2.5").rounded(0, MidpointNearestEven), Some(number("2")));
    assert_eq!(number("1250").rounded(-2, MidpointNearestEven), Some(number("1200")));
    assert_eq!(number("1250").rounded(-2, MidpointAwayFromZero), Some(number("1300")));
    assert_eq!(number("-1251").rounded(-2, MidpointNearestEven), Some(number("-1300")));
    assert_eq!(number("5").rounded(-40, MidpointNearestEven), Some(Number::ZERO));
    assert_eq!(number("5").rounded(-40, AwayFromZero), None);
    assert_eq!(number("-1.5").floor(0), Some(number("-2")));
    assert_eq!(number("-1.5").ceiling(0), Some(number("-1")));
}

#[test]
fn dates_keep_the_calendar() {
    for text in ["1970-01-01", "2024-02-29", "-999999999-01-01", "999999999-12-31", "0000-03-01"] {
        let date: Date = text.parse().expect(text);
        assert_eq!(date.to_string(), text);
        assert_eq!(Date::from_days(date.to_days()), Some(date));
    }
    assert_eq!(Date::new(1970, 1, 1).map(|date| date.to_days()), Some(0));
    assert_eq!(Date::new(1970, 1, 1).map(|date| date.weekday()), Some(4));
    for text in
        ["2023-02-29", "998-12-31", "01000-01-01", "2017-13-01", "2017-1-01", "+2017-01-01", "-0-01-01"]
    {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
}

#[test]
fn date_times_move_on_the_time_line() {
    let before: DateTime = "2024-03-30T12:00:00@Europe/Berlin".parse().expect("valid");
    let day: DayTimeDuration = "P1D".parse().expect("valid");
    // The clocks go forward in that night.
    assert_eq!(
        before.checked_add(day).map(|at| at.to_string()).as_deref(),
        Some("2024-03-31T13:00:00@Europe/Berlin")
    );
    let local: DateTime = "2024-03-30T12:00:00".parse().expect("valid");
    assert_eq!(local.checked_add(day).map(|at| at.to_string()).as_deref(), Some("2024-03-31T12:00:00"));
    let micros = before.to_epoch_micros(chrono_tz::Tz::UTC).expect("in range");
    assert_eq!(micros, 1_711_796_400_000_000);
    assert_eq!(DateTime::from_epoch_micros(micros, chrono_tz::Europe::Berlin), Some(before));
    let midnight: DateTime = "2020-12-31T24:00:00Z".parse().expect("valid");
    assert_eq!(midnight.to_string(), "2021-01-01T00:00:00Z");
}

#[test]
fn durations_print_canonically() {
    for (text, canonical) in [
        ("PT61M", "PT1H1M"),
        ("PT24H", "P1D"),
        ("-P1DT0.500S", "-P1DT0.5S"),
        ("PT0H", "PT0S"),
        ("PT1000M0.999999999S", "PT16H40M0.999999999S"),
    ] {
        assert_eq!(text.parse::<DayTimeDuration>().map(|it| it.to_string()).as_deref(), Ok(canonical));
    }
    for text in
        ["P", "PT", "P1DT", "P1H", "PT1D", "P1S", "PT1.S", "PT1.5M", "P1Y1D", "1D", "PT1M1H", "P1D1D", "P-1D"]
    {
        assert!(text.parse::<DayTimeDuration>().is_err(), "{text}");
    }
}

#[test]
fn json_is_read_exactly_and_in_order() {
    let text = r#"{"b":1,"a":[1.50,-0,1e2,true,null,"\u00e4\ud83d\ude00\n"],"c":{}}"#;
    let value = parse(text);
    assert_eq!(json::write(&value), r#"{"b":1,"a":[1.5,0,100,true,null,"ä😀\n"],"c":{}}"#);
    assert_eq!(parse(&json::write_pretty(&value)), value);
    assert_eq!(json::write_pretty(&parse(r#"{"a":[1,[]]}"#)), "{\n  \"a\": [\n    1,\n    []\n  ]\n}");
}

#[test]
fn json_errors_name_the_place() {
    let error = |text: &str| json::parse(text, &JsonLimits::default()).expect_err(text).to_string();
    assert_eq!(error("{\n \"a\": [1, x]}"), "line 2, column 11 (a[1]): expected a value");
    assert_eq!(error(r#"{"a":{"b":1,"b":2}}"#), r#"line 1, column 13 (a.b): the entry "b" occurs twice"#);
    assert_eq!(
        error(r#"{"a":0.12345678901234567890123456789}"#),
        "line 1, column 6 (a): number has too many digits to be exact"
    );
    assert_eq!(error(r#"["\u0000"]"#), "line 1, column 3 ([0]): forbidden character U+0000");
    assert_eq!(
        error(&"[".repeat(200)),
        "line 1, column 129 ([0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]): json_depth 128 exceeded"
    );
    for text in [
        "",
        "[1",
        "[1,]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "01",
        "1.",
        "-",
        "\"",
        "\"\\x\"",
        "\"\\ud800\"",
        "1 2",
        "tru",
        "[1 2]",
        "{1:2}",
        ".5",
        "+1",
        "\u{1}",
    ] {
        assert!(json::parse(text, &JsonLimits::default()).is_err(), "{text:?}");
    }
}

#[test]
fn stored_bytes_read_back_equal() {
    let everything: Context = [
        ("null", Value::NULL),
        ("boolean", Value::from(true)),
        ("integer", Value::from(-7_i64)),
        ("decimal", Value::from(number("12.345"))),
        ("large", Value::from(number("79228162514264337593543950335"))),
        ("string", Value::from("ä")),
        ("date", Value::from("2024-02-29".parse::<Date>().expect("valid"))),
        ("time", Value::from("10:20:30.5+02:00".parse::<Time>().expect("valid"))),
        ("at", Value::from("2024-02-29T10:20:30@Europe/Berlin".parse::<DateTime>().expect("valid"))),
        ("list", Value::from(vec![Value::from(vec![]), Value::from(1)])),
        ("context", Value::from(Context::new())),
        ("range", Range::new(Some(Value::from(1)), true, None, false).into()),
    ]
    .into_iter()
    .collect();
    let value = Value::from(everything.clone());
    let bytes = postcard::to_allocvec(&value).expect("it can be stored");
    assert_eq!(postcard::from_bytes::<Value>(&bytes).expect("it reads back"), value);
    assert_eq!(postcard::from_bytes::<Context>(&bytes).expect("it reads back"), everything);
    assert!(postcard::from_bytes::<List>(&bytes).is_err());
    for length in 0..bytes.len() {
        assert!(postcard::from_bytes::<Value>(&bytes[..length]).is_err());
    }
}

#[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq)]
struct Order {
    amount: Decimal,
    exact: Number,
    price: f64,
    state: State,
    note: Option<String>,
    by_key: BTreeMap<u32, bool>,
    anything: Value,
    due: Date,
}

#[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq)]
enum State {
    Open,
    Closed { by: String },
    Moved(i32, i32),
}

#[test]
fn rust_types_go_there_and_back() {
    let order = Order {
        amount: Decimal::new(125, 1),
        exact: number("0.1"),
        price: 0.1,
        state: State::Closed { by: "anna".into() },
        note: None,
        by_key: BTreeMap::from([(7, true)]),
        anything: Value::from("10:00:00".parse::<Time>().expect("valid")),
        due: "2024-02-29".parse().expect("valid"),
    };
    let value = to_value(&order).expect("it is a value");
    assert_eq!(
        value.to_string(),
        r#"{amount: "12.5", exact: 0.1, price: 0.1, state: {Closed: {by: "anna"}}, note: null, by_key: {"7": true}, anything: @"10:00:00", due: @"2024-02-29"}"#
    );
    assert_eq!(from_value::<Order>(&value).expect("it reads back"), order);
    assert_eq!(from_value::<Decimal>(&Value::from(number("0.1"))), Ok(Decimal::new(1, 1)));
    assert_eq!(
        from_value::<Decimal>(&Value::from(number("1234567890123456789.125")))
            .map(|it| it.to_string())
            .as_deref(),
        Ok("1234567890123456789.125")
    );
    assert_eq!(from_value::<State>(&to_value(&State::Moved(1, 2)).expect("a value")), Ok(State::Moved(1, 2)));
    assert_eq!(from_value::<State>(&Value::from("Open")), Ok(State::Open));
    let json: serde_json::Value = serde_json::json!({"a": [1, 2.5, "x", null, {"b": true}]});
    let value = to_value(&json).expect("a value");
    assert_eq!(value.to_string(), r#"{a: [1, 2.5, "x", null, {b: true}]}"#);
    assert_eq!(from_value::<serde_json::Value>(&value), Ok(json));
}

#[test]
fn typed_errors_name_the_path() {
    let wrong = parse(r#"{"a":[{"b":1},{"b":"x"}]}"#);
    #[derive(serde::Deserialize, Debug)]
    struct Outer {
        #[expect(dead_code)]
        a: Vec<BTreeMap<String, u8>>,
    }
    let error = from_value::<Outer>(&wrong).expect_err("b is a text").to_string();
    assert!(error.starts_with("a[1].b: "), "{error}");
    assert_eq!(
        to_value(&BTreeMap::from([("x", f64::NAN)])).expect_err("not a number").to_string(),
        "x: NaN: not a number"
    );
    assert!(to_value("\u{0}").is_err());
    assert!(to_value(&f64::MAX).is_err());
}

#[test]
fn deep_values_are_bounded_and_need_no_stack() {
    let run = || {
        let mut value = Value::from(1);
        for _ in 0..1_000 {
            value = Value::from(vec![value]);
        }
        assert!(value.depth() <= 128);
        let mut value = Value::from(1);
        for _ in 0..127 {
            value = Value::from(vec![value]);
        }
        let other = parse(&json::write(&value));
        assert!(value == other);
        let bytes = postcard::to_allocvec(&value).expect("it can be stored");
        assert!(postcard::from_bytes::<Value>(&bytes).expect("it reads back") == value);
        assert_eq!(value.to_string(), format!("{}1{}", "[".repeat(127), "]".repeat(127)));
    };
    std::thread::Builder::new()
        .stack_size(128 << 10)
        .spawn(run)
        .expect("a thread")
        .join()
        .expect("no overflow");
}

#[test]
fn sharing_does_not_hide_the_size() {
    let mut value = Value::from("x".repeat(1_000));
    for _ in 0..60 {
        value = Value::from(vec![value.clone(), value]);
    }
    assert!(value.bytes() > 1 << 60);
}

#[test]
fn contexts_ignore_order_when_compared() {
    assert_eq!(parse(r#"{"a":1,"b":2}"#), parse(r#"{"b":2,"a":1}"#));
    assert_ne!(parse(r#"{"a":1}"#), parse(r#"{"a":1,"b":2}"#));
    assert_eq!(Value::null_because("this"), Value::NULL);
    let mut context: Context = [("a", 1), ("b", 2), ("c", 3)].into_iter().collect();
    let before = Value::from(context.clone()).bytes();
    context.insert("b", "text");
    assert_eq!(context.remove("b"), Some(Value::from("text")));
    context.insert("b", 2);
    assert_eq!(Value::from(context.clone()).bytes(), before);
    assert_eq!(context.names().map(|name| &**name).collect::<Vec<_>>(), ["a", "c", "b"]);
}

#[test]
fn large_contexts_are_searched_not_scanned() {
    let mut context: Context = (0..100).map(|index| (format!("entry {index}"), index)).collect();
    assert_eq!(context.get("entry 99"), Some(&Value::from(99)));
    assert_eq!(context.insert("entry 50", "other"), Some(Value::from(50)));
    assert_eq!(context.remove("entry 0"), Some(Value::from(0)));
    assert_eq!(context.get("entry 0"), None);
    assert_eq!(context.entry_at(49).map(|(name, _)| &**name), Some("entry 50"));
    assert_eq!(context.get("entry 50"), Some(&Value::from("other")));
    while context.len() > 1 {
        let name = context.names().last().cloned().expect("there is one");
        context.remove(&name);
    }
    assert_eq!(context.get("entry 1"), Some(&Value::from(1)));
    context.remove("entry 1");
    assert!(context.is_empty() && Value::from(context).bytes() == Value::from(Context::new()).bytes());
}
