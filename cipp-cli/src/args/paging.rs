//! The options of lists that the server sends page by page.

use clap::{Arg, ArgMatches, value_parser};

/// The heading under which the help lists them.
const HEADING: &str = "Page by page";

/// Which pages are wanted.
#[derive(Debug, Clone)]
pub struct Paged {
    /// At most so many.
    pub max: Option<usize>,
    /// Where the first of them starts, by the word of an earlier run.
    pub from: Option<String>,
}

/// The options. What is meant for one whole list, or for many calls, does not go with them.
pub fn paging_options() -> Vec<Arg> {
    let value = |name: &'static str, what: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(what).help(help).help_heading(HEADING).conflicts_with_all([
            "dry-run",
            "tenants",
            "all-tenants",
            "tenant-group",
            "from",
        ])
    };
    vec![
        value("max-pages", "N", "Ask page by page, and stop after so many; standard error says how to go on")
            .value_parser(value_parser!(u64).range(1..)),
        value("from-page", "TOKEN", "Go on where an earlier run stopped"),
    ]
}

/// What they say; nothing where all is asked for at once, or the action has no pages.
pub fn paged_of(matches: &ArgMatches) -> Option<Paged> {
    let max = matches.try_get_one::<u64>("max-pages").ok().flatten();
    let from = matches.try_get_one::<String>("from-page").ok().flatten();
    (max.is_some() || from.is_some())
        .then(|| Paged { max: max.map(|pages| usize::try_from(*pages).unwrap_or(usize::MAX)), from: from.cloned() })
}
