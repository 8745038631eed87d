//! `cipp config`: each setting, its value, and who says it; and which project file counts.

use crate::args::format_of;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::project;
use crate::session::{Origin, Session, variable};
use crate::show::{self, Format, Select, Shown};
use cipp_client::auth::Cloud;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Value, json};

pub fn command() -> Command {
    Command::new("config")
        .about("The settings in effect")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("explain").about(
            "Show each setting, its value, and where that comes from: flag, environment, project file, profile or default",
        ))
        .subcommand(
            Command::new("trust")
                .about("Use the cipp.toml of this folder, or of the nearest one above it, as long as it does not change")
                .arg(
                    Arg::new("remove").long("remove").action(ArgAction::SetTrue).help("Do not use it any longer"),
                ),
        )
}

pub fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let matches = match matches.subcommand() {
        Some(("trust", matches)) => return trust(matches),
        Some((_, matches)) => matches,
        None => return Err(Failure::usage("say what to do: cipp config explain")),
    };
    let session = Session::find()?;
    let format = show::format_or_default(format_of(matches)?);
    let rows = Value::Array(rows(&session));
    show::print(&Shown { value: &rows, known: vec!["setting", "value", "from", "where"] }, format, &Select::default())?;
    let left_out = session.left_out();
    if !left_out.is_empty() && !matches.get_flag("quiet") {
        eprintln!("cipp: set, and left out because of --profile: {}", left_out.join(", "));
    }
    Ok(Exit::Done)
}

/// Shows what is trusted from now on, so that nobody has to open the file.
fn trust(matches: &ArgMatches) -> Result<Exit, Failure> {
    let Some(project) = project::project() else {
        let message = format!("there is no {} in this folder, nor in one above it", project::NAME);
        return Err(Failure::usage(message));
    };
    let path = show::clean(&project.path.display().to_string());
    if matches.get_flag("remove") {
        project.distrust()?;
        eprintln!("cipp: {path} is not used any longer");
    } else {
        project.trust()?;
        eprintln!("cipp: {path} is used from now on, until it changes:");
        for line in project.text().lines() {
            eprintln!("  {}", show::clean(line));
        }
    }
    Ok(Exit::Done)
}

fn rows(session: &Session) -> Vec<Value> {
    let profile = session.profile.as_ref().map(|(profile, _)| profile);
    let place = |origin: Origin, name: &str, flag: &str| match origin {
        Origin::Flag => flag.to_owned(),
        Origin::Environment => name.to_owned(),
        Origin::Project => project::project().map(|project| project.path.display().to_string()).unwrap_or_default(),
        Origin::Profile => profile.map(|profile| profile.name.clone()).unwrap_or_default(),
        Origin::Default => String::new(),
    };
    let row = |setting: &str, value: Option<String>, origin: Origin, place: String| json!({ "setting": setting, "value": value, "from": origin.to_string(), "where": place });
    let folder = session.profiles.folder().map(|folder| folder.display().to_string());
    let chosen = variable("CIPP_CONFIG_DIR").map_or(Origin::Default, |_| Origin::Environment);
    let mut rows = vec![row("folder", folder, chosen, place(chosen, "CIPP_CONFIG_DIR", ""))];
    if let Some(project) = project::project() {
        let path = project.path.display().to_string();
        let output = project.settings.as_ref().and_then(|settings| settings.output);
        rows.push(match &project.settings {
            Some(_) => row("project-file", Some(path.clone()), Origin::Project, "trusted".to_owned()),
            None => row(
                "project-file",
                Some(path.clone()),
                Origin::Default,
                "not trusted, so not used: cipp config trust".to_owned(),
            ),
        });
        let name = |output: Format| Some(output.name().to_owned());
        rows.extend(output.map(|output| row("output", name(output), Origin::Project, path)));
    }
    rows.push(match &session.profile {
        Some((profile, Origin::Profile)) => {
            row("profile", Some(profile.name.clone()), Origin::Profile, "current in config.toml".to_owned())
        }
        Some((profile, origin)) => {
            row("profile", Some(profile.name.clone()), *origin, place(*origin, "CIPP_PROFILE", "--profile"))
        }
        None => row("profile", None, Origin::Default, String::new()),
    });
    let client = session.value("CIPP_CLIENT_ID").map(|(client, _)| client);
    let settings = [
        ("url", "CIPP_URL", None),
        ("tenant-id", "CIPP_TENANT_ID", None),
        ("client-id", "CIPP_CLIENT_ID", None),
        ("authority", "CIPP_AUTHORITY", Some(Cloud::Public.authority().to_owned())),
        ("scope", "CIPP_SCOPE", client.map(|client| format!("api://{client}/.default"))),
        ("default-tenant", "CIPP_TENANT", None),
        ("timeout", "CIPP_TIMEOUT", None),
        ("proxy", "CIPP_PROXY", None),
    ];
    for (setting, name, default) in settings {
        rows.push(match session.value(name) {
            // A proxy's address may hold a password.
            Some((_, origin)) if setting == "proxy" => {
                row(setting, Some("set".to_owned()), origin, place(origin, name, ""))
            }
            Some((value, origin)) => row(setting, Some(value), origin, place(origin, name, "")),
            None => row(setting, default, Origin::Default, String::new()),
        });
    }
    let set = Some("set".to_owned());
    rows.push(match (session.proof(), session.secret_source()) {
        (Some(name), _) => row("secret", set, Origin::Environment, name.to_owned()),
        (None, Some(source)) => row("secret", set, Origin::Profile, source.to_string()),
        (None, None) => row("secret", None, Origin::Default, String::new()),
    });
    rows
}
