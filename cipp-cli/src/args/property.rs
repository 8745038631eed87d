//! From the text of a flag to the value of a property.

use crate::failure::Failure;
use cipp_client::catalogue::{Property, Type};
use serde_json::Value;
use std::io::Read as _;

/// The value that texts stand for: one text, or for a list one or more.
pub fn value_of(property: &Property, texts: &[String]) -> Result<Value, Failure> {
    match property.ty {
        Type::List(item) => {
            // One text may be the whole list as JSON.
            if let [text] = texts
                && text.trim_start().starts_with('[')
            {
                return json(property, text);
            }
            let items = texts.iter().map(|text| one(property, *item, text)).collect::<Result<Vec<_>, _>>()?;
            Ok(Value::Array(items))
        }
        ty => one(property, ty, texts.last().map(String::as_str).unwrap_or_default()),
    }
}

fn one(property: &Property, ty: Type, text: &str) -> Result<Value, Failure> {
    let wrong = |wanted: &str| {
        let shown = if property.secret { String::new() } else { format!(", not '{text}'") };
        Err(Failure::usage(format!("--{} takes {wanted}{shown}", super::flag_of(property))))
    };
    match ty {
        Type::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Ok(Value::Bool(true)),
            "false" | "no" | "off" | "0" => Ok(Value::Bool(false)),
            _ => wrong("true or false"),
        },
        Type::Int | Type::UnixTime => text.parse::<i64>().map(Value::from).or_else(|_| wrong("a whole number")),
        Type::Float => text.parse::<f64>().map(Value::from).or_else(|_| wrong("a number")),
        Type::Secret => secret(property, text),
        // Free JSON that is no JSON is a text.
        Type::Json => Ok(serde_json::from_str(&content(text)?).unwrap_or_else(|_| Value::from(text))),
        Type::Model(table) if table.schema().name == "LabelValue" && !text.trim_start().starts_with('{') => {
            Ok(Value::from(text))
        }
        Type::Object | Type::Map(_) | Type::Model(_) | Type::List(_) => json(property, text),
        _ => Ok(Value::from(content(text)?)),
    }
}

fn json(property: &Property, text: &str) -> Result<Value, Failure> {
    serde_json::from_str(&content(text)?).map_err(|error| {
        Failure::usage(format!("--{} takes JSON: {error}", super::flag_of(property)))
            .hint("put it into a file and write @FILE, or use --set PATH=VALUE")
    })
}

/// A text, or what is in a file (`@FILE`) or comes in (`@-`). `@@` begins a text with one `@`.
fn content(text: &str) -> Result<String, Failure> {
    match text.strip_prefix('@') {
        None => Ok(text.to_owned()),
        Some(rest) if rest.starts_with('@') => Ok(rest.to_owned()),
        Some("-") => {
            let mut all = String::new();
            std::io::stdin().read_to_string(&mut all)?;
            Ok(all)
        }
        // A mail address of which only the domain is given is a text too.
        Some(path) => std::fs::read_to_string(path).map_err(|error| {
            Failure::usage(format!("{path} cannot be read: {error}")).hint("write @@ for a text that begins with @")
        }),
    }
}

/// A secret comes from a file, standard input or the environment; on the command line others could read it.
fn secret(property: &Property, text: &str) -> Result<Value, Failure> {
    let value = match text.strip_prefix("env:") {
        Some(name) => std::env::var(name).map_err(|_| Failure::usage(format!("the variable {name} is not set")))?,
        None if text.starts_with('@') => content(text)?.trim_end_matches(['\r', '\n']).to_owned(),
        None => {
            let flag = super::flag_of(property);
            return Err(Failure::usage(format!(
                "--{flag} is a secret, and other people on this machine can read command lines"
            ))
            .hint(format!("write --{flag} @FILE, --{flag} @- for standard input, or --{flag} env:NAME")));
        }
    };
    Ok(Value::from(value))
}
