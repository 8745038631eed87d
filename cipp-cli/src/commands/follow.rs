//! `cipp queue` and `cipp task`: work that the server does in the background, and following it to its end.

use crate::args::format_of;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session;
use crate::show::{self, Select, Shown};
use crate::signal::interrupted;
use cipp_client::{QueueState, RawRequest, TaskReport, WaitProgress};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::{Value, json};
use std::io::IsTerminal as _;
use std::time::Duration;

/// `cipp queue`.
pub fn queue() -> Command {
    Command::new("queue")
        .about("Look at what the server collects in the background")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("list").about("List background work"))
        .subcommand(
            follow("Wait until background work has ended")
                .arg(id("Id of the work, as the answer that says 'queued' names it")),
        )
}

/// `cipp task`.
pub fn task() -> Command {
    Command::new("task")
        .about("Look at scheduled tasks")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            follow("Wait until a scheduled task has run, and show what it did")
                .arg(id("Id of the task, which the server calls RowKey")),
        )
}

fn follow(about: &'static str) -> Command {
    Command::new("follow")
        .about(about)
        .arg(
            Arg::new("timeout")
                .long("timeout")
                .value_name("SECONDS")
                .value_parser(value_parser!(u64).range(1..))
                .help("How long to wait in all [default: 1800]"),
        )
        .arg(Arg::new("no-wait").long("no-wait").action(ArgAction::SetTrue).help("Only show how it stands"))
}

fn id(help: &'static str) -> Arg {
    Arg::new("id").required(true).value_name("ID").help(help)
}

/// Does what `cipp queue` says.
pub async fn run_queue(matches: &ArgMatches) -> Result<Exit, Failure> {
    let client = session::client()?;
    match matches.subcommand() {
        Some(("follow", inner)) if inner.get_flag("no-wait") => {
            let rows = client.call(RawRequest::get("ListCippQueue").query("QueueId", id_of(inner))).await?;
            print(inner, &rows, vec!["Name", "Status", "PercentComplete"])?;
            Ok(Exit::Done)
        }
        Some(("follow", inner)) => {
            let mut follow = client.follow_queue(id_of(inner)).cancel(interrupted());
            if let Some(limit) = limit(inner) {
                follow = follow.deadline(limit);
            }
            let line = ProgressLine::new(inner);
            if line.shown {
                follow = follow.on_progress(ProgressLine::tell);
            }
            let state = follow.await;
            line.clear();
            let state = state?;
            print(inner, &shown(&state), vec!["name", "status"])?;
            // Part of what was asked for is missing.
            Ok(if state.has_errors() { Exit::Partial } else { Exit::Done })
        }
        _ => {
            let rows = client.call(RawRequest::get("ListCippQueue")).await?;
            print(
                matches.subcommand().map_or(matches, |(_, inner)| inner),
                &rows,
                vec!["Name", "Status", "PercentComplete", "RowKey"],
            )?;
            Ok(Exit::Done)
        }
    }
}

/// Does what `cipp task` says.
pub async fn run_task(matches: &ArgMatches) -> Result<Exit, Failure> {
    let Some(("follow", inner)) = matches.subcommand() else {
        return Err(Failure::usage("say what to do with the task"));
    };
    let client = session::client()?;
    let task = client.task(id_of(inner));
    let report = if inner.get_flag("no-wait") {
        task.report().await?
    } else {
        let mut follow = task.follow().cancel(interrupted());
        if let Some(limit) = limit(inner) {
            follow = follow.deadline(limit);
        }
        let line = ProgressLine::new(inner);
        if line.shown {
            follow = follow.on_progress(ProgressLine::tell);
        }
        let report = follow.await;
        line.clear();
        report?
    };
    print(inner, &steps(&report), vec!["tenant", "state", "text", "at"])?;
    if report.is_ok() {
        return Ok(Exit::Done);
    }
    Err(Failure::new(
        Exit::Action,
        format!(
            "the task {} stands at {}, and {} steps failed",
            show::clean(&report.task.name),
            show::clean(&report.task.state),
            report.errors().count()
        ),
    ))
}

fn shown(state: &QueueState) -> Value {
    json!({
        "id": state.id, "name": state.name, "status": state.status, "percent": state.percent,
        "failed": state.failed, "failedCount": state.failed_count,
    })
}

/// A row for each step. What the server offers for copying is not shown.
fn steps(report: &TaskReport) -> Value {
    let mut rows = Vec::new();
    for run in &report.runs {
        for item in &run.results.items {
            rows.push(json!({ "tenant": run.tenant, "state": item.state.as_str(), "text": item.redacted_text(), "at": run.timestamp }));
        }
    }
    rows.into()
}

fn id_of(matches: &ArgMatches) -> String {
    matches.get_one::<String>("id").cloned().unwrap_or_default()
}

fn limit(matches: &ArgMatches) -> Option<Duration> {
    matches.get_one::<u64>("timeout").map(|seconds| Duration::from_secs(*seconds))
}

fn print(matches: &ArgMatches, value: &Value, known: Vec<&'static str>) -> Result<(), Failure> {
    show::print(&Shown { value, known }, show::format_or_default(format_of(matches)?), &Select::default())
}

/// One line on the terminal that says how it stands.
struct ProgressLine {
    shown: bool,
}

impl ProgressLine {
    fn new(matches: &ArgMatches) -> Self {
        Self { shown: !matches.get_flag("quiet") && std::io::stderr().is_terminal() }
    }

    fn tell(now: &WaitProgress) {
        eprint!("\r\u{1b}[2K{} ({} s)", show::clean(&now.message), now.elapsed.as_secs());
    }

    fn clear(&self) {
        if self.shown {
            eprint!("\r\u{1b}[2K");
        }
    }
}
