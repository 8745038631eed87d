//! `cipp search`: actions by words.

use crate::args::{format_of, kebab};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::{self, Select, Shown};
use cipp_client::catalogue::{self, Action};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Value, json};

pub fn command() -> Command {
    Command::new("search")
        .about("Find actions by words of their titles and descriptions")
        .arg(
            Arg::new("words")
                .required(true)
                .action(ArgAction::Append)
                .value_name("WORDS")
                .help("All of them must be found"),
        )
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("N")
                .value_parser(clap::value_parser!(usize))
                .default_value("20")
                .help("At most so many"),
        )
}

pub fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let words: Vec<String> =
        matches.get_many::<String>("words").into_iter().flatten().map(|word| word.to_lowercase()).collect();
    let limit = matches.get_one::<usize>("limit").copied().unwrap_or(20);
    let mut found: Vec<(u32, &Action)> =
        catalogue::actions().iter().filter_map(|action| Some((weight(action, &words)?, *action))).collect();
    // The heaviest first; the order of the catalogue among equals.
    found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let rows: Value = found
        .iter()
        .take(limit)
        .map(|(_, action)| {
            json!({
                "command": format!("{} {}", kebab(action.module), kebab(action.call)),
                "title": action.title,
                "endpoint": action.endpoint(),
                "summary": action.summary,
            })
        })
        .collect();
    let format = show::format_or_default(format_of(matches)?);
    show::print(
        &Shown { value: &rows, known: vec!["command", "title", "summary", "endpoint"] },
        format,
        &Select::default(),
    )?;
    if found.is_empty() {
        let near = args_near(&words);
        return Err(Failure::new(Exit::Failed, format!("no action matches {}", words.join(" "))).hint(near));
    }
    Ok(Exit::Done)
}

fn args_near(words: &[String]) -> String {
    let near = crate::args::suggest(&words.join("-"), 5);
    if near.is_empty() { "try fewer or other words".to_owned() } else { format!("did you mean: {}", near.join(", ")) }
}

/// How well an action fits: every word must be found somewhere; titles count most.
fn weight(action: &Action, words: &[String]) -> Option<u32> {
    let title = action.title.to_lowercase();
    let names = format!("{} {} {} {}", action.module, action.call, action.endpoint(), action.category).to_lowercase();
    let summary = action.summary.to_lowercase();
    let rest = format!("{} {}", action.details, action.use_cases.join(" ")).to_lowercase();
    words.iter().try_fold(0, |sum, word| {
        // "mailboxes" also finds "mailbox".
        let stem =
            word.strip_suffix("es").or_else(|| word.strip_suffix('s')).filter(|stem| stem.len() > 2).unwrap_or(word);
        let weight =
            [(&title, 8), (&names, 5), (&summary, 3), (&rest, 1)].into_iter().find(|(text, _)| text.contains(stem))?.1;
        Some(sum + weight)
    })
}
