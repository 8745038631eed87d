//! Keeps secrets, and whatever would move a terminal's cursor, out of messages.

use crate::values::Secret;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt::Write as _;

/// What stands where a secret stood.
pub(crate) const REDACTED: &str = "[redacted]";

/// How much of an answer an error keeps.
const EXCERPT: usize = 8 * 1024;

/// How long a message may become. The rest of it is in the error's body.
const LINE: usize = 600;

/// The text without the secrets, in any of the forms in which they travel.
pub(crate) fn redact<'t>(text: &'t str, secrets: &[Secret]) -> Cow<'t, str> {
    let needles = needles(secrets, None);
    if needles.iter().any(|needle| text.contains(needle.as_str())) {
        Cow::Owned(replace(text, &needles, usize::MAX))
    } else {
        Cow::Borrowed(text)
    }
}

/// The start of an answer, for an error: without the secrets of the request, and without those that the server sends for copying.
pub(crate) fn excerpt(body: &[u8], secrets: &[Secret]) -> String {
    // Secrets are looked for a little beyond the cut, so that none is cut in half and survives.
    let longest = secrets.iter().map(|secret| secret.expose().len()).max().unwrap_or(0);
    let window = body.get(..EXCERPT.saturating_add(longest.saturating_mul(6))).unwrap_or(body);
    let text = String::from_utf8_lossy(window);
    let mut out = replace(&text, &needles(secrets, Some(&text)), EXCERPT);
    while out.len() > EXCERPT {
        out.pop();
    }
    out
}

/// One line of printable text: white space becomes single blanks, control and bidirectional marks are shown escaped.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LINE));
    for character in text.trim().chars() {
        if out.len() >= LINE {
            out.push('…');
            break;
        }
        match character {
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_control() || is_mark(c) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "{}", c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

/// Marks that change the direction in which text is shown, or are not shown at all.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The forms in which secrets may stand in a text: as they are, in JSON, and in a query or form. The longest first.
fn needles(secrets: &[Secret], answer: Option<&str>) -> Vec<String> {
    let mut needles = Vec::new();
    for secret in secrets {
        let text = secret.expose();
        needles.push(text.to_owned());
        needles.push(in_json(text));
        needles.push(url::form_urlencoded::byte_serialize(text.as_bytes()).collect());
    }
    if let Some(answer) = answer {
        needles.extend(copy_fields(answer));
    }
    needles.retain(|needle| !needle.trim().is_empty());
    needles.sort_by_key(|needle| Reverse(needle.len()));
    needles.dedup();
    needles
}

fn in_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).to_owned()
}

/// The values of members called `copyField`: the server puts new passwords there, and repeats them in its texts.
fn copy_fields(answer: &str) -> Vec<String> {
    const NAME: &str = "copyfield\"";
    let lower = answer.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = lower.get(from..).and_then(|rest| rest.find(NAME)) {
        from += at + NAME.len();
        let Some(rest) = answer.get(from..) else { break };
        let value = rest.trim_start().strip_prefix(':').and_then(|rest| rest.trim_start().strip_prefix('"'));
        let Some(value) = value else { continue };
        let mut escaped = false;
        let end = value.find(|c| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        let value = end.and_then(|end| value.get(..end)).unwrap_or(value);
        found.push(value.to_owned());
    }
    found
}

/// Replaces the needles in what starts before `limit`.
fn replace(text: &str, needles: &[String], limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit));
    let mut rest = text;
    let mut read = 0;
    loop {
        let next = needles
            .iter()
            .filter_map(|needle| rest.find(needle.as_str()).map(|at| (at, needle.len())))
            .min_by_key(|&(at, length)| (at, Reverse(length)))
            .filter(|&(at, _)| at < limit - read);
        let Some((at, length)) = next else {
            out.extend(rest.char_indices().take_while(|&(at, _)| at < limit - read).map(|(_, c)| c));
            return out;
        };
        out.push_str(rest.get(..at).unwrap_or_default());
        out.push_str(REDACTED);
        read += at + length;
        rest = rest.get(at + length..).unwrap_or_default();
        if read >= limit {
            return out;
        }
    }
}
