//! Requests, checked against the specification. The real server ignores what it does not know, which hides mistakes; a strict
//! server of ours names them.

use crate::answer::Answer;
use crate::call::value_text;
use crate::project::lookup;
use cipp_client::catalogue::{Action, Fixed, FixedValue, Form, Method, Place, Property, Type};
use cipp_client::model::Schema;
use serde_json::{Map, Value};

/// The action that a request was meant for, of all those at its endpoint: the one that knows most of what was sent.
pub(crate) fn pick(
    actions: &[&'static Action],
    method: &str,
    query: &[(String, String)],
    body: &Value,
    strict: bool,
) -> Option<&'static Action> {
    let of_method = |action: &&&'static Action| !strict || action.method.as_str() == method;
    let mut best: Option<(i64, &'static Action)> = None;
    for action in actions.iter().filter(of_method) {
        let score = score(action, method, query, body);
        if best.is_none_or(|(top, _)| score > top) {
            best = Some((score, action));
        }
    }
    best.map(|(_, action)| action)
}

fn score(action: &Action, method: &str, query: &[(String, String)], body: &Value) -> i64 {
    let empty = Map::new();
    let members = body.as_object().unwrap_or(&empty);
    let has = |property: &Property| {
        query.iter().any(|(name, _)| name.eq_ignore_ascii_case(property.name))
            || lookup(members, property.name).is_some()
            || property.place == Place::Root
    };
    let mut score = if action.method.as_str() == method { 100 } else { 0 };
    for property in action.properties {
        match (has(property), property.required) {
            (true, true) => score += 3,
            (true, false) => score += 2,
            (false, true) => score -= 5,
            (false, false) => {}
        }
        // Actions that share an endpoint often share the property that tells them apart, too: by its values.
        if let (Type::Choice(values), Some(sent)) = (property.ty, sent(property, query, members))
            && !values.iter().any(|value| value.eq_ignore_ascii_case(&sent))
        {
            score -= 4;
        }
    }
    // What an action always sends is what tells it from its neighbours.
    for fixed in action.fixed {
        score += if carries(fixed, query, members) { 20 } else { -20 };
    }
    let names = query.iter().map(|(name, _)| name).chain(members.keys());
    let known = |name: &&String| property_of(action, name).is_some() || fixed_of(action, name).is_some();
    score - i64::try_from(names.filter(|name| !known(name)).count()).unwrap_or(i64::MAX)
}

fn sent(property: &Property, query: &[(String, String)], members: &Map<String, Value>) -> Option<String> {
    let in_query =
        query.iter().find(|(name, _)| name.eq_ignore_ascii_case(property.name)).map(|(_, value)| value.clone());
    in_query.or_else(|| lookup(members, property.name).and_then(value_text))
}

/// What is wrong with a request; `None` when it may pass.
pub(crate) fn check(
    action: &Action,
    method: &str,
    query: &[(String, String)],
    body: &Value,
    strict: bool,
) -> Option<Answer> {
    let mut faults = Vec::new();
    if strict {
        if method != action.method.as_str() {
            faults.push(format!("{} is called with {}", action.name, action.method.as_str()));
        }
        check_query(action, query, &mut faults);
        check_body(action, method, body, &mut faults);
    }
    if !faults.is_empty() {
        return Some(Answer::failed(400, format!("cipp-mock, strict: {}", faults.join("; "))));
    }
    missing(action, query, body).map(|property| Answer::failed(400, format!("{} is required", property.name)))
}

/// The first required property that was not sent.
fn missing(action: &Action, query: &[(String, String)], body: &Value) -> Option<&'static Property> {
    let empty = Map::new();
    let members = body.as_object().unwrap_or(&empty);
    action.properties.iter().filter(|property| property.required).find(|property| {
        let in_query =
            query.iter().any(|(name, text)| name.eq_ignore_ascii_case(property.name) && !text.trim().is_empty());
        let in_body = match property.place {
            Place::Root => !body.is_null(),
            _ => lookup(members, property.name).is_some_and(|value| match value {
                Value::Null => false,
                Value::String(text) => !text.trim().is_empty(),
                _ => true,
            }),
        };
        !in_query && !in_body
    })
}

/// The property of this name; one that is spelt exactly so comes before one that differs in case.
fn property_of(action: &Action, name: &str) -> Option<&'static Property> {
    let exact = action.properties.iter().find(|property| property.name == name);
    exact.or_else(|| action.properties.iter().find(|property| property.name.eq_ignore_ascii_case(name)))
}

/// The value that the action always sends under this name.
fn fixed_of(action: &Action, name: &str) -> Option<&'static Fixed> {
    action.fixed.iter().find(|fixed| fixed.name.eq_ignore_ascii_case(name))
}

/// Whether the action is asked under this name for a page.
fn pages(action: &Action, name: &str) -> bool {
    action.paging.is_some_and(|paging| {
        let with = paging.with.iter().map(|fixed| fixed.name);
        with.chain([paging.next]).any(|known| known.eq_ignore_ascii_case(name))
    })
}

/// Whether a request carries a value that the action always sends.
fn carries(fixed: &Fixed, query: &[(String, String)], members: &Map<String, Value>) -> bool {
    let wanted = match fixed.value {
        FixedValue::Bool(value) => value.to_string(),
        FixedValue::Int(value) => value.to_string(),
        FixedValue::Text(text) => text.to_owned(),
    };
    let in_query = query.iter().find(|(name, _)| name.eq_ignore_ascii_case(fixed.name)).map(|(_, value)| value.clone());
    let sent = in_query.or_else(|| lookup(members, fixed.name).and_then(value_text));
    sent.is_some_and(|sent| sent.eq_ignore_ascii_case(&wanted))
}

fn check_query(action: &Action, query: &[(String, String)], faults: &mut Vec<String>) {
    for (index, (name, text)) in query.iter().enumerate() {
        if query.iter().take(index).any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            faults.push(format!("{name} stands twice in the query"));
        }
        let Some(property) = property_of(action, name) else {
            if fixed_of(action, name).is_none() && !pages(action, name) {
                faults.push(format!("{name} is no property of {}", action.name));
            }
            continue;
        };
        if !property.place.in_query() {
            faults.push(format!("{name} belongs into the body"));
        } else if let Some(wrong) = query_fault(property, text) {
            faults.push(format!("{name} in the query {wrong}"));
        }
    }
}

fn query_fault(property: &Property, text: &str) -> Option<&'static str> {
    let digits = |text: &str| {
        !text.is_empty() && text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit())
    };
    match property.ty {
        _ if text.is_empty() => Some("is empty, and the host drops it"),
        Type::Bool if text == "true" => None,
        Type::Bool if text == "false" && property.send_false => None,
        Type::Bool if text == "false" => Some("is \"false\", which counts as set: leave it out"),
        Type::Bool => Some("is neither \"true\" nor \"false\""),
        Type::Int | Type::UnixTime if !digits(text) => Some("is no whole number"),
        Type::Day if text.len() != 8 || !digits(text) => Some("is no day as yyyyMMdd"),
        _ => None,
    }
}

fn check_body(action: &Action, method: &str, body: &Value, faults: &mut Vec<String>) {
    let root = action.properties.iter().find(|property| property.place == Place::Root);
    let members = match (body, root) {
        (Value::Null, _) => return,
        (body, Some(root)) => {
            if let Some(wrong) = fits(&root.ty, Form::Plain, body, root.name) {
                faults.push(wrong);
            }
            return;
        }
        (Value::Object(members), None) => members,
        (_, None) => {
            faults.push("the body is no object".to_owned());
            return;
        }
    };
    if action.method == Method::Get && !members.is_empty() && method == "GET" {
        faults.push("a GET has no body".to_owned());
    }
    for (name, value) in members {
        let is_named_twice = |other: &&String| *other != name && other.eq_ignore_ascii_case(name);
        let specified = |name: &str| action.properties.iter().any(|property| property.name == name);
        if members.keys().find(is_named_twice).is_some_and(|other| !(specified(name) && specified(other))) {
            faults.push(format!(
                "{name} stands twice in the body, in different cases, which breaks the real server's reader"
            ));
        }
        let Some(property) = property_of(action, name) else {
            if fixed_of(action, name).is_none() && !pages(action, name) {
                faults.push(format!("{name} is no property of {}", action.name));
            }
            continue;
        };
        if property.name != name {
            faults.push(format!("{name} is spelt {}", property.name));
        }
        if !property.place.in_body() {
            faults.push(format!("{name} belongs into the query"));
        } else if let Some(wrong) = fits(&property.ty, property.form, value, name) {
            faults.push(wrong);
        }
    }
}

/// Why a value does not fit its type; `None` when it does. `path` says where it is.
fn fits(ty: &Type, form: Form, value: &Value, path: &str) -> Option<String> {
    let wants = |fine: bool, what: &str| (!fine).then(|| format!("{path} is not {what}"));
    match (form, ty) {
        (Form::JsonText, _) => {
            let json = value.as_str().is_some_and(|text| serde_json::from_str::<Value>(text).is_ok());
            wants(json, "JSON as text")
        }
        (Form::Csv | Form::Lines | Form::Text, _) => wants(value.is_string(), "a text"),
        (Form::LabelValue, Type::List(inner)) => match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .find_map(|(at, item)| fits(inner, Form::LabelValue, item, &format!("{path}[{at}]"))),
            _ => wants(false, "a list of {label, value}"),
        },
        (Form::LabelValue, _) => wants(is_choice(value), "{label, value}; a bare text is silently ignored"),
        (Form::Plain, Type::Text | Type::Tenant | Type::Day | Type::Timestamp | Type::Secret | Type::Choice(_)) => {
            wants(value.is_string(), "a text")
        }
        (Form::Plain, Type::Bool) => wants(value.is_boolean(), "true or false"),
        (Form::Plain, Type::Int | Type::UnixTime) => wants(value.is_i64(), "a whole number"),
        (Form::Plain, Type::Float) => wants(value.is_number(), "a number"),
        (Form::Plain, Type::Object) => wants(value.is_object(), "an object"),
        (Form::Plain, Type::List(inner)) => match value {
            Value::Array(items) => {
                items.iter().enumerate().find_map(|(at, item)| fits(inner, Form::Plain, item, &format!("{path}[{at}]")))
            }
            _ => wants(false, "a list"),
        },
        (Form::Plain, Type::Map(inner)) => match value {
            Value::Object(members) => {
                members.iter().find_map(|(name, value)| fits(inner, Form::Plain, value, &format!("{path}.{name}")))
            }
            _ => wants(false, "an object"),
        },
        (Form::Plain, Type::Model(table)) => model_fits(table.schema(), value, path),
        (Form::Plain, _) => None,
    }
}

fn model_fits(schema: &Schema, value: &Value, path: &str) -> Option<String> {
    if schema.name == "LabelValue" && !is_choice(value) {
        return Some(format!("{path} is not {{label, value}}; a bare text is silently ignored"));
    }
    let Value::Object(members) = value else { return Some(format!("{path} is not an object of type {}", schema.name)) };
    members.iter().find_map(|(name, value)| {
        let Some(field) = schema.fields.iter().find(|field| field.name == name) else {
            return Some(format!("{path}.{name} is no field of {}", schema.name));
        };
        fits(&field.ty, Form::Plain, value, &format!("{path}.{name}"))
    })
}

fn is_choice(value: &Value) -> bool {
    value.get("value").is_some_and(|value| !value.is_null()) && value.get("label").is_some()
}
