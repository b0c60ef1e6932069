//! Keeps a `rust_decimal::Decimal` field a number: its own serde form is a text.
//!
//! ```
//! use rust_decimal::Decimal;
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Order {
//!     #[serde(with = "tokenflow_feel::value::typed::decimal")]
//!     amount: Decimal,
//! }
//!
//! let value = tokenflow_feel::value::typed::to_value(&Order { amount: Decimal::new(125, 1) })?;
//! assert_eq!(value.to_string(), "{amount: 12.5}");
//! # Ok::<(), tokenflow_feel::value::typed::ValueError>(())
//! ```

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::Number;

/// Writes the decimal as a number.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(decimal: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    Number::from(*decimal).serialize(serializer)
}

/// Reads the decimal from a number.
///
/// # Errors
/// When the value is no number.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    Number::deserialize(deserializer).map(|number| number.to_decimal())
}
