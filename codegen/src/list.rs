//! The actions as a list, for people and for programs.

use crate::document::{Fixed, Upstream};
use crate::model::{Action, Api, Body, Category, FixedProperty, Property, Shape, Ty};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A line for each action, by category.
#[must_use]
pub fn text(api: &Api) -> String {
    let mut text = String::new();
    for category in &api.categories {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} ({})", category.title, category.module);
        for action in &category.actions {
            let _ = writeln!(
                text,
                "  {:<42} {:<4} {:<42} {}.{}",
                action.title, action.method, action.path, category.module, action.call
            );
        }
    }
    text
}

/// An array with everything about each action.
#[must_use]
pub fn json(api: &Api) -> String {
    let actions: Vec<Value> = api
        .categories
        .iter()
        .flat_map(|category| category.actions.iter().map(move |action| one(api, category, action)))
        .collect();
    format!("{:#}\n", Value::Array(actions))
}

fn one(api: &Api, category: &Category, action: &Action) -> Value {
    let mut properties: Vec<Value> = action.properties.iter().map(|property| self::property(api, property)).collect();
    properties.extend(action.fixed.iter().map(fixed));
    json!({
        "category": category.title,
        "module": category.module,
        "action": action.name,
        "title": action.title,
        "call": action.call,
        "method": action.method,
        "path": action.path,
        "kind": action.kind,
        "role": action.role,
        "tenant": action.tenant,
        "completion": action.completion,
        "properties": properties,
        "outputs": outputs(api, &action.outputs.shape),
    })
}

fn property(api: &Api, property: &Property) -> Value {
    json!({
        "name": property.field.wire,
        "rust": property.field.rust,
        "in": property.place.word(),
        "type": ty(api, &property.field.ty),
        "required": property.required,
        "secret": property.secret,
    })
}

/// A property that is always sent has no name in Rust.
fn fixed(property: &FixedProperty) -> Value {
    let (value, ty) = match &property.value {
        Fixed::Bool(value) => (json!(value), "bool"),
        Fixed::Int(value) => (json!(value), "int"),
        Fixed::Text(value) => (json!(value), "string"),
    };
    json!({
        "name": property.wire,
        "rust": null,
        "in": property.place.word(),
        "type": ty,
        "required": true,
        "secret": false,
        "fixed": value,
    })
}

fn outputs(api: &Api, shape: &Shape) -> String {
    match shape {
        Shape::Results => "results".to_owned(),
        Shape::List(inner) => format!("list of {}", ty(api, inner)),
        Shape::Object(inner) => ty(api, inner),
        Shape::Value => "value".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Bytes => "bytes".to_owned(),
        Shape::Redirect => "redirect".to_owned(),
    }
}

/// A type in the words of the specification.
#[must_use]
pub fn ty(api: &Api, of: &Ty) -> String {
    match of {
        Ty::Text | Ty::Secret => "string".to_owned(),
        Ty::Bool => "bool".to_owned(),
        Ty::Int => "int".to_owned(),
        Ty::Float => "float".to_owned(),
        Ty::Json => "any".to_owned(),
        Ty::Object => "object".to_owned(),
        Ty::LabelValue => "LabelValue".to_owned(),
        Ty::Schedule => "Schedule".to_owned(),
        Ty::SingleTenant => "SingleTenant".to_owned(),
        Ty::Tenant => "Tenant".to_owned(),
        Ty::UnixTime => "UnixTime".to_owned(),
        Ty::Day => "Day".to_owned(),
        Ty::Timestamp => "Timestamp".to_owned(),
        Ty::List(inner) => format!("[{}]", ty(api, inner)),
        Ty::Map(inner) => format!("{{map: {}}}", ty(api, inner)),
        Ty::Named(id) => api.types.get(*id).map_or_else(|| "any".to_owned(), |def| def.name.clone()),
    }
}

impl Api {
    /// What a type is on the wire, in the words that descriptions of APIs have too: types of ours are `string` or `object` there.
    #[must_use]
    pub fn wire_word(&self, of: &Ty) -> String {
        let word = match of {
            Ty::Text | Ty::Secret | Ty::Timestamp | Ty::Day | Ty::Tenant | Ty::SingleTenant => "string",
            Ty::Bool => "bool",
            Ty::Int | Ty::UnixTime => "int",
            Ty::Float => "float",
            Ty::Json => "any",
            Ty::LabelValue => "LabelValue",
            Ty::Object | Ty::Map(_) | Ty::Schedule => "object",
            Ty::List(inner) => return format!("[{}]", self.wire_word(inner)),
            Ty::Named(id) => match self.types.get(*id).map(|def| &def.body) {
                Some(Body::Choice(_)) => "string",
                Some(Body::Struct(_)) => "object",
                None => "any",
            },
        };
        word.to_owned()
    }
}

/// How much there is, in a line.
#[must_use]
pub fn summary(api: &Api) -> String {
    let actions: usize = api.categories.iter().map(|category| category.actions.len()).sum();
    let properties: usize =
        api.categories.iter().flat_map(|category| &category.actions).map(|action| action.properties.len()).sum();
    let types = api.types.iter().filter(|def| def.needed).count();
    format!(
        "{actions} actions in {} categories, {properties} properties, {types} types: nothing wrong\n",
        api.categories.len()
    )
}

/// A line for each action whose endpoint the official description does not have: newer than it, or misspelled.
#[must_use]
pub fn beyond_upstream(api: &Api, upstream: &[Upstream]) -> String {
    let known =
        |action: &&Action| upstream.iter().any(|operation| action.path.rsplit('/').next() == Some(&operation.endpoint));
    let mut text = String::new();
    if upstream.is_empty() {
        return text;
    }
    for action in api.categories.iter().flat_map(|category| &category.actions).filter(|action| !known(action)) {
        let _ = writeln!(text, "not in the official description: {} ({})", action.name, action.path);
    }
    text
}

/// Which properties have no documentation, and how many properties and fields have one.
#[must_use]
pub fn docs(api: &Api) -> String {
    let mut text = String::new();
    let (mut with, mut all) = (0, 0);
    for action in api.categories.iter().flat_map(|category| &category.actions) {
        for property in &action.properties {
            all += 1;
            if property.field.doc.is_empty() {
                let _ = writeln!(text, "no doc: {}.{}", action.name, property.field.wire);
            } else {
                with += 1;
            }
        }
    }
    let _ = writeln!(text, "{with} of {all} properties have a doc");
    let fields = api.types.iter().filter(|def| def.needed).filter_map(|def| match &def.body {
        Body::Struct(body) => Some(&body.fields),
        Body::Choice(_) => None,
    });
    let (with, all) =
        fields.flatten().fold((0, 0), |(with, all), field| (with + usize::from(!field.doc.is_empty()), all + 1));
    let _ = writeln!(text, "{with} of {all} fields of types have a doc");
    text
}

/// The categories for which the Cargo.toml beside the specification has no feature. None where there is no such file.
#[must_use]
pub fn features_missing(api: &Api, dir: &Path) -> Vec<String> {
    let manifest = dir.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent });
    let Some(text) = manifest.and_then(|parent| fs::read_to_string(parent.join("Cargo.toml")).ok()) else {
        return Vec::new();
    };
    if !text.lines().any(|line| line.trim() == "[features]") {
        return Vec::new();
    }
    let has = |module: &str| {
        text.lines().any(|line| line.strip_prefix(module).is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    api.categories.iter().map(|category| category.module.clone()).filter(|module| !has(module)).collect()
}
