//! Schemas in the words of the specification: `string`, `bool`, `[LabelValue]`.

use super::Property;
use super::resolve::NAMED;
use serde_json::{Map, Value};

/// The type that a schema describes.
#[must_use]
pub fn word(schema: &Value) -> String {
    let schema = plain(schema);
    if schema.get(NAMED).and_then(Value::as_str).is_some_and(|name| name.starts_with("LabelValue")) {
        return "LabelValue".to_owned();
    }
    match kind(schema) {
        "array" => format!("[{}]", schema.get("items").map_or_else(|| "any".to_owned(), word)),
        "boolean" => "bool".to_owned(),
        "integer" => "int".to_owned(),
        "number" => "float".to_owned(),
        other => other.to_owned(),
    }
}

/// The JSON type that a schema describes, or `any`.
#[must_use]
pub fn kind(schema: &Value) -> &str {
    let known = |word: &str| ["string", "boolean", "integer", "number", "array", "object"].contains(&word);
    let schema = plain(schema);
    match schema.get("type") {
        Some(Value::String(word)) if known(word) => word,
        // `[string, null]` is a string that may be missing.
        Some(Value::Array(words)) => {
            let mut words = words.iter().filter_map(Value::as_str).filter(|word| *word != "null");
            match (words.next(), words.next()) {
                (Some(word), None) if known(word) => word,
                _ => "any",
            }
        }
        None if schema.get("properties").is_some() => "object",
        None if schema.get("items").is_some() => "array",
        _ => "any",
    }
}

/// A schema without the shells that add nothing: `allOf` with one schema in it.
fn plain(schema: &Value) -> &Value {
    let mut schema = schema;
    while schema.get("type").is_none()
        && let Some([one]) = ["allOf", "anyOf", "oneOf"]
            .iter()
            .find_map(|key| schema.get(*key).and_then(Value::as_array).map(Vec::as_slice))
    {
        schema = one;
    }
    schema
}

/// The schema of a member of an object, or of the items of a list (`None`).
#[must_use]
pub fn member<'s>(schema: &'s Value, name: Option<&str>) -> Option<&'s Value> {
    let schema = plain(schema);
    match name {
        Some(name) => schema.get("properties")?.get(name),
        None => schema.get("items"),
    }
}

/// Whether an object may have members that its schema does not list.
#[must_use]
pub fn is_open(schema: &Value) -> bool {
    match schema.get("additionalProperties") {
        Some(Value::Bool(open)) => *open,
        Some(_) => true,
        None => kind(schema) != "array" && plain(schema).get("properties").is_none(),
    }
}

/// The properties of a body's schema, at any depth.
#[must_use]
pub fn properties_of(schema: &Value) -> Vec<Property> {
    let mut found = Vec::new();
    collect(schema, "", &mut found);
    found
}

fn collect(schema: &Value, path: &str, found: &mut Vec<Property>) {
    // What is inside a choice is the same everywhere.
    if word(schema) == "LabelValue" {
        return;
    }
    let schema = plain(schema);
    if kind(schema) == "array"
        && let Some(items) = schema.get("items")
    {
        return collect(items, &format!("{path}[]"), found);
    }
    let none = Map::new();
    let members = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, schema) in members {
        let escaped = escape(name);
        let path = if path.is_empty() { escaped } else { format!("{path}.{escaped}") };
        let required = required.contains(&name.as_str());
        found.push(Property { in_query: false, path: path.clone(), ty: word(schema), required });
        collect(schema, &path, found);
    }
}

/// A name in which no sign can be mistaken for one of a path or of a line of the lock file.
#[must_use]
pub fn escape(name: &str) -> String {
    let odd = |letter: char| letter.is_control() || letter.is_whitespace() || ".[]!:?%".contains(letter);
    // No name is written as the sign alone.
    let mut out = if name.is_empty() { "%".to_owned() } else { String::with_capacity(name.len()) };
    for letter in name.chars() {
        if odd(letter) {
            let mut buffer = [0; 4];
            for byte in letter.encode_utf8(&mut buffer).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(letter);
        }
    }
    out
}
