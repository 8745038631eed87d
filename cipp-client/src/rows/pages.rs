//! Page by page, by the server's own means.

use crate::Error;
use crate::client::{Call, CallOptions, Client};
use crate::error::ErrorKind;
use crate::reply::{DecodeContext, Listing, Output, Reply, Rows};
use crate::request::{Paging, Parts, Request};
use crate::transport::BoxFuture;
use futures_core::Stream;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

/// More pages than any list has; a server that sends more goes round in circles.
const MAX_PAGES: usize = 10_000;

/// The pages of a list, one call each; from [`Call::pages`]. A stream of [`Listing`]s.
///
/// What the server sends as the start of the next page goes back to the same action as a value, whatever it is: it is never an
/// address to call. A page that starts where an earlier one did is an error, and so is a list that is longer than the limits.
/// After an error the stream ends.
#[must_use = "streams do nothing until they are polled"]
pub struct Pages<T> {
    state: Result<State, Option<Error>>,
    row: PhantomData<fn() -> T>,
}

struct State {
    client: Client,
    parts: Parts,
    options: CallOptions,
    cx: DecodeContext,
    paging: Option<Paging>,
    running: Option<BoxFuture<'static, Result<Reply, Error>>>,
    seen: HashSet<String>,
    pages: usize,
    rows: usize,
    max_pages: usize,
    max_rows: usize,
}

impl<R: Request<Output: Rows>> Call<R> {
    /// Prepares to ask for a list page by page. How the next page is asked for is said by the specification, or by
    /// [`RawRequest::paging`](crate::RawRequest::paging).
    ///
    /// ```no_run
    /// # async fn example(client: cipp_client::Client) -> Result<(), cipp_client::Error> {
    /// use cipp_client::RawRequest;
    ///
    /// let request = RawRequest::get("ListGraphRequest")
    ///     .query("tenantFilter", "contoso.onmicrosoft.com")
    ///     .query("Endpoint", "users")
    ///     .paging("nextLink", [("manualPagination", true)]);
    /// let mut pages = client.call(request).pages();
    /// while let Some(page) = pages.next().await {
    ///     println!("{} rows", page?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages(self) -> Pages<<R::Output as Rows>::Row> {
        let state = self.into_parts().map(|(client, mut parts, options, cx)| {
            let paging = parts.paging();
            for (name, value) in paging.iter().flat_map(|paging| &paging.with) {
                parts.set(paging.as_ref().is_some_and(|paging| paging.in_query), name, value);
            }
            State {
                client,
                parts,
                options,
                cx,
                paging,
                running: None,
                seen: HashSet::new(),
                pages: 0,
                rows: 0,
                max_pages: MAX_PAGES,
                max_rows: usize::MAX,
            }
        });
        Pages { state: state.map_err(Some), row: PhantomData }
    }

    /// Prepares to ask for a list page by page, and to give its rows one by one; see [`pages`](Self::pages).
    pub fn rows(self) -> PageRows<<R::Output as Rows>::Row> {
        PageRows { pages: self.pages(), rows: Vec::new().into_iter() }
    }
}

/// Where the next page starts, or nothing after the last one.
enum Next {
    Page,
    End,
}

impl State {
    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, &self.parts.operation, message)
    }

    /// Looks at a page, and prepares for the one after it.
    fn turn(&mut self, rows: usize, link: Option<&str>) -> Result<Next, Error> {
        self.pages += 1;
        self.rows = self.rows.saturating_add(rows);
        if self.rows > self.max_rows {
            return Err(self.error(ErrorKind::Body, format!("the list has more than {} rows", self.max_rows)));
        }
        let Some(link) = link else { return Ok(Next::End) };
        self.follow(link)?;
        if self.pages >= self.max_pages {
            return Err(self.error(ErrorKind::Body, format!("the list has more than {} pages", self.max_pages)));
        }
        Ok(Next::Page)
    }

    /// Prepares for the page that starts there.
    fn follow(&mut self, link: &str) -> Result<(), Error> {
        let Some(paging) = self.paging.clone() else {
            let message = "there is a next page, and the specification does not say how it is asked for: use a RawRequest \
                           with paging(..)";
            return Err(self.error(ErrorKind::Config, message));
        };
        if !self.seen.insert(link.to_owned()) {
            let message =
                format!("page {} starts where an earlier page did: the server repeats itself", self.pages + 1);
            return Err(self.error(ErrorKind::Body, message));
        }
        self.parts.set(paging.in_query, &paging.next, &Value::from(link));
        Ok(())
    }
}

impl<T> Pages<T> {
    /// Begins where an earlier run stopped: with the page that starts at the [`next_link`](Listing::next_link) of its last one. The
    /// request must be the same.
    pub fn after(mut self, link: &str) -> Self {
        if let Ok(state) = &mut self.state
            && let Err(error) = state.follow(link)
        {
            self.state = Err(Some(error));
        }
        self
    }

    /// How many pages the list may have; more are an error. The default is 10,000.
    pub fn max_pages(mut self, pages: usize) -> Self {
        if let Ok(state) = &mut self.state {
            state.max_pages = pages;
        }
        self
    }

    /// How many rows the list may have in all; more are an error. There is no default.
    pub fn max_rows(mut self, rows: usize) -> Self {
        if let Ok(state) = &mut self.state {
            state.max_rows = rows;
        }
        self
    }
}

impl<T: crate::model::Shape + Send + 'static> Pages<T> {
    /// The next page; nothing after the last one.
    pub async fn next(&mut self) -> Option<Result<Listing<T>, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<T: crate::model::Shape + Send + 'static> Stream for Pages<T> {
    type Item = Result<Listing<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let state = match &mut self.state {
            Ok(state) => state,
            Err(error) => return Poll::Ready(error.take().map(Err)),
        };
        let State { client, parts, options, running, .. } = &mut *state;
        let call = running.get_or_insert_with(|| client.execute(parts.clone(), options.clone()));
        let Poll::Ready(reply) = call.as_mut().poll(cx) else { return Poll::Pending };
        *running = None;
        let page = reply.and_then(|reply| Listing::<T>::decode(&reply, &state.cx)).map(|(page, _)| page);
        match page.map(|page| (state.turn(page.len(), page.next_link.as_deref()), page)) {
            Ok((Ok(Next::Page), page)) => Poll::Ready(Some(Ok(page))),
            Ok((Ok(Next::End), page)) => {
                self.state = Err(None);
                Poll::Ready(Some(Ok(page)))
            }
            // The page itself is good; what is wrong comes after it.
            Ok((Err(error), page)) => {
                self.state = Err(Some(error));
                Poll::Ready(Some(Ok(page)))
            }
            Err(error) => {
                self.state = Err(None);
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Pages");
        if let Ok(state) = &self.state {
            out.field("parts", &state.parts).field("pages", &state.pages);
        }
        out.finish_non_exhaustive()
    }
}

/// The rows of a list that is asked for page by page; from [`Call::rows`]. A stream of rows.
///
/// Rows that are still being collected are an error ([`ErrorKind::NotReady`]), not an empty list: use
/// [`Call::wait`](crate::Call::wait) for those.
#[must_use = "streams do nothing until they are polled"]
pub struct PageRows<T> {
    pages: Pages<T>,
    rows: std::vec::IntoIter<T>,
}

impl<T> PageRows<T> {
    /// How many pages the list may have; more are an error. The default is 10,000.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// How many rows the list may have in all; more are an error. There is no default.
    pub fn max_rows(mut self, rows: usize) -> Self {
        self.pages = self.pages.max_rows(rows);
        self
    }
}

impl<T: crate::model::Shape + Send + 'static> PageRows<T> {
    /// The next row; nothing after the last one.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

// Rows are moved in and out, never pinned.
impl<T> Unpin for PageRows<T> {}

impl<T: crate::model::Shape + Send + 'static> Stream for PageRows<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            let operation = self.pages.state.as_ref().map(|state| state.parts.operation.clone()).unwrap_or_default();
            match Pin::new(&mut self.pages).poll_next(cx) {
                Poll::Ready(Some(Ok(page))) => match page.queued {
                    Some(queued) => {
                        self.pages.state = Err(Some(super::stream::not_ready(&operation, queued)));
                        self.rows = page.items.into_iter();
                    }
                    None => self.rows = page.items.into_iter(),
                },
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<T> fmt::Debug for PageRows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageRows").field("pages", &self.pages).finish_non_exhaustive()
    }
}
