//! What a client has done, counted.

use crate::error::ErrorKind;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What a client and all its clones have done since it was built. Made by [`Client::stats`](crate::Client::stats).
///
/// The numbers are read one after the other while calls go on, so they may be apart by a call or two; each by itself is exact. When
/// nothing is under way, `calls` is the sum of the calls that succeeded, of all `failures`, and of those that were `abandoned`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Calls that were begun.
    pub calls: u64,
    /// Requests that were sent, or tried to be sent, for them. Requests for tokens are not among them.
    pub attempts: u64,
    /// Those of the attempts that were not the first of their call.
    pub retries: u64,
    /// How often a token was asked for.
    pub token_requests: u64,
    /// Bytes of answers, after decompression; also of answers that were cut or refused.
    pub bytes_received: u64,
    /// Values that did not have the type that the specification promises; see [`Meta::warnings`](crate::Meta::warnings).
    pub decode_warnings: u64,
    /// Calls under way now, those that wait for their turn included.
    pub in_flight: u64,
    /// Calls whose future was dropped before it ended. A write among them may still have been carried out.
    pub abandoned: u64,
    /// Calls that ended with an error, by its kind; kinds that did not occur are left out.
    pub failures: Vec<(ErrorKind, u64)>,
}

impl Stats {
    /// How many calls ended with an error of this kind.
    #[must_use]
    pub fn failed_with(&self, kind: ErrorKind) -> u64 {
        self.failures.iter().find(|(known, _)| *known == kind).map_or(0, |(_, count)| *count)
    }

    /// How many calls ended with an error.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failures.iter().map(|(_, count)| count).sum()
    }
}

/// Every kind of error, and its counter. A match without a rest, so that a new kind cannot be forgotten.
fn place(kind: ErrorKind) -> usize {
    match kind {
        ErrorKind::Config => 0,
        ErrorKind::Auth => 1,
        ErrorKind::Connect => 2,
        ErrorKind::Timeout => 3,
        ErrorKind::Status => 4,
        ErrorKind::RateLimited => 5,
        ErrorKind::Decode => 6,
        ErrorKind::Action => 7,
        ErrorKind::Body => 8,
        ErrorKind::Unavailable => 9,
        ErrorKind::InDoubt => 10,
        ErrorKind::Cancelled => 11,
        ErrorKind::AlreadyDone => 12,
        ErrorKind::NotReady => 13,
    }
}

/// The kinds in the order of [`place`].
const KINDS: [ErrorKind; 14] = [
    ErrorKind::Config,
    ErrorKind::Auth,
    ErrorKind::Connect,
    ErrorKind::Timeout,
    ErrorKind::Status,
    ErrorKind::RateLimited,
    ErrorKind::Decode,
    ErrorKind::Action,
    ErrorKind::Body,
    ErrorKind::Unavailable,
    ErrorKind::InDoubt,
    ErrorKind::Cancelled,
    ErrorKind::AlreadyDone,
    ErrorKind::NotReady,
];

/// The numbers behind [`Stats`]. They order nothing else, so the weakest ordering does.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    calls: AtomicU64,
    attempts: AtomicU64,
    retries: AtomicU64,
    bytes_received: AtomicU64,
    decode_warnings: AtomicU64,
    in_flight: AtomicU64,
    abandoned: AtomicU64,
    failures: [AtomicU64; KINDS.len()],
}

impl Counters {
    /// A call begins.
    pub(crate) fn begin(&self) {
        self.calls.fetch_add(1, Relaxed);
        self.in_flight.fetch_add(1, Relaxed);
    }

    /// A call that had begun has ended, with an error of this kind or without.
    pub(crate) fn end(&self, failure: Option<ErrorKind>) {
        self.in_flight.fetch_sub(1, Relaxed);
        if let Some(counter) = failure.and_then(|kind| self.failures.get(place(kind))) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// A call that had begun was dropped.
    pub(crate) fn abandon(&self) {
        self.in_flight.fetch_sub(1, Relaxed);
        self.abandoned.fetch_add(1, Relaxed);
    }

    /// A request goes out for the `number`th time.
    pub(crate) fn attempt(&self, number: u32) {
        self.attempts.fetch_add(1, Relaxed);
        if number > 1 {
            self.retries.fetch_add(1, Relaxed);
        }
    }

    /// A part of an answer came.
    pub(crate) fn received(&self, bytes: usize) {
        self.bytes_received.fetch_add(bytes as u64, Relaxed);
    }

    /// An answer differed from the specification in so many places.
    pub(crate) fn warned(&self, count: usize) {
        self.decode_warnings.fetch_add(count as u64, Relaxed);
    }

    /// The numbers now.
    pub(crate) fn read(&self, token_requests: u64) -> Stats {
        let failures = KINDS.iter().zip(&self.failures);
        Stats {
            calls: self.calls.load(Relaxed),
            attempts: self.attempts.load(Relaxed),
            retries: self.retries.load(Relaxed),
            token_requests,
            bytes_received: self.bytes_received.load(Relaxed),
            decode_warnings: self.decode_warnings.load(Relaxed),
            in_flight: self.in_flight.load(Relaxed),
            abandoned: self.abandoned.load(Relaxed),
            failures: failures
                .map(|(kind, count)| (*kind, count.load(Relaxed)))
                .filter(|(_, count)| *count > 0)
                .collect(),
        }
    }
}
