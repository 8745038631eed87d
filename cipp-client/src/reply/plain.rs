//! Answers that are no rows, objects or results: JSON as it is, text, files, redirects.

use super::json::{Body, body, read_value};
use super::outcome::{State, decide};
use super::results::message_of;
use super::{DecodeContext, Output, Readiness, Reply};
use crate::Error;
use crate::client::{is_loopback, media_type};
use crate::error::ErrorKind;
use crate::model::{Context, Warnings};
use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, LOCATION};
use serde_json::Value;
use std::fmt;
use url::Url;

impl Output for Value {
    /// JSON as it is; text that is no JSON becomes a string, and an empty answer null.
    fn decode(reply: &Reply, cx: &DecodeContext) -> Result<(Self, Warnings), Error> {
        let mut context = Context::default();
        let value = match body(reply, &mut context) {
            Body::Empty => Self::Null,
            Body::Text(text) => Self::String(text),
            Body::Json(json) => read_value(&json, reply, cx, &mut context)?,
        };
        Ok((value, cx.finish(context, reply)?))
    }

    fn readiness(&self, cx: &DecodeContext) -> Readiness {
        super::readiness::of_value(self, cx)
    }
}

impl Output for String {
    /// The text; a JSON string without its quotes, anything else as it came.
    fn decode(reply: &Reply, cx: &DecodeContext) -> Result<(Self, Warnings), Error> {
        let mut context = Context::default();
        let text = match body(reply, &mut context) {
            Body::Empty => Self::new(),
            Body::Text(text) => text,
            Body::Json(json) => serde_json::from_str(&json).unwrap_or_else(|_| json.into_owned()),
        };
        Ok((text, cx.finish(context, reply)?))
    }
}

/// A file or picture.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Download {
    /// Media type, such as `image/jpeg`; empty where the server did not say.
    pub content_type: String,
    /// The name that the server suggests. It comes from tenant data: use its last part only, and never overwrite by it.
    pub file_name: Option<String>,
    /// The content.
    pub bytes: Bytes,
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("content_type", &self.content_type)
            .field("file_name", &self.file_name)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

impl Output for Download {
    fn decode(reply: &Reply, cx: &DecodeContext) -> Result<(Self, Warnings), Error> {
        let content_type = media_type(&reply.headers);
        // In place of a file, the server may send words about why there is none.
        if matches!(content_type.as_str(), "application/json" | "text/plain") {
            let said = message_of(&reply.text(), &reply.hidden);
            if said.len() < 4096 && decide(&said, None, cx.action()).0 == State::Error {
                return Err(cx.failed(&said, reply));
            }
        }
        let disposition = reply.headers.get(CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
        let file_name = disposition.and_then(file_name);
        Ok((Self { content_type, file_name, bytes: reply.body.clone() }, Warnings::default()))
    }
}

/// The `filename` of a content disposition.
fn file_name(disposition: &str) -> Option<String> {
    let (_, rest) = disposition.split_once("filename=")?;
    let name = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split(';').next(),
    };
    name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// A redirect whose target is the answer. It is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redirect {
    /// Where it points: https, or this machine.
    pub location: Url,
}

impl Output for Redirect {
    /// Takes the target from the redirect, or from a success whose body is the address, bare or as the only text of an object.
    fn decode(reply: &Reply, cx: &DecodeContext) -> Result<(Self, Warnings), Error> {
        let target = match reply.headers.get(LOCATION) {
            Some(location) => String::from_utf8_lossy(location.as_bytes()).into_owned(),
            None => address_in(Value::decode(reply, cx)?.0).unwrap_or_default(),
        };
        let wrong = |message: &str| Err(cx.error(ErrorKind::Decode, message, reply));
        match Url::parse(target.trim()) {
            Ok(location) if location.scheme() == "https" || location.scheme() == "http" && is_loopback(&location) => {
                Ok((Self { location }, Warnings::default()))
            }
            Ok(_) => wrong("the answer points to an address that is not https"),
            Err(_) => wrong("the answer holds no address"),
        }
    }
}

fn address_in(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(members) => members.into_iter().find_map(|(_, value)| address_in(value)),
        Value::Array(values) if values.len() == 1 => values.into_iter().find_map(address_in),
        _ => None,
    }
}
