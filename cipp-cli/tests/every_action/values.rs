//! Values for the properties of an action, and the words that give them.

use cipp_client::catalogue::{Property, Type};
use serde_json::{Value, json};

/// What secrets are in these tests; it must not be seen anywhere.
pub const CANARY: &str = "Canary-7c1f9e";
/// The variable that holds it.
pub const SECRET_VARIABLE: &str = "CIPP_TEST_SECRET";

/// A value of a type; texts hold what shells and spreadsheets stumble over.
pub fn sample(ty: Type, name: &str) -> Value {
    match ty {
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
        Type::List(inner) => json!([sample(*inner, name), sample(*inner, &format!("{name} again"))]),
        Type::Map(inner) => json!({ "key": sample(*inner, name) }),
        Type::Model(schema) if schema().name == "LabelValue" => {
            json!({ "label": format!("label of {name}"), "value": name })
        }
        Type::Model(schema) => {
            schema().fields.iter().map(|field| (field.name.to_owned(), sample(field.ty, field.name))).collect()
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
