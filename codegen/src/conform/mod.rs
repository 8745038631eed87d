//! Whether the requests that the specification can build are those that the official description accepts.
//!
//! For every action, requests are made: with every property, with the required ones only, with each known value, and some with a
//! part of the properties. Each is held against the operation: the names and types in its query, and its body as a whole, by a
//! JSON-Schema library. What differs on purpose stands in `spec/deviations.yaml`, with the reason.

mod judge;
mod list;
mod propose;
mod request;
mod sample;
mod walk;

pub use list::check;
pub use propose::propose;

use crate::model::{Action, Api};
use crate::upstream::{Description, Operation};
use judge::Judge;
use request::Choice;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Something in which a request differs from the official description.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    /// What differs, and how.
    pub class: Class,
    /// The action.
    pub action: String,
    /// The way to the property, or the value: `kind=Delete`. `.` for the action as a whole.
    pub property: String,
}

/// What differs, and how: deviations that may share a reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    /// One of [`ASPECTS`](crate::keys::ASPECTS).
    pub differs: &'static str,
    /// What it is with us; may be empty.
    pub ours: String,
    /// What the official description says; may be empty.
    pub official: String,
}

impl std::fmt::Display for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { differs, ours, official } = self;
        match *differs {
            "endpoint" => f.write_str("the official description has no such endpoint"),
            "unlisted" => f.write_str("the official description does not list it"),
            "case" => f.write_str("the official description spells it otherwise, in capitals or small letters"),
            "value" => f.write_str("the official description does not list this value"),
            "rule" => write!(f, "the official description says `{official}`"),
            "required" => write!(f, "official: {official}; ours: {ours}"),
            differs => write!(f, "{differs}: official `{official}`, ours `{ours}`"),
        }
    }
}

/// Every deviation of every action.
///
/// # Errors
/// A sentence about a schema that is none.
pub fn conform(api: &Api, reasons: &Reasons, description: &Description) -> Result<BTreeSet<Deviation>, String> {
    let mut operations: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &description.operations {
        operations.entry(&operation.path).or_default().push(operation);
    }
    let mut found = BTreeSet::new();
    for action in api.categories.iter().flat_map(|category| &category.actions) {
        let on_path = operations.get(action.path.as_str());
        let same = on_path.and_then(|all| all.iter().find(|operation| operation.method == action.method));
        match same.or(on_path.and_then(|all| all.first())) {
            Some(operation) => one(api, action, operation, reasons.method(&action.name), &mut found)?,
            None => note(&mut found, action, "endpoint", "", ""),
        }
    }
    Ok(found)
}

/// The actions that say under `override` why their method differs.
#[derive(Debug, Default)]
pub struct Reasons {
    method: BTreeSet<String>,
    role: BTreeSet<String>,
}

impl Reasons {
    /// Those of a specification.
    #[must_use]
    pub fn of(document: &crate::document::Document) -> Self {
        let actions = || document.categories.iter().flat_map(|category| &category.actions);
        let name = |action: &crate::document::ActionDecl| action.name.text.clone();
        Self {
            method: actions().filter(|action| action.override_method.is_some()).map(name).collect(),
            role: actions().filter(|action| action.override_role.is_some()).map(name).collect(),
        }
    }

    fn method(&self, action: &str) -> (bool, bool) {
        (self.method.contains(action), self.role.contains(action))
    }
}

fn note(found: &mut BTreeSet<Deviation>, action: &Action, differs: &'static str, ours: &str, official: &str) {
    let class = Class { differs, ours: ours.to_owned(), official: official.to_owned() };
    found.insert(Deviation { class, action: action.name.clone(), property: ".".to_owned() });
}

fn one(
    api: &Api,
    action: &Action,
    operation: &Operation,
    (method, role): (bool, bool),
    found: &mut BTreeSet<Deviation>,
) -> Result<(), String> {
    if operation.method != action.method && !method {
        note(found, action, "method", &action.method, &operation.method);
    }
    if !operation.role.is_empty() && operation.role != action.role && !role {
        note(found, action, "role", &action.role, &operation.role);
    }
    let judge = Judge::new(api, action, operation)
        .map_err(|message| format!("{} {}: {message}", operation.method, operation.path))?;
    for choice in Choice::all(api, action) {
        judge.judge(&request::build(api, action, operation, choice), found);
    }
    Ok(())
}

/// How many deviations there are of each class, the largest first.
#[must_use]
pub fn summary(found: &BTreeSet<Deviation>) -> String {
    let mut classes: BTreeMap<&Class, usize> = BTreeMap::new();
    for deviation in found {
        *classes.entry(&deviation.class).or_default() += 1;
    }
    let mut sorted: Vec<_> = classes.into_iter().collect();
    sorted.sort_by_key(|(class, count)| (std::cmp::Reverse(*count), *class));
    let mut text = String::new();
    for (class, count) in sorted {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{count:>5}  {:<9} {class}", class.differs);
    }
    text
}
