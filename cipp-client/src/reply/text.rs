//! From bytes to text.

use std::borrow::Cow;

/// The text, and whether parts of it had to be replaced.
pub(crate) fn text_of(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => from_utf8(rest),
        [0xff, 0xfe, rest @ ..] => from_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => from_utf16(rest, u16::from_be_bytes),
        bytes => from_utf8(bytes),
    }
}

fn from_utf8(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    // Checked first, because that is several times faster than looking for what to replace.
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (String::from_utf8_lossy(bytes), true),
    }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (Cow<'static, str>, bool) {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut replaced = !odd.is_empty();
    let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|character| {
            character.unwrap_or_else(|_| {
                replaced = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    (Cow::Owned(text), replaced)
}

/// The JSON with every escaped half of a surrogate pair that lacks the other half replaced; `None` where there is none. Windows
/// names may hold such halves, PowerShell writes them, and no Rust text can hold them.
pub(crate) fn without_lone_surrogates(json: &str) -> Option<String> {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    let mut changed = false;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let (taken, written) = match surrogate(escape) {
            Some(first @ 0xd800..=0xdbff) => match escape.get(6..).and_then(surrogate) {
                Some(0xdc00..=0xdfff) => (12, None),
                _ => (6, Some(first)),
            },
            Some(lone) => (6, Some(lone)),
            // Any other escape: the backslash and what it escapes.
            None => (1 + escape.chars().nth(1).map_or(0, char::len_utf8), None),
        };
        match written {
            Some(_) => {
                changed = true;
                out.push_str("\\ufffd");
            }
            None => out.push_str(escape.get(..taken).unwrap_or_default()),
        }
        rest = escape.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// The half of a surrogate pair that is escaped at the start of the text.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok().filter(|unit| (0xd800..=0xdfff).contains(unit))
}
