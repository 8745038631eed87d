//! JSON lines, an object on each; or one array of objects.

use super::mistakes::Mistakes;
use super::table::{Cell, Column, Row, Table};
use serde_json::Value;

pub fn read(text: &str, mistakes: &mut Mistakes) -> Table {
    let mut table = Table::default();
    if text.trim_start().starts_with('[') {
        match serde_json::from_str::<Vec<Value>>(text) {
            // Where an item of an array stands, nobody knows any more; its number is what helps.
            Ok(rows) => (1..).zip(rows).for_each(|(number, row)| add(&mut table, number, row, mistakes)),
            Err(error) => mistakes.add(u64::try_from(error.line()).unwrap_or(1), None, error),
        }
        return table;
    }
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(row) => add(&mut table, number, row, mistakes),
            Err(error) => mistakes.add(number, None, format!("this is no JSON: {error}")),
        }
    }
    table
}

fn add(table: &mut Table, line: u64, row: Value, mistakes: &mut Mistakes) {
    let Value::Object(members) = row else {
        mistakes.add(line, None, "this is no object");
        return;
    };
    let mut cells = Vec::with_capacity(members.len());
    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
        let column = table.columns.iter().position(|column| column.name == name).unwrap_or_else(|| {
            table.columns.push(Column { name, line });
            table.columns.len() - 1
        });
        cells.push((column, Cell::Json(value)));
    }
    table.rows.push(Row { line, cells });
}
