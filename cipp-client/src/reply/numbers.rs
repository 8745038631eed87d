//! Numbers that no Rust number holds.

use std::borrow::Cow;

/// The digits of the largest whole number that is read as a number. One more and it may become another number on the way.
pub(super) const LONGEST: usize = 19;

/// The JSON with every number that no Rust number holds written as a text, digit for digit as it was sent; as it is where there is
/// none. Without this a whole number of twenty digits would become the nearest fraction in silence, and a number such as `1e999`
/// would make the whole answer unreadable.
pub(crate) fn with_large_numbers_as_text(json: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(&byte) = json.as_bytes().get(at) {
        match byte {
            b'"' => at = after_string(json, at),
            b'-' | b'0'..=b'9' => {
                let length = json.as_bytes().iter().skip(at).take_while(|byte| is_of_number(**byte)).count();
                let number = json.get(at..at + length).unwrap_or_default();
                if is_too_large(number) {
                    out.push_str(json.get(copied..at).unwrap_or_default());
                    out.push('"');
                    out.push_str(number);
                    out.push('"');
                    copied = at + length;
                }
                at += length.max(1);
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(json.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where the string that begins here ends.
fn after_string(json: &str, start: usize) -> usize {
    let mut escaped = false;
    let inside = json.as_bytes().iter().skip(start + 1).take_while(|byte| {
        let ends = **byte == b'"' && !escaped;
        escaped = **byte == b'\\' && !escaped;
        !ends
    });
    start + inside.count() + 2
}

pub(super) fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')
}

/// Whether a number is whole and beyond 64 bits, or beyond what a fraction can say. What is no number at all stays, and is told of
/// as broken JSON.
pub(super) fn is_too_large(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.len() > LONGEST && number.parse::<i64>().is_err() && number.parse::<u64>().is_err();
    }
    digits.starts_with(|first: char| first.is_ascii_digit()) && number.parse::<f64>().is_ok_and(f64::is_infinite)
}
