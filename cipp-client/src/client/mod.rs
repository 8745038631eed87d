//! The client: what it is set up with, and the ways to call with it.

mod address;
mod batch;
mod builder;
mod bulk;
mod call;
mod caller;
mod dry_run;
mod each_tenant;
mod execute;
mod headers;
mod html;
mod retry;
mod sign_in;
mod stats;
mod status;
mod throttle;
mod trace;
mod watch;
mod wire;

pub(crate) use address::{check_url, is_loopback};
pub use batch::{Batch, BatchRows};
pub use builder::ClientBuilder;
pub use bulk::{BatchHandle, BatchPlan, BatchRow, JournalSync, Progress, RowOutcome};
pub(crate) use call::CallOptions;
pub use call::{Call, CallFuture, Meta, Response};
pub use caller::Caller;
#[cfg(feature = "blocking")]
pub(crate) use caller::sealed::Sealed;
pub use dry_run::DryRun;
pub use each_tenant::{EachTenant, TenantReport, TenantResult, TenantRow, TenantRows};
pub(crate) use execute::Flow;
pub(crate) use headers::check_header;
pub(crate) use html::{is_html, media_type, words};
pub use retry::RetryPolicy;
pub(crate) use retry::{date, retry_after};
pub(crate) use stats::Counters;
pub use stats::Stats;
pub(crate) use trace::token as trace_token;

use crate::Error;
use crate::auth::TokenCache;
use crate::request::{Parts, Request};
use crate::transport::{Transport, WireRequest};
use http::HeaderMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use url::Url;

/// What the client calls itself.
pub(crate) const USER_AGENT: &str = concat!("cipp-client/", env!("CARGO_PKG_VERSION"));

/// A client of one CIPP server.
///
/// Make one with [`Client::builder`] or [`Client::from_env`] and share it: cloning is cheap, and all clones use the same
/// connections, the same token and the same limit of concurrent calls. It needs a tokio runtime with time and IO enabled.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Shared>);

/// What all clones of a client share.
pub(crate) struct Shared {
    pub(crate) base: Url,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) tokens: TokenCache,
    pub(crate) throttle: throttle::Throttle,
    pub(crate) concurrency: usize,
    pub(crate) timeout: Duration,
    pub(crate) headers: HeaderMap,
    pub(crate) max_body: usize,
    pub(crate) strict: bool,
    pub(crate) retry: RetryPolicy,
    /// The server was asked for its own batch, and has none.
    pub(crate) no_server_batch: AtomicBool,
    pub(crate) counters: Counters,
}

impl Client {
    /// Starts to set a client up. `url` is the address of the server's API, as CIPP > Integrations > CIPP-API shows it, with or
    /// without `/api` at its end. It is not the address of the portal, unless both are one.
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(url)
    }

    /// A client set up from the environment.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `CIPP_URL` | address of the server's API; required |
    /// | `CIPP_TENANT_ID`, `CIPP_CLIENT_ID`, `CIPP_CLIENT_SECRET` | the sign-in; required, unless one of the following is set |
    /// | `CIPP_CLIENT_CERTIFICATE` | path of a PEM file with certificate and key, in place of the secret (feature `certificate`) |
    /// | `CIPP_FEDERATED_TOKEN_FILE` | path of a federated identity's token, in place of the secret |
    /// | `AZURE_FEDERATED_TOKEN_FILE`, `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_AUTHORITY_HOST` | the same, as Azure's workload identity sets them; a variable of ours wins over its twin |
    /// | `CIPP_TOKEN` | a token that was got elsewhere, in place of the sign-in |
    /// | `CIPP_AUTHORITY`, `CIPP_SCOPE` | see [`ClientBuilder::authority`] and [`ClientBuilder::scope`] |
    /// | `CIPP_TIMEOUT` | time for a call, in seconds |
    /// | `CIPP_PROXY` | see [`ClientBuilder::proxy`] |
    ///
    /// # Errors
    /// One error that names every variable that is missing, or the one that cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_vars(|name| std::env::var(name).ok())?.build()
    }

    /// Prepares a call. Await it, or set options first; see [`Call`].
    pub fn call<R: Request>(&self, request: R) -> Call<R> {
        Call::new(self.clone(), request)
    }

    /// Prepares many calls of one kind; see [`Batch`].
    pub fn batch<R: Request>(&self, requests: impl IntoIterator<Item = R>) -> Batch<R> {
        Batch::new(self.clone(), requests.into_iter().collect())
    }

    /// Prepares one call for each tenant; see [`EachTenant`].
    ///
    /// ```no_run
    /// # async fn example(client: cipp_client::Client) {
    /// use cipp_client::RawRequest;
    ///
    /// let tenants = ["contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com"];
    /// let report = client
    ///     .for_each_tenant(tenants, |tenant| RawRequest::get("ListUsers").query("tenantFilter", tenant))
    ///     .concurrency(8)
    ///     .collect()
    ///     .await;
    /// for (tenant, error) in report.failed() {
    ///     eprintln!("{tenant}: {error}");
    /// }
    /// # }
    /// ```
    pub fn for_each_tenant<T: Clone, R: Request>(
        &self,
        tenants: impl IntoIterator<Item = T>,
        request: impl FnMut(T) -> R,
    ) -> EachTenant<T, R> {
        EachTenant::new(self.clone(), tenants, request)
    }

    /// The address of the server, without `/api`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0.base
    }

    /// What this client and its clones have done so far: counters that cost next to nothing and are always on.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.0.counters.read(self.0.tokens.requests())
    }

    pub(crate) fn wire(&self, parts: &Parts, options: &CallOptions) -> Result<WireRequest, Error> {
        wire::wire(&self.0, parts, options)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &*self.0;
        f.debug_struct("Client")
            .field("url", &shared.base.as_str())
            .field("sign_in", &shared.tokens)
            .field("transport", &shared.transport)
            .field("timeout", &shared.timeout)
            .field("concurrency", &shared.concurrency)
            .field("strict", &shared.strict)
            .finish_non_exhaustive()
    }
}
