//! Keeps the token, and sees to it that many tasks cause one request for it.

use super::{AccessToken, SignInFacts, TokenProvider};
use crate::Error;
use crate::values::Secret;
use http::HeaderValue;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

/// A token is renewed so long before it expires, or a tenth of its life, whichever is less.
const EARLY: Duration = Duration::from_secs(300);

/// After a renewal failed while the old token is still good, the old one serves so long before the next try.
const PAUSE: Duration = Duration::from_secs(30);

/// A token that is ready to be sent.
pub(crate) struct Token {
    pub(crate) secret: Secret,
    pub(crate) header: HeaderValue,
    times: Option<Times>,
    since: Instant,
    /// Whether the server took it at least once.
    accepted: AtomicBool,
}

/// When a token ages. The clock is monotonic: a wrong or changing wall clock does not make it expire.
#[derive(Clone, Copy)]
struct Times {
    renew: Instant,
    expire: Instant,
    /// By the wall clock. The monotonic one stands still while a machine sleeps, so that a token may be older than it seems.
    expire_wall: Option<SystemTime>,
}

#[derive(Debug, PartialEq)]
enum Age {
    Fresh,
    Ageing,
    Expired,
}

impl Token {
    fn new(token: AccessToken) -> Result<Self, Error> {
        // One text, which the header then shares, so that it is overwritten with the last of its copies.
        let mut text = String::with_capacity("Bearer ".len() + token.secret.expose().len());
        text.push_str("Bearer ");
        text.push_str(token.secret.expose());
        let mut header = HeaderValue::from_maybe_shared(Secret::new(text).into_bytes())
            .map_err(|_| Error::auth("the token contains characters that no header can carry, such as a line break"))?;
        header.set_sensitive(true);
        let now = Instant::now();
        let times = token.expires_in.and_then(|life| {
            // A life beyond what the clock can count is no limit.
            Some(Times {
                renew: now.checked_add(life - EARLY.min(life / 10))?,
                expire: now.checked_add(life)?,
                expire_wall: SystemTime::now().checked_add(life),
            })
        });
        Ok(Self { secret: token.secret, header, times, since: now, accepted: AtomicBool::new(false) })
    }

    fn age(&self) -> Age {
        self.times.map_or(Age::Fresh, |times| times.age(Instant::now(), SystemTime::now()))
    }

    /// The server answered something else than a refusal.
    pub(crate) fn accept(&self) {
        self.accepted.store(true, Ordering::Relaxed);
    }

    /// Whether another token would fare no better: this one is new, and the server has never taken it.
    fn is_hopeless(&self) -> bool {
        !self.accepted.load(Ordering::Relaxed) && self.since.elapsed() < PAUSE
    }
}

impl Times {
    fn age(self, now: Instant, wall: SystemTime) -> Age {
        if now >= self.expire {
            Age::Expired
        } else if now >= self.renew || self.expire_wall.is_some_and(|expire| wall >= expire) {
            // By the wall clock it may only seem to have expired, so it serves on when there is no other.
            Age::Ageing
        } else {
            Age::Fresh
        }
    }
}

/// The last failure to get a token, for those who waited for it.
struct Failure {
    number: u64,
    at: Instant,
    error: Error,
}

/// The token of a client.
pub(crate) struct TokenCache {
    provider: Arc<dyn TokenProvider>,
    current: RwLock<Option<Arc<Token>>>,
    /// Held by the one task that asks the provider.
    gate: Mutex<Option<Failure>>,
    /// How often the provider failed.
    failures: AtomicU64,
    /// Whether the current token is there because the server refused the one before.
    forced: AtomicBool,
    /// How often it was asked.
    requests: AtomicU64,
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provider.fmt(f)
    }
}

impl TokenCache {
    pub(crate) fn new(provider: Arc<dyn TokenProvider>) -> Self {
        Self {
            provider,
            current: RwLock::new(None),
            gate: Mutex::new(None),
            failures: AtomicU64::new(0),
            forced: AtomicBool::new(false),
            requests: AtomicU64::new(0),
        }
    }

    /// How often a token was asked for.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// What is known about the sign-in.
    pub(crate) fn facts(&self) -> SignInFacts {
        self.provider.facts()
    }

    /// A token straight from the provider, past the cache and without a trace in it.
    pub(crate) async fn probe(&self) -> Result<Token, Error> {
        self.provider.token().await.and_then(Token::new)
    }

    /// A token that is good now.
    pub(crate) async fn get(&self) -> Result<Arc<Token>, Error> {
        if let Some(token) = self.current() {
            match token.age() {
                Age::Fresh => return Ok(token),
                // It is still good: one task renews it, the others go on with it.
                Age::Ageing => {
                    return match self.gate.try_lock() {
                        Ok(gate) if rested(&gate) => self.fetch(gate).await,
                        _ => Ok(token),
                    };
                }
                Age::Expired => {}
            }
        }
        let seen = self.failures.load(Ordering::SeqCst);
        let gate = self.gate.lock().await;
        match self.current() {
            Some(token) if token.age() != Age::Expired => Ok(token),
            _ => self.fetch_after(gate, seen).await,
        }
    }

    /// Another token, after the server refused this one; `None` when there is no other.
    pub(crate) async fn renew(&self, refused: &Token) -> Result<Option<Arc<Token>>, Error> {
        let seen = self.failures.load(Ordering::SeqCst);
        let gate = self.gate.lock().await;
        match self.current() {
            // Somebody else was quicker.
            Some(token) if token.secret != refused.secret && token.age() != Age::Expired => return Ok(Some(token)),
            // The server refuses this client, not this token. Without this, every call would cause a sign-in, until Entra has enough.
            Some(_) if refused.is_hopeless() && self.forced.load(Ordering::Relaxed) => return Ok(None),
            Some(_) => {
                self.keep(None);
                self.provider.invalidate();
            }
            None => {}
        }
        let token = self.fetch_after(gate, seen).await?;
        self.forced.store(true, Ordering::Relaxed);
        Ok(Some(token).filter(|token| token.secret != refused.secret))
    }

    /// Asks the provider, unless it failed while this task waited for its turn: then that answer holds for this task too.
    async fn fetch_after(&self, gate: MutexGuard<'_, Option<Failure>>, seen: u64) -> Result<Arc<Token>, Error> {
        match &*gate {
            Some(failure) if failure.number > seen => Err(failure.error.clone()),
            _ => self.fetch(gate).await,
        }
    }

    async fn fetch(&self, mut gate: MutexGuard<'_, Option<Failure>>) -> Result<Arc<Token>, Error> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let token = self.provider.token().await.and_then(Token::new);
        crate::client::trace_token(&token);
        match token {
            Ok(token) => {
                let token = Arc::new(token);
                *gate = None;
                self.forced.store(false, Ordering::Relaxed);
                // A token without any life is good for this one call.
                self.keep(Some(token.clone()).filter(|token| token.age() != Age::Expired));
                Ok(token)
            }
            Err(error) => {
                let number = self.failures.fetch_add(1, Ordering::SeqCst) + 1;
                *gate = Some(Failure { number, at: Instant::now(), error: error.clone() });
                match self.current() {
                    Some(token) if token.age() != Age::Expired => Ok(token),
                    _ => Err(error),
                }
            }
        }
    }

    fn current(&self) -> Option<Arc<Token>> {
        // The lock is never held while something could panic, so a poisoned one still holds a whole value.
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, token: Option<Arc<Token>>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = token;
    }
}

/// Whether the last failure is long enough ago to try again.
fn rested(gate: &Option<Failure>) -> bool {
    gate.as_ref().is_none_or(|failure| failure.at.elapsed() >= PAUSE)
}

#[cfg(test)]
mod tests {
    use super::{Age, Times};
    use std::time::{Duration, SystemTime};
    use tokio::time::Instant;

    #[test]
    fn sleep_is_seen_and_a_clock_that_jumps_takes_no_token_away() {
        let (now, wall) = (Instant::now(), SystemTime::now());
        let after = Duration::from_secs;
        let times =
            Times { renew: now + after(3300), expire: now + after(3600), expire_wall: Some(wall + after(3600)) };
        assert_eq!(times.age(now, wall), Age::Fresh);
        // Asleep for two hours, or a clock that was set: renewed, but not thrown away.
        assert_eq!(times.age(now + after(1), wall + after(7200)), Age::Ageing);
        // A clock that jumps back changes nothing.
        assert_eq!(times.age(now + after(1), wall - after(7200)), Age::Fresh);
        assert_eq!(times.age(now + after(3301), wall - after(7200)), Age::Ageing);
        assert_eq!(times.age(now + after(3601), wall - after(7200)), Age::Expired);
    }
}
