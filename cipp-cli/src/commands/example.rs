//! A line that can be typed as it stands: what an action needs, with values of the right form.

use crate::args::{flag_of, kebab};
use cipp_client::catalogue::{Action, Property, Type};
use serde_json::{Map, Value, json};

/// An id that is nobody's.
const ID: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

/// How deep an example of a structure goes, and how many members it shows.
const DEEP: usize = 2;
const MEMBERS: usize = 4;

/// The command with its required flags.
pub fn example(action: &Action) -> String {
    let mut line = format!("cipp {} {}", kebab(action.module), kebab(action.call));
    for property in action.properties.iter().filter(|property| property.required) {
        line.push_str(&format!(" --{}", flag_of(property)));
        if !matches!(property.ty, Type::Bool) {
            line.push_str(&format!(" {}", quoted(&text(property))));
        }
    }
    line
}

fn text(property: &Property) -> String {
    let ty = match property.ty {
        Type::List(item) if property.sample.is_empty() && is_text(*item) => *item,
        ty => ty,
    };
    match ty {
        Type::Tenant => "contoso.onmicrosoft.com".to_owned(),
        Type::Secret => "@secret.txt".to_owned(),
        _ if !property.sample.is_empty() => property.sample.to_owned(),
        ty => match value(&flag_of(property), ty, 0) {
            Value::String(text) => text,
            value => value.to_string(),
        },
    }
}

/// Whether one text of the command line is such a value.
fn is_text(ty: Type) -> bool {
    match ty {
        Type::Model(table) => table.schema().name == "LabelValue",
        Type::List(_) | Type::Map(_) | Type::Object | Type::Json => false,
        _ => true,
    }
}

fn value(name: &str, ty: Type, depth: usize) -> Value {
    match ty {
        Type::Bool => json!(true),
        Type::Int => json!(1),
        Type::Float => json!(0.5),
        Type::UnixTime => json!(1_800_000_000),
        Type::Day => json!("20270115"),
        Type::Timestamp => json!("2027-01-15T08:00:00Z"),
        Type::Tenant => json!("contoso.onmicrosoft.com"),
        Type::Choice([first, ..]) => json!(first),
        Type::List(_) | Type::Map(_) | Type::Object if depth > DEEP => Value::Null,
        Type::List(item) => json!([value(name, *item, depth)]),
        Type::Map(item) => json!({ "name": value(name, *item, depth + 1) }),
        Type::Object | Type::Json => json!({ "name": "value" }),
        Type::Model(table) if table.schema().name == "LabelValue" && depth == 0 => json!(named(name)),
        Type::Model(table) if table.schema().name == "LabelValue" => {
            json!({ "label": named(name), "value": named(name) })
        }
        Type::Model(table) => {
            let fields = table.schema().fields.iter().take(MEMBERS);
            let members = fields.map(|field| (field.name.to_owned(), value(field.name, field.ty, depth + 1)));
            Value::Object(members.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
        }
        _ => json!(named(name)),
    }
}

/// A text that looks like what the name says.
fn named(name: &str) -> &'static str {
    let name = kebab(name);
    let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    let holds = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if ends(&[
        "user-id",
        "userid",
        "users",
        "user",
        "username",
        "principal-name",
        "principalname",
        "mailbox",
        "owner",
        "owners",
        "upn",
    ]) || holds(&["mail"])
    {
        "jane@contoso.com"
    } else if ends(&["id", "ids", "guid", "group", "groups"]) {
        ID
    } else if holds(&["domain"]) {
        "contoso.com"
    } else if holds(&["url", "uri"]) {
        "https://example.com"
    } else if holds(&["name", "title"]) {
        "Example"
    } else {
        "example"
    }
}

/// In quotes that every shell reads, where it needs them.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@+=,".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
