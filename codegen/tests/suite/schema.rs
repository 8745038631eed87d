//! The JSON Schema of the files that people write.

use crate::support::real;
use cipp_codegen::schema;
use serde_json::Value;
use std::fs;

#[test]
fn the_schema_is_up_to_date() {
    let Some(spec) = real() else { return };
    let found = fs::read_to_string(spec.join("schema.json")).unwrap().replace("\r\n", "\n");
    assert!(found == schema::schema(), "run `cipp-codegen schema`");
    let schema: Value = serde_json::from_str(&found).unwrap();
    assert!(schema["$schema"].is_string());
}

/// The schema knows every key that the files use, and requires none that they leave out.
#[test]
fn the_schema_fits_the_files() {
    let Some(spec) = real() else { return };
    let schema: Value = serde_json::from_str(&schema::schema()).unwrap();
    let kinds = schema["oneOf"].as_array().unwrap();
    for (folder, kind) in [("actions", &kinds[1]), ("types", &kinds[2])] {
        for entry in fs::read_dir(spec.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let found: Value = serde_yaml::from_str(&text).unwrap();
            fits(&found, kind, &schema, &path.display().to_string());
        }
    }
}

/// The part of JSON Schema that the schema uses.
fn fits(value: &Value, schema: &Value, root: &Value, place: &str) {
    if let Some(problem) = misfit(value, schema, root) {
        panic!("{place}: {problem}");
    }
}

fn misfit(value: &Value, schema: &Value, root: &Value) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return misfit(value, root.pointer(name.trim_start_matches('#')).unwrap(), root);
    }
    if let Some(words) = schema["enum"].as_array() {
        return (!words.contains(value)).then(|| format!("{value} is none of {words:?}"));
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let problems: Vec<String> = choices.iter().filter_map(|choice| misfit(value, choice, root)).collect();
        return (problems.len() == choices.len()).then(|| problems.join("; or "));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&kind) {
        return Some(format!("{value} is none of {types:?}"));
    }
    match value {
        Value::Array(items) => items.iter().find_map(|item| misfit(item, &schema["items"], root)),
        Value::Object(members) => {
            let empty = serde_json::Map::new();
            let known = schema["properties"].as_object().unwrap_or(&empty);
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    return Some(format!("{name} is missing"));
                }
            }
            members.iter().find_map(|(name, member)| {
                let problem = match (known.get(name), &schema["additionalProperties"]) {
                    (Some(schema), _) => misfit(member, schema, root),
                    (None, Value::Bool(false)) => Some("is not known".to_owned()),
                    (None, others @ Value::Object(_)) => misfit(member, others, root),
                    _ => None,
                };
                problem.map(|problem| format!("{name}: {problem}"))
            })
        }
        _ => None,
    }
}
