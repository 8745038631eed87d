//! The properties of an entry.

use crate::names::{Namer, is_identifier};
use crate::upstream::{Operation, kind, member, word};
use crate::yaml::quoted;
use serde_json::Value;
use std::collections::BTreeSet;

/// What an operation reads, as lines of an entry.
pub(super) struct Read {
    /// The lines under `properties:`.
    pub(super) lines: String,
    /// How it treats tenants, as far as its properties say.
    pub(super) tenant: &'static str,
}

/// Something that is read: its name, schema, and where.
struct Found<'o> {
    name: &'o str,
    schema: &'o Value,
    query: Option<bool>,
    body: Option<bool>,
}

impl Found<'_> {
    fn required(&self) -> bool {
        self.query == Some(true) || self.body == Some(true)
    }

    /// Where it is sent, where that is not the place that the method suggests. Of two places one suffices, if not both are required.
    fn place(&self, is_get: bool) -> Option<&'static str> {
        match (self.query, self.body) {
            (Some(true), Some(_)) if !is_get => Some("[query, body]"),
            (Some(_), None) if !is_get => Some("query"),
            _ => None,
        }
    }
}

/// Drafts the properties of an operation.
pub(super) fn read(operation: &Operation, namer: &Namer) -> Read {
    let is_get = operation.method == "GET";
    let mut all: Vec<Found<'_>> = Vec::new();
    let body = operation.body.as_ref().filter(|_| !is_get).map(|body| &body.schema);
    for parameter in &operation.query {
        add(&mut all, &parameter.name, &parameter.schema, Some(parameter.required), None);
    }
    for (name, schema, required) in body.map(members).unwrap_or_default() {
        add(&mut all, name, schema, None, Some(required));
    }
    let mut read = Read { lines: String::new(), tenant: "none" };
    let mut taken = BTreeSet::new();
    // The tenant comes first, as in every entry.
    all.sort_by_key(|found| !is_tenant(found.name));
    for found in &all {
        let mut keys = Vec::new();
        if is_tenant(found.name) {
            read.tenant = tenant(found, &mut keys);
            taken.insert("tenant".to_owned());
        } else {
            keys.extend(ty(found.schema));
        }
        keys.extend(found.place(is_get).map(|place| format!("in: {place}")));
        if found.required() {
            keys.push("required: true".to_owned());
        }
        if is_tenant(found.name) {
            keys.push("rust: tenant".to_owned());
        } else {
            keys.extend(rust(found.name, namer, &mut taken));
            keys.extend(secret(found.name, found.schema));
        }
        line(&mut read.lines, 6, found.name, &keys, found.schema, namer);
    }
    if let Some(schema) = body.filter(|schema| kind(schema) == "array") {
        let keys = vec![format!("type: [{}]", list_item(schema)), "in: root".to_owned(), "required: true".to_owned()];
        line(&mut read.lines, 6, "entries", &keys, schema, namer);
    }
    read
}

/// Enters a property. The server does not tell names apart by case, so names that differ in nothing else are one.
fn add<'o>(all: &mut Vec<Found<'o>>, name: &'o str, schema: &'o Value, query: Option<bool>, body: Option<bool>) {
    match all.iter_mut().find(|known| known.name.eq_ignore_ascii_case(name)) {
        Some(known) => {
            known.query = known.query.or(query);
            if body.is_some() {
                known.body = known.body.or(body);
                // The body says more about types; a query is text.
                known.schema = schema;
                known.name = name;
            }
        }
        None => all.push(Found { name, schema, query, body }),
    }
}

/// The members of an object, with whether they are required.
fn members(schema: &Value) -> Vec<(&str, &Value, bool)> {
    let schema = match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([one]) if schema.get("properties").is_none() => one,
        _ => schema,
    };
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    // A name that no reader of YAML would take is nobody's property.
    let good = |name: &str| !name.is_empty() && name.len() <= 80 && !name.chars().any(char::is_control);
    members
        .filter(|(name, _)| good(name))
        .map(|(name, schema)| (name.as_str(), schema, required.contains(&name.as_str())))
        .collect()
}

fn is_tenant(name: &str) -> bool {
    name.eq_ignore_ascii_case("tenantFilter")
}

/// The keys of the tenant property, and the action's tenant mode.
fn tenant(found: &Found<'_>, keys: &mut Vec<String>) -> &'static str {
    match word(found.schema).as_str() {
        "[string]" | "[any]" => {
            keys.push("type: [Tenant]".to_owned());
            "many"
        }
        "[LabelValue]" | "[object]" => {
            keys.extend(["type: [Tenant]".to_owned(), "as: label_value".to_owned()]);
            "many"
        }
        "LabelValue" | "object" => {
            keys.extend(["type: Tenant".to_owned(), "as: label_value".to_owned()]);
            if found.required() { "single" } else { "optional" }
        }
        _ => {
            keys.push("type: Tenant".to_owned());
            if found.required() { "single" } else { "optional" }
        }
    }
}

/// The keys for the type of a property. Objects with known members get theirs as lines of their own.
fn ty(schema: &Value) -> Vec<String> {
    let ty = word(schema);
    if is_schedule(schema) {
        return vec!["type: Schedule".to_owned()];
    }
    let listed = values(if kind(schema) == "array" { member(schema, None).unwrap_or(schema) } else { schema });
    let mut keys = match ty.as_str() {
        "string" if listed.is_empty() => vec!["type: string".to_owned()],
        "string" => Vec::new(),
        // One list in another is nothing that the interface sends.
        word => vec![format!("type: {word}")],
    };
    if !listed.is_empty() && matches!(ty.as_str(), "string" | "[string]") {
        let values: Vec<String> = listed.iter().map(|value| quoted(value)).collect();
        keys.push(format!("values: [{}]", values.join(", ")));
    }
    keys
}

fn is_schedule(schema: &Value) -> bool {
    let names: Vec<String> = members(schema).iter().map(|(name, ..)| name.to_lowercase()).collect();
    names.len() == 2 && ["date", "enabled"].iter().all(|wanted| names.iter().any(|name| name == wanted))
}

/// The values that a schema lists, each once.
fn values(schema: &Value) -> Vec<&str> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let mut seen = BTreeSet::new();
    listed.filter(|value| !value.trim().is_empty() && seen.insert(*value)).collect()
}

fn list_item(schema: &Value) -> String {
    member(schema, None).map_or_else(|| "any".to_owned(), word)
}

/// A Rust name, where the rule gives none or one that is taken.
fn rust(name: &str, namer: &Namer, taken: &mut BTreeSet<String>) -> Option<String> {
    let plain = namer.field(name);
    let base = if plain.is_empty() || !is_identifier(&plain) { "property".to_owned() } else { plain.clone() };
    let mut found = base.clone();
    let mut number = 2;
    while !taken.insert(found.clone()) {
        found = format!("{base}_{number}");
        number += 1;
    }
    (found != plain).then(|| format!("rust: {found}"))
}

/// Whether it must not be shown, as far as its name says.
fn secret(name: &str, schema: &Value) -> Option<String> {
    let lower = name.to_lowercase();
    let said = ["password", "secret", "apikey", "accesstoken"].iter().any(|word| lower.contains(word));
    (said && word(schema) == "string" && values(schema).is_empty()).then(|| "secret: true".to_owned())
}

/// A property or field with its keys; its own fields stand under it.
fn line(text: &mut String, indent: usize, name: &str, keys: &[String], schema: &Value, namer: &Namer) {
    let margin = " ".repeat(indent);
    let name = quoted(name);
    let inner = if kind(schema) == "array" { member(schema, None).unwrap_or(schema) } else { schema };
    let of_type = |wanted: &str| keys.iter().any(|key| key == wanted);
    let fields = if of_type("type: object") || of_type("type: [object]") { members(inner) } else { Vec::new() };
    if fields.is_empty() {
        match keys {
            [only] if only.starts_with("type: ") => {
                let ty = only.trim_start_matches("type: ");
                text.push_str(&format!("{margin}{name}: {ty}\n"));
            }
            keys => text.push_str(&format!("{margin}{name}: {{ {} }}\n", keys.join(", "))),
        }
        return;
    }
    text.push_str(&format!("{margin}{name}:\n"));
    for key in keys {
        text.push_str(&format!("{margin}  {key}\n"));
    }
    text.push_str(&format!("{margin}  fields:\n"));
    let mut taken = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (name, schema, _) in fields.into_iter().filter(|(name, ..)| seen.insert(name.to_lowercase())) {
        let mut keys = ty(schema);
        keys.extend(rust(name, namer, &mut taken));
        keys.extend(secret(name, schema));
        line(text, indent + 4, name, &keys, schema, namer);
    }
}
