//! Files as text, and places in them.

use std::path::Path;

/// A file of the specification is a page or a few; anything this large is a mistake, and would only be slow.
const LARGEST: u64 = 4 * 1024 * 1024;

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
/// A sentence about what is wrong with it, and where: it cannot be read, is too large, is no UTF-8, or is indented with tabs.
pub fn read(path: &Path, name: &str) -> Result<Source, (Source, Position, String)> {
    let empty = || Source { name: name.to_owned(), text: String::new() };
    let size = std::fs::metadata(path).map_err(|error| (empty(), Position::START, format!("cannot be read: {error}")))?.len();
    if size > LARGEST {
        let message = format!("is {} MB large; a file of the specification has at most {} MB", size >> 20, LARGEST >> 20);
        return Err((empty(), Position::START, message));
    }
    let bytes = std::fs::read(path).map_err(|error| (empty(), Position::START, format!("cannot be read: {error}")))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name: name.to_owned(), text }),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let position = Position::of_offset(&text, good);
            Err((Source { name: name.to_owned(), text }, position, "is not UTF-8".to_owned()))
        }
    }
}
