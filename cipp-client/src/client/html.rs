//! Tells a web page from an answer.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// How much of a page a message quotes, in characters.
const QUOTE: usize = 200;

/// The media type of an answer, in lower case and without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether an answer is a web page, by its header or, where the header lies, by its start. JSON that is called a page is JSON.
pub(crate) fn is_html(headers: &HeaderMap, body: &[u8]) -> bool {
    matches!(media_type(headers).as_str(), "text/html" | "application/xhtml+xml")
        && !body.is_empty()
        && !matches!(start_of(body).first(), Some(b'{' | b'['))
        || looks_like_html(body)
}

pub(crate) fn looks_like_html(body: &[u8]) -> bool {
    let body = start_of(body);
    ["<!doctype html", "<html", "<head"]
        .iter()
        .any(|start| body.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes())))
}

/// The body from its first character that says something.
fn start_of(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start()
}

/// What a person would read on the page, or the start of it.
pub(crate) fn words(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some((text, tag)) = rest.split_once('<') {
        out.push_str(text);
        out.push(' ');
        // What stands in a script or style is not text.
        let lower = tag.get(..6).unwrap_or(tag).to_ascii_lowercase();
        let close = if lower.starts_with("script") {
            "</script"
        } else if lower.starts_with("style") {
            "</style"
        } else {
            ""
        };
        let tag = tag.find(close).and_then(|at| tag.get(at..)).unwrap_or_default();
        rest = tag.split_once('>').map_or("", |(_, after)| after);
        if out.len() > QUOTE * 8 {
            break;
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(QUOTE).collect()
}
