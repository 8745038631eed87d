//! Records: JSON objects, with the few ways of reaching into them that the server needs.

use serde_json::{Map, Value};

/// One thing of the world, under the names that the API shows.
pub(crate) type Record = Map<String, Value>;

/// The members of a `json!` object.
pub(crate) fn record(value: Value) -> Record {
    match value {
        Value::Object(members) => members,
        _ => Record::new(),
    }
}

/// Reading and writing members by name.
pub(crate) trait Fields {
    /// A text; empty where there is none.
    fn text(&self, name: &str) -> &str;
    /// Whether a flag is on.
    fn on(&self, name: &str) -> bool;
    /// A whole number; 0 where there is none.
    fn int(&self, name: &str) -> i64;
    /// The items of a list; none where there is no list.
    fn list(&self, name: &str) -> &[Value];
    /// The texts of a list.
    fn texts(&self, name: &str) -> Vec<String>;
    /// Sets a member.
    fn put(&mut self, name: &str, value: impl Into<Value>);
    /// Adds to a list.
    fn push(&mut self, name: &str, value: impl Into<Value>);
    /// Whether a list holds a text.
    fn holds(&self, name: &str, text: &str) -> bool;
    /// Takes a text out of a list; whether it was there.
    fn take(&mut self, name: &str, text: &str) -> bool;
}

impl Fields for Record {
    fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn on(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    fn int(&self, name: &str) -> i64 {
        self.get(name).and_then(Value::as_i64).unwrap_or_default()
    }

    fn list(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.insert(name.to_owned(), value.into());
    }

    fn push(&mut self, name: &str, value: impl Into<Value>) {
        match self.get_mut(name) {
            Some(Value::Array(items)) => items.push(value.into()),
            _ => self.put(name, vec![value.into()]),
        }
    }

    fn holds(&self, name: &str, text: &str) -> bool {
        self.list(name).iter().any(|item| item.as_str().is_some_and(|item| item.eq_ignore_ascii_case(text)))
    }

    fn take(&mut self, name: &str, text: &str) -> bool {
        let held = self.holds(name, text);
        if let Some(Value::Array(items)) = self.get_mut(name) {
            items.retain(|item| !item.as_str().is_some_and(|item| item.eq_ignore_ascii_case(text)));
        }
        held
    }
}

/// The record whose member has this text, in any case.
pub(crate) fn find<'a>(records: &'a [Record], name: &str, text: &str) -> Option<&'a Record> {
    records.iter().find(|record| !text.is_empty() && record.text(name).eq_ignore_ascii_case(text))
}

/// The same, for writing.
pub(crate) fn find_mut<'a>(records: &'a mut [Record], name: &str, text: &str) -> Option<&'a mut Record> {
    records.iter_mut().find(|record| !text.is_empty() && record.text(name).eq_ignore_ascii_case(text))
}

/// Takes the record out whose member has this text.
pub(crate) fn remove(records: &mut Vec<Record>, name: &str, text: &str) -> Option<Record> {
    let index = records.iter().position(|record| !text.is_empty() && record.text(name).eq_ignore_ascii_case(text))?;
    Some(records.remove(index))
}

/// Records as JSON.
pub(crate) fn values(records: &[Record]) -> Vec<Value> {
    records.iter().cloned().map(Value::Object).collect()
}
