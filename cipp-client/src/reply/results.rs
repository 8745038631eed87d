//! Messages about what was done, in all the forms in which the server writes them.

use super::json::{Body, body, read_value};
use super::listing::Queued;
use super::outcome::State;
use super::{DecodeContext, Output, Readiness, Reply};
use crate::Error;
use crate::error::ErrorKind;
use crate::model::{Context, Extra, Warnings};
use crate::redact::{excerpt, redact};
use crate::values::Secret;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

mod gather;

use gather::gather;

/// How many failing texts an error quotes.
const QUOTED: usize = 3;

/// What an action reports about what it did: one item for each thing it did.
///
/// The server answers 200 also when it failed, in part or in whole. [`into_result`](Self::into_result) turns that into an error:
///
/// ```no_run
/// # fn example(results: cipp_client::Results) -> Result<(), cipp_client::Error> {
/// for item in &results.items {
///     println!("{}: {}", item.state, item.redacted_text());
/// }
/// results.into_result()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Results {
    /// What was done, in the server's order.
    pub items: Vec<ResultItem>,
    /// Work that goes on in the background, where the server says so.
    pub queued: Option<Queued>,
    /// Members of the answer beside the results.
    pub extra: Extra,
    /// The name of the call, for errors.
    operation: String,
}

/// One thing that an action did or failed to do.
///
/// `Debug` hides what the server sends for copying, and the text where it repeats that.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct ResultItem {
    /// The server's words. They may contain a new password in the clear; [`redacted_text`](Self::redacted_text) does not.
    pub text: String,
    /// Whether it was done.
    pub state: State,
    /// Whether the server gave no state, so that [`state`](Self::state) is a guess from the words of the text.
    pub guessed: bool,
    /// What the server offers for copying: a new password, a temporary access pass, a secret.
    pub copy_field: Option<Secret>,
    /// More about it, where the server sends it.
    pub details: Option<Value>,
    /// Other members of the item.
    pub extra: Extra,
    /// What must not be shown of the text besides: the server repeats a new password in other items than the one that offers it
    /// for copying, and repeats the passwords of the request.
    hidden: Arc<[Secret]>,
}

impl PartialEq for ResultItem {
    /// Compares what the server said; what is hidden when it is shown belongs to the answer around it.
    fn eq(&self, other: &Self) -> bool {
        let said = |item: &Self| (item.state, item.guessed);
        said(self) == said(other)
            && self.text == other.text
            && self.copy_field == other.copy_field
            && self.details == other.details
            && self.extra == other.extra
    }
}

impl Results {
    /// Whether nothing failed. Warnings count as done.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.errors().next().is_none()
    }

    /// The items that failed.
    pub fn errors(&self) -> impl Iterator<Item = &ResultItem> {
        self.items.iter().filter(|item| item.state == State::Error)
    }

    /// The items that were done, but not as one would expect.
    pub fn warnings(&self) -> impl Iterator<Item = &ResultItem> {
        self.items.iter().filter(|item| item.state == State::Warning)
    }

    /// The results, if nothing failed.
    ///
    /// # Errors
    /// [`ErrorKind::Action`] with the first failing texts. Other items may have succeeded: look at [`items`](Self::items)
    /// before you repeat the whole.
    pub fn into_result(self) -> Result<Self, Error> {
        let failed = self.errors().count();
        if failed == 0 {
            return Ok(self);
        }
        let mut message = join(self.errors());
        if failed > QUOTED {
            message.push_str(&format!(" (and {} more)", failed - QUOTED));
        }
        if failed < self.items.len() {
            message.push_str(&format!(" ({failed} of {} parts failed)", self.items.len()));
        }
        let operation = if self.operation.is_empty() { "results" } else { &self.operation };
        Err(Error::new(ErrorKind::Action, operation, message).with_status(http::StatusCode::OK))
    }
}

/// The first texts, in a line.
fn join<'i>(items: impl Iterator<Item = &'i ResultItem>) -> String {
    let texts: Vec<Cow<'_, str>> = items.take(QUOTED).map(ResultItem::redacted_text).collect();
    texts.join("; ")
}

impl ResultItem {
    /// The server's words, without what this item or another of the same answer offers for copying, and without the secrets of the
    /// request.
    #[must_use]
    pub fn redacted_text(&self) -> Cow<'_, str> {
        match redact(&self.text, self.copy_field.as_slice()) {
            Cow::Borrowed(text) => redact(text, &self.hidden),
            Cow::Owned(text) => Cow::Owned(redact(&text, &self.hidden).into_owned()),
        }
    }
}

impl fmt::Debug for ResultItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultItem")
            .field("text", &self.redacted_text())
            .field("state", &self.state)
            .field("guessed", &self.guessed)
            .field("copy_field", &self.copy_field)
            .field("details", &self.details.as_ref().map(crate::model::kind_of))
            .field("extra", &self.extra)
            .finish()
    }
}

impl<'r> IntoIterator for &'r Results {
    type Item = &'r ResultItem;
    type IntoIter = std::slice::Iter<'r, ResultItem>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl IntoIterator for Results {
    type Item = ResultItem;
    type IntoIter = std::vec::IntoIter<ResultItem>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl Output for Results {
    fn failed_parts(&self) -> (usize, usize) {
        (self.errors().count(), self.items.len())
    }

    fn decode(reply: &Reply, cx: &DecodeContext) -> Result<(Self, Warnings), Error> {
        let mut context = Context::default();
        let value = match body(reply, &mut context) {
            Body::Empty => Value::Null,
            Body::Text(text) => Value::String(text),
            Body::Json(json) => match read_value(&json, reply, cx, &mut context) {
                Ok(value) => value,
                // A message that starts with a bracket.
                Err(_) if crate::client::media_type(&reply.headers) == "text/plain" => {
                    context = Context::default();
                    Value::String(json.trim().to_owned())
                }
                Err(error) => return Err(error),
            },
        };
        let mut results = gather(value, cx.action(), &reply.hidden);
        results.operation = cx.operation().to_owned();
        Ok((results, cx.finish(context, reply)?))
    }

    fn readiness(&self, _: &DecodeContext) -> Readiness {
        self.queued.clone().map_or(Readiness::Ready, Readiness::Queued)
    }
}

/// What the server says in an answer whose status is no success: the texts of its results, in a line, without secrets.
pub(crate) fn message_of(text: &str, hidden: &[Secret]) -> String {
    match serde_json::from_str(text) {
        Ok(value) => join(gather(value, None, hidden).items.iter()),
        // Words, or JSON that was cut, which may still offer a secret.
        Err(_) => excerpt(text.trim().as_bytes(), hidden),
    }
}

/// The text of a failed result that came in place of data: among the members that the data has no field for.
pub(crate) fn failure_in(members: &Map<String, Value>, cx: &DecodeContext) -> Option<String> {
    crate::json::member(members, "resultText")?;
    let results = gather(Value::Object(members.clone()), cx.action(), &[]);
    if results.is_ok() { None } else { Some(join(results.errors())) }
}

impl Serialize for ResultItem {
    /// Writes `copy_field` and the text in the clear.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("text", &self.text)?;
        map.serialize_entry("state", self.state.as_str())?;
        map.serialize_entry("guessed", &self.guessed)?;
        if let Some(secret) = &self.copy_field {
            map.serialize_entry("copyField", secret)?;
        }
        if let Some(details) = &self.details {
            map.serialize_entry("details", details)?;
        }
        if !self.extra.is_empty() {
            map.serialize_entry("extra", &*self.extra)?;
        }
        map.end()
    }
}

impl Serialize for Results {
    /// Writes new passwords in the clear: they are part of the result.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("items", &self.items)?;
        if let Some(queued) = &self.queued {
            map.serialize_entry("queued", queued)?;
        }
        if !self.extra.is_empty() {
            map.serialize_entry("extra", &*self.extra)?;
        }
        map.end()
    }
}
