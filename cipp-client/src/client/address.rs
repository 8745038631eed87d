//! What a URL must be before the client's secret or token goes there.

use crate::Error;
use url::{Host, Url};

/// Reads a URL: https, or http to this machine, without user, password, query or fragment.
pub(crate) fn check_url(what: &str, text: &str, allow_http: bool) -> Result<Url, Error> {
    let wrong = |message: String| Error::config(what, message);
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong("the URL is empty".to_owned()));
    }
    // `cipp.example.com` does not parse, and `localhost:7071` parses as a scheme.
    let url = match Url::parse(text) {
        Ok(url) if url.has_host() => url,
        _ if !text.contains("://") => {
            return Err(wrong("the URL has no scheme: write https:// before the host name".to_owned()));
        }
        Ok(_) => return Err(wrong("the URL has no host name".to_owned())),
        Err(error) => return Err(wrong(format!("this is no URL: {error}"))),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("the URL contains a user name or password, which do not belong there".to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(
            "the URL contains ? or #: give the address only, such as https://cipp.example.com".to_owned(),
        ));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if allow_http || is_loopback(&url) => Ok(url),
        "http" => Err(wrong(
            "http would send the sign-in in the clear: use https, or allow_http(true) in a safe network".to_owned(),
        )),
        scheme => Err(wrong(format!("the URL starts with {scheme}: use https"))),
    }
}

/// The server's address without what people paste along: trailing slashes, and `/api` any number of times.
pub(crate) fn base_url(text: &str, allow_http: bool) -> Result<Url, Error> {
    let mut url = check_url("url", text, allow_http)?;
    let mut path = url.path().trim_end_matches('/').to_owned();
    while let Some(at) = path.len().checked_sub("/api".len()).filter(|&at| path.is_char_boundary(at)) {
        if !path.get(at..).is_some_and(|end| end.eq_ignore_ascii_case("/api")) {
            break;
        }
        path.truncate(at);
        path.truncate(path.trim_end_matches('/').len());
    }
    url.set_path(&path);
    Ok(url)
}

/// Whether the host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
