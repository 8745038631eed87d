//! A request in the form in which the transport sends it.

use crate::catalogue::{Action, Kind, Method};
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
