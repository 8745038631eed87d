//! Tickets: an answer that is only an id, with which to ask again.

use crate::reply::Reply;
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
    let id = find(&value, name);
    let waiting = going_on(&value);
    match (id, waiting) {
        (Some(id), Some(waiting)) => Look::Ticket { id, waiting: Some(waiting) },
        (Some(id), None) => {
            let waiting = only(&value, name).then(|| "the server has begun the work".to_owned());
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

fn find(value: &Value, name: &str) -> Option<Value> {
    let in_one = |members: &Map<String, Value>| {
        let (_, id) = members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let said = id.as_str().is_some_and(|text| !text.trim().is_empty()) || id.is_number();
        said.then(|| id.clone())
    };
    objects(value).into_iter().find_map(in_one)
}

/// Whether the ticket is all that the answer says, but for words about it.
fn only(value: &Value, name: &str) -> bool {
    objects(value).iter().all(|members| {
        members.iter().all(|(known, value)| {
            known.eq_ignore_ascii_case(name)
                || value.is_null()
                || (["Results", "Message", "State", "resultText"].iter().any(|word| known.eq_ignore_ascii_case(word)))
        })
    })
}

fn going_on(value: &Value) -> Option<String> {
    let one = |members: &Map<String, Value>| {
        let member =
            |wanted: &str| members.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value);
        if member("Waiting").is_some_and(crate::reply::is_true) {
            return Some("the server is still at work".to_owned());
        }
        let status = member("Status").and_then(Value::as_str)?;
        GOING_ON.iter().any(|word| status.eq_ignore_ascii_case(word)).then(|| format!("status: {status}"))
    };
    objects(value).into_iter().find_map(one)
}
