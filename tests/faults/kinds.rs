//! The faults, and what becomes of a call that one of them befalls. A row here is a row of the table; a new fault needs no more.

use super::calls::Call;
use cipp_client::ErrorKind::{self, Auth, Body, Connect, InDoubt, RateLimited, Status, Timeout};
use cipp_mock::Fault;
use std::time::Duration;

/// Makes a fault. The text is the address of a listener that must never be called.
pub type Make = fn(&str) -> Fault;

/// One kind of fault.
pub struct Kind {
    pub name: &'static str,
    pub fault: Make,
    /// What a read ends with when it happens once; `None` is a good answer.
    pub once: Option<ErrorKind>,
    /// What a read ends with when it happens each time.
    pub always: Option<ErrorKind>,
    /// What a write ends with when it happens once.
    pub write: Option<ErrorKind>,
    /// Whether the write was carried out.
    pub effect: bool,
    /// The time for the call.
    pub time: Duration,
}

impl Kind {
    /// What a call that writes nothing ends with when it happens once. An answer that breaks off after it has begun cannot be asked
    /// for again by a call that has handed its start on.
    pub fn once_for(&self, call: &Call) -> Option<ErrorKind> {
        if call.hands_on && matches!(self.name, "cut" | "cut chunks") { Some(Body) } else { self.once }
    }
}

/// Enough for any call that is to end well, on a busy machine.
const ENOUGH: Duration = Duration::from_secs(20);
/// For calls whose time is to run out. A sign-in fits in.
const SHORT: Duration = Duration::from_millis(400);

const fn kind(
    name: &'static str,
    fault: Make,
    once: Option<ErrorKind>,
    always: Option<ErrorKind>,
    write: Option<ErrorKind>,
    effect: bool,
) -> Kind {
    Kind { name, fault, once, always, write, effect, time: ENOUGH }
}

const fn in_short_time(kind: Kind) -> Kind {
    Kind { time: SHORT, ..kind }
}

/// The largest answer that the clients here take.
pub const MAX_BODY: usize = 1_000_000;

pub const KINDS: &[Kind] = &[
    kind("delay", |_| Fault::delay(Duration::from_millis(30)), None, None, None, true),
    in_short_time(kind(
        "silence",
        |_| Fault::delay(Duration::from_secs(600)),
        Some(Timeout),
        Some(Timeout),
        Some(InDoubt),
        false,
    )),
    in_short_time(kind(
        "a byte now and then",
        |_| Fault::slow(1, Duration::from_secs(10)),
        Some(Timeout),
        Some(Timeout),
        Some(InDoubt),
        true,
    )),
    kind("slow", |_| Fault::slow(512, Duration::from_millis(1)), None, None, None, true),
    kind("500", |_| Fault::status(500), Some(Status), Some(Status), Some(Status), false),
    kind("503", |_| Fault::status(503), None, Some(Status), Some(Status), false),
    kind("429", |_| Fault::status(429).retry_after("0"), None, Some(RateLimited), Some(RateLimited), false),
    kind("502", |_| Fault::status(502), None, Some(Status), Some(InDoubt), false),
    kind("504 after the work", |_| Fault::status(504).after_effect(), None, Some(Status), Some(InDoubt), true),
    kind("reset", |_| Fault::reset(), None, Some(Connect), Some(InDoubt), false),
    kind("reset after the work", |_| Fault::reset().after_effect(), None, Some(Connect), Some(InDoubt), true),
    kind("reset unread", |_| Fault::reset_unread(), None, Some(Connect), Some(InDoubt), false),
    kind("hang up", |_| Fault::hang_up(), None, None, None, true),
    kind("cut", |_| Fault::cut(), None, Some(Body), Some(InDoubt), true),
    kind("cut chunks", |_| Fault::cut_chunks(), None, Some(Body), Some(InDoubt), true),
    kind("html", |_| Fault::html(), Some(Auth), Some(Auth), Some(Auth), false),
    kind("redirect", |away| Fault::redirect(away), Some(Auth), Some(Auth), Some(Auth), false),
    kind("wrong content type", |_| Fault::content_type("application/octet-stream"), None, None, None, true),
    kind("invalid utf-8", |_| Fault::invalid_utf8(), None, None, None, true),
    kind("byte-order mark", |_| Fault::byte_order_mark(), None, None, None, true),
    kind("gzip", |_| Fault::gzip(), None, None, None, true),
    kind("corrupt gzip", |_| Fault::corrupt_gzip(), None, Some(Body), Some(InDoubt), true),
    kind("gzip bomb", |_| Fault::gzip_bomb(3 * MAX_BODY), Some(Body), Some(Body), Some(InDoubt), true),
    kind("endless", |_| Fault::endless(), Some(Body), Some(Body), Some(InDoubt), true),
    kind(
        "another encoding",
        |_| Fault::delay(Duration::ZERO).header("content-encoding", "br"),
        Some(Body),
        Some(Body),
        Some(InDoubt),
        true,
    ),
    kind("huge header", |_| Fault::huge_header(1_000_000), None, Some(Connect), Some(InDoubt), true),
    kind("many headers", |_| Fault::many_headers(5000), None, Some(Connect), Some(InDoubt), true),
    kind("token expires", |_| Fault::expire_token(), None, Some(Auth), None, true),
];

/// Faults of the sign-in. When one lasts, no call is sent.
pub const SIGN_IN: &[(&str, Make)] = &[
    ("500", |_| Fault::status(500)),
    ("429", |_| Fault::status(429).retry_after("0")),
    ("reset", |_| Fault::reset()),
    ("cut", |_| Fault::cut()),
    ("html", |_| Fault::html()),
    ("400", |_| {
        Fault::status(400).body(
            "application/json",
            r#"{"error":"invalid_client","error_description":"AADSTS7000215: wrong: canary-client-secret"}"#,
        )
    }),
    ("redirect", |away| Fault::redirect(away)),
    ("corrupt gzip", |_| Fault::corrupt_gzip()),
    ("no token", |_| Fault::status(200).body("application/json", "{}")),
    ("silence", |_| Fault::delay(Duration::from_secs(600))),
];
