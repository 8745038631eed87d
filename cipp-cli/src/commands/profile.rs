//! `cipp profile`: the stored sign-ins.

use crate::act::can_ask;
use crate::args::format_of;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session;
use crate::show::{self, Select, Shown};
use cipp_client::profiles::{Profile, Profiles};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use std::io::Write as _;

const COLUMNS: [&str; 7] = ["name", "current", "url", "secret", "defaultTenant", "tenantId", "clientId"];

pub fn command() -> Command {
    let name = || Arg::new("name").value_name("NAME");
    Command::new("profile")
        .about("Stored sign-ins")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("list").about("All profiles"))
        .subcommand(Command::new("show").about("One profile, the current one if none is named").arg(name()))
        .subcommand(
            Command::new("use")
                .about("Make a profile the one that is used where none is named")
                .arg(name().required(true)),
        )
        .subcommand(
            Command::new("remove")
                .about("Forget a profile and its secret")
                .arg(name().required(true))
                .arg(Arg::new("yes").long("yes").action(ArgAction::SetTrue).help("Do not ask")),
        )
}

pub fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let profiles = Profiles::open();
    let Some((verb, matches)) = matches.subcommand() else {
        return Err(Failure::usage("say what to do with profiles"));
    };
    let name = matches.try_get_one::<String>("name").ok().flatten().cloned();
    match (verb, name) {
        ("use", Some(name)) => profiles.select(&name)?,
        ("remove", Some(name)) => remove(&profiles, &name, matches)?,
        ("show", name) => {
            let name = match name {
                Some(name) => Some(name),
                None => session::profile_name(&profiles)?.map(|(name, _)| name),
            };
            let name =
                name.ok_or_else(|| Failure::config("there is no current profile").hint("cipp profile list shows all"))?;
            let row = row(&profiles.get(&name)?, profiles.current()?.as_deref());
            print(&row, matches)?;
        }
        _ => {
            let current = profiles.current()?;
            let rows: Value = profiles
                .names()?
                .iter()
                .map(|name| match profiles.get(name) {
                    Ok(profile) => row(&profile, current.as_deref()),
                    // One that is wrong does not hide the others.
                    Err(error) => json!({ "name": name, "problem": error.to_string() }),
                })
                .collect();
            print(&rows, matches)?;
        }
    }
    Ok(Exit::Done)
}

fn row(profile: &Profile, current: Option<&str>) -> Value {
    json!({
        "name": profile.name, "current": current == Some(profile.name.as_str()), "url": profile.url,
        "secret": profile.secret.as_ref().map(ToString::to_string), "defaultTenant": profile.default_tenant,
        "tenantId": profile.tenant_id, "clientId": profile.client_id,
    })
}

fn print(value: &Value, matches: &ArgMatches) -> Result<(), Failure> {
    let format = show::format_or_default(format_of(matches)?);
    show::print(&Shown { value, known: COLUMNS.to_vec() }, format, &Select::default())
}

fn remove(profiles: &Profiles, name: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let profile = profiles.get(name)?;
    if !matches.get_flag("yes") {
        let what = format!("profile {name} for {} and its secret are to be forgotten", profile.url);
        if !can_ask(matches.get_flag("no-input")) {
            return Err(
                Failure::usage(format!("{what}: this needs an answer, and nobody can be asked")).hint("--yes says yes")
            );
        }
        let mut err = std::io::stderr();
        write!(err, "{what}. Type yes to go on: ")?;
        err.flush()?;
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        if !line.trim().eq_ignore_ascii_case("yes") {
            return Err(Failure::usage("not confirmed; nothing was changed"));
        }
    }
    let kept = profiles.remove(name)?;
    crate::complete::forget(name);
    kept.warnings.iter().for_each(|warning| eprintln!("cipp: warning: {warning}"));
    Ok(())
}
