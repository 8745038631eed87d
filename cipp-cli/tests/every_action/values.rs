//! Values for the properties of an action, and the words that give them.

use cipp_client::catalogue::{Property, Type};
use serde_json::{Value, json};

/// What secrets are in these tests; it must not be seen anywhere.
pub const CANARY: &str = "Canary-7c1f9e";
/// The variable that holds it.
pub const SECRET_VARIABLE: &str = "CIPP_TEST_SECRET";

/// A value of a type; texts hold what shells and spreadsheets stumble over.
pub fn sample(ty: Type, name: &str) -> Value {
    sample_at(ty, name, 0)
}

fn sample_at(ty: Type, name: &str, depth: usize) -> Value {
    match ty {
        // A type may contain itself by way of a list or map.
        Type::List(Type::Model(_)) if depth > 2 => json!([]),
        Type::Map(_) if depth > 2 => json!({}),
        Type::Bool => json!(true),
        Type::Int => json!(7),
        Type::Float => json!(1.5),
        Type::Json => json!({ "any": [1, "it's"] }),
        Type::Object => json!({ "member": format!("\"{name}\" $HOME\n`line`") }),
        Type::Tenant => json!(cipp_mock::CONTOSO),
        Type::UnixTime => json!(1_790_000_000),
        Type::Day => json!("20261121"),
        Type::Timestamp => json!("2026-11-21T08:00:00Z"),
        Type::Secret => json!(CANARY),
        Type::Choice([first, ..]) => json!(first),
        Type::List(inner) => {
            json!([sample_at(*inner, name, depth), sample_at(*inner, &format!("{name} again"), depth)])
        }
        Type::Map(inner) => json!({ "key": sample_at(*inner, name, depth) }),
        Type::Model(table) if table.schema().name == "LabelValue" => {
            json!({ "label": format!("label of {name}"), "value": name })
        }
        Type::Model(table) => {
            let fields = table.schema().fields.iter();
            fields.map(|field| (field.name.to_owned(), sample_at(field.ty, field.name, depth + 1))).collect()
        }
        _ => json!(format!("O'Neil & \"{name}\" – größer\\")),
    }
}

/// The words that give a property this value.
pub fn words(flag: &str, property: &Property, value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let texts = match (property.ty, value) {
        (Type::Secret | Type::List(Type::Secret), _) => {
            vec![format!("env:{SECRET_VARIABLE}"); value.as_array().map_or(1, Vec::len)]
        }
        (Type::List(_), Value::Array(items)) if items.iter().all(Value::is_string) => items.iter().map(text).collect(),
        (_, value) => vec![text(value)],
    };
    texts.iter().map(|text| format!("--{flag}={text}")).collect()
}
