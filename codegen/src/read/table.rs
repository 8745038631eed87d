//! A mapping whose keys are known: takes them out one by one, and complains about the rest.

use crate::diagnostic::{At, Diagnostic, Diagnostics, closest};
use crate::document::Text;
use crate::keys::{Key, Kind};
use crate::load::{Entry, Node, Step, locate};
use std::collections::{BTreeMap, BTreeSet};

/// A mapping being read.
pub(super) struct Table<'n, 'd> {
    entries: &'n [Entry],
    placed: Placed<'n>,
    keys: &'static [Key],
    what: &'static str,
    has_unknown: bool,
    diagnostics: &'d mut Diagnostics,
}

/// A node, and where it stands.
#[derive(Clone)]
pub(super) struct Placed<'n> {
    pub(super) node: &'n Node,
    pub(super) at: At,
    /// The text of the file, where YAML reads something in it otherwise than it is written.
    pub(super) doubtful: Option<&'n str>,
}

impl<'n> Placed<'n> {
    /// A node inside this one.
    pub(super) fn child(&self, node: &'n Node, step: Step) -> Self {
        Self { node, at: self.at.step(step), doubtful: self.doubtful }
    }
}

impl At {
    /// The place one step further.
    pub(super) fn step(&self, step: Step) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { file: self.file, path }
    }

    /// The name under which the node stands, for what concerns it as a whole; where it has none, the node itself.
    pub(super) fn name(&self) -> Self {
        let mut path = self.path.clone();
        if let Some(last) = path.last_mut()
            && let Step::Value(number) = *last
        {
            *last = Step::Name(number);
        }
        Self { file: self.file, path }
    }
}

/// A value that had to be of another kind.
pub(super) fn wrong_kind(diagnostics: &mut Diagnostics, at: &At, name: &str, wanted: &str, node: &Node) {
    let diagnostic = Diagnostic::new(at, format!("`{name}` must be {wanted}, not {}", node.kind()));
    diagnostics.push(match wanted {
        "a mapping" => diagnostic.help(MAPPING),
        "true or false" => diagnostic.help("write true or false, without quotes"),
        _ => diagnostic.help("write it as [one, two], or with a line `- one` for each"),
    });
}

/// How a mapping is written.
const MAPPING: &str = "write `name: value`, each on a line of its own and indented, or { name: value } on one line";

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
            diagnostics.push(Diagnostic::new(&placed.at, message).help(MAPPING));
            return None;
        };
        let mut has_unknown = false;
        let mut meant = Vec::new();
        for (number, entry) in entries.iter().enumerate() {
            let at = placed.at.step(Step::Name(number));
            if !keys.iter().any(|key| key.name == entry.name) {
                has_unknown = true;
                meant.extend(closest(&entry.name, keys.iter().map(|key| key.name)));
                diagnostics.push(
                    Diagnostic::new(&at, format!("{what} has no key `{}`", entry.name))
                        .help(format!("the keys are {}", list_of(keys)))
                        .suggest(&entry.name, keys.iter().map(|key| key.name)),
                );
            }
        }
        doubles(entries, &placed.at, diagnostics);
        let mut missing = Vec::new();
        for key in keys.iter().filter(|key| key.required && !meant.contains(&key.name)) {
            match entries.iter().position(|entry| entry.name == key.name) {
                None => missing.push(key),
                Some(number) if entries.get(number).is_some_and(|entry| entry.value == Node::Null) => {
                    let at = placed.at.step(Step::Name(number));
                    diagnostics.push(Diagnostic::new(&at, format!("`{}` has no value", key.name)).help(key.doc));
                }
                Some(_) => {}
            }
        }
        match missing.as_slice() {
            [] => {}
            [key] => {
                let message = format!("{what} needs the key `{}`", key.name);
                diagnostics.push(Diagnostic::new(&placed.at.name(), message).help(key.doc));
            }
            keys => {
                let names: Vec<String> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
                let message = format!("{what} needs the keys {}", names.join(", "));
                let mut diagnostic = Diagnostic::new(&placed.at.name(), message);
                if what == "an action" {
                    diagnostic = diagnostic.help("`cipp-codegen new ACTION` prints an entry to be filled in");
                }
                diagnostics.push(diagnostic);
            }
        }
        Some(Self { entries, placed: placed.clone(), keys, what, has_unknown, diagnostics })
    }

    /// Whether there are keys that nobody knows.
    pub(super) fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    /// Where the mapping stands.
    pub(super) fn at(&self) -> &At {
        &self.placed.at
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
            .map(|(number, entry)| self.placed.child(&entry.value, Step::Value(number)))
    }

    /// A text, and where it stands.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Text> {
        let placed = self.get(name)?;
        let text = text_of(&placed, name, self.diagnostics)?;
        if text.trim().is_empty() {
            self.diagnostics.push(Diagnostic::new(&placed.at, format!("`{name}` is empty")));
        }
        let text = Text { text, at: placed.at };
        if is_todo(&text.text) {
            self.diagnostics.push(todo(&text.at, name, self.keys));
        }
        Some(text)
    }

    /// A name that is needed, of one line; where it is missing, that was said already.
    pub(super) fn needed(&mut self, name: &'static str) -> Text {
        let Some(found) = self.text(name) else {
            return Text { text: String::new(), at: self.at().name() };
        };
        if found.text.contains('\n') {
            self.diagnostics.push(Diagnostic::new(&found.at, format!("`{name}` must be one line")));
        }
        found
    }

    /// A text, or nothing.
    pub(super) fn words(&mut self, name: &'static str) -> String {
        self.text(name).map(|text| text.text.trim().to_owned()).unwrap_or_default()
    }

    /// One of some words.
    pub(super) fn one_of(&mut self, name: &'static str, words: &[&str]) -> Option<Text> {
        let text = self.text(name)?;
        // That it is left to do was told.
        if words.contains(&text.text.as_str()) || is_todo(&text.text) {
            return Some(text).filter(|text| !is_todo(&text.text));
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
            Some(placed) => {
                let Node::List(items) = placed.node else {
                    wrong_kind(self.diagnostics, &placed.at, name, "a list of texts", placed.node);
                    return Vec::new();
                };
                let mut texts = Vec::new();
                for (number, node) in items.iter().enumerate() {
                    let item = placed.child(node, Step::Item(number));
                    let Some(text) = text_of(&item, name, self.diagnostics) else { continue };
                    if text.trim().is_empty() {
                        self.diagnostics.push(Diagnostic::new(&item.at, format!("`{name}` holds an empty text")));
                    }
                    texts.push(Text { text, at: item.at });
                }
                texts
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
            Some(placed) => {
                let Node::List(items) = placed.node else {
                    wrong_kind(self.diagnostics, &placed.at, name, "a list", placed.node);
                    return Vec::new();
                };
                items.iter().enumerate().map(|(number, node)| placed.child(node, Step::Item(number))).collect()
            }
        }
    }
}

/// The named entries of a mapping, with the place of each name. Of a name that stands twice only the first counts.
pub(super) fn entries_of<'n>(
    placed: &Placed<'n>,
    name: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<(Text, Placed<'n>)> {
    let Node::Map(entries) = placed.node else {
        wrong_kind(diagnostics, &placed.at, name, "a mapping", placed.node);
        return Vec::new();
    };
    let seconds = doubles(entries, &placed.at, diagnostics);
    entries
        .iter()
        .enumerate()
        .filter(|(number, _)| !seconds.contains(number))
        .map(|(number, entry)| {
            let name = Text { text: entry.name.clone(), at: placed.at.step(Step::Name(number)) };
            if let Some(letter) = name.text.chars().find(|letter| letter.is_control() || turns(*letter)) {
                diagnostics.push(odd_letter(&name.at, letter));
            }
            (name, placed.child(&entry.value, Step::Value(number)))
        })
        .collect()
}

/// A scalar as text. Numbers and flags are taken as they read, where that is beyond doubt.
pub(super) fn text_of(placed: &Placed<'_>, name: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    match placed.node {
        Node::Text(text) => {
            let odd = |letter: &char| (letter.is_control() && !"\n\t".contains(*letter)) || turns(*letter);
            if let Some(letter) = text.chars().find(odd) {
                diagnostics.push(odd_letter(&placed.at, letter));
            }
            Some(text.clone())
        }
        Node::Int(value) => as_it_reads(placed, name, value.to_string(), diagnostics),
        Node::Bool(value) => as_it_reads(placed, name, value.to_string(), diagnostics),
        node => {
            diagnostics.push(
                Diagnostic::new(&placed.at, format!("`{name}` must be text, not {}", node.kind()))
                    .help("put it between quotes, if it is meant as text"),
            );
            None
        }
    }
}

/// A number or flag as text, unless YAML takes it for something that is written otherwise: `0x1F` for 31, `True` for true.
fn as_it_reads(placed: &Placed<'_>, name: &str, value: String, diagnostics: &mut Diagnostics) -> Option<String> {
    let Some(source) = placed.doubtful else { return Some(value) };
    let start = locate(source, &placed.at.path).offset(source);
    if source.get(start..).is_some_and(|rest| rest.starts_with(&value)) {
        return Some(value);
    }
    diagnostics.push(
        Diagnostic::new(&placed.at, format!("`{name}` would not stay as it is written: YAML reads it as `{value}`"))
            .help("put it between quotes, if it is meant as text"),
    );
    None
}

/// Whether a letter turns the direction of the text, so that people see something else than the compiler.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn odd_letter(at: &At, letter: char) -> Diagnostic {
    Diagnostic::new(at, format!("the text holds U+{:04X}, which nobody sees", u32::from(letter))).help("take it out")
}

/// Complains about names that stand twice, and returns the numbers of those that are not the first.
fn doubles(entries: &[Entry], at: &At, diagnostics: &mut Diagnostics) -> BTreeSet<usize> {
    let mut firsts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut seconds = BTreeSet::new();
    for (number, entry) in entries.iter().enumerate() {
        let first = *firsts.entry(&entry.name).or_insert(number);
        if first != number {
            seconds.insert(number);
            diagnostics.push(
                Diagnostic::new(&at.step(Step::Name(number)), format!("`{}` stands twice", entry.name))
                    .also(&at.step(Step::Name(first)), "the first one"),
            );
        }
    }
    seconds
}

/// Whether a text says that a person is still to write it.
fn is_todo(text: &str) -> bool {
    text.strip_prefix("TODO").is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// What an import left to a person is no mistake of theirs, but nothing is generated before it is done.
fn todo(at: &At, name: &str, keys: &[Key]) -> Diagnostic {
    let diagnostic = Diagnostic::new(at, format!("TODO: `{name}` is left to you"));
    match keys.iter().find(|key| key.name == name) {
        Some(Key { kind: Kind::OneOf(words), doc, .. }) => {
            diagnostic.help(format!("{doc} One of {}.", words.join(", ")))
        }
        Some(key) => diagnostic.help(key.doc),
        None => diagnostic,
    }
}

fn list_of(keys: &[Key]) -> String {
    keys.iter().map(|key| key.name).collect::<Vec<_>>().join(", ")
}
