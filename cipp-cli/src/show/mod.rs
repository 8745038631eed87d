//! From a value to text on standard output.

mod cell;
mod columns;
mod delimited;
mod document;
mod format;
mod lines;
mod query;
mod select;
mod table;
#[cfg(test)]
mod tests;

pub use cell::clean;
pub use format::Format;
pub use query::Query;
pub use select::Select;

use crate::failure::Failure;
use serde_json::Value;
use std::io::{IsTerminal as _, Write as _};

/// What is shown: a value, and which of its columns matter most.
pub struct Shown<'v> {
    pub value: &'v Value,
    /// Names of columns in the order in which the specification has them; may be empty.
    pub known: Vec<&'static str>,
}

/// The format: what was asked for here or for this folder, or a table for people and JSON for programs.
pub fn format_or_default(asked: Option<Format>) -> Format {
    let asked = asked.or_else(|| crate::project::settings()?.output);
    asked.unwrap_or(if std::io::stdout().is_terminal() { Format::Table } else { Format::Json })
}

/// Prints a value in a format, after choosing from it.
pub fn print(shown: &Shown<'_>, format: Format, select: &Select) -> Result<(), Failure> {
    let text = render(shown, format, select, width(select.wide))?;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    if !select.quiet {
        for column in select.strange(shown.value, &shown.known) {
            eprintln!("hint: no row has a column '{}'{}", clean(column), near(column, shown));
        }
    }
    Ok(())
}

/// The column that was meant.
fn near(column: &str, shown: &Shown<'_>) -> String {
    let first = shown.value.as_array().and_then(|rows| rows.first()).and_then(Value::as_object);
    let names = first.into_iter().flat_map(|row| row.keys().map(String::as_str)).chain(shown.known.iter().copied());
    let distance = |name: &str| strsim::osa_distance(&name.to_lowercase(), &column.to_lowercase());
    let best = names.min_by_key(|name| distance(name)).filter(|name| distance(name) <= column.len() / 3 + 1);
    best.map_or(String::new(), |name| format!("; did you mean {}?", clean(name)))
}

/// The text of a value in a format, after choosing from it.
pub fn render(shown: &Shown<'_>, format: Format, select: &Select, width: Option<u16>) -> Result<String, Failure> {
    let chosen = select.apply(shown.value)?;
    let reshaped = select.query.is_some() || select.count;
    let known = if reshaped { Vec::new() } else { shown.known.clone() };
    let columns = || columns::of(&chosen, &known, &select.columns);
    Ok(match format {
        Format::Json => document::json(&chosen),
        Format::Ndjson => document::ndjson(&chosen),
        Format::Yaml => document::yaml(&chosen)?,
        Format::Csv => delimited::csv(&chosen, &columns(), b',')?,
        Format::Tsv => delimited::csv(&chosen, &columns(), b'\t')?,
        Format::Lines => lines::lines(&chosen, &columns()),
        Format::Md => table::markdown(&chosen, &columns()),
        Format::Table => table::plain(&chosen, &columns(), if select.columns.is_empty() { width } else { None }, width),
        Format::None => String::new(),
    })
}

/// How wide the terminal is; `None` where it does not matter.
fn width(wide: bool) -> Option<u16> {
    if wide || !std::io::stdout().is_terminal() {
        return None;
    }
    let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    Some(said.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0)).unwrap_or(80))
}
