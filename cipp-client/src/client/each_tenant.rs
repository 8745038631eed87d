//! One call for each tenant.

use super::{Call, Client, batch};
use crate::Error;
use crate::request::Request;

/// One call for each tenant, a few at a time. Made by [`Client::for_each_tenant`].
///
/// The server's own "all tenants" answers from a cache and is not open to every action; this asks tenant by tenant, and tells
/// per tenant what came of it.
#[derive(Debug, Clone)]
#[must_use = "nothing is called until collect() is awaited"]
pub struct EachTenant<T, R> {
    client: Client,
    tenants: Vec<T>,
    requests: Vec<R>,
    concurrency: usize,
}

impl<T: Clone, R: Request> EachTenant<T, R> {
    pub(crate) fn new(client: Client, tenants: impl IntoIterator<Item = T>, mut request: impl FnMut(T) -> R) -> Self {
        let tenants: Vec<T> = tenants.into_iter().collect();
        let requests = tenants.iter().cloned().map(&mut request).collect();
        let concurrency = client.0.concurrency;
        Self { client, tenants, requests, concurrency }
    }

    /// How many calls are under way at once. The default is the client's limit, which holds in any case.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// Makes the calls. The report is in the order of the tenants; a tenant that fails does not stop the others.
    pub async fn collect(self) -> TenantReport<T, R::Output> {
        let Self { client, tenants, requests, concurrency } = self;
        let calls = requests.into_iter().map(|request| Call::new(client.clone(), request).send());
        let results = batch::run(calls, concurrency).await;
        TenantReport {
            results: tenants.into_iter().zip(results).map(|(tenant, result)| TenantResult { tenant, result }).collect(),
        }
    }
}

/// What came of a call for one tenant.
#[derive(Debug)]
#[non_exhaustive]
pub struct TenantResult<T, O> {
    /// The tenant, as it was given.
    pub tenant: T,
    /// The answer, or what went wrong.
    pub result: Result<O, Error>,
}

/// What came of a call for each tenant, in the order in which the tenants were given.
#[derive(Debug)]
#[non_exhaustive]
pub struct TenantReport<T, O> {
    /// One entry per tenant.
    pub results: Vec<TenantResult<T, O>>,
}

impl<T, O> TenantReport<T, O> {
    /// The tenants that were answered, and the answers.
    pub fn succeeded(&self) -> impl Iterator<Item = (&T, &O)> {
        self.results.iter().filter_map(|entry| entry.result.as_ref().ok().map(|value| (&entry.tenant, value)))
    }

    /// The tenants whose call failed.
    pub fn failed(&self) -> impl Iterator<Item = (&T, &Error)> {
        self.results.iter().filter_map(|entry| entry.result.as_ref().err().map(|error| (&entry.tenant, error)))
    }

    /// Whether every tenant was answered.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.failed().next().is_none()
    }
}

impl<T, O> IntoIterator for TenantReport<T, O> {
    type Item = TenantResult<T, O>;
    type IntoIter = std::vec::IntoIter<TenantResult<T, O>>;

    fn into_iter(self) -> Self::IntoIter {
        self.results.into_iter()
    }
}

impl<'a, T, O> IntoIterator for &'a TenantReport<T, O> {
    type Item = &'a TenantResult<T, O>;
    type IntoIter = std::slice::Iter<'a, TenantResult<T, O>>;

    fn into_iter(self) -> Self::IntoIter {
        self.results.iter()
    }
}
