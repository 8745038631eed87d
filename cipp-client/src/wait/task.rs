//! Scheduled tasks: their state, and following one to its end.

use super::WaitProgress;
use super::task_report::{TaskInfo, TaskReport};
use super::waiting_options;
use super::watch::{Plan, Watch};
use crate::Error;
use crate::client::{CallOptions, Client};
use crate::error::ErrorKind;
use crate::reply::{DecodeContext, Listing, Output};
use crate::request::{Parts, RawRequest, Request};
use crate::transport::BoxFuture;
use serde_json::Value;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

/// A task that was just created may take so many questions to show up.
const UNSEEN: u32 = 3;

/// An id for a scheduled task that does not exist yet: a random GUID, as text.
///
/// The answer to creating a task names no id. So choose one: then the task can be followed, and after an outcome in doubt it can be
/// looked up.
///
/// ```no_run
/// # #[cfg(feature = "tools")]
/// # async fn example(client: cipp_client::Client) -> Result<(), cipp_client::Error> {
/// use cipp_client::{new_task_id, tools::AddScheduledItem};
///
/// let id = new_task_id();
/// let task = AddScheduledItem::new("contoso.onmicrosoft.com", "Backup", "New-CIPPBackup").task_id(&id).run_now(true);
/// client.call(task).await?.into_result()?;
/// let report = client.follow_task(&id).await?.into_result()?;
/// # let _ = report;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn new_task_id() -> String {
    // The keys of each `RandomState` come from the operating system's random numbers.
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos());
    let half = |salt: u8| u128::from(RandomState::new().hash_one((salt, now, std::process::id())));
    let bits = (half(0) << 64) | half(1);
    // Version 4, variant 1.
    let bits = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let part = |shift: u32, digits: u32| (bits >> shift) & ((1_u128 << (4 * digits)) - 1);
    format!("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", part(96, 8), part(80, 4), part(64, 4), part(48, 4), part(0, 12))
}

impl Client {
    /// A scheduled task by its id, which the server calls `RowKey`.
    pub fn task(&self, id: impl Into<String>) -> Task {
        Task { client: self.clone(), id: id.into() }
    }

    /// Waits until a scheduled task has run; the same as `client.task(id).follow()`.
    pub fn follow_task(&self, id: impl Into<String>) -> FollowTask {
        self.task(id).follow()
    }
}

/// A scheduled task of the server, from [`Client::task`].
#[derive(Debug, Clone)]
pub struct Task {
    client: Client,
    id: String,
}

impl Task {
    /// The task as it is now; `None` when the server does not know it.
    ///
    /// # Errors
    /// Those of any read.
    pub async fn get(&self) -> Result<Option<TaskInfo>, Error> {
        let reply = self.client.execute(self.question()?, CallOptions::default()).await?;
        self.find(&reply)
    }

    /// What its stored runs did.
    ///
    /// # Errors
    /// Those of any read. A task that the server does not know is [`ErrorKind::Status`].
    pub async fn report(&self) -> Result<TaskReport, Error> {
        let task = self.get().await?.ok_or_else(|| self.unknown("the server knows no such task"))?;
        let details = self.client.execute(self.details()?, CallOptions::default()).await;
        report(task, details)
    }

    /// Waits until it has run. A task that runs again and again is over for this when a run ended that had not ended before.
    pub fn follow(self) -> FollowTask {
        FollowTask { task: self, plan: Plan::default() }
    }

    fn question(&self) -> Result<Parts, Error> {
        RawRequest::get("ListScheduledItems").query("Id", &self.id).parts()
    }

    fn details(&self) -> Result<Parts, Error> {
        RawRequest::get("ListScheduledItemDetails").query("RowKey", &self.id).parts()
    }

    fn operation(&self) -> String {
        format!("task {}", self.id)
    }

    fn find(&self, reply: &crate::Reply) -> Result<Option<TaskInfo>, Error> {
        let (rows, _) = Listing::<Value>::decode(reply, &DecodeContext::new("ListScheduledItems"))?;
        let tasks = rows.into_iter().map(TaskInfo::of);
        Ok(tasks.into_iter().find(|task| task.id.eq_ignore_ascii_case(&self.id)))
    }

    fn unknown(&self, message: &str) -> Error {
        Error::new(ErrorKind::Status, self.operation(), message)
    }
}

/// The runs, or where the server keeps none, the short text of the list.
fn report(task: TaskInfo, details: Result<crate::Reply, Error>) -> Result<TaskReport, Error> {
    match details {
        Ok(reply) => {
            let (details, _) = Value::decode(&reply, &DecodeContext::new("ListScheduledItemDetails"))?;
            let report = TaskReport::of(task, &details)?;
            if report.runs.is_empty() { TaskReport::short(report.task) } else { Ok(report) }
        }
        // An older server, or a role without this permission.
        Err(error) if matches!(error.kind(), ErrorKind::Status | ErrorKind::Auth) => TaskReport::short(task),
        Err(error) => Err(error),
    }
}

/// Waiting for a scheduled task to run, from [`Client::follow_task`].
#[must_use = "nothing happens until it is awaited"]
pub struct FollowTask {
    task: Task,
    plan: Plan,
}

impl FollowTask {
    waiting_options!();

    async fn run(self) -> Result<TaskReport, Error> {
        let Self { task, plan } = self;
        let mut watch = Watch::start(plan, &task.operation());
        let (question, options) = (task.question()?, CallOptions::default());
        let mut first: Option<TaskInfo> = None;
        let mut unseen = 0;
        let ended = loop {
            let reply = watch.ask(&task.client, &question, &options).await?;
            let message = match task.find(&reply)? {
                Some(now) => {
                    let before = first.get_or_insert_with(|| now.clone());
                    if is_over(before, &now) {
                        break now;
                    }
                    format!("{}: {}", now.name, now.state)
                }
                None if first.is_some() => return Err(task.unknown("the task was deleted while it was waited for")),
                None => {
                    unseen += 1;
                    if unseen >= UNSEEN {
                        return Err(task.unknown("the server knows no such task: see whether it was refused"));
                    }
                    "the task has not shown up yet".to_owned()
                }
            };
            watch.pause(&message, None).await?;
        };
        let details = watch.ask(&task.client, &task.details()?, &options).await;
        report(ended, details)
    }
}

/// Whether a run ended. A task that repeats goes back to being planned.
fn is_over(before: &TaskInfo, now: &TaskInfo) -> bool {
    if !now.recurring {
        return now.is_over();
    }
    let waits = now.is_over() || now.state.eq_ignore_ascii_case("Planned");
    waits && now.executed.is_some() && now.executed != before.executed
}

impl IntoFuture for FollowTask {
    type Output = Result<TaskReport, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for FollowTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FollowTask").field("task", &self.task).field("plan", &self.plan).finish()
    }
}
