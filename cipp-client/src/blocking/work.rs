//! Work that is more than one call, for programs without async.

use super::Client;
use crate::Error;
use crate::transport::BoxFuture;
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::Pin;

/// Work of the async client that is prepared and not done yet: waiting, a stream of rows, a batch. It is done by the methods that
/// the async work has too, each of which blocks its thread, and where the work is a stream, by iterating.
#[derive(Debug)]
#[must_use = "nothing happens until it is sent, collected or iterated over"]
pub struct Blocking<W> {
    pub(super) client: Client,
    /// Missing only after the thread that does the work was lost with it.
    pub(super) work: Option<W>,
}

impl<W> Blocking<W> {
    pub(super) fn new(client: Client, work: W) -> Self {
        Self { client, work: Some(work) }
    }

    /// Sets options of the work, by the methods of its own type: `.with(|wait| wait.deadline(limit))`.
    pub fn with(self, set: impl FnOnce(W) -> W) -> Self {
        Self { client: self.client, work: self.work.map(set) }
    }

    /// Looks at the work, such as at the warnings of a stream; `None` after its thread was lost.
    #[must_use]
    pub fn inner(&self) -> Option<&W> {
        self.work.as_ref()
    }

    /// Does something with the work, and blocks until that has ended.
    pub(super) fn run<T, F>(self, work: impl FnOnce(W) -> F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let Self { client, work: inner } = self;
        let inner = inner.ok_or_else(|| Error::config("blocking", "the thread that did this work was lost"))?;
        client.block_on(work(inner))
    }
}

impl<T, W> Blocking<W>
where
    T: Send + 'static,
    W: IntoFuture<Output = Result<T, Error>, IntoFuture = BoxFuture<'static, Result<T, Error>>>,
{
    /// Does the work, and blocks until it has ended.
    ///
    /// # Errors
    /// As for the async work; and as [`Client::block_on`].
    pub fn send(self) -> Result<T, Error> {
        self.run(W::into_future)?
    }
}

/// Each step blocks until the next item is there. Inside an async program the only item is an error.
impl<T, W> Iterator for Blocking<W>
where
    T: Send + 'static,
    W: Stream<Item = Result<T, Error>> + Unpin + Send + 'static,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut work = self.work.take()?;
        let step = self.client.block_on(async move {
            let item = poll_fn(|cx| Pin::new(&mut work).poll_next(cx)).await;
            (work, item)
        });
        match step {
            Ok((work, item)) => {
                self.work = Some(work);
                item
            }
            Err(error) => Some(Err(error)),
        }
    }
}
