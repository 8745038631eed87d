//! Setting a client up.

use super::address::base_url;
use super::sign_in::SignIn;
use super::throttle::Throttle;
use super::{Client, Counters, RetryPolicy, Shared, check_header, check_url};
use crate::Error;
use crate::auth::TokenCache;
use crate::transport::{HttpOptions, HttpTransport, Transport};
use crate::values::Secret;
use http::HeaderMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use url::Url;

/// Longer than the 230 s after which Azure cuts an answer, so that the server's own error arrives before ours.
const TIMEOUT: Duration = Duration::from_secs(300);

/// The server works on its customers' tenants one PowerShell worker at a time; more calls at once slow its web interface down.
const CONCURRENCY: usize = 4;

const MAX_BODY: usize = 256 * 1024 * 1024;

/// Sets a [`Client`] up. Everything is checked in [`build`](Self::build), which sends nothing.
///
/// ```
/// # fn main() -> Result<(), cipp_client::Error> {
/// use cipp_client::Client;
/// use std::time::Duration;
///
/// let client = Client::builder("https://cipp.example.com")
///     .client_secret("11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000", "the secret")
///     .timeout(Duration::from_secs(120))
///     .concurrency(8)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "call build() to get a client"]
pub struct ClientBuilder {
    url: String,
    pub(super) sign_in: SignIn,
    pub(super) authority: Option<String>,
    pub(super) scope: Option<String>,
    timeout: Duration,
    concurrency: usize,
    headers: Vec<(String, String)>,
    proxy: Option<Secret>,
    http: HttpOptions,
    transport: Option<Arc<dyn Transport>>,
    max_body: usize,
    allow_http: bool,
    strict: bool,
    retry: RetryPolicy,
}

impl ClientBuilder {
    pub(crate) fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            sign_in: SignIn::Unset,
            authority: None,
            scope: None,
            timeout: TIMEOUT,
            concurrency: CONCURRENCY,
            headers: Vec::new(),
            proxy: None,
            http: HttpOptions::default(),
            transport: None,
            max_body: MAX_BODY,
            allow_http: false,
            strict: false,
            retry: RetryPolicy::default(),
        }
    }

    /// Settings from variables of the names that [`Client::from_env`] reads, wherever they come from. An empty value counts as none.
    ///
    /// # Errors
    /// One error that names every variable that is missing, or the one that cannot be used; or a certificate's file that cannot be read.
    pub fn from_vars(vars: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let var = |name: &str| vars(name).filter(|value| !value.trim().is_empty());
        let mut missing = Vec::new();
        let mut need = |name: &'static str| {
            var(name).unwrap_or_else(|| {
                missing.push(name);
                String::new()
            })
        };
        let url = need("CIPP_URL");
        let mut builder = Self::new(url);
        builder.sign_in_from(&var, &mut need)?;
        if !missing.is_empty() {
            let hint = if missing.contains(&"CIPP_CLIENT_SECRET") {
                " (or set CIPP_TOKEN in place of the sign-in)"
            } else {
                ""
            };
            return Err(Error::config("environment", format!("not set: {}{hint}", missing.join(", "))));
        }
        if let Some(seconds) = var("CIPP_TIMEOUT") {
            let time = seconds.trim().parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let time = time.ok_or_else(|| Error::config("environment", "CIPP_TIMEOUT is no number of seconds"))?;
            builder = builder.timeout(time);
        }
        builder.scope = var("CIPP_SCOPE");
        builder.proxy = var("CIPP_PROXY").map(Secret::new);
        Ok(builder)
    }

    /// Limits the time for a call: from the moment when the call has its turn, over sign-in and repeats, to the last byte. The
    /// default is 300 s: the server may think for minutes, and Azure cuts an answer at about 230 s, so with a shorter limit
    /// a slow call ends without the server's own error.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many calls may be under way at once; the others wait for their turn. The default is 4, because many calls at once
    /// slow CIPP down for the people who use it. When the server answers 429, it is halved for a while.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls;
        self
    }

    /// Sends a header with every call. Headers that the client sets itself, and those that change how the server works, are
    /// refused when the client is built.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Goes through a proxy, such as `http://user:password@proxy.example.com:8080`, for the sign-in too. Without this, the
    /// system's settings and the variable `HTTPS_PROXY` count. Hosts in the variable `NO_PROXY` are reached directly in any case.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// **Dangerous.** Accepts every certificate, expired, self-signed or of another host: the "Ignore SSL Issues" of other tools.
    ///
    /// Whoever sits between this machine and the server can then read and change everything, the client secret and new
    /// passwords included. For a server with a certificate of your own, use [`ca_certificate`](Self::ca_certificate) instead.
    pub fn danger_accept_invalid_certs(mut self, accept: bool) -> Self {
        self.http.accept_invalid_certs = accept;
        self
    }

    /// Trusts a certificate authority, in PEM form, besides those that the operating system trusts. One text may hold several.
    pub fn ca_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.certificates.push(pem.into());
        self
    }

    /// Sends over a transport of your own, for the sign-in too.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// How many bytes an answer may have after decompression; the rest is not read. The default is 256 MiB.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Whether `http://` addresses are accepted for other machines than this one. The token, and for an authority the secret,
    /// then travel in the clear.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Whether an answer that differs from the specification is an error. Useful in tests; a server that was updated since
    /// then fails calls that would otherwise work.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// When calls are repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Checks the settings and makes the client. Nothing is sent.
    ///
    /// # Errors
    /// When a setting cannot be used, or there is no sign-in. The message names the setting.
    pub fn build(self) -> Result<Client, Error> {
        let base = base_url(&self.url, self.allow_http)?;
        let authority = match &self.authority {
            Some(url) => Some(check_url("authority", url, self.allow_http)?),
            None => None,
        };
        if self.timeout.is_zero() {
            return Err(Error::config("timeout", "the time for a call must be more than zero"));
        }
        if self.concurrency == 0 {
            return Err(Error::config("concurrency", "the number of calls at once must be at least one"));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let (name, value) = check_header(name, value).map_err(|reason| Error::config("header", reason))?;
            headers.insert(name, value);
        }
        let transport = self.make_transport()?;
        let provider = self.sign_in.provider(&transport, authority, self.scope)?;
        Ok(Client(Arc::new(Shared {
            base,
            transport,
            tokens: TokenCache::new(provider),
            throttle: Throttle::new(self.concurrency),
            concurrency: self.concurrency,
            timeout: self.timeout,
            headers,
            max_body: self.max_body,
            strict: self.strict,
            retry: self.retry,
            no_server_batch: AtomicBool::new(false),
            counters: Counters::default(),
        })))
    }

    fn make_transport(&self) -> Result<Arc<dyn Transport>, Error> {
        let mut options = self.http.clone();
        options.proxy = self.proxy.as_ref().map(|text| proxy_url(text.expose())).transpose()?;
        match &self.transport {
            None => Ok(Arc::new(HttpTransport::with(options)?)),
            Some(transport) if options.is_default() => Ok(transport.clone()),
            Some(_) => Err(Error::config(
                "transport",
                "proxy, ca_certificate and danger_accept_invalid_certs are for the built-in transport: set them on your own",
            )),
        }
    }
}

/// Reads a proxy's address. Neither message shows it, because it may hold a password.
fn proxy_url(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text.trim()).ok().filter(Url::has_host);
    match url {
        Some(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => Err(Error::config(
            "proxy",
            "the proxy's URL is not usable: write http://host:port or http://user:password@host:port",
        )),
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("ClientBuilder")
            // A user name and password do not belong in the URL, but may be there until build() says so.
            .field("url", &Url::parse(&self.url).ok().and_then(|url| url.host_str().map(str::to_owned)))
            .field("timeout", &self.timeout)
            .field("concurrency", &self.concurrency)
            .field("headers", &names)
            .field("proxy", &self.proxy.is_some())
            .field("danger_accept_invalid_certs", &self.http.accept_invalid_certs)
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}
