//! From the words of a command line to what could come next.

use super::values::{self, Asked};
use super::{Candidate, Offer};
use crate::args::{self, kebab};
use cipp_client::catalogue;
use clap::{Arg, ArgAction, Command};

/// What could stand in the place of `word`, after the words before it, of which the first is the name of the program.
pub fn offer(before: &[String], word: &str) -> Offer {
    // `cipp help users list` names the same commands as the line without "help".
    let before: Vec<String> = before
        .iter()
        .enumerate()
        .filter(|(at, text)| *at != 1 || *text != "help")
        .map(|(_, text)| text.clone())
        .collect();
    let Ok((root, action)) = args::grown(&before) else { return Offer::These(Vec::new()) };
    let place = Place::find(&root, &before);
    let asked = |arg| Asked { arg, action, before: &before };
    if before.iter().any(|text| text == "--") {
        return Offer::These(Vec::new());
    }
    if let Some(arg) = place.waiting {
        return values::offer(&asked(arg), word);
    }
    if let Some((flag, value)) = word.split_once('=').filter(|(flag, _)| flag.starts_with("--")) {
        let Some(arg) = place.named(flag) else { return Offer::These(Vec::new()) };
        return match values::offer(&asked(arg), value) {
            Offer::These(found) => Offer::These(
                found.into_iter().map(|one| Candidate::new(format!("{flag}={}", one.value), one.about)).collect(),
            ),
            Offer::Files => Offer::Files,
        };
    }
    if word.starts_with('-') {
        return Offer::These(place.flags(&before, word));
    }
    let mut found: Vec<Candidate> = place
        .command
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name().starts_with(word))
        .map(|command| Candidate::new(command.get_name(), first_line(command.get_about())))
        .collect();
    if place.depth == 0 && found.is_empty() {
        found = wire_names(word);
    }
    if place.command.has_subcommands() {
        return Offer::These(found);
    }
    if let Some(arg) = place.command.get_positionals().nth(place.positionals).or_else(|| last_repeated(place.command)) {
        return values::offer(&asked(arg), word);
    }
    // Where only a flag can come, a shell may as well say which.
    Offer::These(if word.is_empty() { place.flags(&before, "--") } else { Vec::new() })
}

/// Where in the tree the words lead.
struct Place<'t> {
    root: &'t Command,
    command: &'t Command,
    depth: usize,
    /// How many words there are that are neither commands nor flags.
    positionals: usize,
    /// The flag whose value comes next.
    waiting: Option<&'t Arg>,
}

impl<'t> Place<'t> {
    fn find(root: &'t Command, before: &[String]) -> Self {
        let mut place = Self { root, command: root, depth: 0, positionals: 0, waiting: None };
        for word in before.iter().skip(1) {
            if place.waiting.take().is_some() {
                continue;
            }
            if word.starts_with('-') && word.len() > 1 {
                place.waiting = place.named(word).filter(|arg| wants_value(arg));
            } else if let Some(below) = place.command.get_subcommands().find(|below| below.get_name() == word) {
                place.command = below;
                place.depth += 1;
            } else {
                place.positionals += 1;
            }
        }
        place
    }

    /// The arguments that count here: those of the command, and those that count everywhere.
    fn args(&self) -> impl Iterator<Item = &'t Arg> {
        let above = self.root.get_arguments().filter(|arg| arg.is_global_set());
        let here = self.command.get_arguments().filter(|arg| !arg.is_global_set());
        here.chain(above)
    }

    fn named(&self, flag: &str) -> Option<&'t Arg> {
        let is = |arg: &&Arg| match flag.strip_prefix("--") {
            Some(long) => {
                arg.get_long() == Some(long) || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&long))
            }
            None => flag
                .strip_prefix('-')
                .is_some_and(|short| arg.get_short().is_some_and(|letter| short.chars().eq(std::iter::once(letter)))),
        };
        self.args().find(is)
    }

    /// The flags that begin so. Those that count once are offered once; what the action needs comes first.
    fn flags(&self, before: &[String], word: &str) -> Vec<Candidate> {
        let given = |arg: &Arg, flag: &str| {
            let short = arg.get_short().map(|letter| format!("-{letter}"));
            !matches!(arg.get_action(), ArgAction::Append)
                && before.iter().any(|text| {
                    text == flag
                        || Some(text) == short.as_ref()
                        || text.strip_prefix(flag).is_some_and(|rest| rest.starts_with('='))
                })
        };
        let mut found: Vec<(bool, Candidate)> = self
            .args()
            .filter(|arg| !arg.is_hide_set() && arg.get_long().is_some())
            .filter_map(|arg| {
                let flag = format!("--{}", arg.get_long()?);
                let about = first_line(arg.get_help());
                let fine = flag.starts_with(word) && !given(arg, &flag);
                fine.then(|| (!about.contains("[required]"), Candidate::new(flag, about)))
            })
            .collect();
        if "--help".starts_with(word) {
            found.push((true, Candidate::new("--help", "Print help")));
        }
        found.sort_by_key(|(idle, _)| *idle);
        found.into_iter().map(|(_, candidate)| candidate).collect()
    }
}

/// Whether the next word is the flag's value.
fn wants_value(arg: &Arg) -> bool {
    let least = arg.get_num_args().map_or(1, |range| range.min_values());
    arg.get_action().takes_values() && !arg.is_require_equals_set() && least > 0
}

fn last_repeated(command: &Command) -> Option<&Arg> {
    command.get_positionals().last().filter(|arg| matches!(arg.get_action(), ArgAction::Append))
}

/// Actions by what the network tab of a browser shows. They are offered only to whoever began to type one.
fn wire_names(word: &str) -> Vec<Candidate> {
    if word.len() < 2 {
        return Vec::new();
    }
    let begins = |name: &str| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let mut found: Vec<Candidate> = catalogue::actions()
        .iter()
        .filter(|action| begins(action.endpoint()))
        .map(|action| Candidate::new(action.endpoint(), format!("{} {}", kebab(action.module), kebab(action.call))))
        .collect();
    found.sort_by(|one, other| one.value.cmp(&other.value));
    // An endpoint that does several things is one word all the same; the command then says which.
    found.dedup_by(|next, kept| {
        let same = next.value == kept.value;
        if same {
            kept.about = "does several things".to_owned();
        }
        same
    });
    found
}

fn first_line(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default().lines().next().unwrap_or_default().to_owned()
}
