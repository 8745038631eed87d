//! The request that a call would send, for people to read.

use crate::Error;
use crate::redact::{REDACTED, redact, redact_body};
use crate::transport::{WireRequest, is_secret_header};
use crate::values::Secret;
use std::fmt;

/// What a call would send, made by [`Call::dry_run`](crate::Call::dry_run). Nothing is sent, not even for the sign-in.
///
/// `Display` is the request as HTTP text, exactly as it would be sent but for its secrets, or the reason why it cannot be sent.
#[derive(Debug, Clone)]
pub struct DryRun {
    method: String,
    url: String,
    target: String,
    host: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    error: Option<Error>,
}

impl DryRun {
    pub(crate) fn of(request: Result<WireRequest, Error>, secrets: &[Secret]) -> Self {
        match request {
            Ok(request) => Self::shown(&request, secrets),
            Err(error) => Self {
                method: String::new(),
                url: String::new(),
                target: String::new(),
                host: String::new(),
                headers: Vec::new(),
                body: None,
                error: Some(error),
            },
        }
    }

    fn shown(request: &WireRequest, secrets: &[Secret]) -> Self {
        let url = &request.url;
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let host = match url.port() {
            Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
            None => url.host_str().unwrap_or_default().to_owned(),
        };
        let mut headers = vec![("authorization".to_owned(), format!("Bearer {REDACTED}"))];
        for (name, value) in &request.headers {
            let value = if value.is_sensitive() || is_secret_header(name) {
                REDACTED.to_owned()
            } else {
                redact(&String::from_utf8_lossy(value.as_bytes()), secrets).into_owned()
            };
            let header = (name.as_str().to_owned(), value);
            headers.insert(headers.partition_point(|before| *before < header), header);
        }
        let body = request.body.as_ref().map(|body| redact_body(&String::from_utf8_lossy(body), secrets));
        Self {
            method: request.method.to_string(),
            url: redact(url.as_str(), secrets).into_owned(),
            target: redact(&target, secrets).into_owned(),
            host,
            headers,
            body,
            error: None,
        }
    }

    /// The HTTP method; empty where the request cannot be sent.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The full address, without secrets; empty where the request cannot be sent.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The body, without secrets, where there is one.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// The headers in the order of their names, without secrets.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Why the request cannot be sent, where it cannot.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(error) = &self.error {
            return write!(f, "cannot be sent: {error}");
        }
        writeln!(f, "{} {} HTTP/1.1", self.method, self.target)?;
        writeln!(f, "host: {}", self.host)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        match &self.body {
            Some(body) => write!(f, "\n{body}"),
            None => Ok(()),
        }
    }
}
