//! A transport that is a whole world: host, sign-in service and API, each of which can be broken.

use cipp_client::transport::{BoxFuture, Phase, Transport, TransportError, WireReply, WireRequest};
use cipp_client::{Client, ClientBuilder, Diagnosis};
use http::{HeaderMap, HeaderName, Method, StatusCode};
use serde_json::{Value, json};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub const TENANT: &str = "11111111-2222-3333-4444-555555555555";
pub const CLIENT: &str = "66666666-7777-8888-9999-000000000000";
/// No output may contain it.
pub const SECRET: &str = "canary-secret";

/// What a part of the world answers.
#[derive(Clone)]
pub struct Part {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    pub fail: Option<(Phase, &'static str)>,
    pub after: Duration,
}

impl Part {
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), fail: None, after: Duration::ZERO }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn page(status: u16, text: &str) -> Self {
        let body = format!("<!DOCTYPE html><html><title>{text}</title><body>{text}</body></html>");
        Self::new(status, body).header("content-type", "text/html")
    }

    pub fn fail(phase: Phase, text: &'static str) -> Self {
        Self { fail: Some((phase, text)), ..Self::new(0, "") }
    }

    pub fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }
}

#[derive(Clone)]
pub struct World {
    /// A ping without a token.
    pub host: Part,
    pub sign_in: Part,
    /// A ping with a token.
    pub ping: Part,
    pub version: Part,
}

pub fn healthy() -> World {
    World {
        host: Part::new(401, "").header("date", httpdate::fmt_http_date(SystemTime::now())),
        sign_in: token(claims()),
        ping: Part::new(200, r#"{"Results":{"Message":"Pong","ColdStart":false}}"#),
        version: Part::new(200, json!({ "LocalCIPPAPIVersion": cipp_client::CIPP_VERSION }).to_string()),
    }
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub fn claims() -> Value {
    json!({
        "aud": format!("api://{CLIENT}"), "appid": CLIENT, "tid": TENANT, "ver": "1.0",
        "nbf": now() - 86_400, "exp": now() + 86_400, "note": "canary",
    })
}

/// A sign-in that gives a token with these claims.
pub fn token(claims: Value) -> Part {
    let token = format!("eyJ0.{}.canary-signature", base64(claims.to_string().as_bytes()));
    Part::new(200, json!({ "access_token": token, "expires_in": 3599 }).to_string())
}

pub fn refusal(code: u32) -> Part {
    let text = format!("AADSTS{code}: No {SECRET}.");
    Part::new(401, json!({ "error": "x", "error_codes": [code], "error_description": text }).to_string())
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let mut bits = bits.into_bytes();
    bits.resize(bits.len().div_ceil(6) * 6, b'0');
    let index = |six: &[u8]| usize::from_str_radix(str::from_utf8(six).unwrap(), 2).unwrap();
    bits.chunks(6).map(|six| char::from(ALPHABET[index(six)])).collect()
}

pub struct Wire {
    world: World,
    sent: Mutex<Vec<String>>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl World {
    pub async fn diagnose(self) -> Diagnosis {
        self.diagnose_as(|builder| builder).await
    }

    pub async fn diagnose_as(self, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Diagnosis {
        self.diagnose_at("https://cipp.example.com", set).await
    }

    /// Diagnoses, with other settings; and checks that nothing but reads was sent, to nobody else, and that no secret is shown.
    pub async fn diagnose_at(self, url: &str, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Diagnosis {
        let wire = Arc::new(Wire { world: self, sent: Mutex::default() });
        let builder = Client::builder(url).client_secret(TENANT, CLIENT, SECRET);
        let diagnosis = set(builder.transport(wire.clone())).diagnose().await;
        for sent in wire.sent.lock().unwrap().iter() {
            let read = sent.ends_with("/api/PublicPing") || sent.ends_with("/api/GetVersion");
            assert!(sent.starts_with("GET ") && read || sent.ends_with("/oauth2/v2.0/token"), "{sent}");
        }
        let shown = format!("{diagnosis}{diagnosis:?}{}", serde_json::to_string(&diagnosis).unwrap());
        assert!(!shown.contains("canary") && !shown.contains("eyJ"), "{shown}");
        diagnosis
    }
}

impl Transport for Wire {
    fn send(&self, request: WireRequest) -> BoxFuture<'_, Result<WireReply, TransportError>> {
        Box::pin(async move {
            self.sent.lock().unwrap().push(format!("{} {}", request.method, request.url));
            let world = &self.world;
            let path = request.url.path();
            let part = if request.method == Method::POST {
                &world.sign_in
            } else if !request.headers.contains_key("authorization") {
                &world.host
            } else if path.ends_with("/PublicPing") {
                &world.ping
            } else {
                &world.version
            };
            tokio::time::sleep(part.after).await;
            if let Some((phase, text)) = part.fail {
                return Err(TransportError::new(phase, text));
            }
            let headers: HeaderMap = part
                .headers
                .iter()
                .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
                .collect();
            Ok(WireReply::full(StatusCode::from_u16(part.status).unwrap(), headers, part.body.clone()))
        })
    }
}
