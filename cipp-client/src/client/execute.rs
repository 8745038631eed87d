//! The one function that every call goes through: sign-in, limits, time, repeats.

use super::retry::Fault;
use super::status::{judge, refused};
use super::throttle::{Permit, Place};
use super::watch::{attempt, pause};
use super::wire::wire;
use super::{CallOptions, Client, RetryPolicy, Shared};
use crate::Error;
use crate::auth::Token;
use crate::catalogue::Kind;
use crate::reply::Reply;
use crate::request::Parts;
use crate::transport::{BoxFuture, TransportError, WireReply, WireRequest};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep, timeout, timeout_at};

mod told;

pub(crate) use told::in_doubt;
use told::not_sent;

impl Client {
    /// Sends a request, as often as it takes and is safe, and gives back the answer if its status is good.
    pub(crate) fn execute(&self, parts: Parts, options: CallOptions) -> BoxFuture<'static, Result<Reply, Error>> {
        let client = self.clone();
        Box::pin(async move { client.perform(&parts, &options, None).await })
    }

    /// Sends a request like [`execute`](Self::execute), and hands the body of a good answer on as it comes: first the head, then
    /// chunk by chunk, each only when the one before was taken. Time counts while the server is waited for, not the receiver.
    pub(crate) fn execute_in_chunks(
        &self,
        parts: Parts,
        options: CallOptions,
        sink: Sender<Flow>,
    ) -> BoxFuture<'static, Result<(), Error>> {
        let client = self.clone();
        Box::pin(async move { client.perform(&parts, &options, Some(&sink)).await.map(drop) })
    }

    /// What lives over a wait is little, and is lent rather than handed on: all of it is one piece of memory, written for each call.
    async fn perform(&self, parts: &Parts, options: &CallOptions, sink: Option<&Sender<Flow>>) -> Result<Reply, Error> {
        let shared = &*self.0;
        // Whatever is wrong with it is said before the call waits for its turn.
        let mut request = Some(wire(shared, parts, options)?);
        // Time starts when the call has its turn, so that a long queue of calls does not run out of time while it waits.
        let policy = options.retry.as_ref().unwrap_or(&shared.retry);
        let permit =
            shared.throttle.turn(Place::Fresh, policy.longest()).await.map_err(|held| not_sent(parts, held))?;
        let started = Instant::now();
        let timeout = options.timeout.unwrap_or(shared.timeout);
        let deadline = started.checked_add(timeout).unwrap_or_else(|| started + Duration::from_secs(u32::MAX.into()));
        let run = Run {
            shared,
            parts,
            options,
            started,
            timeout,
            deadline,
            policy,
            repeatable: options.idempotent.unwrap_or(parts.kind == Kind::Read),
            rest: sink.map(|_| Mutex::new(None)),
        };
        // The turn lasts until the last byte, also where the body is handed on as it comes.
        let mut permit = Some(permit);
        let reply = run.go(&mut request, &mut permit).await?;
        if let Some(sink) = sink {
            run.pour(reply.clone(), sink).await?;
        }
        Ok(reply)
    }
}

/// One call under way.
struct Run<'c> {
    shared: &'c Shared,
    parts: &'c Parts,
    options: &'c CallOptions,
    started: Instant,
    timeout: Duration,
    deadline: Instant,
    policy: &'c RetryPolicy,
    /// Whether doing it twice is harmless: a read, or what the caller says.
    repeatable: bool,
    /// For an answer that is handed on in chunks: what follows the first of them.
    rest: Option<Mutex<Option<WireReply>>>,
}

/// What happened to a call so far.
#[derive(Default)]
struct Tries {
    attempts: u32,
    /// The token was renewed.
    renewed: bool,
    /// A connection was replaced.
    replaced: bool,
    /// How often a gateway gave up.
    gateway: u32,
}

/// What is handed on of an answer that is read in chunks.
#[derive(Debug)]
pub(crate) enum Flow {
    /// The head of the answer; its body is empty.
    Head(Reply),
    /// The next part of the body.
    Chunk(Bytes),
}

/// A try that did not give an answer that can be used.
struct Failure {
    fault: Fault,
    error: Error,
    /// What was answered, where something was.
    reply: Option<Reply>,
}

impl Run<'_> {
    async fn go(&self, request: &mut Option<WireRequest>, permit: &mut Option<Permit>) -> Result<Reply, Error> {
        let mut token = self.token().await?;
        let mut tries = Tries::default();
        loop {
            tries.attempts += 1;
            let sent = Instant::now();
            // Most requests are sent once: it is cheaper to make a second one than to keep a copy of the first.
            let request = request.take().map_or_else(|| wire(self.shared, self.parts, self.options), Ok)?;
            let exchange = self.exchange(self.send(request, &token), &token, tries.attempts);
            let failure = match attempt(self.shared, self.parts, tries.attempts, exchange).await {
                // A refused call was not carried out, so even a write may be sent again: once, with another token.
                Ok(reply) if reply.status == StatusCode::UNAUTHORIZED && !tries.renewed => {
                    self.mark(false);
                    tries.renewed = true;
                    if let Some(other) = self.renew(&token).await? {
                        token = other;
                        continue;
                    }
                    let error = refused(&reply, self.parts);
                    Failure { fault: Fault::Lasting, error, reply: Some(reply) }
                }
                Ok(reply) => match judge(&reply, self.parts) {
                    Ok(()) => {
                        self.shared.throttle.answered(sent);
                        return Ok(reply);
                    }
                    Err((fault, error)) => Failure { fault, error, reply: Some(reply) },
                },
                Err((fault, error)) => Failure { fault, error, reply: None },
            };
            let again = match self.pause_before_next(&mut tries, &failure.fault, sent) {
                // A call gives its turn back while it waits, so that one that waits for a minute does not keep others from
                // working; it goes before those that were never sent, so it does not lose its place by that.
                Some(wait) if !wait.is_zero() => {
                    self.mark(false);
                    drop(permit.take());
                    pause(wait, tries.attempts, &failure.error);
                    sleep(wait).await;
                    *permit = self.next_turn().await;
                    permit.is_some()
                }
                again => again.is_some(),
            };
            if !again {
                return match failure.reply {
                    Some(reply) if self.options.any_status => Ok(reply),
                    _ => Err(failure.error.with_attempts(tries.attempts)),
                };
            }
        }
    }

    /// Decides whether the request is sent again, and tells the others what the server asked for.
    fn pause_before_next(&self, tries: &mut Tries, fault: &Fault, sent: Instant) -> Option<Duration> {
        let throttle = &self.shared.throttle;
        if matches!(fault, Fault::Status(502 | 504, _)) {
            tries.gateway += 1;
        }
        if matches!(fault, Fault::Stale) && std::mem::replace(&mut tries.replaced, true) {
            return None;
        }
        // What was not sent for reasons of the connection, or for its token, is no repeat of the kind that the policy counts.
        let counted = tries.attempts.saturating_sub(u32::from(tries.renewed) + u32::from(tries.replaced)).max(1);
        let wait = self.policy.wait(self.repeatable, counted, tries.gateway, fault);
        if fault.is_throttling() {
            let pause = wait.unwrap_or_else(|| self.policy.pause(counted, fault.asked()));
            let shrink = matches!(fault, Fault::Status(429, _));
            throttle.hold_back(sent, pause, fault.asked().unwrap_or_default(), shrink);
        }
        let wait = wait.filter(|wait| self.is_in_time(*wait))?;
        let free = matches!(fault, Fault::Stale) || !self.policy.has_budget();
        (free || throttle.spend(fault.cost())).then_some(wait)
    }

    /// The turn for another try; `None` when there is none before the deadline, or the server wants peace for longer.
    async fn next_turn(&self) -> Option<Permit> {
        timeout_at(self.deadline, self.shared.throttle.turn(Place::Again, self.policy.longest())).await.ok()?.ok()
    }

    /// Notes whether the server may have seen the request.
    fn mark(&self, seen: bool) {
        if let Some(under_way) = &self.options.under_way {
            under_way.store(seen, Ordering::SeqCst);
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

    /// The sending of the request.
    fn send(&self, mut request: WireRequest, token: &Token) -> BoxFuture<'_, Result<WireReply, TransportError>> {
        request.headers.insert(AUTHORIZATION, token.header.clone());
        self.mark(true);
        self.shared.transport.send(request)
    }

    /// Waits until the request is sent, and reads the whole answer.
    async fn exchange(
        &self,
        sending: BoxFuture<'_, Result<WireReply, TransportError>>,
        token: &Token,
        attempts: u32,
    ) -> Result<Reply, (Fault, Error)> {
        let outcome = timeout_at(self.deadline, async {
            let mut reply = sending.await.map_err(|error| self.broken(error))?;
            if let Some(rest) = self.rest.as_ref().filter(|_| reply.status.is_success()) {
                // The start of the body tells an answer from a web page; until then, nothing was handed on.
                let body = self.first_chunk(&mut reply).await?;
                let (status, headers) = (reply.status, reply.headers.clone());
                *rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(reply);
                return Ok((status, headers, body));
            }
            let body = self.read(&mut reply).await?;
            Ok((reply.status, reply.headers, body))
        })
        .await;
        let (status, headers, body) = match outcome {
            Ok(outcome) => outcome?,
            Err(_) => return Err((Fault::Lasting, self.late())),
        };
        if status != StatusCode::UNAUTHORIZED {
            token.accept();
        }
        let mut hidden = self.parts.secrets.clone();
        hidden.push(token.secret.clone());
        Ok(Reply { status, headers, body, attempts, elapsed: self.started.elapsed(), hidden })
    }

    /// Reads the body up to the limit. What counts is what it takes in memory, after decompression.
    async fn read(&self, reply: &mut WireReply) -> Result<Bytes, (Fault, Error)> {
        let limit = self.shared.max_body;
        self.check_encoding(reply)?;
        let length: Option<usize> = length_of(reply);
        let mut first: Option<Bytes> = None;
        let mut body = BytesMut::new();
        let mut size = 0;
        loop {
            if size > limit || length.is_some_and(|length| length > limit) {
                let message = format!(
                    "the answer is larger than {} MiB: narrow the request with a filter, or raise max_body",
                    limit.div_ceil(1024 * 1024)
                );
                return Err((Fault::Lasting, self.unreadable(message)));
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

    fn check_encoding(&self, reply: &WireReply) -> Result<(), (Fault, Error)> {
        // What the transport decompressed has no such header any more.
        let encoding = reply
            .headers
            .get(CONTENT_ENCODING)
            .filter(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
        match encoding {
            Some(encoding) => {
                let message = format!("the answer is compressed as {encoding:?}, which was not asked for");
                Err((Fault::Lasting, self.unreadable(message)))
            }
            None => Ok(()),
        }
    }

    /// The first bytes of the body; none for an empty one.
    async fn first_chunk(&self, reply: &mut WireReply) -> Result<Bytes, (Fault, Error)> {
        self.check_encoding(reply)?;
        loop {
            match reply.body.chunk().await {
                Ok(Some(chunk)) if chunk.is_empty() => {}
                Ok(chunk) => return Ok(chunk.unwrap_or_default()),
                Err(error) => return Err(self.cut(error, 0, length_of(reply))),
            }
        }
    }

    /// Hands the body on. A receiver that is gone ends it.
    async fn pour(&self, mut head: Reply, sink: &Sender<Flow>) -> Result<(), Error> {
        let rest = self.rest.as_ref().and_then(|rest| rest.lock().unwrap_or_else(PoisonError::into_inner).take());
        let chunk = std::mem::take(&mut head.body);
        let mut size = chunk.len();
        let handed = sink.send(Flow::Head(head)).await.is_ok()
            && (chunk.is_empty() || sink.send(Flow::Chunk(chunk)).await.is_ok());
        let (true, Some(mut reply)) = (handed, rest) else { return Ok(()) };
        let length = length_of(&reply);
        let mut left = self.deadline.saturating_duration_since(Instant::now());
        // The clock starts only when the receiver has taken what came before.
        while let Ok(place) = sink.reserve().await {
            let waiting = Instant::now();
            match timeout(left, reply.body.chunk()).await {
                Ok(Ok(Some(chunk))) => {
                    size += chunk.len();
                    place.send(Flow::Chunk(chunk));
                }
                Ok(Ok(None)) => break,
                Ok(Err(error)) => return Err(self.cut(error, size, length).1),
                Err(_) => return Err(self.late()),
            }
            left = left.saturating_sub(waiting.elapsed());
        }
        Ok(())
    }
}

/// How many bytes the answer says that it has.
fn length_of(reply: &WireReply) -> Option<usize> {
    reply.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}
