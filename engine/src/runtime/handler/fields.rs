//! Which variables a handler's input type names, so that only those are read from the instance.

use serde::de::{self, DeserializeOwned, Visitor};
use std::fmt;

/// What an input type reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// No variables: `()`.
    Nothing,
    /// The fields of a struct.
    Fields(&'static [&'static str]),
    /// Whatever there is: a map.
    Anything,
}

/// The shape of a type, by asking it to read itself.
pub(super) fn shape_of<T: DeserializeOwned>() -> Shape {
    match T::deserialize(Probe) {
        Ok(_) => Shape::Nothing,
        Err(Found(Some(fields))) => Shape::Fields(fields),
        Err(Found(None)) => Shape::Anything,
    }
}

/// Answers every request by failing, with the fields where it is asked for a struct.
struct Probe;

#[derive(Debug)]
struct Found(Option<&'static [&'static str]>);

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a probe holds no data")
    }
}

impl std::error::Error for Found {}

impl de::Error for Found {
    fn custom<T: fmt::Display>(_: T) -> Found {
        Found(None)
    }
}

impl<'de> de::Deserializer<'de> for Probe {
    type Error = Found;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Found> {
        Err(Found(None))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Found> {
        Err(Found(Some(fields)))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Found> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Found> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Found> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Found> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf seq tuple tuple_struct
        map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(serde::Deserialize)]
    #[allow(dead_code, reason = "only its shape is read")]
    struct Order {
        amount: i64,
        #[serde(rename = "buyer")]
        customer: Option<String>,
    }

    #[test]
    fn a_struct_names_its_fields_and_a_map_none() {
        assert_eq!(shape_of::<Order>(), Shape::Fields(&["amount", "buyer"]));
        assert_eq!(shape_of::<Option<Order>>(), Shape::Fields(&["amount", "buyer"]));
        assert_eq!(shape_of::<()>(), Shape::Nothing);
        assert_eq!(shape_of::<BTreeMap<String, i64>>(), Shape::Anything);
    }
}
