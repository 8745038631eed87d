//! Requests for what the specification does not know yet.

use super::{Parts, Payload, Request};
use crate::Error;
use crate::catalogue::{Kind, Method};
use crate::values::Secret;
use serde_json::{Map, Value};

/// A request by name, with the same sign-in, limits and errors as a typed one. Its answer is plain JSON.
///
/// ```
/// use cipp_client::RawRequest;
/// let request = RawRequest::get("ListBrandNewThing").query("tenantFilter", "contoso.onmicrosoft.com");
/// ```
#[derive(Clone, Debug)]
pub struct RawRequest {
    method: Method,
    path: String,
    kind: Kind,
    query: Vec<(String, String)>,
    body: Option<Body>,
    secrets: Vec<Secret>,
}

/// A body whose values are not shown.
#[derive(Clone)]
struct Body(Value);

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(crate::model::kind_of(&self.0))
    }
}

impl RawRequest {
    /// A GET, which counts as a read. `endpoint` is a name (`ListThings`) or a path (`/api/ListThings`).
    #[must_use]
    pub fn get(endpoint: impl AsRef<str>) -> Self {
        Self::new(Method::Get, Kind::Read, endpoint.as_ref())
    }

    /// A POST, which counts as a write until [`kind`](Self::kind) says otherwise.
    #[must_use]
    pub fn post(endpoint: impl AsRef<str>) -> Self {
        Self::new(Method::Post, Kind::Write, endpoint.as_ref())
    }

    fn new(method: Method, kind: Kind, endpoint: &str) -> Self {
        let name = endpoint.trim_start_matches('/');
        let name = name.strip_prefix("api/").unwrap_or(name);
        Self { method, path: format!("/api/{name}"), kind, query: Vec::new(), body: None, secrets: Vec::new() }
    }

    /// Adds a value to the query.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds a member to the JSON body.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        match &mut self.body {
            Some(Body(Value::Object(members))) => {
                members.insert(name.into(), value.into());
            }
            other => *other = Some(Body(Value::Object(Map::from_iter([(name.into(), value.into())])))),
        }
        self
    }

    /// Sets the whole JSON body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(Body(body.into()));
        self
    }

    /// Says what the request does to the world, which decides whether it may be repeated.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Names a text in the request that must not be shown in dry runs, errors and logs.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<Secret>) -> Self {
        self.secrets.push(secret.into());
        self
    }
}

impl Request for RawRequest {
    type Output = Value;

    fn parts(&self) -> Result<Parts, Error> {
        Ok(Parts {
            action: None,
            operation: self.path.trim_start_matches("/api/").to_owned(),
            method: self.method,
            path: self.path.clone(),
            kind: self.kind,
            query: self.query.clone(),
            payload: self.body.clone().map(|Body(value)| Payload::Json(value)),
            secrets: self.secrets.clone(),
        })
    }
}
