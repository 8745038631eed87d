//! The tree of commands.

use super::names::{Named, flag_of, kebab, named, suggest};
use super::options::{action_options, common};
use crate::exit;
use crate::failure::Failure;
use cipp_client::catalogue::{self, Action, Kind, Type};
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};
use std::collections::BTreeMap;

/// A few lines for the start.
pub const EXAMPLES: &str = "\
Examples:
  cipp demo                                       a morning's work on a made-up server
  cipp users list --tenant contoso.onmicrosoft.com
  cipp ListUsers --tenant contoso.onmicrosoft.com -o csv
  cipp users reset-password --tenant contoso.onmicrosoft.com --user-id jane@contoso.com --dry-run
  cipp search mailbox permission";

/// What the words say.
pub enum Parsed {
    /// An action, and its values and options.
    Action(&'static Action, ArgMatches),
    /// A command of our own.
    Own(String, ArgMatches),
}

/// Reads the words.
pub fn parse(words: &[String]) -> Result<Parsed, Failure> {
    let first = word_at(words, 0);
    let second = word_at(words, 1);
    let own = crate::commands::all();
    let known = first.is_none_or(|first| {
        own.iter().any(|command| command.get_name() == first || command.get_all_aliases().any(|alias| alias == first))
            || first == "help"
    });
    let module = first.map(kebab).filter(|first| modules().contains_key(first.as_str()));
    let mut by_name = None;
    if let (Some(first), false, None) = (first, known, &module) {
        match named(first) {
            Named::Action(action) => by_name = Some((first.to_owned(), action)),
            Named::Several(actions) => return Err(several(first, &actions)),
            Named::Nothing => return Err(unknown(first)),
        }
    }
    if let (Some(module), Some(second)) = (&module, second) {
        let calls = actions_of(module);
        if second != "help" && !calls.iter().any(|action| kebab(action.call) == kebab(second)) {
            return Err(unknown_verb(module, second, &calls));
        }
    }
    let mut root = root(own);
    for (name, summary) in modules() {
        let chosen = module.as_deref() == Some(name.as_str());
        let mut command =
            Command::new(name.clone()).about(summary).subcommand_required(true).arg_required_else_help(true);
        if chosen {
            for action in actions_of(&name) {
                let verb = kebab(action.call);
                let whole = second.is_some_and(|second| kebab(second) == verb);
                command = command.subcommand(if whole { of_action(verb, action) } else { stub(verb, action) });
            }
        }
        let other = name.replace('-', "_");
        root = root.subcommand(if other == name { command } else { command.alias(other) });
    }
    if let Some((name, action)) = &by_name {
        root = root.subcommand(of_action(name.clone(), action).hide(true));
    }
    let matches = root.try_get_matches_from(words).map_err(told)?;
    let Some((name, inner)) = matches.subcommand() else { return Err(Failure::usage("say what to do")) };
    if let Some((_, action)) = by_name {
        return Ok(Parsed::Action(action, inner.clone()));
    }
    if let Some((verb, values)) = module.as_deref().filter(|module| *module == name).and_then(|_| inner.subcommand())
        && let Some(action) = actions_of(name).into_iter().find(|action| kebab(action.call) == verb)
    {
        return Ok(Parsed::Action(action, values.clone()));
    }
    Ok(Parsed::Own(name.to_owned(), inner.clone()))
}

/// The whole tree, for completions and manual pages.
pub fn whole() -> Command {
    let mut root = root(crate::commands::all());
    for (name, summary) in modules() {
        let mut command = Command::new(name.clone()).about(summary).subcommand_required(true);
        for action in actions_of(&name) {
            command = command.subcommand(of_action(kebab(action.call), action));
        }
        root = root.subcommand(command);
    }
    root
}

fn root(own: Vec<Command>) -> Command {
    Command::new("cipp")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Every action of the CIPP API from a terminal, over one tenant or all of them")
        .after_help(format!("{EXAMPLES}\n\n{}", exit::HELP))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(common())
        .subcommands(own)
}

/// The categories, as they are typed, and what they are about.
fn modules() -> BTreeMap<String, String> {
    catalogue::actions().iter().map(|action| (kebab(action.module), format!("Category: {}", action.category))).collect()
}

fn actions_of(module: &str) -> Vec<&'static Action> {
    catalogue::actions().iter().copied().filter(|action| kebab(action.module) == module).collect()
}

/// The word number `number` that is no flag, nor the value of one of the command's own flags.
fn word_at(words: &[String], number: usize) -> Option<&str> {
    let takes_value = |word: &str| matches!(word, "-o" | "--output" | "--profile" | "--color");
    let mut skip = false;
    words
        .iter()
        .skip(1)
        .filter(|word| {
            let is_word = !skip && !word.starts_with('-');
            skip = !skip && takes_value(word);
            is_word
        })
        .nth(number)
        .map(String::as_str)
}

fn stub(name: String, action: &'static Action) -> Command {
    Command::new(name).about(action.summary)
}

/// The command of an action, with a flag for each property.
fn of_action(name: String, action: &'static Action) -> Command {
    let mut command = Command::new(name)
        .about(action.summary)
        .after_help(crate::commands::about(action))
        .args(action_options())
        .args(super::many::many_options());
    for property in action.properties {
        let flag = flag_of(property);
        let mut arg = Arg::new(format!("property:{}", property.rust))
            .long(flag.clone())
            .help(help_of(property))
            .help_heading("Properties")
            .value_hint(ValueHint::Other)
            .value_name(crate::commands::type_of(property.ty));
        let wire = property.name.to_owned();
        if wire != flag
            && wire.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            && wire.len() > 1
            && !super::names::is_taken(&wire)
            && !action.properties.iter().any(|other| flag_of(other) == wire)
        {
            arg = arg.alias(wire);
        }
        arg = match property.ty {
            Type::Bool => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
            Type::List(_) => arg.action(ArgAction::Append),
            _ => arg,
        };
        if matches!(property.ty, Type::Tenant) && flag == "tenant" {
            arg = arg.short('t');
        }
        command = command.arg(arg);
    }
    if action.kind != Kind::Read {
        command = command.before_help(match action.kind {
            Kind::Destructive => "This cannot be undone.",
            _ => "This changes something.",
        });
    }
    command
}

fn help_of(property: &catalogue::Property) -> String {
    let mut help = property.doc.to_owned();
    if property.required {
        help.push_str(" [required]");
    }
    if property.secret {
        help.push_str(" [secret: @FILE, @- or env:NAME]");
    }
    if !property.default.is_empty() {
        help.push_str(&format!(" [default: {}]", property.default));
    }
    if let Type::Choice(values) = property.ty
        && !values.is_empty()
    {
        help.push_str(&format!(" [known: {}]", values.join(", ")));
    }
    help
}

fn several(word: &str, actions: &[&'static Action]) -> Failure {
    let lines: Vec<String> = actions
        .iter()
        .map(|action| format!("  cipp {} {}   {}", kebab(action.module), kebab(action.call), action.summary))
        .collect();
    Failure::usage(format!("{word} does several things; say which:\n{}", lines.join("\n"))).hint(format!(
        "{word}/VERB names one too, such as {word}/{}",
        actions.first().map(|action| kebab(action.call)).unwrap_or_default()
    ))
}

fn unknown(word: &str) -> Failure {
    let near = suggest(word, 5);
    let failure = Failure::usage(format!("there is no command or action '{word}'"));
    if near.is_empty() {
        failure.hint(format!("cipp search {word}   looks in titles and descriptions"))
    } else {
        failure.hint(format!("did you mean: {}", near.join(", ")))
    }
}

fn unknown_verb(module: &str, word: &str, actions: &[&'static Action]) -> Failure {
    let mut verbs: Vec<(usize, String)> = actions
        .iter()
        .map(|action| kebab(action.call))
        .map(|verb| (if verb.contains(&kebab(word)) { 0 } else { strsim::osa_distance(&verb, &kebab(word)) }, verb))
        .collect();
    verbs.sort();
    let near: Vec<String> = verbs.into_iter().take(4).map(|(_, verb)| format!("{module} {verb}")).collect();
    Failure::usage(format!("{module} has no action '{word}'"))
        .hint(format!("did you mean: {}; cipp {module} --help lists all", near.join(", ")))
}

/// What clap says; help and version are no failures.
fn told(error: clap::Error) -> Failure {
    use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    match error.kind() {
        DisplayHelp | DisplayVersion => match error.print() {
            Ok(()) => Failure::new(exit::Exit::Done, ""),
            Err(error) => error.into(),
        },
        DisplayHelpOnMissingArgumentOrSubcommand => {
            // The help is an answer to an incomplete line: shown, and not a success.
            let _ = error.print();
            Failure::new(exit::Exit::Usage, "")
        }
        _ => {
            let text = error.render().to_string();
            let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end().to_owned();
            Failure::usage(text)
        }
    }
}
