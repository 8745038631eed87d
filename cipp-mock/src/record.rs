//! What was asked of the server.

use cipp_client::catalogue::{self, Type};
use serde_json::Value;
use std::fmt;

/// One request, as it arrived. Requests for tokens are recorded too, without the secret.
/// `Debug` hides what the specification calls a secret; the fields hold it as it came.
#[derive(Clone)]
#[non_exhaustive]
pub struct Recorded {
    /// HTTP method, such as `GET`.
    pub method: String,
    /// Path as sent, such as `/api/ListUsers`.
    pub path: String,
    /// Query string, decoded, in the order in which it came.
    pub query: Vec<(String, String)>,
    /// The body, where it is JSON.
    pub body: Option<Value>,
    /// Headers, names in lower case. The value of `authorization` is hidden.
    pub headers: Vec<(String, String)>,
    /// Status of the answer; 0 while it is not decided, and when the connection was reset.
    pub status: u16,
    /// Whether the action was carried out, or the question answered in earnest: past sign-in, permissions and checks, and not
    /// refused by the action itself. Faults may have lost the answer all the same.
    pub carried_out: bool,
    /// By which the answer's status finds its record, though others may have been cleared meanwhile.
    pub(crate) number: u64,
}

impl Recorded {
    /// The last part of the path, such as `ListUsers`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// A value of the query. The name's case does not matter.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A member of the body. The name's case does not matter.
    #[must_use]
    pub fn body_value(&self, name: &str) -> Option<&Value> {
        let members = self.body.as_ref()?.as_object()?;
        members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The request in a line, for reports: the query with its values, the body with the names of its members.
    pub(crate) fn in_a_line(&self) -> String {
        let secret = self.secret_names();
        let query: Vec<String> = self
            .query
            .iter()
            .map(
                |(name, value)| {
                    if is_in(&secret, name) { format!("{name}=[hidden]") } else { format!("{name}={value}") }
                },
            )
            .collect();
        let mut text = format!("{} {}", self.method, self.path);
        if !query.is_empty() {
            text.push_str(&format!("?{}", query.join("&")));
        }
        if let Some(members) = self.body.as_ref().and_then(Value::as_object) {
            let names: Vec<&str> = members.keys().map(String::as_str).collect();
            text.push_str(&format!(" {{{}}}", names.join(", ")));
        }
        text
    }

    /// The names of the properties that hold secrets, in all actions of this endpoint.
    fn secret_names(&self) -> Vec<&'static str> {
        let actions =
            catalogue::actions().iter().filter(|action| action.endpoint().eq_ignore_ascii_case(self.endpoint()));
        let mut names = Vec::new();
        for property in actions.flat_map(|action| action.properties) {
            gather(property.name, &property.ty, &mut names, 0);
        }
        names
    }
}

/// Adds the names of secrets at and below a property.
fn gather(name: &'static str, ty: &Type, names: &mut Vec<&'static str>, depth: u8) {
    match ty {
        Type::Secret => names.push(name),
        Type::List(inner) | Type::Map(inner) => gather(name, inner, names, depth),
        Type::Model(table) if depth < 4 => {
            table.schema().fields.iter().for_each(|field| gather(field.name, &field.ty, names, depth + 1));
        }
        _ => {}
    }
}

fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The value without the members of these names.
fn hidden(value: &Value, names: &[&str]) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| {
                    let value = if is_in(names, name) { Value::from("[hidden]") } else { hidden(value, names) };
                    (name.clone(), value)
                })
                .collect(),
        ),
        Value::Array(items) => items.iter().map(|item| hidden(item, names)).collect(),
        value => value.clone(),
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = self.secret_names();
        let query: Vec<(&str, &str)> = self
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), if is_in(&secret, name) { "[hidden]" } else { value.as_str() }))
            .collect();
        f.debug_struct("Recorded")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &query)
            .field("body", &self.body.as_ref().map(|body| hidden(body, &secret)))
            .field("headers", &self.headers)
            .field("status", &self.status)
            .field("carried_out", &self.carried_out)
            .finish()
    }
}
