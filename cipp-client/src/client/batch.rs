//! Many calls, a few at a time.

use super::{Call, CallFuture, Client};
use crate::Error;
use crate::request::Request;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::sleep;

/// Many calls of one kind, a few at a time, with the results in the order of the requests.
///
/// ```no_run
/// # async fn example(client: cipp_client::Client) {
/// use cipp_client::RawRequest;
/// use std::time::Duration;
///
/// let requests = ["ListTenants", "ListLogs"].map(RawRequest::get);
/// // Fifty at once, then a second of rest, and so on.
/// let results = client.batch(requests).size(50).interval(Duration::from_secs(1)).collect().await;
/// # let _ = results;
/// # }
/// ```
///
/// One failure does not stop the others. Dropping the future stops the batch: calls that were not started are never sent.
#[derive(Debug, Clone)]
#[must_use = "a batch does nothing until collect() is awaited"]
pub struct Batch<R> {
    client: Client,
    requests: Vec<R>,
    size: usize,
    interval: Duration,
    concurrency: Option<usize>,
}

impl<R: Request> Batch<R> {
    pub(crate) fn new(client: Client, requests: Vec<R>) -> Self {
        Self { client, requests, size: usize::MAX, interval: Duration::ZERO, concurrency: None }
    }

    /// How many calls make one portion. The next portion starts when all calls of the last one have ended and the
    /// [interval](Self::interval) is over. Without this, all calls are one portion.
    pub fn size(mut self, calls: usize) -> Self {
        self.size = calls.max(1);
        self
    }

    /// How long to rest between two portions.
    pub fn interval(mut self, rest: Duration) -> Self {
        self.interval = rest;
        self
    }

    /// How many calls are under way at once. The default is the client's limit, which holds in any case.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = Some(calls.max(1));
        self
    }

    /// Makes the calls. The results come in the order of the requests.
    pub async fn collect(self) -> Vec<Result<R::Output, Error>> {
        let Self { client, requests, size, interval, concurrency } = self;
        let limit = concurrency.unwrap_or(client.0.concurrency);
        let mut results = Vec::with_capacity(requests.len());
        let mut requests = requests.into_iter();
        while requests.len() > 0 {
            if !results.is_empty() && !interval.is_zero() {
                sleep(interval).await;
            }
            let portion = requests.by_ref().take(size);
            results.extend(run(portion.map(|request| Call::new(client.clone(), request).send()), limit).await);
        }
        results
    }
}

/// Drives the futures, at most `limit` of them at a time, and gives their results in order. They all run in the task that awaits
/// this, so nothing goes on behind the caller's back. With a handful under way, polling all of them on each wake is cheap.
pub(crate) async fn run<T>(mut calls: impl Iterator<Item = CallFuture<T>>, limit: usize) -> Vec<Result<T, Error>> {
    let mut results: Vec<Option<Result<T, Error>>> = Vec::new();
    let mut running: Vec<(usize, CallFuture<T>)> = Vec::new();
    poll_fn(|cx| {
        loop {
            while running.len() < limit.max(1) {
                let Some(call) = calls.next() else { break };
                running.push((results.len(), call));
                results.push(None);
            }
            if running.is_empty() {
                return Poll::Ready(());
            }
            let before = running.len();
            running.retain_mut(|(index, call)| match Pin::new(call).poll(cx) {
                Poll::Pending => true,
                Poll::Ready(result) => {
                    if let Some(place) = results.get_mut(*index) {
                        *place = Some(result);
                    }
                    false
                }
            });
            if running.len() == before {
                return Poll::Pending;
            }
        }
    })
    .await;
    // Every place was filled: the loop ends only when nothing is running.
    results.into_iter().flatten().collect()
}
