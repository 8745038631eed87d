//! The one function that every call goes through: sign-in, limits, time, repeats.

use super::retry::Fault;
use super::status::{judge, refused};
use super::watch::{attempt, pause};
use super::{CallOptions, Client, RetryPolicy, Shared};
use crate::Error;
use crate::auth::Token;
use crate::catalogue::{Completion, Kind};
use crate::error::ErrorKind;
use crate::reply::Reply;
use crate::request::Parts;
use crate::transport::{BoxFuture, Phase, TransportError, WireReply, WireRequest};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

impl Client {
    /// Sends a request, as often as it takes and is safe, and gives back the answer if its status is good.
    pub(crate) fn execute(&self, parts: Parts, options: CallOptions) -> BoxFuture<'static, Result<Reply, Error>> {
        let client = self.clone();
        Box::pin(async move {
            let shared = &*client.0;
            let request = super::wire::wire(shared, &parts, &options)?;
            // Time starts when the call has its turn, so that a long queue of calls does not run out of time while it waits.
            let _permit = shared
                .permits
                .acquire()
                .await
                .map_err(|_| Error::new(ErrorKind::Cancelled, &parts.operation, "the client was shut down"))?;
            let started = Instant::now();
            let timeout = options.timeout.unwrap_or(shared.timeout);
            let deadline =
                started.checked_add(timeout).unwrap_or_else(|| started + Duration::from_secs(u32::MAX.into()));
            let policy = options.retry.as_ref().unwrap_or(&shared.retry);
            let run = Run {
                shared,
                parts: &parts,
                request,
                started,
                timeout,
                deadline,
                policy,
                any_status: options.any_status,
            };
            run.go().await
        })
    }
}

/// One call under way.
struct Run<'c> {
    shared: &'c Shared,
    parts: &'c Parts,
    request: WireRequest,
    started: Instant,
    timeout: Duration,
    deadline: Instant,
    policy: &'c RetryPolicy,
    any_status: bool,
}

/// A try that did not give an answer that can be used.
struct Failure {
    fault: Fault,
    error: Error,
    /// What was answered, where something was.
    reply: Option<Reply>,
}

impl Run<'_> {
    async fn go(&self) -> Result<Reply, Error> {
        let mut token = self.token().await?;
        let mut renewed = false;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let failure = match attempt(self.shared, self.parts, attempts, self.exchange(&token, attempts)).await {
                // A refused call was not carried out, so even a write may be sent again: once, with another token.
                Ok(reply) if reply.status == StatusCode::UNAUTHORIZED && !renewed => {
                    renewed = true;
                    if let Some(other) = self.renew(&token).await? {
                        token = other;
                        continue;
                    }
                    let error = refused(&reply, self.parts);
                    Failure { fault: Fault::Lasting, error, reply: Some(reply) }
                }
                Ok(reply) => match judge(&reply, self.parts) {
                    Ok(()) => return Ok(reply),
                    Err((fault, error)) => Failure { fault, error, reply: Some(reply) },
                },
                Err((fault, error)) => Failure { fault, error, reply: None },
            };
            // The token's renewal is no repeat of the kind that the policy counts.
            let tries = attempts - u32::from(renewed);
            match self.policy.wait(self.parts.kind, tries.max(1), &failure.fault) {
                Some(wait) if self.is_in_time(wait) => {
                    pause(wait, attempts, &failure.error);
                    sleep(wait).await;
                }
                _ => {
                    return match failure.reply {
                        Some(reply) if self.any_status => Ok(reply),
                        _ => Err(failure.error.with_attempts(attempts)),
                    };
                }
            }
        }
    }

    /// A wait that would end after the deadline is not begun.
    fn is_in_time(&self, wait: Duration) -> bool {
        Instant::now().checked_add(wait).is_some_and(|end| end < self.deadline)
    }

    async fn token(&self) -> Result<Arc<Token>, Error> {
        timeout_at(self.deadline, self.shared.tokens.get()).await.unwrap_or_else(|_| Err(self.no_token()))
    }

    async fn renew(&self, token: &Token) -> Result<Option<Arc<Token>>, Error> {
        timeout_at(self.deadline, self.shared.tokens.renew(token)).await.unwrap_or_else(|_| Err(self.no_token()))
    }

    fn no_token(&self) -> Error {
        let message = format!("the sign-in did not end within {} s; the call was not sent", self.timeout.as_secs_f32());
        Error::new(ErrorKind::Timeout, &self.parts.operation, message)
    }

    /// Sends the request once and reads the whole answer.
    async fn exchange(&self, token: &Token, attempts: u32) -> Result<Reply, (Fault, Error)> {
        let mut request = self.request.clone();
        request.headers.insert(AUTHORIZATION, token.header.clone());
        let outcome = timeout_at(self.deadline, async {
            let mut reply = self.shared.transport.send(request).await.map_err(|error| self.broken(error))?;
            let body = self.read(&mut reply).await?;
            Ok((reply.status, reply.headers, body))
        })
        .await;
        let (status, headers, body) = match outcome {
            Ok(outcome) => outcome?,
            Err(_) => return Err((Fault::Lasting, self.late())),
        };
        let mut hidden = self.parts.secrets.clone();
        hidden.push(token.secret.clone());
        Ok(Reply { status, headers, body, attempts, elapsed: self.started.elapsed(), hidden })
    }

    /// Reads the body up to the limit. What counts is what it takes in memory, after decompression.
    async fn read(&self, reply: &mut WireReply) -> Result<Bytes, (Fault, Error)> {
        let limit = self.shared.max_body;
        // What the transport decompressed has no such header any more.
        let encoding = reply
            .headers
            .get(CONTENT_ENCODING)
            .filter(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
        if let Some(encoding) = encoding {
            let message = format!("the answer is compressed as {encoding:?}, which was not asked for");
            return Err((Fault::Lasting, self.error(ErrorKind::Body, message)));
        }
        let length: Option<usize> =
            reply.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let mut first: Option<Bytes> = None;
        let mut body = BytesMut::new();
        let mut size = 0;
        loop {
            if size > limit || length.is_some_and(|length| length > limit) {
                let message = format!(
                    "the answer is larger than {} MiB: narrow the request with a filter, or raise max_body",
                    limit.div_ceil(1024 * 1024)
                );
                return Err((Fault::Lasting, self.error(ErrorKind::Body, message)));
            }
            let chunk = match reply.body.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => return Err(self.cut(error, size, length)),
            };
            size += chunk.len();
            self.shared.counters.received(chunk.len());
            // An answer in one piece, as most are, is not copied.
            match first.take() {
                None if body.is_empty() => first = Some(chunk),
                earlier => {
                    if let Some(earlier) = earlier {
                        body.reserve(length.unwrap_or_default().min(limit).max(size));
                        body.extend_from_slice(&earlier);
                    }
                    body.extend_from_slice(&chunk);
                }
            }
        }
        Ok(first.unwrap_or_else(|| body.freeze()))
    }

    fn is_read(&self) -> bool {
        self.parts.kind == Kind::Read
    }

    fn error(&self, kind: ErrorKind, message: String) -> Error {
        Error::new(kind, &self.parts.operation, message)
    }

    /// The request could not be sent, or was not answered.
    fn broken(&self, error: TransportError) -> (Fault, Error) {
        if !error.may_have_been_sent() {
            let message = format!("{} cannot be reached: {error}", self.shared.base.host_str().unwrap_or_default());
            return (Fault::NotSent, self.error(ErrorKind::Connect, message).with_source(error));
        }
        let late = error.phase() == Phase::Timeout;
        match (self.is_read(), late) {
            (true, true) => (Fault::Lasting, self.late().with_source(error)),
            (true, false) => {
                let message = format!("the connection broke before the answer came: {error}");
                (Fault::Broken, self.error(ErrorKind::Connect, message).with_source(error))
            }
            (false, _) => {
                let doubt = self.in_doubt(&format!("the connection broke after the request was sent ({error})"));
                (Fault::Lasting, doubt.with_source(error))
            }
        }
    }

    /// The answer ended early.
    fn cut(&self, error: TransportError, size: usize, length: Option<usize>) -> (Fault, Error) {
        let size = match length {
            Some(length) => format!("{size} of {length} bytes"),
            None => format!("{size} bytes"),
        };
        if self.is_read() {
            (
                Fault::Broken,
                self.error(ErrorKind::Body, format!("the answer was cut after {size}: {error}")).with_source(error),
            )
        } else {
            (Fault::Lasting, self.in_doubt(&format!("the answer was cut after {size}")).with_source(error))
        }
    }

    /// Time ran out after the request went out.
    fn late(&self) -> Error {
        let seconds = self.timeout.as_secs_f32();
        if self.is_read() {
            let message =
                format!("no complete answer within {seconds} s: raise the timeout, or ask for less at a time");
            self.error(ErrorKind::Timeout, message)
        } else {
            self.in_doubt(&format!("no complete answer within {seconds} s"))
        }
    }

    fn in_doubt(&self, what: &str) -> Error {
        in_doubt(self.parts, what)
    }
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
