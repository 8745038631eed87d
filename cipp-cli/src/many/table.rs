//! The rows of a file, still as they were written.

use super::mistakes::Mistakes;
use crate::failure::Failure;
use serde_json::Value;
use std::io::Read as _;

/// A table of a file.
#[derive(Debug, Default)]
pub struct Table {
    /// The name of the file, for messages.
    pub name: String,
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
    /// Whether the columns stand in a line of their own.
    pub has_head: bool,
    /// The rows that are not empty.
    pub rows: Vec<Row>,
}

/// A column of a file.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The line where it is named first.
    pub line: u64,
}

/// A row of a file.
#[derive(Debug)]
pub struct Row {
    /// Its line, counted from 1.
    pub line: u64,
    /// What it holds, with the numbers of the columns.
    pub cells: Vec<(usize, Cell)>,
}

/// One cell.
#[derive(Debug)]
pub enum Cell {
    /// A text, of which the type is yet to be read.
    Text(String),
    /// JSON, which has a type.
    Json(Value),
}

/// Reads a file, or standard input.
pub fn read(path: &str, mistakes: &mut Mistakes) -> Result<Table, Failure> {
    let mut bytes = Vec::new();
    let name = if path == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        "standard input"
    } else {
        bytes = std::fs::read(path).map_err(|error| Failure::usage(format!("{path} cannot be read: {error}")))?;
        path
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Failure::usage(format!("{name} is UTF-16")).hint("in Excel, save it as 'CSV UTF-8'"));
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
            return Err(
                Failure::usage(format!("{name}:{line}: this is not UTF-8")).hint("in Excel, save it as 'CSV UTF-8'")
            );
        }
    };
    let extension = std::path::Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_json = match extension.as_str() {
        "csv" | "tsv" => false,
        "json" | "jsonl" | "ndjson" => true,
        _ => text.trim_start().starts_with(['{', '[']),
    };
    let mut table = if is_json { super::json::read(text, mistakes) } else { super::csv::read(text, mistakes) };
    table.name = name.to_owned();
    Ok(table)
}
