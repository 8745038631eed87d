//! `cipp describe`: what the specification says of an action.

use super::compat::cmdlets_of;
use super::example::example;
use crate::args::{Named, flag_of, format_of, kebab, named, suggest};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::{self, Format, Select, Shown};
use cipp_client::catalogue::{self, Action, Kind, OutputShape, TenantMode, Type};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;

pub fn command() -> Command {
    Command::new("describe").about("Show what an action needs, does and answers").arg(
        Arg::new("action")
            .required(true)
            .action(ArgAction::Append)
            .value_name("ACTION")
            .help("Wire name, title, or category and verb"),
    )
}

pub fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let words: Vec<&str> = matches.get_many::<String>("action").into_iter().flatten().map(String::as_str).collect();
    let actions = find(&words)?;
    let format = format_of(matches)?.unwrap_or(Format::Table);
    if format == Format::Table {
        let text: Vec<String> = actions.iter().map(|action| text(action)).collect();
        std::io::stdout().lock().write_all(text.join("\n").as_bytes())?;
    } else {
        let value = match actions.as_slice() {
            [action] => described(action),
            actions => actions.iter().map(|action| described(action)).collect(),
        };
        show::print(&Shown { value: &value, known: Vec::new() }, format, &Select::default())?;
    }
    Ok(Exit::Done)
}

fn find(words: &[&str]) -> Result<Vec<&'static Action>, Failure> {
    if let [module, call] = words
        && let Some(action) = catalogue::actions()
            .iter()
            .find(|action| kebab(action.module) == kebab(module) && kebab(action.call) == kebab(call))
    {
        return Ok(vec![action]);
    }
    let word = words.join(" ");
    match named(&word) {
        Named::Action(action) => Ok(vec![action]),
        Named::Several(actions) => Ok(actions),
        Named::Nothing => {
            let near = suggest(&word, 5);
            let hint = if near.is_empty() {
                format!("cipp search {word}   looks in titles and descriptions")
            } else {
                format!("did you mean: {}", near.join(", "))
            };
            Err(Failure::usage(format!("there is no action '{word}'")).hint(hint))
        }
    }
}

fn text(action: &Action) -> String {
    let mut out = format!("{} ({})\n\n{}\n", action.title, action.category, action.summary);
    if !action.details.is_empty() {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(out, "{}", action.details);
    }
    let _ = writeln!(out, "\n  cipp {} {}\n", kebab(action.module), kebab(action.call));
    out.push_str(&about(action));
    if !action.properties.is_empty() {
        out.push_str("\nProperties:\n");
    }
    for property in action.properties {
        let required = if property.required { ", required" } else { "" };
        let _ = writeln!(out, "  --{} <{}{required}>  {}", flag_of(property), type_of(property.ty), property.doc);
    }
    out
}

/// What the help says below the flags: the request, the permission, effects, the old cmdlet, an example, the answer.
pub fn about(action: &Action) -> String {
    let kind = match action.kind {
        Kind::Read => "reads",
        Kind::Write => "writes",
        Kind::Destructive => "writes, and cannot be undone",
    };
    let tenants = match action.tenant {
        TenantMode::None => "no tenant",
        TenantMode::Optional => "a tenant narrows it",
        TenantMode::Single => "one tenant",
        TenantMode::Many => "a list of tenants",
        TenantMode::All => "one tenant or AllTenants",
        TenantMode::AllQueued => "one tenant, or AllTenants by background work",
    };
    let mut out = format!(
        "Request:     {} {}\nPermission:  {}\nEffect:      {kind}\nTenants:     {tenants}\n",
        action.method.as_str(),
        action.path,
        action.role
    );
    let cmdlets = cmdlets_of(action.endpoint());
    if !cmdlets.is_empty() {
        let _ = writeln!(out, "Cmdlet:      {}", cmdlets.join(", "));
    }
    let _ = writeln!(out, "Example:     {}", example(action));
    let _ = writeln!(out, "Answer:      {}", answer(action));
    if !action.outputs.doc.is_empty() {
        let _ = writeln!(out, "             {}", action.outputs.doc);
    }
    let mut list = |title: &str, lines: &[&str]| {
        if !lines.is_empty() {
            let _ = writeln!(out, "\n{title}:");
            for line in lines {
                let _ = writeln!(out, "  - {line}");
            }
        }
    };
    list("Use cases", action.use_cases);
    list("Troubleshooting", action.troubleshooting);
    out
}

fn answer(action: &Action) -> String {
    match action.outputs.shape {
        OutputShape::Results => "messages about what was done: state, text".to_owned(),
        OutputShape::List(Type::Model(table)) => format!(
            "rows of {}: {}",
            table.schema().name,
            columns(table.schema().fields.iter().map(|field| field.name))
        ),
        OutputShape::List(ty) => format!("a list of {}", type_of(ty)),
        OutputShape::Object(Type::Model(table)) => {
            format!("one {}: {}", table.schema().name, columns(table.schema().fields.iter().map(|field| field.name)))
        }
        OutputShape::Object(ty) => type_of(ty).to_owned(),
        OutputShape::Redirect => "an address".to_owned(),
        OutputShape::Text => "text".to_owned(),
        OutputShape::Bytes => "a file; --save FILE keeps it".to_owned(),
        _ => "JSON whose shape depends on the call".to_owned(),
    }
}

fn columns<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown = names.iter().take(8).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 8 { format!("{shown}, and {} more", names.len() - 8) } else { shown }
}

fn described(action: &Action) -> Value {
    let properties: Value = action
        .properties
        .iter()
        .map(|property| {
            json!({
                "name": property.name, "flag": format!("--{}", flag_of(property)), "type": type_of(property.ty), "required": property.required,
                "secret": property.secret, "doc": property.doc, "default": property.default,
            })
        })
        .collect();
    json!({
        "title": action.title, "category": action.category, "command": format!("{} {}", kebab(action.module), kebab(action.call)),
        "name": action.name, "method": action.method.as_str(), "path": action.path, "role": action.role,
        "kind": format!("{:?}", action.kind).to_lowercase(), "summary": action.summary, "details": action.details,
        "useCases": action.use_cases, "troubleshooting": action.troubleshooting, "properties": properties, "answer": answer(action),
        "example": example(action), "cmdlets": cmdlets_of(action.endpoint()),
    })
}

/// A type in a word.
pub fn type_of(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Choice(_) => "text",
        Type::Bool => "true|false",
        Type::Int => "number",
        Type::Float => "decimal",
        Type::Tenant => "tenant",
        Type::UnixTime => "unix-seconds",
        Type::Day => "yyyymmdd",
        Type::Timestamp => "date-time",
        Type::Secret => "secret",
        Type::List(Type::Text | Type::Choice(_)) => "text, repeated",
        Type::List(Type::Model(table)) if table.schema().name == "LabelValue" => "text, repeated",
        Type::List(_) => "json list",
        Type::Model(table) if table.schema().name == "LabelValue" => "text",
        _ => "json",
    }
}
