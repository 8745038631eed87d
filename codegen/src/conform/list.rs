//! The list of deviations, held against those that there are.

use super::Deviation;
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::document::{ActionDecl, DeviationDecl, Document, Text};
use std::collections::{BTreeMap, BTreeSet};

/// What a reason says that nobody has written yet.
pub(super) const TODO: &str = "TODO";

/// Complains about deviations that the list does not name, and about what it names that is none.
pub fn check(document: &Document, list: &[DeviationDecl], found: &BTreeSet<Deviation>, diagnostics: &mut Diagnostics) {
    let actions: BTreeMap<&str, &ActionDecl> = document
        .categories
        .iter()
        .flat_map(|category| &category.actions)
        .map(|action| (action.name.text.as_str(), action))
        .collect();
    let mut named: BTreeMap<Key<'_>, &At> = BTreeMap::new();
    for entry in list {
        if entry.reason.text.trim_start().starts_with(TODO) {
            diagnostics.push(
                Diagnostic::new(&entry.reason.at, "nobody has said the reason of these deviations yet")
                    .help("say what the server's source does, or change the specification"),
            );
        }
        for (action, properties) in &entry.covers {
            if !actions.contains_key(action.text.as_str()) {
                diagnostics.push(
                    Diagnostic::new(&action.at, format!("there is no action `{}`", action.text))
                        .help("take it out")
                        .suggest(&action.text, actions.keys().copied()),
                );
                continue;
            }
            for property in properties {
                if let Some(first) = named.insert(key(entry, action, property), &property.at) {
                    let message = format!("`{}` of {} is named twice", property.text, action.text);
                    diagnostics.push(Diagnostic::new(&property.at, message).also(first, "the first time"));
                }
            }
        }
    }
    let there: BTreeSet<Key<'_>> = found.iter().map(of).collect();
    for (key, at) in &named {
        if !there.contains(key) {
            diagnostics.push(gone(key, at, found));
        }
    }
    for deviation in found.iter().filter(|deviation| !named.contains_key(&of(deviation))) {
        if let Some(action) = actions.get(deviation.action.as_str()) {
            diagnostics.push(unnamed(action, deviation));
        }
    }
}

/// Action, property, what differs, ours, official.
type Key<'k> = (&'k str, &'k str, &'k str, &'k str, &'k str);

fn key<'k>(entry: &'k DeviationDecl, action: &'k Text, property: &'k Text) -> Key<'k> {
    (&action.text, &property.text, &entry.differs.text, &entry.ours, &entry.official)
}

pub(super) fn of(deviation: &Deviation) -> Key<'_> {
    let Deviation { class, action, property } = deviation;
    (action, property, class.differs, &class.ours, &class.official)
}

fn gone(key: &Key<'_>, at: &At, found: &BTreeSet<Deviation>) -> Diagnostic {
    let (action, property, differs, ..) = *key;
    let message = format!("`{property}` of {action} does not deviate in this way");
    let now = found.iter().find(|deviation| {
        deviation.action == action && deviation.property == property && deviation.class.differs == differs
    });
    let help = now.map_or_else(|| "take it out".to_owned(), |now| format!("what differs is: {}", now.class));
    Diagnostic::new(at, message).help(help)
}

fn unnamed(action: &ActionDecl, deviation: &Deviation) -> Diagnostic {
    let name = deviation.property.split(['.', '[', '=']).next().unwrap_or_default();
    let property = action.properties.iter().find(|property| property.name.text.eq_ignore_ascii_case(name));
    let at = property.map_or(&action.name.at, |property| &property.name.at);
    let what = match deviation.property.as_str() {
        "." => action.name.text.clone(),
        property => format!("`{property}` of {}", action.name.text),
    };
    Diagnostic::new(at, format!("{what} deviates: {}", deviation.class)).help(
        "correct it, or name it with the reason in deviations.yaml: `cipp-codegen conform --propose` drafts the entry",
    )
}
