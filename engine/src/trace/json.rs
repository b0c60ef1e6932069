//! JSON text put together from values: what lies around a value must not count against its depth.

use tokenflow_feel::Value;
use tokenflow_feel::value::json;

/// An object that is written entry by entry.
#[derive(Clone, Debug)]
pub struct JsonObject {
    text: String,
}

impl Default for JsonObject {
    fn default() -> JsonObject {
        JsonObject::new()
    }
}

impl JsonObject {
    /// An object without entries.
    pub fn new() -> JsonObject {
        JsonObject { text: String::from("{") }
    }

    /// Adds an entry.
    pub fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.put_json(name, &json::write(&value.into()));
    }

    /// Adds an entry whose value is JSON text already.
    pub fn put_json(&mut self, name: &str, value: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        self.text.push_str(&json::write(&Value::string(name)));
        self.text.push(':');
        self.text.push_str(value);
    }

    /// The text of the whole object.
    pub fn finish(mut self) -> String {
        self.text.push('}');
        self.text
    }
}

/// An array of JSON texts, one a line.
pub fn json_array(items: impl IntoIterator<Item = String>) -> String {
    let mut text = String::from("[");
    for item in items {
        text.push_str(if text.len() > 1 { ",\n" } else { "\n" });
        text.push_str(&item);
    }
    if text.len() > 1 {
        text.push('\n');
    }
    text.push(']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokenflow_feel::value::json::{JsonLimits, parse, write};

    #[test]
    fn what_is_written_reads_back() {
        let mut object = JsonObject::new();
        object.put("a \"quoted\" name", "text");
        object.put("n", 3);
        object.put_json("list", &json_array([JsonObject::new().finish(), "null".to_owned()]));
        let value = parse(&object.finish(), &JsonLimits::default()).expect("JSON");
        assert_eq!(write(&value), r#"{"a \"quoted\" name":"text","n":3,"list":[{},null]}"#);
        assert_eq!(json_array([]), "[]");
    }

    #[test]
    fn the_deepest_value_is_kept() {
        let deep = format!("{}1{}", "[".repeat(128), "]".repeat(128));
        let value = parse(&deep, &JsonLimits::default()).expect("JSON");
        let mut object = JsonObject::new();
        object.put("deep", value);
        assert_eq!(object.finish(), format!("{{\"deep\":{deep}}}"));
    }
}
