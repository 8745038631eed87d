//! One row, or a few that go out together: noted, sent, read, noted again.

use super::journal::{Entry, History, Journal, JournalSync, RowState};
use super::plan::Foreseen;
use super::row::RowOutcome;
use super::server_batch;
use super::settings::Settings;
use crate::Error;
use crate::catalogue::Kind;
use crate::client::{CallOptions, Client};
use crate::error::ErrorKind;
use crate::reply::{Output, Reply};
use crate::request::Parts;
use crate::transport::BoxFuture;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// What all rows of a batch share.
pub(crate) struct Context {
    pub(crate) client: Client,
    options: CallOptions,
    sync: JournalSync,
    journal: OnceLock<Journal>,
    /// Why the journal cannot be written any more.
    broken: OnceLock<Error>,
}

/// A row that is to be sent, without what is sent.
#[derive(Clone)]
pub(crate) struct Planned {
    pub(crate) index: usize,
    pub(crate) key: String,
    label: Option<String>,
    operation: String,
    /// Whether doing it twice is harmless.
    pub(crate) repeatable: bool,
    /// Set while the server may have seen it and has not answered.
    under_way: Arc<AtomicBool>,
}

/// A row that has ended.
pub(crate) struct Ended<O> {
    pub(crate) index: usize,
    pub(crate) outcome: RowOutcome<O>,
    /// It was answered, and the answer tells of failures.
    pub(crate) partly_failed: bool,
}

impl Context {
    pub(crate) fn new(client: Client, settings: &Settings) -> Self {
        Self {
            client,
            options: settings.options.clone(),
            sync: settings.sync,
            journal: OnceLock::new(),
            broken: OnceLock::new(),
        }
    }

    pub(crate) fn keep(&self, journal: Journal) {
        // It is opened once.
        let _ = self.journal.set(journal);
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.broken.get().is_some()
    }

    /// Why rows cannot be noted any more, and so are not sent.
    pub(crate) fn broken(&self) -> Option<Error> {
        self.broken.get().cloned()
    }

    async fn note(&self, entries: Vec<Entry>, sync: bool) -> Result<(), Error> {
        let Some(journal) = self.journal.get().filter(|_| !entries.is_empty()) else { return Ok(()) };
        let noted = journal.add(entries, sync).await;
        if let Err(error) = &noted {
            // The first reason is the one that tells.
            let _ = self.broken.set(error.clone());
        }
        noted
    }
}

impl Planned {
    pub(crate) fn new(
        index: usize,
        key: String,
        label: Option<String>,
        parts: &Result<Parts, Error>,
        options: &CallOptions,
    ) -> Self {
        let (operation, read) = match parts {
            Ok(parts) => (parts.operation.clone(), parts.kind == Kind::Read),
            Err(error) => (error.operation().to_owned(), false),
        };
        let repeatable = options.idempotent.unwrap_or(read);
        Self { index, key, label, operation, repeatable, under_way: Arc::default() }
    }

    /// What becomes of it in a run that goes on with this history.
    pub(crate) fn foreseen(&self, history: &History, repeat_in_doubt: bool) -> Foreseen {
        match history.get(&self.key) {
            Some(RowState::Done) => Foreseen::AlreadyDone,
            Some(RowState::Started | RowState::InDoubt) if !self.repeatable && !repeat_in_doubt => Foreseen::InDoubt,
            _ => Foreseen::Sent,
        }
    }

    fn entry(&self, state: RowState, error: Option<String>) -> Entry {
        Entry { key: self.key.clone(), label: self.label.clone(), operation: self.operation.clone(), state, error }
    }
}

/// Makes the calls, and keeps the journal around them.
pub(crate) fn run<O: Output>(
    context: Arc<Context>,
    rows: Vec<Planned>,
    parts: Vec<Parts>,
) -> BoxFuture<'static, Vec<Ended<O>>> {
    Box::pin(async move {
        let readers: Vec<_> =
            parts.iter().map(|parts| context.client.decode_context(parts, &context.options)).collect();
        let replies = exchange(&context, &rows, parts).await;
        let mut ended = Vec::with_capacity(rows.len());
        let mut entries = Vec::with_capacity(rows.len());
        for ((row, cx), reply) in rows.iter().zip(&readers).zip(replies) {
            let result = reply.and_then(|reply| O::decode(&reply, cx).map(|(value, _)| value));
            let (end, entry) = sort(row, result);
            ended.push(end);
            entries.push(entry);
        }
        // What came of the rows is true whether it can be noted or not; that it cannot stops the rows behind them.
        let _ = context.note(entries, must_sync(&context, &rows)).await;
        ended
    })
}

/// What does not depend on the type of the answer.
fn exchange<'c>(
    context: &'c Context,
    rows: &'c [Planned],
    mut parts: Vec<Parts>,
) -> BoxFuture<'c, Vec<Result<Reply, Error>>> {
    Box::pin(async move {
        let entries = rows.iter().map(|row| row.entry(RowState::Started, None)).collect();
        if let Err(error) = context.note(entries, must_sync(context, rows)).await {
            return rows.iter().map(|_| Err(error.clone())).collect();
        }
        let mut options = context.options.clone();
        options.under_way = rows.first().map(|row| Arc::clone(&row.under_way));
        match parts.len() {
            1 => match parts.pop() {
                Some(parts) => vec![context.client.execute(parts, options).await],
                None => Vec::new(),
            },
            _ => server_batch::fetch(context.client.clone(), parts, options).await,
        }
    })
}

fn must_sync(context: &Context, rows: &[Planned]) -> bool {
    match context.sync {
        JournalSync::Always => true,
        JournalSync::Writes => rows.iter().any(|row| !row.repeatable),
        JournalSync::Never => false,
    }
}

/// What a row has come to, for the caller and for the journal.
fn sort<O: Output>(row: &Planned, result: Result<O, Error>) -> (Ended<O>, Entry) {
    let (outcome, entry, partly_failed) = match result {
        Ok(value) => {
            let (failed, all) = value.failed_parts();
            let told = || Some(format!("{failed} of {all} parts failed"));
            let entry = match failed {
                0 => row.entry(RowState::Done, None),
                _ if failed >= all => row.entry(RowState::Failed, told()),
                // Doing all of it again would do a part of it twice.
                _ => row.entry(RowState::InDoubt, told()),
            };
            (RowOutcome::Done(value), entry, failed > 0)
        }
        // An answer that cannot be read says nothing about what was done.
        Err(error)
            if error.is_in_doubt()
                || !row.repeatable && matches!(error.kind(), ErrorKind::Decode | ErrorKind::Body) =>
        {
            let entry = row.entry(RowState::InDoubt, Some(short(&error)));
            (RowOutcome::InDoubt(error), entry, false)
        }
        Err(error) => {
            let entry = row.entry(RowState::Failed, Some(short(&error)));
            (RowOutcome::Failed(error), entry, false)
        }
    };
    (Ended { index: row.index, outcome, partly_failed }, entry)
}

/// An error for the journal: what kind, and the status. The server's words stay out: they may repeat a password.
fn short(error: &Error) -> String {
    match error.status() {
        Some(status) => format!("{:?}, HTTP {}", error.kind(), status.as_u16()),
        None => format!("{:?}", error.kind()),
    }
}

/// Ends rows whose time is up. Their futures are gone; what the server may have seen of them is in doubt.
pub(crate) fn give_up<O: Output>(context: Arc<Context>, rows: Vec<Planned>) -> BoxFuture<'static, Vec<Ended<O>>> {
    Box::pin(async move {
        let mut entries = Vec::new();
        let mut ended = Vec::new();
        for row in &rows {
            // Of rows that go out together, the first one's mark stands for all; those are reads.
            let seen = row.under_way.load(Ordering::SeqCst);
            let (outcome, state) = match (row.repeatable, seen) {
                (true, _) => {
                    let message = "the batch was stopped before the answer came";
                    (RowOutcome::Failed(Error::new(ErrorKind::Cancelled, &row.operation, message)), RowState::Failed)
                }
                (false, true) => {
                    let message = "the batch was stopped while this was under way: it may or may not have been carried \
                                   out; look at what it should have changed, or at CIPP's log, before you repeat it";
                    (RowOutcome::InDoubt(Error::new(ErrorKind::InDoubt, &row.operation, message)), RowState::InDoubt)
                }
                (false, false) => (RowOutcome::NotStarted, RowState::Failed),
            };
            entries.push(row.entry(state, Some("stopped".to_owned())));
            ended.push(Ended { index: row.index, outcome, partly_failed: false });
        }
        // The lines that say "started" remain, and leave the rows in doubt: that errs on the safe side.
        let _ = context.note(entries, must_sync(&context, &rows)).await;
        ended
    })
}
