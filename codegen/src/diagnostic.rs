//! What is wrong with the specification, and where.

use crate::load::{Path, Position, Source, locate};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt::Write as _;

/// Where something stands: a file, by its number, and the way to a node in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Number of the file.
    pub file: usize,
    /// The way to the node.
    pub path: Path,
}

/// Something wrong.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    place: Place,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where else to look, with a word about it.
    pub also: Option<(At, String)>,
    /// What to do.
    pub help: Option<String>,
}

#[derive(Debug, Clone)]
enum Place {
    Node(At),
    Exactly(usize, Position),
}

impl Diagnostic {
    /// Something wrong with a node.
    pub fn new(at: &At, message: impl Into<String>) -> Self {
        Self { place: Place::Node(at.clone()), message: cut(message.into()), also: None, help: None }
    }

    /// Something wrong with the text of a file, before it has nodes.
    pub fn in_text(file: usize, position: Position, message: impl Into<String>) -> Self {
        Self { place: Place::Exactly(file, position), message: cut(message.into()), also: None, help: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place to look at.
    #[must_use]
    pub fn also(mut self, at: &At, label: impl Into<String>) -> Self {
        self.also = Some((at.clone(), label.into()));
        self
    }

    /// Adds "did you mean", where a known word is close.
    #[must_use]
    pub fn suggest<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(word, known) {
            Some(found) => self.help(format!("did you mean `{found}`?")),
            None => self,
        }
    }
}

/// A message that quotes a very long text says only the beginning of it.
fn cut(message: String) -> String {
    const LONGEST: usize = 240;
    match message.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", message.get(..at).unwrap_or_default()),
        None => message,
    }
}

/// The known word that is closest to what was written, if any is close enough to have been meant.
pub(crate) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > 100 {
        return None;
    }
    let lower = word.to_lowercase();
    let best = known.into_iter().map(|known| (strsim::osa_distance(&lower, &known.to_lowercase()), known));
    best.min().filter(|(distance, _)| *distance <= (word.chars().count() / 3).max(1)).map(|(_, known)| known)
}

/// Diagnostics of one reading, and the files that they are about.
#[derive(Debug, Default)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

/// More than this helps nobody; the rest is counted.
const SHOWN: usize = 100;

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// All of them as text, in the order of files and lines, each with file, line, column, a snippet and what to do.
    #[must_use]
    pub fn render(&self, sources: &[Source]) -> String {
        let mut placed: Vec<_> = self
            .items
            .iter()
            .take(SHOWN)
            .map(|item| {
                let (file, position) = match &item.place {
                    Place::Node(at) => (at.file, position_of(at, sources)),
                    Place::Exactly(file, position) => (*file, *position),
                };
                (file, position, item)
            })
            .collect();
        placed.sort_by_key(|(file, position, item)| (*file, *position, item.message.clone()));
        let mut text = String::new();
        for (file, position, item) in placed {
            text.push_str(&render_one(file, position, item, sources));
            text.push_str("\n\n");
        }
        if self.items.len() > SHOWN {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "... and {} more\n", self.items.len() - SHOWN);
        }
        text
    }
}

fn position_of(at: &At, sources: &[Source]) -> Position {
    sources.get(at.file).map_or(Position::START, |source| locate(&source.text, &at.path))
}

fn render_one(file: usize, position: Position, item: &Diagnostic, sources: &[Source]) -> String {
    let unknown = Source { name: "spec".to_owned(), text: String::new() };
    let source = sources.get(file).unwrap_or(&unknown);
    let start = match position.offset(&source.text) {
        // What is missed at the end of a file is missed behind its last word.
        end if end == source.text.len() => source.text.trim_end().len(),
        start => start,
    };
    let mut snippet = Snippet::source(source.text.as_str())
        .path(source.name.as_str())
        .annotation(AnnotationKind::Primary.span(start..word_end(&source.text, start)));
    let mut elsewhere = None;
    if let Some((at, label)) = &item.also {
        let position = position_of(at, sources);
        if at.file == file {
            let start = position.offset(&source.text);
            let span = start..word_end(&source.text, start);
            snippet = snippet.annotation(AnnotationKind::Context.span(span).label(label.as_str()));
        } else {
            let name = sources.get(at.file).map_or("spec", |source| source.name.as_str());
            elsewhere = Some(format!("{label} at {name}:{}:{}", position.line, position.column));
        }
    }
    let mut group = Level::ERROR.primary_title(item.message.as_str()).element(snippet);
    if let Some(elsewhere) = &elsewhere {
        group = group.element(Level::NOTE.message(elsewhere.as_str()));
    }
    if let Some(help) = &item.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::plain().render(&[group])
}

/// Where the word that starts here ends. A snippet points at a word, not at a whole mapping.
fn word_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or("");
    let line = rest.lines().next().unwrap_or("");
    let end = match line.chars().next() {
        Some(quote @ ('"' | '\'')) => line.get(1..).and_then(|inner| inner.find(quote)).map_or(line.len(), |at| at + 2),
        _ => line.find([':', ',', '}', ']', '#']).map_or(line.len(), |at| at.max(1)),
    };
    let word = line.get(..end).unwrap_or(line).trim_end();
    // At least one letter, where there is one.
    start + word.len().max(line.chars().next().map_or(0, char::len_utf8))
}
