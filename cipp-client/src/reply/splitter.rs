//! Finds where rows begin and end in JSON that is still being downloaded. It knows strings, escapes and nesting, and nothing
//! else of JSON: each row is read by the real reader, and so is what is left when the rows are cut out.

use super::envelope::is_results;

/// What the splitter found in the bytes that it was given.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A row ended; it is in [`Splitter::row`].
    Row,
    /// The bytes are used up.
    More,
}

/// Where the splitter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Not among rows.
    Around,
    /// Among rows; rows lie at this depth.
    Rows(usize),
    /// Behind the rows, or in a document that has none.
    Behind,
}

/// Splits a document into its rows and the rest.
#[derive(Debug)]
pub(super) struct Splitter {
    /// Whether rows may stand under `Results`; else only in a bare array.
    enveloped: bool,
    place: Place,
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The last string, where it was the name of a member that may hold rows.
    named: Option<String>,
    /// The name of the member that holds the rows.
    pub(super) under: Option<String>,
    /// Where in `rest` the string that is being read begins.
    string_start: usize,
    /// Whether anything but white space was seen of the current row, and whether a comma announced it.
    started: bool,
    announced: bool,
    /// The bytes of the current row.
    pub(super) row: Vec<u8>,
    /// The document without its rows.
    pub(super) rest: Vec<u8>,
    /// Where in `rest` the rows were.
    pub(super) hole: usize,
    /// How many bytes were read.
    pub(super) read: usize,
}

impl Splitter {
    pub(super) fn new(enveloped: bool) -> Self {
        Self {
            enveloped,
            place: Place::Around,
            depth: 0,
            in_string: false,
            escaped: false,
            named: None,
            under: None,
            string_start: 0,
            started: false,
            announced: false,
            row: Vec::new(),
            rest: Vec::new(),
            hole: 0,
            read: 0,
        }
    }

    /// Whether the document ended in the middle of its rows.
    pub(super) fn is_among_rows(&self) -> bool {
        matches!(self.place, Place::Rows(_))
    }

    /// Reads bytes until a row ends, and says how many it took.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> (usize, Found) {
        for (index, byte) in bytes.iter().enumerate() {
            self.read += 1;
            let ended = match self.place {
                Place::Rows(level) => self.among(level, *byte),
                _ => {
                    self.around(*byte);
                    false
                }
            };
            if ended {
                return (index + 1, Found::Row);
            }
        }
        (bytes.len(), Found::More)
    }

    /// A byte inside a text. Gives whether the text ended.
    fn ends_text(&mut self, byte: u8) -> bool {
        let ends = byte == b'"' && !self.escaped;
        self.escaped = byte == b'\\' && !self.escaped;
        self.in_string = !ends;
        ends
    }

    /// A byte outside the rows.
    fn around(&mut self, byte: u8) {
        if self.in_string {
            self.rest.push(byte);
            if self.ends_text(byte) && self.depth == 1 {
                self.named = self.names_rows();
            }
            return;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.named = None;
                self.rest.push(byte);
                self.string_start = self.rest.len();
                return;
            }
            b'[' => {
                let bare = self.depth == 0 && self.place == Place::Around && self.is_first();
                let under = self.depth == 1 && self.place == Place::Around && self.enveloped && self.named.is_some();
                self.depth += 1;
                self.rest.push(byte);
                if bare || under {
                    self.hole = self.rest.len();
                    self.place = Place::Rows(self.depth);
                    self.under = self.named.take();
                }
                self.named = None;
                return;
            }
            b'{' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if !byte.is_ascii_whitespace() && byte != b':' {
            self.named = None;
        }
        self.rest.push(byte);
    }

    /// Whether nothing but white space came so far.
    fn is_first(&self) -> bool {
        self.rest.iter().all(u8::is_ascii_whitespace)
    }

    /// Whether the string that just ended is a name under which rows stand. Only the first object has such members.
    fn names_rows(&self) -> Option<String> {
        let first = self.rest.iter().find(|byte| !byte.is_ascii_whitespace());
        let end = self.rest.len().saturating_sub(1);
        let name = self.rest.get(self.string_start..end).and_then(|name| std::str::from_utf8(name).ok());
        name.filter(|name| first == Some(&b'{') && is_results(name)).map(str::to_owned)
    }

    /// A byte among the rows. Gives whether a row ended.
    fn among(&mut self, level: usize, byte: u8) -> bool {
        if self.in_string {
            self.row.push(byte);
            self.ends_text(byte);
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' | b'{' => self.depth += 1,
            b',' if self.depth == level => {
                self.announced = true;
                self.started = false;
                return true;
            }
            b']' if self.depth == level => {
                self.depth -= 1;
                self.place = Place::Behind;
                self.rest.push(byte);
                // `[]` holds no row, but `[1,]` lacks one.
                let one = self.started || self.announced;
                self.started = false;
                return one;
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1).max(level),
            _ if byte.is_ascii_whitespace() && !self.started => return false,
            _ => {}
        }
        self.started = true;
        self.row.push(byte);
        false
    }
}
