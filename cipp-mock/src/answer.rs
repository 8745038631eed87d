//! An answer: first what an action says, then the bytes that go out.

use crate::project;
use crate::quirk::{Quirk, numbers_as_text};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use cipp_client::catalogue::{Action, Outputs};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// What an action answers; an error is an answer too, one that ends the work early.
pub(crate) type Outcome = Result<Answer, Answer>;

/// What is said, with its status.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content: Content,
    metadata: Option<Value>,
    headers: Vec<(String, String)>,
    /// Whether records go out as they are, and not only what the specification knows of them.
    unprojected: bool,
}

/// What is said.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// JSON exactly as given.
    Json(Value),
    /// Records, to be given the shape that the action's specification says.
    Rows(Vec<Value>),
    /// One record, likewise.
    Object(Value),
    /// Messages about what was done, under `Results`.
    Results(Value),
    /// Bare text.
    Text(String),
    /// A page.
    Html(String),
    /// A file.
    Bytes(&'static str, Vec<u8>),
    /// Somewhere else.
    Redirect(String),
    /// Nothing.
    Empty,
}

impl Answer {
    const fn new(status: u16, content: Content) -> Self {
        Self { status, content, metadata: None, headers: Vec::new(), unprojected: false }
    }

    /// JSON as it is.
    pub(crate) const fn json(status: u16, value: Value) -> Self {
        Self::new(status, Content::Json(value))
    }

    /// Records of a list.
    pub(crate) const fn rows(rows: Vec<Value>) -> Self {
        Self::new(200, Content::Rows(rows))
    }

    /// One record.
    pub(crate) const fn object(record: Value) -> Self {
        Self::new(200, Content::Object(record))
    }

    /// One message, as a text.
    pub(crate) fn done(text: impl Into<String>) -> Self {
        Self::new(200, Content::Results(Value::String(text.into())))
    }

    /// Messages: a list of texts or result objects.
    pub(crate) fn results(items: impl Into<Value>) -> Self {
        Self::new(200, Content::Results(items.into()))
    }

    /// A failure that says so, under `Results`.
    pub(crate) fn failed(status: u16, text: impl Into<String>) -> Self {
        Self::new(status, Content::Results(Value::String(text.into())))
    }

    /// Bare text.
    pub(crate) fn text(status: u16, text: impl Into<String>) -> Self {
        Self::new(status, Content::Text(text.into()))
    }

    /// A page.
    pub(crate) fn html(status: u16, page: impl Into<String>) -> Self {
        Self::new(status, Content::Html(page.into()))
    }

    /// A file.
    pub(crate) const fn bytes(kind: &'static str, bytes: Vec<u8>) -> Self {
        Self::new(200, Content::Bytes(kind, bytes))
    }

    /// Somewhere else.
    pub(crate) fn redirect(to: impl Into<String>) -> Self {
        Self::new(302, Content::Redirect(to.into()))
    }

    /// Nothing at all.
    pub(crate) const fn empty(status: u16) -> Self {
        Self::new(status, Content::Empty)
    }

    /// The one row as it is, not in a list.
    pub(crate) fn alone(mut self) -> Self {
        if let Content::Rows(mut rows) = self.content {
            self.content = Content::Object(rows.pop().unwrap_or_default());
        }
        self
    }

    /// Another status.
    pub(crate) const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// What stands beside the rows.
    pub(crate) fn with_metadata(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// Records as they are.
    pub(crate) const fn unprojected(mut self) -> Self {
        self.unprojected = true;
        self
    }

    /// A header more.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The bytes that go out: rows get the shape that the specification says, and the quirks that are on.
    pub(crate) fn finish(self, action: Option<&Action>, quirks: &HashSet<Quirk>, fill: bool) -> Finished {
        let outputs = action.map(|action| action.outputs);
        let Self { status, content, metadata, mut headers, unprojected } = self;
        let (kind, body) = match content {
            Content::Rows(rows) => {
                let enveloped = outputs.map_or(metadata.is_some(), |outputs| outputs.enveloped)
                    || unprojected && metadata.is_some();
                let rows =
                    if unprojected { rows } else { rows.iter().map(|row| project::row(row, outputs, fill)).collect() };
                shaped(rows, metadata, enveloped, quirks)
            }
            Content::Object(record) => {
                let record = if unprojected { record } else { project::object(&record, outputs, fill) };
                let body = match outputs {
                    Some(Outputs { enveloped: true, .. }) => {
                        json!({ "Results": record, "Metadata": metadata.unwrap_or_default() })
                    }
                    _ => record,
                };
                encoded(body, quirks)
            }
            Content::Results(mut items) => {
                if quirks.contains(&Quirk::OneMessageAsText)
                    && let Value::Array(list) = &mut items
                    && list.len() == 1
                {
                    items = list.pop().unwrap_or_default();
                }
                let mut body = Map::from_iter([("Results".to_owned(), items)]);
                if let Some(Value::Object(more)) = metadata {
                    body.extend(more);
                }
                encoded(Value::Object(body), quirks)
            }
            Content::Json(value) => encoded(value, quirks),
            Content::Text(text) => (text_type(&text), text.into_bytes()),
            Content::Html(page) => ("text/html; charset=utf-8", page.into_bytes()),
            Content::Bytes(kind, bytes) => (kind, bytes),
            Content::Redirect(to) => {
                headers.push(("location".to_owned(), to));
                ("text/plain; charset=utf-8", Vec::new())
            }
            Content::Empty => ("text/plain; charset=utf-8", Vec::new()),
        };
        Finished { status, kind: kind.to_owned(), headers, body }
    }
}

/// Rows in a list, and that in its envelope where it has one.
fn shaped(
    mut rows: Vec<Value>,
    metadata: Option<Value>,
    enveloped: bool,
    quirks: &HashSet<Quirk>,
) -> (&'static str, Vec<u8>) {
    for row in &mut rows {
        if quirks.contains(&Quirk::NumbersAsText) {
            numbers_as_text(row);
        }
        if let (true, Value::Object(members)) = (quirks.contains(&Quirk::UnknownField), row) {
            members.insert("mockAddition".to_owned(), json!({ "since": "tomorrow" }));
        }
    }
    let empty = rows.is_empty();
    if empty && quirks.contains(&Quirk::EmptyAsNothing) {
        return ("text/plain; charset=utf-8", Vec::new());
    }
    let list = if empty && quirks.contains(&Quirk::EmptyAsNull) {
        Value::Null
    } else if empty && quirks.contains(&Quirk::EmptyAsNullRow) {
        json!([null])
    } else if rows.len() == 1 && quirks.contains(&Quirk::OneAsObject) {
        rows.pop().unwrap_or_default()
    } else {
        Value::Array(rows)
    };
    let body =
        if enveloped { json!({ "Results": list, "Metadata": metadata.unwrap_or_else(|| json!({})) }) } else { list };
    encoded(body, quirks)
}

/// JSON as the Functions host sends it: a text that is not itself JSON goes out bare.
fn encoded(value: Value, quirks: &HashSet<Quirk>) -> (&'static str, Vec<u8>) {
    let mut body = match &value {
        Value::String(text) => return (text_type(text), text.clone().into_bytes()),
        value => value.to_string().into_bytes(),
    };
    if quirks.contains(&Quirk::ByteOrderMark) {
        body.splice(..0, *b"\xEF\xBB\xBF");
    }
    let kind = if quirks.contains(&Quirk::PlainTextType) {
        "text/plain; charset=utf-8"
    } else {
        "application/json; charset=utf-8"
    };
    (kind, body)
}

/// The host calls a text JSON when it looks like an object or a list.
fn text_type(text: &str) -> &'static str {
    let looks = text.trim_start().starts_with(['{', '[']);
    if looks && serde_json::from_str::<Value>(text).is_ok() {
        "application/json; charset=utf-8"
    } else {
        "text/plain; charset=utf-8"
    }
}

/// An answer in bytes.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Finished {
    /// The answer as HTTP.
    pub(crate) fn into_response(self) -> Response<Body> {
        respond(self.status, &self.kind, &self.headers, self.body)
    }
}

/// An HTTP answer. Headers that are none are left out.
pub(crate) fn respond(status: u16, kind: &str, headers: &[(String, String)], body: Vec<u8>) -> Response<Body> {
    headed(status, kind, headers, Body::from(body))
}

/// Any body with its head.
pub(crate) fn headed(status: u16, kind: &str, headers: &[(String, String)], body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let typed = [("content-type".to_owned(), kind.to_owned())];
    for (name, value) in typed.iter().filter(|(_, value)| !value.is_empty()).chain(headers) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.as_str())) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
