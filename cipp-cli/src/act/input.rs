//! The values of a request: from `--body`, then `--set`, then the flags; later ones win.

use crate::args::{flag_of, value_of};
use crate::failure::Failure;
use cipp_client::ActionRequest;
use cipp_client::catalogue::{Action, Property, Type};
use clap::ArgMatches;
use clap::parser::ValueSource;
use serde_json::{Map, Value};
use std::io::Read as _;

/// The request that the words describe. Every value is checked against the specification; what is required may still be missing.
pub fn request(action: &'static Action, matches: &ArgMatches) -> Result<ActionRequest, Failure> {
    Ok(ActionRequest::new(action).with_all(values(action, matches)?)?)
}

/// The values that the words give, by name.
pub fn values(action: &'static Action, matches: &ArgMatches) -> Result<Map<String, Value>, Failure> {
    let mut values = match matches.get_one::<String>("body") {
        Some(body) => object(body)?,
        None => Map::new(),
    };
    for assignment in matches.get_many::<String>("set").into_iter().flatten() {
        assign(&mut values, action, assignment)?;
    }
    for property in action.properties {
        let id = format!("property:{}", property.rust);
        if matches.value_source(&id) == Some(ValueSource::CommandLine) {
            let texts: Vec<String> = matches.get_many::<String>(&id).into_iter().flatten().cloned().collect();
            values.retain(|name, _| !names(property, name));
            values.insert(property.name.to_owned(), value_of(property, &texts)?);
        }
    }
    if let Some(property) = action.properties.iter().find(|property| matches!(property.ty, Type::Tenant))
        && !values.keys().any(|name| names(property, name))
        && let Some(tenant) = crate::session::default_tenant()
    {
        values.insert(property.name.to_owned(), Value::from(tenant));
    }
    Ok(values)
}

/// An error that names the flags of what is missing.
pub fn check_complete(request: &ActionRequest) -> Result<(), Failure> {
    let missing: Vec<String> = request.missing().map(|property| format!("--{}", flag_of(property))).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(format!("{} needs {}", request.action().title, missing.join(", "))).hint(format!(
        "cipp {} {} --help explains each, --skeleton prints a template",
        crate::args::kebab(request.action().module),
        crate::args::kebab(request.action().call)
    )))
}

/// Whether a property is called that.
pub fn names(property: &Property, name: &str) -> bool {
    property.name.eq_ignore_ascii_case(name) || property.rust == name
}

/// The object in a text, a file or standard input; JSON, or YAML.
fn object(body: &str) -> Result<Map<String, Value>, Failure> {
    let text = match body.strip_prefix('@') {
        Some("-") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        }
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("the body in {path} cannot be read: {error}")))?,
        None => body.to_owned(),
    };
    let value: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        // The error of the YAML reader names the line, for JSON too.
        Err(_) => serde_yaml::from_str(&text)
            .map_err(|error| Failure::usage(format!("the body is neither JSON nor YAML: {error}")))?,
    };
    match value {
        Value::Object(members) => Ok(members),
        Value::Null => Ok(Map::new()),
        _ => Err(Failure::usage("the body is no object: its members are the properties of the action")),
    }
}

/// Sets what a path names: members by name, items of lists by number.
fn assign(values: &mut Map<String, Value>, action: &Action, assignment: &str) -> Result<(), Failure> {
    let Some((path, text)) = assignment.split_once('=') else {
        return Err(Failure::usage(format!("--set {assignment}: write PATH=VALUE, such as user.0.label=Jane")));
    };
    let mut parts = path.split('.');
    let first = parts.next().unwrap_or_default();
    let property = action.properties.iter().find(|property| names(property, first)).ok_or_else(|| {
        let known: Vec<&str> = action.properties.iter().map(|property| property.name).collect();
        Failure::usage(format!("--set {path}: there is no property {first}; there are {}", known.join(", ")))
    })?;
    let rest: Vec<&str> = parts.collect();
    if rest.is_empty() {
        values.insert(property.name.to_owned(), value_of(property, &[text.to_owned()])?);
        return Ok(());
    }
    // Inside a property, what reads as JSON is JSON, and all else a text.
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let mut place = values.entry(property.name.to_owned()).or_insert(Value::Null);
    for part in rest {
        place = match part.parse::<usize>() {
            Ok(index) => {
                if !place.is_array() {
                    *place = Value::Array(Vec::new());
                }
                let Value::Array(items) = place else {
                    return Err(Failure::usage(format!("--set {path} cannot be set")));
                };
                if index > items.len() {
                    return Err(Failure::usage(format!("--set {path}: item {index} comes after item {}", items.len())));
                }
                if index == items.len() {
                    items.push(Value::Null);
                }
                match items.get_mut(index) {
                    Some(item) => item,
                    None => return Err(Failure::usage(format!("--set {path} cannot be set"))),
                }
            }
            Err(_) => {
                if !place.is_object() {
                    *place = Value::Object(Map::new());
                }
                let Value::Object(members) = place else {
                    return Err(Failure::usage(format!("--set {path} cannot be set")));
                };
                members.entry(part.to_owned()).or_insert(Value::Null)
            }
        };
    }
    *place = value;
    Ok(())
}
