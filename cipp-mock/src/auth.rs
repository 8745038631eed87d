//! Sign-in: the token endpoint, which answers as Entra ID does, and the check of the tokens it gave out.

use crate::answer::Answer;
use crate::clock;
use crate::state::State;
use serde_json::{Value, json};
use std::fmt;
use std::time::Duration;
use tokio::time::Instant;

/// What faults and records call the token endpoint.
pub(crate) const ENDPOINT: &str = "token";

/// The one API client that the server knows.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) tenant_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("tenant_id", &self.tenant_id)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// The tokens that were given out.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// How long a new token is good.
    pub(crate) lifetime: Duration,
    issued: Vec<Token>,
    count: u64,
}

#[derive(Debug)]
struct Token {
    text: String,
    since: Instant,
    /// How far the clock had been moved when it was given out.
    moved: Duration,
    lifetime: Duration,
}

impl Tokens {
    pub(crate) const fn new() -> Self {
        Self { lifetime: Duration::from_secs(3599), issued: Vec::new(), count: 0 }
    }

    fn issue(&mut self, moved: Duration) -> String {
        self.count += 1;
        let text = format!("mock-token-{}", self.count);
        self.issued.push(Token { text: text.clone(), since: Instant::now(), moved, lifetime: self.lifetime });
        text
    }

    /// Makes every token that was given out worthless.
    pub(crate) fn revoke(&mut self) {
        self.issued.clear();
    }

    /// Whether a request with this `Authorization` header may pass.
    pub(crate) fn accepts(&self, header: Option<&str>, moved: Duration) -> bool {
        let Some(text) = header.and_then(|header| header.strip_prefix("Bearer ")) else { return false };
        self.issued.iter().any(|token| {
            let age = token.since.elapsed().saturating_add(moved.saturating_sub(token.moved));
            token.text == text && age < token.lifetime
        })
    }
}

/// The tenant in the path of a token request, `/{tenant}/oauth2/v2.0/token`.
pub(crate) fn tenant_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    let (tenant, rest) = rest.split_once('/')?;
    rest.trim_end_matches('/').eq_ignore_ascii_case("oauth2/v2.0/token").then_some(tenant)
}

/// Answers a token request.
pub(crate) fn token(state: &mut State, tenant: &str, body: &[u8]) -> Answer {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let known = &state.credentials;
    let now = state.clock.now();
    if field("grant_type") != "client_credentials" {
        return refusal(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.", now);
    }
    if !tenant.eq_ignore_ascii_case(&known.tenant_id) {
        let text = format!("Tenant '{tenant}' not found. Check that it is the right one.");
        return refusal(400, "invalid_request", 90002, &text, now);
    }
    if !field("client_id").eq_ignore_ascii_case(&known.client_id) {
        let text = format!("Application with identifier '{}' was not found in the directory.", field("client_id"));
        return refusal(400, "unauthorized_client", 700_016, &text, now);
    }
    if field("client_secret").is_empty() {
        return refusal(401, "invalid_client", 7_000_216, "A client secret or assertion is required.", now);
    }
    if field("client_secret") != known.client_secret {
        return refusal(401, "invalid_client", 7_000_215, "Invalid client secret provided.", now);
    }
    if !field("scope").eq_ignore_ascii_case(&format!("api://{}/.default", known.client_id)) {
        let text = format!("The resource of scope '{}' was not found in the tenant.", field("scope"));
        return refusal(400, "invalid_resource", 500_011, &text, now);
    }
    let text = state.tokens.issue(state.clock.moved());
    let lifetime = state.tokens.lifetime.as_secs();
    Answer::json(
        200,
        json!({ "token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": text }),
    )
    .with_header("cache-control", "no-store")
}

fn refusal(status: u16, error: &str, code: u32, text: &str, now: i64) -> Answer {
    let body: Value = json!({
        "error": error,
        "error_description": format!("AADSTS{code}: {text} Trace ID: {}", crate::world::guid("trace", u64::from(code))),
        "error_codes": [code],
        "timestamp": clock::iso(now),
        "trace_id": crate::world::guid("trace", u64::from(code)),
        "correlation_id": crate::world::guid("correlation", u64::from(code)),
    });
    Answer::json(status, body)
}
