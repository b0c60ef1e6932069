//! From Rust types to values.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::{ValueError, read};
use crate::value::codec::MARKER;
use crate::value::{Context, DEPTH_MAX, Number, Text, Value};

/// How serde_json writes a number that it kept as text.
const JSON_NUMBER: &str = "$serde_json::private::Number";

/// The value of anything that serde can serialize.
///
/// A float is its shortest decimal; fields of type [`Value`] are taken over unchanged.
///
/// # Errors
/// A float that is no number, a map whose keys are no texts, a text with forbidden characters,
/// a number too large, or nesting deeper than 128; the error names the path.
pub fn to_value<T: Serialize + ?Sized>(source: &T) -> Result<Value, ValueError> {
    source.serialize(Writer { depth: 0 })
}

#[derive(Clone, Copy)]
struct Writer {
    depth: usize,
}

impl Writer {
    fn inner(self) -> Result<Writer, ValueError> {
        if self.depth >= DEPTH_MAX {
            return Err(ValueError::new(format!("json_depth {DEPTH_MAX} exceeded")));
        }
        Ok(Writer { depth: self.depth + 1 })
    }

    fn items(self, length: Option<usize>, variant: Option<&'static str>) -> Result<Items, ValueError> {
        let writer = if variant.is_some() { self.inner()? } else { self };
        let capacity = length.unwrap_or(0).min(4_096);
        Ok(Items { writer: writer.inner()?, items: Vec::with_capacity(capacity), variant })
    }

    fn entries(self, variant: Option<&'static str>) -> Result<Entries, ValueError> {
        let writer = if variant.is_some() { self.inner()? } else { self };
        Ok(Entries { writer: writer.inner()?, entries: Context::new(), name: None, variant, number: false })
    }
}

fn number(text: &str) -> Result<Value, ValueError> {
    Number::parse_exact(text).map(Value::Number).map_err(|error| ValueError::new(format!("{text}: {error}")))
}

fn text(source: &str) -> Result<Value, ValueError> {
    Text::check(source).map_err(|error| ValueError::new(error.to_string()))?;
    Ok(Value::from(source))
}

fn tagged(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(variant) => Value::Context([(variant, value)].into_iter().collect()),
        None => value,
    }
}

impl Serializer for Writer {
    type Ok = Value;
    type Error = ValueError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    fn serialize_bool(self, value: bool) -> Result<Value, ValueError> {
        Ok(Value::from(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Value, ValueError> {
        Ok(Value::from(i64::from(value)))
    }

    fn serialize_i16(self, value: i16) -> Result<Value, ValueError> {
        Ok(Value::from(i64::from(value)))
    }

    fn serialize_i32(self, value: i32) -> Result<Value, ValueError> {
        Ok(Value::from(value))
    }

    fn serialize_i64(self, value: i64) -> Result<Value, ValueError> {
        Ok(Value::from(value))
    }

    fn serialize_i128(self, value: i128) -> Result<Value, ValueError> {
        number(&value.to_string())
    }

    fn serialize_u8(self, value: u8) -> Result<Value, ValueError> {
        Ok(Value::from(u32::from(value)))
    }

    fn serialize_u16(self, value: u16) -> Result<Value, ValueError> {
        Ok(Value::from(u32::from(value)))
    }

    fn serialize_u32(self, value: u32) -> Result<Value, ValueError> {
        Ok(Value::from(value))
    }

    fn serialize_u64(self, value: u64) -> Result<Value, ValueError> {
        Ok(Value::Number(Number::from(value)))
    }

    fn serialize_u128(self, value: u128) -> Result<Value, ValueError> {
        number(&value.to_string())
    }

    fn serialize_f32(self, value: f32) -> Result<Value, ValueError> {
        number(&format!("{value:e}"))
    }

    fn serialize_f64(self, value: f64) -> Result<Value, ValueError> {
        number(&format!("{value:e}"))
    }

    fn serialize_char(self, value: char) -> Result<Value, ValueError> {
        text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Value, ValueError> {
        text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Value, ValueError> {
        self.inner()?;
        Ok(value.iter().map(|byte| Value::from(u32::from(*byte))).collect())
    }

    fn serialize_none(self) -> Result<Value, ValueError> {
        Ok(Value::NULL)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, ValueError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, ValueError> {
        Ok(Value::NULL)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, ValueError> {
        Ok(Value::NULL)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, ValueError> {
        text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Value, ValueError> {
        if name != MARKER {
            return value.serialize(self);
        }
        let taken = read::from_tokens(&value.serialize(Writer { depth: 0 })?)?;
        if taken.depth() + self.depth > DEPTH_MAX {
            return Err(ValueError::new(format!("json_depth {DEPTH_MAX} exceeded")));
        }
        Ok(taken)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, ValueError> {
        let value = value.serialize(self.inner()?).map_err(|error| error.within(variant))?;
        Ok(tagged(Some(variant), value))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, ValueError> {
        self.items(length, None)
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, ValueError> {
        self.items(Some(length), None)
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<Items, ValueError> {
        self.items(Some(length), None)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items, ValueError> {
        self.items(Some(length), Some(variant))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Entries, ValueError> {
        self.entries(None)
    }

    fn serialize_struct(self, name: &'static str, _length: usize) -> Result<Entries, ValueError> {
        let mut entries = self.entries(None)?;
        entries.number = name == JSON_NUMBER;
        Ok(entries)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Entries, ValueError> {
        self.entries(Some(variant))
    }
}

struct Items {
    writer: Writer,
    items: Vec<Value>,
    variant: Option<&'static str>,
}

impl Items {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        let index = self.items.len();
        self.items.push(value.serialize(self.writer).map_err(|error| error.within_item(index))?);
        Ok(())
    }

    fn finish(self) -> Result<Value, ValueError> {
        Ok(tagged(self.variant, Value::from(self.items)))
    }
}

struct Entries {
    writer: Writer,
    entries: Context,
    name: Option<String>,
    variant: Option<&'static str>,
    number: bool,
}

impl Entries {
    fn add<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), ValueError> {
        Text::check(name).map_err(|error| ValueError::new(format!("the name of an entry: {error}")))?;
        let value = value.serialize(self.writer).map_err(|error| error.within(name))?;
        self.entries.insert(name, value);
        Ok(())
    }

    fn finish(self) -> Result<Value, ValueError> {
        if self.number {
            let digits = self.entries.get(JSON_NUMBER).and_then(Value::as_str);
            return number(digits.unwrap_or_default());
        }
        Ok(tagged(self.variant, Value::Context(self.entries)))
    }
}

macro_rules! items {
    ($($trait:ident :: $method:ident),*) => {
        $(impl $trait for Items {
            type Ok = Value;
            type Error = ValueError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
                self.add(value)
            }

            fn end(self) -> Result<Value, ValueError> {
                self.finish()
            }
        })*
    };
}

items!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl $trait for Entries {
            type Ok = Value;
            type Error = ValueError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), ValueError> {
                self.add(name, value)
            }

            fn end(self) -> Result<Value, ValueError> {
                self.finish()
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Entries {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ValueError> {
        self.name = Some(match to_value(key)? {
            Value::String(text) => text.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Boolean(value) => value.to_string(),
            other => {
                return Err(ValueError::new(format!("the name of an entry is a {}", other.type_name())));
            }
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        let name = self.name.take().ok_or_else(|| ValueError::new("a value comes before its name"))?;
        self.add(&name, value)
    }

    fn end(self) -> Result<Value, ValueError> {
        self.finish()
    }
}
