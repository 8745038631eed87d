//! What was asked of the server.

use serde_json::Value;

/// One request, as it arrived. Requests for tokens are recorded too, without the secret.
#[derive(Debug, Clone)]
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
}
