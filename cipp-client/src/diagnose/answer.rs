//! From an answer to its cause.

use super::cause::Cause;
use crate::client::{is_html, words};
use crate::redact::{one_line, redact};
use crate::text::starts;
use crate::values::Secret;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::time::{Duration, SystemTime};
use url::Url;

/// How much of an answer a finding quotes, in characters.
const QUOTE: usize = 200;

/// An answer to a probe.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) elapsed: Duration,
    /// This machine's time when it came.
    pub(super) at: SystemTime,
}

impl Answer {
    pub(super) fn json(&self) -> Option<Value> {
        crate::json::read(&self.body)
    }

    fn is_page(&self) -> bool {
        is_html(&self.headers, &self.body)
    }

    /// What a person would read, without the token.
    pub(super) fn said(&self, hidden: &[Secret]) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let text = redact(&text, hidden);
        let said = if self.is_page() { words(&text) } else { one_line(&text) };
        let said: String = said.trim_matches('"').chars().take(QUOTE).collect();
        match said.as_str() {
            "" => String::new(),
            said => format!(": {said}"),
        }
    }

    /// Whether a bare text, perhaps in quotes, starts like this.
    fn starts(&self, start: &str) -> bool {
        let text = String::from_utf8_lossy(&self.body);
        let text = text.trim_start_matches('\u{feff}').trim_start().trim_start_matches('"');
        starts(text, start)
    }
}

/// What is wrong with an answer that should be one of CIPP's, and what was seen. `None` when it is one.
///
/// `anonymous` says that no token was sent, so that a refusal is what a working server answers.
pub(super) fn judge(answer: &Answer, anonymous: bool, hidden: &[Secret]) -> Option<(Cause, String)> {
    let status = answer.status.as_u16();
    let page = answer.is_page();
    let said = || answer.said(hidden);
    let words = if page { words(&String::from_utf8_lossy(&answer.body)).to_lowercase() } else { String::new() };
    let cause = match status {
        300..=399 => return Some((Cause::Portal, redirect(answer))),
        401 if anonymous => return None,
        // With no body, or a page of Azure's: CIPP itself never answers so.
        401 => Cause::Unauthorized,
        403 if words.contains("stopped") => Cause::Stopped,
        403 if words.contains("forbidden") || words.contains("blocked your access") => Cause::BlockedAddress,
        403 if answer.starts("Access to this") && anonymous => return None,
        403 if answer.starts("Access to this") => Cause::Denied,
        403 if page => Cause::Portal,
        403 => Cause::Forbidden,
        404 if answer.starts("Endpoint not found") && anonymous => return None,
        404 if answer.starts("Endpoint not found") => Cause::OldServer,
        404 => Cause::NoSuchPath,
        407 => Cause::ProxyPassword,
        429 => Cause::Throttled,
        503 if answer.starts("This feature has been disabled") => Cause::FeatureOff,
        503 if words.contains("stopped") => Cause::Stopped,
        503 => Cause::Unavailable,
        502 | 504 => Cause::Gateway,
        500..=599 => Cause::ServerError,
        200..=299 if page => Cause::Portal,
        200..=299 if answer.json().is_some_and(|json| json.is_object() || json.is_array()) => return None,
        _ => Cause::NotCipp,
    };
    Some((cause, format!("HTTP {status}{}", said())))
}

/// Where the answer points, by host: the rest may hold the state of a sign-in.
fn redirect(answer: &Answer) -> String {
    let target = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let host = target.and_then(|target| Url::parse(target).ok()).and_then(|url| url.host_str().map(str::to_owned));
    let to = host.map_or_else(|| " to another page".to_owned(), |host| format!(" to {host}"));
    format!("HTTP {}: a redirect{to}, which is not followed", answer.status.as_u16())
}
