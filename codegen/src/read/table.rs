//! A mapping whose keys are known: takes them out one by one, and complains about the rest.

use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::document::Text;
use crate::keys::Key;
use crate::load::{Entry, Node, Step};

/// A mapping being read.
pub(super) struct Table<'n, 'd> {
    entries: &'n [Entry],
    at: At,
    keys: &'static [Key],
    what: &'static str,
    diagnostics: &'d mut Diagnostics,
}

/// A node, and where it stands.
#[derive(Clone)]
pub(super) struct Placed<'n> {
    pub(super) node: &'n Node,
    pub(super) at: At,
}

impl At {
    /// The place one step further.
    pub(super) fn step(&self, step: Step) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { file: self.file, path }
    }
}

/// A value that had to be of another kind.
pub(super) fn wrong_kind(diagnostics: &mut Diagnostics, at: &At, name: &str, wanted: &str, node: &Node) {
    diagnostics.push(Diagnostic::new(at, format!("`{name}` must be {wanted}, not {}", node.kind())));
}

impl<'n, 'd> Table<'n, 'd> {
    /// Reads a node as a mapping with these keys; `what` names it in messages. Complains about unknown, doubled and missing keys.
    pub(super) fn new(
        placed: &Placed<'n>,
        keys: &'static [Key],
        what: &'static str,
        diagnostics: &'d mut Diagnostics,
    ) -> Option<Self> {
        let Node::Map(entries) = placed.node else {
            let message = format!("{what} must be a mapping, not {}", placed.node.kind());
            diagnostics.push(Diagnostic::new(&placed.at, message));
            return None;
        };
        for (number, entry) in entries.iter().enumerate() {
            let at = placed.at.step(Step::Name(number));
            if !keys.iter().any(|key| key.name == entry.name) {
                diagnostics.push(
                    Diagnostic::new(&at, format!("{what} has no key `{}`", entry.name))
                        .help(format!("the keys are {}", list_of(keys)))
                        .suggest(&entry.name, keys.iter().map(|key| key.name)),
                );
            }
        }
        doubles(entries, &placed.at, diagnostics);
        for key in keys.iter().filter(|key| key.required) {
            if !entries.iter().any(|entry| entry.name == key.name) {
                let message = format!("{what} needs the key `{}`", key.name);
                diagnostics.push(Diagnostic::new(&placed.at, message).help(key.doc.to_owned()));
            }
        }
        Some(Self { entries, at: placed.at.clone(), keys, what, diagnostics })
    }

    /// Where the mapping stands.
    pub(super) fn at(&self) -> &At {
        &self.at
    }

    /// The list of complaints.
    pub(super) fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    /// The value of a key, where it is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<Placed<'n>> {
        debug_assert!(self.keys.iter().any(|key| key.name == name), "{name} is no key of {}", self.what);
        self.entries
            .iter()
            .enumerate()
            .find(|(_, entry)| entry.name == name && entry.value != Node::Null)
            .map(|(number, entry)| Placed { node: &entry.value, at: self.at.step(Step::Value(number)) })
    }

    /// A text, and where it stands.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Text> {
        let placed = self.get(name)?;
        let text = text_of(&placed, name, self.diagnostics)?;
        if text.trim().is_empty() {
            self.diagnostics.push(Diagnostic::new(&placed.at, format!("`{name}` is empty")));
        }
        Some(Text { text, at: placed.at })
    }

    /// A text that is needed; where it is missing, that was said already.
    pub(super) fn needed(&mut self, name: &'static str) -> Text {
        let at = self.at.clone();
        self.text(name).unwrap_or(Text { text: String::new(), at })
    }

    /// A text, or nothing.
    pub(super) fn words(&mut self, name: &'static str) -> String {
        self.text(name).map(|text| text.text.trim().to_owned()).unwrap_or_default()
    }

    /// One of some words.
    pub(super) fn one_of(&mut self, name: &'static str, words: &[&str]) -> Option<Text> {
        let text = self.text(name)?;
        if words.contains(&text.text.as_str()) {
            return Some(text);
        }
        self.diagnostics.push(
            Diagnostic::new(&text.at, format!("`{name}` cannot be `{}`", text.text))
                .help(format!("it is one of {}", words.join(", ")))
                .suggest(&text.text, words.iter().copied()),
        );
        None
    }

    /// True or false; false where absent.
    pub(super) fn flag(&mut self, name: &'static str) -> bool {
        match self.get(name) {
            None => false,
            Some(Placed { node: Node::Bool(value), .. }) => *value,
            Some(placed) => {
                wrong_kind(self.diagnostics, &placed.at, name, "true or false", placed.node);
                false
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, name: &'static str) -> Vec<Text> {
        match self.get(name) {
            None => Vec::new(),
            Some(Placed { node: Node::List(items), at }) => items
                .iter()
                .enumerate()
                .filter_map(|(number, node)| {
                    let placed = Placed { node, at: at.step(Step::Item(number)) };
                    let text = text_of(&placed, name, self.diagnostics)?;
                    Some(Text { text, at: placed.at })
                })
                .collect(),
            Some(placed) => {
                wrong_kind(self.diagnostics, &placed.at, name, "a list of texts", placed.node);
                Vec::new()
            }
        }
    }

    /// The named entries of a mapping, with the place of each name.
    pub(super) fn map(&mut self, name: &'static str) -> Vec<(Text, Placed<'n>)> {
        match self.get(name) {
            None => Vec::new(),
            Some(placed) => entries_of(&placed, name, self.diagnostics),
        }
    }

    /// The items of a list.
    pub(super) fn list(&mut self, name: &'static str) -> Vec<Placed<'n>> {
        match self.get(name) {
            None => Vec::new(),
            Some(Placed { node: Node::List(items), at }) => items
                .iter()
                .enumerate()
                .map(|(number, node)| Placed { node, at: at.step(Step::Item(number)) })
                .collect(),
            Some(placed) => {
                wrong_kind(self.diagnostics, &placed.at, name, "a list", placed.node);
                Vec::new()
            }
        }
    }
}

/// The named entries of a mapping, with the place of each name.
pub(super) fn entries_of<'n>(
    placed: &Placed<'n>,
    name: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<(Text, Placed<'n>)> {
    let Node::Map(entries) = placed.node else {
        wrong_kind(diagnostics, &placed.at, name, "a mapping", placed.node);
        return Vec::new();
    };
    doubles(entries, &placed.at, diagnostics);
    entries
        .iter()
        .enumerate()
        .map(|(number, entry)| {
            let name = Text { text: entry.name.clone(), at: placed.at.step(Step::Name(number)) };
            (name, Placed { node: &entry.value, at: placed.at.step(Step::Value(number)) })
        })
        .collect()
}

/// A scalar as text. Numbers and flags are taken as they read, where that is beyond doubt.
pub(super) fn text_of(placed: &Placed<'_>, name: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    match placed.node {
        Node::Text(text) => Some(text.clone()),
        Node::Int(value) => Some(value.to_string()),
        Node::Bool(value) => Some(value.to_string()),
        node => {
            diagnostics.push(
                Diagnostic::new(&placed.at, format!("`{name}` must be text, not {}", node.kind()))
                    .help("put it between quotes, if it is meant as text"),
            );
            None
        }
    }
}

fn doubles(entries: &[Entry], at: &At, diagnostics: &mut Diagnostics) {
    for (number, entry) in entries.iter().enumerate() {
        if let Some(first) = entries.iter().take(number).position(|other| other.name == entry.name) {
            diagnostics.push(
                Diagnostic::new(&at.step(Step::Name(number)), format!("`{}` stands twice", entry.name))
                    .also(&at.step(Step::Name(first)), "the first one"),
            );
        }
    }
}

fn list_of(keys: &[Key]) -> String {
    keys.iter().map(|key| key.name).collect::<Vec<_>>().join(", ")
}
