//! From a typed value to the answer that the real server would give for it.

use crate::answer::Answer;
use cipp_client::model::Model;
use cipp_client::{Download, Listing, Queued, Redirect, ResultItem, Results};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// An answer that an expectation gives, made from a typed value by [`Answers`].
#[derive(Debug, Clone)]
pub struct Given(pub(crate) Answer);

/// What can be given as the answer to an action whose output is `O`.
///
/// | output | what answers it |
/// | --- | --- |
/// | `Listing<T>` | `Vec<T>`, `[T; N]`, or a `Listing<T>` with what the server says about the rows |
/// | `Results` | a text, several texts, a [`ResultItem`], several, or [`Results`] |
/// | one object | that object |
/// | `String`, `Value`, `Download`, `Redirect` | the same |
///
/// `Kind` only tells these apart for the compiler, which always finds it by itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer to an action that gives `{O}`",
    note = "rows are given as Vec<T>, results as texts or ResultItems; reply_json(..) takes any JSON"
)]
pub trait Answers<O, Kind> {
    /// The answer on the wire.
    fn given(self) -> Given;
}

/// The answer is rows.
#[derive(Debug)]
pub struct Rows;
/// The answer is messages.
#[derive(Debug)]
pub struct Messages;
/// The answer is one object.
#[derive(Debug)]
pub struct Object;
/// The answer is itself.
#[derive(Debug)]
pub struct Plain;

/// A generated value as JSON. Only a map with keys that are no texts could fail, and there is none.
fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn rows<T: Serialize>(rows: &[T]) -> Answer {
    Answer::rows(rows.iter().map(json_of).collect()).unprojected()
}

impl<T: Serialize> Answers<Listing<T>, Rows> for Vec<T> {
    fn given(self) -> Given {
        Given(rows(&self))
    }
}

impl<T: Serialize, const N: usize> Answers<Listing<T>, Rows> for [T; N] {
    fn given(self) -> Given {
        Given(rows(&self))
    }
}

impl<T: Serialize> Answers<Self, Rows> for Listing<T> {
    fn given(self) -> Given {
        let mut metadata: Map<String, Value> = (*self.metadata).clone();
        metadata.extend(self.queued.as_ref().map(queue).unwrap_or_default());
        if let Some(link) = &self.next_link {
            metadata.insert("nextLink".to_owned(), json!(link));
        }
        let answer = rows(&self.items);
        Given(if metadata.is_empty() { answer } else { answer.with_metadata(Value::Object(metadata)) })
    }
}

/// What the metadata say about work in the background.
fn queue(queued: &Queued) -> Map<String, Value> {
    let mut members = Map::from_iter([("QueueMessage".to_owned(), json!(queued.message))]);
    if let Some(id) = &queued.id {
        members.insert("QueueId".to_owned(), json!(id));
    }
    members
}

impl<T: Model + Serialize> Answers<T, Object> for T {
    fn given(self) -> Given {
        Given(Answer::object(json_of(&self)).unprojected())
    }
}

/// A result as the server writes it.
fn item(item: &ResultItem) -> Value {
    let mut members: Map<String, Value> = (*item.extra).clone();
    members.insert("resultText".to_owned(), json!(item.text));
    members.insert("state".to_owned(), json!(item.state.as_str()));
    if let Some(secret) = &item.copy_field {
        members.insert("copyField".to_owned(), json!(secret.expose()));
    }
    if let Some(details) = &item.details {
        members.insert("details".to_owned(), details.clone());
    }
    Value::Object(members)
}

impl Answers<Self, Messages> for Results {
    fn given(self) -> Given {
        let answer = Answer::results(self.items.iter().map(item).collect::<Vec<_>>());
        let mut beside: Map<String, Value> = (*self.extra).clone();
        if let Some(queued) = &self.queued {
            beside.insert("Metadata".to_owned(), Value::Object(queue(queued)));
        }
        Given(answer.with_metadata(Value::Object(beside)))
    }
}

impl Answers<Results, Messages> for ResultItem {
    fn given(self) -> Given {
        Given(Answer::results(item(&self)))
    }
}

impl Answers<Results, Messages> for Vec<ResultItem> {
    fn given(self) -> Given {
        Given(Answer::results(self.iter().map(item).collect::<Vec<_>>()))
    }
}

impl Answers<Results, Messages> for &str {
    fn given(self) -> Given {
        Given(Answer::done(self))
    }
}

impl Answers<Results, Messages> for String {
    fn given(self) -> Given {
        Given(Answer::done(self))
    }
}

impl Answers<Results, Messages> for Vec<&str> {
    fn given(self) -> Given {
        Given(Answer::results(self))
    }
}

impl<const N: usize> Answers<Results, Messages> for [&str; N] {
    fn given(self) -> Given {
        Given(Answer::results(self.to_vec()))
    }
}

impl Answers<Self, Plain> for String {
    fn given(self) -> Given {
        Given(Answer::text(200, self))
    }
}

impl Answers<String, Plain> for &str {
    fn given(self) -> Given {
        Given(Answer::text(200, self))
    }
}

impl Answers<Self, Plain> for Value {
    fn given(self) -> Given {
        Given(Answer::json(200, self))
    }
}

impl Answers<Self, Plain> for Download {
    fn given(self) -> Given {
        let mut answer = Answer::bytes("application/octet-stream", self.bytes.to_vec());
        if !self.content_type.is_empty() {
            answer = answer.with_header("content-type", &self.content_type);
        }
        if let Some(name) = &self.file_name {
            answer = answer.with_header("content-disposition", &format!("attachment; filename=\"{name}\""));
        }
        Given(answer)
    }
}

impl Answers<Self, Plain> for Redirect {
    fn given(self) -> Given {
        Given(Answer::redirect(self.location))
    }
}
