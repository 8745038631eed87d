//! Many calls, a few at a time.

use super::Client;
use super::bulk::{BatchPlan, BatchRow, Engine, Progress, Settings, bulk_settings, plan_of};
use crate::Error;
use crate::reply::Output;
use crate::request::Request;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// Many calls of one kind, a few at a time.
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
/// Writes that must be done once and not twice, even when the program is stopped in the middle, keep a journal:
///
/// ```no_run
/// # async fn example(client: cipp_client::Client, leavers: Vec<cipp_client::RawRequest>) {
/// use cipp_client::RowOutcome;
///
/// let batch = client.batch(leavers).resume("leavers.journal").on_progress(|now| eprintln!("{}/{}", now.ended(), now.total));
/// let stop = batch.handle(); // stop.cancel() from a task that waits for Ctrl-C
/// let mut rows = batch.rows();
/// while let Some(row) = rows.next().await {
///     match row.outcome {
///         RowOutcome::InDoubt(error) => eprintln!("row {}: {error}", row.index),
///         RowOutcome::Failed(error) => eprintln!("row {} failed: {error}", row.index),
///         _ => {}
///     }
/// }
/// # let _ = stop;
/// # }
/// ```
///
/// One failure does not stop the others. Dropping the future stops the batch: calls that were not started are never sent, and
/// the journal leaves writes that were under way in doubt. [`handle`](Self::handle) stops it in good order.
#[derive(Debug, Clone)]
#[must_use = "a batch does nothing until collect() or rows() is awaited"]
pub struct Batch<R> {
    client: Client,
    requests: Vec<R>,
    pub(super) labels: Vec<Option<String>>,
    pub(super) settings: Settings,
}

impl<R: Request> Batch<R> {
    pub(crate) fn new(client: Client, requests: Vec<R>) -> Self {
        Self { client, requests, labels: Vec::new(), settings: Settings::default() }
    }

    bulk_settings!();

    /// Gives each row a name of your own, such as the number of a ticket. It stands in the journal in the clear, so it must hold
    /// no secret, and it is a part of what makes a row the same in a later run.
    pub fn label_by(mut self, mut label: impl FnMut(&R) -> String) -> Self {
        self.labels = self.requests.iter().map(|request| Some(label(request))).collect();
        self
    }

    /// What [`rows`](Self::rows) would do with each row: nothing is sent, and the journal is only read. For a question before the
    /// start.
    ///
    /// # Errors
    /// When the journal cannot be read, or is about another server.
    pub async fn plan(&self) -> Result<BatchPlan, Error> {
        let labels = self.labels.iter().map(Option::as_deref).chain(std::iter::repeat(None));
        let rows = self.requests.iter().map(Request::parts).zip(labels).collect();
        plan_of(&self.client, rows, &self.settings).await
    }

    /// Makes the calls. The results come in the order of the requests; [`BatchRow::into_result`] says what becomes of rows that
    /// were not sent.
    pub async fn collect(self) -> Vec<Result<R::Output, Error>> {
        self.collect_rows().await.into_iter().map(BatchRow::into_result).collect()
    }

    /// Makes the calls, and tells of each row what came of it, in the order of the requests.
    pub async fn collect_rows(self) -> Vec<BatchRow<R::Output>> {
        let mut rows = self.rows();
        let mut all = Vec::with_capacity(rows.progress().total);
        while let Some(row) = rows.next().await {
            all.push(row);
        }
        all.sort_by_key(|row| row.index);
        all
    }

    /// Makes the calls while rows are asked for, and gives each row as it ends.
    pub fn rows(self) -> BatchRows<R::Output> {
        let Self { client, requests, labels, settings } = self;
        let labels = labels.into_iter().chain(std::iter::repeat(None));
        let rows = requests.into_iter().map(|request| request.parts()).zip(labels).collect();
        BatchRows(Engine::new(client, rows, settings))
    }
}

/// The rows of a batch, in the order in which they end. Nothing happens while no row is asked for.
#[must_use = "nothing is called until rows are asked for"]
pub struct BatchRows<O>(Engine<O>);

impl<O: Output> BatchRows<O> {
    /// The next row that has ended; `None` when all have. Giving up waiting for it loses nothing: call it again.
    pub async fn next(&mut self) -> Option<BatchRow<O>> {
        poll_fn(|cx| self.0.poll_next(cx)).await
    }

    /// How far the batch has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.0.progress()
    }
}

// Nothing in it is pinned in place.
impl<O> Unpin for BatchRows<O> {}

impl<O: Output> Stream for BatchRows<O> {
    type Item = BatchRow<O>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next(cx)
    }
}

impl<O> fmt::Debug for BatchRows<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchRows").finish_non_exhaustive()
    }
}
