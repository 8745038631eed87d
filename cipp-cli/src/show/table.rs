//! Tables for people.

use super::cell::{at, text};
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

/// What stands between two columns.
const GAP: &str = "  ";

/// The widest a cell becomes where there is no other limit.
const WIDEST: usize = 60;

/// Rows as a table; a lone object as one line for each member. With a width, columns that do not fit are left out, and named.
pub fn plain(value: &Value, columns: &[String], fit: Option<u16>, width: Option<u16>) -> String {
    let rows: &[Value] = match value {
        Value::Array(rows) if rows.is_empty() => return "Nothing found.\n".to_owned(),
        Value::Array(rows) => rows,
        Value::Object(_) => return details(value, columns),
        Value::Null => return String::new(),
        value => return format!("{}\n", text(value)),
    };
    if columns.is_empty() {
        return rows.iter().map(|row| format!("{}\n", text(row))).collect();
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.iter().map(|column| shorten(at(row, column).map(text).unwrap_or_default(), width)).collect())
        .collect();
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let widest = cells.iter().filter_map(|row| row.get(index)).map(|cell| cell.width()).max();
            widest.unwrap_or_default().max(column.width())
        })
        .collect();
    let shown = fit.map_or(columns.len(), |fit| fitting(&widths, fit.into()));
    let line = |cells: &[String]| {
        let padded = cells
            .iter()
            .zip(&widths)
            .take(shown)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width()))));
        format!("{}\n", padded.collect::<Vec<_>>().join(GAP).trim_end())
    };
    let head: Vec<String> = columns.iter().map(|column| super::clean(column)).collect();
    let mut out = line(&head);
    cells.iter().for_each(|row| out.push_str(&line(row)));
    let hidden = columns.len() - shown;
    if hidden > 0 {
        out.push_str(&format!(
            "({hidden} more columns: --wide, or --columns {})\n",
            columns.iter().skip(shown).take(3).cloned().collect::<Vec<_>>().join(",")
        ));
    }
    out
}

/// How many of the columns fit; at least one.
fn fitting(widths: &[usize], limit: usize) -> usize {
    let mut used = 0;
    let fit = widths.iter().take_while(|width| {
        used += **width + GAP.len();
        used <= limit + GAP.len()
    });
    fit.count().max(1)
}

fn details(value: &Value, columns: &[String]) -> String {
    let longest = columns.iter().map(|column| column.width()).max().unwrap_or_default();
    let line = |column: &String| {
        let cell = at(value, column).map(text).unwrap_or_default();
        format!("{:longest$}  {cell}\n", super::clean(column))
    };
    columns.iter().map(line).collect()
}

fn shorten(cell: String, width: Option<u16>) -> String {
    // Ids are never cut: half of one is of no use.
    let is_id = cell.len() == 36 && cell.bytes().filter(|byte| *byte == b'-').count() == 4;
    if width.is_none() || is_id || cell.width() <= WIDEST {
        return cell;
    }
    cell.chars().take(WIDEST - 1).chain(['…']).collect()
}

/// A table in Markdown.
pub fn markdown(value: &Value, columns: &[String]) -> String {
    let escape = |cell: String| cell.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
    let rows: &[Value] = match value {
        Value::Array(rows) => rows,
        Value::Null => &[],
        other => std::slice::from_ref(other),
    };
    if columns.is_empty() {
        return rows.iter().map(|row| format!("- {}\n", escape(text(row)))).collect();
    }
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(columns.iter().map(|column| escape(super::clean(column))).collect());
    out.push_str(&line(columns.iter().map(|_| "---".to_owned()).collect()));
    for row in rows {
        out.push_str(&line(
            columns.iter().map(|column| escape(at(row, column).map(text).unwrap_or_default())).collect(),
        ));
    }
    out
}
