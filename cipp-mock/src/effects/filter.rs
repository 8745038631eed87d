//! The little OData that filters of users and sign-ins are written in: comparisons joined with `and`.

use crate::clock::parse_iso;
use crate::project::lookup;
use crate::world::Record;
use serde_json::Value;

/// A filter, understood.
#[derive(Debug)]
pub(crate) struct Filter(Vec<Test>);

#[derive(Debug)]
enum Test {
    Compare(String, String, String),
    Starts(String, String),
    Ends(String, String),
}

impl Filter {
    /// Reads a filter; `None` where it is beyond this server.
    pub(crate) fn read(text: &str) -> Option<Self> {
        text.split(" and ").map(test).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether a record passes.
    pub(crate) fn passes(&self, record: &Record) -> bool {
        self.0.iter().all(|test| match test {
            Test::Compare(field, how, value) => compare(lookup_path(record, field), how, value),
            Test::Starts(field, value) => text(lookup_path(record, field)).starts_with(value.as_str()),
            Test::Ends(field, value) => text(lookup_path(record, field)).ends_with(value.as_str()),
        })
    }
}

fn test(part: &str) -> Option<Test> {
    let part = part.trim().trim_start_matches('(').trim();
    let lower = part.to_ascii_lowercase();
    if let (true, Some(inner)) = (lower.starts_with("startswith("), call(part)) {
        return Some(Test::Starts(inner.0, inner.1));
    }
    if let (true, Some(inner)) = (lower.starts_with("endswith("), call(part)) {
        return Some(Test::Ends(inner.0, inner.1));
    }
    let mut words = part.trim_end_matches(')').splitn(3, ' ');
    let (field, how, value) = (words.next()?, words.next()?, words.next()?);
    matches!(how, "eq" | "ne" | "ge" | "gt" | "le" | "lt")
        .then(|| Test::Compare(field.to_owned(), how.to_owned(), literal(value)))
}

/// The two arguments of a function.
fn call(part: &str) -> Option<(String, String)> {
    let inner = part.split_once('(')?.1.trim_end_matches(')');
    let (field, value) = inner.split_once(',')?;
    Some((field.trim().to_owned(), literal(value).to_lowercase()))
}

/// A literal without its quotes; a quote inside is doubled.
fn literal(value: &str) -> String {
    let value = value.trim();
    let inner = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
    inner.map_or_else(|| value.to_owned(), |inner| inner.replace("''", "'"))
}

fn lookup_path<'a>(record: &'a Record, path: &str) -> Option<&'a Value> {
    let mut parts = path.split('/');
    let first = lookup(record, parts.next()?)?;
    parts.try_fold(first, |value, part| value.as_object().and_then(|members| lookup(members, part)))
}

fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.to_lowercase(),
        Some(Value::Null) | None => "null".to_owned(),
        Some(value) => value.to_string(),
    }
}

fn compare(found: Option<&Value>, how: &str, wanted: &str) -> bool {
    let found = text(found);
    let wanted = wanted.to_lowercase();
    let order = match (found.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(found), Ok(wanted)) => found.total_cmp(&wanted),
        _ => match (parse_iso(&found), parse_iso(&wanted)) {
            (Some(found), Some(wanted)) => found.cmp(&wanted),
            _ => found.cmp(&wanted),
        },
    };
    match how {
        "eq" => order.is_eq(),
        "ne" => order.is_ne(),
        "ge" => order.is_ge(),
        "gt" => order.is_gt(),
        "le" => order.is_le(),
        _ => order.is_lt(),
    }
}
