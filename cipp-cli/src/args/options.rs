//! The options that every action has beside its properties.

use crate::failure::Failure;
use crate::show::{Format, Query, Select};
use clap::{Arg, ArgAction, ArgMatches, ValueHint, value_parser};
use std::time::Duration;

/// The heading under which the help lists them.
const HEADING: &str = "Options of every action";

/// The form in which a request is shown instead of being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DryForm {
    Http,
    Curl,
    PowerShell,
    Rust,
}

impl DryForm {
    /// The names on the command line.
    pub const NAMES: [&str; 4] = ["http", "curl", "powershell", "rust"];

    fn named(name: &str) -> Self {
        match name {
            "curl" => Self::Curl,
            "powershell" => Self::PowerShell,
            "rust" => Self::Rust,
            _ => Self::Http,
        }
    }
}

/// Whether to wait for what the server does in the background, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    pub wait: bool,
    pub limit: Option<Duration>,
}

/// What the options of an action say.
#[derive(Debug)]
pub struct Options {
    pub format: Option<Format>,
    pub select: Select,
    pub dry_run: Option<DryForm>,
    pub skeleton: bool,
    pub yes: bool,
    pub reveal: bool,
    pub quiet: bool,
    pub waiting: Waiting,
    pub save: Option<String>,
    pub expect_instance: Option<String>,
    /// Whether a warning counts as a failure.
    pub fail_on_warning: bool,
    /// Whether a write is repeated like a read, although it may then be done twice.
    pub retry_writes: bool,
}

/// The options of every action.
pub fn action_options() -> Vec<Arg> {
    let value = |name: &'static str, what: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(what).help(help).help_heading(HEADING)
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help).help_heading(HEADING)
    };
    vec![
        value("body", "JSON", "All properties as one JSON or YAML object: the text, @FILE, or @- for standard input"),
        value("set", "PATH=VALUE", "Set a nested value, such as user.0.label=Jane").action(ArgAction::Append),
        flag("skeleton", "Print a commented template of the properties, for --body"),
        value("dry-run", "FORM", "Show the exact request instead of sending it")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("http")
            .value_parser(DryForm::NAMES),
        flag("yes", "Do not ask before something is changed that cannot be brought back"),
        value("expect-instance", "TEXT", "Refuse to run unless the server's address contains this"),
        value("fail-on", "warning", "Treat warnings of the answer as failures (exit code 6)").value_parser(["warning"]),
        flag("retry-writes", "Send a change again when its answer is lost, although it may then be made twice"),
        flag("no-wait", "Do not wait for what the server collects in the background"),
        value("timeout", "SECONDS", "How long to wait in all").value_parser(value_parser!(u64).range(1..)),
        flag("reveal", "Show new passwords and other secrets of the answer"),
        value("save", "FILE", "Write a downloaded file here").value_hint(ValueHint::FilePath),
        value("columns", "A,B", "Only these columns, in this order").value_delimiter(','),
        value("where", "COLUMN=VALUE", "Only rows with this value; also != ~ (contains) > < >= <=")
            .action(ArgAction::Append),
        value("sort", "COLUMN", "Sort by a column; -COLUMN for the other way round").allow_hyphen_values(true),
        value("limit", "N", "At most so many rows").value_parser(value_parser!(usize)),
        flag("count", "Only the number of rows"),
        value("query", "JMESPATH", "A JMESPath expression over the whole result; @FILE reads it from a file"),
        value("jq", "FILTER", "The same in the language of jq, @FILE too; several results become a list")
            .conflicts_with("query"),
        flag("wide", "All columns, however wide the terminal is"),
    ]
}

impl Options {
    /// Reads them.
    pub fn of(matches: &ArgMatches) -> Result<Self, Failure> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let all = |name: &str| matches.get_many::<String>(name).into_iter().flatten().cloned().collect::<Vec<_>>();
        let read = |query: String| match query.strip_prefix('@') {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| Failure::usage(format!("the query in {path} cannot be read: {error}"))),
            None => Ok(query),
        };
        let query = match (text("query"), text("jq")) {
            (Some(query), _) => Some(Query::JmesPath(read(query)?)),
            (None, Some(filter)) => Some(Query::Jq(read(filter)?)),
            (None, None) => None,
        };
        Ok(Self {
            format: format_of(matches)?,
            select: Select {
                columns: all("columns"),
                conditions: all("where").iter().map(|text| text.parse()).collect::<Result<_, _>>()?,
                sort: text("sort"),
                limit: matches.get_one::<usize>("limit").copied(),
                count: matches.get_flag("count"),
                query,
                wide: matches.get_flag("wide"),
                quiet: matches.get_flag("quiet"),
            },
            dry_run: text("dry-run").map(|name| DryForm::named(&name)),
            skeleton: matches.get_flag("skeleton"),
            yes: matches.get_flag("yes"),
            reveal: matches.get_flag("reveal"),
            quiet: matches.get_flag("quiet"),
            waiting: Waiting {
                wait: !matches.get_flag("no-wait"),
                limit: matches.get_one::<u64>("timeout").map(|seconds| Duration::from_secs(*seconds)),
            },
            save: text("save"),
            expect_instance: text("expect-instance"),
            fail_on_warning: text("fail-on").is_some(),
            retry_writes: matches.get_flag("retry-writes"),
        })
    }
}

/// The format that was asked for.
pub fn format_of(matches: &ArgMatches) -> Result<Option<Format>, Failure> {
    matches.get_one::<String>("output").map(|name| name.parse()).transpose()
}

/// The options of the command itself.
pub fn common() -> Vec<Arg> {
    vec![
        Arg::new("output")
            .short('o')
            .long("output")
            .global(true)
            .value_name("FORMAT")
            .value_parser(Format::names())
            .help("A table on a terminal and JSON elsewhere, unless this says otherwise"),
        Arg::new("profile").long("profile").global(true).value_name("NAME").help("Which sign-in to use"),
        Arg::new("color")
            .long("color")
            .global(true)
            .value_name("WHEN")
            .value_parser(["auto", "always", "never"])
            .help("Whether to use colour; NO_COLOR is obeyed"),
        Arg::new("quiet")
            .short('q')
            .long("quiet")
            .global(true)
            .action(ArgAction::SetTrue)
            .help("No progress and no hints"),
        Arg::new("no-input").long("no-input").global(true).action(ArgAction::SetTrue).help("Never ask anything"),
    ]
}
