//! Row by row, while the answer is being downloaded.

use crate::Error;
use crate::client::{Call, Flow};
use crate::error::ErrorKind;
use crate::model::{Extra, Shape, Warnings};
use crate::reply::{DecodeContext, Queued, RowReader, Rows};
use crate::request::Request;
use crate::transport::BoxFuture;
use futures_core::Stream;
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{Receiver, channel};

/// The rows of one answer, read while it is being downloaded; from [`Call::stream`].
///
/// It holds about one row and one chunk of the answer, whatever the size of the list. Rows are read as leniently as in a
/// [`Listing`](crate::Listing). An answer that breaks off ends with an error, after the rows that came; so does one whose rows are
/// still being collected ([`ErrorKind::NotReady`]), and one that turns out to be a failure. After an error the stream ends.
#[must_use = "streams do nothing until they are polled"]
pub struct RowStream<T> {
    pump: Option<BoxFuture<'static, Result<(), Error>>>,
    /// What ended the download, told after the rows that came before.
    broken: Option<Error>,
    flow: Receiver<Flow>,
    reader: Option<RowReader<T>>,
    cx: DecodeContext,
    limit: usize,
    last: VecDeque<Result<T, Error>>,
    ended: bool,
    metadata: Extra,
    next_link: Option<String>,
    nothing: Warnings,
}

impl<R: Request<Output: Rows>> Call<R> {
    /// Prepares to read a list row by row while it is being downloaded, in memory of about one row.
    ///
    /// A fault before the first row is repeated as for any call; after that, an error. A row that is larger than the client's
    /// `max_body` is an error; the list as a whole may be larger. The time for the call counts while the server is waited for.
    ///
    /// ```no_run
    /// # async fn example(client: cipp_client::Client) -> Result<(), cipp_client::Error> {
    /// use cipp_client::RawRequest;
    ///
    /// let call = client.call(RawRequest::get("ListUsers").query("tenantFilter", "contoso.onmicrosoft.com"));
    /// let mut users = call.stream();
    /// while let Some(user) = users.next().await {
    ///     println!("{}", user?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> RowStream<<R::Output as Rows>::Row> {
        // One chunk waits while the one before it is read.
        let (sink, flow) = channel(1);
        let (pump, cx, limit): (BoxFuture<'static, _>, _, _) = match self.into_parts() {
            Ok((client, parts, options, cx)) => {
                let limit = client.0.max_body;
                (client.execute_in_chunks(parts, options, sink), cx, limit)
            }
            Err(error) => {
                let cx = DecodeContext::new(error.operation());
                (Box::pin(std::future::ready(Err(error))), cx, 0)
            }
        };
        RowStream {
            pump: Some(pump),
            broken: None,
            flow,
            reader: None,
            cx,
            limit,
            last: VecDeque::new(),
            ended: false,
            metadata: Extra::default(),
            next_link: None,
            nothing: Warnings::default(),
        }
    }
}

/// Rows that are still being collected.
pub(super) fn not_ready(operation: &str, queued: Queued) -> Error {
    let message = format!("rows are still being collected ({}): use call.wait()", queued.message);
    Error::new(ErrorKind::NotReady, operation, message).with_queued(queued)
}

impl<T: Shape + Send + 'static> RowStream<T> {
    /// The next row; nothing after the last one.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Where the rows differed from the specification so far. Paths hold the numbers of the rows.
    #[must_use]
    pub fn warnings(&self) -> &Warnings {
        self.reader.as_ref().map_or(&self.nothing, RowReader::warnings)
    }

    /// How many bytes of the answer were held at once, at most.
    #[must_use]
    pub fn largest_held(&self) -> usize {
        self.reader.as_ref().map_or(0, RowReader::largest)
    }

    /// What the server says about the rows; known after the last one.
    #[must_use]
    pub fn metadata(&self) -> &Extra {
        &self.metadata
    }

    /// Where the next page starts, where the server sends pages; known after the last row.
    #[must_use]
    pub fn next_link(&self) -> Option<&str> {
        self.next_link.as_deref()
    }

    fn fail(&mut self, error: Error) -> Poll<Option<Result<T, Error>>> {
        self.pump = None;
        self.ended = true;
        self.last.clear();
        Poll::Ready(Some(Err(error)))
    }

    /// The body has ended as it should.
    fn finish(&mut self) {
        self.ended = true;
        let Some(reader) = &mut self.reader else { return };
        match reader.finish() {
            Ok((rows, rest)) => {
                self.last.extend(rows.into_iter().map(Ok));
                self.metadata = rest.metadata;
                self.next_link = rest.next_link;
                if let Some(queued) = rest.queued {
                    self.last.push_back(Err(not_ready(self.cx.operation(), queued)));
                }
            }
            Err(error) => self.last.push_back(Err(error)),
        }
    }
}

// Rows are moved in and out, never pinned.
impl<T> Unpin for RowStream<T> {}

impl<T: Shape + Send + 'static> Stream for RowStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if this.ended {
                return Poll::Ready(this.last.pop_front());
            }
            if let Some(reader) = &mut this.reader {
                match reader.next() {
                    Ok(Some(row)) => return Poll::Ready(Some(Ok(row))),
                    Ok(None) => {}
                    Err(error) => return this.fail(error),
                }
            }
            // The sender lives in the same task, so there is nobody to be woken by.
            match this.flow.try_recv() {
                Ok(Flow::Head(head)) => {
                    this.reader = Some(RowReader::new(head, this.cx.clone(), this.limit));
                    continue;
                }
                Ok(Flow::Chunk(chunk)) => {
                    if let Some(reader) = &mut this.reader
                        && let Err(error) = reader.feed(chunk)
                    {
                        return this.fail(error);
                    }
                    continue;
                }
                Err(TryRecvError::Disconnected) if this.pump.is_none() => {
                    if let Some(error) = this.broken.take() {
                        return this.fail(error);
                    }
                    this.finish();
                    continue;
                }
                Err(_) => {}
            }
            let Some(pump) = &mut this.pump else { return Poll::Pending };
            match pump.as_mut().poll(cx) {
                // What it sent before it ended is still to be read; the channel then says that it is closed.
                Poll::Ready(outcome) => {
                    this.pump = None;
                    this.broken = outcome.err();
                }
                Poll::Pending if this.flow.is_empty() => return Poll::Pending,
                Poll::Pending => {}
            }
        }
    }
}

impl<T> fmt::Debug for RowStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream")
            .field("operation", &self.cx.operation())
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
