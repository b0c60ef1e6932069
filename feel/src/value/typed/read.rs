//! From values to Rust types.

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::ValueError;
use crate::value::codec::{MARKER, Sequence, tokens_of};
use crate::value::{Context, Number, Value};

/// Reads a Rust type from a value.
///
/// # Errors
/// What does not fit the type, with the path to it.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, ValueError> {
    T::deserialize(Reader { value })
}

/// Reads a value back from the value of its tokens.
pub(super) fn from_tokens(tokens: &Value) -> Result<Value, ValueError> {
    Reader { value: tokens }.deserialize_seq(Sequence)
}

#[derive(Clone, Copy)]
struct Reader<'v> {
    value: &'v Value,
}

impl<'v> Reader<'v> {
    fn float<'de, V: Visitor<'de>>(self, number: &Number, visitor: V) -> Result<V::Value, ValueError> {
        let float = number.to_string().parse().map_err(|_| ValueError::new("not a float"))?;
        visitor.visit_f64(float)
    }
}

fn visit_number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, ValueError> {
    if let Some(integer) = number.to_i64() {
        return visitor.visit_i64(integer);
    }
    if let Ok(integer) = number.to_string().parse::<u64>() {
        return visitor.visit_u64(integer);
    }
    if number.is_integer()
        && let Ok(integer) = number.to_string().parse::<i128>()
    {
        return visitor.visit_i128(integer);
    }
    match number.to_f64() {
        Some(float) => visitor.visit_f64(float),
        None => visitor.visit_string(number.to_string()),
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.value {
            Value::Null(_) => visitor.visit_unit(),
            Value::Boolean(value) => visitor.visit_bool(*value),
            Value::Number(number) => visit_number(number, visitor),
            Value::String(text) => visitor.visit_str(text),
            Value::Date(date) => visitor.visit_string(date.to_string()),
            Value::Time(time) => visitor.visit_string(time.to_string()),
            Value::DateTime(at) => visitor.visit_string(at.to_string()),
            Value::YearMonthDuration(duration) => visitor.visit_string(duration.to_string()),
            Value::DayTimeDuration(duration) => visitor.visit_string(duration.to_string()),
            Value::List(list) => {
                let mut items = Items { items: list.as_slice(), index: 0 };
                let result = visitor.visit_seq(&mut items)?;
                if items.index < items.items.len() {
                    return Err(de::Error::invalid_length(list.len(), &"fewer items"));
                }
                Ok(result)
            }
            Value::Context(context) => visitor.visit_map(Entries { context, index: 0 }),
            Value::Range(_) | Value::Function(_) => {
                Err(ValueError::new(format!("a {} has no Rust form", self.value.type_name())))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.value {
            Value::Number(number) => self.float(number, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        if name != MARKER {
            return visitor.visit_newtype_struct(self);
        }
        visitor.visit_newtype_struct(Reader { value: &tokens_of(self.value)? })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match self.value {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Value::Context(context) if context.len() == 1 => {
                let (name, value) = context.entry_at(0).ok_or_else(|| ValueError::new("empty context"))?;
                visitor.visit_enum(Variant { name, value })
            }
            other => Err(ValueError::new(format!(
                "expected a text or a context with one entry, found {}",
                other.type_name()
            ))),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char str string bytes byte_buf unit seq tuple
        tuple_struct map struct identifier
    }
}

struct Items<'v> {
    items: &'v [Value],
    index: usize,
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = ValueError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ValueError> {
        let index = self.index;
        let Some(value) = self.items.get(index) else { return Ok(None) };
        self.index += 1;
        seed.deserialize(Reader { value }).map(Some).map_err(|error| error.within_item(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.index)
    }
}

struct Entries<'v> {
    context: &'v Context,
    index: usize,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = ValueError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ValueError> {
        match self.context.entry_at(self.index) {
            Some((name, _)) => seed.deserialize(Key { name }).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ValueError> {
        let Some((name, value)) = self.context.entry_at(self.index) else {
            return Err(ValueError::new("a value is asked for before its name"));
        };
        self.index += 1;
        seed.deserialize(Reader { value }).map_err(|error| error.within(name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.context.len() - self.index)
    }
}

/// The name of an entry, which may be asked for as a number: maps have keys of other types.
struct Key<'v> {
    name: &'v str,
}

macro_rules! parsed_keys {
    ($($method:ident => $visit:ident),*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
            match self.name.parse() {
                Ok(key) => visitor.$visit(key),
                Err(_) => visitor.visit_str(self.name),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_str(self.name)
    }

    parsed_keys! {
        deserialize_bool => visit_bool,
        deserialize_i8 => visit_i8,
        deserialize_i16 => visit_i16,
        deserialize_i32 => visit_i32,
        deserialize_i64 => visit_i64,
        deserialize_i128 => visit_i128,
        deserialize_u8 => visit_u8,
        deserialize_u16 => visit_u16,
        deserialize_u32 => visit_u32,
        deserialize_u64 => visit_u64,
        deserialize_u128 => visit_u128
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_enum(self.name.into_deserializer())
    }

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

struct Variant<'v> {
    name: &'v str,
    value: &'v Value,
}

impl<'v, 'de> EnumAccess<'de> for Variant<'v> {
    type Error = ValueError;
    type Variant = Content<'v>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'v>), ValueError> {
        let variant = seed.deserialize(Key { name: self.name })?;
        Ok((variant, Content { name: self.name, value: self.value }))
    }
}

struct Content<'v> {
    name: &'v str,
    value: &'v Value,
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        if self.value.is_null() { Ok(()) } else { Err(ValueError::new("expected null").within(self.name)) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ValueError> {
        seed.deserialize(Reader { value: self.value }).map_err(|error| error.within(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, ValueError> {
        Reader { value: self.value }.deserialize_seq(visitor).map_err(|error| error.within(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        Reader { value: self.value }.deserialize_map(visitor).map_err(|error| error.within(self.name))
    }
}
