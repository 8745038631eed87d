//! Reading an output back: each format holds the same result.

use serde_json::Value;

/// Why an output is not this result in that format; `None` where it is.
pub fn fault(format: &str, out: &str, result: &Value) -> Option<String> {
    let rows = match result {
        Value::Array(rows) => rows.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let wants = |fine: bool| (!fine).then(|| format!("{format} is not the result: {out}"));
    match format {
        "json" => wants(serde_json::from_str::<Value>(out).is_ok_and(|read| &read == result)),
        "ndjson" => {
            let lines: Result<Vec<Value>, _> = out.lines().map(serde_json::from_str).collect();
            let expected = if result.is_null() { vec![Value::Null] } else { rows };
            wants(lines.is_ok_and(|lines| lines == expected))
        }
        "yaml" => wants(serde_yaml::from_str::<Value>(out).is_ok_and(|read| &read == result)),
        "csv" => delimited(out, b',', &rows),
        "tsv" => delimited(out, b'\t', &rows),
        "lines" => lines(out, &rows),
        "md" => wants(rows.is_empty() || out.lines().count() >= rows.len()),
        "none" => wants(out.is_empty()),
        _ => wants(result.is_null() || !out.trim().is_empty()),
    }
}

/// A line for each row, all of objects with the same number of cells, and each text or number of a row is one of its cells.
fn lines(out: &str, rows: &[Value]) -> Option<String> {
    let lines: Vec<&str> = out.split_terminator('\n').collect();
    if lines.len() != rows.len() {
        return Some(format!("{} lines instead of {}: {out}", lines.len(), rows.len()));
    }
    for (line, row) in lines.iter().zip(rows) {
        let cells: Vec<&str> = line.split('\t').collect();
        let plain = |value: &Value| match value {
            Value::String(text) if !text.contains(char::is_control) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        let members = match row {
            Value::Object(members) => members.values().filter_map(plain).collect(),
            value => plain(value).into_iter().collect::<Vec<_>>(),
        };
        if let Some(missing) = members.iter().find(|text| !cells.contains(&text.as_str())) {
            return Some(format!("{missing} is missing in the line {line}"));
        }
    }
    None
}

fn delimited(out: &str, by: u8, rows: &[Value]) -> Option<String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(by).from_reader(out.as_bytes());
    let head = match reader.headers() {
        Ok(head) => head.clone(),
        Err(error) => return Some(format!("no head line: {error}")),
    };
    let records: Vec<csv::StringRecord> = match reader.records().collect() {
        Ok(records) => records,
        Err(error) => return Some(format!("it cannot be read: {error}")),
    };
    if records.len() != rows.len() {
        return Some(format!("{} records instead of {}: {out}", records.len(), rows.len()));
    }
    for (record, row) in records.iter().zip(rows) {
        for (name, cell) in head.iter().zip(record) {
            let expected = match row.get(name) {
                Some(Value::String(text))
                    if !text.starts_with(['=', '+', '-', '@']) && !text.contains(char::is_control) =>
                {
                    text.clone()
                }
                Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
                _ => continue,
            };
            if cell != expected {
                return Some(format!("{name} is {cell} instead of {expected}"));
            }
        }
    }
    None
}
