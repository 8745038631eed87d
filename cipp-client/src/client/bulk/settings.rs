//! The options of a batch.

use super::handle::BatchHandle;
use super::journal::JournalSync;
use super::row::Progress;
use crate::client::CallOptions;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long rows under way are waited for after a batch was stopped.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// What is called as rows start and end.
pub(crate) type Watcher = Arc<dyn Fn(&Progress) + Send + Sync>;

/// The options that batches and calls for each tenant share.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) size: usize,
    pub(crate) interval: Duration,
    pub(crate) concurrency: Option<usize>,
    pub(crate) progress: Option<Watcher>,
    pub(crate) handle: BatchHandle,
    pub(crate) stop_within: Duration,
    pub(crate) journal: Option<PathBuf>,
    pub(crate) resume: bool,
    pub(crate) repeat_in_doubt: bool,
    pub(crate) sync: JournalSync,
    pub(crate) server_batch: bool,
    pub(crate) options: CallOptions,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            size: usize::MAX,
            interval: Duration::ZERO,
            concurrency: None,
            progress: None,
            handle: BatchHandle::default(),
            stop_within: STOP_WITHIN,
            journal: None,
            resume: false,
            repeat_in_doubt: false,
            sync: JournalSync::default(),
            server_batch: false,
            options: CallOptions::default(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("size", &self.size)
            .field("interval", &self.interval)
            .field("concurrency", &self.concurrency)
            .field("journal", &self.journal)
            .field("resume", &self.resume)
            .field("server_batch", &self.server_batch)
            .finish_non_exhaustive()
    }
}

/// The methods that set them, for a type with a field `settings`, there or in the fields named.
macro_rules! bulk_settings {
    ($($field:ident)?) => {
        /// How many calls make one portion. The next portion starts when all calls of the last one have ended and the
        /// [interval](Self::interval) is over. Without this, all calls are one portion.
        pub fn size(mut self, calls: usize) -> Self {
            self.$($field.)?settings.size = calls.max(1);
            self
        }

        /// How long to rest between two portions.
        pub fn interval(mut self, rest: Duration) -> Self {
            self.$($field.)?settings.interval = rest;
            self
        }

        /// How many calls are under way at once. The default is the client's limit, which holds in any case.
        pub fn concurrency(mut self, calls: usize) -> Self {
            self.$($field.)?settings.concurrency = Some(calls.max(1));
            self
        }

        /// Limits the time for each call, repeats included, in place of the client's limit.
        pub fn timeout(mut self, timeout: Duration) -> Self {
            self.$($field.)?settings.options.timeout = Some(timeout);
            self
        }

        /// When each call is repeated, in place of the client's policy.
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.$($field.)?settings.options.retry = Some(policy);
            self
        }

        /// Whether doing a row twice is harmless; see [`Call::idempotent`](crate::Call::idempotent). Rows that a journal left in
        /// doubt are then repeated.
        pub fn idempotent(mut self, idempotent: bool) -> Self {
            self.$($field.)?settings.options.idempotent = Some(idempotent);
            self
        }

        /// Called whenever a row starts or ends, from the task that drives the rows; it must not block.
        pub fn on_progress(mut self, callback: impl Fn(&$crate::Progress) + Send + Sync + 'static) -> Self {
            self.$($field.)?settings.progress = Some(std::sync::Arc::new(callback));
            self
        }

        /// A handle that stops the rows from elsewhere.
        #[must_use]
        pub fn handle(&self) -> $crate::BatchHandle {
            self.$($field.)?settings.handle.clone()
        }

        /// How long rows under way are waited for after the handle stopped the batch. The default is 10 s.
        pub fn stop_within(mut self, time: Duration) -> Self {
            self.$($field.)?settings.stop_within = time;
            self
        }

        /// Keeps a new journal at this path: one line of JSON when a row starts and one when it ends, with a hash of the request,
        /// the label, the state and the kind of an error; never a secret, nor anything of the answer. A file that is there already
        /// is not overwritten: every row then fails with an error of kind [`Config`](crate::ErrorKind::Config).
        ///
        /// A row is sent only after its first line is written, and counts as ended only after its last one is. When the journal
        /// cannot be written, no further row is sent.
        pub fn journal(mut self, path: impl Into<std::path::PathBuf>) -> Self {
            self.$($field.)?settings.journal = Some(path.into());
            self.$($field.)?settings.resume = false;
            self
        }

        /// Goes on with the journal at this path, or begins one. Rows that it calls done are skipped. Reads, and rows that failed,
        /// are sent again. Writes that were started and of which it knows no end are reported as in doubt, unless
        /// [`repeat_in_doubt`](Self::repeat_in_doubt) says otherwise.
        ///
        /// Rows are known by what they send, without secrets, and by their label: rows may be added, left out and reordered.
        /// Only one program may use a journal at a time; nothing enforces that.
        pub fn resume(mut self, path: impl Into<std::path::PathBuf>) -> Self {
            self.$($field.)?settings.journal = Some(path.into());
            self.$($field.)?settings.resume = true;
            self
        }

        /// Whether [`resume`](Self::resume) sends writes again that may have been carried out already. Off by default.
        pub fn repeat_in_doubt(mut self, repeat: bool) -> Self {
            self.$($field.)?settings.repeat_in_doubt = repeat;
            self
        }

        /// When the journal is forced to the disk. By default for writes only.
        pub fn journal_sync(mut self, sync: $crate::JournalSync) -> Self {
            self.$($field.)?settings.sync = sync;
            self
        }

        /// Whether reads go out twenty at a time in one request, where the server can do that. It works on ten of them at once, so
        /// this saves round trips and not work. Off by default.
        ///
        /// A server that does not know it is asked once; then, and where one part of it fails for a while, calls go out one by one.
        pub fn server_batch(mut self, server_batch: bool) -> Self {
            self.$($field.)?settings.server_batch = server_batch;
            self
        }
    };
}
pub(crate) use bulk_settings;
