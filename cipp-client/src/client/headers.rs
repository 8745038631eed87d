//! Which headers a caller may add.

use http::{HeaderName, HeaderValue};

/// Checks a header of the caller's.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let name: HeaderName = name.parse().map_err(|_| format!("{name:?} is no name for a header"))?;
    if let Some(reason) = refusal(name.as_str()) {
        return Err(format!("the header {name} cannot be set: {reason}"));
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        format!("the value of the header {name} contains characters that no header can carry, such as a line break")
    })?;
    value.set_sensitive(crate::transport::is_secret_header(&name));
    Ok((name, value))
}

/// Why a header is not for the caller to set; `None` where it is.
fn refusal(name: &str) -> Option<&'static str> {
    Some(match name {
        "x-cipp-version" => {
            "the server would store it as the version of its web interface, and fails when it is no version"
        }
        "x-cipp-impersonate-role" => "it is for the web interface only; give the API client the role instead",
        "authorization" => "the client signs in itself; use client_secret, static_token or token_provider",
        "proxy-authorization" => "write the user name and password into the proxy's URL",
        "content-type" => "the server reads a body only as application/json, which the client sends",
        "accept" => "the client reads JSON, and asks for it",
        "accept-encoding" | "content-encoding" => "the transport sees to compression",
        "host" | "content-length" | "transfer-encoding" | "connection" | "te" | "trailer" | "upgrade" => {
            "HTTP itself sets it"
        }
        _ => return None,
    })
}
