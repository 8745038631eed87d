//! One call for each tenant.

use super::bulk::{BatchRow, Progress, bulk_settings};
use super::{Batch, BatchRows, Client};
use crate::Error;
use crate::reply::Output;
use crate::request::Request;
use std::fmt;
use std::time::Duration;

/// One call for each tenant, a few at a time. Made by [`Client::for_each_tenant`]. It has the options of a [`Batch`].
///
/// The server's own "all tenants" answers from a cache and is not open to every action; this asks tenant by tenant, and tells
/// per tenant what came of it.
#[derive(Debug, Clone)]
#[must_use = "nothing is called until collect() is awaited"]
pub struct EachTenant<T, R> {
    tenants: Vec<T>,
    batch: Batch<R>,
}

impl<T: Clone, R: Request> EachTenant<T, R> {
    pub(crate) fn new(client: Client, tenants: impl IntoIterator<Item = T>, mut request: impl FnMut(T) -> R) -> Self {
        let tenants: Vec<T> = tenants.into_iter().collect();
        let requests = tenants.iter().cloned().map(&mut request).collect();
        Self { tenants, batch: Batch::new(client, requests) }
    }

    bulk_settings!(batch);

    /// Gives each row a name of your own; see [`Batch::label_by`].
    pub fn label_by(mut self, mut label: impl FnMut(&T) -> String) -> Self {
        self.batch.labels = self.tenants.iter().map(|tenant| Some(label(tenant))).collect();
        self
    }

    /// Makes the calls. The report is in the order of the tenants; a tenant that fails does not stop the others.
    pub async fn collect(self) -> TenantReport<T, R::Output> {
        let Self { tenants, batch } = self;
        let results = batch.collect().await;
        TenantReport {
            results: tenants.into_iter().zip(results).map(|(tenant, result)| TenantResult { tenant, result }).collect(),
        }
    }

    /// Makes the calls while rows are asked for, and gives each tenant's row as it ends.
    pub fn rows(self) -> TenantRows<T, R::Output> {
        TenantRows { tenants: self.tenants, rows: self.batch.rows() }
    }
}

/// What came of a tenant's row.
#[derive(Debug)]
#[non_exhaustive]
pub struct TenantRow<T, O> {
    /// The tenant, as it was given.
    pub tenant: T,
    /// What came of it.
    pub row: BatchRow<O>,
}

/// The rows of all tenants, in the order in which they end. Nothing happens while no row is asked for.
#[must_use = "nothing is called until rows are asked for"]
pub struct TenantRows<T, O> {
    tenants: Vec<T>,
    rows: BatchRows<O>,
}

impl<T: Clone, O: Output> TenantRows<T, O> {
    /// The next row that has ended; `None` when all have.
    pub async fn next(&mut self) -> Option<TenantRow<T, O>> {
        let row = self.rows.next().await?;
        let tenant = self.tenants.get(row.index)?.clone();
        Some(TenantRow { tenant, row })
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.rows.progress()
    }
}

impl<T, O> fmt::Debug for TenantRows<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantRows").finish_non_exhaustive()
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
