//! Rows, in all the envelopes in which the server sends them.

use super::envelope::{Around, fill, has_results_field, queued, read_rows, text_of};
use super::json::{Body, body, read};
use super::outcome::{State, decide};
use super::results::{failure_in, message_of};
use super::{DecodeContext, Output, Readiness, Reply};
use crate::Error;
use crate::catalogue::{RowMeaning, RowRule};
use crate::model::{Context, Extra, ListRef, ListSlot, Ref, Warnings};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use std::fmt;
use std::ops::Deref;

/// Rows, and what the server says about them. Reads like a slice of its items.
///
/// When the server collects the rows in the background, as it does for all tenants, the first answer has no rows and says so in
/// [`queued`](Self::queued): ask again later.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Listing<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Set when the rows, or more of them, are still being collected.
    pub queued: Option<Queued>,
    /// Where the next page starts: a text to hand back to the same action, never an address to call.
    pub next_link: Option<String>,
    /// What else the server says about the rows.
    pub metadata: Extra,
    /// Members beside rows and metadata.
    pub extra: Extra,
    /// What stood among the rows but is none, such as a text. Each is also a warning.
    pub strays: Vec<Value>,
}

/// Work that goes on in the background.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Queued {
    /// The server's words; may be empty.
    pub message: String,
    /// The id under which the queue can be asked for its state, where the server gave one.
    pub id: Option<String>,
}

impl<T> Listing<T> {
    /// The rows.
    #[must_use]
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// Whether rows are still being collected, so that this is not all.
    #[must_use]
    pub fn is_queued(&self) -> bool {
        self.queued.is_some()
    }
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            queued: None,
            next_link: None,
            metadata: Extra::default(),
            extra: Extra::default(),
            strays: Vec::new(),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Listing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("items", &self.items)
            .field("queued", &self.queued)
            .field("next_link", &self.next_link)
            .field("metadata", &self.metadata)
            .field("extra", &self.extra)
            .field("strays", &self.strays.len())
            .finish()
    }
}

impl<T> Deref for Listing<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> IntoIterator for Listing<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'l, T> IntoIterator for &'l Listing<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

// Not imported, because its `get` would hide those of texts and maps.
impl<T: crate::model::Shape + Send + 'static> Output for Listing<T> {
    fn decode(reply: &Reply, cx: &DecodeContext) -> Result<(Self, Warnings), Error> {
        let mut rows: Option<Vec<T>> = None;
        let bare = has_results_field(T::slot(&mut None));
        let (around, warnings) = rows_of(reply, cx, &mut rows, bare)?;
        let mut items = rows.unwrap_or_default();
        let said = said_by_row(&items, reply, cx)?;
        if said.is_some() {
            items.clear();
        }
        let Found { queued, next_link, metadata, extra, strays } = around;
        Ok((Self { items, queued: queued.or(said), next_link, metadata, extra, strays }, warnings))
    }

    fn readiness(&self, _: &DecodeContext) -> Readiness {
        self.queued.clone().map_or(Readiness::Ready, Readiness::Queued)
    }
}

/// All of a listing but its rows.
struct Found {
    queued: Option<Queued>,
    next_link: Option<String>,
    metadata: Extra,
    extra: Extra,
    strays: Vec<Value>,
}

/// Reads everything; written once for all types of rows.
fn rows_of(reply: &Reply, cx: &DecodeContext, rows: &mut dyn ListSlot, bare: bool) -> Result<(Found, Warnings), Error> {
    let mut context = Context::comparing_names();
    let mut around = match body(reply, &mut context) {
        Body::Empty => Around::default(),
        Body::Text(text) => {
            let mut around = Around::default();
            // Reading from a value cannot fail.
            let _ = fill(Value::String(text), rows, &mut around, &mut context);
            around
        }
        Body::Json(json) => {
            read(&json, reply, cx, &mut context, |cursor, context| read_rows(cursor, &mut *rows, bare, context))?
        }
    };
    // One text in place of rows is the server's word about the call. What reads like a failure must not pass for "no rows".
    if let [Value::String(text)] = around.strays.as_slice()
        && decide(text, None, cx.action()).0 == State::Error
    {
        return Err(cx.failed(&message_of(text, &reply.hidden), reply));
    }
    let metadata = around.take_metadata();
    let warnings = cx.finish(context, reply)?;
    let found = Found {
        queued: queued(&metadata),
        next_link: text_of(&metadata, "nextLink"),
        metadata: metadata.into(),
        extra: around.others.into(),
        strays: around.strays,
    };
    Ok((found, warnings))
}

/// What a lone row says that is no data: by its form, or by the rules of the action.
fn said_by_row(rows: &dyn ListRef, reply: &Reply, cx: &DecodeContext) -> Result<Option<Queued>, Error> {
    if rows.size() != 1 {
        return Ok(None);
    }
    said_by(rows.item(0), reply, cx)
}

/// What one row, or an object, says that is no data.
pub(super) fn said_by(row: Ref<'_>, reply: &Reply, cx: &DecodeContext) -> Result<Option<Queued>, Error> {
    if let Ref::Model(model) = row
        && let Some(text) = failure_in(model.extra(), cx)
    {
        return Err(cx.failed(&text, reply));
    }
    let rules = cx.action().map_or(&[][..], |action| action.rows);
    match rules.iter().find_map(|rule| Some((rule, text_by(rule, row)?))) {
        Some((rule, text)) if rule.means == RowMeaning::Queued => {
            Ok(Some(Queued { message: one_line_of(rule, &text), id: None }))
        }
        Some((rule, text)) => Err(cx.failed(&one_line_of(rule, &text), reply)),
        None => Ok(None),
    }
}

/// What the row says. A flag or number says nothing without its name.
fn one_line_of(rule: &RowRule, text: &str) -> String {
    if text.contains(char::is_whitespace) { text.to_owned() } else { format!("{}: {text}", rule.field) }
}

/// The text of the field that the rule looks at, if it is as the rule says.
fn text_by(rule: &RowRule, row: Ref<'_>) -> Option<String> {
    let member = |value: Option<&Value>| value.and_then(scalar_text);
    let text = match row {
        Ref::Model(model) => {
            let index = model.schema().fields.iter().position(|field| field.name == rule.field);
            // A value of another type than the field's is in the rest.
            index.and_then(|index| text_in(model.get(index))).or_else(|| member(model.extra().get(rule.field)))
        }
        Ref::Json(value) => member(value.get(rule.field)),
        Ref::Object(members) => member(members.get(rule.field)),
        _ => None,
    }?;
    rule.fits(&text, || filled(row) == 1).then_some(text)
}

/// How many members of a row are more than null.
fn filled(row: Ref<'_>) -> usize {
    let more = |members: &Map<String, Value>| members.values().filter(|value| !value.is_null()).count();
    match row {
        Ref::Model(model) => {
            let fields = 0..model.schema().fields.len();
            fields.filter(|index| !matches!(model.get(*index), Ref::Absent)).count() + more(model.extra())
        }
        Ref::Json(Value::Object(members)) | Ref::Object(members) => more(members),
        _ => 0,
    }
}

fn text_in(value: Ref<'_>) -> Option<String> {
    match value {
        Ref::Text(text) | Ref::Labelled(text, _) => Some(text.to_owned()),
        Ref::Bool(value) => Some(value.to_string()),
        Ref::Int(value) => Some(value.to_string()),
        Ref::Json(value) => scalar_text(value),
        _ => None,
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

impl Serialize for Queued {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("message", &self.message)?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        map.end()
    }
}

impl<T: Serialize> Serialize for Listing<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("items", &self.items)?;
        if let Some(queued) = &self.queued {
            map.serialize_entry("queued", queued)?;
        }
        if let Some(link) = &self.next_link {
            map.serialize_entry("nextLink", link)?;
        }
        for (name, extra) in [("metadata", &self.metadata), ("extra", &self.extra)] {
            if !extra.is_empty() {
                map.serialize_entry(name, &**extra)?;
            }
        }
        if !self.strays.is_empty() {
            map.serialize_entry("strays", &self.strays)?;
        }
        map.end()
    }
}
