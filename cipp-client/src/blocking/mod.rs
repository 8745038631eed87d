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
//! // Streams are iterators here, and `with` sets the options of what is more than one call.
//! for user in client.users().list("contoso.onmicrosoft.com").stream() {
//!     println!("{:?}", user?.user_principal_name);
//! }
//! let requests = ["ListTenants", "ListLogs"].map(cipp_client::RawRequest::get);
//! let results = client.batch(requests).with(|batch| batch.concurrency(2)).collect()?;
//! # let _ = results;
//! # Ok(())
//! # }
//! ```
//!
//! Names, options and errors are those of the async [`Client`](crate::Client). Do not use it inside an async program, where
//! blocking a thread would stop every task on it: such a call is refused with an error.

mod call;
mod several;
mod work;
mod worker;

pub use work::Blocking;

use crate::client::Sealed;
use crate::request::Request;
use crate::{Call, Caller, ClientBuilder, Error};
use std::fmt;
use worker::Worker;

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
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) inside an async program (tasks of `spawn_blocking` included, which cannot be told apart): use
    /// [`crate::Client`] there, or a thread of your own. [`ErrorKind::InDoubt`](crate::ErrorKind::InDoubt) when the code panicked.
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
