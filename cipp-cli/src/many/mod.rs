//! Many calls of one action: for each tenant, for each row of a file, or both.

mod cell;
mod csv;
mod drive;
mod json;
mod mistakes;
mod outcome;
mod preview;
mod rows;
mod table;
pub mod tenants;

use crate::act::{
    self,
    ask::{self, About},
    dry_run, input,
};
use crate::args::{Many, Options, flag_of};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session;
use crate::show::{self, Format, Shown};
use cipp_client::catalogue::{Action, Kind, OutputShape, Type};
use cipp_client::{ActionRequest, Batch, Client};
use clap::ArgMatches;
use clap::parser::ValueSource;
use mistakes::Mistakes;
use outcome::Reading;
use rows::Call;
use serde_json::Value;
use std::io::Write as _;
use std::time::Duration;

/// Makes the calls, or shows what they would send.
pub async fn run(
    action: &'static Action,
    matches: &ArgMatches,
    options: &Options,
    many: &Many,
) -> Result<Exit, Failure> {
    if options.save.is_some() {
        return Err(Failure::usage("--save keeps one file, and these are many calls"));
    }
    let client = || {
        let client = session::client_for(many.concurrency)?;
        crate::act::check_instance(&client, options)?;
        Ok::<Client, Failure>(client)
    };
    let calls = calls(action, matches, many, client).await?;
    if let Some(form) = options.dry_run {
        let offline = session::offline()?;
        let shown =
            calls.iter().map(|call| dry_run::shown(&offline, &call.request, form)).collect::<Result<Vec<_>, _>>()?;
        std::io::stdout().lock().write_all(shown.join("\n").as_bytes())?;
        return Ok(Exit::Done);
    }
    let client = client()?;
    check_journal(many)?;
    let batch = batch(&client, &calls, options, many);
    let batch = agree(action, &client, &calls, batch, matches, options, many).await?;
    act::warn_of_repeats(action.kind, options);
    let reading = Reading {
        data: action.kind == Kind::Read && !matches!(action.outputs.shape, OutputShape::Results),
        numbered: many.from.is_some(),
        reveal: options.reveal,
    };
    let stream = options.format == Some(Format::Ndjson) && options.select.is_row_by_row();
    let each = |index: usize, told: &outcome::Told| match calls.get(index) {
        Some(call) => print(&told.shown(index + 1, call, reading).into(), action, options, reading),
        None => Ok(()),
    };
    let mut driven = drive::drive(batch, calls.len(), options.fail_on_warning, options.quiet, stream, each).await;
    for told in driven.told.iter_mut().filter(|told| told.is_none()) {
        *told = Some(outcome::Told::abandoned(action.kind != Kind::Read));
    }
    let mut printed = std::mem::replace(&mut driven.shown, Ok(()));
    if !stream {
        let numbered = (1..).zip(driven.told.iter().flatten().zip(&calls));
        let rows: Value = numbered.flat_map(|(number, (told, call))| told.shown(number, call, reading)).collect();
        printed = print(&rows, action, options, reading);
    }
    let ended = report(&driven, &calls, reading, options, many);
    match (printed, ended) {
        // Whoever read the result has all it wants; what came of the calls still counts.
        (Err(failure), ended) if failure.exit == Exit::Done => ended,
        (Err(failure), Ok(_)) => Err(failure),
        (Err(failure), ended) => {
            drive::say(&failure.message);
            ended
        }
        (Ok(()), ended) => ended,
    }
}

/// The calls that are meant. Everything is checked before the server is asked for its tenants.
async fn calls(
    action: &'static Action,
    matches: &ArgMatches,
    many: &Many,
    client: impl FnOnce() -> Result<Client, Failure>,
) -> Result<Vec<Call>, Failure> {
    let over_tenants = many.over_tenants();
    if over_tenants {
        let property = rows::tenant_property(action)?;
        if matches.value_source(&format!("property:{}", property.rust)) == Some(ValueSource::CommandLine) {
            return Err(Failure::usage(format!(
                "--{} names one tenant, and --tenants, --tenant-group or --all-tenants others",
                flag_of(property)
            )));
        }
    }
    let base = input::values(action, matches)?;
    let mut mistakes = Mistakes::default();
    let table = many.from.as_deref().map(|path| table::read(path, &mut mistakes)).transpose()?;
    let make = |tenants: Option<&[String]>| match (&table, tenants) {
        (Some(table), tenants) => rows::of_table(action, &base, table, tenants, mistakes.clone()),
        (None, tenants) => rows::for_tenants(action, &base, tenants.unwrap_or_default()),
    };
    if !over_tenants {
        return make(None);
    }
    make(Some(&["example.onmicrosoft.com".to_owned()]))?;
    make(Some(&tenants::named(client, many).await?))
}

/// A wrong name must neither overwrite a journal nor do everything again.
fn check_journal(many: &Many) -> Result<(), Failure> {
    let Some(path) = &many.journal else { return Ok(()) };
    let shown = path.display();
    match (many.resume, path.exists()) {
        (true, false) => Err(Failure::usage(format!("there is no journal {shown}")).hint("--journal begins one")),
        (false, true) => {
            Err(Failure::usage(format!("there is a journal {shown} already")).hint("--resume goes on with it"))
        }
        _ => Ok(()),
    }
}

fn batch(client: &Client, calls: &[Call], options: &Options, many: &Many) -> Batch<ActionRequest> {
    let mut batch = client.batch(calls.iter().map(|call| call.request.clone())).repeat_in_doubt(many.repeat_in_doubt);
    if let Some(calls) = many.concurrency {
        batch = batch.concurrency(calls);
    }
    if let Some(size) = many.size {
        batch = batch.size(size).interval(many.interval.unwrap_or(Duration::from_secs(1)));
    }
    if options.retry_writes && calls.iter().any(|call| call.request.action().kind != Kind::Read) {
        batch = batch.idempotent(true);
    }
    if let Some(limit) = options.waiting.limit {
        batch = batch.timeout(limit);
    }
    match &many.journal {
        Some(path) if many.resume => batch.resume(path),
        Some(path) => batch.journal(path),
        None => batch,
    }
}

/// Shows what is about to happen, and asks where that is needed.
async fn agree(
    action: &'static Action,
    client: &Client,
    calls: &[Call],
    batch: Batch<ActionRequest>,
    matches: &ArgMatches,
    options: &Options,
    many: &Many,
) -> Result<Batch<ActionRequest>, Failure> {
    let write = action.kind != Kind::Read;
    let plan = batch.plan().await?;
    let source = match &many.from {
        Some(path) if path == "-" => "from standard input".to_owned(),
        Some(path) => format!("from {path}"),
        None => "tenant by tenant".to_owned(),
    };
    let instance = client.url().to_string();
    if write && !options.quiet {
        let text = preview::preview(action, &instance, &source, calls, &plan);
        // Without a reader there is nobody to tell.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
    let no_input = matches.get_flag("no-input");
    let mut count = plan.sent.len();
    let mut batch = batch;
    if !plan.in_doubt.is_empty() && ask::can_ask(no_input) {
        let rows: Vec<String> = plan.in_doubt.iter().take(20).map(|index| (index + 1).to_string()).collect();
        let more = if plan.in_doubt.len() > 20 { " and more" } else { "" };
        let wanted = plan.in_doubt.len().to_string();
        let question = format!(
            "{wanted} rows may have been done already: {}{more}. Look at what they should have changed.\nType {wanted} to do them again, or nothing to leave them: ",
            rows.join(", ")
        );
        if ask::answer(&question)?.eq_ignore_ascii_case(&wanted) {
            count += plan.in_doubt.len();
            batch = batch.repeat_in_doubt(true);
        }
    }
    if write && count > 0 {
        let mut tenants: Vec<&str> =
            calls.iter().map(|call| call.tenant.as_str()).filter(|tenant| !tenant.is_empty()).collect();
        tenants.sort_unstable();
        tenants.dedup();
        let all = tenants.iter().any(|tenant| tenant.eq_ignore_ascii_case("AllTenants"));
        let tenant = match tenants.as_slice() {
            [] => String::new(),
            [tenant] => (*tenant).to_owned(),
            _ if all => "AllTenants and others".to_owned(),
            tenants => format!("{} tenants", tenants.len()),
        };
        let target = match &many.from {
            Some(path) => format!("the rows of {}", if path == "-" { "standard input" } else { path }),
            None => calls.first().map(|call| act::target_of(&call.request)).unwrap_or_default(),
        };
        let about = About { action, instance: &instance, tenant: &tenant, target: &target, count, unit: "call" };
        ask::confirm(&about, options.yes, no_input, all || count > 1)?;
    }
    Ok(batch)
}

fn print(rows: &Value, action: &Action, options: &Options, reading: Reading) -> Result<(), Failure> {
    let known = match action.outputs.shape {
        OutputShape::List(Type::Model(table)) | OutputShape::Object(Type::Model(table)) if reading.data => {
            table.schema().fields.iter().map(|field| field.name).collect()
        }
        _ => Vec::new(),
    };
    show::print(&Shown { value: rows, known }, show::format_or_default(options.format), &options.select)
}

/// Says how it went, and what to do about the rest.
fn report(
    driven: &drive::Driven,
    calls: &[Call],
    reading: Reading,
    options: &Options,
    many: &Many,
) -> Result<Exit, Failure> {
    let told = || driven.told.iter().flatten();
    let exit = outcome::exit_of(told(), driven.interrupted);
    let summary = match calls.len() {
        0 => "there are no rows, so nothing was done".to_owned(),
        count => format!("{} of {count}", outcome::summary(told())),
    };
    if !reading.reveal && told().any(|told| !told.secrets.is_empty()) {
        drive::say("the answers hold secrets; --reveal shows them");
    }
    if reading.data && told().any(|told| told.state == "already done") && !options.quiet {
        drive::say("what was read in an earlier run is not in this output");
    }
    if exit == Exit::Done {
        if !options.quiet {
            drive::say(&summary);
        }
        return Ok(exit);
    }
    let mut message = summary;
    let troubles = outcome::troubles(&driven.told, calls);
    // Standard output tells of each row; what is in doubt is said twice, and what has no row there must be said here.
    let said = |trouble: &&Value| reading.data || trouble.get("state").is_some_and(|state| state == "in doubt");
    let text = |trouble: &Value, name: &str| match trouble.get(name) {
        Some(Value::String(text)) => show::clean(text),
        other => other.map(ToString::to_string).unwrap_or_default(),
    };
    for trouble in
        troubles.as_array().into_iter().flatten().filter(said).filter(|trouble| text(trouble, "state") != "not started")
    {
        let parts = ["row", "tenant", "state", "text"].map(|name| text(trouble, name));
        message.push_str(&format!("\n  {}", parts.join("  ")));
    }
    let hint = match &many.journal {
        Some(path) => format!("the same command with --resume {} goes on", path.display()),
        None if driven.interrupted => "with --journal FILE, --resume FILE could go on".to_owned(),
        None => String::new(),
    };
    Err(Failure::new(exit, message).hint(hint).rows(troubles))
}
