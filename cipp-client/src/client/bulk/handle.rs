//! Stopping a batch from elsewhere.

use crate::transport::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// Stops a batch from another task, such as one that waits for Ctrl-C. Made by [`Batch::handle`](crate::Batch::handle).
#[derive(Debug, Clone, Default)]
pub struct BatchHandle(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    cancelled: AtomicBool,
    changed: Notify,
}

impl BatchHandle {
    /// Starts no more rows. Those under way are waited for up to the batch's limit; after it they are given up, and a write that
    /// the server may have seen is reported as in doubt. It is not undone by anything.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }

    /// Whether the batch was stopped.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// Ends when the batch is stopped.
    pub(crate) fn cancelled(&self) -> BoxFuture<'static, ()> {
        let handle = self.clone();
        Box::pin(async move {
            loop {
                let mut changed = std::pin::pin!(handle.0.changed.notified());
                // From here on nothing is missed.
                changed.as_mut().enable();
                if handle.is_cancelled() {
                    return;
                }
                changed.await;
            }
        })
    }
}
