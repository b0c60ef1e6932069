//! The stored form of values: a flat sequence of tokens, for formats that do not describe themselves.
//!
//! Flat, so that writing and reading need no recursion however deep the value is nested.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;

use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{self, Serialize, SerializeSeq, Serializer};

use super::walk::{Step, Walk};
use super::{
    Context, DEPTH_MAX, Date, DateTime, DayTimeDuration, List, Number, Range, Text, Time, Value,
    YearMonthDuration, Zone,
};

/// The name under which a value is written, so that [`super::typed`] can take it over unchanged.
pub(super) const MARKER: &str = "$tokenflow::Value";

/// The order of the variants is part of the stored form: new ones go to the end.
#[derive(serde::Serialize, serde::Deserialize)]
enum Token<'v> {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(i128, u8),
    String(Cow<'v, str>),
    Date(i64),
    Time(i64, Option<ZoneToken>),
    DateTime(i64, i64, Option<ZoneToken>),
    Months(i64),
    Nanos(i128),
    /// With the count of items that follow.
    List(u64),
    /// With the count of entries that follow, each a `String` and a value.
    Context(u64),
    Range {
        low: bool,
        low_included: bool,
        high: bool,
        high_included: bool,
    },
}

#[derive(serde::Serialize, serde::Deserialize)]
enum ZoneToken {
    Offset(i32),
    Named(String),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(MARKER, &Tokens(self))
    }
}

struct Tokens<'v>(&'v Value);

impl Serialize for Tokens<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let count = Walk::new(self.0).filter(|step| !matches!(step, Step::Close(_))).count();
        let mut tokens = serializer.serialize_seq(Some(count))?;
        for step in Walk::new(self.0) {
            let token = match step {
                Step::Scalar(value) => {
                    scalar_token(value).ok_or_else(|| ser::Error::custom("a function cannot be stored"))?
                }
                Step::List(list) => Token::List(list.len() as u64),
                Step::Context(context) => Token::Context(context.len() as u64),
                Step::Range(range) => Token::Range {
                    low: range.low.is_some(),
                    low_included: range.low_included,
                    high: range.high.is_some(),
                    high_included: range.high_included,
                },
                Step::Name(name) => Token::String(Cow::Borrowed(name)),
                Step::Close(_) => continue,
            };
            tokens.serialize_element(&token)?;
        }
        tokens.end()
    }
}

fn scalar_token(value: &Value) -> Option<Token<'_>> {
    Some(match value {
        Value::Null(_) => Token::Null,
        Value::Boolean(value) => Token::Boolean(*value),
        Value::Number(number) => match number.to_i64() {
            Some(integer) => Token::Integer(integer),
            None => {
                let decimal = number.to_decimal();
                Token::Decimal(decimal.mantissa(), decimal.scale() as u8)
            }
        },
        Value::String(text) => Token::String(Cow::Borrowed(text)),
        Value::Date(date) => Token::Date(date.to_days()),
        Value::Time(time) => Token::Time(time.nanos(), zone_token(time.zone())),
        Value::DateTime(at) => {
            Token::DateTime(at.date.to_days(), at.time.nanos(), zone_token(at.time.zone()))
        }
        Value::YearMonthDuration(duration) => Token::Months(duration.months()),
        Value::DayTimeDuration(duration) => Token::Nanos(duration.nanos()),
        Value::List(_) | Value::Context(_) | Value::Range(_) | Value::Function(_) => return None,
    })
}

fn zone_token(zone: Option<Zone>) -> Option<ZoneToken> {
    zone.map(|zone| match zone {
        Zone::Offset(seconds) => ZoneToken::Offset(seconds),
        Zone::Named(zone) => ZoneToken::Named(zone.name().to_owned()),
    })
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_newtype_struct(MARKER, Sequence)
    }
}

/// Reads the sequence of tokens of one value.
pub(super) struct Sequence;

/// The tokens of a value as a value, for the serde bridge.
pub(super) fn tokens_of(value: &Value) -> Result<Value, super::typed::ValueError> {
    super::typed::to_value(&Tokens(value))
}

impl<'de> Visitor<'de> for Sequence {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut tokens: A) -> Result<Value, A::Error> {
        let mut builder = Builder::default();
        while let Some(token) = tokens.next_element::<Token<'de>>()? {
            builder.take(token).map_err(de::Error::custom)?;
        }
        builder.finish().map_err(de::Error::custom)
    }
}

/// Puts a value together from its tokens.
#[derive(Default)]
struct Builder {
    open: Vec<Partial>,
    done: Option<Value>,
}

enum Partial {
    List { rest: u64, items: Vec<Value> },
    Context { rest: u64, name: Option<Arc<str>>, entries: Context },
    Range { low: bool, high: bool, range: Range },
}

impl Builder {
    fn take(&mut self, token: Token<'_>) -> Result<(), &'static str> {
        if self.done.is_some() {
            return Err("tokens follow after the value");
        }
        if let (Some(Partial::Context { name: name @ None, .. }), Token::String(text)) =
            (self.open.last_mut(), &token)
        {
            *name = Some(Arc::from(&**text));
            return Ok(());
        }
        if let Some(Partial::Context { name: None, .. }) = self.open.last() {
            return Err("an entry has no name");
        }
        let partial = match token {
            Token::List(rest) => Partial::List { rest, items: Vec::new() },
            Token::Context(rest) => Partial::Context { rest, name: None, entries: Context::new() },
            Token::Range { low, low_included, high, high_included } => Partial::Range {
                low,
                high,
                range: Range { low: None, low_included, high: None, high_included },
            },
            scalar => {
                let value = scalar_value(scalar).ok_or("a token is out of range")?;
                self.add(value)?;
                return self.close();
            }
        };
        if self.open.len() >= DEPTH_MAX {
            return Err("the value nests deeper than json_depth");
        }
        self.open.push(partial);
        self.close()
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        match self.open.last_mut() {
            None => self.done = Some(value),
            Some(Partial::List { rest, items }) => {
                *rest -= 1;
                items.push(value);
            }
            Some(Partial::Context { rest, name, entries }) => {
                *rest -= 1;
                let name = name.take().ok_or("an entry has no name")?;
                if entries.insert(name, value).is_some() {
                    return Err("an entry occurs twice");
                }
            }
            Some(Partial::Range { low, high, range }) => {
                if std::mem::take(low) {
                    range.low = Some(value);
                } else {
                    *high = false;
                    range.high = Some(value);
                }
            }
        }
        Ok(())
    }

    /// Hands every value that is complete to the one around it.
    fn close(&mut self) -> Result<(), &'static str> {
        loop {
            let complete = match self.open.last() {
                None => false,
                Some(Partial::List { rest, .. } | Partial::Context { rest, .. }) => *rest == 0,
                Some(Partial::Range { low, high, .. }) => !*low && !*high,
            };
            if !complete {
                return Ok(());
            }
            let value = match self.open.pop() {
                None => return Ok(()),
                Some(Partial::List { items, .. }) => Value::from(items),
                Some(Partial::Context { entries, .. }) => Value::Context(entries),
                Some(Partial::Range { range, .. }) => {
                    Value::from(range.checked().ok_or("an end of a range is no scalar")?)
                }
            };
            self.add(value)?;
        }
    }

    fn finish(self) -> Result<Value, &'static str> {
        self.done.ok_or("the value ends too early")
    }
}

fn scalar_value(token: Token<'_>) -> Option<Value> {
    Some(match token {
        Token::Null => Value::NULL,
        Token::Boolean(value) => Value::Boolean(value),
        Token::Integer(value) => Value::from(value),
        Token::Decimal(mantissa, scale) => {
            Value::from(Decimal::try_from_i128_with_scale(mantissa, u32::from(scale)).ok()?)
        }
        Token::String(text) => {
            Text::check(&text).ok()?;
            Value::from(text.into_owned())
        }
        Token::Date(days) => Value::from(Date::from_days(days)?),
        Token::Time(nanos, zone) => Value::from(Time::from_nanos(nanos, zone_value(zone)?)),
        Token::DateTime(days, nanos, zone) => {
            Value::from(DateTime::new(Date::from_days(days)?, Time::from_nanos(nanos, zone_value(zone)?)))
        }
        Token::Months(months) => Value::from(YearMonthDuration::from_months(months)?),
        Token::Nanos(nanos) => Value::from(DayTimeDuration::from_nanos(nanos)?),
        Token::List(_) | Token::Context(_) | Token::Range { .. } => return None,
    })
}

fn zone_value(zone: Option<ZoneToken>) -> Option<Option<Zone>> {
    match zone {
        None => Some(None),
        Some(ZoneToken::Offset(seconds)) => Zone::offset(i64::from(seconds)).map(Some),
        Some(ZoneToken::Named(name)) => Tz::from_str(&name).ok().map(|zone| Some(Zone::Named(zone))),
    }
}

macro_rules! as_value {
    ($($type:ty, $variant:ident, |$inner:ident| $take:expr;)*) => {
        $(
            impl Serialize for $type {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    Value::from(self.clone()).serialize(serializer)
                }
            }

            impl<'de> Deserialize<'de> for $type {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                    let value = Value::deserialize(deserializer)?;
                    let found = value.type_name();
                    let Value::$variant($inner) = value else {
                        let expected = concat!("a value of type ", stringify!($type));
                        return Err(de::Error::invalid_type(de::Unexpected::Other(found), &expected));
                    };
                    Ok($take)
                }
            }
        )*
    };
}

as_value! {
    Number, Number, |it| it;
    List, List, |it| it;
    Context, Context, |it| it;
    Date, Date, |it| it;
    Time, Time, |it| *it;
    DateTime, DateTime, |it| *it;
    YearMonthDuration, YearMonthDuration, |it| it;
    DayTimeDuration, DayTimeDuration, |it| *it;
}
