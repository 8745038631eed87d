//! Tickets: an answer that is only an id, with which to ask again.

use crate::json::member;
use crate::reply::{Reply, is_true};
use serde_json::{Map, Value};

/// How an answer to a request with a ticket reads.
#[derive(Debug, PartialEq)]
pub(super) enum Look {
    /// An id to ask again with, and whether there is nothing else in the answer yet.
    Ticket { id: Value, waiting: Option<String> },
    /// No id, and the work goes on.
    Waiting(String),
    /// The answer.
    Ready,
}

/// The words of a job or step that is not over.
const GOING_ON: [&str; 8] =
    ["queued", "running", "pending", "planned", "processing", "inprogress", "in progress", "waiting"];

/// Looks at an answer to see whether it is one.
pub(super) fn look(reply: &Reply, name: &str) -> Look {
    let Ok(value) = serde_json::from_str::<Value>(&reply.text()) else { return Look::Ready };
    // The ticket may stand beside or under the results.
    let objects = objects(&value);
    match (find(&objects, name), going_on(&objects)) {
        (Some(id), Some(waiting)) => Look::Ticket { id, waiting: Some(waiting) },
        (Some(id), None) => {
            let waiting = only(&objects, name).then(|| "the server has begun the work".to_owned());
            Look::Ticket { id, waiting }
        }
        (None, Some(waiting)) => Look::Waiting(waiting),
        (None, None) => Look::Ready,
    }
}

fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    match value {
        Value::Object(members) => {
            let mut found = vec![members];
            for (name, inner) in members {
                if name.eq_ignore_ascii_case("Results") {
                    found.extend(objects(inner));
                }
            }
            found
        }
        Value::Array(values) => values.iter().flat_map(objects).collect(),
        _ => Vec::new(),
    }
}

fn find(objects: &[&Map<String, Value>], name: &str) -> Option<Value> {
    objects.iter().find_map(|members| {
        let (_, id) = member(members, name)?;
        let said = id.as_str().is_some_and(|text| !text.trim().is_empty()) || id.is_number();
        said.then(|| id.clone())
    })
}

/// Whether the ticket is all that the answer says, but for words about it.
fn only(objects: &[&Map<String, Value>], name: &str) -> bool {
    objects.iter().all(|members| {
        members.iter().all(|(known, value)| {
            known.eq_ignore_ascii_case(name)
                || value.is_null()
                || (["Results", "Message", "State", "resultText"].iter().any(|word| known.eq_ignore_ascii_case(word)))
        })
    })
}

fn going_on(objects: &[&Map<String, Value>]) -> Option<String> {
    objects.iter().find_map(|members| {
        if member(members, "Waiting").is_some_and(|(_, value)| is_true(value)) {
            return Some("the server is still at work".to_owned());
        }
        let status = member(members, "Status")?.1.as_str()?;
        GOING_ON.iter().any(|word| status.eq_ignore_ascii_case(word)).then(|| format!("status: {status}"))
    })
}
