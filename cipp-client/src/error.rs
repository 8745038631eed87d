//! The one error type of the crate.

use crate::redact::one_line;
use crate::reply::Queued;
use http::StatusCode;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What went wrong with a call.
///
/// One word wide and opaque: ask [`kind`](Self::kind), or one of the predicates, what to do about it. `Display` is one line that
/// names the call and tells the person in front of the program what to do. Neither `Display` nor `Debug` shows a secret, and
/// neither does [`body`](Self::body).
///
/// ```
/// # use cipp_client::{Error, ErrorKind};
/// fn advise(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::RateLimited | ErrorKind::Timeout | ErrorKind::Connect => "try again later",
///         ErrorKind::InDoubt => "look whether it happened, then decide",
///         ErrorKind::Auth => "ask the administrator",
///         _ => "read the message",
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

/// What kind of failure an [`Error`] is.
///
/// Not exhaustive: new kinds may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client or the request is not set up rightly; nothing was sent.
    ///
    /// **Troubleshooting**: the message names the setting or property. Calling again changes nothing.
    Config,
    /// The sign-in failed, or the server refused the caller.
    ///
    /// **Troubleshooting**: the message carries the next step. A status of 403 means that the caller is known but lacks the
    /// permission [`role`](Error::role), or calls from an address that the API client's IP range leaves out. A sign-in page
    /// where an answer should be means that the URL is that of the portal, not of the API.
    Auth,
    /// No connection, or it broke; for a write this means that nothing was sent.
    ///
    /// **Troubleshooting**: check the host name, the network, the proxy and, where the message speaks of a certificate, the
    /// certificate authorities that this machine trusts.
    Connect,
    /// A read was not answered in time.
    ///
    /// **Troubleshooting**: raise the timeout, or ask for less. Azure itself cuts an answer that takes longer than 230 s, so a
    /// slow call over all tenants is better made tenant by tenant.
    Timeout,
    /// The server answered with an error of its own.
    ///
    /// **Troubleshooting**: the message is the server's. Where it says that the action is not on this server, compare the
    /// server's version with the one that the specification describes.
    Status,
    /// The server, or the service in front of it, asks for patience.
    ///
    /// **Troubleshooting**: wait for [`retry_after`](Error::retry_after) and lower the client's concurrency.
    RateLimited,
    /// The answer is no JSON, or, in strict mode, not what the specification promises.
    ///
    /// **Troubleshooting**: [`json_path`](Error::json_path) says where, [`body`](Error::body) shows the start of the answer;
    /// `call.raw()` gives all of it.
    Decode,
    /// The server answered 200, and the answer says that the action failed.
    ///
    /// **Troubleshooting**: the message is the server's. Other parts of the same request may have succeeded.
    Action,
    /// The answer ended early, was damaged, or is larger than the client accepts.
    ///
    /// **Troubleshooting**: for a large answer, narrow the request or raise the client's `max_body`.
    Body,
    /// The feature is switched off on this server.
    ///
    /// **Troubleshooting**: an administrator switches features on and off in CIPP's settings.
    Unavailable,
    /// A write may or may not have happened: the connection broke, or time ran out, after the request was sent.
    ///
    /// **Troubleshooting**: look at what the write should have changed before you repeat it; the message says how.
    InDoubt,
    /// The call was given up before it was sent, or waiting for its end was given up.
    ///
    /// **Troubleshooting**: the message says which. Where nothing was sent, call again; work that is waited for goes on.
    Cancelled,
    /// A row of a batch was done in an earlier run, as its journal says. Nothing was sent.
    ///
    /// **Troubleshooting**: nothing is wrong; the answer of then was not kept.
    AlreadyDone,
    /// The server is still at work on the answer: what it sent is no data. [`queued`](Error::queued) has its words.
    ///
    /// **Troubleshooting**: use `call.wait()`, which asks until the answer is there; where that is what gave up, raise its
    /// deadline.
    NotReady,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    operation: String,
    message: String,
    status: Option<StatusCode>,
    attempts: u32,
    retry_after: Option<Duration>,
    retry_at: Option<SystemTime>,
    json_path: Option<String>,
    body: Option<String>,
    role: Option<&'static str>,
    queued: Option<Queued>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error about how something is set up. `operation` is the call or setting that it is about.
    #[must_use]
    pub fn config(operation: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, operation, message)
    }

    /// An error about the sign-in, for a [`TokenProvider`](crate::auth::TokenProvider) of your own. The message must not contain
    /// a secret.
    #[must_use]
    pub fn auth(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Auth, "sign-in", message)
    }

    /// The message becomes one line: line breaks and control characters, which may come from tenant data, do not reach a terminal.
    pub(crate) fn new(kind: ErrorKind, operation: impl Into<String>, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: one_line(&operation.into()),
            message: one_line(&message.into()),
            status: None,
            attempts: 0,
            retry_after: None,
            retry_at: None,
            json_path: None,
            body: None,
            role: None,
            queued: None,
            source: None,
        }))
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The call that failed: the name of the action, the path of a raw request, or `sign-in`.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.0.operation
    }

    /// The status of the last answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// How many times the request was sent, or tried to be sent; 0 when it was never tried.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the server asks to wait before the next try.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// When to try again, by this machine's clock: the moment of the answer and [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn retry_at(&self) -> Option<SystemTime> {
        self.0.retry_at
    }

    /// Where in the answer the problem is, such as `$.Results[3].id`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// The start of the answer, at most 8 KiB, without the secrets of the request.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// The CIPP permission that the specification says the action needs. Set where the server refused the caller.
    #[must_use]
    pub fn role(&self) -> Option<&'static str> {
        self.0.role
    }

    /// What the server said about work that goes on, where the answer is [not ready](ErrorKind::NotReady).
    #[must_use]
    pub fn queued(&self) -> Option<&Queued> {
        self.0.queued.as_ref()
    }

    /// Whether the client or request is not set up rightly.
    #[must_use]
    pub fn is_config(&self) -> bool {
        self.kind() == ErrorKind::Config
    }

    /// Whether the sign-in failed or the server refused the caller.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Auth
    }

    /// Whether there was no connection, or it broke.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether a read was not answered in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether the server answered with an error of its own.
    #[must_use]
    pub fn is_status(&self) -> bool {
        self.kind() == ErrorKind::Status
    }

    /// Whether the server asks for patience.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Whether the answer could not be read.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.kind() == ErrorKind::Decode
    }

    /// Whether the answer, with a good status, says that the action failed.
    #[must_use]
    pub fn is_action(&self) -> bool {
        self.kind() == ErrorKind::Action
    }

    /// Whether the answer ended early, was damaged or is too large.
    #[must_use]
    pub fn is_body(&self) -> bool {
        self.kind() == ErrorKind::Body
    }

    /// Whether the feature is switched off on this server.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.kind() == ErrorKind::Unavailable
    }

    /// Whether a write may or may not have happened.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        self.kind() == ErrorKind::InDoubt
    }

    /// Whether the call was given up before it was sent.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.kind() == ErrorKind::Cancelled
    }

    /// Whether a row of a batch was done in an earlier run.
    #[must_use]
    pub fn is_already_done(&self) -> bool {
        self.kind() == ErrorKind::AlreadyDone
    }

    /// Whether the server is still at work on the answer.
    #[must_use]
    pub fn is_not_ready(&self) -> bool {
        self.kind() == ErrorKind::NotReady
    }

    pub(crate) fn with_queued(mut self, queued: Queued) -> Self {
        self.0.queued = Some(queued);
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self.0.retry_at = wait.and_then(|wait| SystemTime::now().checked_add(wait));
        self
    }

    pub(crate) fn with_json_path(mut self, path: impl Into<String>) -> Self {
        self.0.json_path = Some(path.into());
        self
    }

    /// The body must have gone through [`crate::redact::excerpt`].
    pub(crate) fn with_body(mut self, body: String) -> Self {
        self.0.body = Some(body).filter(|body| !body.is_empty());
        self
    }

    pub(crate) fn with_role(mut self, role: Option<&'static str>) -> Self {
        self.0.role = role;
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.operation, self.0.message)?;
        if self.0.attempts > 1 {
            write!(f, " (tried {} times)", self.0.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// Leaves out the body, which may be long and hold data of a tenant.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind).field("operation", &inner.operation).field("message", &inner.message);
        if let Some(status) = inner.status {
            out.field("status", &status.as_u16());
        }
        out.field("attempts", &inner.attempts);
        if let Some(wait) = inner.retry_after {
            out.field("retry_after", &wait);
        }
        if let Some(path) = &inner.json_path {
            out.field("json_path", path);
        }
        if let Some(role) = inner.role {
            out.field("role", &role);
        }
        if let Some(source) = &inner.source {
            out.field("source", &source.to_string());
        }
        out.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}
