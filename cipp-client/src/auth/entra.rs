//! The client-credentials sign-in of Microsoft Entra: one form, one answer.

use super::{AccessToken, TokenProvider, aadsts};
use crate::client::{RetryPolicy, check_url, is_html};
use crate::error::ErrorKind;
use crate::redact::{excerpt, redact};
use crate::transport::{BoxFuture, Transport, TransportError, WireReply, WireRequest};
use crate::values::Secret;
use crate::{Error, client};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Where Entra's public cloud signs in.
const AUTHORITY: &str = "https://login.microsoftonline.com";

/// How long one try may take. Entra answers within a second or not at all.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long a token is taken to be good when the answer does not say.
const DEFAULT_LIFE: Duration = Duration::from_secs(300);

/// A token answer is a few kilobytes.
const MAX_BODY: usize = 1024 * 1024;

/// Signs in with a client id and its secret, as [CIPP's documentation](https://docs.cipp.app/api-documentation/setup-and-authentication)
/// describes. It keeps no token itself: the client does.
pub struct ClientCredentials {
    transport: Arc<dyn Transport>,
    tenant_id: String,
    client_id: String,
    secret: Secret,
    authority: Url,
    scope: Option<String>,
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("authority", &self.authority.as_str())
            .field("tenant_id", &self.tenant_id)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl ClientCredentials {
    /// The sign-in of an API client.
    ///
    /// `tenant_id` is the partner tenant in which CIPP lives, not a customer's. All three are shown in CIPP > Integrations >
    /// CIPP-API; the secret only once.
    ///
    /// # Errors
    /// When one of them is empty.
    pub fn new(
        transport: Arc<dyn Transport>,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let tenant_id = filled("tenant id", &tenant_id.into())?;
        let client_id = filled("client id", &client_id.into())?;
        let secret = Secret::new(filled("client secret", secret.into().expose())?);
        let authority = check_url("authority", AUTHORITY, false)?;
        Ok(Self { transport, tenant_id, client_id, secret, authority, scope: None })
    }

    /// Signs in elsewhere than in Entra's public cloud, such as `https://login.microsoftonline.us`.
    ///
    /// # Errors
    /// When it is no https address (or http to this machine).
    pub fn with_authority(self, authority: &str) -> Result<Self, Error> {
        let authority = check_url("authority", authority, false)?;
        Ok(self.at(authority))
    }

    /// Signs in at an address that was checked.
    pub(crate) fn at(self, authority: Url) -> Self {
        Self { authority, ..self }
    }

    /// Asks for another scope than `api://{client_id}/.default`.
    #[must_use]
    pub fn with_scope(self, scope: impl Into<String>) -> Self {
        Self { scope: Some(scope.into()), ..self }
    }

    fn request(&self) -> WireRequest {
        let mut url = self.authority.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend([&*self.tenant_id, "oauth2", "v2.0", "token"]);
        }
        let scope = match &self.scope {
            Some(scope) => scope.clone(),
            None => format!("api://{}/.default", self.client_id),
        };
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.secret.expose())
            .append_pair("scope", &scope)
            .finish();
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded")),
            (ACCEPT, HeaderValue::from_static("application/json")),
            (USER_AGENT, HeaderValue::from_static(client::USER_AGENT)),
        ]);
        WireRequest::new(Method::POST, url, headers, Some(body.into()))
    }

    fn host(&self) -> &str {
        self.authority.host_str().unwrap_or_default()
    }

    async fn fetch(&self) -> Result<AccessToken, Error> {
        let policy = RetryPolicy::default();
        let mut attempt = 1;
        loop {
            let (error, wait) = match tokio::time::timeout(TIMEOUT, self.exchange()).await {
                Ok(Ok(token)) => return Ok(token),
                Ok(Err(Trouble::Final(error))) => return Err(error.with_attempts(attempt)),
                Ok(Err(Trouble::Passing(error))) => {
                    let asked = error.retry_after();
                    (error, policy.backoff(attempt, asked))
                }
                Err(_) => {
                    let message = format!("{} did not answer within {} s", self.host(), TIMEOUT.as_secs());
                    (Error::new(ErrorKind::Connect, "sign-in", message), policy.backoff(attempt, None))
                }
            };
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error.with_attempts(attempt)),
            }
            attempt += 1;
        }
    }

    async fn exchange(&self) -> Result<AccessToken, Trouble> {
        let broken = |error: TransportError| {
            let message = format!("{} cannot be reached: {error}", self.host());
            Trouble::Passing(Error::new(ErrorKind::Connect, "sign-in", message).with_source(error))
        };
        let mut reply = self.transport.send(self.request()).await.map_err(broken)?;
        let mut body = Vec::new();
        while let Some(chunk) = reply.body.chunk().await.map_err(broken)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(Trouble::Final(self.not_a_token(&reply, &body)));
            }
            body.extend_from_slice(&chunk);
        }
        let json: Option<Value> = serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body)).ok();
        match json {
            Some(Value::Object(answer)) if reply.status.is_success() => match answer.get("access_token") {
                Some(Value::String(token)) if !token.is_empty() => {
                    Ok(AccessToken::new(token.as_str(), Some(life(answer.get("expires_in")))))
                }
                _ => Err(Trouble::Final(self.not_a_token(&reply, &body))),
            },
            json => Err(self.refusal(&reply, json.as_ref(), &body)),
        }
    }

    /// Why there was no token.
    fn refusal(&self, reply: &WireReply, json: Option<&Value>, body: &[u8]) -> Trouble {
        let text = |name| json.and_then(|json: &Value| json.get(name)).and_then(Value::as_str).unwrap_or_default();
        let mut codes: Vec<u32> = match json.and_then(|json| json.get("error_codes")) {
            Some(Value::Array(codes)) => codes.iter().filter_map(|code| code.as_u64()?.try_into().ok()).collect(),
            _ => Vec::new(),
        };
        let description = text("error_description");
        codes.extend(aadsts::codes_in(description));
        let status = reply.status;
        let decorate =
            |error: Error| error.with_status(status).with_body(excerpt(body, std::slice::from_ref(&self.secret)));

        let busy = status == StatusCode::TOO_MANY_REQUESTS;
        if busy || status.is_server_error() || aadsts::is_passing(&codes) {
            let kind = if busy { ErrorKind::RateLimited } else { ErrorKind::Connect };
            let message = format!("{} answered HTTP {}: try again in a minute", self.host(), status.as_u16());
            let wait = client::retry_after(&reply.headers);
            return Trouble::Passing(decorate(Error::new(kind, "sign-in", message)).with_retry_after(wait));
        }
        if let Some((code, words)) = aadsts::advice(&codes) {
            return Trouble::Final(decorate(Error::auth(format!("{words} (AADSTS{code})"))));
        }
        let error = text("error");
        if error.is_empty() {
            return Trouble::Final(self.not_a_token(reply, body));
        }
        // Microsoft's own words, without the trace ids that follow the first line.
        let first = description.lines().next().unwrap_or_default();
        let first = redact(first, std::slice::from_ref(&self.secret)).into_owned();
        let hint = if status == StatusCode::BAD_REQUEST && codes.is_empty() {
            "; on a first sign-in this usually means that the API client's application has no Application ID URI: \
             use Repair URI in CIPP > Integrations > CIPP-API"
        } else {
            ""
        };
        Trouble::Final(decorate(Error::auth(format!("{} refused: {error} {first}{hint}", self.host()))))
    }

    /// Something else answered in Entra's place.
    fn not_a_token(&self, reply: &WireReply, body: &[u8]) -> Error {
        let host = self.host();
        let status = reply.status.as_u16();
        let message = if is_html(&reply.headers, body) || reply.status.is_redirection() {
            format!(
                "{host} answered HTTP {status} with a web page or redirect in place of a token: a captive portal or a proxy \
                 stands in between, or the authority is wrong"
            )
        } else {
            format!("{host} answered HTTP {status} without a token: check the authority, and the proxy in between")
        };
        // A success that is no token answer may still hold a token somewhere, so its body is not kept.
        let error = Error::auth(message).with_status(reply.status);
        if reply.status.is_success() {
            error
        } else {
            error.with_body(excerpt(body, std::slice::from_ref(&self.secret)))
        }
    }
}

impl TokenProvider for ClientCredentials {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(self.fetch())
    }
}

/// A value without the blanks that copying brings along.
fn filled(name: &str, text: &str) -> Result<String, Error> {
    match text.trim() {
        "" => Err(Error::config("sign-in", format!("the {name} is empty"))),
        text => Ok(text.to_owned()),
    }
}

/// Whether another try may help.
enum Trouble {
    Passing(Error),
    Final(Error),
}

/// How long the token is good. Some authorities send a number as text; zero or less means that it is good for one call.
fn life(expires_in: Option<&Value>) -> Duration {
    let seconds = match expires_in {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    seconds.map_or(DEFAULT_LIFE, |seconds| Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(DEFAULT_LIFE))
}
