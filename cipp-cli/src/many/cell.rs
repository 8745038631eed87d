//! From the text of a cell to a value. A cell is data that somebody else may have written, so unlike a flag it never names a file.

use cipp_client::catalogue::Type;
use serde_json::{Map, Value};

/// What parts the items of a list in one cell.
const PARTS: char = ';';

/// The value that a text stands for, or what would be right.
pub fn value(ty: Type, text: &str) -> Result<Value, &'static str> {
    Ok(match ty {
        Type::Bool => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Value::Bool(true),
            "false" | "no" | "off" | "0" => Value::Bool(false),
            _ => return Err("true or false"),
        },
        Type::Int => number(text).ok_or("a whole number")?,
        Type::UnixTime => number(text).ok_or("a moment in seconds since 1970")?,
        Type::Float => match text.trim().parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
            Some(number) => Value::Number(number),
            None => return Err("a number"),
        },
        // Free JSON that is no JSON is a text.
        Type::Json => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        Type::List(_) if text.trim_start().starts_with('[') => json(text)?,
        Type::List(item) => {
            let parts = text.split(PARTS).map(str::trim).filter(|part| !part.is_empty());
            Value::Array(parts.map(|part| value(*item, part)).collect::<Result<_, _>>()?)
        }
        Type::Model(table) if table.schema().name == "LabelValue" && !text.trim_start().starts_with('{') => {
            Value::from(text)
        }
        Type::Object | Type::Map(_) | Type::Model(_) => json(text)?,
        _ => Value::from(text),
    })
}

fn number(text: &str) -> Option<Value> {
    text.trim().parse::<i64>().ok().map(Value::from)
}

fn json(text: &str) -> Result<Value, &'static str> {
    serde_json::from_str(text).map_err(|_| "JSON")
}

/// The type of what a path leads to inside a value, as far as it is known.
pub fn type_at(ty: Type, path: &[String]) -> Type {
    let Some((part, rest)) = path.split_first() else { return ty };
    match ty {
        Type::List(item) if part.parse::<usize>().is_ok() => type_at(*item, rest),
        Type::Map(member) => type_at(*member, rest),
        Type::Model(table) => {
            let fields = table.schema().fields;
            let field = fields
                .iter()
                .find(|field| field.name == part)
                .or_else(|| fields.iter().find(|field| field.name.eq_ignore_ascii_case(part)));
            field.map_or(Type::Json, |field| type_at(field.ty, rest))
        }
        _ => Type::Json,
    }
}

/// Puts a value at a path inside another: members by name, items of lists by number.
pub fn put(place: &mut Value, path: &[String], value: Value) -> Result<(), &'static str> {
    let Some((part, rest)) = path.split_first() else {
        *place = value;
        return Ok(());
    };
    if let Ok(index) = part.parse::<usize>() {
        if place.is_null() {
            *place = Value::Array(Vec::new());
        }
        let Value::Array(items) = place else { return Err("no list") };
        if index == items.len() {
            items.push(Value::Null);
        }
        let item = items.get_mut(index).ok_or("an item before which others are missing")?;
        return put(item, rest, value);
    }
    if place.is_null() {
        *place = Value::Object(Map::new());
    }
    let Value::Object(members) = place else { return Err("no object") };
    put(members.entry(part.clone()).or_insert(Value::Null), rest, value)
}
