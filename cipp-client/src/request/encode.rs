//! From the values of a request to [`Parts`], by the table of its action. Written once, for every action.

use super::{Given, Parts, Payload};
use crate::Error;
use crate::catalogue::{Action, Fixed, FixedValue, Form, Place, Property, TenantMode, Type};
use crate::model::{Extra, Ref};
use crate::values::{Secret, SingleTenant};
use serde_json::{Map, Value};

/// Encodes what was given for an action.
///
/// # Errors
/// When a required property is missing or empty, when one tenant was asked for and all of them were given, or when a value
/// cannot be written as JSON.
pub(super) fn encode(given: &Given, extra: &Extra, action: &'static Action) -> Result<Parts, Error> {
    let mut writer = Writer { action, query: Vec::new(), body: Map::new(), root: None, secrets: Vec::new() };
    for (index, property) in action.properties.iter().enumerate() {
        writer.property(property, given.get(index))?;
    }
    for fixed in action.fixed {
        writer.fixed(fixed);
    }
    for (name, value) in extra.iter() {
        match action.method {
            crate::catalogue::Method::Get => writer.query.push((name.clone(), query_text(value))),
            crate::catalogue::Method::Post => {
                writer.body.insert(name.clone(), value.clone());
            }
        }
    }
    Ok(writer.finish())
}

struct Writer {
    action: &'static Action,
    query: Vec<(String, String)>,
    body: Map<String, Value>,
    root: Option<Value>,
    secrets: Vec<Secret>,
}

impl Writer {
    fn property(&mut self, property: &'static Property, value: Ref<'_>) -> Result<(), Error> {
        if is_missing(value) {
            if property.required {
                return Err(Error::config(self.action.name, format!("{} is required", property.rust)));
            }
            if matches!(value, Ref::Absent) {
                return Ok(());
            }
        }
        self.check_tenant(property, value)?;
        let mut json = self.json(value)?;
        json = formed(property.form, json, value);
        if property.place.in_query() {
            let flag_off = json == Value::Bool(false) && !property.send_false;
            // The server drops empty values, and reads "false" as true in places.
            if !flag_off {
                let text = query_text(&json);
                if !text.is_empty() {
                    self.query.push((property.name.to_owned(), text));
                }
            }
        }
        if property.place.in_body() {
            self.body.insert(property.name.to_owned(), json);
        } else if property.place == Place::Root {
            self.root = Some(json);
        }
        Ok(())
    }

    fn fixed(&mut self, fixed: &'static Fixed) {
        let json = match fixed.value {
            FixedValue::Bool(value) => Value::Bool(value),
            FixedValue::Int(value) => Value::from(value),
            FixedValue::Text(text) => Value::from(text),
        };
        if fixed.place.in_query() {
            self.query.push((fixed.name.to_owned(), query_text(&json)));
        }
        if fixed.place.in_body() {
            self.body.insert(fixed.name.to_owned(), json);
        }
    }

    /// All tenants, written as a text, would slip past the types.
    fn check_tenant(&self, property: &Property, value: Ref<'_>) -> Result<(), Error> {
        let one = matches!(self.action.tenant, TenantMode::Single) && matches!(property.ty, Type::Tenant);
        match value {
            Ref::Labelled(name, _) if one && SingleTenant::is_all(name) => {
                Err(Error::config(self.action.name, "this action works on one tenant, not on AllTenants".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// The value as JSON; secrets are noted.
    fn json(&mut self, value: Ref<'_>) -> Result<Value, Error> {
        self.note_secrets(value);
        serde_json::to_value(value)
            .map_err(|error| Error::config(self.action.name, format!("a value cannot be written as JSON: {error}")))
    }

    fn note_secrets(&mut self, value: Ref<'_>) {
        match value {
            Ref::Secret(text) if !text.is_empty() => self.secrets.push(Secret::new(text)),
            Ref::Model(model) => {
                for index in 0..model.schema().fields.len() {
                    self.note_secrets(model.get(index));
                }
            }
            Ref::List(list) => {
                for index in 0..list.size() {
                    self.note_secrets(list.item(index));
                }
            }
            Ref::Map(members) => members.each(&mut |_, value| self.note_secrets(value)),
            _ => {}
        }
    }

    fn finish(self) -> Parts {
        let body = match (self.root, self.body) {
            (None, members) => Value::Object(members),
            // A body that is an object can carry further members; any other body is what it is.
            (Some(Value::Object(mut root)), members) => {
                root.extend(members);
                Value::Object(root)
            }
            (Some(root), _) => root,
        };
        let payload = match self.action.method {
            crate::catalogue::Method::Get => None,
            crate::catalogue::Method::Post => Some(Payload::Json(body)),
        };
        Parts {
            action: Some(self.action),
            operation: self.action.name.to_owned(),
            method: self.action.method,
            path: self.action.path.to_owned(),
            kind: self.action.kind,
            query: self.query,
            payload,
            secrets: self.secrets,
            paging: None,
            ticket: None,
        }
    }
}

/// Whether a value says nothing: a required property cannot be that.
fn is_missing(value: Ref<'_>) -> bool {
    match value {
        Ref::Absent => true,
        Ref::Text(text) | Ref::Secret(text) | Ref::Labelled(text, _) => text.trim().is_empty(),
        Ref::List(list) => list.size() == 0,
        _ => false,
    }
}

/// Gives a value the form in which the server reads it.
fn formed(form: Form, json: Value, value: Ref<'_>) -> Value {
    match (form, json) {
        (Form::Plain, json) => json,
        (Form::LabelValue, json) => labelled(json, value),
        (Form::JsonText, json) => Value::String(json.to_string()),
        (Form::Csv, json) => Value::String(query_text(&json)),
        (Form::Lines, Value::Array(items)) => Value::String(join(&items, "\n")),
        (Form::Lines | Form::Text, json) => Value::String(query_text(&json)),
    }
}

/// A text as `{label, value}`, and a list of texts as a list of those.
fn labelled(json: Value, value: Ref<'_>) -> Value {
    match (json, value) {
        (Value::Array(items), Ref::List(list)) => {
            Value::Array(items.into_iter().enumerate().map(|(index, item)| labelled(item, list.item(index))).collect())
        }
        (json @ Value::Object(_), _) => json,
        (json, value) => {
            let label = match value {
                Ref::Labelled(_, label) if !label.is_empty() => Value::String(label.to_owned()),
                _ => json.clone(),
            };
            Value::Object(crate::json::object([("label", label), ("value", json)]))
        }
    }
}

/// A value as the text of a query. The Functions host joins repeated names with commas, so a list is one text with commas.
fn query_text(json: &Value) -> String {
    match json {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => join(items, ","),
        // Where a query takes a choice, it takes its value.
        Value::Object(members) if members.get("value").is_some_and(Value::is_string) => {
            members.get("value").and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        json => json.to_string(),
    }
}

fn join(items: &[Value], separator: &str) -> String {
    items.iter().map(query_text).collect::<Vec<_>>().join(separator)
}
