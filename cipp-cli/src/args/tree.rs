//! The tree of commands.

use super::names::{Named, flag_of, kebab, named, suggest};
use super::options::{action_options, common};
use crate::exit;
use crate::failure::Failure;
use cipp_client::catalogue::{self, Action, Kind, Type};
use clap::{Arg, ArgAction, ArgMatches, ColorChoice, Command, ValueHint};
use std::collections::BTreeMap;

/// A few lines for the start.
pub const EXAMPLES: &str = "\
Examples:
  cipp demo                                       a morning's work on a made-up server
  cipp users list --tenant contoso.onmicrosoft.com
  cipp ListUsers --tenant contoso.onmicrosoft.com -o csv
  cipp users reset-password --tenant contoso.onmicrosoft.com --user-id jane@contoso.com --dry-run
  cipp search mailbox permission";

/// What `cipp help` is about.
const HELP: &str = "Show the help of a command: cipp help users list";

/// What the words say.
pub enum Parsed {
    /// An action, and its values and options.
    Action(&'static Action, ArgMatches),
    /// A command of our own.
    Own(String, ArgMatches),
}

/// What the first words mean.
enum Branch {
    /// Nothing yet: the list of everything.
    Everything,
    /// A command of our own.
    Own(Box<Command>),
    /// A category; with a verb, the action.
    Category(String, Option<(String, &'static Action)>),
    /// An action by one of its own names.
    Named(String, &'static Action),
}

/// Reads the words.
pub fn parse(words: &[String]) -> Result<Parsed, Failure> {
    let words = &help_last(words);
    let (root, action) = grown(words)?;
    let matches = root.color(color(words)).try_get_matches_from(words).map_err(told)?;
    let Some((name, inner)) = matches.subcommand() else { return Err(Failure::usage("say what to do")) };
    Ok(match action {
        // Below a category stands the verb.
        Some(action) => Parsed::Action(action, inner.subcommand().map_or(inner, |(_, values)| values).clone()),
        None => Parsed::Own(name.to_owned(), inner.clone()),
    })
}

/// The tree with the branch that the words name, and the action at its end.
pub fn grown(words: &[String]) -> Result<(Command, Option<&'static Action>), Failure> {
    let branch = branch(word_at(words, 0), word_at(words, 1))?;
    let mut root = root();
    let action = match branch {
        Branch::Everything => {
            let categories = modules().into_iter().map(|(name, summary)| Command::new(name).about(summary));
            root = root
                .subcommands(crate::commands::all())
                .subcommands(categories)
                .subcommand(Command::new("help").about(HELP));
            None
        }
        Branch::Own(command) => {
            root = root.subcommand(*command);
            None
        }
        Branch::Category(name, Some((verb, action))) => {
            root = root.subcommand(category(&name).subcommand(of_action(verb, action)));
            Some(action)
        }
        Branch::Category(name, None) => {
            let verbs =
                actions_of(&name).into_iter().map(|action| Command::new(kebab(action.call)).about(action.summary));
            root = root.subcommand(category(&name).subcommands(verbs));
            None
        }
        Branch::Named(word, action) => {
            root = root.subcommand(of_action(word, action));
            Some(action)
        }
    };
    Ok((root, action))
}

/// Whether the help and the errors of the words are in colour, told from the words alone, because they may be wrong.
fn color(words: &[String]) -> ColorChoice {
    let value = |(at, word): (usize, &String)| match word.strip_prefix("--color") {
        Some("") => words.get(at + 1).cloned(),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    };
    match words.iter().enumerate().find_map(value).as_deref() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// Which branch of the tree the first words name. Only that one is built: all of them would be a thousand commands.
fn branch(first: Option<&str>, second: Option<&str>) -> Result<Branch, Failure> {
    let Some(first) = first else { return Ok(Branch::Everything) };
    let is = |command: &Command| command.get_name() == first || command.get_all_aliases().any(|alias| alias == first);
    if let Some(command) = crate::commands::all().into_iter().find(is) {
        return Ok(Branch::Own(Box::new(command)));
    }
    let module = kebab(first);
    let calls = actions_of(&module);
    if calls.is_empty() {
        return match named(first) {
            Named::Action(action) => Ok(Branch::Named(first.to_owned(), action)),
            Named::Several(actions) => Err(several(first, &actions)),
            Named::Nothing => Err(unknown(first)),
        };
    }
    let Some(second) = second else { return Ok(Branch::Category(first.to_owned(), None)) };
    match calls.iter().find(|action| kebab(action.call) == kebab(second)) {
        Some(action) => Ok(Branch::Category(first.to_owned(), Some((second.to_owned(), action)))),
        None => Err(unknown_verb(&module, second, &calls)),
    }
}

/// `cipp help users list` is `cipp users list --help`.
fn help_last(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    if word_at(&words, 0) == Some("help")
        && let Some(at) = words.iter().skip(1).position(|word| word == "help")
    {
        words.remove(at + 1);
        words.push("--help".to_owned());
    }
    words
}

/// The whole tree, for completions and manual pages.
pub fn whole() -> Command {
    let mut root = root().subcommands(crate::commands::all());
    for (name, summary) in modules() {
        let mut command = Command::new(name.clone()).about(summary).subcommand_required(true);
        for action in actions_of(&name) {
            command = command.subcommand(of_action(kebab(action.call), action));
        }
        root = root.subcommand(command);
    }
    root
}

fn root() -> Command {
    Command::new("cipp")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Every action of the CIPP API from a terminal, over one tenant or all of them")
        .after_help(format!("{EXAMPLES}\n\n{}", exit::HELP))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(common())
        .disable_help_subcommand(true)
}

/// A category as it was typed.
fn category(name: &str) -> Command {
    Command::new(name.to_owned())
        .about(modules().remove(&kebab(name)).unwrap_or_default())
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

/// The categories, as they are typed, and what they are about.
fn modules() -> BTreeMap<String, String> {
    let mut calls: BTreeMap<String, (&str, Vec<&str>)> = BTreeMap::new();
    for action in catalogue::actions() {
        calls.entry(kebab(action.module)).or_insert((action.category, Vec::new())).1.push(action.call);
    }
    let about = |category: &str, calls: &[&str]| {
        let some: Vec<String> = calls.iter().take(3).map(|call| kebab(call)).collect();
        let more = if calls.len() > 3 { format!(" and {} more", calls.len() - 3) } else { String::new() };
        format!("{category}: {}{more}", some.join(", "))
    };
    calls.into_iter().map(|(name, (category, calls))| (name, about(category, &calls))).collect()
}

fn actions_of(module: &str) -> Vec<&'static Action> {
    // Byte by byte, because this is asked of every action in every run.
    let same = |one: u8, other: u8| one == other || (one == b'_' && other == b'-');
    let is = |name: &str| {
        name.len() == module.len() && name.bytes().zip(module.bytes()).all(|(one, other)| same(one, other))
    };
    catalogue::actions().iter().copied().filter(|action| is(action.module)).collect()
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

/// The command of an action, with a flag for each property.
fn of_action(name: String, action: &'static Action) -> Command {
    let mut command = Command::new(name)
        .about(action.summary)
        .after_help(crate::commands::about(action))
        .args(action_options())
        .args(super::many::many_options());
    if action.paging.is_some() {
        command = command.args(super::paging::paging_options());
    }
    for property in action.properties {
        let flag = flag_of(property);
        let mut arg = Arg::new(format!("property:{}", property.rust))
            .long(flag.clone())
            .help(help_of(property))
            .help_heading("Properties")
            .value_hint(ValueHint::Other)
            .value_name(crate::commands::type_of(property.ty));
        let wire = property.name.to_owned();
        if wire != flag && wire.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') && wire.len() > 1
            && !super::names::is_taken(&wire)
            // Two properties of one name, one in the query and one in the body, go by their flags.
            && action.properties.iter().filter(|other| other.name == wire).count() == 1
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
