//! Reads the JSON of an answer, whatever its header says, and tells where it breaks.

use super::cursor::Cursor;
use super::text::text_of;
use super::{DecodeContext, Reply};
use crate::Error;
use crate::error::ErrorKind;
use crate::model::Context;
use serde::Deserialize;
use serde::de::Visitor;
use serde_json::Value;
use std::borrow::Cow;

/// What an answer holds, before it is read.
pub(crate) enum Body<'r> {
    /// Nothing.
    Empty,
    /// JSON, or what claims to be.
    Json(Cow<'r, str>),
    /// Text that is no JSON.
    Text(String),
}

/// Takes an answer's bytes as text. The content type is not asked: the server labels JSON as text, and text as JSON.
pub(crate) fn body<'r>(reply: &'r Reply, context: &mut Context) -> Body<'r> {
    let (text, replaced) = text_of(&reply.body);
    if replaced {
        context.warn("UTF-8", "other bytes");
    }
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Body::Empty;
    }
    // What starts like an object or array is JSON, even when it turns out to be broken. A lone scalar must be JSON to the end.
    if trimmed.starts_with(['{', '[']) || serde_json::from_str::<Value>(trimmed).is_ok() {
        Body::Json(text)
    } else {
        Body::Text(trimmed.to_owned())
    }
}

/// Reads JSON.
pub(crate) fn read<T>(
    json: &str,
    reply: &Reply,
    cx: &DecodeContext,
    context: &mut Context,
    read: impl FnOnce(&mut Cursor<'_>, &mut Context) -> Result<T, serde_json::Error>,
) -> Result<T, Error> {
    let mut cursor = Cursor::new(json);
    let value = read(&mut cursor, context).and_then(|value| cursor.end().map(|()| value));
    let value = value.map_err(|error| broken(&error, reply, cx, context))?;
    if cursor.replaced() {
        context.warn("text", "half of a surrogate pair");
    }
    Ok(value)
}

/// Reads any JSON.
pub(crate) fn read_value(json: &str, reply: &Reply, cx: &DecodeContext, context: &mut Context) -> Result<Value, Error> {
    read(json, reply, cx, context, |cursor, _| Value::deserialize(cursor))
}

/// Reads with a visitor.
pub(crate) fn visit<'de, V: Visitor<'de>>(cursor: &mut Cursor<'de>, visitor: V) -> Result<V::Value, serde_json::Error> {
    serde::Deserializer::deserialize_any(cursor, visitor)
}

/// The reader stands where it failed, so its path is that of the damage.
fn broken(error: &serde_json::Error, reply: &Reply, cx: &DecodeContext, context: &Context) -> Error {
    let path = context.path();
    let message = if error.is_eof() {
        format!("the answer ends in the middle of its JSON, after {} bytes, at {path}", reply.body.len())
    } else {
        format!("the answer is no valid JSON at {path}: {error}")
    };
    cx.error(ErrorKind::Decode, message, reply).with_json_path(path)
}
