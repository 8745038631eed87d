//! Completions: what could come next on a command line, for the shells to offer.
//!
//! The scripts for the shells (`cipp completions SHELL`) know nothing: at each press of Tab they start `cipp complete`, which builds only
//! the branch of the tree that the words name. So a script does not grow old, and values of the server can be offered: from a cache.

mod cache;
mod kinds;
mod offer;
mod refresh;
mod shell;
mod values;

pub use cache::forget;
pub use kinds::remember;
pub use shell::{Shell, script};

use crate::exit::Exit;
use crate::failure::Failure;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::io::Write as _;

/// A text that could stand in the place of the word, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub value: String,
    pub about: String,
}

impl Candidate {
    pub fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self { value: value.into(), about: about.into() }
    }
}

/// What a shell is to offer.
#[derive(Debug, PartialEq, Eq)]
pub enum Offer {
    /// One of these.
    These(Vec<Candidate>),
    /// Names of files, which the shell knows best.
    Files,
}

/// More than that nobody reads, and some shells ask before they show it.
const MOST: usize = 500;

/// Scripts speak to it, people do not, so no list shows it.
pub fn command() -> Command {
    Command::new("complete")
        .hide(true)
        .about("What could come next on a command line, for the scripts of `cipp completions`")
        .arg(Arg::new("shell").required_unless_present("refresh").value_parser(Shell::NAMES))
        .arg(
            Arg::new("refresh")
                .long("refresh")
                .num_args(2)
                .help("Ask the server for values of this kind, for this tenant"),
        )
        .arg(Arg::new("word").long("word").default_value("").allow_hyphen_values(true).help("The word so far"))
        .arg(Arg::new("before").action(ArgAction::Append).last(true).help("The words before it"))
}

/// The profile that counts: that of the line in question.
pub fn profile(matches: &ArgMatches) -> Option<String> {
    matches.get_one("profile").cloned().or_else(|| kinds::value_in(&before(matches), &["--profile".to_owned()]))
}

fn before(matches: &ArgMatches) -> Vec<String> {
    matches.get_many::<String>("before").into_iter().flatten().cloned().collect()
}

pub async fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    if let Some([kind, tenant]) = matches.get_many::<String>("refresh").map(Iterator::collect::<Vec<_>>).as_deref() {
        return refresh::run(kind, tenant).await;
    }
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str).unwrap_or_default();
    let before = before(matches);
    let shell = Shell::named(text("shell"));
    let mut offer = offer::offer(&before, text("word"));
    if let Offer::These(candidates) = &mut offer {
        candidates.truncate(MOST);
    }
    std::io::stdout().lock().write_all(shell.lines(&offer).as_bytes())?;
    Ok(Exit::Done)
}
