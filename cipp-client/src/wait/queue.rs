//! The state of the server's queues, as `ListCippQueue` tells it.

use crate::Error;
use crate::reply::{DecodeContext, Listing, Output, Reply};
use crate::request::{Parts, RawRequest, Request};
use serde_json::{Map, Value};

/// How background work stands.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct QueueState {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// The server's word: `Queued`, `Running`, `Completed`, `Completed (with errors)` or `Failed`. Empty when the server no longer
    /// knows the work, which counts as ended.
    pub status: String,
    /// How much is done, from 0 to 100.
    pub percent: Option<f64>,
    /// The names of the parts that failed, which for work over all tenants are tenants, where the server tells.
    pub failed: Vec<String>,
    /// How many parts failed.
    pub failed_count: u64,
}

impl QueueState {
    /// Whether it ended, and parts of it failed: rows of those are missing.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.failed_count > 0 || self.status.to_ascii_lowercase().contains("error")
    }

    pub(super) fn is_failed(&self) -> bool {
        self.status.eq_ignore_ascii_case("Failed")
    }

    pub(super) fn is_done(&self) -> bool {
        crate::text::starts(&self.status, "Completed")
    }

    /// What a person should know about it.
    pub(super) fn words(&self) -> String {
        let name = if self.name.is_empty() { "background work" } else { &self.name };
        let mut words = format!("{name}: {}", self.status);
        if !self.failed.is_empty() {
            words.push_str(&format!(" (failed: {})", self.failed.join(", ")));
        } else if self.failed_count > 0 {
            words.push_str(&format!(" ({} parts failed)", self.failed_count));
        }
        words
    }
}

/// The question.
pub(super) fn question(id: &str) -> Result<Parts, Error> {
    RawRequest::get("ListCippQueue").query("QueueId", id).parts()
}

/// The answer; `None` when the server does not know the queue any more.
pub(super) fn state(reply: &Reply, id: &str) -> Result<Option<QueueState>, Error> {
    let (rows, _) = Listing::<Value>::decode(reply, &DecodeContext::new("ListCippQueue"))?;
    let is_it = |row: &&Value| text(row, "RowKey").is_none_or(|key| key.eq_ignore_ascii_case(id));
    Ok(rows.iter().find(is_it).map(|row| QueueState {
        id: id.to_owned(),
        name: text(row, "Name").unwrap_or_default().to_owned(),
        status: text(row, "Status").unwrap_or_default().to_owned(),
        percent: row.get("PercentComplete").and_then(number),
        failed: failed(row),
        failed_count: row.get("FailedTasks").and_then(number).map_or(0, |count| count.max(0.0) as u64),
    }))
}

fn text<'v>(row: &'v Value, name: &str) -> Option<&'v str> {
    row.get(name).and_then(Value::as_str)
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|value| value.is_finite())
}

/// The names of the failed parts; one part may stand in place of a list of them.
fn failed(row: &Value) -> Vec<String> {
    let one = |task: &Map<String, Value>| {
        let failed =
            task.get("Status").and_then(Value::as_str).is_some_and(|status| status.eq_ignore_ascii_case("Failed"));
        failed.then(|| task.get("Name").and_then(Value::as_str).map(str::to_owned)).flatten()
    };
    match row.get("Tasks") {
        Some(Value::Array(tasks)) => tasks.iter().filter_map(|task| one(task.as_object()?)).collect(),
        Some(Value::Object(task)) => one(task).into_iter().collect(),
        _ => Vec::new(),
    }
}
