//! Requests for what the specification does not know yet.

use super::{Paging, Parts, Payload, Request};
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
    paging: Option<Paging>,
    ticket: Option<String>,
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
        Self {
            method,
            path: format!("/api/{name}"),
            kind,
            query: Vec::new(),
            body: None,
            secrets: Vec::new(),
            paging: None,
            ticket: None,
        }
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
            other => {
                let mut members = Map::new();
                members.insert(name.into(), value.into());
                *other = Some(Body(Value::Object(members)));
            }
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

    /// Says how the next page is asked for: the name under which the answer's `nextLink` is handed back, and what is sent along
    /// with every page. It travels in the query of a GET and in the body of a POST. For [`Call::pages`](crate::Call::pages).
    ///
    /// ```
    /// # use cipp_client::RawRequest;
    /// let users = RawRequest::get("ListGraphRequest")
    ///     .query("tenantFilter", "contoso.onmicrosoft.com")
    ///     .query("Endpoint", "users")
    ///     .paging("nextLink", [("manualPagination", true)]);
    /// ```
    #[must_use]
    pub fn paging<N: Into<String>, V: Into<Value>>(
        mut self,
        next: impl Into<String>,
        with: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let with = with.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.paging = Some(Paging { next: next.into(), in_query: self.method == Method::Get, with });
        self
    }

    /// Says that the answer may be a ticket: a member of this name, which is sent along under the same name to ask again. For
    /// [`Call::wait`](crate::Call::wait), as in `RawRequest::get("ExecBECCheck").ticket("GUID")`.
    #[must_use]
    pub fn ticket(mut self, name: impl Into<String>) -> Self {
        self.ticket = Some(name.into());
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
            paging: self.paging.clone(),
            ticket: self.ticket.clone(),
        })
    }
}
