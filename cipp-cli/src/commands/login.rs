//! `cipp login`: tries a sign-in, and stores it under a name.

use super::whoami::{Identity, check};
use crate::act::can_ask;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::{self, Origin, variable};
use cipp_client::profiles::{Place, Profile, Profiles, SecretSource, check_name, one_line};
use cipp_client::{ClientBuilder, Secret};
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, ValueHint};
use std::io::{IsTerminal as _, Read as _, Write as _};

/// More than this is no secret.
const ENOUGH: u64 = 64 * 1024;

pub fn command() -> Command {
    let value = |name: &'static str, what: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(what).help(help)
    };
    Command::new("login")
        .about("Try a sign-in, and store it")
        .arg(value("url", "URL", "Address of the server's API, as CIPP > Integrations > CIPP-API shows it"))
        .arg(value("tenant-id", "ID", "The tenant in which CIPP lives"))
        .arg(value("client-id", "ID", "The API client"))
        .arg(value("default-tenant", "TENANT", "The tenant that is meant where none is named"))
        .arg(value("authority", "URL", "Where to sign in, for another cloud than Microsoft's public one"))
        .arg(value("secret-stdin", "", "Read the secret from standard input").action(ArgAction::SetTrue))
        .arg(value("secret-env", "NAME", "Take the secret from this variable, each time; nothing is stored"))
        .arg(value("secret-file", "PATH", "Take the secret from this file, each time; nothing is stored").value_hint(ValueHint::FilePath))
        .arg(value("secret-command", "COMMAND", "Take the secret from what this prints, each time, such as 'op read op://vault/cipp/secret'; no shell is used"))
        .group(ArgGroup::new("secret").args(["secret-stdin", "secret-env", "secret-file", "secret-command"]))
        .arg(value("store", "PLACE", "Where to keep the secret: the keyring, a file that only you can read, or the file where the keyring does not work")
            .value_parser(["auto", "keyring", "file"])
            .default_value("auto"))
        .after_help("Without a flag for the secret, it is asked for and not shown. There is no flag that takes it: other programs could read it there.\n\n\
            The profile is the one of --profile, else the current one. What is not given is taken from CIPP_URL, CIPP_TENANT_ID and \
            CIPP_CLIENT_ID, else from the profile, else asked for.")
}

pub async fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let profiles = Profiles::open();
    if profiles.folder().is_none() {
        return Err(Failure::config("there is no home folder to store a sign-in in")
            .hint("set CIPP_CONFIG_DIR, or use CIPP_URL and the other variables without a login"));
    }
    let ask = can_ask(matches.get_flag("no-input"));
    let mut profile = wanted(matches, &profiles, ask)?;
    let (secret, stored) = secret(matches, ask)?;
    profile.secret = stored;
    let builder = ClientBuilder::from_vars(|name| match name {
        "CIPP_CLIENT_SECRET" => Some(secret.expose().to_owned()),
        "CIPP_PROXY" | "CIPP_TIMEOUT" => variable(name).or_else(|| profile.var(name)),
        name => profile.var(name),
    })?;
    let diagnosis = check(builder, "nothing was stored, because the sign-in does not work").await?;
    let place = match matches.get_one::<String>("store").map(String::as_str) {
        Some("keyring") => Place::Keyring,
        Some("file") => Place::CredentialsFile,
        _ => Place::Best,
    };
    let kept = match profile.secret {
        Some(_) => profiles.save(&profile)?,
        None => profiles.save_with(&profile, &secret, place)?,
    };
    kept.warnings.iter().for_each(|warning| eprintln!("cipp: warning: {warning}"));
    if !matches.get_flag("quiet") {
        if variable("CIPP_URL").is_some() {
            eprintln!("hint: CIPP_URL is set, and wins over profiles until it is unset or --profile names one");
        } else if profiles.current()?.as_deref() != Some(profile.name.as_str()) {
            eprintln!("hint: cipp profile use {} makes it the one that is used where none is named", profile.name);
        }
    }
    let identity = Identity {
        profile: Some(profile.name),
        url: Some(profile.url),
        tenant_id: Some(profile.tenant_id),
        client_id: Some(profile.client_id),
        secret: kept.source.map(|source| source.to_string()),
        default_tenant: profile.default_tenant,
    };
    identity.print(&diagnosis, matches)?;
    Ok(Exit::Done)
}

/// The profile that is to be stored, without its secret.
fn wanted(matches: &ArgMatches, profiles: &Profiles, ask: bool) -> Result<Profile, Failure> {
    let (name, named) = match session::profile_name(profiles)? {
        Some((name, origin)) => (name, origin != Origin::Profile),
        None => ("default".to_owned(), false),
    };
    check_name(&name)?;
    let old = profiles.find(&name)?;
    let flag = |id: &str| matches.get_one::<String>(id).cloned();
    let given = |id: &str, variable_of: &str| flag(id).or_else(|| variable(variable_of));
    let url = given("url", "CIPP_URL");
    if let (Some(old), Some(url), false) = (&old, &url, named)
        && url.trim_end_matches('/') != old.url.trim_end_matches('/')
    {
        let message = format!("profile {name} is for {}, not for {url}; nothing was stored", old.url);
        return Err(Failure::usage(message)
            .hint(format!("--profile NAME stores it beside the other; --profile {name} replaces that")));
    }
    let of_old = |value: fn(&Profile) -> &String| old.as_ref().map(|old| value(old).clone());
    let values = [
        ("url", "Address of the API", url.or_else(|| of_old(|old| &old.url))),
        ("tenant-id", "Tenant id", given("tenant-id", "CIPP_TENANT_ID").or_else(|| of_old(|old| &old.tenant_id))),
        ("client-id", "Client id", given("client-id", "CIPP_CLIENT_ID").or_else(|| of_old(|old| &old.client_id))),
    ];
    let missing: Vec<String> =
        values.iter().filter(|(_, _, value)| value.is_none()).map(|(id, _, _)| format!("--{id}")).collect();
    if !ask && !missing.is_empty() {
        return Err(Failure::usage(format!("login needs {}, and nobody can be asked", missing.join(", "))));
    }
    let mut told = Vec::new();
    for (_, label, value) in values {
        told.push(match value {
            Some(value) => value.trim().to_owned(),
            None => asked(label)?,
        });
    }
    let [url, tenant_id, client_id] = <[String; 3]>::try_from(told).unwrap_or_default();
    let mut profile = Profile::new(name, url, tenant_id, client_id);
    if let Some(old) = old {
        profile.authority = old.authority;
        profile.scope = old.scope;
        profile.default_tenant = old.default_tenant;
        profile.timeout = old.timeout;
        profile.proxy = old.proxy;
    }
    profile.authority = given("authority", "CIPP_AUTHORITY").or(profile.authority);
    profile.scope = variable("CIPP_SCOPE").or(profile.scope);
    profile.default_tenant = flag("default-tenant").or(profile.default_tenant);
    Ok(profile)
}

/// The secret, and where it is to be had from the next time; `None` where we keep it.
fn secret(matches: &ArgMatches, ask: bool) -> Result<(Secret, Option<SecretSource>), Failure> {
    let flag = |id: &str| matches.get_one::<String>(id);
    let source = if let Some(name) = flag("secret-env") {
        Some(SecretSource::Env(name.clone()))
    } else if let Some(path) = flag("secret-file") {
        Some(SecretSource::file(path)?)
    } else if let Some(line) = flag("secret-command") {
        Some(SecretSource::command(line)?)
    } else {
        None
    };
    if let Some(source) = source {
        let secret = source.read()?.ok_or_else(|| Failure::config(format!("there is no secret in {source}")))?;
        return Ok((secret, Some(source)));
    }
    let wrong = |what: &str| Failure::usage(format!("that is no secret: {what}"));
    if matches.get_flag("secret-stdin") {
        if std::io::stdin().is_terminal() {
            return Err(Failure::usage("standard input is a terminal, which would show the secret")
                .hint("leave --secret-stdin out to be asked, or pipe the secret in"));
        }
        let mut bytes = Vec::new();
        std::io::stdin().take(ENOUGH).read_to_end(&mut bytes)?;
        return Ok((one_line(bytes).map_err(wrong)?, None));
    }
    if !ask {
        return Err(Failure::usage("login needs the secret, and nobody can be asked")
            .hint("--secret-stdin, --secret-env, --secret-file or --secret-command gives it"));
    }
    let typed = rpassword::prompt_password("Client secret (not shown): ").map_err(|error| {
        Failure::config(format!("the secret cannot be asked for without being shown: {error}"))
            .hint("--secret-stdin, --secret-env, --secret-file or --secret-command gives it")
    })?;
    Ok((one_line(typed.into_bytes()).map_err(wrong)?, None))
}

/// A value that a person types.
fn asked(label: &str) -> Result<String, Failure> {
    let mut err = std::io::stderr();
    write!(err, "{label}: ")?;
    err.flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    match line.trim() {
        "" => Err(Failure::usage(format!("{label} is needed; nothing was stored"))),
        line => Ok(line.to_owned()),
    }
}
