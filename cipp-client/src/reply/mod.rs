//! From an answer to a value.
//!
//! The server answers in many shapes, and the same action in several of them. What an answer becomes is said by [`Output`]; each
//! implementation here takes every shape that was seen of it, and gives up only on what is no JSON where JSON is needed.

mod answer;
mod cursor;
mod envelope;
mod json;
mod listing;
mod numbers;
mod object;
mod outcome;
mod plain;
mod readiness;
mod results;
mod row_reader;
mod splitter;
mod text;

pub use answer::Answer;
pub use listing::{Listing, Queued};
pub use outcome::State;
pub use plain::{Download, Redirect};
pub use readiness::Readiness;
pub(crate) use readiness::is_true;
pub(crate) use results::message_of;
pub use results::{ResultItem, Results};
pub(crate) use row_reader::RowReader;
pub use row_reader::Rows;

use crate::Error;
use crate::catalogue::Action;
use crate::error::ErrorKind;
use crate::model::{Context, Warnings};
use crate::redact::{excerpt, named_secrets, redact};
use crate::values::Secret;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// An answer as it came, whole.
#[derive(Clone)]
#[non_exhaustive]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, decompressed.
    pub body: Bytes,
    /// How often the request was sent.
    pub attempts: u32,
    /// Time from the first try to the last byte.
    pub elapsed: Duration,
    /// What must not be shown of it: the secrets of the request, and the token, which some answers repeat.
    pub(crate) hidden: Vec<Secret>,
}

impl Reply {
    /// An answer from its parts, for tests and for decoding what was stored.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { status, headers, body: body.into(), attempts: 1, elapsed: Duration::ZERO, hidden: Vec::new() }
    }

    /// The body as text: without a byte-order mark, and with a replacement character for each part that is no text.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        text::text_of(&self.body).0
    }
}

impl fmt::Debug for Reply {
    /// Shows how much there is, not what: answers hold data of tenants, and passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status.as_u16())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

/// What the answer of a call becomes.
///
/// Implemented for every generated type (one object), [`Listing`], [`Results`], [`Download`], [`Redirect`], [`String`] and
/// [`serde_json::Value`].
pub trait Output: Sized + Send + 'static {
    /// Reads an answer whose status is good.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] when it is not readable, or when it differs from the specification and the context is strict;
    /// [`ErrorKind::Action`] when it says that the call failed.
    fn decode(reply: &Reply, cx: &DecodeContext) -> Result<(Self, Warnings), Error>;

    /// How many of the parts that the answer reports failed, and of how many. A batch's journal goes by it.
    fn failed_parts(&self) -> (usize, usize) {
        (0, 0)
    }

    /// Whether this is the answer, or only the server's word that it is at work on it. A type that has no place for such a word
    /// fails in [`decode`](Self::decode) with [`ErrorKind::NotReady`] instead.
    fn readiness(&self, _cx: &DecodeContext) -> Readiness {
        Readiness::Ready
    }
}

/// What a reader of an answer must know about the call.
#[derive(Debug, Clone)]
pub struct DecodeContext {
    operation: String,
    action: Option<&'static Action>,
    strict: bool,
}

impl DecodeContext {
    /// A lenient context for a call of this name.
    #[must_use]
    pub fn new(operation: impl Into<String>) -> Self {
        Self { operation: operation.into(), action: None, strict: false }
    }

    /// Adds what the specification says about the action.
    #[must_use]
    pub fn with_action(self, action: Option<&'static Action>) -> Self {
        Self { action, ..self }
    }

    /// Whether a difference from the specification is an error.
    #[must_use]
    pub fn with_strict(self, strict: bool) -> Self {
        Self { strict, ..self }
    }

    /// The name of the call, for errors.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// What the specification says about the action, where it knows it.
    #[must_use]
    pub fn action(&self) -> Option<&'static Action> {
        self.action
    }

    /// Whether a difference from the specification is an error.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// An error about an answer.
    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<String>, reply: &Reply) -> Error {
        Error::new(kind, &self.operation, message)
            .with_status(reply.status)
            .with_attempts(reply.attempts)
            .with_body(excerpt(&reply.body, &reply.hidden))
    }

    /// The answer says that the call failed. The secrets are taken out of the message.
    pub(crate) fn failed(&self, message: &str, reply: &Reply) -> Error {
        let mut secrets = reply.hidden.clone();
        // Read once more: failures are rare, and the words of one place may repeat the secret of another.
        if let Some(answer) = crate::json::read(&reply.body) {
            secrets.extend(named_secrets(&answer));
        }
        self.error(ErrorKind::Action, redact(message, &secrets), reply)
    }

    /// The end of every decoding: the warnings, or in strict mode an error about the first of them.
    pub(crate) fn finish(&self, context: Context, reply: &Reply) -> Result<Warnings, Error> {
        let warnings = context.into_warnings();
        match warnings.iter().next() {
            Some(first) if self.strict => {
                let more = match warnings.count() {
                    1 => String::new(),
                    count => format!(" (and {} more)", count - 1),
                };
                let message = format!("the answer differs from the specification: {first}{more}");
                Err(self.error(ErrorKind::Decode, message, reply).with_json_path(first.path.as_str()))
            }
            _ => Ok(warnings),
        }
    }
}
