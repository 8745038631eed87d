//! Things that go wrong on the way, on purpose.

use std::time::Duration;

/// A fault: what happens instead of, or before, the proper answer, to which requests, and how often.
///
/// ```
/// use cipp_mock::Fault;
/// use std::time::Duration;
/// let busy = Fault::status(429).retry_after("2").times(2).on("ListUsers");
/// let slow = Fault::delay(Duration::from_secs(5)).on("ListUsers");
/// let broken = Fault::reset().times(1);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a fault does nothing until it is given to MockServer::fault"]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(crate) delay: Duration,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<(String, String)>,
    endpoint: Option<String>,
    skip: u32,
    left: Option<u32>,
    pub(crate) after_effect: bool,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The answer is as usual, but late.
    Delay,
    /// An answer with this status.
    Status(u16),
    /// The connection is cut before anything is answered.
    Reset,
    /// The answer breaks off after half of its body.
    Cut,
}

impl Fault {
    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            delay: Duration::ZERO,
            headers: Vec::new(),
            body: None,
            endpoint: None,
            skip: 0,
            left: None,
            after_effect: false,
        }
    }

    /// An answer with this status and no body.
    pub const fn status(status: u16) -> Self {
        Self::new(Kind::Status(status))
    }

    /// A sign-in page where JSON was expected: status 200 and HTML.
    pub fn html() -> Self {
        Self::new(Kind::Status(200)).body(
            "text/html; charset=utf-8",
            "<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body>Sign in</body></html>",
        )
    }

    /// The connection is cut before anything is answered.
    pub const fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// The answer breaks off after half of its body.
    pub const fn cut() -> Self {
        Self::new(Kind::Cut)
    }

    /// The answer is as usual, but this late.
    pub const fn delay(delay: Duration) -> Self {
        let mut fault = Self::new(Kind::Delay);
        fault.delay = delay;
        fault
    }

    /// Waits this long first.
    pub const fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets content type and body of the answer.
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<String>) -> Self {
        self.body = Some((content_type.into(), body.into()));
        self
    }

    /// Adds a header to the answer.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds `Retry-After`: seconds or a date, as text.
    pub fn retry_after(self, value: impl Into<String>) -> Self {
        self.header("retry-after", value)
    }

    /// Happens so many times. Without this it happens always.
    pub const fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Lets so many requests pass first.
    pub const fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Concerns this endpoint only, such as `ListUsers`; `token` is the sign-in. Case does not matter.
    pub fn on(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Carries the action out first, so that only the answer is lost. That is what makes the outcome of a write unknown.
    pub const fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Whether it happens to a request for this endpoint; counts it if so.
    fn strikes(&mut self, endpoint: &str) -> bool {
        match &self.endpoint {
            Some(only) if !only.eq_ignore_ascii_case(endpoint) => return false,
            // The sign-in fails only where a test says so, because nothing else works without it.
            None if endpoint == crate::auth::ENDPOINT => return false,
            _ => {}
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        match &mut self.left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => true,
        }
    }
}

/// The first fault that happens to a request for this endpoint. Faults that are used up are dropped.
pub(crate) fn strike(faults: &mut Vec<Fault>, endpoint: &str) -> Option<Fault> {
    let struck = faults.iter_mut().find_map(|fault| fault.strikes(endpoint).then(|| fault.clone()));
    faults.retain(|fault| fault.left != Some(0));
    struck
}
