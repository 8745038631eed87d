//! Keeps the token, and sees to it that many tasks cause one request for it.

use super::{AccessToken, TokenProvider};
use crate::Error;
use crate::values::Secret;
use http::HeaderValue;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
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
}

/// When a token ages. The clock is monotonic: a wrong or changing wall clock neither shortens nor lengthens its life.
#[derive(Clone, Copy)]
struct Times {
    renew: Instant,
    expire: Instant,
}

#[derive(PartialEq)]
enum Age {
    Fresh,
    Ageing,
    Expired,
}

impl Token {
    fn new(token: AccessToken) -> Result<Self, Error> {
        let mut header = HeaderValue::from_str(&format!("Bearer {}", token.secret.expose()))
            .map_err(|_| Error::auth("the token contains characters that no header can carry, such as a line break"))?;
        header.set_sensitive(true);
        let times = token.expires_in.and_then(|life| {
            let now = Instant::now();
            // A life beyond what the clock can count is no limit.
            Some(Times { renew: now.checked_add(life - EARLY.min(life / 10))?, expire: now.checked_add(life)? })
        });
        Ok(Self { secret: token.secret, header, times })
    }

    fn age(&self) -> Age {
        let now = Instant::now();
        match self.times {
            Some(times) if now >= times.expire => Age::Expired,
            Some(times) if now >= times.renew => Age::Ageing,
            _ => Age::Fresh,
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
            requests: AtomicU64::new(0),
        }
    }

    /// How often a token was asked for.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
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
            Some(_) => {
                self.keep(None);
                self.provider.invalidate();
            }
            None => {}
        }
        let token = self.fetch_after(gate, seen).await?;
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
