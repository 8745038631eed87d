//! What is said of a call that did not end as it should.

use super::Run;
use crate::Error;
use crate::catalogue::{Completion, Kind};
use crate::client::retry::Fault;
use crate::client::throttle::Held;
use crate::error::ErrorKind;
use crate::request::Parts;
use crate::transport::{Phase, TransportError};

impl Run<'_> {
    pub(super) fn is_read(&self) -> bool {
        self.parts.kind == Kind::Read
    }

    pub(super) fn error(&self, kind: ErrorKind, message: String) -> Error {
        Error::new(kind, &self.parts.operation, message)
    }

    /// The request could not be sent, or was not answered.
    pub(super) fn broken(&self, error: TransportError) -> (Fault, Error) {
        if !error.may_have_been_sent() {
            let message = format!("{} cannot be reached: {error}", self.shared.base.host_str().unwrap_or_default());
            let fault = if error.phase() == Phase::Stale { Fault::Stale } else { Fault::NotSent };
            return (fault, self.error(ErrorKind::Connect, message).with_source(error));
        }
        let told = match (self.is_read(), error.phase()) {
            (true, Phase::Timeout) => {
                self.error(ErrorKind::Timeout, format!("no answer in time ({error}): ask for less at a time"))
            }
            (true, _) => {
                self.error(ErrorKind::Connect, format!("the connection broke before the answer came: {error}"))
            }
            (false, _) => self.in_doubt(&format!("the connection broke after the request was sent ({error})")),
        };
        (Fault::Broken, told.with_source(error))
    }

    /// The answer ended early.
    pub(super) fn cut(&self, error: TransportError, size: usize, length: Option<usize>) -> (Fault, Error) {
        let size = match length {
            Some(length) => format!("{size} of {length} bytes"),
            None => format!("{size} bytes"),
        };
        let told = if self.is_read() {
            self.error(ErrorKind::Body, format!("the answer was cut after {size}: {error}"))
        } else {
            self.in_doubt(&format!("the answer was cut after {size}"))
        };
        (Fault::Broken, told.with_source(error))
    }

    /// The answer came and cannot be read, so what it says of a write is not known.
    pub(super) fn unreadable(&self, message: String) -> Error {
        if self.is_read() { self.error(ErrorKind::Body, message) } else { self.in_doubt(&message) }
    }

    /// Time ran out after the request went out.
    pub(super) fn late(&self) -> Error {
        let seconds = self.timeout.as_secs_f32();
        if self.is_read() {
            let message =
                format!("no complete answer within {seconds} s: raise the timeout, or ask for less at a time");
            self.error(ErrorKind::Timeout, message)
        } else {
            self.in_doubt(&format!("no complete answer within {seconds} s"))
        }
    }

    pub(super) fn in_doubt(&self, what: &str) -> Error {
        in_doubt(self.parts, what)
    }

    pub(super) fn no_token(&self) -> Error {
        let message = format!("the sign-in did not end within {} s; the call was not sent", self.timeout.as_secs_f32());
        Error::new(ErrorKind::Timeout, &self.parts.operation, message)
    }
}

/// The server asked all calls to wait, for longer than this one can.
pub(super) fn not_sent(parts: &Parts, held: Held) -> Error {
    let message = format!(
        "the server asked for fewer calls, so this one was not sent; try again after {} s",
        held.0.as_secs_f32().ceil()
    );
    Error::new(ErrorKind::RateLimited, &parts.operation, message).with_retry_after(Some(held.0))
}

/// A write of which nobody here knows whether it happened, and how to find out.
pub(crate) fn in_doubt(parts: &Parts, what: &str) -> Error {
    let check = match parts.action.map(|action| action.completion) {
        Some(Completion::Scheduled) => "look for its task among the scheduled items before you repeat it",
        Some(Completion::Ticket) => "ask for its state before you repeat it",
        _ => "look at what it should have changed, or at CIPP's log, before you repeat it",
    };
    Error::new(
        ErrorKind::InDoubt,
        &parts.operation,
        format!("{what}: it may or may not have been carried out; {check}"),
    )
}
