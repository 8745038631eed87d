//! The entry of an operation.

use super::properties;
use crate::Spec;
use crate::names::{Namer, is_keyword, is_pascal};
use crate::upstream::{Operation, kind, member};
use crate::yaml::quoted;
use heck::ToTitleCase as _;
use serde_json::Value;
use std::collections::BTreeSet;

/// The names that are taken.
pub(super) struct Names {
    types: BTreeSet<String>,
    /// Category, and what is taken in it.
    calls: BTreeSet<(String, String)>,
    titles: BTreeSet<(String, String)>,
}

impl Names {
    pub(super) fn of(spec: &Spec) -> Self {
        let actions = || {
            let categories = spec.api.categories.iter();
            categories.flat_map(|category| category.actions.iter().map(move |action| (category.module.clone(), action)))
        };
        let mut types: BTreeSet<String> = spec.api.types.iter().map(|def| def.name.to_lowercase()).collect();
        types.extend(actions().map(|(_, action)| action.name.to_lowercase()));
        types.extend(spec.api.categories.iter().map(|category| category.client.to_lowercase()));
        Self {
            types,
            calls: actions().map(|(module, action)| (module, action.call.clone())).collect(),
            titles: actions().map(|(module, action)| (module, action.title.clone())).collect(),
        }
    }
}

impl Names {
    /// Takes the name of the client of a new category; `false` where it is taken.
    pub(super) fn client(&mut self, name: &str) -> bool {
        self.types.insert(name.to_lowercase())
    }
}

/// Drafts an entry.
pub(super) fn entry(operation: &Operation, module: &str, namer: &Namer, names: &mut Names) -> String {
    let endpoint = operation.endpoint();
    let name = name(endpoint, namer, names);
    let call = call(&name, endpoint, module, namer, names);
    let mut title = name.to_title_case();
    while !names.titles.insert((module.to_owned(), title.clone())) {
        title.push_str(" (new)");
    }
    let read = properties::read(operation, namer);
    let role = if operation.role.is_empty() { "TODO" } else { &operation.role };
    let mut text = format!(
        "  {name}:\n    title: {}\n    method: {}\n    path: {}\n    call: {call}\n    kind: {}\n    role: {role}\n    \
         tenant: {}\n    summary: TODO\n",
        quoted(&title),
        operation.method,
        operation.path,
        kind_of(operation),
        read.tenant
    );
    if !read.lines.is_empty() {
        text.push_str("    properties:\n");
        text.push_str(&read.lines);
    }
    text.push_str(&format!(
        "    outputs: {}\n    source: openapi; Invoke-{endpoint}.ps1 is still to be read\n",
        outputs(operation)
    ));
    text
}

fn name(endpoint: &str, namer: &Namer, names: &mut Names) -> String {
    let short = endpoint.strip_prefix("Exec").filter(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()));
    let free = |candidate: &String| {
        is_pascal(candidate)
            && !crate::model::is_reserved_type(candidate)
            && !names.types.contains(&candidate.to_lowercase())
    };
    let candidates = [short.unwrap_or(endpoint), endpoint].map(|text| namer.type_name(text));
    let found = candidates.into_iter().find(&free).unwrap_or_else(|| {
        let plain: String = endpoint.chars().filter(char::is_ascii_alphanumeric).collect();
        let base = namer.type_name(&format!("Call{plain}"));
        // There are not so many actions that a number is never free.
        let numbered = (1..10_000).map(|number| if number == 1 { base.clone() } else { format!("{base}{number}") });
        numbered.into_iter().find(&free).unwrap_or(base)
    });
    names.types.insert(found.to_lowercase());
    found
}

fn call(name: &str, endpoint: &str, module: &str, namer: &Namer, names: &mut Names) -> String {
    let good = |call: &String| !call.is_empty() && !is_keyword(call) && !call.starts_with('_') && call != "of";
    let base =
        [name, endpoint].map(|text| namer.field(text)).into_iter().find(good).unwrap_or_else(|| "call_it".to_owned());
    let mut call = base.clone();
    let mut number = 2;
    while !names.calls.insert((module.to_owned(), call.clone())) {
        call = format!("{base}_{number}");
        number += 1;
    }
    call
}

/// What it does to the world, as far as its name and permission say; else a person decides.
fn kind_of(operation: &Operation) -> &'static str {
    let starts = |words: &[&str]| words.iter().any(|word| operation.endpoint().starts_with(word));
    let reads =
        operation.role.ends_with(".Read") || operation.method == "GET" && !operation.role.ends_with(".ReadWrite");
    if reads {
        "read"
    } else if starts(&["Remove", "Delete"]) {
        "destructive"
    } else if starts(&["Add", "Edit", "Set", "Patch", "Create"]) {
        "write"
    } else {
        "TODO"
    }
}

fn outputs(operation: &Operation) -> &'static str {
    let Some(answer) = &operation.answer else {
        return if operation.role.ends_with(".Read") { "value" } else { "results" };
    };
    if kind(answer) == "array" {
        return "{ list: any }";
    }
    match (member(answer, Some("Results")), member(answer, Some("Metadata"))) {
        (Some(_), Some(_)) => "{ list: any, envelope: Results }",
        (Some(rows), None) if kind(rows) == "array" && operation.role.ends_with(".Read") => {
            "{ list: any, envelope: Results }"
        }
        (Some(_), None) if answer.get("properties").and_then(Value::as_object).is_some_and(|all| all.len() == 1) => {
            "results"
        }
        _ => "value",
    }
}
