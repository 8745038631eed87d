//! `cipp compat`: the command for a cmdlet of the PowerShell module CIPPAPIModule.

use crate::args::{format_of, kebab};
use crate::complete::Candidate;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::{self, Select, Shown};
use cipp_client::catalogue;
use clap::{Arg, ArgMatches, Command};
use serde_json::{Value, json};

/// A line for each cmdlet: its name, the endpoint that it calls, and `gone` where the server has that no longer. In place of an
/// endpoint may stand a command of our own.
const TABLE: &str = include_str!("../compat.tsv");

pub fn command() -> Command {
    Command::new("compat")
        .about("Show what to type in place of a cmdlet of the PowerShell module CIPPAPIModule")
        .arg(Arg::new("cmdlet").value_name("CMDLET").help("Such as Get-CIPPUsers; without one, all are listed"))
}

pub fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let asked = matches.get_one::<String>("cmdlet").map(|name| name.trim());
    let rows: Vec<Value> =
        all().filter(|cmdlet| asked.is_none_or(|name| cmdlet.name.eq_ignore_ascii_case(name))).flat_map(rows).collect();
    if let (true, Some(name)) = (rows.is_empty(), asked) {
        return Err(Failure::usage(format!("the module has no cmdlet '{name}'")).hint(near(name)));
    }
    let format = show::format_or_default(format_of(matches)?);
    let known = vec!["cmdlet", "command", "title", "endpoint"];
    show::print(&Shown { value: &Value::Array(rows), known }, format, &Select::default())?;
    Ok(Exit::Done)
}

struct Cmdlet {
    name: &'static str,
    endpoint: &'static str,
    gone: bool,
}

/// The cmdlets that call an endpoint.
pub fn cmdlets_of(endpoint: &str) -> Vec<&'static str> {
    all().filter(|cmdlet| cmdlet.endpoint.eq_ignore_ascii_case(endpoint)).map(|cmdlet| cmdlet.name).collect()
}

/// All of them, for completions.
pub fn cmdlets() -> Vec<Candidate> {
    all().map(|cmdlet| Candidate::new(cmdlet.name, cmdlet.endpoint)).collect()
}

fn all() -> impl Iterator<Item = Cmdlet> {
    TABLE.lines().filter_map(|line| {
        let mut parts = line.split('\t');
        Some(Cmdlet { name: parts.next()?, endpoint: parts.next()?, gone: parts.next() == Some("gone") })
    })
}

/// A row for each command that does a part of what the cmdlet does.
fn rows(cmdlet: Cmdlet) -> Vec<Value> {
    let Cmdlet { name, endpoint, gone } = cmdlet;
    let row = |command: String, title: &str| json!({ "cmdlet": name, "command": command, "title": title, "endpoint": endpoint });
    if endpoint.starts_with("cipp ") {
        return vec![json!({ "cmdlet": name, "command": endpoint, "title": "", "endpoint": "" })];
    }
    if gone {
        return vec![row(String::new(), "The server has this no longer.")];
    }
    let actions = catalogue::actions().iter().filter(|action| action.endpoint().eq_ignore_ascii_case(endpoint));
    let rows: Vec<Value> = actions
        .map(|action| row(format!("cipp {} {}", kebab(action.module), kebab(action.call)), action.title))
        .collect();
    if rows.is_empty() {
        let method = if name.starts_with("Get-") { "GET" } else { "POST" };
        return vec![row(format!("cipp api {method} {endpoint}"), "Not in the specification.")];
    }
    rows
}

fn near(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    // The verbs and the prefix are the same in all; the noun tells them apart.
    let noun = |name: &str| name.rsplit_once("cipp").map_or(name.to_owned(), |(_, noun)| noun.to_owned());
    let mut near: Vec<(usize, &str)> = all()
        .map(|cmdlet| {
            let known = cmdlet.name.to_ascii_lowercase();
            (
                strsim::osa_distance(&known, &lower).min(strsim::osa_distance(&noun(&known), &noun(&lower)) + 1),
                cmdlet.name,
            )
        })
        .collect();
    near.sort();
    let names: Vec<&str> = near.into_iter().take(4).map(|(_, name)| name).collect();
    format!("did you mean: {}; cipp compat lists all", names.join(", "))
}
