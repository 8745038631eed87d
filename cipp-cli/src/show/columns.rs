//! Which columns a table has.

use super::cell::at;
use serde_json::Value;

/// What people look for first.
const FIRST: [&str; 15] = [
    "Row",
    "Tenant",
    "state",
    "text",
    "displayName",
    "Name",
    "name",
    "title",
    "userPrincipalName",
    "UPN",
    "mail",
    "defaultDomainName",
    "status",
    "id",
    "customerId",
];

/// What is put in front of each row of many calls.
const FRONT: [&str; 4] = ["row", "tenant", "Row", "Tenant"];

/// The columns: those asked for; else the important ones, then those of the specification, then all others in the order in which
/// they come. Columns that are empty in every row are left out.
pub fn of(value: &Value, known: &[&'static str], asked: &[String]) -> Vec<String> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let rows: &[Value] = match value {
        Value::Array(rows) => rows,
        other => std::slice::from_ref(other),
    };
    let filled = |name: &str| rows.iter().any(|row| at(row, name).is_some_and(|value| !is_empty(value)));
    let mut columns: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if !columns.iter().any(|column| column == name) {
            columns.push(name.to_owned());
        }
    };
    let exact = |name: &str| rows.iter().any(|row| row.get(name).is_some_and(|value| !is_empty(value)));
    // What was put in front of the answers stays there.
    let first = rows.first().and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.as_str());
    first.take_while(|name| FRONT.contains(name)).filter(|name| filled(name)).for_each(&mut add);
    FIRST.into_iter().filter(|name| exact(name)).for_each(&mut add);
    known.iter().copied().filter(|name| filled(name)).for_each(&mut add);
    for row in rows {
        for (name, value) in row.as_object().into_iter().flatten() {
            if !is_empty(value) {
                add(name);
            }
        }
    }
    columns
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
