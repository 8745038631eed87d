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
        "md" => wants(rows.is_empty() || out.lines().count() >= rows.len()),
        "none" => wants(out.is_empty()),
        _ => wants(result.is_null() || !out.trim().is_empty()),
    }
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
