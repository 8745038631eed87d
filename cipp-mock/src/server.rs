//! The server as a test holds it.

use crate::auth::Credentials;
use crate::expect::{self, Expectation, Expected, Unmet};
use crate::fault::Fault;
use crate::quirk::Quirk;
use crate::record::Recorded;
use crate::scheduler;
use crate::state::Shared;
use cipp_client::{Client, ClientBuilder, Described};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod builder;

pub use builder::MockServerBuilder;

/// A fake CIPP server on this machine. It stops when it is dropped.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let server = cipp_mock::MockServer::start().await?;
/// server.fault(cipp_mock::Fault::status(503).times(1).on("ListTenants"));
/// let tenants = server.client()?.tenants().list().await?;
/// assert_eq!(tenants.len(), 3);
/// # Ok(())
/// # }
/// ```
pub struct MockServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    credentials: Credentials,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl fmt::Debug for MockServer {
    /// Shows where it is, not what it knows: that holds tokens and passwords, if only made-up ones.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer").field("address", &self.address).finish_non_exhaustive()
    }
}

impl MockServer {
    /// Starts a server with the default settings: strict, any free port, time standing still.
    ///
    /// # Errors
    /// When this machine does not let it listen.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Settings to start a server with.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }

    /// Base address of the API, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Base address of the sign-in: the same server.
    #[must_use]
    pub fn authority(&self) -> String {
        self.url()
    }

    /// Tenant in which the API client signs in.
    #[must_use]
    pub fn tenant_id(&self) -> &str {
        &self.credentials.tenant_id
    }

    /// Application id of the API client.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.credentials.client_id
    }

    /// Secret of the API client. It opens nothing but this server.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.credentials.client_secret
    }

    /// A client's builder with address and credentials set.
    pub fn client_builder(&self) -> ClientBuilder {
        Client::builder(self.url())
            .client_secret(self.tenant_id(), self.client_id(), self.client_secret())
            .authority(self.authority())
    }

    /// A client of this server.
    ///
    /// # Errors
    /// When the client cannot be built, for want of a TLS library for instance.
    pub fn client(&self) -> Result<Client, cipp_client::Error> {
        self.client_builder().build()
    }

    /// Everything that was asked so far, sign-ins included, in the order in which it came.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.lock().recorded.iter().cloned().collect()
    }

    /// What was asked of one endpoint, such as `ListUsers`. Case does not matter.
    #[must_use]
    pub fn requests_to(&self, endpoint: &str) -> Vec<Recorded> {
        self.requests().into_iter().filter(|record| record.endpoint().eq_ignore_ascii_case(endpoint)).collect()
    }

    /// Forgets what was asked so far.
    pub fn clear_requests(&self) {
        self.shared.lock().recorded.clear();
    }

    /// Adds a fault. Of several that concern a request, the one added first happens.
    pub fn fault(&self, fault: Fault) {
        let mut state = self.shared.lock();
        let now = state.clock.since_start();
        state.faults.push(fault.added(now));
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Expects calls of an action, and says what is answered to them in place of the world:
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use cipp_client::{types::User, users};
    /// use cipp_mock::{CONTOSO, MockServer};
    ///
    /// let server = MockServer::start().await?;
    /// let mut ada = User::default();
    /// ada.display_name = Some("Ada Lovelace".to_owned());
    /// server
    ///     .on::<users::ListUsers>()
    ///     .with(|sent| sent.query_value("tenantFilter") == Some(CONTOSO))
    ///     .times(1)
    ///     .reply(vec![ada]);
    /// server.on::<users::RemoveUser>().times(0);
    ///
    /// assert_eq!(server.client()?.users().list(CONTOSO).await?.len(), 1);
    /// server.verify()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Faults, sign-in, permissions and, on a strict server, the check against the specification come first.
    pub fn on<R: Described>(&self) -> Expectation<'_, R> {
        Expectation::of_action(self)
    }

    /// Expects calls of an endpoint by its name, such as `ListBrandNewThing`: also of one that the specification does not know.
    pub fn on_endpoint(&self, name: impl Into<String>) -> Expectation<'_, ()> {
        Expectation::of_endpoint(self, name.into())
    }

    /// Takes all expectations away, met or not, and forgets which calls came too early.
    pub fn clear_expectations(&self) {
        let mut state = self.shared.lock();
        state.expected.clear();
        state.early.clear();
    }

    /// Whether everything was as expected: each expectation had its calls and none beyond them, and nobody came back before the
    /// end of a [`Fault::throttle`]'s wait.
    ///
    /// # Errors
    /// A report with one line for each thing that was not as expected.
    pub fn verify(&self) -> Result<(), Unmet> {
        let state = self.shared.lock();
        expect::unmet(&state.expected, &state.early).map_or(Ok(()), Err)
    }

    pub(crate) fn expect(&self, expected: Expected) -> usize {
        let mut state = self.shared.lock();
        state.expected.push(expected);
        state.expected.len() - 1
    }

    pub(crate) fn change_expected(&self, index: usize, change: impl FnOnce(&mut Expected)) {
        // It is gone when the expectations were cleared meanwhile.
        if let Some(expected) = self.shared.lock().expected.get_mut(index) {
            change(expected);
        }
    }

    /// Switches an oddity on.
    pub fn quirk(&self, quirk: Quirk) {
        self.shared.lock().quirks.insert(quirk);
    }

    /// Switches an oddity off.
    pub fn clear_quirk(&self, quirk: Quirk) {
        self.shared.lock().quirks.remove(&quirk);
    }

    /// Switches strictness on or off; see [`MockServerBuilder::strict`].
    pub fn set_strict(&self, strict: bool) {
        self.shared.lock().strict = strict;
    }

    /// Takes a permission, such as `Identity.User.ReadWrite`, away from the API client.
    pub fn deny(&self, role: &str) {
        self.shared.lock().denied.insert(role.to_ascii_lowercase());
    }

    /// Gives a permission back.
    pub fn allow(&self, role: &str) {
        self.shared.lock().denied.remove(&role.to_ascii_lowercase());
    }

    /// Switches an endpoint off, as a feature flag does.
    pub fn disable(&self, endpoint: &str) {
        self.shared.lock().off.insert(endpoint.to_ascii_lowercase());
    }

    /// Switches an endpoint on again.
    pub fn enable(&self, endpoint: &str) {
        self.shared.lock().off.remove(&endpoint.to_ascii_lowercase());
    }

    /// Makes every token worthless that was given out so far.
    pub fn expire_tokens(&self) {
        self.shared.lock().tokens.revoke();
    }

    /// How long tokens are good that are given out from now on. 3599 seconds at first.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.shared.lock().tokens.lifetime = lifetime;
    }

    /// The server's time, in seconds since 1970: 15 June 2026, 09:00 UTC, until it is moved.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.shared.lock().clock.now()
    }

    /// Moves the server's time forward, and runs the scheduled tasks that come due. Tokens age with it.
    pub fn advance(&self, by: Duration) {
        self.shared.lock().advance(by);
    }

    /// Runs the scheduled tasks that are due now. Otherwise a task moves on a step each time the tasks are listed.
    pub fn run_tasks(&self) {
        scheduler::run_due(&mut self.shared.lock().world);
    }

    /// How often a question to all tenants is put off before its rows are there. Two at first; 0 answers at once.
    pub fn set_queue_polls(&self, polls: u32) {
        self.shared.lock().world.queues.polls = polls;
    }

    /// Finishes the work behind all questions to all tenants that were put off.
    pub fn finish_queues(&self) {
        self.shared.lock().world.queues.finish();
    }

    /// Stops the server and waits until its connections are closed. Dropping it stops it as well, without waiting.
    pub async fn stop(mut self) {
        self.stop = None;
        if let Some(task) = self.task.take() {
            // The task only fails by panicking, and then it has stopped, too.
            let _ = task.await;
        }
    }
}
