//! Whole documents: JSON, JSON lines, YAML.

use crate::failure::Failure;
use serde_json::Value;

/// One JSON document, always exactly one.
pub fn json(value: &Value) -> String {
    format!("{value:#}\n")
}

/// A JSON document on each line: one for each row.
pub fn ndjson(value: &Value) -> String {
    match value {
        Value::Array(rows) => rows.iter().map(|row| format!("{row}\n")).collect(),
        value => format!("{value}\n"),
    }
}

/// One YAML document.
pub fn yaml(value: &Value) -> Result<String, Failure> {
    serde_yaml::to_string(value)
        .map_err(|error| Failure::new(crate::exit::Exit::Failed, format!("no YAML can be made of it: {error}")))
}
