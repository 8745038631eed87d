//! A request in the form in which the transport sends it.

use crate::catalogue::{Action, FixedValue, Kind, Method};
use crate::values::Secret;
use serde_json::Value;
use std::fmt;

/// Everything about a request that goes over the wire, and what the client must know to send it rightly.
///
/// `Debug` shows the names of what is sent, not the values.
#[derive(Clone)]
#[non_exhaustive]
pub struct Parts {
    /// The action, where the request is a generated one.
    pub action: Option<&'static Action>,
    /// What errors and logs call it: the name of the action, or the path.
    pub operation: String,
    /// HTTP method.
    pub method: Method,
    /// Path on the server, starting with `/api/`.
    pub path: String,
    /// Whether it reads, changes or destroys.
    pub kind: Kind,
    /// Query string, name and value, not yet percent-encoded.
    pub query: Vec<(String, String)>,
    /// Body, for a POST.
    pub payload: Option<Payload>,
    /// The secrets in it. Whatever is shown of the request, and of its answer, is shown without them.
    pub secrets: Vec<Secret>,
    /// How the next page is asked for, where the request says it itself.
    pub(crate) paging: Option<Paging>,
    /// The name of the answer's member with which to ask again.
    pub(crate) ticket: Option<String>,
}

/// How the next page is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Paging {
    /// The name under which the server's text for the next page is handed back.
    pub(crate) next: String,
    /// Whether that is in the query; else in the body.
    pub(crate) in_query: bool,
    /// What is sent along with every page, in the same place.
    pub(crate) with: Vec<(String, Value)>,
}

impl Parts {
    /// How the next page is asked for: as the request says, or else the specification.
    pub(crate) fn paging(&self) -> Option<Paging> {
        let described = || {
            let rule = self.action?.paging?;
            let with = rule.with.iter().map(|fixed| (fixed.name.to_owned(), fixed.value.into())).collect();
            Some(Paging { next: rule.next.to_owned(), in_query: rule.place.in_query(), with })
        };
        self.paging.clone().or_else(described)
    }

    /// Sends a value along, in place of any of that name. The server does not tell names apart by case.
    pub(crate) fn set(&mut self, in_query: bool, name: &str, value: &Value) {
        if in_query {
            self.query.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.query.push((name.to_owned(), text));
            return;
        }
        let mut members = match self.payload.take() {
            Some(Payload::Json(Value::Object(members))) => members,
            _ => serde_json::Map::new(),
        };
        members.retain(|known, _| !known.eq_ignore_ascii_case(name));
        members.insert(name.to_owned(), value.clone());
        self.payload = Some(Payload::Json(Value::Object(members)));
    }
}

impl From<FixedValue> for Value {
    fn from(value: FixedValue) -> Self {
        match value {
            FixedValue::Bool(value) => Self::Bool(value),
            FixedValue::Int(value) => Self::from(value),
            FixedValue::Text(text) => Self::from(text),
        }
    }
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Payload {
    /// JSON.
    Json(Value),
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<&str> = self.query.iter().map(|(name, _)| name.as_str()).collect();
        let body: Vec<&String> = match &self.payload {
            Some(Payload::Json(Value::Object(members))) => members.keys().collect(),
            _ => Vec::new(),
        };
        f.debug_struct("Parts")
            .field("operation", &self.operation)
            .field("method", &self.method.as_str())
            .field("path", &self.path)
            .field("query", &query)
            .field("body", &body)
            .finish_non_exhaustive()
    }
}
