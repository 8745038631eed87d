//! A scheduled task as the server tells of it, and what its runs did.

use crate::Error;
use crate::error::ErrorKind;
use crate::reply::{DecodeContext, Output, Reply, ResultItem, Results};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::fmt;

/// A scheduled task, as the server lists it.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskInfo {
    /// Id, which the server calls `RowKey`.
    pub id: String,
    /// Name.
    pub name: String,
    /// The server's word: `Planned`, `Pending`, `Processing`, `Running`, `Completed`, `Failed`, or `Failed - Planned` for a task
    /// whose last run failed and whose next one is planned.
    pub state: String,
    /// When it last ran, as the server writes it.
    pub executed: Option<String>,
    /// Whether it runs again and again.
    pub recurring: bool,
    /// The server's short text about the last run. It may hold a new password.
    pub message: String,
    /// The whole entry.
    pub row: Value,
}

impl TaskInfo {
    pub(super) fn of(row: Value) -> Self {
        let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let recurrence = text("Recurrence").unwrap_or_default();
        let message = row.get("Results").map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        Self {
            id: text("RowKey").unwrap_or_default().to_owned(),
            name: text("Name").unwrap_or_default().to_owned(),
            state: text("TaskState").unwrap_or_default().to_owned(),
            executed: text("ExecutedTime").map(str::to_owned),
            recurring: !matches!(recurrence.to_ascii_lowercase().as_str(), "" | "0" | "once"),
            message: message.unwrap_or_default(),
            row,
        }
    }

    /// Whether its last run failed as a whole.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        crate::text::starts(&self.state, "Failed")
    }

    /// Whether it is over: completed or failed. A recurring task never is; its runs are.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_failed() || self.state.eq_ignore_ascii_case("Completed")
    }
}

impl fmt::Debug for TaskInfo {
    /// Leaves out what may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskInfo")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("state", &self.state)
            .field("executed", &self.executed)
            .field("recurring", &self.recurring)
            .finish_non_exhaustive()
    }
}

/// One run of a task for one tenant.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskRun {
    /// The tenant, where the server names one.
    pub tenant: Option<String>,
    /// When the results were stored, as the server writes it.
    pub timestamp: Option<String>,
    /// What each step did, judged by the same rules as any results.
    pub results: Results,
}

/// A task, and what its runs did.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskReport {
    /// The task.
    pub task: TaskInfo,
    /// Its stored runs. For a recurring task, the server keeps earlier ones too.
    pub runs: Vec<TaskRun>,
}

impl TaskReport {
    /// From the answer of `ListScheduledItemDetails`.
    pub(super) fn of(task: TaskInfo, details: &Value) -> Result<Self, Error> {
        let entries = match details.get("Details") {
            Some(Value::Array(entries)) => entries.clone(),
            Some(entry @ Value::Object(_)) => vec![entry.clone()],
            _ => Vec::new(),
        };
        let mut runs = Vec::new();
        for entry in entries {
            let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
            let results = results(&task, entry.get("Results").unwrap_or(&Value::Null))?;
            let tenant = text("Tenant").or_else(|| entry.get("Tenant")?.get("value")?.as_str().map(str::to_owned));
            runs.push(TaskRun { tenant, timestamp: text("Timestamp"), results });
        }
        Ok(Self { task, runs })
    }

    /// From the list's short text, where there is no more.
    pub(super) fn short(task: TaskInfo) -> Result<Self, Error> {
        if task.message.is_empty() {
            return Ok(Self { task, runs: Vec::new() });
        }
        let run = TaskRun {
            tenant: None,
            timestamp: task.executed.clone(),
            results: results(&task, &Value::String(task.message.clone()))?,
        };
        Ok(Self { task, runs: vec![run] })
    }

    /// The steps that failed.
    pub fn errors(&self) -> impl Iterator<Item = &ResultItem> {
        self.runs.iter().flat_map(|run| run.results.errors())
    }

    /// Whether the task did not fail, and no step of it did.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        !self.task.is_failed() && self.errors().next().is_none()
    }

    /// The report, if nothing failed.
    ///
    /// # Errors
    /// [`ErrorKind::Action`] with the first failing texts. Other steps may have succeeded.
    pub fn into_result(self) -> Result<Self, Error> {
        if self.is_ok() {
            return Ok(self);
        }
        let texts: Vec<_> = self.errors().take(3).map(ResultItem::redacted_text).collect();
        let why = if texts.is_empty() { String::new() } else { format!(": {}", texts.join("; ")) };
        let message = format!("the task {} ended as {}{why}", self.task.name, self.task.state);
        Err(Error::new(ErrorKind::Action, format!("task {}", self.task.id), message))
    }
}

/// Judges what a run stored: a text, a list, or JSON as a text.
fn results(task: &TaskInfo, stored: &Value) -> Result<Results, Error> {
    let body = match stored {
        Value::String(text)
            if text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<Value>(text).is_ok() =>
        {
            text.clone()
        }
        value => value.to_string(),
    };
    let reply = Reply::new(StatusCode::OK, HeaderMap::new(), body);
    Results::decode(&reply, &DecodeContext::new(format!("task {}", task.id))).map(|(results, _)| results)
}
