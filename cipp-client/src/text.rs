//! Texts compared as the server compares them: capitals do not count.

/// Whether a text starts like this.
pub(crate) fn starts(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}
