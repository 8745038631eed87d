//! What tenants choose reaches neither the terminal's controls nor a spreadsheet's formulas.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use super::{Format, Query, Select, Shown, render};
use serde_json::{Value, json};

fn shown(value: &Value, format: Format, select: &Select) -> String {
    render(&Shown { value, known: Vec::new() }, format, select, Some(80)).unwrap()
}

#[test]
fn nothing_moves_the_cursor() {
    let rows = json!([{ "displayName": "a\u{1b}[2Jb\u{202e}c\r\nd", "id": "\u{7}1" }]);
    for format in [Format::Table, Format::Md, Format::Csv, Format::Tsv, Format::Lines] {
        let text = shown(&rows, format, &Select::default());
        let controls = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\t')).count();
        assert!(controls == 0 && !text.contains('\u{202e}'), "{text:?}");
    }
    assert_eq!(
        shown(&rows, Format::Json, &Select::default()).parse::<Value>().unwrap(),
        rows,
        "a document says what was sent"
    );
}

#[test]
fn a_spreadsheet_calculates_nothing() {
    let rows = json!([{ "name": "=HYPERLINK(\"x\")", "phone": "+1 555", "at": "@SUM(A1)", "minus": "-2+3", "number": -5, "text": "a,\"b\"" }]);
    let select = Select {
        columns: ["name", "phone", "at", "minus", "number", "text"].map(str::to_owned).into(),
        ..Select::default()
    };
    let csv = shown(&rows, Format::Csv, &select);
    assert_eq!(csv.lines().nth(1), Some(r#""'=HYPERLINK(""x"")",'+1 555,'@SUM(A1),'-2+3,-5,"a,""b""""#));
}

#[test]
fn a_line_is_a_row() {
    let rows = json!([{ "name": "a\tb\u{1b}[2J\n", "mail": "=x@y", "none": null }, { "name": "c" }]);
    let select = |columns: &[&str]| Select {
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        ..Select::default()
    };
    assert_eq!(shown(&rows, Format::Lines, &select(&["mail"])), "=x@y\n\n", "a row without a value is a line too");
    assert_eq!(shown(&rows, Format::Lines, &select(&["mail", "name"])), "=x@y\ta b\\u{1b}[2J \n\tc\n");
    assert_eq!(shown(&json!(["a", 5, null]), Format::Lines, &Select::default()), "a\n5\n\n");
    assert_eq!(shown(&json!("one"), Format::Lines, &Select::default()), "one\n");
    assert_eq!(shown(&Value::Null, Format::Lines, &Select::default()), "");
    let names = Select { query: Some(Query::JmesPath("[].name | [1]".to_owned())), ..Select::default() };
    assert_eq!(shown(&rows, Format::Lines, &names), "c\n");
}

#[test]
fn rows_are_chosen_without_quoting() {
    let rows = json!([{ "n": 10, "who": "Ann", "on": true }, { "n": 9, "who": "Bob", "on": false }, { "n": 2, "who": "Cyd", "on": true }]);
    let pick = |conditions: &[&str], sort: &str| {
        let conditions = conditions.iter().map(|text| text.parse().unwrap()).collect();
        let select =
            Select { conditions, sort: Some(sort.to_owned()), columns: vec!["who".to_owned()], ..Select::default() };
        shown(&rows, Format::Csv, &select).lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(pick(&["on=TRUE"], "-n"), ["Ann", "Cyd"]);
    assert_eq!(pick(&["n>=9", "who~o"], "n"), ["Bob"]);
    assert_eq!(pick(&["who!=ann"], "n"), ["Cyd", "Bob"]);
    let count = Select { count: true, limit: Some(2), ..Select::default() };
    assert_eq!(shown(&rows, Format::Json, &count), "2\n");
    let query = Select { query: Some(Query::JmesPath("[?on].who | [0]".to_owned())), ..Select::default() };
    assert_eq!(shown(&rows, Format::Json, &query), "\"Ann\"\n");
    assert!("who".parse::<super::select::Condition>().is_err());
}

#[test]
fn a_column_that_no_row_has_is_found_out() {
    let rows = json!([{ "name": "x", "inner": { "deep": 1 } }, { "other": null }]);
    let conditions = vec!["nmae=x".parse().unwrap(), "schema=1".parse().unwrap()];
    let columns = ["Name", "inner.deep", "other", "inner.no"].map(str::to_owned).to_vec();
    let select = Select { conditions, sort: Some("-size".to_owned()), columns, ..Select::default() };
    assert_eq!(select.strange(&rows, &["schema"]), ["nmae", "size", "inner.no"]);
    assert!(select.strange(&json!([]), &[]).is_empty(), "of nothing nothing is known");
}

#[test]
fn a_jq_filter_gives_one_document() {
    let rows = json!([{ "who": "Ada", "size": 2 }, { "who": "Björn", "size": 7.5 }, { "who": null, "size": 123_456_789_012_i64 }]);
    let of = |filter: &str| Query::Jq(filter.to_owned()).apply(&rows);
    assert_eq!(of("length").unwrap(), json!(3));
    assert_eq!(of(".[].who").unwrap(), json!(["Ada", "Björn", null]));
    assert_eq!(of("map(select(.size > 5) | .size)").unwrap(), json!([7.5, 123_456_789_012_i64]));
    assert_eq!(of(".[] | select(.who == \"nobody\")").unwrap(), json!([]));
    assert_eq!(of("[.[] | .who // \"-\"] | join(\", \") | ascii_upcase").unwrap(), json!("ADA, BJöRN, -"));
    assert_eq!(of("group_by(.size > 5) | map(length)").unwrap(), json!([1, 2]));
    for wrong in [".[", "nothing(1)", ".[0].who.x", "error(\"no\")"] {
        assert!(of(wrong).unwrap_err().message.contains("jq filter"), "{wrong}");
    }
}
