//! Numbers that no Rust number holds.

use std::borrow::Cow;

/// The digits of the largest whole number that is read as a number. One more and it may become another number on the way.
const LONGEST: usize = 19;

/// The JSON with every number that is too large to be read exactly written as a text, digit for digit as it was sent; as it is where
/// there is none. Without this a whole number of twenty digits would become the nearest fraction in silence.
pub(crate) fn with_long_numbers_as_text(json: &str) -> Cow<'_, str> {
    if may_hold_long_number(json.as_bytes()) { with_large_numbers_as_text(json) } else { Cow::Borrowed(json) }
}

/// The same, and numbers such as `1e999` as well, which make the whole answer unreadable.
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

/// A quick look for whole numbers of twenty digits. Such a run covers a place whose number divides by nineteen, so only those are
/// looked at.
fn may_hold_long_number(json: &[u8]) -> bool {
    let digit = |at: &usize| json.get(*at).is_some_and(u8::is_ascii_digit);
    (0..json.len()).step_by(LONGEST).filter(digit).any(|at| {
        let before = (0..at).rev().take_while(|at| digit(at)).count();
        before + (at..json.len()).take_while(digit).count() > LONGEST
    })
}

/// A look for numbers such as `1e999`. What stands before the exponent tells it from the digits of an id.
pub(crate) fn may_hold_large_exponent(json: &[u8]) -> bool {
    let is_exponent = |at: usize| {
        let before = json.get(..at).unwrap_or_default();
        let start = before.iter().rposition(|byte| !is_of_number(*byte)).and_then(|start| before.get(start));
        before.last().is_some_and(u8::is_ascii_digit) && matches!(start, None | Some(b':' | b',' | b'[' | b' ' | b'\n'))
    };
    json.iter().enumerate().filter(|(_, byte)| matches!(byte, b'e' | b'E')).any(|(at, _)| is_exponent(at))
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

fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')
}

/// Whether a number is whole and beyond 64 bits, or beyond what a fraction can say. What is no number at all stays, and is told of
/// as broken JSON.
fn is_too_large(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.len() > LONGEST && number.parse::<i64>().is_err() && number.parse::<u64>().is_err();
    }
    digits.starts_with(|first: char| first.is_ascii_digit()) && number.parse::<f64>().is_ok_and(f64::is_infinite)
}
