//! From a failure on the way to its cause.

use super::cause::Cause;
use crate::transport::{Phase, TransportError};
use std::error::Error as StdError;

/// Why a request did not get there, or its answer back. The libraries below tell the kinds apart by words only.
pub(super) fn cause(error: &TransportError) -> Cause {
    let text = chain(error);
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match error.phase() {
        Phase::Proxy if says(&["407", "authorization required", "authentication required"]) => Cause::ProxyPassword,
        Phase::Proxy => Cause::Proxy,
        Phase::Tls
            if says(&["unknownissuer", "unknown issuer", "self-signed", "self signed", "unable to get local"]) =>
        {
            Cause::UnknownIssuer
        }
        // Before `expired`: a message about the name may mention times as well.
        Phase::Tls if says(&["notvalidforname", "not valid for name", "hostname mismatch", "name mismatch"]) => {
            Cause::WrongCertificateName
        }
        Phase::Tls if says(&["expired", "notvalidyet", "not valid yet", "not yet valid"]) => Cause::ExpiredCertificate,
        Phase::Tls => Cause::Tls,
        Phase::Connect if says(&["dns error", "lookup", "resolve", "name or service not known", "no such host"]) => {
            Cause::Dns
        }
        Phase::Connect if says(&["no connection within", "timed out", "timeout"]) => Cause::ConnectTimeout,
        Phase::Connect => Cause::NotConnected,
        Phase::Timeout => Cause::Silent,
        _ => Cause::Broken,
    }
}

/// Everything that the error and its causes say, in lower case.
fn chain(error: &TransportError) -> String {
    let mut text = String::new();
    let mut next: Option<&dyn StdError> = Some(error);
    while let Some(error) = next {
        text.push_str(&error.to_string().to_lowercase());
        text.push('\n');
        next = error.source();
    }
    text
}
