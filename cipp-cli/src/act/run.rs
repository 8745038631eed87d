//! One call of one action, from the words to its answer on standard output.

use super::ask::{About, can_ask, confirm};
use super::{dry_run, input, pages, skeleton};
use crate::args::Options;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::project;
use crate::session;
use crate::show::{self, Shown};
use crate::signal::interrupted;
use cipp_client::catalogue::{Action, Kind, OutputShape, Type};
use cipp_client::{Answer, Results, State};
use clap::ArgMatches;
use serde_json::Value;
use std::io::Write as _;

/// Makes the call, or shows what it would send.
pub async fn run(action: &'static Action, matches: &ArgMatches) -> Result<Exit, Failure> {
    let mut options = Options::of(matches)?;
    if let Some(columns) = project::settings().and_then(|settings| settings.columns(action))
        && options.select.columns.is_empty()
        && options.select.query.is_none()
    {
        options.select.columns = columns.to_vec();
    }
    if options.skeleton {
        std::io::stdout().lock().write_all(skeleton::skeleton(action).as_bytes())?;
        return Ok(Exit::Done);
    }
    if let Some(many) = crate::args::many_of(matches)? {
        return crate::many::run(action, matches, &options, &many).await;
    }
    let request = input::request(action, matches)?;
    input::check_complete(&request)?;
    if let Some(form) = options.dry_run {
        let text = dry_run::shown(&session::offline()?, &request, form)?;
        std::io::stdout().lock().write_all(text.as_bytes())?;
        return Ok(Exit::Done);
    }
    if let Some(path) = options.save.as_deref().filter(|path| std::path::Path::new(path).exists()) {
        return Err(Failure::usage(format!("{path} is there already, and nothing is overwritten; nothing was sent")));
    }
    let client = session::client()?;
    let instance = client.url().to_string();
    check_instance(&client, &options)?;
    let tenant = request.text("tenant").unwrap_or_default();
    let target = target_of(&request);
    let all = action.kind != Kind::Read && tenant.eq_ignore_ascii_case("AllTenants");
    let no_input = matches.get_flag("no-input");
    // One call for all tenants is as many changes as there are tenants.
    let (count, unit) = match all && !options.yes && can_ask(no_input) {
        true => (crate::many::tenants::count(&client).await?, "tenant"),
        false => (1, "call"),
    };
    let about = About { action, instance: &instance, tenant: &tenant, target: &target, count, unit };
    confirm(&about, options.yes, no_input, all)?;
    warn_of_repeats(action.kind, &options);
    if let Some(paged) = crate::args::paged_of(matches) {
        return pages::run(&client, request, &paged, &options).await;
    }
    let asked = request.clone();
    let answer = call(&client, request, &options).await?;
    crate::complete::remember(&asked, || answer.to_json());
    show_answer(action, &answer, &options)
}

/// Refuses another server than the one that is meant.
pub fn check_instance(client: &cipp_client::Client, options: &Options) -> Result<(), Failure> {
    let instance = client.url().to_string();
    match options.expect_instance.as_deref().filter(|expected| !instance.contains(*expected)) {
        Some(expected) => Err(Failure::usage(format!(
            "the server is {instance}, which does not contain {expected}; nothing was sent"
        ))),
        None => Ok(()),
    }
}

/// Says once what `--retry-writes` may do.
pub fn warn_of_repeats(kind: Kind, options: &Options) {
    if options.retry_writes && kind != Kind::Read {
        eprintln!("cipp: with --retry-writes a change that may have been made is sent again, so it may be made twice");
    }
}

async fn call(
    client: &cipp_client::Client,
    request: cipp_client::ActionRequest,
    options: &Options,
) -> Result<Answer, Failure> {
    let call = client.call(request);
    let write = call.request().action().kind != Kind::Read;
    let call = if write && options.retry_writes { call.idempotent(true) } else { call };
    if !options.waiting.wait {
        return tokio::select! {
            answer = call => Ok(answer?),
            () = interrupted() => Err(stopped(write)),
        };
    }
    let quiet = options.quiet || !std::io::IsTerminal::is_terminal(&std::io::stderr());
    let mut wait = call.wait().cancel(interrupted());
    if let Some(limit) = options.waiting.limit {
        wait = wait.deadline(limit);
    }
    if !quiet {
        wait = wait.on_progress(|now| {
            eprint!("\r\u{1b}[2K{} ({} s)", show::clean(&now.message), now.elapsed.as_secs());
        });
    }
    let waited = tokio::select! {
        waited = wait.with_report() => waited.map_err(Failure::from),
        // The first one ends all waiting but that for a write which is being sent.
        () = async { interrupted().await; interrupted().await } => Err(stopped(write)),
    };
    if !quiet {
        eprint!("\r\u{1b}[2K");
    }
    let waited = waited?;
    if let Some(queue) = waited.queue.filter(|queue| queue.has_errors()) {
        let failed = if queue.failed.is_empty() { String::new() } else { format!(": {}", queue.failed.join(", ")) };
        let message = format!("the background work ended with errors, so something is missing{failed}");
        if options.fail_on_warning {
            return Err(Failure::new(Exit::Action, message));
        }
        eprintln!("cipp: {}", show::clean(&message));
    }
    Ok(waited.value)
}

pub fn stopped(write: bool) -> Failure {
    Failure::new(
        Exit::Interrupted,
        if write {
            "stopped while a change was under way: it may or may not have been carried out; look at what it should have changed"
        } else {
            "stopped"
        },
    )
}

/// What a person would call the thing that is changed: the first required text that is no tenant.
pub fn target_of(request: &cipp_client::ActionRequest) -> String {
    let properties = request.action().properties.iter();
    let texts =
        properties.filter(|property| property.required && !property.secret && !matches!(property.ty, Type::Tenant));
    texts.filter_map(|property| request.text(property.rust)).next().unwrap_or_default()
}

/// Prints an answer. What failed inside a success is a failure.
pub fn show_answer(action: &'static Action, answer: &Answer, options: &Options) -> Result<Exit, Failure> {
    let format = show::format_or_default(options.format);
    let value = match answer {
        Answer::Results(results) => messages(results, options),
        Answer::File(file) => return save(file, answer, options),
        other => other.to_json(),
    };
    let known = match action.outputs.shape {
        OutputShape::List(Type::Model(table)) | OutputShape::Object(Type::Model(table)) => {
            table.schema().fields.iter().map(|field| field.name).collect()
        }
        _ => Vec::new(),
    };
    show::print(&Shown { value: &value, known }, format, &options.select)?;
    match answer {
        Answer::Results(results) if !results.is_ok() => {
            let failed = results.items.iter().filter(|item| item.state == State::Error).count();
            if failed < results.items.len() {
                eprintln!("cipp: {failed} of {} parts failed", results.items.len());
            }
            Ok(Exit::Action)
        }
        Answer::Results(results) if options.fail_on_warning && results.warnings().next().is_some() => {
            eprintln!("cipp: there are warnings, and --fail-on warning makes them failures");
            Ok(Exit::Action)
        }
        _ => Ok(Exit::Done),
    }
}

/// Messages as rows. New passwords are shown only when asked for.
fn messages(results: &Results, options: &Options) -> Value {
    let mut value = Answer::Results(results.clone()).to_json();
    let Value::Array(rows) = &mut value else { return value };
    for (row, item) in rows.iter_mut().zip(&results.items) {
        let (Some(secret), Some(row)) = (&item.copy_field, row.as_object_mut()) else { continue };
        if options.reveal {
            row.insert("text".to_owned(), Value::from(item.text.as_str()));
            row.insert("secret".to_owned(), Value::from(secret.expose()));
        } else if !options.quiet {
            eprintln!("cipp: the answer holds a secret, which is not shown; --reveal would have shown it");
        }
    }
    value
}

fn save(file: &cipp_client::Download, answer: &Answer, options: &Options) -> Result<Exit, Failure> {
    match &options.save {
        Some(path) => {
            // Nothing is overwritten, and what a customer's file holds is for nobody else.
            let mut open = std::fs::OpenOptions::new();
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
            let mut out = open
                .write(true)
                .create_new(true)
                .open(path)
                .map_err(|error| Failure::new(Exit::Failed, format!("{path} cannot be written: {error}")))?;
            out.write_all(&file.bytes)?;
            eprintln!("cipp: {} bytes written to {path}", file.bytes.len());
        }
        None => show::print(
            &Shown { value: &answer.to_json(), known: Vec::new() },
            show::format_or_default(options.format),
            &options.select,
        )?,
    }
    Ok(Exit::Done)
}
