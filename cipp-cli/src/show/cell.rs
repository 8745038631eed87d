//! A value in one cell, safe to show.

use serde_json::Value;
use std::fmt::Write as _;

/// A text without what would move a terminal's cursor or turn the direction of writing: tenants choose their users' names.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}') =>
            {
                // Writing to a String cannot fail.
                let _ = write!(out, "{}", c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

/// A value as the text of one cell. Choices show their label, lists their items.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => clean(text),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            items.iter().map(text).collect::<Vec<_>>().join(", ")
        }
        Value::Object(members) if members.contains_key("value") && members.contains_key("label") => {
            members.get("label").map(text).unwrap_or_default()
        }
        Value::Array(_) | Value::Object(_) => clean(&value.to_string()),
        value => value.to_string(),
    }
}

/// The value of a column, whose name may be a path with dots.
pub fn at<'v>(row: &'v Value, column: &str) -> Option<&'v Value> {
    if let Some(value) = member(row, column) {
        return Some(value);
    }
    column.split('.').try_fold(row, |value, part| match value {
        Value::Array(items) => part.parse::<usize>().ok().and_then(|index| items.get(index)),
        value => member(value, part),
    })
}

/// A member, by its name in any case, the exact one first.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let members = value.as_object()?;
    members
        .get(name)
        .or_else(|| members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}
