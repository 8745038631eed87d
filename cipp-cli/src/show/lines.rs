//! Bare values, a line for each row, for programs that read lines.

use super::cell::{at, text};
use serde_json::Value;

/// The cells of a row, with a tab between them, and no head line. No cell holds a tab or a line break, so that each line is one row.
/// Formulas stay as they are: this is no format of spreadsheets.
pub fn lines(value: &Value, columns: &[String]) -> String {
    let rows: &[Value] = match value {
        Value::Array(rows) => rows,
        Value::Null => &[],
        other => std::slice::from_ref(other),
    };
    rows.iter().map(|row| line(row, columns) + "\n").collect()
}

fn line(row: &Value, columns: &[String]) -> String {
    // A bare value beside objects is a row too.
    if columns.is_empty() || !row.is_object() {
        return text(row);
    }
    let cells: Vec<String> = columns.iter().map(|column| at(row, column).map(text).unwrap_or_default()).collect();
    cells.join("\t")
}
