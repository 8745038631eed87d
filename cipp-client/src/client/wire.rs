//! From a request's parts to what is sent.

use super::{CallOptions, Shared, USER_AGENT};
use crate::Error;
use crate::catalogue::Method;
use crate::request::{Parts, Payload};
use crate::transport::WireRequest;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use url::Url;

/// The request as it is sent, but for the token.
pub(crate) fn wire(shared: &Shared, parts: &Parts, options: &CallOptions) -> Result<WireRequest, Error> {
    if let Some(reason) = &options.bad_header {
        return Err(Error::config(&parts.operation, reason));
    }
    let url = address(&shared.base, parts)?;
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(http::header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    let (method, body) = match parts.method {
        Method::Get if parts.payload.is_some() => {
            return Err(Error::config(&parts.operation, "a GET carries no body: use query(..), or post(..)"));
        }
        Method::Get => (http::Method::GET, None),
        Method::Post => {
            // Under any other type, or with no body, the server's functions read nothing.
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let json = match &parts.payload {
                Some(Payload::Json(json)) => json.to_string(),
                None => "{}".to_owned(),
            };
            (http::Method::POST, Some(json.into()))
        }
    };
    for (name, value) in shared.headers.iter().chain(&options.headers) {
        headers.insert(name, value.clone());
    }
    Ok(WireRequest::new(method, url, headers, body))
}

/// The address of the call. A path from outside the specification must stay a path: it cannot become a query or leave `/api/`.
fn address(base: &Url, parts: &Parts) -> Result<Url, Error> {
    let wrong = |message: &str| Err(Error::config(&parts.operation, message));
    if parts.path.contains(['?', '#']) {
        return wrong("the path contains ? or #: give values to query(..)");
    }
    let plain = parts.path.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '\\' | '%'));
    let name = parts.path.strip_prefix("/api/").unwrap_or_default();
    if !plain || name.is_empty() || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return wrong("this is no path of an action: write its name, such as ListUsers");
    }
    let mut url = base.clone();
    url.set_path(&format!("{}{}", base.path().trim_end_matches('/'), parts.path));
    if !parts.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&parts.query);
    }
    Ok(url)
}
