//! Whether an answer is the answer, or only says "wait".

use super::DecodeContext;
use super::envelope::queued;
use super::listing::Queued;
use crate::catalogue::RowMeaning;
use crate::json::member;
use crate::text::starts;
use serde_json::{Map, Value};

/// Whether an answer is there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Readiness {
    /// This is the answer.
    Ready,
    /// The server is at work on it, and says so.
    Queued(Queued),
}

/// How the rows begin by which the server says that rows are being collected, where no specification knows better.
const PLACEHOLDER: &str = "Loading data";

/// Reads JSON whose shape nobody knows: an envelope with a message about its queue, `{Waiting: true}`, or a lone placeholder row.
pub(super) fn of_value(value: &Value, cx: &DecodeContext) -> Readiness {
    let found = match value {
        Value::Object(members) => of_object(members, cx),
        Value::Array(rows) => match rows.as_slice() {
            [Value::Object(row)] => placeholder(row, cx),
            _ => None,
        },
        _ => None,
    };
    found.map_or(Readiness::Ready, Readiness::Queued)
}

fn of_object(members: &Map<String, Value>, cx: &DecodeContext) -> Option<Queued> {
    if let Some((_, Value::Object(metadata))) = member(members, "Metadata")
        && let Some(queued) = queued(metadata)
    {
        return Some(queued);
    }
    if member(members, "Waiting").is_some_and(|(_, value)| is_true(value)) {
        return Some(Queued { message: "the server is still at work".to_owned(), id: None });
    }
    match member(members, "Results") {
        Some((_, Value::Array(rows))) => match rows.as_slice() {
            [Value::Object(row)] => placeholder(row, cx),
            _ => None,
        },
        _ => placeholder(members, cx),
    }
}

/// PowerShell writes flags as texts in places.
pub(crate) fn is_true(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true")))
}

/// A row that says nothing but "loading", by the action's rules or, where there are none, by its words.
fn placeholder(row: &Map<String, Value>, cx: &DecodeContext) -> Option<Queued> {
    let texts = || row.values().filter(|value| !value.is_null());
    let rules = cx.action().map_or(&[][..], |action| action.rows);
    let known = rules
        .iter()
        .filter(|rule| rule.means == RowMeaning::Queued)
        .find_map(|rule| row.get(rule.field)?.as_str().filter(|text| rule.fits(text, || texts().count() == 1)));
    let said = known.or_else(|| {
        let first = texts().next()?.as_str()?;
        texts().all(|value| value.as_str().is_some_and(|text| starts(text, PLACEHOLDER))).then_some(first)
    });
    said.map(|text| Queued { message: text.to_owned(), id: None })
}
