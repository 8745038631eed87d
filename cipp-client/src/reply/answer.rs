//! The answer to an action that is known only at run time.

use super::{DecodeContext, Download, Listing, Output, Readiness, Redirect, Reply, Results};
use crate::Error;
use crate::catalogue::OutputShape;
use crate::model::Warnings;
use serde_json::{Value, json};

/// An answer in the shape that the specification gives it, rows and objects as plain JSON.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Answer {
    /// Messages about what was done.
    Results(Results),
    /// Rows.
    Rows(Listing<Value>),
    /// An object, or JSON whose shape depends on the call.
    Value(Value),
    /// Text.
    Text(String),
    /// A file or picture.
    File(Download),
    /// A redirect whose target is the answer.
    Redirect(Redirect),
}

impl Answer {
    /// The answer as one JSON value: rows as an array, messages as an array of objects, a file as its media type and size. What the
    /// server offers for copying is a secret and left out of messages.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Results(results) => results
                .items
                .iter()
                .map(|item| {
                    let mut row = json!({ "state": item.state.as_str(), "text": item.redacted_text() });
                    if item.guessed
                        && let Some(row) = row.as_object_mut()
                    {
                        row.insert("guessed".to_owned(), Value::Bool(true));
                    }
                    row
                })
                .collect(),
            Self::Rows(rows) => rows.items.iter().cloned().collect(),
            Self::Value(value) => value.clone(),
            Self::Text(text) => Value::from(text.as_str()),
            Self::File(file) => {
                json!({ "contentType": file.content_type, "fileName": file.file_name, "size": file.bytes.len() })
            }
            Self::Redirect(redirect) => Value::from(redirect.location.as_str()),
        }
    }
}

impl Output for Answer {
    fn decode(reply: &Reply, cx: &DecodeContext) -> Result<(Self, Warnings), Error> {
        fn read<T: Output>(
            reply: &Reply,
            cx: &DecodeContext,
            make: fn(T) -> Answer,
        ) -> Result<(Answer, Warnings), Error> {
            T::decode(reply, cx).map(|(value, warnings)| (make(value), warnings))
        }
        match cx.action().map_or(OutputShape::Value, |action| action.outputs.shape) {
            OutputShape::Results => read(reply, cx, Self::Results),
            OutputShape::List(_) => read(reply, cx, Self::Rows),
            OutputShape::Object(_) | OutputShape::Value => read(reply, cx, Self::Value),
            OutputShape::Text => read(reply, cx, Self::Text),
            OutputShape::Bytes => read(reply, cx, Self::File),
            OutputShape::Redirect => read(reply, cx, Self::Redirect),
        }
    }

    fn failed_parts(&self) -> (usize, usize) {
        match self {
            Self::Results(results) => results.failed_parts(),
            _ => (0, 0),
        }
    }

    fn readiness(&self, cx: &DecodeContext) -> Readiness {
        match self {
            Self::Results(results) => results.readiness(cx),
            Self::Rows(rows) => rows.readiness(cx),
            Self::Value(value) => value.readiness(cx),
            Self::Text(_) | Self::File(_) | Self::Redirect(_) => Readiness::Ready,
        }
    }
}
