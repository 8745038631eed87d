//! What is counted and traced of a call, in one place: the calls themselves have a line for each.

use super::trace::{Attempt, CallSpan, waiting, warned};
use super::{Client, Shared};
use crate::Error;
use crate::model::Warnings;
use crate::reply::Reply;
use crate::request::Parts;
use std::fmt;
use std::task::Poll;
use std::time::Duration;

/// Watches one call: counts it, and holds its span.
pub(crate) struct Watch {
    client: Client,
    span: CallSpan,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// Nobody has asked for the answer yet, so nothing was sent.
    New,
    UnderWay,
    Over,
}

impl Watch {
    pub(crate) fn new(client: &Client, parts: &Parts) -> Self {
        Self { client: client.clone(), span: CallSpan::of(parts), stage: Stage::New }
    }

    /// Watches a call whose request cannot be sent.
    pub(crate) fn of_none(client: &Client, operation: &str) -> Self {
        Self { client: client.clone(), span: CallSpan::of_none(operation), stage: Stage::New }
    }

    /// One turn of the call. `finish` turns the answer into the value, and is watched too.
    pub(crate) fn turn<T>(
        &mut self,
        poll: impl FnOnce() -> Poll<Result<Reply, Error>>,
        finish: impl FnOnce(Reply) -> Result<(T, Warnings), Error>,
    ) -> Poll<Result<T, Error>> {
        let Self { client, span, stage } = self;
        let counters = &client.0.counters;
        if *stage == Stage::New {
            *stage = Stage::UnderWay;
            counters.begin();
        }
        span.within(|| {
            poll().map(|reply| {
                let result = reply.and_then(|reply| {
                    span.answered(&reply);
                    finish(reply)
                });
                *stage = Stage::Over;
                counters.end(result.as_ref().err().map(Error::kind));
                match result {
                    Ok((value, warnings)) => {
                        note(client, &warnings);
                        Ok(value)
                    }
                    Err(error) => {
                        span.failed(&error);
                        Err(error)
                    }
                }
            })
        })
    }
}

/// An answer was decoded.
fn note(client: &Client, warnings: &Warnings) {
    if !warnings.is_empty() {
        client.0.counters.warned(warnings.count());
        warned(warnings);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.stage == Stage::UnderWay {
            self.client.0.counters.abandon();
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}

/// Makes one attempt, counted and in its span.
pub(crate) fn attempt<F>(
    shared: &Shared,
    parts: &Parts,
    number: u32,
    attempt: impl Future<Output = Result<Reply, (F, Error)>>,
) -> impl Future<Output = Result<Reply, (F, Error)>> {
    shared.counters.attempt(number);
    Attempt::of(shared, parts, number).run(attempt)
}

/// The call waits before its next attempt.
pub(crate) fn pause(wait: Duration, attempts: u32, error: &Error) {
    waiting(wait, attempts, error);
}
