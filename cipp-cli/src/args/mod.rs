//! From the words of the command line to what is to be done.
//!
//! The tree of commands is the catalogue. Building all of it for each run would be slow, so only the branch that the words name is
//! built whole; the rest is names and summaries.

mod many;
mod names;
mod options;
mod paging;
mod property;
mod tree;

pub use many::{Many, many_of};
pub use names::{Named, flag_of, kebab, named, suggest};
pub use options::{DryForm, Options, action_options, format_of};
pub use paging::{Paged, paged_of};
pub use property::value_of;
pub use tree::{Parsed, grown, parse, whole};

/// Whether the errors are to be JSON too, told from the words alone, because the words themselves may be the error.
pub fn wants_json(words: &[String]) -> bool {
    let after = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1));
    let chosen = ["-o", "--output"].into_iter().find_map(after).map(String::as_str);
    chosen == Some("json") || words.iter().any(|word| word == "--output=json" || word == "-ojson" || word == "-o=json")
}
