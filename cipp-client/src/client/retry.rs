//! When a request is sent again, and after how long.

use crate::catalogue::Kind;
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

/// Our own pauses never grow beyond this, whatever the policy says.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// How often and after which pauses a request is repeated.
///
/// A *read* is repeated after a connection that failed or broke, and after 429, 502, 503 and 504. A *write* is repeated only when
/// it was certainly not sent; everything else could do it twice. The server's `Retry-After` is obeyed up to a limit; beyond it
/// the call fails at once and [`Error::retry_after`](crate::Error::retry_after) says how long to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    first_pause: Duration,
    longest_wait: Duration,
}

impl Default for RetryPolicy {
    /// Three tries, pauses of up to 0.5 s and 1 s, and `Retry-After` obeyed up to 60 s.
    fn default() -> Self {
        Self { attempts: 3, first_pause: Duration::from_millis(500), longest_wait: Duration::from_secs(60) }
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

    /// How long to wait before the request is sent again; `None` when it is not.
    pub(crate) fn wait(&self, kind: Kind, attempt: u32, fault: &Fault) -> Option<Duration> {
        let again = matches!(
            (kind, fault),
            (_, Fault::NotSent) | (Kind::Read, Fault::Broken | Fault::Status(429 | 502 | 503 | 504, _))
        );
        let asked = match fault {
            Fault::Status(_, asked) => *asked,
            _ => None,
        };
        if again { self.backoff(attempt, asked) } else { None }
    }

    /// The pause after try number `attempt`, or what the server asked for and a little more; `None` when it is over.
    pub(crate) fn backoff(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        match asked {
            Some(wait) if wait > self.longest_wait => None,
            // Never earlier than asked; and not all at the same moment.
            Some(wait) => Some(wait.saturating_add((wait / 10).min(Duration::from_secs(2)).mul_f64(random()))),
            None => {
                let longest = self.first_pause.saturating_mul(1 << (attempt.saturating_sub(1)).min(16));
                Some(longest.min(self.longest_wait).min(LONGEST_PAUSE).mul_f64(random()))
            }
        }
    }
}

/// What stopped a request, as far as repeating goes.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The server cannot have seen it.
    NotSent,
    /// The connection broke after it was sent.
    Broken,
    /// The answer had this status, and perhaps asked for a wait.
    Status(u16, Option<Duration>),
    /// Nothing that a second try would change.
    Lasting,
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
