//! The options for many calls at once.

use crate::failure::Failure;
use clap::{Arg, ArgAction, ArgMatches, ValueHint, value_parser};
use std::path::PathBuf;
use std::time::Duration;

/// The heading under which the help lists them.
const HEADING: &str = "Many at once";

/// Many calls at once: where they come from, and how they are made.
#[derive(Debug, Clone, Default)]
pub struct Many {
    /// One call for each of these tenants.
    pub tenants: Vec<String>,
    /// One call for each tenant of the server.
    pub all_tenants: bool,
    /// One call for each member of these groups of tenants.
    pub groups: Vec<String>,
    /// Not for these.
    pub except: Vec<String>,
    /// One call for each row of this file.
    pub from: Option<String>,
    /// How many are under way at once.
    pub concurrency: Option<usize>,
    /// How many make one portion.
    pub size: Option<usize>,
    /// The rest between two portions.
    pub interval: Option<Duration>,
    /// Where it is noted what was done.
    pub journal: Option<PathBuf>,
    /// Whether the journal is there already, and says what was done.
    pub resume: bool,
    /// Whether writes are repeated that may have been done.
    pub repeat_in_doubt: bool,
}

impl Many {
    /// Whether tenants are named, in whatever way.
    pub fn over_tenants(&self) -> bool {
        self.all_tenants || !self.tenants.is_empty() || !self.groups.is_empty()
    }
}

/// The options.
pub fn many_options() -> Vec<Arg> {
    let value = |name: &'static str, what: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(what).help(help).help_heading(HEADING)
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help).help_heading(HEADING)
    };
    let count = || value_parser!(u64).range(1..=10_000);
    vec![
        value("tenants", "A,B", "One call for each of these tenants")
            .value_delimiter(',')
            .conflicts_with_all(["all-tenants", "tenant-group"]),
        flag("all-tenants", "One call for each tenant of the server"),
        value("tenant-group", "NAME", "One call for each tenant of this group; several with commas")
            .value_delimiter(',')
            .conflicts_with("all-tenants"),
        value("except", "A,B", "Leave these tenants out").value_delimiter(','),
        value(
            "from",
            "FILE",
            "One call for each row of a CSV or JSON lines file, or of standard input (-); columns are properties, flags fill what a row leaves empty",
        )
        .value_hint(ValueHint::FilePath),
        value("concurrency", "N", "How many calls are under way at once [default: 4]")
            .value_parser(value_parser!(u64).range(1..=64)),
        value("size", "N", "Make the calls in portions of so many").value_parser(count()),
        value("interval", "SECONDS", "Rest so long between two portions [default: 1]")
            .value_parser(seconds)
            .requires("size"),
        value("journal", "FILE", "Note in a new file which rows were done, so that --resume can go on")
            .value_hint(ValueHint::FilePath),
        value("resume", "FILE", "Go on with a journal: rows that were done are skipped")
            .value_hint(ValueHint::FilePath)
            .conflicts_with("journal"),
        flag("repeat-in-doubt", "With --resume: do rows again that may have been done already").requires("resume"),
    ]
}

/// What they say; nothing where one call is meant.
pub fn many_of(matches: &ArgMatches) -> Result<Option<Many>, Failure> {
    let all = |name: &str| {
        let texts = matches.get_many::<String>(name).into_iter().flatten();
        texts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    let number = |name: &str| matches.get_one::<u64>(name).and_then(|number| usize::try_from(*number).ok());
    let path = |name: &str| matches.get_one::<String>(name).map(PathBuf::from);
    let many = Many {
        tenants: all("tenants"),
        all_tenants: matches.get_flag("all-tenants"),
        groups: all("tenant-group"),
        except: all("except"),
        from: matches.get_one::<String>("from").cloned(),
        concurrency: number("concurrency"),
        size: number("size"),
        interval: matches.get_one::<Duration>("interval").copied(),
        resume: matches.contains_id("resume"),
        journal: path("journal").or_else(|| path("resume")),
        repeat_in_doubt: matches.get_flag("repeat-in-doubt"),
    };
    let given = |name: &&str| matches.value_source(name) == Some(clap::parser::ValueSource::CommandLine);
    for (name, texts) in [("tenants", &many.tenants), ("tenant-group", &many.groups)] {
        if given(&name) && texts.is_empty() {
            return Err(Failure::usage(format!("--{name} names none")));
        }
    }
    if many.from.is_none() && !many.over_tenants() {
        let alone = ["except", "concurrency", "size", "interval", "journal", "resume"];
        return match alone.iter().find(|name| given(name)) {
            Some(name) => Err(Failure::usage(format!("--{name} is about many calls"))
                .hint("say which: --from FILE, --tenants A,B, --tenant-group NAME or --all-tenants")),
            None => Ok(None),
        };
    }
    if !many.except.is_empty() && !many.over_tenants() {
        let message =
            "--except leaves tenants out of --tenants, --tenant-group or --all-tenants; there is none of them";
        return Err(Failure::usage(message));
    }
    Ok(Some(many))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| *time <= Duration::from_secs(86_400))
        .ok_or_else(|| "not between 0 and 86400".to_owned())
}
