//! One line of the trace: which instance, which word, which element, which of its activations.

use crate::id::Timestamp;
use crate::trace::{JsonObject, Word};
use std::sync::Arc;
use tokenflow_feel::Value;

/// One thing that happened, as it is told outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The place in the whole trace, from 1.
    pub seq: u64,
    /// When, in logical time.
    pub at: Timestamp,
    /// The root instance by order of creation, from 1.
    pub root: u32,
    /// The process instance: a label or ordinal, `1/Call_A#1` for a called one.
    pub instance: Arc<str>,
    /// The process instance was called by another.
    pub is_called: bool,
    /// What happened.
    pub word: Word,
    /// The flow node, the sequence flow of `taken`, the process of instance events.
    pub element: Arc<str>,
    /// Which activation of the element in its process instance, from 1.
    pub n: u32,
    /// The element is the body of a loop or multi-instance activity.
    pub is_body: bool,
    /// What else there is to say, in the order of the contract.
    pub details: Vec<Detail>,
}

/// One detail of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// Its key in JSON.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
    /// Text shows it too.
    pub in_text: bool,
}

impl Detail {
    /// A detail that text and JSON show.
    pub fn shown(name: &'static str, value: impl Into<Value>) -> Detail {
        Detail { name, value: value.into(), in_text: true }
    }

    /// A detail that only JSON shows.
    pub fn hidden(name: &'static str, value: Value) -> Detail {
        Detail { name, value, in_text: false }
    }
}

impl Line {
    /// The line as an object of the JSON trace.
    pub fn to_json(&self) -> String {
        let mut object = JsonObject::new();
        object.put("seq", i64::try_from(self.seq).unwrap_or(i64::MAX));
        object.put("at", self.at.to_string());
        object.put("instance", &*self.instance);
        object.put("event", self.word.as_str());
        object.put("element", &*self.element);
        object.put("n", self.n);
        if self.is_body && !self.word.is_of_body() {
            object.put("body", true);
        }
        for detail in &self.details {
            object.put(detail.name, detail.value.clone());
        }
        object.finish()
    }
}
