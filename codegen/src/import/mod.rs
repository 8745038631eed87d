//! Entries for operations that the specification does not have yet: drafts in its own format, appended to the category that fits.
//!
//! What stands in the files stays to the byte. A decision that is a person's is marked `TODO`, which `check` reports.

mod entry;
mod insert;
mod properties;

pub use insert::insert;

use crate::Spec;
use crate::names::Namer;
use crate::upstream::{Description, Operation};
use entry::Names;
use heck::{ToSnakeCase as _, ToTitleCase as _};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What an import would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// What goes into each file, by module.
    pub files: BTreeMap<String, Addition>,
    /// What a person should know besides.
    pub notes: Vec<String>,
}

/// What goes into a file.
#[derive(Debug)]
pub struct Addition {
    /// The head of the file, where it is not there yet.
    pub head: Option<String>,
    /// The entries, as they stand under `actions:`.
    pub entries: Vec<String>,
}

/// Drafts entries for the operations of a description that no action is on.
#[must_use]
pub fn plan(spec: &Spec, description: &Description) -> Plan {
    let known: BTreeMap<String, &str> = spec
        .api
        .categories
        .iter()
        .flat_map(|category| {
            category.actions.iter().map(|action| (action.path.to_lowercase(), category.module.as_str()))
        })
        .collect();
    let paths: BTreeSet<&str> =
        spec.api.categories.iter().flat_map(|category| &category.actions).map(|action| action.path.as_str()).collect();
    let votes = votes(&known, description);
    let mut names = Names::of(spec);
    let namer = Namer::new(spec.document.api.words.clone());
    let mut plan = Plan::default();
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    for operation in &description.operations {
        if paths.contains(operation.path.as_str()) {
            continue;
        }
        if known.contains_key(&operation.path.to_lowercase()) {
            plan.notes.push(format!("{} is spelled otherwise in the specification: correct it there", operation.path));
            continue;
        }
        if !matches!(operation.method.as_str(), "GET" | "POST") || !is_plain(operation) {
            let message = format!("{} {} cannot be an action: write it by hand", operation.method, operation.path);
            plan.notes.push(message);
            continue;
        }
        let module = modules
            .entry(operation.tag.clone())
            .or_insert_with(|| module(&operation.tag, &votes, spec, &namer, &mut names))
            .clone();
        let is_new = !spec.api.categories.iter().any(|category| category.module == module);
        let addition = plan.files.entry(module.clone()).or_insert_with(|| {
            let head = is_new.then(|| head(&operation.tag, &module));
            Addition { head, entries: Vec::new() }
        });
        addition.entries.push(entry::entry(operation, &module, &namer, &mut names));
    }
    for (module, addition) in &plan.files {
        if addition.head.is_some() {
            let line = format!(
                "the category `{module}` is new: give it its feature in Cargo.toml (`{module} = []`, and in `full`)"
            );
            plan.notes.push(line);
        }
    }
    plan
}

/// Whether a path and a role can stand in the specification as they are.
fn is_plain(operation: &Operation) -> bool {
    let endpoint = operation.path.strip_prefix("/api/").unwrap_or_default();
    let word = |text: &str, also: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || also.contains(letter))
    };
    word(endpoint, "_$-") && (operation.role.is_empty() || word(&operation.role, "._-"))
}

/// How often each module has operations of a tag, and of the beginnings of a tag.
type Votes<'a> = BTreeMap<String, BTreeMap<&'a str, usize>>;

fn votes<'a>(known: &BTreeMap<String, &'a str>, description: &Description) -> Votes<'a> {
    let mut votes = Votes::new();
    for operation in &description.operations {
        if let Some(module) = known.get(&operation.path.to_lowercase()) {
            for tag in beginnings(&operation.tag) {
                *votes.entry(tag).or_default().entry(*module).or_default() += 1;
            }
        }
    }
    votes
}

/// A tag, and what it begins with: `A > B > C`, `A > B`.
fn beginnings(tag: &str) -> Vec<String> {
    let parts: Vec<&str> = tag.split('>').map(str::trim).filter(|part| !part.is_empty()).collect();
    let least = parts.len().min(2);
    (least..=parts.len())
        .rev()
        .filter_map(|length| Some(parts.get(..length)?.join(" > ")))
        .filter(|tag| !tag.is_empty())
        .collect()
}

/// The module for a tag: where most of its operations are, else one named after the tag.
fn module(tag: &str, votes: &Votes<'_>, spec: &Spec, namer: &Namer, names: &mut Names) -> String {
    for tag in beginnings(tag) {
        // Of several with as many, the first by name.
        let counts = votes.get(&tag).into_iter().flatten();
        if let Some((module, _)) = counts.max_by(|one, other| one.1.cmp(other.1).then(other.0.cmp(one.0))) {
            return (*module).to_owned();
        }
    }
    let last = tag.rsplit('>').next().unwrap_or_default().trim().to_snake_case();
    let name: String = last.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    let is_name = crate::names::is_identifier(&name) && !crate::names::is_keyword(&name) && !name.starts_with('_');
    let name = if is_name { name } else { "imported".to_owned() };
    if spec.api.categories.iter().any(|known| known.module == name) {
        return name;
    }
    // Some names are those of the client itself, and some of its types are taken.
    let client = namer.type_name(&name);
    let reserved = crate::model::is_reserved_module(&name) || crate::model::is_reserved_type(&client);
    let plain = !reserved && names.client(&client);
    let name = if plain { name } else { format!("{name}_actions") };
    names.client(&namer.type_name(&name));
    name
}

fn head(tag: &str, module: &str) -> String {
    let title = tag.rsplit('>').next().unwrap_or_default().trim();
    let title = if title.is_empty() { module.to_title_case() } else { title.to_owned() };
    format!(
        "# yaml-language-server: $schema=../schema.json\ncategory: {}\nmodule: {module}\nsummary: TODO\n\nactions:\n",
        crate::yaml::quoted(&title)
    )
}

impl Plan {
    /// The whole as text, file by file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (module, addition) in &self.files {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "# spec/actions/{module}.yaml");
            text.push_str(addition.head.as_deref().unwrap_or_default());
            text.push_str(&addition.entries.join("\n"));
            text.push('\n');
        }
        for note in &self.notes {
            let _ = writeln!(text, "# {note}");
        }
        text
    }

    /// How many entries there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.files.values().map(|addition| addition.entries.len()).sum()
    }
}
