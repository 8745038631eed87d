//! What a token says about itself. Its signature is not checked: that is the server's work.

use super::Check;
use super::cause::Cause;
use super::setup::is_guid;
use crate::auth::{SignInFacts, decode_base64url};
use serde_json::{Map, Value};

const TOKEN: &str = "token";

/// Clocks may differ by this much, in seconds.
const LEEWAY: i64 = 60;

/// The token's claims, and what is to be said about them.
pub(super) struct Reading {
    pub(super) checks: Vec<Check>,
    /// Whether the audience is that of a v2 token, which some servers do not take.
    pub(super) bare_audience: bool,
}

/// Reads a token. `now` is the time in seconds since 1970, by the best clock there is.
pub(super) fn read(token: &str, facts: &SignInFacts, now: i64) -> Reading {
    let Some(claims) = claims(token) else {
        let check = Check::skipped(TOKEN, "the token cannot be read here: it is no JWT");
        return Reading { checks: vec![check], bare_audience: false };
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let number = |name: &str| claims.get(name).and_then(Value::as_f64).map(|seconds| seconds as i64);
    let mut checks = Vec::new();
    let mut note = |cause, finding: String| checks.push(Check::of(TOKEN, cause, finding));

    let holder = text("appid").or_else(|| text("azp"));
    // Without a client id of our own, a token for the application that it was given to is right.
    let client = facts.client_id.as_deref().or(holder);
    let audience = text("aud").unwrap_or_default();
    let mut bare_audience = false;
    if let Some(client) = client {
        bare_audience = audience.eq_ignore_ascii_case(client);
        if bare_audience {
            note(Cause::BareAudience, format!("the audience is {audience}, not api://{client}"));
        } else if !audience.eq_ignore_ascii_case(&format!("api://{client}")) {
            note(Cause::WrongAudience, format!("the audience is {audience:?}, not api://{client}"));
        }
        if let Some(holder) = holder.filter(|holder| !holder.eq_ignore_ascii_case(client)) {
            note(Cause::WrongClient, format!("the token was given to {holder}, not to {client}"));
        }
    }
    if let (Some(ours), Some(theirs)) = (facts.tenant_id.as_deref(), text("tid"))
        && is_guid(ours)
        && !ours.eq_ignore_ascii_case(theirs)
    {
        note(Cause::WrongTenant, format!("the token is from tenant {theirs}, not {ours}"));
    }
    if let Some(end) = number("exp").filter(|end| *end + LEEWAY < now) {
        note(Cause::ExpiredToken, format!("the token expired {} s ago", now - end));
    }
    if let Some(start) = number("nbf").filter(|start| *start > now + LEEWAY) {
        note(Cause::NotYetValid, format!("the token becomes valid in {} s", start - now));
    }
    if text("scp").is_some() {
        note(Cause::UserToken, "the token has delegated permissions (scp)".to_owned());
    }
    if checks.is_empty() {
        let version = text("ver").map_or_else(String::new, |version| format!(", version {version}"));
        checks.push(Check::ok(TOKEN, format!("for {audience}{version}")));
    }
    Reading { checks, bare_audience }
}

fn claims(token: &str) -> Option<Map<String, Value>> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    match crate::json::read(&decode_base64url(payload)?)? {
        Value::Object(claims) => Some(claims),
        _ => None,
    }
}
