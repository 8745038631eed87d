//! `cipp api`: any request, with the same sign-in, limits and output.

use crate::args::{Named, Options, action_options, named};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session;
use crate::show::{self, Shown};
use cipp_client::{RawRequest, catalogue::Kind};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::Value;
use std::io::Write as _;

pub fn command() -> Command {
    // All are read; those that mean nothing here are only not shown.
    let idle = |name: &str| matches!(name, "set" | "skeleton" | "save" | "reveal");
    let of_actions = action_options().into_iter().map(move |option| {
        let hidden = idle(option.get_id().as_str());
        option.hide(hidden)
    });
    Command::new("api")
        .about("Make any request, for what is not in the specification yet")
        .arg(Arg::new("method").required(true).value_parser(["GET", "POST", "get", "post"]).value_name("METHOD"))
        .arg(Arg::new("endpoint").required(true).value_name("ENDPOINT"))
        .arg(
            Arg::new("field")
                .action(ArgAction::Append)
                .value_name("NAME=VALUE")
                .help("In the query of a GET, in the body of a POST"),
        )
        .arg(
            Arg::new("read")
                .long("read")
                .action(ArgAction::SetTrue)
                .help("A POST that changes nothing, so it may be repeated"),
        )
        .args(of_actions)
}

pub async fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).cloned().unwrap_or_default();
    let get = text("method").eq_ignore_ascii_case("get");
    let endpoint = text("endpoint");
    let mut request = if get { RawRequest::get(&endpoint) } else { RawRequest::post(&endpoint) };
    if matches.get_flag("read") {
        request = request.kind(Kind::Read);
    }
    if let Some(body) = matches.get_one::<String>("body") {
        let body = match body.strip_prefix('@') {
            Some("-") => std::io::read_to_string(std::io::stdin())?,
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| Failure::usage(format!("{path} cannot be read: {error}")))?,
            None => body.clone(),
        };
        let body: Value =
            serde_json::from_str(&body).map_err(|error| Failure::usage(format!("the body is no JSON: {error}")))?;
        request = request.body(body);
    }
    for field in matches.get_many::<String>("field").into_iter().flatten() {
        let (name, value) =
            field.split_once('=').ok_or_else(|| Failure::usage(format!("{field}: write NAME=VALUE")))?;
        request = if get {
            request.query(name, value)
        } else {
            request.field(name, serde_json::from_str::<Value>(value).unwrap_or_else(|_| Value::from(value)))
        };
    }
    // Fields with select flags of rows make no sense for requests whose rows nobody knows, but they do no harm.
    let mut options = Options::of(matches)?;
    options.skeleton = false;
    let name = endpoint.trim_start_matches('/').trim_start_matches("api/");
    if let (Named::Action(action), false) = (named(name), options.quiet) {
        eprintln!(
            "hint: the specification knows this: cipp {} {}",
            crate::args::kebab(action.module),
            crate::args::kebab(action.call)
        );
    }
    if options.dry_run.is_some() {
        let dry = session::offline()?.call(request).dry_run();
        writeln!(std::io::stdout().lock(), "{dry}")?;
        return Ok(Exit::Done);
    }
    let client = session::client()?;
    let kind = if get || matches.get_flag("read") { Kind::Read } else { Kind::Write };
    crate::act::warn_of_repeats(kind, &options);
    let mut call = client.call(request);
    if options.retry_writes && kind != Kind::Read {
        call = call.idempotent(true);
    }
    let value = if options.waiting.wait && get { call.wait().await? } else { call.await? };
    show::print(&Shown { value: &value, known: Vec::new() }, show::format_or_default(options.format), &options.select)?;
    Ok(Exit::Done)
}
