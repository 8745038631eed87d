//! One call: a request, and how to make it.

use super::dry_run::DryRun;
use super::watch::Watch;
use super::{Caller, Client, RetryPolicy, check_header};
use crate::Error;
use crate::model::Warnings;
use crate::reply::{DecodeContext, Output, Reply};
use crate::request::{Parts, Request};
use crate::transport::BoxFuture;
use http::{HeaderMap, StatusCode};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll};
use std::time::Duration;

/// A call that is ready to be made. Nothing happens until it is awaited, or sent by the blocking client.
///
/// `C` is the client that makes it. The options are the same for both clients; how the call is made is not, so
/// [`send`](Call::send), [`with_meta`](Call::with_meta) and [`raw`](Call::raw) stand below once for each.
///
/// ```no_run
/// # async fn example(client: cipp_client::Client) -> Result<(), cipp_client::Error> {
/// use cipp_client::RawRequest;
/// use std::time::Duration;
///
/// let version = client.call(RawRequest::get("GetVersion")).timeout(Duration::from_secs(30)).await?;
/// println!("{version}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Call<R, C = Client> {
    client: C,
    request: R,
    options: CallOptions,
}

/// How one call differs from the client's settings.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) headers: HeaderMap,
    pub(crate) bad_header: Option<String>,
    pub(crate) strict: Option<bool>,
    pub(crate) retry: Option<RetryPolicy>,
    /// Whether an answer is given back whatever its status.
    pub(crate) any_status: bool,
    /// Whether it may be done twice, where that is not what the kind of the action says.
    pub(crate) idempotent: Option<bool>,
    /// Set while the server may have seen the request and has not answered.
    pub(crate) under_way: Option<Arc<AtomicBool>>,
}

impl<R: Request, C: Caller> Call<R, C> {
    pub(crate) fn new(client: C, request: R) -> Self {
        Self { client, request, options: CallOptions::default() }
    }

    /// Limits the time for this call, retries included, in place of the client's limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sends a header along. Headers that the client sets itself, and those that change how the server works, are refused with
    /// an error when the call is made.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match check_header(name, value) {
            Ok((name, value)) => {
                self.options.headers.insert(name, value);
            }
            Err(reason) => self.options.bad_header = Some(reason),
        }
        self
    }

    /// Whether an answer that differs from the specification is an error. Where it is not, what differs is kept in `extra` and
    /// counted as a warning.
    pub fn strict(mut self, strict: bool) -> Self {
        self.options.strict = Some(strict);
        self
    }

    /// When this call is repeated, in place of the client's policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Whether doing it twice is harmless. The specification knows only that reads are; a write that sets what is set already,
    /// such as switching off an account, is too, but nobody can know that of all its effects. `true` lets a write be repeated
    /// like a read; `false` keeps a read from being repeated once it may have been sent.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.options.idempotent = Some(idempotent);
        self
    }

    /// Changes the request, for calls that were made with their required properties only.
    ///
    /// ```no_run
    /// # async fn example(client: cipp_client::Client) -> Result<(), cipp_client::Error> {
    /// # use cipp_client::RawRequest;
    /// let call = client.call(RawRequest::get("ListUsers").query("tenantFilter", "contoso.onmicrosoft.com"));
    /// let users = call.with(|request| request.query("IncludeLogonDetails", true)).await?;
    /// # let _ = users;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with(mut self, change: impl FnOnce(R) -> R) -> Self {
        self.request = change(self.request);
        self
    }

    /// The request of this call.
    pub fn request(&self) -> &R {
        &self.request
    }

    /// What would be sent. Nothing is sent, and secrets are not shown.
    pub fn dry_run(&self) -> DryRun {
        let parts = self.request.parts();
        let secrets = parts.as_ref().map(|parts| parts.secrets.clone()).unwrap_or_default();
        DryRun::of(parts.and_then(|parts| self.client.inner().wire(&parts, &self.options)), &secrets)
    }

    /// The client, and the call as the async client makes it.
    #[cfg(feature = "blocking")]
    pub(crate) fn apart(self) -> (C, Call<R>) {
        let Self { client, request, options } = self;
        let inner = client.inner().clone();
        (client, Call { client: inner, request, options })
    }
}

impl<R: Request> Call<R> {
    /// Makes the call and gives back the value together with how it was answered.
    pub fn with_meta(self) -> CallFuture<Response<R::Output>> {
        self.start(respond::<R::Output>)
    }

    /// Makes the call and gives back the answer as it came, whatever its status. Only a call that was not answered is an error.
    pub fn raw(mut self) -> CallFuture<Reply> {
        self.options.any_status = true;
        self.start(|reply, _| Ok((reply, Warnings::default())))
    }

    /// Makes the call; the same as awaiting it.
    pub fn send(self) -> CallFuture<R::Output> {
        self.start(|reply, cx| R::Output::decode(&reply, cx))
    }

    /// What it takes to make the call several times.
    pub(crate) fn into_parts(self) -> Result<(Client, Parts, CallOptions, DecodeContext), Error> {
        let parts = self.request.parts()?;
        let cx = self.client.decode_context(&parts, &self.options);
        Ok((self.client, parts, self.options, cx))
    }

    /// Everything that depends on the type of the request ends here.
    fn start<T>(self, finish: Finish<T>) -> CallFuture<T> {
        match self.request.parts() {
            Ok(parts) => {
                let cx = self.client.decode_context(&parts, &self.options);
                let watch = Watch::new(&self.client, &parts);
                CallFuture { reply: self.client.execute(parts, self.options), cx, finish, watch }
            }
            Err(error) => {
                let cx = DecodeContext::new(error.operation());
                let watch = Watch::of_none(&self.client, error.operation());
                CallFuture { reply: Box::pin(std::future::ready(Err(error))), cx, finish, watch }
            }
        }
    }
}

impl<R: fmt::Debug, C> fmt::Debug for Call<R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("request", &self.request).field("options", &self.options).finish_non_exhaustive()
    }
}

impl<R: Request> IntoFuture for Call<R> {
    type Output = Result<R::Output, Error>;
    type IntoFuture = CallFuture<R::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

/// From an answer to what the caller gets, and what was odd about it.
type Finish<T> = fn(Reply, &DecodeContext) -> Result<(T, Warnings), Error>;

fn respond<T: Output>(reply: Reply, cx: &DecodeContext) -> Result<(Response<T>, Warnings), Error> {
    let (value, warnings) = T::decode(&reply, cx)?;
    let Reply { status, headers, attempts, elapsed, .. } = reply;
    let meta = Meta { status, headers, attempts, elapsed, warnings: warnings.clone() };
    Ok((Response { value, meta }, warnings))
}

/// A call under way. It borrows nothing, so it can be moved to another task.
///
/// Dropping it gives the call up. A write that was already sent may still be carried out by the server.
#[must_use = "a call does nothing until it is awaited"]
pub struct CallFuture<T> {
    reply: BoxFuture<'static, Result<Reply, Error>>,
    cx: DecodeContext,
    finish: Finish<T>,
    watch: Watch,
}

impl<T> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { reply, cx: context, finish, watch } = &mut *self;
        watch.turn(|| reply.as_mut().poll(cx), |reply| finish(reply, context))
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").field("operation", &self.cx.operation()).finish_non_exhaustive()
    }
}

/// A value, and how it was answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The value.
    pub value: T,
    /// How it was answered.
    pub meta: Meta,
}

/// How a call was answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Meta {
    /// Status of the answer.
    pub status: StatusCode,
    /// Headers of the answer.
    pub headers: HeaderMap,
    /// How often the request was sent.
    pub attempts: u32,
    /// Time from the first try to the last byte.
    pub elapsed: Duration,
    /// Where the answer differed from the specification.
    pub warnings: Warnings,
}

impl Client {
    /// What a reader of the answer must know.
    pub(crate) fn decode_context(&self, parts: &Parts, options: &CallOptions) -> DecodeContext {
        let strict = options.strict.unwrap_or(self.0.strict);
        DecodeContext::new(&parts.operation).with_action(parts.action).with_strict(strict)
    }
}
