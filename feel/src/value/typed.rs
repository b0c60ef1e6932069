//! The bridge between FEEL values and Rust types, through serde.
//!
//! ```
//! use tokenflow_feel::value::typed::{from_value, to_value};
//! use tokenflow_feel::Value;
//!
//! #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
//! struct Order {
//!     amount: f64,
//!     items: Vec<String>,
//! }
//!
//! let order = Order { amount: 0.1, items: vec!["book".into()] };
//! let value = to_value(&order)?;
//! assert_eq!(value.to_string(), r#"{amount: 0.1, items: ["book"]}"#);
//! assert_eq!(from_value::<Order>(&value)?, order);
//!
//! let wrong = from_value::<Order>(&[("amount", Value::from("ten"))].into_iter().collect::<tokenflow_feel::Context>().into());
//! assert!(wrong.unwrap_err().to_string().starts_with("amount: "));
//! # Ok::<(), tokenflow_feel::value::typed::ValueError>(())
//! ```

pub mod decimal;
mod read;
mod write;

use std::fmt;

pub use read::from_value;
pub use write::to_value;

/// Why a value cannot be given the other form, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    /// The way to the value, such as `order.items[2].price`; empty at the top.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl ValueError {
    pub(crate) fn new(message: impl Into<String>) -> ValueError {
        ValueError { path: String::new(), message: message.into() }
    }

    /// The same error, seen from around the entry of this name.
    #[must_use]
    pub fn within(mut self, name: &str) -> ValueError {
        let joint = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{joint}{}", self.path);
        self
    }

    fn within_item(self, index: usize) -> ValueError {
        self.within(&format!("[{index}]"))
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ValueError {}

impl serde::ser::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> ValueError {
        ValueError::new(message.to_string())
    }
}

impl serde::de::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> ValueError {
        ValueError::new(message.to_string())
    }
}
