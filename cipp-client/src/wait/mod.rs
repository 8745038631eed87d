//! Waiting for what the server does in the background: rows of all tenants, tickets, scheduled tasks.
//!
//! One loop ([`drive`]) asks until an answer is there, and one clock ([`Watch`]) holds pauses, deadline, progress and cancelling.

mod cancel;
mod drive;
mod follow_queue;
mod queue;
mod task;
mod task_report;
mod ticket;
mod watch;

pub use cancel::Cancel;
pub use follow_queue::FollowQueue;
pub use queue::QueueState;
pub use task::{FollowTask, Task, new_task_id};
pub use task_report::{TaskInfo, TaskReport, TaskRun};
pub use watch::WaitProgress;

use crate::Error;
use crate::client::Call;
use crate::error::ErrorKind;
use crate::reply::{Output, Readiness};
use crate::request::Request;
use crate::transport::BoxFuture;
use std::fmt;
use std::time::Duration;
use watch::Plan;

/// The options that everything has that waits.
macro_rules! waiting_options {
    () => {
        /// How long to pause before the first question. Each further pause is longer by half, up to 30 s. The default is 3 s.
        pub fn interval(mut self, pause: Duration) -> Self {
            self.plan.interval = pause;
            self
        }

        /// When to give up, counted from the moment of awaiting. The default is 30 minutes. A pause that would end later is not
        /// begun. The error is then [`ErrorKind::NotReady`](crate::ErrorKind::NotReady); the server goes on all the same.
        pub fn deadline(mut self, limit: Duration) -> Self {
            self.plan.deadline = limit;
            self
        }

        /// Calls this before each pause.
        pub fn on_progress(mut self, tell: impl FnMut(&WaitProgress) + Send + 'static) -> Self {
            self.plan.progress = Some(Box::new(tell));
            self
        }

        /// Gives up when this future ends, such as that of a [`Cancel`](crate::Cancel) or of a signal. The error is then
        /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled). A write that is being sent is not broken off.
        pub fn cancel<F>(mut self, when: F) -> Self
        where
            F: IntoFuture<Output = ()>,
            F::IntoFuture: Send + 'static,
        {
            self.plan.cancel = Some(Box::pin(when.into_future()));
            self
        }
    };
}
use waiting_options;

/// A call that is made again until its answer is there, from [`Call::wait`].
#[must_use = "nothing happens until it is awaited"]
pub struct Wait<R> {
    call: Call<R>,
    plan: Plan,
}

/// A value that was waited for, and how that went.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Waited<T> {
    /// The value.
    pub value: T,
    /// How often the server was asked whether it is there.
    pub polls: u32,
    /// Time from the first call to the value.
    pub elapsed: Duration,
    /// How the background work ended, where the server told. It may have ended with errors, and the value then lacks something.
    pub queue: Option<QueueState>,
}

impl<R: Request> Call<R> {
    /// Makes the call and, while the server says that it is still at work on the answer, asks again until the answer is there.
    ///
    /// It asks the state of the queue where the server names one, and then makes the identical call again. A write is never made
    /// twice: once its queue has ended, the value is what the write answered. Failed background work is an error
    /// ([`ErrorKind::Action`]); work that ended with errors is told by [`Wait::with_report`].
    ///
    /// ```no_run
    /// # async fn example(client: cipp_client::Client) -> Result<(), cipp_client::Error> {
    /// use cipp_client::RawRequest;
    /// use std::time::Duration;
    ///
    /// let users = client
    ///     .call(RawRequest::get("ListMFAUsers").query("tenantFilter", "AllTenants"))
    ///     .wait()
    ///     .deadline(Duration::from_secs(600))
    ///     .on_progress(|progress| eprintln!("{}", progress.message))
    ///     .await?;
    /// # let _ = users;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(self) -> Wait<R> {
        Wait { call: self, plan: Plan::default() }
    }
}

impl<R: Request> Wait<R> {
    waiting_options!();

    /// Waits, and gives back the value together with how the background work ended.
    pub fn with_report(self) -> BoxFuture<'static, Result<Waited<R::Output>, Error>> {
        let made = self.call.into_parts();
        let plan = self.plan;
        Box::pin(async move {
            let (client, parts, options, cx) = made?;
            let operation = parts.operation.clone();
            let mut found = None;
            let mut take = |reply: crate::reply::Reply| match R::Output::decode(&reply, &cx) {
                Ok((value, _)) => {
                    let readiness = value.readiness(&cx);
                    found = Some(value);
                    Ok(readiness)
                }
                // The type has no place for "wait".
                Err(error) if error.is_not_ready() => {
                    Ok(Readiness::Queued(error.queued().cloned().unwrap_or_default()))
                }
                Err(error) => Err(error),
            };
            let report = drive::drive(&client, parts, options, plan, &mut take).await?;
            match found {
                Some(value) => Ok(Waited { value, polls: report.polls, elapsed: report.elapsed, queue: report.queue }),
                None => {
                    Err(Error::new(ErrorKind::NotReady, operation, "the work was handed on; its answer holds no data"))
                }
            }
        })
    }
}

impl<R: Request> IntoFuture for Wait<R> {
    type Output = Result<R::Output, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let waited = self.with_report();
        Box::pin(async move { waited.await.map(|waited| waited.value) })
    }
}

impl<R: fmt::Debug> fmt::Debug for Wait<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait").field("call", &self.call).field("plan", &self.plan).finish()
    }
}
