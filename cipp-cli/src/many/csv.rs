//! CSV as spreadsheets write it: with commas, semicolons or tabs, and with or without a byte-order mark.

use super::mistakes::Mistakes;
use super::table::{Cell, Column, Row, Table};

pub fn read(text: &str, mistakes: &mut Mistakes) -> Table {
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let mut table = Table { has_head: true, ..Table::default() };
    match records.next() {
        Some(Ok(head)) => {
            table.columns = head.iter().map(|name| Column { name: name.trim().to_owned(), line: 1 }).collect()
        }
        Some(Err(error)) => mistakes.add(1, None, error),
        None => mistakes.add(1, None, "there is no head line with the names of the columns"),
    }
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                mistakes.add(error.position().map_or(0, ::csv::Position::line), None, error);
                continue;
            }
        };
        let line = record.position().map_or(0, |position| line_of(text, position));
        // Spreadsheets leave such lines at the end.
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() != table.columns.len() {
            mistakes.add(line, None, format!("{} cells, where the head has {}", record.len(), table.columns.len()));
            continue;
        }
        let cells = record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
        table
            .rows
            .push(Row { line, cells: cells.map(|(column, cell)| (column, Cell::Text(cell.to_owned()))).collect() });
    }
    table
}

/// The line of a record. The reader's position is before the empty lines in front of it.
fn line_of(text: &str, position: &::csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let ahead =
        text.as_bytes().get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + ahead.filter(|byte| **byte == b'\n').map(|_| 1).sum::<u64>()
}

/// The sign that parts the names of the columns: the one that is there most often, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            byte if !quoted => counts.iter_mut().filter(|(sign, _)| *sign == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    // Of equals, the first.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| sign)
}
