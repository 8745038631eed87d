//! Work that is done in the background: questions to all tenants, whose rows come later.

use crate::answer::Answer;
use crate::call::Call;
use crate::clock;
use crate::world::guid;
use cipp_client::catalogue::{Action, OutputShape, RowMeaning, TenantMode};
use serde_json::{Map, Value, json};

/// The background work of the server.
#[derive(Debug)]
pub(crate) struct Queues {
    list: Vec<Queue>,
    /// How often a question is put off before its rows are there.
    pub(crate) polls: u32,
}

#[derive(Debug)]
struct Queue {
    id: String,
    /// Endpoint and parameters: only the very same question gets the rows.
    key: String,
    name: String,
    created: i64,
    left: u32,
}

impl Queues {
    /// No work, and so many polls for any to come.
    pub(crate) const fn new(polls: u32) -> Self {
        Self { list: Vec::new(), polls }
    }

    /// Finishes all work.
    pub(crate) fn finish(&mut self) {
        for queue in &mut self.list {
            queue.left = 0;
        }
    }

    /// The answer that puts a question to all tenants off; `None` when its rows are there, or it needs no work.
    pub(crate) fn put_off(&mut self, action: &Action, call: &Call) -> Option<Answer> {
        let all = call.tenant_text().is_some_and(|tenant| tenant.eq_ignore_ascii_case("AllTenants"));
        if !all || action.tenant != TenantMode::AllQueued || call.flag("UseReportDB") == Some(true) || self.polls == 0 {
            return None;
        }
        let key = call.key();
        let found = self.list.iter_mut().find(|queue| queue.key == key);
        let id = match found {
            Some(queue) => {
                queue.left = queue.left.saturating_sub(1);
                if queue.left == 0 {
                    return None;
                }
                queue.id.clone()
            }
            None => {
                let id = guid("queue", self.list.len() as u64);
                let name = format!("{} - all tenants", action.title);
                self.list.push(Queue { id: id.clone(), key, name, created: call.now, left: self.polls });
                id
            }
        };
        Some(wait(action, &id))
    }

    /// Rows for `ListCippQueue`: all work, or that with an id. Asking moves it on.
    pub(crate) fn rows(&mut self, id: Option<&str>) -> Vec<Value> {
        let mut rows = Vec::new();
        for queue in self.list.iter_mut().filter(|queue| id.is_none_or(|id| queue.id == id)) {
            if id.is_some() {
                queue.left = queue.left.saturating_sub(1);
            }
            rows.push(queue.row());
        }
        rows
    }

    /// The answer of `ListCippQueues`.
    pub(crate) fn summary(&mut self, ids: &str) -> Value {
        let asked: Vec<&str> = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
        let rows: Vec<Value> = asked.iter().flat_map(|id| self.rows(Some(id))).collect();
        let missing: Vec<&&str> = asked.iter().filter(|id| !self.list.iter().any(|queue| queue.id == **id)).collect();
        // Work that is no longer known was done long ago.
        let done = rows.iter().filter(|row| row.get("Status").and_then(Value::as_str) == Some("Completed")).count();
        let complete = done == rows.len();
        let percent = if asked.is_empty() { 100 } else { (done + missing.len()) * 100 / asked.len() };
        let summary = json!({
            "IsComplete": complete,
            "Status": if complete { "Completed" } else { "Running" },
            "PercentComplete": percent,
            "TotalTasks": rows.len(),
            "CompletedTasks": done,
        });
        json!({ "Queues": rows, "MissingQueueIds": missing, "Summary": summary })
    }
}

impl Queue {
    fn row(&self) -> Value {
        let (status, completed) = if self.left == 0 { ("Completed", 3) } else { ("Running", 1) };
        json!({
            "PartitionKey": "CippQueue",
            "RowKey": self.id,
            "Name": self.name,
            "Link": null,
            "Reference": self.key,
            "TotalTasks": 3,
            "CompletedTasks": completed,
            "RunningTasks": 3 - completed,
            "FailedTasks": 0,
            "PercentComplete": completed * 100 / 3,
            "PercentFailed": 0,
            "PercentRunning": (3 - completed) * 100 / 3,
            "Tasks": [],
            "Status": status,
            "Timestamp": clock::iso(self.created),
        })
    }
}

/// The answer that says "wait": a row that is no data where the specification knows one, else a note beside no rows.
fn wait(action: &Action, id: &str) -> Answer {
    let row: Map<String, Value> = action
        .rows
        .iter()
        .filter(|rule| rule.means == RowMeaning::Queued)
        .map(|rule| (rule.field.to_owned(), Value::String(format!("{}...", rule.starts))))
        .collect();
    if !row.is_empty() {
        return Answer::json(200, json!([row]));
    }
    let rows = if matches!(action.outputs.shape, OutputShape::Object(_)) { Value::Null } else { json!([]) };
    let note = json!({ "Queued": true, "QueueMessage": "Rows of all tenants are being collected. Ask again in a moment.", "QueueId": id });
    Answer::json(200, json!({ "Results": rows, "Metadata": note }))
}
