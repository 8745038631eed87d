//! Requests as they go over the wire, out of the model. The rules are those of the client's own encoder.

use super::sample::{Dice, Sampler};
use crate::document::Fixed;
use crate::model::{Action, Api, Body, FixedProperty, Form, Place, Property, Ty};
use crate::upstream::{Operation, member};
use serde_json::{Value, json};

/// Which of its properties a request has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Choice {
    /// All of them, with this one of the known values of each text.
    All(usize),
    /// Those that are required.
    Required,
    /// The required ones, and others by chance.
    Some(u64),
    /// All of them, and what asks for the next page.
    NextPage,
}

/// How many requests are made by chance.
const BY_CHANCE: u64 = 12;

impl Choice {
    /// The requests to look at.
    pub(super) fn all(api: &Api, action: &Action) -> Vec<Self> {
        let longest = action.properties.iter().map(|property| values(api, &property.field.ty, 0)).max().unwrap_or(0);
        let mut all: Vec<Self> = (0..longest.max(1)).map(Self::All).collect();
        all.push(Self::Required);
        all.extend((0..BY_CHANCE).map(Self::Some));
        if action.paging.is_some() {
            all.push(Self::NextPage);
        }
        all
    }
}

/// The largest number of known values of a text in a type.
fn values(api: &Api, ty: &Ty, depth: usize) -> usize {
    match ty {
        // Types may contain themselves through lists.
        _ if depth > 4 => 0,
        Ty::List(inner) | Ty::Map(inner) => values(api, inner, depth),
        Ty::Named(id) => match api.types.get(*id).map(|def| &def.body) {
            Some(Body::Choice(choice)) => choice.values.len(),
            Some(Body::Struct(body)) => {
                body.fields.iter().map(|field| values(api, &field.ty, depth + 1)).max().unwrap_or(0)
            }
            None => 0,
        },
        _ => 0,
    }
}

/// A request.
#[derive(Debug, Default)]
pub(super) struct Wire {
    /// What stands in the query, and in the body by name.
    pub(super) sent: Vec<Sent>,
    /// The whole body, where a property is that.
    pub(super) root: Option<Value>,
}

/// A value that is sent under a name.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) in_query: bool,
    pub(super) in_body: bool,
}

/// Builds a request.
pub(super) fn build(api: &Api, action: &Action, operation: &Operation, choice: Choice) -> Wire {
    let mut dice = Dice::of(&action.name, if let Choice::Some(number) = choice { number } else { 0 });
    let mut wire = Wire::default();
    for property in &action.properties {
        let wanted = match choice {
            Choice::All(_) | Choice::NextPage => true,
            Choice::Required => property.required,
            Choice::Some(_) => property.required || dice.throw(),
        };
        if wanted {
            let nested =
                matches!(choice, Choice::Some(_)).then(|| Dice::of(&property.field.wire, u64::from(dice.throw())));
            let value = if let Choice::All(value) = choice { value } else { 0 };
            let official = official(operation, property);
            let json = Sampler::new(api, value, nested).property(property, official);
            let json = formed(property.form, json);
            if property.place == Place::Root {
                wire.root = Some(json);
            } else {
                wire.sent.push(sent(&property.field.wire, property.place, json));
            }
        }
    }
    wire.sent.extend(action.fixed.iter().map(fixed));
    if let (Choice::NextPage, Some(paging)) = (choice, &action.paging) {
        wire.sent.push(sent(&paging.next, paging.place, json!("text")));
        wire.sent.extend(paging.with.iter().map(fixed));
    }
    wire
}

fn sent(name: &str, place: Place, value: Value) -> Sent {
    let (in_query, in_body) = match place {
        Place::Query => (true, false),
        Place::Body | Place::Root => (false, true),
        Place::QueryAndBody => (true, true),
    };
    Sent { name: name.to_owned(), value, in_query, in_body }
}

fn fixed(property: &FixedProperty) -> Sent {
    let value = match &property.value {
        Fixed::Bool(value) => json!(value),
        Fixed::Int(value) => json!(value),
        Fixed::Text(value) => json!(value),
    };
    sent(&property.wire, property.place, value)
}

/// The official schema of a property, wherever it stands.
fn official<'o>(operation: &'o Operation, property: &Property) -> Option<&'o Value> {
    let name = &property.field.wire;
    let body = operation.body.as_ref().map(|body| &body.schema);
    if property.place == Place::Root {
        return body;
    }
    let in_query = operation.query.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name));
    let in_query = in_query.map(|parameter| &parameter.schema);
    let in_body = body.and_then(|schema| member(schema, Some(name)));
    if matches!(property.place, Place::Query) { in_query.or(in_body) } else { in_body.or(in_query) }
}

/// Gives a value the form in which the server reads it.
fn formed(form: Form, json: Value) -> Value {
    match (form, json) {
        (Form::Plain, json) => json,
        (Form::LabelValue, Value::Array(items)) => {
            Value::Array(items.into_iter().map(|item| formed(Form::LabelValue, item)).collect())
        }
        (Form::LabelValue, json @ Value::Object(_)) => json,
        (Form::LabelValue, json) => json!({ "label": json, "value": json }),
        (Form::JsonText, json) => Value::String(json.to_string()),
        (Form::Lines, Value::Array(items)) => Value::String(joined(&items, "\n")),
        (Form::Csv | Form::Lines | Form::Text, json) => Value::String(query_text(&json)),
    }
}

/// A value as the text of a query.
pub(super) fn query_text(json: &Value) -> String {
    match json {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => joined(items, ","),
        Value::Object(members) => match members.get("value") {
            Some(Value::String(value)) => value.clone(),
            _ => json.to_string(),
        },
        json => json.to_string(),
    }
}

fn joined(items: &[Value], separator: &str) -> String {
    items.iter().map(query_text).collect::<Vec<_>>().join(separator)
}
