//! How requests reach the server: one trait, and the implementation over [reqwest](https://docs.rs/reqwest).
//!
//! A [`Transport`] sends one request and gives back one answer. It does not sign in, retry, follow redirects or judge a status:
//! that is the client's work. Write your own for tests, for recording, or to go over another HTTP library.

mod error;
mod http;

pub use self::error::{Phase, TransportError};
pub(crate) use self::http::HttpOptions;
pub use self::http::HttpTransport;

use ::http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use ::http::{HeaderMap, HeaderName, Method, StatusCode};
use bytes::Bytes;
use std::fmt;
use std::pin::Pin;
use url::Url;

/// A future on the heap that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends requests.
///
/// An implementation must not follow redirects, because the request carries the caller's token.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends one request; the answer comes with its head, and its body follows in chunks.
    ///
    /// # Errors
    /// The [`Phase`] of the error decides whether a write counts as not sent, so it must not say
    /// [`Connect`](Phase::Connect) when part of the request may have gone out.
    fn send(&self, request: WireRequest) -> BoxFuture<'_, Result<WireReply, TransportError>>;
}

/// A request in the form in which it is sent.
///
/// `Debug` hides the body and the values of headers that may hold a secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct WireRequest {
    /// HTTP method.
    pub method: Method,
    /// Full address, with the query.
    pub url: Url,
    /// Headers, all but those that HTTP itself asks for (`host`, `content-length`).
    pub headers: HeaderMap,
    /// Body, where there is one.
    pub body: Option<Bytes>,
}

impl WireRequest {
    /// A request from its parts.
    #[must_use]
    pub fn new(method: Method, url: Url, headers: HeaderMap, body: Option<Bytes>) -> Self {
        Self { method, url, headers, body }
    }
}

impl fmt::Debug for WireRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The query may name people, so only its names are shown.
        let query: Vec<String> = self.url.query_pairs().map(|(name, _)| name.into_owned()).collect();
        f.debug_struct("WireRequest")
            .field("method", &self.method)
            .field("host", &self.url.host_str().unwrap_or_default())
            .field("path", &self.url.path())
            .field("query", &query)
            .field("headers", &Headers(&self.headers))
            .field("body", &format_args!("{} bytes", self.body.as_ref().map_or(0, Bytes::len)))
            .finish()
    }
}

/// Shows headers without their secrets.
struct Headers<'a>(&'a HeaderMap);

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.0.iter().map(|(name, value)| {
                let shown =
                    if is_secret_header(name) { crate::redact::REDACTED } else { value.to_str().unwrap_or("?") };
                (name.as_str(), shown)
            }))
            .finish()
    }
}

/// Whether the value of a header is, or may well be, a secret.
pub(crate) fn is_secret_header(name: &HeaderName) -> bool {
    let text = name.as_str();
    [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE].contains(name)
        || ["key", "token", "secret", "auth", "password"].iter().any(|part| text.contains(part))
}

/// The head of an answer, and the body that follows.
#[non_exhaustive]
pub struct WireReply {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// What follows, already decompressed where the transport knows the compression.
    pub body: Box<dyn WireBody>,
}

impl WireReply {
    /// An answer from its parts.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: Box<dyn WireBody>) -> Self {
        Self { status, headers, body }
    }

    /// An answer whose body is already there.
    #[must_use]
    pub fn full(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self::new(status, headers, Box::new(Full(Some(body.into()))))
    }
}

impl fmt::Debug for WireReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireReply").field("status", &self.status).finish_non_exhaustive()
    }
}

/// The body of an answer, chunk by chunk.
pub trait WireBody: Send {
    /// The next chunk, or `None` when the body has ended as it should.
    ///
    /// # Errors
    /// When the connection breaks before the end.
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>>;
}

/// A body that is already there.
struct Full(Option<Bytes>);

impl WireBody for Full {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        Box::pin(std::future::ready(Ok(self.0.take().filter(|bytes| !bytes.is_empty()))))
    }
}
