//! Background work that somebody else started, such as another program: following it by its id.

use super::queue::{self, QueueState};
use super::waiting_options;
use super::watch::{Plan, WaitProgress, Watch};
use crate::Error;
use crate::client::{CallOptions, Client};
use crate::error::ErrorKind;
use crate::transport::BoxFuture;
use std::fmt;
use std::time::Duration;

impl Client {
    /// Waits until background work has ended. Work that ended with errors is no error here: see [`QueueState::has_errors`]. The
    /// server forgets work after a while, so an id that it does not know is [`ErrorKind::Status`].
    ///
    /// ```no_run
    /// # async fn example(client: cipp_client::Client) -> Result<(), cipp_client::Error> {
    /// let state = client.follow_queue("6f9619ff-8b86-d011-b42d-00c04fc964ff").await?;
    /// println!("{} {}", state.name, state.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn follow_queue(&self, id: impl Into<String>) -> FollowQueue {
        FollowQueue { client: self.clone(), id: id.into(), plan: Plan::default() }
    }
}

/// Waiting for background work to end, from [`Client::follow_queue`].
#[must_use = "nothing happens until it is awaited"]
pub struct FollowQueue {
    client: Client,
    id: String,
    plan: Plan,
}

impl FollowQueue {
    waiting_options!();

    async fn run(self) -> Result<QueueState, Error> {
        let Self { client, id, plan } = self;
        let operation = format!("queue {id}");
        let mut watch = Watch::start(plan, &operation);
        let question = queue::question(&id)?;
        let mut last: Option<QueueState> = None;
        loop {
            let reply = watch.ask(&client, &question, &CallOptions::default()).await?;
            let state = match (queue::state(&reply, &id)?, last) {
                (Some(state), _) => state,
                // It was there a moment ago, and is forgotten: it has ended.
                (None, Some(last)) => return Ok(QueueState { status: String::new(), percent: Some(100.0), ..last }),
                (None, None) => {
                    let message = "the server knows no such background work; it forgets work that ended long ago";
                    return Err(Error::new(ErrorKind::Status, operation, message));
                }
            };
            if state.is_done() {
                return Ok(state);
            }
            if state.is_failed() {
                let message = format!("the background work failed: {}", state.words());
                return Err(Error::new(ErrorKind::Action, operation, message));
            }
            watch.pause(&state.words(), state.percent).await?;
            last = Some(state);
        }
    }
}

impl IntoFuture for FollowQueue {
    type Output = Result<QueueState, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for FollowQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FollowQueue").field("id", &self.id).field("plan", &self.plan).finish_non_exhaustive()
    }
}
