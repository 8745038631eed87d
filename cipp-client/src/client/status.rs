//! From a status to an error that says what to do.

use super::execute::in_doubt;
use super::html::{is_html, looks_like_html, media_type, words};
use super::retry::{Fault, retry_after};
use crate::Error;
use crate::catalogue::{Kind, OutputShape};
use crate::error::ErrorKind;
use crate::redact::{excerpt, redact};
use crate::reply::{Reply, message_of};
use crate::request::Parts;
use crate::text::starts;
use http::StatusCode;
use http::header::LOCATION;
use url::Url;

/// How the server's own words begin when it refuses a caller. Any other 403 is a failure of the work itself.
const FORBIDDEN: &str = "Access to this";

/// How the server's own words begin when a feature is off.
const FEATURE_OFF: &str = "This feature has been disabled";

/// The whole answer to a path that the server has no function for.
const NO_ENDPOINT: &str = "Endpoint not found";

/// Says whether an answer can be read, and if not, why.
pub(crate) fn judge(reply: &Reply, parts: &Parts) -> Result<(), (Fault, Error)> {
    let status = reply.status;
    let shape = parts.action.map(|action| action.outputs.shape);
    if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
        return match shape {
            Some(OutputShape::Redirect) => Ok(()),
            _ => Err((Fault::Lasting, redirected(reply, parts))),
        };
    }
    if status.is_success() {
        return if is_page(reply, shape) { Err((Fault::Lasting, portal(reply, parts))) } else { Ok(()) };
    }
    let code = status.as_u16();
    let fault = Fault::Status(code, retry_after(&reply.headers));
    let page = is_html(&reply.headers, &reply.body);
    Err(match code {
        401 => (Fault::Lasting, refused(reply, parts)),
        // Azure's own pages about a stopped app are HTML too.
        403..=405 if page && !words(&reply.text()).to_lowercase().contains("stopped") => {
            (Fault::Lasting, portal(reply, parts))
        }
        403 if text_starts(reply, FORBIDDEN) => (Fault::Lasting, forbidden(reply, parts)),
        404 if text_starts(reply, NO_ENDPOINT) => (Fault::Lasting, unknown_action(reply, parts)),
        407 => {
            let message = "the proxy wants a user name and password (HTTP 407): write them into the proxy's URL";
            (Fault::Lasting, error(ErrorKind::Connect, message, reply, parts))
        }
        429 => {
            let wait = retry_after(&reply.headers);
            let when = wait.map_or_else(|| "a little later".to_owned(), |wait| format!("after {} s", wait.as_secs()));
            let message = format!("HTTP 429: too many calls; try again {when}, with fewer at once");
            (fault, error(ErrorKind::RateLimited, message, reply, parts).with_retry_after(wait))
        }
        503 if text_starts(reply, FEATURE_OFF) => {
            let message = format!("HTTP 503: the feature is switched off on this server: {}", said(reply));
            (Fault::Lasting, error(ErrorKind::Unavailable, message, reply, parts))
        }
        // The server behind the gateway may have done the work, or be doing it still.
        502 | 504 if parts.kind != Kind::Read => {
            let doubt = in_doubt(parts, &format!("HTTP {code}: the gateway gave up waiting for the server"));
            (fault, decorate(doubt, reply))
        }
        _ => {
            let wait = retry_after(&reply.headers);
            let message = format!("HTTP {code}: {}", said(reply));
            (fault, error(ErrorKind::Status, message, reply, parts).with_retry_after(wait))
        }
    })
}

/// Whether a success is a web page in place of an answer. A file or text may be HTML when its header does not say that it is a page.
fn is_page(reply: &Reply, shape: Option<OutputShape>) -> bool {
    match shape {
        Some(OutputShape::Bytes | OutputShape::Text) => {
            media_type(&reply.headers) == "text/html" && looks_like_html(&reply.body)
        }
        _ => is_html(&reply.headers, &reply.body),
    }
}

fn error(kind: ErrorKind, message: impl Into<String>, reply: &Reply, parts: &Parts) -> Error {
    decorate(Error::new(kind, &parts.operation, message), reply)
}

fn decorate(error: Error, reply: &Reply) -> Error {
    error.with_status(reply.status).with_attempts(reply.attempts).with_body(excerpt(&reply.body, &reply.hidden))
}

/// What the server says, in a line.
fn said(reply: &Reply) -> String {
    let text = reply.text();
    let said = if is_html(&reply.headers, &reply.body) { page_words(reply) } else { message_of(&text, &reply.hidden) };
    if said.is_empty() {
        format!("{}, with no explanation", reply.status.canonical_reason().unwrap_or("an unknown status"))
    } else {
        said
    }
}

/// What a person would read on a page. The secrets go first, so that none is cut in half and survives.
fn page_words(reply: &Reply) -> String {
    words(&redact(&reply.text(), &reply.hidden))
}

/// Whether the answer is a bare text, perhaps in quotes, that starts like this.
fn text_starts(reply: &Reply, start: &str) -> bool {
    let text = reply.text();
    let text = text.trim_start().trim_start_matches('"');
    starts(text, start)
}

/// The server, or Azure in front of it, does not take the token.
pub(crate) fn refused(reply: &Reply, parts: &Parts) -> Error {
    let message = "HTTP 401: the server does not accept the sign-in: in CIPP > Integrations > CIPP-API the API client must be \
                   enabled and saved to Azure (which takes about a minute), and the tenant and client id must be those of this server";
    error(ErrorKind::Auth, message, reply, parts)
}

/// The server knows the caller, and refuses it. It uses the same words for a missing permission and for a foreign address.
fn forbidden(reply: &Reply, parts: &Parts) -> Error {
    let role = parts.action.map(|action| action.role).filter(|role| !role.is_empty());
    let what = match role {
        Some(role) => format!("the permission {role}"),
        None => "the permission for it".to_owned(),
    };
    let message = if text_starts(reply, "Access to this tenant") {
        format!("HTTP 403: the API client's role does not include this tenant, or lacks {what}")
    } else {
        format!("HTTP 403: the API client lacks {what}, or its IP range does not include this address")
    };
    error(ErrorKind::Auth, message, reply, parts).with_role(role)
}

fn unknown_action(reply: &Reply, parts: &Parts) -> Error {
    let message = format!(
        "HTTP 404: {} is not on this server: its CIPP is older or newer than the version that this client describes",
        parts.path
    );
    error(ErrorKind::Status, message, reply, parts)
}

fn portal(reply: &Reply, parts: &Parts) -> Error {
    let words = page_words(reply);
    let quote = if words.is_empty() { String::new() } else { format!(" (it reads: {words})") };
    let message = format!(
        "HTTP {}: this is the portal or a sign-in page, not the API URL{quote}: use the API URL that \
         CIPP > Integrations > CIPP-API shows",
        reply.status.as_u16()
    );
    error(ErrorKind::Auth, message, reply, parts)
}

/// The server points elsewhere. The target's path and query may hold a sign-in state, so only the host is named.
fn redirected(reply: &Reply, parts: &Parts) -> Error {
    let target = reply.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let host = target.and_then(|target| Url::parse(target).ok()).and_then(|url| url.host_str().map(str::to_owned));
    let to = host.map_or_else(String::new, |host| format!(" to {host}"));
    let message = format!(
        "HTTP {}: the server redirects{to}, which is not followed: this is the portal or a sign-in page, not the API URL; use \
         the API URL that CIPP > Integrations > CIPP-API shows",
        reply.status.as_u16()
    );
    error(ErrorKind::Auth, message, reply, parts)
}
