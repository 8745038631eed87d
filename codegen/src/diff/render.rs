//! A comparison as Markdown, for people and reviews, and as JSON, for programs.

use super::{Changed, Diff, Renamed};
use crate::upstream::Property;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The comparison as Markdown. `old` and `new` name what was compared.
#[must_use]
pub fn markdown(diff: &Diff, old: &str, new: &str) -> String {
    let mut text = format!("# From {old} to {new}\n\n");
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{} operations became {}: {} added, {} removed ({} of them under another name), {} in both, of which {} have another \
         method and {} differ.",
        diff.counts.0,
        diff.counts.1,
        diff.added.len(),
        diff.removed.len(),
        diff.renamed.len(),
        diff.shared,
        diff.methods(),
        diff.changed.len()
    );
    section(
        &mut text,
        "Added",
        diff.added.iter().map(|added| format!("`{}` {} {}", added.endpoint, added.method, added.role)),
    );
    section(&mut text, "Removed", diff.removed.iter().map(|(endpoint, method)| format!("`{endpoint}` {method}")));
    section(&mut text, "Renamed", diff.renamed.iter().map(renamed));
    let methods = diff.changed.iter().filter_map(|changed| Some((&changed.endpoint, changed.method.as_ref()?)));
    section(&mut text, "Another method", methods.map(|(endpoint, (from, to))| format!("`{endpoint}`: {from} → {to}")));
    let roles = diff.changed.iter().filter_map(|changed| Some((&changed.endpoint, changed.role.as_ref()?)));
    section(
        &mut text,
        "Another permission",
        roles.map(|(endpoint, (from, to))| format!("`{endpoint}`: {from} → {to}")),
    );
    let properties: Vec<(&str, Vec<String>)> = diff
        .changed
        .iter()
        .map(|changed| (changed.endpoint.as_str(), lines(changed)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    if !properties.is_empty() {
        text.push_str("\n## Properties\n");
    }
    for (endpoint, lines) in properties {
        let _ = writeln!(text, "\n### {endpoint}\n");
        for line in lines {
            let _ = writeln!(text, "- {line}");
        }
    }
    text
}

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n## {title} ({})\n", lines.len());
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
}

fn renamed(renamed: &Renamed) -> String {
    let how = if renamed.case { "only capitals differ" } else { "by likeness: look at both" };
    format!("`{}` → `{}` ({how})", renamed.from, renamed.to)
}

fn lines(changed: &Changed) -> Vec<String> {
    let place = |in_query: bool| if in_query { "query" } else { "body" };
    let property = |property: &Property| {
        let required = if property.required { ", required" } else { "" };
        format!("`{}` ({}, {}{required})", property.path, place(property.in_query), property.ty)
    };
    let mut lines: Vec<String> = Vec::new();
    lines.extend(changed.added.iter().map(|added| format!("added: {}", property(added))));
    lines.extend(changed.removed.iter().map(|removed| format!("removed: {}", property(removed))));
    lines.extend(
        changed.renamed.iter().map(|(in_query, one)| format!("renamed: {} in the {}", renamed(one), place(*in_query))),
    );
    lines.extend(
        changed.moved.iter().map(|(path, to)| format!("moved: `{path}` from the {} to the {}", place(!to), place(*to))),
    );
    lines.extend(
        changed
            .types
            .iter()
            .map(|(in_query, path, from, to)| format!("type: `{path}` ({}) `{from}` → `{to}`", place(*in_query))),
    );
    lines.extend(changed.required.iter().map(|(in_query, path, now)| {
        let now = if *now { "now required" } else { "no longer required" };
        format!("{now}: `{path}` ({})", place(*in_query))
    }));
    lines.extend(changed.open.iter().map(|(_, now)| {
        if *now { "the body now takes members that are not listed" } else { "the body takes listed members only" }
            .to_owned()
    }));
    lines
}

/// The comparison as one JSON object.
#[must_use]
pub fn json(diff: &Diff, old: &str, new: &str) -> String {
    let added: Vec<Value> = diff
        .added
        .iter()
        .map(|added| json!({ "endpoint": added.endpoint, "method": added.method, "role": added.role }))
        .collect();
    let removed: Vec<Value> =
        diff.removed.iter().map(|(endpoint, method)| json!({ "endpoint": endpoint, "method": method })).collect();
    let renamed: Vec<Value> = diff.renamed.iter().map(renamed_json).collect();
    let changed: Vec<Value> = diff.changed.iter().map(changed_json).collect();
    let whole = json!({
        "old": { "name": old, "operations": diff.counts.0 },
        "new": { "name": new, "operations": diff.counts.1 },
        "shared": diff.shared,
        "method_changes": diff.methods(),
        "added": added,
        "removed": removed,
        "renamed": renamed,
        "changed": changed,
    });
    format!("{whole:#}\n")
}

fn renamed_json(renamed: &Renamed) -> Value {
    json!({ "from": renamed.from, "to": renamed.to, "case": renamed.case })
}

fn changed_json(changed: &Changed) -> Value {
    let place = |in_query: bool| if in_query { "query" } else { "body" };
    let property = |property: &Property| {
        json!({
            "in": place(property.in_query),
            "name": property.path,
            "type": property.ty,
            "required": property.required,
        })
    };
    let from_to = |change: &Option<(String, String)>| {
        change.as_ref().map_or(Value::Null, |(from, to)| json!({ "from": from, "to": to }))
    };
    let renamed: Vec<Value> = changed
        .renamed
        .iter()
        .map(|(in_query, renamed)| {
            json!({ "in": place(*in_query), "from": renamed.from, "to": renamed.to, "case": renamed.case })
        })
        .collect();
    json!({
        "endpoint": changed.endpoint,
        "method": from_to(&changed.method),
        "role": from_to(&changed.role),
        "open": changed.open.map(|(_, now)| now),
        "added": changed.added.iter().map(property).collect::<Vec<_>>(),
        "removed": changed.removed.iter().map(property).collect::<Vec<_>>(),
        "renamed": renamed,
        "moved": changed.moved.iter()
            .map(|(name, to)| json!({ "name": name, "from": place(!to), "to": place(*to) })).collect::<Vec<_>>(),
        "types": changed.types.iter()
            .map(|(at, name, from, to)| json!({ "in": place(*at), "name": name, "from": from, "to": to })).collect::<Vec<_>>(),
        "required": changed.required.iter()
            .map(|(at, name, now)| json!({ "in": place(*at), "name": name, "required": now })).collect::<Vec<_>>(),
    })
}
