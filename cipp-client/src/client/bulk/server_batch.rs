//! Many reads in one request, by the server's own batch: `POST /api/$batch`.

use crate::Error;
use crate::catalogue::{Kind, Method};
use crate::client::status::judge;
use crate::client::{CallOptions, Client};
use crate::error::ErrorKind;
use crate::reply::Reply;
use crate::request::{Parts, Payload};
use crate::transport::BoxFuture;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};
use std::sync::atomic::Ordering;

/// More than this the server refuses.
pub(crate) const LARGEST: usize = 20;

/// Whether a request can be part of one: a read of an endpoint by its name.
pub(crate) fn takes(parts: &Parts) -> bool {
    let name = parts.path.strip_prefix("/api/").unwrap_or_default();
    parts.kind == Kind::Read && !name.is_empty() && !name.contains(['/', '$'])
}

/// Makes the calls together; one by one where the server cannot do that, and those of which the whole brought no answer.
pub(crate) fn fetch(
    client: Client,
    rows: Vec<Parts>,
    options: CallOptions,
) -> BoxFuture<'static, Vec<Result<Reply, Error>>> {
    Box::pin(async move {
        let mut answers = match together(&client, &rows, &options).await {
            Ok(answers) => answers,
            Err(error) => return rows.iter().map(|_| Err(error.clone())).collect(),
        };
        let mut results = Vec::with_capacity(rows.len());
        for (index, parts) in rows.into_iter().enumerate() {
            let number = index.to_string();
            let at = answers.iter().position(|(id, _)| *id == number);
            let answer = at.map(|at| answers.swap_remove(at).1);
            let busy = |reply: &Reply| matches!(reply.status.as_u16(), 401 | 429 | 502..=504);
            results.push(match answer {
                Some(reply) if !busy(&reply) => match judge(&reply, &parts) {
                    Ok(()) => Ok(reply),
                    Err((_, error)) => Err(error),
                },
                _ => client.execute(parts, options.clone()).await,
            });
        }
        results
    })
}

/// The answers by the number of the row. None at all where calls are better made one by one.
async fn together(client: &Client, rows: &[Parts], options: &CallOptions) -> Result<Vec<(String, Reply)>, Error> {
    let shared = &client.0;
    if shared.no_server_batch.load(Ordering::Relaxed) {
        return Ok(Vec::new());
    }
    let secrets: Vec<_> = rows.iter().flat_map(|parts| parts.secrets.iter().cloned()).collect();
    let requests: Vec<Value> = rows.iter().enumerate().map(|(index, parts)| one(index, parts)).collect();
    let whole = Parts {
        action: None,
        operation: "$batch".to_owned(),
        method: Method::Post,
        path: "/api/$batch".to_owned(),
        kind: Kind::Read,
        query: Vec::new(),
        payload: Some(Payload::Json(json!({ "requests": requests }))),
        secrets,
        paging: None,
        ticket: None,
    };
    match client.execute(whole, options.clone()).await {
        Ok(reply) => Ok(split(&reply)),
        // Asking twenty times over would not help here.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::Auth
                    | ErrorKind::Config
                    | ErrorKind::Connect
                    | ErrorKind::RateLimited
                    | ErrorKind::Timeout
                    | ErrorKind::Cancelled
            ) =>
        {
            Err(error)
        }
        Err(error) => {
            if error.status() == Some(StatusCode::NOT_FOUND) {
                shared.no_server_batch.store(true, Ordering::Relaxed);
            }
            Ok(Vec::new())
        }
    }
}

/// A request as part of a batch.
fn one(index: usize, parts: &Parts) -> Value {
    let mut query = Map::new();
    for (name, value) in &parts.query {
        // The Functions host joins what is named twice, and so must this.
        match query.get_mut(name) {
            Some(Value::String(joined)) => *joined = format!("{joined},{value}"),
            _ => {
                query.insert(name.clone(), Value::from(value.as_str()));
            }
        }
    }
    let body = match &parts.payload {
        Some(Payload::Json(body)) => body.clone(),
        None => json!({}),
    };
    json!({
        "id": index.to_string(),
        "method": parts.method.as_str(),
        "url": parts.path.trim_start_matches("/api/"),
        "query": query,
        "body": body,
    })
}

/// The parts of the answer, which come in any order, as answers of their own.
fn split(reply: &Reply) -> Vec<(String, Reply)> {
    let mut whole: Value = serde_json::from_str(&reply.text()).unwrap_or_default();
    let Some(Value::Array(responses)) = whole.get_mut("responses").map(Value::take) else { return Vec::new() };
    responses.into_iter().filter_map(|response| part(response, reply)).collect()
}

fn part(mut response: Value, whole: &Reply) -> Option<(String, Reply)> {
    let id = match response.get("id")? {
        Value::String(id) => id.clone(),
        id => id.to_string(),
    };
    let status = response.get("status")?;
    let status = status.as_u64().or_else(|| status.as_str()?.parse().ok())?;
    let status = StatusCode::from_u16(u16::try_from(status).ok()?).ok()?;
    let body = match response.get_mut("body").map(Value::take) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text,
        Some(json) => json.to_string(),
    };
    let mut reply = Reply::new(status, HeaderMap::new(), body);
    reply.attempts = whole.attempts;
    reply.elapsed = whole.elapsed;
    reply.hidden.clone_from(&whole.hidden);
    Some((id, reply))
}
