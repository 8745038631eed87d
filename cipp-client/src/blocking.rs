//! The same calls for programs without async: each call blocks its thread until the answer is there.
//!
#![cfg_attr(feature = "users", doc = "```no_run")]
#![cfg_attr(not(feature = "users"), doc = "```ignore")]
//! # fn example() -> Result<(), cipp_client::Error> {
//! use cipp_client::blocking::Client;
//! use std::time::Duration;
//!
//! let client = Client::from_env()?;
//! let users = client.users().list("contoso.onmicrosoft.com").timeout(Duration::from_secs(60)).send()?;
//! for user in &users {
//!     println!("{:?}", user.user_principal_name);
//! }
//!
//! // What exists only for async code runs on the client's own runtime.
//! let batch = client.as_async().batch(["ListTenants", "ListLogs"].map(cipp_client::RawRequest::get));
//! let results = client.block_on(batch.collect())?;
//! # let _ = results;
//! # Ok(())
//! # }
//! ```
//!
//! Names, options and errors are those of the async [`Client`](crate::Client). Do not use it inside an async program, where
//! blocking a thread would stop every task on it: such a call is refused with an error.

use crate::client::Sealed;
use crate::error::ErrorKind;
use crate::reply::Reply;
use crate::request::Request;
use crate::{Call, Caller, ClientBuilder, Error, Response};
use std::fmt;
use std::pin::Pin;
use std::sync::mpsc;
use std::thread;
use tokio::runtime::{Builder, Handle};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// A client of one CIPP server, for programs without async.
///
/// Make one with [`Client::from_env`], [`ClientBuilder::build_blocking`] or [`Client::new`] and share it: cloning is cheap, it can
/// be used from many threads at once, and all clones use the same connections, the same token and the same limit of concurrent
/// calls. The work is done on one thread of its own, which ends with the last clone.
#[derive(Clone)]
pub struct Client {
    inner: crate::Client,
    worker: Worker,
}

impl Client {
    /// A client set up from the environment; see [`crate::Client::from_env`] for the variables.
    ///
    /// # Errors
    /// One error that names every variable that is missing, or the one that cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(crate::Client::from_env()?)
    }

    /// Starts to set a client up; [`ClientBuilder::build_blocking`] ends it. See [`crate::Client::builder`].
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        crate::Client::builder(url)
    }

    /// Makes a blocking client of an async one. Use that one no longer elsewhere: connections belong to the runtime that opened
    /// them.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(client: crate::Client) -> Result<Self, Error> {
        Ok(Self { inner: client, worker: Worker::start()? })
    }

    /// Prepares a call. Set options, then [`send`](Call::send) it.
    pub fn call<R: Request>(&self, request: R) -> Call<R, Self> {
        Call::new(self.clone(), request)
    }

    /// The async client that does the work, for what this one does not offer: prepare it there, and run it with
    /// [`block_on`](Self::block_on).
    #[must_use]
    pub fn as_async(&self) -> &crate::Client {
        &self.inner
    }

    /// What this client has done so far; see [`crate::Client::stats`].
    #[must_use]
    pub fn stats(&self) -> crate::Stats {
        self.inner.stats()
    }

    /// Runs async code on the client's own runtime, and blocks until it has ended.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] inside an async program (tasks of `spawn_blocking` included, which cannot be told apart): use
    /// [`crate::Client`] there, or a thread of your own. [`ErrorKind::InDoubt`] when the code panicked.
    pub fn block_on<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T, Error> {
        self.worker.run(work)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("blocking::Client").field(&self.inner).finish()
    }
}

impl Caller for Client {}

impl Sealed for Client {
    fn inner(&self) -> &crate::Client {
        &self.inner
    }
}

impl ClientBuilder {
    /// Checks the settings and makes a client for programs without async. Nothing is sent.
    ///
    /// # Errors
    /// When a setting cannot be used, or there is no sign-in, or the system gives no thread.
    #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
    pub fn build_blocking(self) -> Result<Client, Error> {
        Client::new(self.build()?)
    }
}

/// How the blocking client makes a call. Inside an async program each of these is refused with an error.
impl<R: Request> Call<R, Client> {
    /// Makes the call, and blocks until the answer is there.
    ///
    /// # Errors
    /// As for the async client; and as [`Client::block_on`].
    pub fn send(self) -> Result<R::Output, Error> {
        let (client, call) = self.apart();
        client.block_on(call.send())?
    }

    /// Makes the call and gives back the value together with how it was answered.
    ///
    /// # Errors
    /// As for [`send`](Self::send).
    pub fn with_meta(self) -> Result<Response<R::Output>, Error> {
        let (client, call) = self.apart();
        client.block_on(call.with_meta())?
    }

    /// Makes the call and gives back the answer as it came, whatever its status.
    ///
    /// # Errors
    /// Only when the call was not answered; and as [`Client::block_on`].
    pub fn raw(self) -> Result<Reply, Error> {
        let (client, call) = self.apart();
        client.block_on(call.raw())?
    }
}

/// Something to run on the worker's thread.
type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A thread with a runtime. It ends when nobody can send it jobs any more.
///
/// Calls go to a thread of their own instead of a runtime in the caller's thread, because connections live as tasks of a runtime:
/// they must go on between calls, and serve callers from several threads.
#[derive(Clone)]
struct Worker(UnboundedSender<Job>);

impl Worker {
    fn start() -> Result<Self, Error> {
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

    fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T, Error> {
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
