//! Links into the book.

/// The page that explains errors, by symptom.
const ERRORS: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/src/errors.md");

/// The link to a place on that page.
pub fn to(anchor: &str) -> String {
    format!("{ERRORS}#{anchor}")
}
