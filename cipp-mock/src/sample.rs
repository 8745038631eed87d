//! Made-up values: for what the world does not hold, and for actions without an effect of their own.

use crate::answer::Answer;
use crate::clock;
use crate::world::guid;
use cipp_client::catalogue::{Action, OutputShape, Type};
use serde_json::{Map, Value, json};

/// How deep made-up objects go; below it lists are empty and objects absent.
const DEPTH: u8 = 3;

/// A well-formed answer to an action, made from what the specification says about it.
pub(crate) fn answer(action: &Action) -> Answer {
    match action.outputs.shape {
        OutputShape::Results => Answer::done(format!("{} was done.", action.title)),
        OutputShape::List(ty) => Answer::rows((0..2).map(|_| value(&ty, action.name, 0)).collect()),
        OutputShape::Object(ty) => Answer::object(value(&ty, action.name, 0)),
        OutputShape::Value => Answer::json(200, json!({ "Results": [{ "name": "sample" }], "Metadata": {} })),
        OutputShape::Text => Answer::text(200, "sample"),
        OutputShape::Bytes => Answer::bytes("image/png", PICTURE.to_vec()),
        OutputShape::Redirect => Answer::redirect("https://contoso-admin.sharepoint.com"),
        _ => Answer::json(200, json!({})),
    }
}

/// The smallest PNG: one transparent dot.
pub(crate) const PICTURE: &[u8] =
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\
\x00\x00\x00\x0bIDATx\xdac`\x00\x02\x00\x00\x05\x00\x01\xe9\xfa\xdc\xd8\x00\x00\x00\x00IEND\xaeB`\x82";

/// A value of a type, plausible for a field of this name.
pub(crate) fn value(ty: &Type, name: &str, depth: u8) -> Value {
    match ty {
        Type::Text => Value::String(text(name)),
        // A sample is an answer that is there, not one that is waited for.
        Type::Bool => Value::Bool(!name.eq_ignore_ascii_case("waiting")),
        Type::Int => json!(7),
        Type::Float => json!(1.5),
        Type::Json => json!("sample"),
        Type::Object => json!({ "sample": true }),
        Type::Tenant => json!(crate::CONTOSO),
        Type::UnixTime => json!(clock::START),
        Type::Day => json!(clock::day(clock::START)),
        Type::Timestamp => json!(clock::iso(clock::START)),
        Type::Secret => json!("Mock-sample-secret"),
        Type::Choice(values) => json!(values.first().copied().unwrap_or("sample")),
        Type::List(_) if depth >= DEPTH => json!([]),
        Type::List(inner) => match value(inner, name, depth + 1) {
            Value::Null => json!([]),
            item => Value::Array(vec![item]),
        },
        Type::Map(_) if depth >= DEPTH => json!({}),
        Type::Map(inner) => json!({ "sample": value(inner, name, depth + 1) }),
        Type::Model(_) if depth >= DEPTH => Value::Null,
        Type::Model(table) => {
            let mut members = Map::new();
            for field in table.schema().fields {
                match value(&field.ty, field.name, depth + 1) {
                    Value::Object(rest) if field.takes_the_rest() => members.extend(rest),
                    value => drop(members.insert(field.name.to_owned(), value)),
                }
            }
            Value::Object(members)
        }
        _ => Value::Null,
    }
}

/// A text that looks like what the name promises.
fn text(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    if has(&["upn", "userprincipal", "email"]) || lower == "mail" || lower == "user" {
        "ada.lovelace@contoso.com".to_owned()
    } else if lower.ends_with("id") || has(&["guid"]) {
        guid("sample", lower.bytes().map(u64::from).sum())
    } else if has(&["date", "time"]) {
        clock::iso(clock::START)
    } else if has(&["url", "uri", "link"]) {
        "https://contoso.sharepoint.com/sites/sample".to_owned()
    } else if has(&["tenant", "domain"]) {
        crate::CONTOSO.to_owned()
    } else if has(&["phone", "number"]) {
        "+14255550100".to_owned()
    } else if lower.starts_with("ip") || lower.ends_with("ip") || has(&["ipaddress"]) {
        "203.0.113.7".to_owned()
    } else if has(&["name"]) {
        "Sample".to_owned()
    } else if has(&["json"]) {
        "{}".to_owned()
    } else {
        "sample".to_owned()
    }
}
