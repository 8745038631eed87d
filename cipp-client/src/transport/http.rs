//! The transport over reqwest.

use super::{BoxFuture, Phase, Transport, TransportError, WireBody, WireReply, WireRequest};
use crate::Error;
use bytes::Bytes;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;
use url::Url;

/// How long a connection may take. Part of the time of the call.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Sends requests with reqwest: pooled connections, HTTP/2 where the server has it, gzip, the system's proxy settings, and the
/// certificate authorities that the operating system trusts. Redirects are not followed.
pub struct HttpTransport {
    client: reqwest::Client,
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // reqwest would show proxies with their passwords.
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

/// What a [`ClientBuilder`](crate::ClientBuilder) can say about the transport.
#[derive(Clone, Default)]
pub(crate) struct HttpOptions {
    pub(crate) proxy: Option<Url>,
    pub(crate) accept_invalid_certs: bool,
    pub(crate) certificates: Vec<Vec<u8>>,
}

impl HttpOptions {
    /// Whether nothing was said.
    pub(crate) fn is_default(&self) -> bool {
        self.proxy.is_none() && !self.accept_invalid_certs && self.certificates.is_empty()
    }
}

impl HttpTransport {
    /// A transport with the usual settings.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, Error> {
        Self::with(HttpOptions::default())
    }

    pub(crate) fn with(options: HttpOptions) -> Result<Self, Error> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_keepalive(Duration::from_secs(30))
            .gzip(true);
        if let Some(url) = options.proxy {
            // The cause would show the password in the URL, so it is left out.
            let proxy = reqwest::Proxy::all(url)
                .map_err(|_| Error::config("proxy", "the proxy's URL is not usable: write http://host:port"))?;
            builder = builder.proxy(proxy.no_proxy(reqwest::NoProxy::from_env()));
        }
        builder = trust(builder, options.accept_invalid_certs, &options.certificates)?;
        let client = builder.build().map_err(|error| {
            Error::config("transport", format!("the HTTP client cannot be set up: {}", root_cause(&error)))
        })?;
        Ok(Self { client })
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn trust(
    mut builder: reqwest::ClientBuilder,
    accept_invalid: bool,
    certificates: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, Error> {
    let unreadable =
        || Error::config("ca_certificate", "this is no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
    for pem in certificates {
        let found = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| unreadable().with_source(error))?;
        if found.is_empty() {
            return Err(unreadable());
        }
        builder = builder.tls_certs_merge(found);
    }
    Ok(if accept_invalid { builder.tls_danger_accept_invalid_certs(true) } else { builder })
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn trust(
    builder: reqwest::ClientBuilder,
    accept_invalid: bool,
    certificates: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, Error> {
    if accept_invalid || !certificates.is_empty() {
        return Err(Error::config(
            "transport",
            "certificates need the cargo feature rustls or native-tls of cipp-client",
        ));
    }
    Ok(builder)
}

impl Transport for HttpTransport {
    fn send(&self, request: WireRequest) -> BoxFuture<'_, Result<WireReply, TransportError>> {
        Box::pin(async move {
            let mut inner = reqwest::Request::new(request.method, request.url);
            *inner.headers_mut() = request.headers;
            *inner.body_mut() = request.body.map(Into::into);
            let mut reply = self.client.execute(inner).await.map_err(classify)?;
            let headers = std::mem::take(reply.headers_mut());
            Ok(WireReply::new(reply.status(), headers, Box::new(HttpBody(reply))))
        })
    }
}

struct HttpBody(reqwest::Response);

impl WireBody for HttpBody {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        Box::pin(async move {
            self.0.chunk().await.map_err(|error| {
                let phase = if error.is_timeout() { Phase::Timeout } else { Phase::Receive };
                TransportError::new(phase, root_cause(&error)).with_source(error.without_url())
            })
        })
    }
}

/// Says how far the request had come. The URL is dropped from the error: its query may hold a secret.
fn classify(error: reqwest::Error) -> TransportError {
    let cause = root_cause(&error);
    let (phase, message) = if error.is_connect() || error.is_builder() {
        let chain = chain(&error);
        if chain.contains("proxy authorization required") {
            (Phase::Proxy, "the proxy wants a user name and password (407): write them into the proxy's URL".to_owned())
        } else if chain.contains("tunnel error") || chain.contains("proxy") {
            (Phase::Proxy, format!("the proxy did not let the connection through: {cause}"))
        } else if error.is_timeout() {
            (Phase::Connect, format!("no connection within {} s", CONNECT_TIMEOUT.as_secs()))
        } else if ["certificate", "handshake", "tls", "ssl"].iter().any(|word| chain.contains(word)) {
            (
                Phase::Tls,
                format!(
                    "the server's certificate or TLS was refused ({cause}); where a company proxy inspects traffic, \
                     give its authority to ca_certificate(..)"
                ),
            )
        } else {
            (Phase::Connect, cause)
        }
    } else if error.is_timeout() {
        (Phase::Timeout, "time ran out".to_owned())
    } else if chain(&error).contains("operation was canceled") {
        // hyper's word for a request that it hands back because the connection was closed before it took it.
        (Phase::Stale, cause)
    } else if error.is_body() || error.is_decode() {
        (Phase::Receive, cause)
    } else {
        (Phase::Send, cause)
    };
    TransportError::new(phase, message).with_source(error.without_url())
}

/// The innermost cause, which is the one that says something.
fn root_cause(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// All causes in one text, in lower case. The libraries below have no types for these that are part of their interface.
fn chain(error: &dyn StdError) -> String {
    let mut text = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&cause.to_string().to_lowercase());
        text.push('\n');
        next = cause.source();
    }
    text
}
