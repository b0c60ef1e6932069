//! Correlation (8.4.2): the keys of the conversations that a process takes part in, and how messages carry them.
//!
//! A key counts only when all its properties have values. Key-based: the first message of a conversation sets the key
//! of the instance, later ones must carry the same. Context-based: the key is what the data of the instance say.

use crate::expression::{Compiled, Surroundings};
use crate::id::Timestamp;
use crate::limits::Limits;
use chrono_tz::Tz;
use std::collections::BTreeMap;
use tokenflow_feel::{Context, Value};

/// One correlation key.
#[derive(Debug)]
pub(crate) struct KeyPlan {
    /// By the name of a message: how each property is read from it, in the order of the properties.
    pub(crate) retrievals: BTreeMap<String, Vec<Compiled>>,
    /// How each property is read from the data of the instance, where the key is context-based.
    pub(crate) bindings: Option<Vec<Compiled>>,
}

/// All keys of a process.
#[derive(Debug, Default)]
pub(crate) struct Correlation {
    pub(crate) keys: Vec<KeyPlan>,
}

impl Correlation {
    /// The key that messages of that name carry, by its place.
    pub(crate) fn key_of(&self, message: &str) -> Option<(u16, &KeyPlan)> {
        let place = self.keys.iter().position(|key| key.retrievals.contains_key(message))?;
        Some((place as u16, &self.keys[place]))
    }

    /// The value of the key that a message carries; none where it lacks a property or does not carry the key.
    pub(crate) fn derive(&self, message: &str, payload: &Context, zone: Tz) -> Option<(u16, Value)> {
        let (place, key) = self.key_of(message)?;
        let limits = Limits::default();
        let around = Surroundings { now: Timestamp(0), zone, limits: &limits };
        let properties = key.retrievals[message].iter().map(|path| {
            let frame: Vec<Value> =
                path.names().iter().map(|name| payload.get(name).cloned().unwrap_or(Value::NULL)).collect();
            path.eval(&frame, around).ok().filter(is_key)
        });
        Some((place, whole(properties.collect::<Option<Vec<Value>>>()?)))
    }

    pub(crate) fn has_context_keys(&self) -> bool {
        self.keys.iter().any(|key| key.bindings.is_some())
    }
}

/// A part of a key is a value that can be kept; a name that the message lacks may even mean a function.
pub(crate) fn is_key(value: &Value) -> bool {
    !value.is_null() && value.is_storable()
}

/// A key of one property is its value, one of several is their list.
pub(crate) fn whole(mut properties: Vec<Value>) -> Value {
    match properties.len() {
        1 => properties.remove(0),
        _ => properties.into_iter().collect(),
    }
}
