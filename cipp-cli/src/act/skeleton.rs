//! A commented template of an action's properties.

use crate::commands::type_of;
use cipp_client::catalogue::{Action, Type};
use cipp_client::model::Field;

/// YAML in which the required properties stand open, and the others are commented out.
pub fn skeleton(action: &Action) -> String {
    let mut out = format!("# {}: {}\n# {} {}\n", action.title, action.summary, action.method.as_str(), action.path);
    for property in action.properties {
        out.push('\n');
        let mut doc = property.doc.to_owned();
        if !property.default.is_empty() {
            doc.push_str(&format!(" Default: {}.", property.default));
        }
        if let Type::Choice(values) = property.ty
            && !values.is_empty()
        {
            doc.push_str(&format!(" Known: {}.", values.join(", ")));
        }
        let word = if property.required { "required" } else { "optional" };
        out.push_str(&format!("# {} ({}, {word}). {doc}\n", property.name, type_of(property.ty)));
        let mark = if property.required { "" } else { "# " };
        for line in example(property.name, property.ty, property.sample, 0, 0).lines() {
            out.push_str(&format!("{mark}{line}\n"));
        }
    }
    out
}

/// One member, as deep as the types are known, with an end for those that contain themselves.
fn example(name: &str, ty: Type, sample: &str, indent: usize, depth: usize) -> String {
    let pad = "  ".repeat(indent);
    let key = if name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        name.to_owned()
    } else {
        format!("{name:?}")
    };
    match ty {
        Type::Model(table) if table.schema().name == "LabelValue" => format!("{pad}{key}: \"\"\n"),
        Type::Model(table) if depth < 3 => {
            format!("{pad}{key}:\n{}", members(table.schema().fields, indent + 1, depth + 1))
        }
        Type::List(Type::Model(table)) if depth < 3 && table.schema().name != "LabelValue" => {
            let inner = members(table.schema().fields, indent + 2, depth + 1);
            let first = "  ".repeat(indent + 2);
            let inner =
                inner.strip_prefix(&first).map_or(inner.clone(), |rest| format!("{}- {rest}", "  ".repeat(indent + 1)));
            format!("{pad}{key}:\n{inner}")
        }
        Type::List(_) => format!("{pad}{key}: []\n"),
        Type::Bool => format!("{pad}{key}: false\n"),
        Type::Int | Type::UnixTime => {
            format!("{pad}{key}: {}\n", if sample.parse::<i64>().is_ok() { sample } else { "0" })
        }
        Type::Float => format!("{pad}{key}: 0.0\n"),
        Type::Object | Type::Map(_) | Type::Model(_) => format!("{pad}{key}: {{}}\n"),
        Type::Json => format!("{pad}{key}: null\n"),
        _ => format!("{pad}{key}: {:?}\n", sample),
    }
}

fn members(fields: &'static [Field], indent: usize, depth: usize) -> String {
    fields.iter().map(|field| example(field.name, field.ty, "", indent, depth)).collect()
}
