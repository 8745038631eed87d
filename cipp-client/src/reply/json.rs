//! Reads the JSON of an answer, whatever its header says, and tells where it breaks.

use super::numbers::{with_large_numbers_as_text, with_long_numbers_as_text};
use super::text::{text_of, without_lone_surrogates};
use super::{DecodeContext, Reply};
use crate::Error;
use crate::error::ErrorKind;
use crate::model::Context;
use serde::Deserialize;
use serde::de::Visitor;
use serde_json::Value;
use serde_json::de::{Deserializer, StrRead};
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
    if trimmed.starts_with(['{', '[']) || serde_json::from_str::<serde::de::IgnoredAny>(trimmed).is_ok() {
        Body::Json(text)
    } else {
        Body::Text(trimmed.to_owned())
    }
}

/// Reads JSON with a function that may be called twice, the second time on a repaired text.
pub(crate) fn read<T>(
    json: &str,
    reply: &Reply,
    cx: &DecodeContext,
    context: &mut Context,
    mut read: impl FnMut(&mut Deserializer<StrRead<'_>>, &mut Context) -> Result<T, serde_json::Error>,
) -> Result<T, Error> {
    let mut once = |json: &str, context: &mut Context| {
        let mut deserializer = Deserializer::from_str(json);
        let value = read(&mut deserializer, context)?;
        deserializer.end()?;
        Ok(value)
    };
    let exact = with_long_numbers_as_text(json);
    let json = exact.as_ref();
    let error: serde_json::Error = match once(json, context) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if error.is_syntax() {
        let whole = without_lone_surrogates(json);
        let repaired = with_large_numbers_as_text(whole.as_deref().unwrap_or(json));
        if whole.is_some() || matches!(repaired, Cow::Owned(_)) {
            let mut second = Context::default();
            if whole.is_some() {
                second.warn("text", "half of a surrogate pair");
            }
            if let Ok(value) = once(&repaired, &mut second) {
                *context = second;
                return Ok(value);
            }
        }
    }
    Err(broken(&error, reply, cx, context))
}

/// Reads any JSON.
pub(crate) fn read_value(json: &str, reply: &Reply, cx: &DecodeContext, context: &mut Context) -> Result<Value, Error> {
    read(json, reply, cx, context, |deserializer, _| Value::deserialize(deserializer))
}

/// Reads with a visitor.
pub(crate) fn visit<'de, V: Visitor<'de>>(
    deserializer: &mut Deserializer<StrRead<'de>>,
    visitor: V,
) -> Result<V::Value, serde_json::Error> {
    serde::Deserializer::deserialize_any(deserializer, visitor)
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
