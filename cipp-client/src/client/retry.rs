//! When a request is sent again, and after how long.

use super::throttle::{COST_BROKEN, COST_THROTTLED};
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

/// Our own pauses never grow beyond this, whatever the policy says.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// How often and after which pauses a request is repeated.
///
/// A *read* is repeated after a connection that failed or broke, and after 429 and 503; after 502 and 504 once, because behind those
/// the server may still be at work. A *write* is repeated only when it was certainly not sent; everything else could do it twice.
/// [`Call::idempotent`](crate::Call::idempotent) says otherwise for one call. A kept connection that turns out to be closed before
/// anything was sent on it is replaced once, for every request and under every policy.
///
/// The server's `Retry-After` is obeyed up to a limit, by all calls of the client; beyond it a call fails at once and
/// [`Error::retry_after`](crate::Error::retry_after) says how long to wait.
///
/// All calls of a client share a budget for repeats: eight, and four more per hundred good answers. When a server refuses
/// everything, calls then fail instead of adding to its load. Five minutes without a fault fill it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    first_pause: Duration,
    longest_wait: Duration,
    budget: bool,
}

impl Default for RetryPolicy {
    /// Three tries, pauses of up to 0.5 s and 1 s, `Retry-After` obeyed up to 60 s, within the client's budget.
    fn default() -> Self {
        Self {
            attempts: 3,
            first_pause: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            budget: true,
        }
    }
}

impl RetryPolicy {
    /// Nothing is repeated.
    #[must_use]
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// How often a request is sent at most, the first time included.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts: attempts.max(1), ..self }
    }

    /// The longest first pause. Each further one may be twice as long; the real pause is a random part of it, so that many
    /// programs do not come back at the same moment.
    #[must_use]
    pub fn first_pause(self, pause: Duration) -> Self {
        Self { first_pause: pause, ..self }
    }

    /// The longest wait that the server may ask for.
    #[must_use]
    pub fn longest_wait(self, wait: Duration) -> Self {
        Self { longest_wait: wait, ..self }
    }

    /// Whether repeats come out of the client's budget, as they do by default. Without it, a call is repeated as often as
    /// [`attempts`](Self::attempts) says, whatever happens to the others.
    #[must_use]
    pub fn budget(self, budget: bool) -> Self {
        Self { budget, ..self }
    }

    pub(crate) fn longest(&self) -> Duration {
        self.longest_wait
    }

    pub(crate) fn has_budget(&self) -> bool {
        self.budget
    }

    /// How long to wait before the request is sent again; `None` when it is not. `repeatable` says whether doing it twice is
    /// harmless, `gateway` how often a gateway already gave up on it.
    pub(crate) fn wait(&self, repeatable: bool, attempt: u32, gateway: u32, fault: &Fault) -> Option<Duration> {
        let again = match fault {
            Fault::Stale => return Some(Duration::ZERO),
            Fault::NotSent => true,
            Fault::Broken | Fault::Status(429 | 503, _) => repeatable,
            Fault::Status(502 | 504, _) => repeatable && gateway <= 1,
            Fault::Status(..) | Fault::Lasting => false,
        };
        if again { self.backoff(attempt, fault.asked()) } else { None }
    }

    /// The pause after try number `attempt`, or what the server asked for and a little more; `None` when it is over.
    pub(crate) fn backoff(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        if attempt >= self.attempts || asked.is_some_and(|wait| wait > self.longest_wait) {
            return None;
        }
        Some(self.pause(attempt, asked))
    }

    /// A pause: a random part of our own, and never less than what the server asked for.
    pub(crate) fn pause(&self, attempt: u32, asked: Option<Duration>) -> Duration {
        let longest = self.first_pause.saturating_mul(1 << (attempt.saturating_sub(1)).min(16));
        let own = longest.min(self.longest_wait).min(LONGEST_PAUSE).mul_f64(random());
        match asked {
            // Never earlier than asked; and not all at the same moment.
            Some(wait) => {
                let wait = wait.min(self.longest_wait);
                own.max(wait.saturating_add((wait / 10).min(Duration::from_secs(2)).mul_f64(random())))
            }
            None => own,
        }
    }
}

/// What stopped a request, as far as repeating goes.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A kept connection was closed before anything was sent on it.
    Stale,
    /// The server cannot have seen it.
    NotSent,
    /// The connection broke after it was sent.
    Broken,
    /// The answer had this status, and perhaps asked for a wait.
    Status(u16, Option<Duration>),
    /// Nothing that a second try would change.
    Lasting,
}

impl Fault {
    /// How long the server asks to wait.
    pub(crate) fn asked(&self) -> Option<Duration> {
        match self {
            Self::Status(_, asked) => *asked,
            _ => None,
        }
    }

    /// Whether the server asks everybody for peace, not only this call. A 503 without a time may concern one action only.
    pub(crate) fn is_throttling(&self) -> bool {
        matches!(self, Self::Status(429, _) | Self::Status(503, Some(_)))
    }

    /// What a repeat costs the client's budget.
    pub(crate) fn cost(&self) -> u32 {
        match self {
            Self::Status(429 | 503, _) => COST_THROTTLED,
            _ => COST_BROKEN,
        }
    }
}

/// A number from 0 to 1. Each `RandomState` has other keys, which is random enough to spread pauses.
fn random() -> f64 {
    let bits = RandomState::new().hash_one(0_u8) >> 11;
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit a float")]
    let part = bits as f64 / (1_u64 << 53) as f64;
    part
}

/// How long the server asks to wait: seconds, or a date, which is read by the server's own clock. Anything else asks for nothing.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = date(headers).unwrap_or_else(SystemTime::now);
    httpdate::parse_http_date(text).ok()?.duration_since(now).ok()
}

/// The moment of an answer, by the clock of whoever answered.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}
