//! Files as text, and places in them.

use std::path::Path;

/// A file of the specification is a page or a few; anything this large is a mistake, and would only be slow.
const LARGEST: u64 = 1024 * 1024;

/// More brackets than this, opened and not closed, are a mistake too; the YAML parser takes the square of their number.
const DEEPEST: usize = 400;

/// A file that was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name shown in diagnostics.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A place in a file, both counted from one; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl Position {
    /// The first place of a file.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The place of a byte offset.
    #[must_use]
    pub fn of_offset(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..).map_or(0, |line| line.chars().count()) + 1;
        Self { line: before.matches('\n').count() + 1, column }
    }

    /// The byte offset of the place.
    #[must_use]
    pub fn offset(self, text: &str) -> usize {
        let mut start = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            if number + 1 == self.line {
                let within = line.char_indices().nth(self.column - 1).map_or(line.len(), |(at, _)| at);
                return start + within;
            }
            start += line.len();
        }
        text.len()
    }
}

/// Reads a file.
///
/// # Errors
/// A sentence about what is wrong with it, and where: it cannot be read, is too large, is no UTF-8, or holds control characters.
pub fn read(path: &Path, name: &str) -> Result<Source, (Source, Position, String)> {
    let empty = || Source { name: name.to_owned(), text: String::new() };
    let unread = |error: std::io::Error| (empty(), Position::START, unreadable(&error));
    let size = std::fs::metadata(path).map_err(unread)?.len();
    if size > LARGEST {
        let message =
            format!("is {} KB large; a file of the specification has at most {} KB", size >> 10, LARGEST >> 10);
        return Err((empty(), Position::START, message));
    }
    let bytes = std::fs::read(path).map_err(unread)?;
    match String::from_utf8(bytes) {
        Ok(text) => {
            // Editors of Windows put a mark at the start, which is no part of the text.
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            let control =
                text.char_indices().find(|(_, letter)| letter.is_control() && !"\n\r\t\u{85}".contains(*letter));
            let source = Source { name: name.to_owned(), text };
            match control {
                None => match too_deep(&source.text) {
                    None => Ok(source),
                    Some(position) => Err((source, position, format!("opens {DEEPEST} brackets without closing them"))),
                },
                Some((at, letter)) => {
                    let position = Position::of_offset(&source.text, at);
                    Err((source, position, format!("holds a control character, U+{:04X}", u32::from(letter))))
                }
            }
        }
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let position = Position::of_offset(&text, good);
            Err((Source { name: name.to_owned(), text }, position, "is not UTF-8".to_owned()))
        }
    }
}

/// Where brackets are nested too deeply, if they are. What stands in quotes and comments counts as well: nothing honest comes near.
fn too_deep(text: &str) -> Option<Position> {
    let mut depth = 0usize;
    for (at, letter) in text.bytes().enumerate() {
        match letter {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(Position::of_offset(text, at));
        }
    }
    None
}

/// Why a file or folder cannot be read. What is not there is told without the words of the operating system, the same everywhere.
#[must_use]
pub fn unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "is not there".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}
