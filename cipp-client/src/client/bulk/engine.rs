//! What drives a batch: starts rows, keeps the journal, waits, and gives rows back as they end.
//!
//! All of it runs in the task that asks for the next row, so nothing goes on behind the caller's back. With a handful under way,
//! polling all of them on each wake is cheap.

use super::journal::{History, Journal};
use super::key::Keys;
use super::plan::Foreseen;
use super::row::{BatchRow, Progress, RowOutcome};
use super::run::{Context, Ended, Planned, give_up, run};
use super::server_batch::{LARGEST, takes};
use super::settings::Settings;
use crate::Error;
use crate::client::Client;
use crate::error::ErrorKind;
use crate::reply::Output;
use crate::request::Parts;
use crate::transport::BoxFuture;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, ready};
use tokio::time::{Sleep, sleep};

/// The journal, where one is kept, and what it says.
type Opened = Result<Option<(Journal, History)>, Error>;

/// A batch under way.
pub(crate) struct Engine<O> {
    context: Arc<Context>,
    /// What of the settings matters between rows.
    settings: Settings,
    rows: Vec<Option<(Planned, Result<Parts, Error>)>>,
    names: Vec<(String, Option<String>)>,
    queue: VecDeque<usize>,
    running: Vec<Running<O>>,
    ready: VecDeque<BatchRow<O>>,
    opening: Option<BoxFuture<'static, Opened>>,
    /// The rest between two portions.
    rest: Option<Pin<Box<Sleep>>>,
    /// How many rows the portion still takes.
    left: usize,
    cancelled: BoxFuture<'static, ()>,
    stopping: bool,
    /// How long rows under way are still waited for.
    grace: Option<Pin<Box<Sleep>>>,
    progress: Progress,
}

/// Rows under way: one, or those that go out together.
struct Running<O> {
    rows: Vec<Planned>,
    future: BoxFuture<'static, Vec<Ended<O>>>,
}

impl<O: Output> Engine<O> {
    pub(crate) fn new(client: Client, rows: Vec<(Result<Parts, Error>, Option<String>)>, settings: Settings) -> Self {
        let mut keys = Keys::default();
        let mut names = Vec::with_capacity(rows.len());
        let rows: Vec<_> = rows
            .into_iter()
            .enumerate()
            .map(|(index, (parts, label))| {
                let key = parts.as_ref().map_or_else(|_| String::new(), |parts| keys.of(parts, label.as_deref()));
                names.push((key.clone(), label.clone()));
                Some((Planned::new(index, key, label, &parts, &settings.options), parts))
            })
            .collect();
        let opening: BoxFuture<'static, _> = match &settings.journal {
            None => Box::pin(std::future::ready(Ok(None))),
            Some(path) => {
                let opening = Journal::open(path.clone(), settings.resume, client.0.base.to_string());
                Box::pin(async move { opening.await.map(Some) })
            }
        };
        let progress = Progress { total: rows.len(), ..Progress::default() };
        Self {
            context: Arc::new(Context::new(client, &settings)),
            rows,
            names,
            queue: VecDeque::new(),
            running: Vec::new(),
            ready: VecDeque::new(),
            opening: Some(opening),
            rest: None,
            left: settings.size,
            cancelled: settings.handle.cancelled(),
            stopping: false,
            grace: None,
            progress,
            settings,
        }
    }

    /// How far it has come.
    pub(crate) fn progress(&self) -> Progress {
        self.progress
    }

    /// The next row that has ended; `None` when there is none left.
    pub(crate) fn poll_next(&mut self, cx: &mut task::Context<'_>) -> Poll<Option<BatchRow<O>>> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Poll::Ready(Some(row));
            }
            if let Some(opening) = &mut self.opening {
                let opened = ready!(opening.as_mut().poll(cx));
                self.opening = None;
                self.begin(opened);
                continue;
            }
            if !self.stopping && (self.cancelled.as_mut().poll(cx).is_ready() || self.context.is_broken()) {
                self.stopping = true;
                self.rest = None;
                self.grace = Some(Box::pin(sleep(self.settings.stop_within)));
            }
            if self.stopping && !self.queue.is_empty() {
                for index in std::mem::take(&mut self.queue) {
                    let outcome = self.context.broken().map_or(RowOutcome::NotStarted, RowOutcome::Failed);
                    self.end(index, outcome, false);
                }
                continue;
            }
            self.start(cx);
            if self.poll_running(cx) {
                continue;
            }
            if self.running.is_empty() && self.queue.is_empty() {
                return Poll::Ready(None);
            }
            if let Some(grace) = &mut self.grace
                && grace.as_mut().poll(cx).is_ready()
            {
                self.grace = None;
                let rows = self.running.drain(..).flat_map(|running| running.rows).collect();
                self.running.push(Running { rows: Vec::new(), future: give_up(Arc::clone(&self.context), rows) });
                continue;
            }
            return Poll::Pending;
        }
    }

    /// Sorts the rows by what the journal says about them.
    fn begin(&mut self, opened: Opened) {
        let (history, unusable) = match opened {
            Ok(None) => (History::new(), None),
            Ok(Some((journal, history))) => {
                self.context.keep(journal);
                (history, None)
            }
            Err(error) => (History::new(), Some(error)),
        };
        for index in 0..self.rows.len() {
            let Some(Some((row, parts))) = self.rows.get(index) else { continue };
            let outcome = match (parts, row.foreseen(&history, self.settings.repeat_in_doubt)) {
                (Err(error), _) => Some(RowOutcome::Failed(error.clone())),
                (Ok(_), _) if unusable.is_some() => unusable.clone().map(RowOutcome::Failed),
                (Ok(_), Foreseen::AlreadyDone) => Some(RowOutcome::AlreadyDone),
                (Ok(parts), Foreseen::InDoubt) => {
                    let message = "an earlier run started this and did not see it end well: it may or may not have been \
                                   carried out, wholly or in part; look at what it should have changed before you repeat it";
                    Some(RowOutcome::InDoubt(Error::new(ErrorKind::InDoubt, &parts.operation, message)))
                }
                (Ok(_), Foreseen::Sent) => None,
            };
            match outcome {
                Some(outcome) => {
                    if let Some(row) = self.rows.get_mut(index) {
                        *row = None;
                    }
                    self.end(index, outcome, false);
                }
                None => self.queue.push_back(index),
            }
        }
    }

    fn start(&mut self, cx: &mut task::Context<'_>) {
        let limit = self.settings.concurrency.unwrap_or(self.context.client.0.concurrency).max(1);
        while !self.stopping && !self.queue.is_empty() && self.running.len() < limit {
            if self.left == 0 {
                // The portion is full; the next one starts when it has ended and the rest is over.
                if !self.running.is_empty() {
                    return;
                }
                let rest = self.rest.get_or_insert_with(|| Box::pin(sleep(self.settings.interval)));
                if !self.settings.interval.is_zero() && rest.as_mut().poll(cx).is_pending() {
                    return;
                }
                self.rest = None;
                self.left = self.settings.size;
            }
            let (rows, parts) = self.next_rows();
            self.left = self.left.saturating_sub(rows.len());
            self.progress.running += rows.len();
            self.report();
            let future = run(Arc::clone(&self.context), rows.clone(), parts);
            self.running.push(Running { rows, future });
        }
    }

    /// The next row, and those behind it that go out with it.
    fn next_rows(&mut self) -> (Vec<Planned>, Vec<Parts>) {
        let mut rows = Vec::new();
        let mut all_parts = Vec::new();
        let most = if self.settings.server_batch { LARGEST.min(self.left) } else { 1 };
        while let Some(index) = self.queue.front().copied().filter(|_| rows.len() < most) {
            let Some(place) = self.rows.get_mut(index) else { break };
            let together = matches!(place, Some((_, Ok(parts))) if takes(parts));
            if !rows.is_empty() && !together {
                break;
            }
            self.queue.pop_front();
            if let Some((row, Ok(parts))) = place.take() {
                rows.push(row);
                all_parts.push(parts);
            }
            if !together {
                break;
            }
        }
        (rows, all_parts)
    }

    /// Moves rows on; tells whether some ended.
    fn poll_running(&mut self, cx: &mut task::Context<'_>) -> bool {
        let mut ended = Vec::new();
        self.running.retain_mut(|running| match running.future.as_mut().poll(cx) {
            Poll::Pending => true,
            Poll::Ready(rows) => {
                ended.extend(rows);
                false
            }
        });
        let some = !ended.is_empty();
        for row in ended {
            self.progress.running = self.progress.running.saturating_sub(1);
            self.end(row.index, row.outcome, row.partly_failed);
        }
        some
    }

    fn end(&mut self, index: usize, outcome: RowOutcome<O>, partly_failed: bool) {
        if partly_failed {
            self.progress.failed += 1;
        } else {
            self.progress.count(&outcome);
        }
        self.report();
        let (key, label) = self.names.get_mut(index).map(std::mem::take).unwrap_or_default();
        self.ready.push_back(BatchRow { index, key, label, outcome });
    }

    fn report(&self) {
        if let Some(report) = &self.settings.progress {
            report(&self.progress);
        }
    }
}
