//! Many calls, and what else the async client does beyond one call.

use super::{Blocking, Client};
use crate::diagnose::Diagnosis;
use crate::request::Request;
use crate::wait::{FollowQueue, FollowTask};
use crate::{Batch, BatchRow, EachTenant, Error, TenantReport};

impl Client {
    /// Prepares many calls of one kind, a few at a time. See [`crate::Client::batch`].
    pub fn batch<R: Request>(&self, requests: impl IntoIterator<Item = R>) -> Blocking<Batch<R>> {
        Blocking::new(self.clone(), self.as_async().batch(requests))
    }

    /// Prepares one call for each tenant, a few at a time. See [`crate::Client::for_each_tenant`].
    pub fn for_each_tenant<T: Clone, R: Request>(
        &self,
        tenants: impl IntoIterator<Item = T>,
        request: impl FnMut(T) -> R,
    ) -> Blocking<EachTenant<T, R>> {
        Blocking::new(self.clone(), self.as_async().for_each_tenant(tenants, request))
    }

    /// Prepares to wait until background work has ended. See [`crate::Client::follow_queue`].
    pub fn follow_queue(&self, id: impl Into<String>) -> Blocking<FollowQueue> {
        Blocking::new(self.clone(), self.as_async().follow_queue(id))
    }

    /// Prepares to wait until a scheduled task has run. See [`crate::Client::follow_task`].
    pub fn follow_task(&self, id: impl Into<String>) -> Blocking<FollowTask> {
        Blocking::new(self.clone(), self.as_async().follow_task(id))
    }

    /// Finds out what is wrong with the connection to the server, and what to do. See [`crate::Client::diagnose`].
    ///
    /// # Errors
    /// As [`block_on`](Self::block_on); what is found wrong is no error.
    pub fn diagnose(&self) -> Result<Diagnosis, Error> {
        let client = self.as_async().clone();
        self.block_on(async move { client.diagnose().await })
    }
}

impl<R: Request + Send + 'static> Blocking<Batch<R>> {
    /// Makes the calls, and blocks until the last has ended. See [`Batch::collect`].
    ///
    /// # Errors
    /// As [`Client::block_on`]; what came of each call is in its own result.
    pub fn collect(self) -> Result<Vec<Result<R::Output, Error>>, Error> {
        self.run(Batch::collect)
    }

    /// Makes the calls, and tells of each row what came of it. See [`Batch::collect_rows`].
    ///
    /// # Errors
    /// As for [`collect`](Self::collect).
    pub fn collect_rows(self) -> Result<Vec<BatchRow<R::Output>>, Error> {
        self.run(Batch::collect_rows)
    }
}

impl<T, R> Blocking<EachTenant<T, R>>
where
    T: Clone + Send + 'static,
    R: Request + Send + 'static,
{
    /// Makes the calls, and blocks until the last has ended. See [`EachTenant::collect`].
    ///
    /// # Errors
    /// As [`Client::block_on`]; what came of each tenant's call is in the report.
    pub fn collect(self) -> Result<TenantReport<T, R::Output>, Error> {
        self.run(EachTenant::collect)
    }
}
