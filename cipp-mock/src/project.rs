//! From a record of the world to the row that the specification describes: its fields, in its types, and nothing else.
//!
//! Records hold more than any one endpoint shows, and some names twice; the specification decides what goes out. So an answer
//! cannot have a field of the wrong type, and when the specification changes, the answers follow.

use crate::clock;
use crate::sample;
use cipp_client::catalogue::{OutputShape, Outputs, Type};
use cipp_client::model::Schema;
use serde_json::{Map, Value};

/// A row of a list. Without a specification the record goes out as it is, but for what the server keeps to itself.
pub(crate) fn row(record: &Value, outputs: Option<Outputs>, fill: bool) -> Value {
    match outputs.map(|outputs| outputs.shape) {
        Some(OutputShape::List(ty) | OutputShape::Object(ty)) => typed(&ty, record, fill, 0).unwrap_or_default(),
        _ => visible(record),
    }
}

/// The one object of an answer.
pub(crate) fn object(record: &Value, outputs: Option<Outputs>, fill: bool) -> Value {
    row(record, outputs, fill)
}

/// The record without the members whose names begin with an underscore: those are the server's own.
pub(crate) fn visible(record: &Value) -> Value {
    match record {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(name, _)| !name.starts_with('_'))
                .map(|(name, value)| (name.clone(), visible(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(visible).collect()),
        value => value.clone(),
    }
}

/// The value in a type; `None` where it has no meaning in it.
fn typed(ty: &Type, value: &Value, fill: bool, depth: u8) -> Option<Value> {
    if value.is_null() {
        return None;
    }
    match ty {
        Type::Text | Type::Tenant | Type::Day | Type::Secret | Type::Choice(_) => text(value).map(Value::String),
        Type::Timestamp => match value {
            Value::Number(number) => number.as_i64().map(|seconds| Value::String(clock::iso(seconds))),
            value => text(value).map(Value::String),
        },
        Type::Bool => match value {
            Value::Bool(_) => Some(value.clone()),
            Value::String(text) => text.to_ascii_lowercase().parse::<bool>().ok().map(Value::Bool),
            _ => None,
        },
        Type::Int => match value {
            Value::Number(number) if number.is_i64() => Some(value.clone()),
            Value::String(text) => text.parse::<i64>().ok().map(Value::from),
            _ => None,
        },
        Type::UnixTime => match value {
            Value::Number(number) if number.is_i64() => Some(value.clone()),
            Value::String(text) => text.parse::<i64>().ok().or_else(|| clock::parse_iso(text)).map(Value::from),
            _ => None,
        },
        Type::Float => match value {
            Value::Number(_) => Some(value.clone()),
            Value::String(text) => text.parse::<f64>().ok().map(Value::from),
            _ => None,
        },
        Type::Json => Some(visible(value)),
        Type::Object => value.is_object().then(|| visible(value)),
        Type::List(inner) => match value {
            Value::Array(items) => {
                Some(Value::Array(items.iter().filter_map(|item| typed(inner, item, fill, depth + 1)).collect()))
            }
            one => typed(inner, one, fill, depth + 1).map(|item| Value::Array(vec![item])),
        },
        Type::Map(inner) => value.as_object().map(|members| {
            let typed = |(key, value): (&String, &Value)| Some((key.clone(), typed(inner, value, fill, depth + 1)?));
            Value::Object(members.iter().filter_map(typed).collect())
        }),
        Type::Model(table) => model(table.schema(), value, fill, depth),
        _ => Some(visible(value)),
    }
}

fn model(schema: &Schema, value: &Value, fill: bool, depth: u8) -> Option<Value> {
    let members = match value {
        Value::Object(members) => members,
        // A choice can be read from its bare text.
        Value::String(text) if schema.name == "LabelValue" => {
            return Some(serde_json::json!({ "label": text, "value": text }));
        }
        _ => return None,
    };
    let mut row = Map::new();
    for field in schema.fields {
        if field.takes_the_rest() {
            if fill && let Value::Object(members) = sample::value(&field.ty, field.name, depth + 1) {
                row.extend(members);
            }
            continue;
        }
        let found = lookup(members, field.name).and_then(|value| typed(&field.ty, value, fill, depth + 1));
        let found = match found {
            None if fill => sample::value(&field.ty, field.name, depth + 1),
            found => found.unwrap_or(Value::Null),
        };
        row.insert(field.name.to_owned(), found);
    }
    Some(Value::Object(row))
}

/// A member by its name, else by its name in another case.
pub(crate) fn lookup<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members.get(name).or_else(|| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => members.get("value").and_then(text),
        Value::Null => None,
    }
}
