//! Choosing from a result, without quoting for the simple cases.

use super::cell::{at, text};
use super::query::Query;
use crate::failure::Failure;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::str::FromStr;

/// What to keep of a result. The order is fixed: rows by condition, sorted, the query, the limit, then columns.
#[derive(Debug, Default)]
pub struct Select {
    pub columns: Vec<String>,
    pub conditions: Vec<Condition>,
    pub sort: Option<String>,
    pub limit: Option<usize>,
    pub count: bool,
    pub query: Option<Query>,
    pub wide: bool,
    /// Whether hints are unwanted.
    pub quiet: bool,
}

/// A condition on one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    column: String,
    compare: Compare,
    value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Is,
    IsNot,
    Contains,
    Less,
    LessOrIs,
    More,
    MoreOrIs,
}

/// Longer signs first, so that `>=` is not taken for `>`.
const SIGNS: [(&str, Compare); 7] = [
    ("!=", Compare::IsNot),
    (">=", Compare::MoreOrIs),
    ("<=", Compare::LessOrIs),
    ("=", Compare::Is),
    ("~", Compare::Contains),
    (">", Compare::More),
    ("<", Compare::Less),
];

impl FromStr for Condition {
    type Err = Failure;

    fn from_str(words: &str) -> Result<Self, Failure> {
        let found = SIGNS.iter().filter_map(|(sign, compare)| words.find(sign).map(|at| (at, *sign, *compare)));
        match found.min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len()))) {
            Some((at, sign, compare)) if at > 0 => {
                let (column, rest) = words.split_at(at);
                let value = rest.strip_prefix(sign).unwrap_or(rest);
                Ok(Self { column: column.trim().to_owned(), compare, value: value.trim().to_owned() })
            }
            _ => {
                Err(Failure::usage(format!("'{words}' is no condition: write COLUMN=VALUE, or one of != ~ > < >= <=")))
            }
        }
    }
}

impl Condition {
    fn holds(&self, row: &Value) -> bool {
        let value = at(row, &self.column).map(text).unwrap_or_default();
        let order = || compare(&value, &self.value);
        match self.compare {
            Compare::Is => value.eq_ignore_ascii_case(&self.value),
            Compare::IsNot => !value.eq_ignore_ascii_case(&self.value),
            Compare::Contains => value.to_lowercase().contains(&self.value.to_lowercase()),
            Compare::Less => order() == Ordering::Less,
            Compare::LessOrIs => order() != Ordering::Greater,
            Compare::More => order() == Ordering::Greater,
            Compare::MoreOrIs => order() != Ordering::Less,
        }
    }
}

/// Numbers by size, all else as text; dates as the server writes them sort as text.
fn compare(one: &str, other: &str) -> Ordering {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one.partial_cmp(&other).unwrap_or(Ordering::Equal),
        _ => one.to_lowercase().cmp(&other.to_lowercase()),
    }
}

impl Select {
    /// Whether a row can be chosen and shown without knowing the others.
    pub fn is_row_by_row(&self) -> bool {
        self.sort.is_none() && self.limit.is_none() && !self.count && self.query.is_none()
    }

    /// Columns that are asked for and that no row has: mostly slips of the pen, and the result would not show it.
    pub fn strange(&self, value: &Value, known: &[&str]) -> Vec<&str> {
        let rows = match value {
            Value::Array(rows) if !rows.is_empty() => rows.as_slice(),
            _ => return Vec::new(),
        };
        let sorted = self.sort.as_deref().map(|sort| sort.strip_prefix('-').unwrap_or(sort));
        let asked = self.conditions.iter().map(|condition| condition.column.as_str()).chain(sorted);
        // What a query gives has columns of its own.
        let shown = self.columns.iter().filter(|_| self.query.is_none()).map(String::as_str);
        let missing = |column: &&str| {
            let first = column.split('.').next().unwrap_or_default();
            !known.iter().any(|name| name.eq_ignore_ascii_case(column) || name.eq_ignore_ascii_case(first))
                && rows.iter().all(|row| at(row, column).is_none())
        };
        asked.chain(shown).filter(missing).collect()
    }

    /// Chooses from a value.
    pub fn apply(&self, value: &Value) -> Result<Value, Failure> {
        let mut value = match value {
            Value::Array(rows) => Value::Array(
                rows.iter()
                    .filter(|row| self.conditions.iter().all(|condition| condition.holds(row)))
                    .cloned()
                    .collect(),
            ),
            other => other.clone(),
        };
        if let (Some(sort), Value::Array(rows)) = (&self.sort, &mut value) {
            let (column, backwards) = sort.strip_prefix('-').map_or((sort.as_str(), false), |column| (column, true));
            let key = |row: &Value| at(row, column).map(text).unwrap_or_default();
            rows.sort_by(|one, other| {
                let order = compare(&key(one), &key(other));
                if backwards { order.reverse() } else { order }
            });
        }
        if let Some(query) = &self.query {
            value = query.apply(&value)?;
        }
        if let (Some(limit), Value::Array(rows)) = (self.limit, &mut value) {
            rows.truncate(limit);
        }
        if self.count {
            return Ok(Value::from(match &value {
                Value::Array(rows) => rows.len(),
                Value::Null => 0,
                _ => 1,
            }));
        }
        if !self.columns.is_empty() && self.query.is_none() {
            value = match value {
                Value::Array(rows) => Value::Array(rows.iter().map(|row| self.narrow(row)).collect()),
                row => self.narrow(&row),
            };
        }
        Ok(value)
    }

    fn narrow(&self, row: &Value) -> Value {
        if !row.is_object() {
            return row.clone();
        }
        let members = self.columns.iter().map(|column| (column.clone(), at(row, column).cloned().unwrap_or_default()));
        Value::Object(members.collect::<Map<_, _>>())
    }
}
