//! The client-credentials sign-in of Microsoft Entra: one form, one answer.

use super::proof::{Proof, Shown};
use super::{AccessToken, Cloud, SignInFacts, TokenProvider, aadsts};
use crate::client::{RetryPolicy, check_url, is_html};
use crate::error::ErrorKind;
use crate::redact::{excerpt, redact};
use crate::transport::{BoxFuture, Transport, TransportError, WireReply, WireRequest};
use crate::values::Secret;
use crate::{Error, client};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use secrecy::zeroize::Zeroize;
use serde_json::{Map, Value};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};
use url::Url;

/// How long one try may take. Entra answers within a second or not at all.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long a token is taken to be good when the answer does not say.
const DEFAULT_LIFE: Duration = Duration::from_secs(300);

/// A token answer is a few kilobytes.
const MAX_BODY: usize = 1024 * 1024;

/// A clock that is wrong by less than this is not the reason why an assertion was refused.
const SKEW: i64 = 30;

/// Signs in as an API client, as [CIPP's documentation](https://docs.cipp.app/api-documentation/setup-and-authentication)
/// describes: with its secret, with a certificate, or with the token of a federated identity. It keeps no token itself: the client
/// does.
pub struct ClientCredentials {
    transport: Arc<dyn Transport>,
    tenant_id: String,
    client_id: String,
    proof: Proof,
    authority: Url,
    scope: Option<String>,
    /// Seconds by which the authority's clock was ahead of this machine's, as far as is known. Only assertions made here need it.
    skew: AtomicI64,
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("authority", &self.authority.as_str())
            .field("tenant_id", &self.tenant_id)
            .field("client_id", &self.client_id)
            .field("proof", &self.proof)
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
        Self::with_proof(transport, tenant_id.into(), client_id.into(), Proof::secret(&secret.into())?)
    }

    /// The sign-in of a federated (workload) identity: Kubernetes, a pipeline or the like puts a short-lived token into `file`, and
    /// the API client's application trusts its issuer. The file is read anew for every sign-in, because its token is replaced
    /// every hour or so.
    ///
    /// # Errors
    /// When tenant id or client id is empty. The file need not be there yet.
    pub fn federated(
        transport: Arc<dyn Transport>,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
        file: impl Into<PathBuf>,
    ) -> Result<Self, Error> {
        Self::with_proof(transport, tenant_id.into(), client_id.into(), Proof::File(file.into()))
    }

    /// The sign-in with a certificate that is registered with the API client's application.
    ///
    /// # Errors
    /// When tenant id or client id is empty.
    #[cfg(feature = "certificate")]
    pub fn certificate(
        transport: Arc<dyn Transport>,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
        certificate: super::ClientCertificate,
    ) -> Result<Self, Error> {
        Self::with_proof(transport, tenant_id.into(), client_id.into(), Proof::Certificate(certificate))
    }

    fn with_proof(
        transport: Arc<dyn Transport>,
        tenant_id: String,
        client_id: String,
        proof: Proof,
    ) -> Result<Self, Error> {
        let tenant_id = filled("tenant id", &tenant_id)?;
        let client_id = filled("client id", &client_id)?;
        let authority = check_url("authority", Cloud::Public.authority(), false)?;
        Ok(Self { transport, tenant_id, client_id, proof, authority, scope: None, skew: AtomicI64::new(0) })
    }

    /// Signs in elsewhere than in Entra's public cloud: at the authority of another [`Cloud`], or at any address.
    ///
    /// # Errors
    /// When it is no https address (or http to this machine).
    pub fn with_authority(self, authority: impl Into<String>) -> Result<Self, Error> {
        let authority = check_url("authority", &authority.into(), false)?;
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

    fn endpoint(&self) -> Url {
        let mut url = self.authority.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend([&*self.tenant_id, "oauth2", "v2.0", "token"]);
        }
        url
    }

    fn scope(&self) -> String {
        self.scope.clone().unwrap_or_else(|| format!("api://{}/.default", self.client_id))
    }

    fn request(&self, url: Url, shown: &Shown) -> WireRequest {
        // Room for everything at once: a text that grows leaves copies of the secret behind.
        let room = 1024 + 3 * shown.secret.expose().len();
        let mut form = url::form_urlencoded::Serializer::new(String::with_capacity(room));
        form.append_pair("grant_type", "client_credentials").append_pair("client_id", &self.client_id);
        if shown.is_assertion {
            form.append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .append_pair("client_assertion", shown.secret.expose());
        } else {
            form.append_pair("client_secret", shown.secret.expose());
        }
        let body = Secret::new(form.append_pair("scope", &self.scope()).finish()).into_bytes();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, HeaderValue::from_static(client::USER_AGENT));
        WireRequest::new(Method::POST, url, headers, Some(body))
    }

    fn host(&self) -> &str {
        self.authority.host_str().unwrap_or_default()
    }

    async fn fetch(&self) -> Result<AccessToken, Error> {
        let policy = RetryPolicy::default();
        let mut attempt = 1;
        let mut corrected = false;
        loop {
            let (error, wait) = match tokio::time::timeout(TIMEOUT, self.exchange()).await {
                Ok(Ok(token)) => return Ok(token),
                Ok(Err(Trouble::Final(error))) => return Err(error.with_attempts(attempt)),
                // The assertion was made by a wrong clock. The answer told the right time, so one more try is worth it.
                Ok(Err(Trouble::Clock(_))) if !corrected => {
                    corrected = true;
                    continue;
                }
                Ok(Err(Trouble::Clock(error))) => return Err(error.with_attempts(attempt + 1)),
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
        let endpoint = self.endpoint();
        let skew = self.skew.load(Ordering::Relaxed);
        let shown = self.proof.show(&endpoint, &self.client_id, shifted(SystemTime::now(), skew));
        let shown = shown.map_err(Trouble::Final)?;
        let mut reply = self.transport.send(self.request(endpoint, &shown)).await.map_err(broken)?;
        let mut body = Vec::with_capacity(16 * 1024);
        while let Some(chunk) = reply.body.chunk().await.map_err(broken)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(Trouble::Final(self.not_a_token(&reply, &body, &shown)));
            }
            body.extend_from_slice(&chunk);
        }
        let outcome = match crate::json::read(&body) {
            Some(Value::Object(answer)) if reply.status.is_success() => {
                token_of(answer).ok_or_else(|| Trouble::Final(self.not_a_token(&reply, &body, &shown)))
            }
            json => Err(self.refusal(&reply, json.as_ref(), &body, &shown)),
        };
        // The body held the token.
        body.zeroize();
        outcome
    }

    /// Whether the answer tells that this machine's clock is wrong by more than was known. It is known from then on.
    fn learns_the_time(&self, reply: &WireReply) -> bool {
        let Some(now) = client::date(&reply.headers) else { return false };
        let skew = seconds_between(SystemTime::now(), now);
        let known = self.skew.swap(skew, Ordering::Relaxed);
        skew.saturating_sub(known).saturating_abs() > SKEW
    }

    /// Why there was no token.
    fn refusal(&self, reply: &WireReply, json: Option<&Value>, body: &[u8], shown: &Shown) -> Trouble {
        let text = |name| json.and_then(|json: &Value| json.get(name)).and_then(Value::as_str).unwrap_or_default();
        let mut codes: Vec<u32> = match json.and_then(|json| json.get("error_codes")) {
            Some(Value::Array(codes)) => codes.iter().filter_map(|code| code.as_u64()?.try_into().ok()).collect(),
            _ => Vec::new(),
        };
        let description = text("error_description");
        codes.extend(aadsts::codes_in(description));
        let status = reply.status;
        let decorate =
            |error: Error| error.with_status(status).with_body(excerpt(body, std::slice::from_ref(&shown.secret)));

        let busy = status == StatusCode::TOO_MANY_REQUESTS;
        if busy || status.is_server_error() || aadsts::is_passing(&codes) {
            let kind = if busy { ErrorKind::RateLimited } else { ErrorKind::Connect };
            let message = format!("{} answered HTTP {}: try again in a minute", self.host(), status.as_u16());
            let wait = client::retry_after(&reply.headers);
            return Trouble::Passing(decorate(Error::new(kind, "sign-in", message)).with_retry_after(wait));
        }
        if let Some((code, words)) = aadsts::advice(&codes) {
            let error = decorate(Error::auth(format!("{words} (AADSTS{code})")));
            let by_clock = aadsts::is_about_time(&codes) && self.proof.is_made_here() && self.learns_the_time(reply);
            return if by_clock { Trouble::Clock(error) } else { Trouble::Final(error) };
        }
        let error = text("error");
        if error.is_empty() {
            return Trouble::Final(self.not_a_token(reply, body, shown));
        }
        // Microsoft's own words, without the trace ids that follow the first line.
        let first = description.lines().next().unwrap_or_default();
        let first = redact(first, std::slice::from_ref(&shown.secret)).into_owned();
        let hint = if status == StatusCode::BAD_REQUEST && codes.is_empty() {
            "; on a first sign-in this usually means that the API client's application has no Application ID URI: \
             use Repair URI in CIPP > Integrations > CIPP-API"
        } else {
            ""
        };
        Trouble::Final(decorate(Error::auth(format!("{} refused: {error} {first}{hint}", self.host()))))
    }

    /// Something else answered in Entra's place.
    fn not_a_token(&self, reply: &WireReply, body: &[u8], shown: &Shown) -> Error {
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
            error.with_body(excerpt(body, std::slice::from_ref(&shown.secret)))
        }
    }
}

impl TokenProvider for ClientCredentials {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(self.fetch())
    }

    fn facts(&self) -> SignInFacts {
        SignInFacts {
            tenant_id: Some(self.tenant_id.clone()),
            client_id: Some(self.client_id.clone()),
            authority: Some(self.authority.as_str().to_owned()),
            scope: Some(self.scope()),
        }
    }
}

/// A value without the blanks that copying brings along.
pub(super) fn filled(name: &str, text: &str) -> Result<String, Error> {
    match text.trim() {
        "" => Err(Error::config("sign-in", format!("the {name} is empty"))),
        text => Ok(text.to_owned()),
    }
}

/// Whether another try may help.
enum Trouble {
    Passing(Error),
    Final(Error),
    /// This machine's clock was wrong, and is known better now.
    Clock(Error),
}

/// The token in an answer. It is moved, not copied, so that it is overwritten with the rest.
fn token_of(mut answer: Map<String, Value>) -> Option<AccessToken> {
    let life = life(answer.get("expires_in"));
    match answer.remove("access_token") {
        Some(Value::String(token)) if !token.is_empty() => Some(AccessToken::new(token, Some(life))),
        _ => None,
    }
}

/// A moment so many seconds later, or earlier.
fn shifted(time: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let moved = if seconds < 0 { time.checked_sub(by) } else { time.checked_add(by) };
    moved.unwrap_or(time)
}

/// Seconds from one moment to another; negative when the other is earlier.
pub(crate) fn seconds_between(from: SystemTime, to: SystemTime) -> i64 {
    let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match to.duration_since(from) {
        Ok(ahead) => seconds(ahead),
        Err(behind) => -seconds(behind.duration()),
    }
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
