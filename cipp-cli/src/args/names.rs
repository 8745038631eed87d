//! The names by which an action is called: category and verb, wire name, title.

use cipp_client::catalogue::{self, Action, Property};
use std::collections::BTreeSet;

/// Names of flags that belong to the command itself. A property of such a name gets `--property-` in front.
const TAKEN: &[&str] = &[
    "all-tenants",
    "body",
    "color",
    "columns",
    "concurrency",
    "count",
    "dry-run",
    "except",
    "expect-instance",
    "fail-on",
    "file",
    "from",
    "from-page",
    "help",
    "interval",
    "jq",
    "journal",
    "limit",
    "max-pages",
    "no-input",
    "no-wait",
    "output",
    "profile",
    "query",
    "quiet",
    "repeat-in-doubt",
    "resume",
    "retry-writes",
    "reveal",
    "save",
    "set",
    "size",
    "skeleton",
    "sort",
    "strict",
    "tenant-group",
    "tenants",
    "timeout",
    "version",
    "where",
    "wide",
    "yes",
];

/// What a word of the command line names.
#[derive(Debug)]
pub enum Named {
    /// One action.
    Action(&'static Action),
    /// A wire name that several actions share.
    Several(Vec<&'static Action>),
    /// Nothing in the catalogue.
    Nothing,
}

/// A name as it is typed: lower case, words joined by hyphens.
pub fn kebab(name: &str) -> String {
    name.replace('_', "-").to_ascii_lowercase()
}

/// The flag of a property, without its hyphens.
pub fn flag_of(property: &Property) -> String {
    let name = kebab(property.rust.trim_matches('_'));
    if TAKEN.contains(&name.as_str()) { format!("property-{name}") } else { name }
}

/// The action that a wire name, title, type name, one of these with `/verb`, or a title with its category names, as `describe` heads
/// its text: "Add User (User)". Case does not count.
pub fn named(word: &str) -> Named {
    // Titles may hold a slash or brackets themselves, so the whole word comes first.
    let mut found = all_named(word, None);
    if let (true, Some((word, verb))) = (found.is_empty(), word.rsplit_once('/')) {
        found = all_named(word, Some(&kebab(verb.trim())));
    }
    if let (true, Some((title, category))) = (found.is_empty(), word.trim().rsplit_once(" (")) {
        found = all_named(title, None);
        let category = category.trim_end_matches(')').trim();
        found.retain(|action| action.category.eq_ignore_ascii_case(category));
    }
    match found.as_slice() {
        [] => Named::Nothing,
        [action] => Named::Action(action),
        _ => Named::Several(found),
    }
}

fn all_named(word: &str, verb: Option<&str>) -> Vec<&'static Action> {
    let same = |name: &str| name.eq_ignore_ascii_case(word.trim());
    let by = |name: fn(&Action) -> &'static str| {
        let actions = catalogue::actions().iter().copied();
        actions
            .filter(|action| same(name(action)) && verb.is_none_or(|verb| kebab(action.call) == verb))
            .collect::<Vec<_>>()
    };
    let found = by(Action::endpoint);
    // A type name that is a wire name too means its own action.
    if found.len() > 1
        && let Some(own) = found.iter().find(|action| same(action.name))
    {
        return vec![own];
    }
    [found, by(|action| action.title), by(|action| action.name)]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// Names that are like a word that names nothing, the nearest first, in the form in which they are typed.
pub fn suggest(word: &str, limit: usize) -> Vec<String> {
    let lower = kebab(word);
    let mut near: Vec<(usize, String)> = Vec::new();
    let modules: BTreeSet<String> = catalogue::actions().iter().map(|action| kebab(action.module)).collect();
    // A category is what comes first on a line, so the one that is nearly it is meant.
    if let Some(module) = modules.iter().find(|module| strsim::osa_distance(module, &lower) == 1) {
        return vec![module.clone()];
    }
    let mut weigh = |name: &str, shown: String| {
        let name = kebab(name);
        let distance = if name.contains(&lower) && lower.len() > 3 { 0 } else { strsim::osa_distance(&name, &lower) };
        if distance <= lower.len().max(3) / 3 {
            near.push((distance, shown));
        }
    };
    modules.into_iter().for_each(|module| weigh(&module, module.clone()));
    for action in catalogue::actions() {
        let typed = format!("{} {}", kebab(action.module), kebab(action.call));
        weigh(action.endpoint(), typed.clone());
        weigh(action.title, typed);
    }
    near.sort();
    let mut names: Vec<String> = Vec::new();
    for (_, name) in near {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(limit);
    names
}

/// Whether a name is one of the command's own flags.
pub fn is_taken(name: &str) -> bool {
    TAKEN.contains(&kebab(name).as_str())
}

#[cfg(test)]
mod tests {
    use super::is_taken;

    /// Else a property of that name would take an option's place, and the command would not start.
    #[test]
    fn every_option_is_listed_as_taken() {
        let tree = crate::args::whole();
        let actions = tree.get_subcommands().flat_map(clap::Command::get_subcommands).take(3);
        let options = tree.get_arguments().chain(actions.flat_map(clap::Command::get_arguments));
        for option in options.filter(|option| !option.get_id().as_str().starts_with("property:")) {
            assert!(option.get_long().is_none_or(is_taken), "{:?} is not in TAKEN", option.get_long());
        }
    }
}
