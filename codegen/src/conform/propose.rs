//! A draft of the list of deviations: what it says and is still so, and what it lacks, with the reasons left to a person.

use super::list::{TODO, of};
use super::{Class, Deviation};
use crate::document::DeviationDecl;
use crate::yaml::quoted;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How far a line goes.
const WIDTH: usize = 120;

/// An entry of the draft.
struct Entry {
    class: Class,
    reason: String,
    covers: BTreeMap<String, BTreeSet<String>>,
}

/// The list as it should be, reasons apart: entries keep their reasons and their order, new deviations follow by what differs.
#[must_use]
pub fn propose(list: &[DeviationDecl], found: &BTreeSet<Deviation>) -> String {
    let mut left: BTreeMap<_, &Deviation> = found.iter().map(|deviation| (of(deviation), deviation)).collect();
    let mut entries = Vec::new();
    for decl in list {
        let mut covers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut class = None;
        for (action, properties) in &decl.covers {
            for property in properties {
                let key = (
                    action.text.as_str(),
                    property.text.as_str(),
                    decl.differs.text.as_str(),
                    &*decl.ours,
                    &*decl.official,
                );
                if let Some(deviation) = left.remove(&key) {
                    class = Some(deviation.class.clone());
                    covers.entry(action.text.clone()).or_default().insert(property.text.clone());
                }
            }
        }
        entries.extend(class.map(|class| Entry { class, reason: decl.reason.text.trim().to_owned(), covers }));
    }
    let mut fresh: BTreeMap<&Class, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for deviation in left.values() {
        let covers = fresh.entry(&deviation.class).or_default();
        covers.entry(deviation.action.clone()).or_default().insert(deviation.property.clone());
    }
    for (class, covers) in fresh {
        // A draft that was not filled in yet grows.
        match entries.iter_mut().find(|entry| entry.class == *class && entry.reason.starts_with(TODO)) {
            Some(entry) => {
                for (action, properties) in covers {
                    entry.covers.entry(action).or_default().extend(properties);
                }
            }
            None => entries.push(Entry { class: class.clone(), reason: TODO.to_owned(), covers }),
        }
    }
    text(&entries)
}

fn text(entries: &[Entry]) -> String {
    let mut text = String::from(
        "# yaml-language-server: $schema=schema.json\n\
         # Where requests differ from the official description on purpose, and why ours is right. `cipp-codegen conform` holds the\n\
         # list against the description: what deviates must stand here, and what stands here must deviate.\n",
    );
    if entries.is_empty() {
        text.push_str("deviations: []\n");
        return text;
    }
    text.push_str("deviations:\n");
    for Entry { class, reason, covers } in entries {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  - differs: {}", class.differs);
        for (key, word) in [("ours", &class.ours), ("official", &class.official)] {
            if !word.is_empty() {
                let _ = writeln!(text, "    {key}: {}", quoted(word));
            }
        }
        let _ = writeln!(text, "    reason: {}", quoted(reason));
        let _ = writeln!(text, "    covers:");
        for (action, properties) in covers {
            cover(&mut text, action, properties);
        }
    }
    text
}

/// A line for the properties of an action, or several where it would be too long.
fn cover(text: &mut String, action: &str, properties: &BTreeSet<String>) {
    let mut line = format!("      {action}: [");
    for (number, property) in properties.iter().enumerate() {
        let end = if number + 1 == properties.len() { "]" } else { "," };
        let next = quoted(property);
        if line.chars().count() + next.chars().count() + 2 > WIDTH && !line.ends_with('[') {
            text.push_str(line.trim_end());
            text.push('\n');
            line = " ".repeat(8);
        }
        line.push_str(&next);
        line.push_str(end);
        line.push(' ');
    }
    text.push_str(line.trim_end());
    text.push('\n');
}
