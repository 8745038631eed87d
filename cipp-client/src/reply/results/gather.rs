//! Finds the results in an answer: texts, objects, lists of them, one within another.

use super::{ResultItem, Results};
use crate::catalogue::Action;
use crate::json::take;
use crate::redact::named_secrets;
use crate::reply::envelope::{is_results, queued, take_metadata, text_of};
use crate::reply::listing::Queued;
use crate::reply::outcome::{State, decide};
use crate::values::Secret;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Sorts an answer into items and the rest. No item shows what is `hidden`, nor what any of them offers for copying.
pub(super) fn gather(value: Value, action: Option<&'static Action>, hidden: &[Secret]) -> Results {
    let mut secrets = named_secrets(&value);
    secrets.extend_from_slice(hidden);
    let mut results = sort(value, action);
    if !secrets.is_empty() {
        let secrets: Arc<[Secret]> = secrets.into();
        results.items.iter_mut().for_each(|item| item.hidden = Arc::clone(&secrets));
    }
    results
}

fn sort(value: Value, action: Option<&'static Action>) -> Results {
    let mut results = Results::default();
    match value {
        Value::Object(mut members) => {
            // In front of everything that could be told from its members alone.
            let metadata = take_metadata(&mut members);
            results.queued = queued(&metadata)
                .or_else(|| text_of(&metadata, "QueueId").map(|id| Queued { message: String::new(), id: Some(id) }));
            let mut collector = Collector { items: Vec::new(), rest: Map::new(), action };
            collector.object(members, 0);
            results.items = collector.items;
            results.extra = collector.rest.into();
            if results.queued.is_none() && !metadata.is_empty() {
                results.extra.insert("Metadata".to_owned(), Value::Object(metadata));
            }
        }
        value => {
            let mut collector = Collector { items: Vec::new(), rest: Map::new(), action };
            collector.any(value, 1);
            results.items = collector.items;
            results.extra = collector.rest.into();
        }
    }
    results
}

/// Results within results are followed so deep.
const DEEPEST: usize = 8;

/// Members that hold the text of a result, in the order in which they are looked for.
const TEXTS: [&str; 5] = ["resultText", "error", "message", "text", "status"];

struct Collector {
    items: Vec<ResultItem>,
    /// Members beside results.
    rest: Map<String, Value>,
    action: Option<&'static Action>,
}

impl Collector {
    fn any(&mut self, value: Value, depth: usize) {
        match value {
            Value::Null => {}
            Value::Array(values) => values.into_iter().for_each(|value| self.any(value, depth)),
            Value::Object(members) => self.object(members, depth),
            Value::String(text) => self.item(text, None, Map::new()),
            value => self.item(value.to_string(), None, Map::new()),
        }
    }

    fn object(&mut self, mut members: Map<String, Value>, depth: usize) {
        let names: Vec<String> = members.keys().filter(|name| is_results(name)).cloned().collect();
        let mut inner: Vec<Value> = Vec::new();
        if depth < DEEPEST {
            inner = names.iter().filter_map(|name| members.remove(name)).filter(|value| !value.is_null()).collect();
        }
        if inner.is_empty() {
            return self.lone(members, depth);
        }
        for value in inner {
            match value {
                // One text, and perhaps its state and what belongs to it beside it.
                Value::String(text) => {
                    let state = take_text(&mut members, "state");
                    let own = if depth == 0 { own(&mut members) } else { std::mem::take(&mut members) };
                    self.item(text, state, own);
                }
                value => self.any(value, depth + 1),
            }
        }
        // An error beside results is one more result, and not a good one.
        if let Some(text) = take_text(&mut members, "error") {
            self.item(text, Some("error".to_owned()), Map::new());
        }
        self.keep(members);
    }

    /// An object that holds no results: one result, if it says anything.
    fn lone(&mut self, mut members: Map<String, Value>, depth: usize) {
        let found = TEXTS.iter().find_map(|name| Some((*name, take_text(&mut members, name)?)));
        match found {
            Some((name, text)) => {
                let state = take_text(&mut members, "state");
                // An object with a member called error reports one, whatever its words.
                let fails = name == "error" || says(&members, "error");
                let state = state.or_else(|| fails.then(|| "error".to_owned()));
                self.item(text, state, members);
            }
            None if depth == 0 => self.keep(members),
            None if members.is_empty() => {}
            None => {
                let copy_field = take_text(&mut members, "copyField").map(Secret::new);
                let details = Some(Value::Object(members));
                let state = State::Info;
                self.items.push(ResultItem { state, guessed: true, copy_field, details, ..ResultItem::default() });
            }
        }
    }

    fn item(&mut self, text: String, state: Option<String>, mut members: Map<String, Value>) {
        let (state, guessed) = decide(&text, state.as_deref(), self.action);
        let copy_field = take_text(&mut members, "copyField").map(Secret::new);
        let details = take(&mut members, "details").map(|(_, details)| details).filter(|details| !details.is_null());
        let extra = members.into();
        self.items.push(ResultItem { text, state, guessed, copy_field, details, extra, ..ResultItem::default() });
    }

    fn keep(&mut self, members: Map<String, Value>) {
        for (name, value) in members {
            self.rest.entry(name).or_insert(value);
        }
    }
}

/// Takes out what belongs to a result rather than to the answer.
fn own(members: &mut Map<String, Value>) -> Map<String, Value> {
    let mut own = Map::new();
    own.extend(["copyField", "details"].iter().filter_map(|name| take(members, name)));
    own
}

/// Whether a member of this name says anything.
fn says(members: &Map<String, Value>, name: &str) -> bool {
    members.iter().any(|(known, value)| {
        known.eq_ignore_ascii_case(name)
            && match value {
                Value::Null | Value::Bool(false) => false,
                Value::String(text) => !text.trim().is_empty(),
                Value::Array(values) => !values.is_empty(),
                Value::Object(members) => !members.is_empty(),
                _ => true,
            }
    })
}

/// Takes a member out as text, if it says anything. `{code, message}` is the platform's form of an error.
fn take_text(members: &mut Map<String, Value>, name: &str) -> Option<String> {
    if !says(members, name) {
        return None;
    }
    match take(members, name)?.1 {
        Value::String(text) => Some(text),
        Value::Object(mut inner) => take_text(&mut inner, "message")
            .or_else(|| take_text(&mut inner, "code"))
            .or_else(|| Some(Value::Object(inner).to_string())),
        value => Some(value.to_string()),
    }
}
