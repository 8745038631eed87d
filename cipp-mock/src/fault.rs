//! Things that go wrong on the way, on purpose.

use crate::throttle::Throttle;
use crate::when::{Moment, When};
use std::ops::Range;
use std::time::Duration;

/// A fault: what happens instead of, or before, the proper answer, to which requests, and how often.
///
/// ```
/// use cipp_mock::Fault;
/// use std::time::Duration;
/// let busy = Fault::status(429).retry_after("2").times(2).on("ListUsers");
/// let slow = Fault::delay(Duration::from_secs(5)).on("ListUsers");
/// let broken = Fault::reset().times(1);
/// let now_and_then = Fault::cut().chance(0.1, 42);
/// ```
///
/// Faults of the connection before the answer ([`status`](Self::status), [`reset`](Self::reset), [`redirect`](Self::redirect),
/// [`throttle`](Self::throttle), ...) keep the action from being carried out, unless [`after_effect`](Self::after_effect) is
/// said. Faults of the answer itself ([`cut`](Self::cut), [`slow`](Self::slow), [`gzip`](Self::gzip), ...) come after the action.
#[derive(Debug, Clone)]
#[must_use = "a fault does nothing until it is given to MockServer::fault"]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(crate) delay: Duration,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<(String, Vec<u8>)>,
    pub(crate) after_effect: bool,
    when: When,
}

/// What happens.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// The answer is as usual, but late, or with headers of its own.
    Delay,
    /// An answer with this status.
    Status(u16),
    /// The connection is cut before anything is answered.
    Reset,
    /// The connection is cut before the request is read.
    ResetUnread,
    /// The answer is as usual; then the connection is closed without a word.
    HangUp,
    /// The answer breaks off after half of its body.
    Cut,
    /// The answer comes in chunks and breaks off after half of its body.
    CutChunks,
    /// The answer never ends.
    Endless,
    /// So many bytes of the body at a time, with a pause before each.
    Slow(usize, Duration),
    /// The body is as usual, the header calls it something else.
    Label(String),
    /// A byte that is no text stands in the body.
    InvalidUtf8,
    /// A byte-order mark stands before the body.
    ByteOrderMark,
    /// The body is compressed, rightly or wrongly.
    Gzip(Gzip),
    /// The token is worthless.
    ExpireToken,
    /// Too many calls.
    Throttle(Throttle),
    /// So many further headers of so many bytes each.
    Headers(usize, usize),
}

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gzip {
    /// As it should be.
    Honest,
    /// Damaged in the middle.
    Corrupt,
    /// Blanks that take this many bytes when decompressed.
    Bomb(usize),
}

impl Fault {
    const fn new(kind: Kind) -> Self {
        Self { kind, delay: Duration::ZERO, headers: Vec::new(), body: None, after_effect: false, when: When::always() }
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

    /// A redirect (302) to this address, perhaps on another host. A client must not follow it with its token.
    pub fn redirect(to: impl Into<String>) -> Self {
        Self::new(Kind::Status(302)).header("location", to)
    }

    /// The request is read, then the connection is cut with a reset before anything is answered.
    pub const fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// The connection is cut with a reset as soon as the head of the request is there: its body is not read, nothing is carried
    /// out, and the record has no body.
    pub const fn reset_unread() -> Self {
        Self::new(Kind::ResetUnread)
    }

    /// The answer is as usual; after it the connection is closed without `Connection: close`, so that the client finds a
    /// dead connection when it wants to use it again.
    pub const fn hang_up() -> Self {
        Self::new(Kind::HangUp)
    }

    /// The answer breaks off after half of its body: fewer bytes than its `Content-Length` promises.
    pub const fn cut() -> Self {
        Self::new(Kind::Cut)
    }

    /// The answer comes in chunks, and breaks off after half of its body, without the last chunk.
    pub const fn cut_chunks() -> Self {
        Self::new(Kind::CutChunks)
    }

    /// The answer is blanks in chunks that do not end before the client hangs up (or 4 GiB are sent).
    pub const fn endless() -> Self {
        Self::new(Kind::Endless)
    }

    /// The body of the answer comes so many bytes at a time, with this pause before each piece.
    pub fn slow(bytes: usize, every: Duration) -> Self {
        Self::new(Kind::Slow(bytes.max(1), every))
    }

    /// The answer is as usual, but this late.
    pub const fn delay(delay: Duration) -> Self {
        let mut fault = Self::new(Kind::Delay);
        fault.delay = delay;
        fault
    }

    /// The answer is as usual, but its `Content-Type` says this.
    pub fn content_type(kind: impl Into<String>) -> Self {
        Self::new(Kind::Label(kind.into()))
    }

    /// A byte that is not UTF-8 stands in the last text of the answer, or in a name where there is no text.
    pub const fn invalid_utf8() -> Self {
        Self::new(Kind::InvalidUtf8)
    }

    /// A byte-order mark stands before the answer.
    pub const fn byte_order_mark() -> Self {
        Self::new(Kind::ByteOrderMark)
    }

    /// The answer is compressed as it should be, whether the client asked for that or not.
    pub const fn gzip() -> Self {
        Self::new(Kind::Gzip(Gzip::Honest))
    }

    /// The answer says that it is compressed, but is damaged in the middle.
    pub const fn corrupt_gzip() -> Self {
        Self::new(Kind::Gzip(Gzip::Corrupt))
    }

    /// An answer of a few kilobytes that takes so many bytes when it is decompressed; at most 256 MiB.
    pub fn gzip_bomb(bytes: usize) -> Self {
        Self::new(Kind::Gzip(Gzip::Bomb(bytes.min(256 * 1024 * 1024))))
    }

    /// The request's token, and all others that were given out, are worthless: the platform answers 401. With
    /// [`nth`](Self::nth) the token expires in the middle of a run.
    pub const fn expire_token() -> Self {
        Self::new(Kind::ExpireToken)
    }

    /// More than `calls` calls within `window` are answered 429 with a `Retry-After` in seconds.
    ///
    /// A client that comes back before that time is over is answered 429 again, and [`MockServer::verify`] tells of it. Calls
    /// that were under way when the first 429 went out do not count as early: those on other connections have 250 ms.
    ///
    /// [`MockServer::verify`]: crate::MockServer::verify
    pub const fn throttle(calls: usize, window: Duration) -> Self {
        Self::new(Kind::Throttle(Throttle::new(calls, window)))
    }

    /// The answer is as usual, with one more header of so many bytes.
    pub const fn huge_header(bytes: usize) -> Self {
        Self::new(Kind::Headers(1, bytes))
    }

    /// The answer is as usual, with so many more headers.
    pub const fn many_headers(count: usize) -> Self {
        Self::new(Kind::Headers(count, 8))
    }

    /// Waits this long first.
    pub const fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets content type and body of the answer.
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some((content_type.into(), body.into()));
        self
    }

    /// Adds a header to the answer, or replaces it.
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
        self.when.left = Some(times);
        self
    }

    /// Lets so many requests pass first.
    pub const fn skip(mut self, requests: u32) -> Self {
        self.when.skip = requests;
        self
    }

    /// Happens to this request only, of those that it concerns; the first is number 1.
    pub const fn nth(self, number: u32) -> Self {
        self.skip(number.saturating_sub(1)).times(1)
    }

    /// Happens to each so-manieth request that it concerns: `every(3)` to the third, the sixth and so on.
    pub const fn every(mut self, requests: u32) -> Self {
        self.when.every = requests;
        self
    }

    /// Happens with this probability, from 0 to 1. The same seed gives the same dice in every run.
    pub const fn chance(mut self, probability: f64, seed: u64) -> Self {
        self.when.chance = Some((probability, seed));
        self
    }

    /// Happens in this time only, by the server's clock, counted from when the fault was added. The clock stands still until
    /// [`MockServer::advance`](crate::MockServer::advance) moves it, unless the server was started live.
    pub const fn during(mut self, window: Range<Duration>) -> Self {
        self.when.window = Some((window.start, window.end));
        self
    }

    /// Concerns this endpoint only, such as `ListUsers`; `token` is the sign-in. Case does not matter.
    pub fn on(mut self, endpoint: impl Into<String>) -> Self {
        self.when.endpoint = Some(endpoint.into());
        self
    }

    /// Carries the action out first, so that only the answer is lost. That is what makes the outcome of a write unknown.
    pub const fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Starts to count the time of [`during`](Self::during).
    pub(crate) const fn added(mut self, at: Duration) -> Self {
        self.when.added = at;
        self
    }

    /// The fault as it happens to a request; `None` when it does not. Counts the request.
    fn strikes(&mut self, moment: &Moment<'_>, early: &mut Vec<String>) -> Option<Self> {
        if !self.when.concerns(moment.endpoint) {
            return None;
        }
        if let Kind::Throttle(throttle) = &mut self.kind {
            let wait = throttle.admit(moment, early)?;
            return self.when.strikes(moment).then(|| {
                let busy = Self { delay: self.delay, body: self.body.clone(), ..Self::status(429) };
                busy.retry_after(wait.to_string())
            });
        }
        self.when.strikes(moment).then(|| self.clone())
    }

    /// What goes wrong on a bad day: a bit of nearly everything, each to a share of the requests, the same in every run. None of it
    /// lasts, so nearly every read succeeds in the end: what asks for a repeat stays below the four in a hundred that the client's
    /// budget for repeats earns back, however the calls fall together.
    #[must_use = "a fault does nothing until it is given to MockServer::fault"]
    pub fn bad_day() -> Vec<Self> {
        let shares = [
            (0.004, Self::reset()),
            (0.004, Self::reset().after_effect()),
            (0.002, Self::reset_unread()),
            (0.004, Self::cut()),
            (0.004, Self::cut_chunks()),
            (0.004, Self::hang_up()),
            (0.004, Self::status(503)),
            (0.004, Self::status(429).retry_after("0")),
            (0.002, Self::status(504).after_effect()),
            (0.002, Self::status(500)),
            (0.002, Self::html()),
            (0.002, Self::redirect("http://127.0.0.1:9/")),
            (0.010, Self::gzip()),
            (0.005, Self::corrupt_gzip()),
            (0.005, Self::byte_order_mark()),
            (0.005, Self::invalid_utf8()),
            (0.005, Self::huge_header(1_000_000)),
            (0.001, Self::expire_token()),
            (0.020, Self::delay(Duration::from_millis(5))),
            (0.010, Self::slow(64, Duration::from_millis(1))),
        ];
        shares.into_iter().zip(1..).map(|((share, fault), seed)| fault.chance(share, seed)).collect()
    }
}

/// The first fault that happens to a request. Faults that are used up are dropped. What a client did too early is added to `early`.
pub(crate) fn strike(faults: &mut Vec<Fault>, moment: &Moment<'_>, early: &mut Vec<String>) -> Option<Fault> {
    let struck = faults.iter_mut().find_map(|fault| fault.strikes(moment, early));
    faults.retain(|fault| fault.when.left != Some(0));
    struck
}
