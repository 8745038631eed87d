//! CSV and TSV that a spreadsheet may open.

use super::cell::{at, text};
use crate::exit::Exit;
use crate::failure::Failure;
use serde_json::Value;
use std::borrow::Cow;

/// Rows with a head line. What a spreadsheet would take for a formula gets an apostrophe in front: tenants choose these texts.
pub fn csv(value: &Value, columns: &[String], by: u8) -> Result<String, Failure> {
    let mut writer = csv::WriterBuilder::new().delimiter(by).from_writer(Vec::new());
    let failed =
        |error: &dyn std::fmt::Display| Failure::new(Exit::Failed, format!("no table can be made of it: {error}"));
    let rows: &[Value] = match value {
        Value::Array(rows) => rows,
        Value::Null => &[],
        other => std::slice::from_ref(other),
    };
    if columns.is_empty() {
        // Bare values are a table of one column.
        if !rows.is_empty() {
            writer.write_record(["value"]).map_err(|error| failed(&error))?;
        }
        for row in rows {
            writer.write_record([&*harmless(&text(row))]).map_err(|error| failed(&error))?;
        }
    } else {
        writer
            .write_record(columns.iter().map(|column| harmless(column).into_owned()))
            .map_err(|error| failed(&error))?;
        for row in rows {
            let cells = columns.iter().map(|column| at(row, column).map(text).unwrap_or_default());
            writer.write_record(cells.map(|cell| harmless(&cell).into_owned())).map_err(|error| failed(&error))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// The cell, unless a spreadsheet would calculate it. Numbers stay numbers.
fn harmless(cell: &str) -> Cow<'_, str> {
    let dangerous = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if dangerous { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}
