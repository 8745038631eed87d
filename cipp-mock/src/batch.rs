//! `POST /api/$batch`: up to twenty requests in one. The answers come in the opposite order, so that nobody relies on any.

use crate::answer::{Answer, Finished};
use serde_json::{Value, json};
use std::collections::HashSet;

/// What the endpoint is called.
pub(crate) const ENDPOINT: &str = "$batch";

/// More than this is refused.
const LARGEST: usize = 20;

/// One request of a batch.
pub(crate) struct Part {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Answers a batch; `answer` answers one part.
pub(crate) fn answer(body: &Value, answer: impl FnMut(Part) -> Finished) -> Finished {
    let reply = match body.get("requests").and_then(Value::as_array) {
        None => Answer::failed(400, "requests is required"),
        Some(requests) if requests.len() > LARGEST => {
            Answer::failed(400, format!("a batch holds at most {LARGEST} requests"))
        }
        Some(requests) => {
            let mut responses: Vec<Value> = requests.iter().map(part).map(answer).map(response).collect();
            for (response, request) in responses.iter_mut().zip(requests) {
                if let Value::Object(members) = response {
                    members.insert("id".to_owned(), request.get("id").cloned().unwrap_or_default());
                }
            }
            responses.reverse();
            Answer::json(200, json!({ "responses": responses }))
        }
    };
    reply.finish(None, &HashSet::new(), false)
}

fn part(request: &Value) -> Part {
    let text = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let query = request.get("query").and_then(Value::as_object).into_iter().flatten();
    let query =
        query.map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    let method = text("method");
    let body = request.get("body").filter(|_| method.eq_ignore_ascii_case("post"));
    Part {
        path: format!("/api/{}", text("url")),
        query: query.collect(),
        body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
        method: if method.is_empty() { "GET".to_owned() } else { method },
    }
}

fn response(answer: Finished) -> Value {
    let body = serde_json::from_slice(&answer.body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&answer.body).into_owned()));
    json!({ "status": answer.status, "body": body })
}
