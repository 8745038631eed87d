//! How sending can fail.

use std::error::Error as StdError;
use std::fmt;

/// How far a request had come when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// No connection was made; nothing was sent.
    Connect,
    /// The proxy refused; nothing was sent to the server.
    Proxy,
    /// The connection could not be made safe, for example because of a certificate; nothing was sent.
    Tls,
    /// A connection that was kept from an earlier call turned out to be closed before anything was sent on it.
    Stale,
    /// The request was being sent.
    Send,
    /// The answer was being received.
    Receive,
    /// Time ran out after the connection was made.
    Timeout,
    /// Anything else.
    Other,
}

/// A request that could not be sent, or an answer that could not be received.
pub struct TransportError {
    phase: Phase,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// An error with a message for people. The message must not contain a secret.
    #[must_use]
    pub fn new(phase: Phase, message: impl Into<String>) -> Self {
        Self { phase, message: message.into(), source: None }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// How far the request had come.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether the server may have seen the request. Where it cannot have, even a write may be sent again.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        !matches!(self.phase, Phase::Connect | Phase::Proxy | Phase::Tls | Phase::Stale)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("phase", &self.phase)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}
