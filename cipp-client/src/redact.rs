//! Keeps secrets, and whatever would move a terminal's cursor, out of messages.

use crate::values::Secret;
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt::Write as _;

/// What stands where a secret stood.
pub(crate) const REDACTED: &str = "[redacted]";

/// How much of an answer an error keeps.
const EXCERPT: usize = 8 * 1024;

/// How long a message may become. The rest of it is in the error's body.
const LINE: usize = 600;

/// A request or answer without the secrets, and without the values of members that hold one wherever they stand.
pub(crate) fn redact_body(text: &str, secrets: &[Secret]) -> String {
    let needles = needles(secrets, Some(text));
    if is_damaged(&needles) { REDACTED.to_owned() } else { replace(text, &needles, usize::MAX) }
}

/// The text without the secrets, in any of the forms in which they travel.
pub(crate) fn redact<'t>(text: &'t str, secrets: &[Secret]) -> Cow<'t, str> {
    let needles = needles(secrets, None);
    if is_damaged(&needles) {
        return Cow::Borrowed(REDACTED);
    }
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
    // A secret at the end of an answer may be repeated at its start.
    let searched = String::from_utf8_lossy(body.get(..SEARCHED).unwrap_or(body));
    let needles = needles(secrets, Some(&searched));
    if is_damaged(&needles) {
        return REDACTED.to_owned();
    }
    let mut out = replace(&text, &needles, EXCERPT);
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

/// The forms in which secrets may stand in a text: as they are, in JSON, and in a query or form.
fn needles(secrets: &[Secret], answer: Option<&str>) -> Vec<String> {
    let mut needles = Vec::new();
    for secret in secrets {
        let text = secret.expose();
        needles.push(text.to_owned());
        needles.push(in_json(text));
        needles.push(url::form_urlencoded::byte_serialize(text.as_bytes()).collect());
    }
    if let Some(answer) = answer {
        needles.extend(secrets_in(answer));
    }
    needles.retain(|needle| !needle.trim().is_empty());
    needles.sort_unstable();
    needles.dedup();
    needles
}

/// A secret that arrived with a damaged byte cannot be found where it is repeated whole, so nothing around it is shown.
fn is_damaged(needles: &[String]) -> bool {
    needles.iter().any(|needle| needle.contains(char::REPLACEMENT_CHARACTER))
}

fn in_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).to_owned()
}

/// Members that hold a secret wherever the server sends them: what it offers for copying, and what Graph shows once. It repeats
/// them in its texts.
const SECRET_NAMES: [&str; 6] =
    ["copyField", "temporaryAccessPass", "password", "secretText", "clientSecret", "applicationSecret"];

/// Shorter texts are not looked for in other places than their own: they would tear holes into every sentence.
const SHORTEST: usize = 4;

/// So much of an answer is searched for members that hold a secret.
const SEARCHED: usize = 1024 * 1024;

/// The values of members that hold a secret, at any depth.
pub(crate) fn named_secrets(value: &Value) -> Vec<Secret> {
    let mut found = Vec::new();
    collect(value, false, &mut found);
    found
}

fn collect(value: &Value, secret: bool, found: &mut Vec<Secret>) {
    let mut keep = |text: &str| {
        if secret && text.trim().len() >= SHORTEST {
            found.push(Secret::new(text));
        }
    };
    match value {
        Value::String(text) => {
            keep(text);
            // An object that was written as a text.
            if text.contains('{') {
                found.extend(secrets_in(text).into_iter().map(Secret::new));
            }
        }
        Value::Number(number) => keep(&number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, secret, found)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            let named = SECRET_NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
            collect(value, secret || named, found);
        }),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The values of such members in the text of an answer, which may be cut or no JSON at all: PowerShell writes what is too deep for
/// its JSON as `@{copyField=value; ..}`.
fn secrets_in(answer: &str) -> Vec<String> {
    let lower = answer.to_ascii_lowercase();
    let mut found = Vec::new();
    for name in SECRET_NAMES {
        let name = name.to_ascii_lowercase();
        let mut from = 0;
        while let Some(at) = lower.get(from..).and_then(|rest| rest.find(&name)) {
            from += at + name.len();
            found.extend(answer.get(from..).map(values_after).unwrap_or_default());
        }
    }
    found.retain(|text| text.trim().len() >= SHORTEST);
    found
}

/// The texts of a member, from what stands behind its name.
fn values_after(rest: &str) -> Vec<String> {
    if let Some(value) = rest.strip_prefix('=') {
        let value = value.split([';', '}']).next().unwrap_or(value);
        return vec![value.trim().to_owned()];
    }
    // In JSON within JSON, quotes are escaped.
    let quote = if rest.starts_with('\\') { "\\\"" } else { "\"" };
    let Some(value) = rest.strip_prefix(quote).and_then(|rest| rest.trim_start().strip_prefix(':')) else {
        return Vec::new();
    };
    let value = value.trim_start();
    let Some(mut list) = value.strip_prefix('[') else {
        return value_at(value, quote).map(|(text, _)| vec![text]).unwrap_or_default();
    };
    let mut found = Vec::new();
    while let Some((text, rest)) = value_at(list.trim_start_matches([',', ' ', '\n', '\r', '\t']), quote) {
        found.push(text);
        list = rest;
    }
    found
}

/// The text or number that stands here, and what follows it.
fn value_at<'t>(value: &'t str, quote: &str) -> Option<(String, &'t str)> {
    let Some(text) = value.strip_prefix(quote) else {
        let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
        return value.get(..end).filter(|number| !number.is_empty()).map(|number| (number.to_owned(), ""));
    };
    let end = if quote == "\"" { closing(text) } else { text.find(quote) };
    let end = end.unwrap_or(text.len());
    let rest = text.get(end..).unwrap_or_default();
    Some((text.get(..end)?.to_owned(), rest.strip_prefix(quote).unwrap_or_default()))
}

/// Where a JSON string ends.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.find(|c| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    })
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
