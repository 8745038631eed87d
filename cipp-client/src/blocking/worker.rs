//! The thread that does the work.

use crate::Error;
use crate::error::ErrorKind;
use std::pin::Pin;
use std::sync::mpsc;
use std::thread;
use tokio::runtime::{Builder, Handle};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Something to run on the worker's thread.
type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A thread with a runtime. It ends when nobody can send it jobs any more.
///
/// Calls go to a thread of their own instead of a runtime in the caller's thread, because connections live as tasks of a runtime:
/// they must go on between calls, and serve callers from several threads.
#[derive(Clone)]
pub(super) struct Worker(UnboundedSender<Job>);

impl Worker {
    pub(super) fn start() -> Result<Self, Error> {
        let no_thread =
            |error| Error::config("blocking", "the system gives no thread for the client").with_source(error);
        let runtime = Builder::new_current_thread().enable_all().build().map_err(no_thread)?;
        let (sender, mut jobs) = unbounded_channel::<Job>();
        let work = move || {
            runtime.block_on(async move {
                while let Some(job) = jobs.recv().await {
                    // Each job is a task of its own, so that calls from several threads go on side by side.
                    drop(tokio::spawn(job));
                }
            });
        };
        thread::Builder::new().name("cipp-client".to_owned()).spawn(work).map_err(no_thread)?;
        Ok(Self(sender))
    }

    pub(super) fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T, Error> {
        if Handle::try_current().is_ok() {
            let message = "the blocking client is called inside an async runtime, where it would stop other tasks: use \
                           cipp_client::Client there and await it, or call from a thread of your own";
            return Err(Error::config("blocking", message));
        }
        let (answer, receiver) = mpsc::sync_channel(1);
        let job = async move {
            // Nobody waits any more only when the waiting thread is gone.
            let _ = answer.send(work.await);
        };
        self.0.send(Box::pin(job)).map_err(|_| {
            Error::new(ErrorKind::Cancelled, "blocking", "the client's thread has ended, so nothing was sent")
        })?;
        // Only a panic, in a transport or token provider of the caller's, drops a job before its end.
        receiver.recv().map_err(|_| {
            let message = "the work panicked in its thread: a write may or may not have been carried out";
            Error::new(ErrorKind::InDoubt, "blocking", message)
        })
    }
}
